-- Where an account's frames are. Filled by the receiver a portion at a time, sorted: an index of the frames themselves
-- costs two pages of the log for every frame, since accounts arrive in no order.
CREATE TABLE journal.journal_account (
    account text NOT NULL,
    frame_id bigint NOT NULL,
    PRIMARY KEY (account, frame_id)
);

-- Frames up to this one are in journal_account.
CREATE TABLE journal.journal_account_mark (
    id integer NOT NULL PRIMARY KEY CHECK (id = 1),
    frame_id bigint NOT NULL
);

INSERT INTO journal.journal_account
SELECT account, id FROM journal.journal_frame WHERE account <> '' ORDER BY account, id;
INSERT INTO journal.journal_account_mark SELECT 1, coalesce(max(id), 0) FROM journal.journal_frame;
DROP INDEX journal.journal_frame_account;
DROP INDEX journal.journal_signal_account;
