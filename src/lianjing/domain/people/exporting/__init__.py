"""Writes the sheet `people` that an import reads: `rows` says what stands, `actions` hands it out and records it."""
