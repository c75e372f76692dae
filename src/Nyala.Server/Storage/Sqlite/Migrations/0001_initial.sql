-- Times are UTC ticks of 100 ns since 0001-01-01, since Kudu's times carry seven fraction digits.
-- Ids are time-ordered 63-bit numbers, so that the tables grow at their end.

CREATE TABLE sites (
    name    TEXT    NOT NULL PRIMARY KEY COLLATE NOCASE,
    created INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE hooks (
    id           INTEGER PRIMARY KEY,
    site         TEXT    NOT NULL COLLATE NOCASE, -- '' is the root
    event        TEXT    NOT NULL COLLATE NOCASE,
    url          TEXT    NOT NULL COLLATE NOCASE,
    user_info    TEXT,                            -- encrypted
    insecure_ssl INTEGER NOT NULL CHECK (insecure_ssl IN (0, 1)),
    secret       TEXT    NOT NULL,                -- encrypted
    state        INTEGER NOT NULL CHECK (state BETWEEN 0 AND 3), -- active, paused, disabled, gone
    epoch        INTEGER NOT NULL DEFAULT 0,
    created      INTEGER NOT NULL,
    last_status  TEXT,
    last_reason  TEXT,
    last_time    INTEGER,
    last_event   INTEGER,
    UNIQUE (site, url),
    CHECK ((last_status IS NULL) = (last_time IS NULL))
) STRICT;

CREATE INDEX hooks_by_event ON hooks (event, site);

CREATE TABLE runs (
    id           INTEGER PRIMARY KEY,
    site         TEXT    NOT NULL COLLATE NOCASE,
    deployment   TEXT    NOT NULL,
    number       INTEGER NOT NULL CHECK (number > 0),
    run_key      TEXT,
    latest       INTEGER NOT NULL CHECK (latest IN (0, 1)),
    status       INTEGER NOT NULL CHECK (status BETWEEN 0 AND 4), -- pending, building, deploying, failed, success
    status_text  TEXT    NOT NULL,
    author_email TEXT    NOT NULL,
    author       TEXT    NOT NULL,
    deployer     TEXT    NOT NULL,
    message      TEXT    NOT NULL,
    progress     TEXT    NOT NULL,
    branch       TEXT,
    received     INTEGER NOT NULL,
    started      INTEGER NOT NULL,
    ended        INTEGER,
    last_success INTEGER,
    active       INTEGER NOT NULL CHECK (active IN (0, 1)),
    heard        INTEGER NOT NULL,
    silent_after INTEGER NOT NULL,
    given_up     INTEGER NOT NULL CHECK (given_up IN (0, 1)),
    log_bytes    INTEGER NOT NULL DEFAULT 0,
    log_last     INTEGER NOT NULL DEFAULT 0,
    log_head     INTEGER NOT NULL DEFAULT 0,
    log_dropped  INTEGER NOT NULL DEFAULT 0,
    UNIQUE (site, deployment, number),
    CHECK ((status >= 3) = (ended IS NOT NULL)),
    CHECK (active = 0 OR status = 4)
) STRICT;

CREATE UNIQUE INDEX runs_by_key ON runs (site, deployment, run_key) WHERE run_key IS NOT NULL;
CREATE UNIQUE INDEX runs_latest ON runs (site, deployment) WHERE latest = 1;
CREATE INDEX runs_by_name ON runs (deployment) WHERE latest = 1;
CREATE INDEX runs_received ON runs (received) WHERE latest = 1;
CREATE INDEX runs_received_at_site ON runs (site, received) WHERE latest = 1;
CREATE INDEX runs_unfinished ON runs (received) WHERE ended IS NULL;
CREATE INDEX runs_succeeded ON runs (site, ended) WHERE status = 4;
CREATE UNIQUE INDEX runs_active ON runs (site) WHERE active = 1;

CREATE TABLE log (
    run     INTEGER NOT NULL,
    seq     INTEGER NOT NULL,
    parent  INTEGER NOT NULL,
    time    INTEGER NOT NULL,
    type    INTEGER NOT NULL CHECK (type BETWEEN 0 AND 2), -- message, warning, error
    message TEXT    NOT NULL,
    PRIMARY KEY (run, seq)
) STRICT, WITHOUT ROWID;

CREATE INDEX log_details ON log (run, parent) WHERE parent > 0;

CREATE TABLE events (
    id      INTEGER PRIMARY KEY,
    type    TEXT    NOT NULL,
    site    TEXT    NOT NULL,
    body    BLOB    NOT NULL,
    created INTEGER NOT NULL
) STRICT;

CREATE TABLE deliveries (
    id       INTEGER PRIMARY KEY,
    event    INTEGER NOT NULL,
    hook     INTEGER NOT NULL,
    state    INTEGER NOT NULL CHECK (state BETWEEN 0 AND 3), -- pending, delivered, failed, gone
    attempts INTEGER NOT NULL, -- that spent the receiver's budget
    free     INTEGER NOT NULL, -- that did not: the fault was ours
    due      INTEGER NOT NULL,
    created  INTEGER NOT NULL
) STRICT;

-- The queue: small however many deliveries are done.
CREATE INDEX deliveries_pending ON deliveries (hook, due, id) WHERE state = 0;
CREATE INDEX deliveries_of_hook ON deliveries (hook, id);

CREATE TABLE attempts (
    delivery INTEGER NOT NULL,
    number   INTEGER NOT NULL,
    started  INTEGER NOT NULL,
    duration INTEGER NOT NULL,
    status   INTEGER,
    reason   TEXT,
    answer   BLOB,
    PRIMARY KEY (delivery, number)
) STRICT, WITHOUT ROWID;
