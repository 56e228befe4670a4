-- What a view is to the own household, and the indexes of lists that a front end asks for at every
-- key press: each holds all that a list is filtered by, so that no row is read in vain.

ALTER TABLE view ADD COLUMN heard INTEGER NOT NULL DEFAULT 0;
ALTER TABLE view ADD COLUMN changed_ms INTEGER NOT NULL DEFAULT 0;
ALTER TABLE view ADD COLUMN active_ms INTEGER NOT NULL DEFAULT 0;
ALTER TABLE view ADD COLUMN mine INTEGER NOT NULL DEFAULT 0;
ALTER TABLE view ADD COLUMN unread INTEGER NOT NULL DEFAULT 0;

DROP INDEX view_kind;
CREATE INDEX view_kind ON view (kind, created_ms, id,
    hidden, about, state, until_ms, unread, mine, category, building, author);
CREATE INDEX view_kind_active ON view (kind, active_ms, id,
    hidden, about, state, until_ms, unread, mine, category, building, author);
CREATE INDEX view_active ON view (active_ms, id);
CREATE INDEX view_unread ON view (active_ms, id, unread, hidden, about, kind, created_ms, state)
    WHERE unread = 1;
CREATE INDEX view_mine ON view (active_ms, id, mine, hidden, about, kind, created_ms, state,
    until_ms, unread)
    WHERE mine = 1;
CREATE INDEX view_comments ON view (about, unread, heard, changed_ms) WHERE about IS NOT NULL;
CREATE INDEX view_counts ON view (kind, state, until_ms, unread, mine, hidden, about)
    WHERE hidden = 0 AND about IS NULL;

-- What documents ask of the own household.
CREATE TABLE waiting (
    document     INTEGER NOT NULL REFERENCES document (number),
    why          TEXT NOT NULL,
    rank         INTEGER NOT NULL,
    from_ms      INTEGER,
    until_ms     INTEGER,
    while_unread INTEGER NOT NULL,
    PRIMARY KEY (document, why)
) STRICT, WITHOUT ROWID;

-- When devices were last in step with this one.
CREATE TABLE synced (
    device    BLOB PRIMARY KEY,
    synced_ms INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- Order of arrival up to which a document and the comments about it were read.
ALTER TABLE reading_mark ADD COLUMN through INTEGER NOT NULL DEFAULT 0;
