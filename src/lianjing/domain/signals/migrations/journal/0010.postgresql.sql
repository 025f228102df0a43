-- What became of supervised lines, in its order: lost, heard again, no longer watched.
CREATE TABLE journal.journal_line_event (
    id bigint NOT NULL PRIMARY KEY,
    path_id bigint NOT NULL,
    listener text NOT NULL DEFAULT '',
    account text NOT NULL DEFAULT '',
    transport text NOT NULL DEFAULT '',
    kind text NOT NULL,
    at timestamp with time zone NOT NULL,
    last_heard_at timestamp with time zone,
    -- A loss that nothing has ended yet: what a receiver takes up when it starts.
    standing boolean NOT NULL
);
-- The receiver may send one again whose fate it does not know.
CREATE UNIQUE INDEX journal_line_event_once ON journal.journal_line_event (path_id, at, kind);
CREATE INDEX journal_line_event_standing ON journal.journal_line_event (path_id) WHERE standing;
