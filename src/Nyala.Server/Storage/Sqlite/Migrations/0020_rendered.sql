-- What a delivery sends, if its format does not send the event's own body. It is written with the first attempt, so that every attempt sends the same bytes.
CREATE TABLE rendered (
    delivery     INTEGER PRIMARY KEY,
    content_type TEXT NOT NULL,
    body         BLOB NOT NULL
) STRICT;
