-- One row for each key that secrets are encrypted with: a known text under that key, so that a start without it is refused.
CREATE TABLE seals (
    key    TEXT NOT NULL PRIMARY KEY, -- its id
    sealed TEXT NOT NULL
) STRICT, WITHOUT ROWID;

-- The mark of the server that has the file open, which is the file's schema version then; null once it was closed in order. A copy that
-- SQLite makes (.backup, VACUUM INTO) has another schema version, a plain copy of the file the same.
CREATE TABLE opened (
    one  INTEGER PRIMARY KEY CHECK (one = 1),
    mark INTEGER
) STRICT;

INSERT INTO opened (one) VALUES (1);
