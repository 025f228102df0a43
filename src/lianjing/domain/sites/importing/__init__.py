"""Customers, contracts, sites and what is installed there, from one workbook and back into one.

An import goes through these modules, in this order; the first four know neither Django nor a database:

1. `files` bytes to sheets of raw cells: Excel, CSV, a ZIP file of CSV files
2. `columns` which sheets and columns there are, and `cells` what a cell means
3. `reading` raw cells to typed rows, each broken cell one fault
4. `planning` what a row makes of what stands
5. `standing` reads what stands, for all rows at once; `entering` goes through the sheets and compares
6. `saving` writes the plan; `actions` holds it all in one transaction

`exporting` writes the same workbook.
"""
