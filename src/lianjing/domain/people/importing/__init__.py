"""People on file from the sheet `people`, and their photos and scans from a ZIP file.

1. `columns` what the sheet has, `cells` what its own cells mean
2. `groups` which columns tell which dated fact, `matching` what a row makes of the facts that stand; both pure
3. `standing` reads what stands, for all rows at once; `entering` goes through the rows and compares
4. `saving` writes the plan; `actions` is the part of people in an import (`domain.companies.workbooks`)

`papers` takes photos and scans that are named after staff numbers. `exporting` writes the same sheet.
"""
