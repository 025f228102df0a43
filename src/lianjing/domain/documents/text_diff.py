"""What an edition changes of another, line by line. No Django."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher


@dataclass(frozen=True, slots=True)
class DiffLine:
    """A line of a text: "+" new, "-" gone, " " as it was; "…" stands for lines that are as they were."""

    sign: str
    text: str


AROUND = 3
"""Lines that are shown on each side of what changed."""
LINES_AT_MOST = 2000
"""Of each text: whole lines are compared, in a web request."""


def text_diff(before: str, after: str) -> list[DiffLine] | None:
    """What changed between two texts, with a few lines around it; [] when nothing did. None: too long to compare."""
    old, new = before.splitlines(), after.splitlines()
    if max(len(old), len(new)) > LINES_AT_MOST:
        return None
    lines = list(_compared(old, new))
    near = {place + step for place, one in enumerate(lines) if one.sign != " " for step in range(-AROUND, AROUND + 1)}
    told: list[DiffLine] = []
    for place, line in enumerate(lines):
        if place in near:
            told.append(line)
        elif not told or told[-1].sign != "…":
            told.append(DiffLine("…", ""))
    return told if any(one.sign != "…" for one in told) else []


def _compared(old: Sequence[str], new: Sequence[str]) -> Iterator[DiffLine]:
    """Lines that stand everywhere begin no match: they would make it slow."""
    for tag, old_from, old_to, new_from, new_to in SequenceMatcher(None, old, new).get_opcodes():
        if tag == "equal":
            yield from (DiffLine(" ", text) for text in new[new_from:new_to])
        else:
            yield from (DiffLine("-", text) for text in old[old_from:old_to])
            yield from (DiffLine("+", text) for text in new[new_from:new_to])
