-- What is left out of view, in bits of the column `hidden`: 1 stands aside, 2 is hidden by
-- moderation, 4 was written by somebody whom the own household blocks. Where a document was created
-- says whether a mute reaches it.

ALTER TABLE view ADD COLUMN hideable INTEGER NOT NULL DEFAULT 0;
ALTER TABLE view ADD COLUMN device BLOB;
ALTER TABLE view ADD COLUMN seq INTEGER NOT NULL DEFAULT 0;

DROP INDEX view_digest;
CREATE UNIQUE INDEX view_digest ON view (id, digest, hidden);
CREATE INDEX view_author ON view (author);
DROP INDEX view_comments;
CREATE INDEX view_comments ON view (about, unread, hidden, heard, changed_ms)
    WHERE about IS NOT NULL;

-- Acts of moderation that stand: the document that is hidden, or none for a mute.
CREATE TABLE hiding (
    document INTEGER PRIMARY KEY REFERENCES document (number),
    about    BLOB,
    member   BLOB NOT NULL
) STRICT;
CREATE INDEX hiding_member ON hiding (member);

-- How far each log of a muted member is spared.
CREATE TABLE spared (
    document INTEGER NOT NULL REFERENCES document (number),
    device   BLOB NOT NULL,
    seq      INTEGER NOT NULL,
    PRIMARY KEY (document, device)
) STRICT, WITHOUT ROWID;

-- Whom the own household blocks. Nobody else learns of it.
CREATE TABLE blocked (
    member BLOB PRIMARY KEY
) STRICT, WITHOUT ROWID;
