-- The list of accounts that were heard lately asks by day; the primary key begins with the listener.
CREATE INDEX journal_line_day_day ON journal_line_day (day, account, listener);
