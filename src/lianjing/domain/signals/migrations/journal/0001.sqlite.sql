-- The journal on SQLite: its own file, written by the receiver alone. Run once, in a fresh or empty file.
-- Rows are only ever added; retention deletes old ones. No foreign keys: one writer keeps the order, and a check a row costs.
PRAGMA journal_mode = WAL;

CREATE TABLE journal_batch (
    id bigint NOT NULL PRIMARY KEY,
    committed_at datetime NOT NULL,
    frame_count integer NOT NULL,
    signal_count integer NOT NULL,
    root blob NOT NULL
) WITHOUT ROWID;

CREATE TABLE journal_frame (
    id integer NOT NULL PRIMARY KEY,
    batch_id bigint NOT NULL,
    received_at datetime NOT NULL,
    stored_at datetime NOT NULL,
    device_at datetime,
    listener text NOT NULL DEFAULT '',
    transport text NOT NULL DEFAULT '',
    peer text NOT NULL DEFAULT '',
    kind text NOT NULL DEFAULT '',
    raw blob NOT NULL,
    token text NOT NULL DEFAULT '',
    account text NOT NULL DEFAULT '',
    receiver text NOT NULL DEFAULT '',
    line text NOT NULL DEFAULT '',
    sequence text NOT NULL DEFAULT '',
    reading text NOT NULL DEFAULT '{}',
    reason text NOT NULL DEFAULT '',
    answer blob,
    repeat_key blob,
    repeat_of bigint,
    event_count integer NOT NULL DEFAULT 0,
    digest blob NOT NULL
);
-- Only a first frame can be repeated: repeats stay out, so a flood of them does not slow the lookup.
CREATE INDEX journal_frame_first ON journal_frame (repeat_key) WHERE repeat_key IS NOT NULL AND repeat_of IS NULL;
CREATE INDEX journal_frame_repeats ON journal_frame (repeat_of) WHERE repeat_of IS NOT NULL;
CREATE INDEX journal_frame_received ON journal_frame (received_at);
CREATE INDEX journal_frame_batch ON journal_frame (batch_id);
CREATE INDEX journal_frame_account ON journal_frame (account, id);
CREATE INDEX journal_frame_odd ON journal_frame (id) WHERE kind IN ('unreadable', 'unsupported');

CREATE TABLE journal_signal (
    id integer NOT NULL PRIMARY KEY,
    frame_id bigint NOT NULL,
    ordinal integer NOT NULL,
    received_at datetime NOT NULL,
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
    known bool NOT NULL
);
CREATE INDEX journal_signal_account ON journal_signal (account, id);
CREATE INDEX journal_signal_frame ON journal_signal (frame_id);
CREATE INDEX journal_signal_received ON journal_signal (received_at);

CREATE TABLE journal_line_day (
    listener text NOT NULL,
    account text NOT NULL,
    transport text NOT NULL,
    day date NOT NULL,
    first_seen_at datetime NOT NULL,
    last_seen_at datetime NOT NULL,
    heartbeat_count integer NOT NULL DEFAULT 0,
    longest_gap_s integer NOT NULL DEFAULT 0,
    PRIMARY KEY (listener, account, transport, day)
) WITHOUT ROWID;
