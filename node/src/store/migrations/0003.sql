-- What belongs to this node alone and can not be rebuilt from entries.

CREATE TABLE peer (
    address  TEXT PRIMARY KEY,
    device   BLOB,
    seen_ms  INTEGER NOT NULL,
    failures INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE invitation (
    id         BLOB PRIMARY KEY,
    uses       INTEGER NOT NULL,
    used       INTEGER NOT NULL,
    expires_ms INTEGER NOT NULL,
    role       TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE draft (
    id         TEXT PRIMARY KEY,
    changed_ms INTEGER NOT NULL,
    json       TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE setting (
    key   TEXT PRIMARY KEY,
    value BLOB NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE reading_mark (
    document BLOB PRIMARY KEY,
    read_ms  INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE imported (
    key      BLOB PRIMARY KEY,
    document BLOB NOT NULL
) STRICT, WITHOUT ROWID;
