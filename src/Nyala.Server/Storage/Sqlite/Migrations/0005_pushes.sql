-- Push hooks that were accepted, so that one that is delivered again is accepted once.
CREATE TABLE pushes (
    site       TEXT    NOT NULL COLLATE NOCASE,
    delivery   TEXT    NOT NULL, -- the id that its sender gave it
    commit_id  TEXT    NOT NULL,
    deployment TEXT    NOT NULL, -- what came of it
    run        INTEGER NOT NULL, -- the deployment's run, counted from 1
    received   INTEGER NOT NULL,
    PRIMARY KEY (site, delivery)
) STRICT, WITHOUT ROWID;

CREATE INDEX pushes_by_age ON pushes (site, received);
CREATE INDEX pushes_of_deployment ON pushes (site, deployment);

-- Where branches of repositories elsewhere were when they were fetched: a branch that was moved back is told by it from one that is behind what was pushed here.
CREATE TABLE fetched_tips (
    site      TEXT    NOT NULL COLLATE NOCASE,
    branch    TEXT    NOT NULL,
    commit_id TEXT    NOT NULL,
    seen      INTEGER NOT NULL, -- the last time
    PRIMARY KEY (site, branch, commit_id)
) STRICT, WITHOUT ROWID;

CREATE INDEX fetched_tips_newest ON fetched_tips (site, branch, seen);
