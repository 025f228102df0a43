-- The journal on PostgreSQL: a schema of its own in the one database, written by the receiver alone.
-- Rows are only ever added; retention deletes old ones. No foreign keys: one writer keeps the order, and a check a row costs.
CREATE SCHEMA IF NOT EXISTS journal;

CREATE TABLE journal.journal_batch (
    id bigint NOT NULL PRIMARY KEY,
    committed_at timestamp with time zone NOT NULL,
    frame_count integer NOT NULL,
    signal_count integer NOT NULL,
    root bytea NOT NULL
);

CREATE TABLE journal.journal_frame (
    id bigint NOT NULL PRIMARY KEY,
    batch_id bigint NOT NULL,
    received_at timestamp with time zone NOT NULL,
    stored_at timestamp with time zone NOT NULL,
    device_at timestamp with time zone,
    listener text NOT NULL DEFAULT '',
    transport text NOT NULL DEFAULT '',
    peer text NOT NULL DEFAULT '',
    kind text NOT NULL DEFAULT '',
    raw bytea NOT NULL,
    token text NOT NULL DEFAULT '',
    account text NOT NULL DEFAULT '',
    receiver text NOT NULL DEFAULT '',
    line text NOT NULL DEFAULT '',
    sequence text NOT NULL DEFAULT '',
    reading jsonb NOT NULL DEFAULT '{}',
    reason text NOT NULL DEFAULT '',
    answer bytea,
    repeat_key bytea,
    repeat_of bigint,
    event_count integer NOT NULL DEFAULT 0,
    digest bytea NOT NULL
);
-- Only a first frame can be repeated: repeats stay out, so a flood of them does not slow the lookup.
CREATE INDEX journal_frame_first ON journal.journal_frame (repeat_key) WHERE repeat_key IS NOT NULL AND repeat_of IS NULL;
CREATE INDEX journal_frame_repeats ON journal.journal_frame (repeat_of) WHERE repeat_of IS NOT NULL;
CREATE INDEX journal_frame_received ON journal.journal_frame (received_at);
CREATE INDEX journal_frame_batch ON journal.journal_frame (batch_id);
CREATE INDEX journal_frame_account ON journal.journal_frame (account, id);
CREATE INDEX journal_frame_odd ON journal.journal_frame (id) WHERE kind IN ('unreadable', 'unsupported');

CREATE TABLE journal.journal_signal (
    id bigint NOT NULL PRIMARY KEY,
    frame_id bigint NOT NULL,
    ordinal integer NOT NULL,
    received_at timestamp with time zone NOT NULL,
    listener text NOT NULL DEFAULT '',
    account text NOT NULL DEFAULT '',
    scheme text NOT NULL DEFAULT '',
    code text NOT NULL DEFAULT '',
    qualifier text NOT NULL DEFAULT '',
    event_class text NOT NULL DEFAULT '',
    grade smallint NOT NULL,
    phase text NOT NULL DEFAULT '',
    address_kind text NOT NULL DEFAULT '',
    area text NOT NULL DEFAULT '',
    address text NOT NULL DEFAULT '',
    text text NOT NULL DEFAULT '',
    known boolean NOT NULL
);
CREATE INDEX journal_signal_account ON journal.journal_signal (account, id);
CREATE INDEX journal_signal_frame ON journal.journal_signal (frame_id);
CREATE INDEX journal_signal_received ON journal.journal_signal (received_at);

CREATE TABLE journal.journal_line_day (
    listener text NOT NULL,
    account text NOT NULL,
    transport text NOT NULL,
    day date NOT NULL,
    first_seen_at timestamp with time zone NOT NULL,
    last_seen_at timestamp with time zone NOT NULL,
    heartbeat_count integer NOT NULL DEFAULT 0,
    longest_gap_s integer NOT NULL DEFAULT 0,
    PRIMARY KEY (listener, account, transport, day)
);
