-- Lists of every run, also of those that are not their deployment's newest.
CREATE INDEX runs_all_received ON runs (received, id);
CREATE INDEX runs_all_received_at_site ON runs (site, received, id);

-- The tokens of a site go with it.
CREATE INDEX tokens_of_site ON tokens (site, id) WHERE site IS NOT NULL;
