-- The read model: what lists and searches show. All of it can be rebuilt from the entries.

CREATE TABLE view (
    document   INTEGER PRIMARY KEY REFERENCES document (number),
    id         BLOB NOT NULL,
    kind       INTEGER NOT NULL,
    created_ms INTEGER NOT NULL,
    updated_ms INTEGER NOT NULL,
    until_ms   INTEGER,
    author     BLOB,
    about      BLOB,
    building   TEXT,
    category   TEXT,
    state      TEXT NOT NULL,
    hidden     INTEGER NOT NULL,
    title      TEXT NOT NULL,
    digest     BLOB NOT NULL,
    json       TEXT NOT NULL
) STRICT;
CREATE UNIQUE INDEX view_digest ON view (id, digest);
CREATE INDEX view_newest ON view (created_ms, id);
CREATE INDEX view_kind ON view (kind, created_ms, id);
CREATE INDEX view_about ON view (about, created_ms, id) WHERE about IS NOT NULL;

CREATE TABLE dirty (
    mark     INTEGER PRIMARY KEY,
    document INTEGER NOT NULL UNIQUE REFERENCES document (number)
) STRICT;

-- What the search index lacks: the index is slower than the views.
CREATE TABLE unindexed (
    document INTEGER PRIMARY KEY REFERENCES document (number),
    tokens   TEXT NOT NULL
) STRICT;

-- Words are cut before they get here, so the tokenizer only has to split at spaces.
CREATE VIRTUAL TABLE search USING fts5 (
    title, body, content = '', contentless_delete = 1, tokenize = 'ascii'
);
