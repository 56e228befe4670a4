-- A search that finds much walks through all views in order of creation; this holds what it is
-- filtered by, so that only rows that are shown are read.

DROP INDEX view_newest;
CREATE INDEX view_newest ON view (created_ms, id, hidden, kind, about);
