-- The method, path and headers of what a delivery sends, as JSON, if its format sets them.
ALTER TABLE rendered ADD COLUMN form TEXT;
-- What a hook sets for its format, as encrypted JSON.
ALTER TABLE hooks ADD COLUMN format_settings TEXT;
-- The number of log lines, 0 for none. It was NULL for the default of the format.
UPDATE hooks SET log_lines = CASE WHEN format IS NULL THEN 0 ELSE 15 END WHERE log_lines IS NULL;
