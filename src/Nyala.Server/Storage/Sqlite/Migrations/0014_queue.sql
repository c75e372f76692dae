-- The queue is a table of its own: one small row for each pending delivery, in the order in which a lane reads them. The rows of deliveries then change
-- without changing an index, except when one fails. Before, each delivery was added to two partial indexes and removed again.
CREATE TABLE queue (
    hook     INTEGER NOT NULL,
    due      INTEGER NOT NULL,
    delivery INTEGER NOT NULL,
    PRIMARY KEY (hook, due, delivery)
) STRICT, WITHOUT ROWID;

INSERT INTO queue (hook, due, delivery) SELECT hook, due, id FROM deliveries WHERE state = 0;
DROP INDEX deliveries_pending;
DROP INDEX deliveries_open;
CREATE INDEX deliveries_undone_anywhere ON deliveries (state, id) WHERE state IN (2, 3);

-- The deliveries of an event have consecutive ids, so that no index leads from an event to them. Older ones keep an index; they have no place.
ALTER TABLE events ADD COLUMN first_delivery INTEGER;
ALTER TABLE events ADD COLUMN last_delivery INTEGER;
ALTER TABLE deliveries ADD COLUMN place INTEGER; -- within the event, from 1
DROP INDEX deliveries_of_event;
CREATE INDEX deliveries_of_event ON deliveries (event) WHERE place IS NULL;

-- A first attempt that succeeds, as nearly all do, is recorded with its delivery. `attempts` holds all others.
ALTER TABLE deliveries ADD COLUMN started INTEGER;
ALTER TABLE deliveries ADD COLUMN duration INTEGER;
ALTER TABLE deliveries ADD COLUMN status INTEGER;
ALTER TABLE deliveries ADD COLUMN answer BLOB;
ALTER TABLE deliveries ADD COLUMN request TEXT;
ALTER TABLE deliveries ADD COLUMN answer_headers TEXT;
ALTER TABLE deliveries ADD COLUMN dns INTEGER;
ALTER TABLE deliveries ADD COLUMN connect INTEGER;
ALTER TABLE deliveries ADD COLUMN tls INTEGER;
ALTER TABLE deliveries ADD COLUMN first_byte INTEGER;

-- Keeps space for that attempt while the delivery is pending. A row that outgrows its page makes SQLite move rows to other pages.
ALTER TABLE deliveries ADD COLUMN room BLOB;
