"""排班: the pages of the roster."""
