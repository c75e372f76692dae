-- Lists of every run, also of those that are not their deployment's newest.
CREATE INDEX runs_all_received ON runs (received, id);
CREATE INDEX runs_all_received_at_site ON runs (site, received, id);
