"""信号: what devices sent, read only from the journal, and what became of it."""
