-- Each list and each filter of the API reads an index in the order of its answer, so that a page costs the same however much the tables hold.

-- What is pending, failed or gone, each newest first. Of the deliveries that went well, which are nearly all, it holds none.
CREATE INDEX deliveries_open ON deliveries (state, id) WHERE state <> 1;
DROP INDEX deliveries_undone_anywhere;

CREATE INDEX events_of_site ON events (site COLLATE NOCASE, id);

CREATE INDEX hooks_of_site ON hooks (site, id);
CREATE INDEX hooks_of_state ON hooks (state, id);
CREATE INDEX hooks_of_state_at_site ON hooks (site, state, id);

-- The deployment that ended last is asked for by clients that poll.
CREATE INDEX runs_unfinished_at_site ON runs (site, received) WHERE ended IS NULL;
CREATE INDEX runs_last_ended ON runs (ended) WHERE latest = 1 AND ended IS NOT NULL;
CREATE INDEX runs_last_ended_at_site ON runs (site, ended) WHERE latest = 1 AND ended IS NOT NULL;
CREATE INDEX runs_of_deployer ON runs (deployer, received) WHERE latest = 1;
CREATE INDEX runs_of_deployer_at_site ON runs (site, deployer, received) WHERE latest = 1;
CREATE INDEX runs_performed ON runs (site, ended) WHERE performed = 1 AND status = 4;

CREATE INDEX audit_of_action ON audit (action, id);
CREATE INDEX audit_of_target ON audit (target, id);

CREATE INDEX redeliveries_running ON redeliveries (id) WHERE ended IS NULL;
CREATE INDEX redeliveries_ended ON redeliveries (ended) WHERE ended IS NOT NULL;
