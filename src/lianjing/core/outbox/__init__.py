"""The one bus: a row written in the act's own transaction, read in the order of `position` (docs/decisions/0004)."""
