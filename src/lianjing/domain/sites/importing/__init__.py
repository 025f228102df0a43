"""Customers, contracts, sites and what is installed there, from one workbook and back into one.

An import goes through these modules, in this order; what every workbook has is in `core.workbooks`:

1. `columns` which sheets and columns there are, and `cells` what a cell means
2. `standing` reads what stands, for all rows at once; `entering` goes through the sheets and compares
3. `saving` writes the plan; `actions` is the part of sites in an import (`domain.companies.workbooks`)

`exporting` writes the same workbook.
"""
