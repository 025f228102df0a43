"""The register of equipment from the sheet `equipment`.

1. `columns` what the sheet has
2. `entering` goes through the rows and compares each with what stands; it writes nothing
3. `saving` writes the plan; `part` is the part of equipment in an import (`domain.companies.workbooks`)

`actions.equipment_sheet` writes the same sheet.
"""
