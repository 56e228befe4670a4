-- Logs and their entries. The columns are described in docs/STORE.md.

CREATE TABLE property (
    key   TEXT PRIMARY KEY,
    value BLOB NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE standpoint (
    number INTEGER PRIMARY KEY,
    digest INTEGER NOT NULL,
    ids    BLOB NOT NULL
) STRICT;
CREATE INDEX standpoint_digest ON standpoint (digest);

CREATE TABLE document (
    number INTEGER PRIMARY KEY,
    id     BLOB NOT NULL UNIQUE
) STRICT;

CREATE TABLE log (
    number     INTEGER PRIMARY KEY,
    device     BLOB NOT NULL,
    member     BLOB,
    base_log   INTEGER REFERENCES log (number) DEFERRABLE INITIALLY DEFERRED,
    base_seq   INTEGER,
    head_seq   INTEGER NOT NULL,
    head       BLOB NOT NULL,
    track      BLOB NOT NULL,
    sum        INTEGER NOT NULL
) STRICT;

CREATE TABLE entry (
    arrival    INTEGER PRIMARY KEY,
    log        INTEGER NOT NULL REFERENCES log (number),
    seq        INTEGER NOT NULL,
    name       INTEGER NOT NULL,
    name_rest  BLOB NOT NULL,
    time_ms    INTEGER NOT NULL,
    subject    INTEGER NOT NULL,
    document   INTEGER REFERENCES document (number),
    standpoint INTEGER REFERENCES standpoint (number),
    sum        INTEGER NOT NULL,
    fields     BLOB NOT NULL,
    entered    BLOB,
    signature  BLOB,
    payload    BLOB
) STRICT;
CREATE UNIQUE INDEX entry_place ON entry (log, seq);
CREATE INDEX entry_name ON entry (name);
CREATE INDEX entry_document ON entry (document) WHERE document IS NOT NULL;
CREATE INDEX entry_roster ON entry (arrival) WHERE subject <= 1;

CREATE TABLE fork_proof (
    number INTEGER PRIMARY KEY,
    sum    INTEGER NOT NULL,
    proof  BLOB NOT NULL
) STRICT;
