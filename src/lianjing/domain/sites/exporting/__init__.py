"""Writes the workbook that an import reads: `rows` says what stands, `workbook` writes it."""
