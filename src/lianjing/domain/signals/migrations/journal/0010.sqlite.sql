-- What became of supervised lines, in its order: lost, heard again, no longer watched.
CREATE TABLE journal_line_event (
    id integer NOT NULL PRIMARY KEY,
    path_id bigint NOT NULL,
    listener text NOT NULL DEFAULT '',
    account text NOT NULL DEFAULT '',
    transport text NOT NULL DEFAULT '',
    kind text NOT NULL,
    at datetime NOT NULL,
    last_heard_at datetime,
    -- A loss that nothing has ended yet: what a receiver takes up when it starts.
    standing bool NOT NULL
);
-- The receiver may send one again whose fate it does not know.
CREATE UNIQUE INDEX journal_line_event_once ON journal_line_event (path_id, at, kind);
CREATE INDEX journal_line_event_standing ON journal_line_event (path_id) WHERE standing;
