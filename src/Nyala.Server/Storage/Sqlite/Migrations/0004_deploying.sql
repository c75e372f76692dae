-- What a site is deployed with. It exists once a hook or a report named it; `declared` are those that somebody set up.
ALTER TABLE sites ADD COLUMN declared INTEGER NOT NULL DEFAULT 0 CHECK (declared IN (0, 1));
ALTER TABLE sites ADD COLUMN branch TEXT NOT NULL DEFAULT 'main';
ALTER TABLE sites ADD COLUMN command TEXT; -- null: what the source asks for
ALTER TABLE sites ADD COLUMN keep INTEGER NOT NULL DEFAULT 5 CHECK (keep BETWEEN 1 AND 100);
ALTER TABLE sites ADD COLUMN host TEXT;    -- null: the server's own

-- What a site's command gets as its environment.
CREATE TABLE site_settings (
    site  TEXT NOT NULL COLLATE NOCASE,
    name  TEXT NOT NULL COLLATE NOCASE,
    value TEXT NOT NULL, -- encrypted
    UNIQUE (site, name)
) STRICT;

-- Runs that the server performs itself, rather than being told of them.
ALTER TABLE runs ADD COLUMN performed INTEGER NOT NULL DEFAULT 0 CHECK (performed IN (0, 1));
CREATE INDEX runs_performing ON runs (site) WHERE performed = 1 AND ended IS NULL;
