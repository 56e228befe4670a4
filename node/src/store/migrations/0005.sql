-- Receipts: the newest of each device for each log, and how far those of each peer were taken.

CREATE TABLE receipt (
    number  INTEGER PRIMARY KEY,
    log     BLOB NOT NULL,
    device  BLOB NOT NULL,
    sum     INTEGER NOT NULL,
    receipt BLOB NOT NULL
) STRICT;
CREATE UNIQUE INDEX receipt_place ON receipt (log, device);

CREATE TABLE receipt_cursor (
    peer   BLOB PRIMARY KEY,
    number INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
