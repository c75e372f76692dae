-- The format in which a hook receives events. NULL is Kudu's, in which all hooks received them before.
ALTER TABLE hooks ADD COLUMN format TEXT;
