-- What a hook asks for, and how it fares.
ALTER TABLE hooks ADD COLUMN description TEXT NOT NULL DEFAULT '';
ALTER TABLE hooks ADD COLUMN filter TEXT;             -- JSON; null hears everything
ALTER TABLE hooks ADD COLUMN ordered INTEGER NOT NULL DEFAULT 0 CHECK (ordered IN (0, 1));
ALTER TABLE hooks ADD COLUMN rate INTEGER CHECK (rate > 0); -- attempts in a minute
ALTER TABLE hooks ADD COLUMN headers TEXT;            -- encrypted JSON
ALTER TABLE hooks ADD COLUMN authority TEXT;          -- PEM
ALTER TABLE hooks ADD COLUMN client_certificate TEXT; -- encrypted PEM
ALTER TABLE hooks ADD COLUMN old_secret TEXT;         -- encrypted
ALTER TABLE hooks ADD COLUMN old_until INTEGER CHECK ((old_secret IS NULL) = (old_until IS NULL));
ALTER TABLE hooks ADD COLUMN state_reason TEXT;
ALTER TABLE hooks ADD COLUMN state_since INTEGER;
ALTER TABLE hooks ADD COLUMN failures INTEGER NOT NULL DEFAULT 0;
ALTER TABLE hooks ADD COLUMN failing_since INTEGER CHECK ((failures = 0) = (failing_since IS NULL));
ALTER TABLE hooks ADD COLUMN held_until INTEGER;
ALTER TABLE hooks ADD COLUMN probes INTEGER NOT NULL DEFAULT 0;
CREATE INDEX hooks_gone ON hooks (state_since) WHERE state = 3;

-- What an event is about, so that it can be found, traced and kept from going round.
ALTER TABLE events ADD COLUMN deployment TEXT;
ALTER TABLE events ADD COLUMN trace TEXT;
ALTER TABLE events ADD COLUMN chain INTEGER NOT NULL DEFAULT 0;
CREATE INDEX events_of_deployment ON events (deployment, id) WHERE deployment IS NOT NULL;
CREATE INDEX events_of_type ON events (type COLLATE NOCASE, id);

-- Whether a deployment broke its site, or mended it, is seen from the one that ended before.
CREATE INDEX runs_ended ON runs (site, ended, id) WHERE ended IS NOT NULL;

-- A redelivery begins a delivery anew: its earlier attempts stay in the record and count no more.
ALTER TABLE deliveries ADD COLUMN earlier INTEGER NOT NULL DEFAULT 0; -- attempts before it was begun anew
ALTER TABLE deliveries ADD COLUMN begun INTEGER NOT NULL DEFAULT 0;
UPDATE deliveries SET begun = created;
ALTER TABLE deliveries ADD COLUMN reason TEXT; -- why it ended, where no attempt says it
CREATE INDEX deliveries_of_event ON deliveries (event);
CREATE INDEX deliveries_undone ON deliveries (hook, id) WHERE state IN (2, 3);
CREATE INDEX deliveries_undone_anywhere ON deliveries (id) WHERE state IN (2, 3);

ALTER TABLE attempts ADD COLUMN request TEXT;        -- headers as sent, secrets masked
ALTER TABLE attempts ADD COLUMN answer_headers TEXT;
ALTER TABLE attempts ADD COLUMN dns INTEGER;
ALTER TABLE attempts ADD COLUMN connect INTEGER;
ALTER TABLE attempts ADD COLUMN tls INTEGER;
ALTER TABLE attempts ADD COLUMN first_byte INTEGER;

-- Redeliveries of many at once, which a restart must not lose.
CREATE TABLE redeliveries (
    id      INTEGER PRIMARY KEY,
    hook    INTEGER NOT NULL,
    state   INTEGER NOT NULL CHECK (state BETWEEN 1 AND 3), -- which deliveries: delivered, failed, gone
    since   INTEGER NOT NULL,
    until   INTEGER NOT NULL,
    cursor  INTEGER NOT NULL, -- the last delivery looked at
    done    INTEGER NOT NULL DEFAULT 0,
    created INTEGER NOT NULL,
    ended   INTEGER,
    reason  TEXT              -- why it ended before its end
) STRICT;

CREATE UNIQUE INDEX redeliveries_open ON redeliveries (hook) WHERE ended IS NULL;
CREATE INDEX redeliveries_of_hook ON redeliveries (hook, id);

-- Publishes that named themselves, so that a repeated one is accepted once.
CREATE TABLE publications (
    site    TEXT    NOT NULL COLLATE NOCASE,
    key     TEXT    NOT NULL,
    digest  BLOB    NOT NULL, -- of the type and the body
    event   INTEGER NOT NULL,
    created INTEGER NOT NULL,
    PRIMARY KEY (site, key)
) STRICT, WITHOUT ROWID;

CREATE INDEX publications_by_age ON publications (created);
