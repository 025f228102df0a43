"""SQLite whose writers take their turn in the order in which they came (docs/decisions/0011)."""
