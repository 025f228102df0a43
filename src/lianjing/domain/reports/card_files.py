"""The call-card sheets as files of the data folder: one folder a company, an index beside the sheets.

They hold personal data and are there for the day when nothing else is: readable for the service's own user only.
"""

import json
import os
from dataclasses import asdict, dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

INDEX = "index.json"
OLD_AFTER = timedelta(minutes=45)
"""Looked at every fifteen minutes: after three times that, something is wrong."""


@dataclass(frozen=True, slots=True)
class SheetFile:
    name: str
    title: str
    sites: int
    digest: str
    made_at: str
    """ISO 8601: when its content last changed."""

    @property
    def made(self) -> datetime:
        return datetime.fromisoformat(self.made_at)


@dataclass(frozen=True, slots=True)
class Index:
    """`checked_at`: when all sheets were last found, or made, to be as the books are."""

    checked_at: str
    sheets: list[SheetFile] = field(default_factory=list)

    @property
    def checked(self) -> datetime:
        return datetime.fromisoformat(self.checked_at)

    def is_old(self, now: datetime) -> bool:
        return now - self.checked > OLD_AFTER


def folder_of(root: Path, company_id: int) -> Path:
    return root / str(company_id)


def read_index(folder: Path) -> Index | None:
    """None when there is none, or none that can be read."""
    try:
        told = json.loads((folder / INDEX).read_text(encoding="utf-8"))
        index = Index(told["checked_at"], [SheetFile(**sheet) for sheet in told["sheets"]])
        return index if index.checked.tzinfo is not None else None
    except (OSError, ValueError, KeyError, TypeError):
        return None


def write_index(folder: Path, index: Index) -> None:
    replace_file(folder / INDEX, json.dumps(asdict(index), ensure_ascii=False, indent=1).encode())


def sheet_path(folder: Path, name: str) -> Path:
    return folder / f"{name}.pdf"


def replace_file(path: Path, content: bytes) -> None:
    """All or nothing, and from its first byte on for our own eyes only."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    fresh = path.with_name(f".{path.name}.new")
    handle = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(handle, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    fresh.replace(path)


def sweep(folder: Path, index: Index) -> None:
    """Removes sheets that the index does not name any more."""
    kept = {sheet_path(folder, sheet.name).name for sheet in index.sheets}
    for path in folder.glob("*.pdf"):
        if path.name not in kept:
            path.unlink()
