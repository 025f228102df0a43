"""What openpyxl does not tell while it streams a sheet: whether there are formulas, and merged cells. No Django."""

import re
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from openpyxl.utils.cell import range_boundaries

PIECE = 1 << 20
OVERLAP = 200
"""Bytes looked at again, so that nothing is cut in two."""
MOST_MERGED = 20_000

_FORMULA = re.compile(rb"<(?:\w+:)?f[ >/]")
_MERGED = re.compile(rb"<(?:\w+:)?mergeCell\s[^>]*?ref=\"([A-Z]{1,3}[0-9]{1,7}:[A-Z]{1,3}[0-9]{1,7})\"")


@dataclass(frozen=True, slots=True)
class Merged:
    """A block of merged cells: its value is in the first row."""

    column: int
    """Counted from 0."""
    first: int
    last: int


@dataclass(frozen=True, slots=True)
class Peek:
    """What was found in a sheet's XML."""

    has_formulas: bool
    merged: tuple[Merged, ...]


def peeked(archive: zipfile.ZipFile, path: str) -> Peek:
    """Looks through the XML of one sheet, piece by piece. What cannot be read is left to whoever reads it properly."""
    has_formulas, blocks = False, set()
    try:
        with archive.open(path.lstrip("/")) as source:
            rest = b""
            while piece := source.read(PIECE):
                looked = rest + piece
                has_formulas = has_formulas or _FORMULA.search(looked) is not None
                blocks.update(_MERGED.findall(looked))
                rest = looked[-OVERLAP:]
    except (KeyError, zipfile.BadZipFile, EOFError, OSError, ValueError):
        return Peek(has_formulas, ())
    return Peek(has_formulas, tuple(_downwards(blocks)))


def _downwards(blocks: set[bytes]) -> Iterator[Merged]:
    """Blocks of more than one row; of several columns, each by itself stays empty but the first."""
    for block in sorted(blocks)[:MOST_MERGED]:
        left, top, _right, bottom = range_boundaries(block.decode())
        if top is not None and bottom is not None and left is not None and bottom > top:
            yield Merged(left - 1, top, bottom)


def filled_down(
    rows: Iterator[tuple[int, Sequence[Any]]], merged: Sequence[Merged]
) -> Iterator[tuple[int, Sequence[Any]]]:
    """The rows of a block all have its value: that is what the person sees.

    A row of which nothing else is filled stays empty.
    """
    starting: dict[int, list[Merged]] = {}
    for block in merged:
        starting.setdefault(block.first, []).append(block)
    open_blocks: list[tuple[Merged, Any]] = []
    for number, cells in rows:
        open_blocks = [(block, value) for block, value in open_blocks if block.last >= number]
        if open_blocks and any(cell is not None for cell in cells):
            cells = list(cells)
            for block, value in open_blocks:
                if block.column < len(cells) and cells[block.column] is None:
                    cells[block.column] = value
        for block in starting.get(number, ()):
            open_blocks.append((block, cells[block.column] if block.column < len(cells) else None))
        yield number, cells
