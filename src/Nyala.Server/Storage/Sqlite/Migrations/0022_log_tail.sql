-- The last lines of a deployment's log, as a JSON array of strings, if a hook that receives the event asks for them. Every attempt sends the same lines, however
-- the log grows afterwards.
ALTER TABLE events ADD COLUMN log_tail TEXT;
ALTER TABLE hooks ADD COLUMN log_lines INTEGER;
