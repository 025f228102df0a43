-- Repeats are found by the receiver's memory of the last minutes (core/journal/repeats.py): an index over random keys
-- cost a page of the log for every frame, a third of a commit.
DROP INDEX journal.journal_frame_first;
