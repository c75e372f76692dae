-- A ping is sent once: it is in the record, and no redelivery begins it anew.
ALTER TABLE deliveries ADD COLUMN ping INTEGER NOT NULL DEFAULT 0 CHECK (ping IN (0, 1));
