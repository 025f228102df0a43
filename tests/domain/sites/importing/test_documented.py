"""docs/operations/import.md has every sheet and column, and no other."""

import re
from pathlib import Path

from lianjing.domain.incidents.importing import SHEETS

PAPER = Path(__file__).parents[4] / "docs" / "operations" / "import.md"


def test_the_paper_names_every_sheet_and_column() -> None:
    parts = PAPER.read_text().split("\n## Sheet ")[1:]
    told = {part.split("\n", 1)[0]: re.findall(r"^\| `([a-z_]+)` \|", part, re.M) for part in parts}
    assert told == {key: [column.key for column in sheet.columns] for key, sheet in SHEETS.items()}
