-- Runs that were removed, whose log lines are deleted piece by piece: a log may have more than a hundred thousand.
CREATE TABLE removed_logs (run INTEGER PRIMARY KEY) STRICT;
