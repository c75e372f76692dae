-- The table holds idempotency keys; "publication" means something else in the code.
ALTER TABLE publications RENAME TO idempotency_keys;
DROP INDEX publications_by_age;
CREATE INDEX idempotency_keys_by_age ON idempotency_keys (created);
