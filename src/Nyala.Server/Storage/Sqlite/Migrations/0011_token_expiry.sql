-- How many days before its end the owner of a token was last warned.
ALTER TABLE tokens ADD COLUMN warned INTEGER;

CREATE INDEX tokens_expiring ON tokens (expires, id) WHERE expires IS NOT NULL;
