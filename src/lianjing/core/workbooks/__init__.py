"""Workbooks that people keep in Excel: read into typed rows, planned against what stands, and written again.

What sheets there are, and what their rows make, is the business of the apps (`domain.sites`, `domain.people`):

1. `files` bytes to sheets of raw cells: Excel (`xlsx`), CSV (`encodings`), a ZIP file of CSV files
2. `columns` what a sheet and a column are and by which names they are known, `cells` what a cell means
3. `reading` raw cells to typed rows, each broken cell one fault (`faults`)
4. `planning` what a row makes of what stands; `report` tells it
5. `writing` the same workbook, with rows or as a template

Without Django, but for the type of what a plan changes.
"""
