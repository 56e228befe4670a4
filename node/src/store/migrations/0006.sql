-- Bytes that each log's or branch's own entries count for (rule R12), dropped payloads included.
-- What is stored already counts for what it takes at least; names in lists are not counted again.

ALTER TABLE log ADD COLUMN bytes INTEGER NOT NULL DEFAULT 0;
UPDATE log SET bytes = (
    SELECT coalesce(sum(256 + coalesce(length(payload), 0)), 0) FROM entry WHERE entry.log = log.number
);
