-- Entries whose payloads are not held, as after a retirement or from somebody who had dropped them.

CREATE INDEX entry_lacking ON entry (document) WHERE payload IS NULL AND document IS NOT NULL;
