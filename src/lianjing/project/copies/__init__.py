"""Copies of an installation's data: how they are taken, packed, put back and proved (docs/operations/backup.md)."""
