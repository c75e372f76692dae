CREATE TABLE tokens (
    id        INTEGER PRIMARY KEY,
    name      TEXT    NOT NULL,
    hash      BLOB    NOT NULL UNIQUE CHECK (length(hash) = 32), -- SHA-256
    scopes    INTEGER NOT NULL CHECK (scopes BETWEEN 1 AND 15),  -- read 1, deploy 2, hooks 4, admin 8
    site      TEXT    COLLATE NOCASE,                            -- null is every site
    created   INTEGER NOT NULL,
    expires   INTEGER,
    last_used INTEGER,
    CHECK (site IS NULL OR scopes < 8)                           -- admin is the whole server's
) STRICT;

CREATE TABLE audit (
    id      INTEGER PRIMARY KEY,
    time    INTEGER NOT NULL,
    token   INTEGER,          -- null is the data folder's admin token, or the server itself
    actor   TEXT    NOT NULL, -- the token's name then: the token may be gone
    address TEXT,
    action  TEXT    NOT NULL,
    target  TEXT    NOT NULL,
    site    TEXT    COLLATE NOCASE,
    details TEXT    NOT NULL CHECK (json_valid(details))
) STRICT;
