"""The schedule as a form: rows of text that are read, and shown again just as they were typed."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from django.http import QueryDict
from django.utils.translation import gettext as _

from lianjing.domain.sites.schedule import Moment
from lianjing.domain.sites.schedule_problems import MOST_MOMENTS, Problem
from lianjing.domain.sites.schedule_text import FIELDS, BadMoment, moment_text, parse_moment
from lianjing.terms.premises import MomentKind
from lianjing.terms.sentences import words


def _later(sentence: str) -> str:
    """Marks a word for translation; the page translates it."""
    return sentence


LABELS = {
    "kind": _later("类型"),
    "days": _later("日期"),
    "begins": _later("开始"),
    "ends": _later("结束"),
    "tolerance_minutes": _later("容差（分钟）"),
    "users": _later("用户号"),
    "area": _later("分区"),
}
HINTS = {"days": "1-5", "begins": "18:30", "ends": "08:00"}
"""What an empty field looks like when it is filled in."""

BLANK_ROWS = 3
LONGEST = 2000
"""Characters of a field that are looked at."""
USUAL_TOLERANCE = "15"


@dataclass(frozen=True, slots=True)
class Cell:
    """One field of a row. `key` is its name in the form."""

    name: str
    key: str
    text: str
    problem: str

    @property
    def label(self) -> str:
        return _(LABELS[self.name])

    @property
    def kind_words(self) -> str:
        return dict(kinds()).get(self.text, self.text)

    @property
    def hint(self) -> str:
        return HINTS.get(self.name, "")


@dataclass(slots=True)
class Row:
    """A line of the editor, with what is wrong by field."""

    number: int
    texts: Mapping[str, str]
    problems: dict[str, str] = field(default_factory=dict)
    removed: bool = False
    over: bool = False
    """An exception whose dates have passed."""

    @property
    def is_blank(self) -> bool:
        return not any(self.texts[name] for name in FIELDS if name not in ("kind", "tolerance_minutes"))

    @property
    def cells(self) -> list[Cell]:
        return [Cell(name, f"{name}-{self.number}", self.texts[name], self.problems.get(name, "")) for name in FIELDS]


@dataclass(slots=True)
class Editor:
    """The rows, and what is wrong with the whole."""

    rows: list[Row]
    problem: str = ""

    @property
    def wrong(self) -> bool:
        return bool(self.problem) or any(row.problems for row in self.rows)

    def with_blanks(self, count: int = BLANK_ROWS) -> "Editor":
        first = len(self.rows)
        blanks = [Row(first + step, _blank()) for step in range(max(0, min(count, MOST_MOMENTS - first)))]
        return Editor([*self.rows, *blanks], self.problem)


def _blank() -> dict[str, str]:
    return {name: USUAL_TOLERANCE if name == "tolerance_minutes" else "" for name in FIELDS}


def editor_of(moments: Sequence[Moment], today: date) -> Editor:
    """The schedule on file."""
    return Editor([Row(n, moment_text(moment), over=_is_over(moment, today)) for n, moment in enumerate(moments)])


def _is_over(moment: Moment, today: date) -> bool:
    return bool(moment.days.dates) and moment.days.dates[-1][1] < today


def editor_from(post: QueryDict) -> Editor:
    """What was typed; nothing of it is judged yet."""
    count = post.get("rows", "")
    rows = min(int(count), MOST_MOMENTS + BLANK_ROWS) if count.isascii() and count.isdigit() and len(count) < 5 else 0
    return Editor(
        [
            Row(n, {name: post.get(f"{name}-{n}", "")[:LONGEST] for name in FIELDS}, removed=f"remove-{n}" in post)
            for n in range(rows)
        ]
    )


def moments_in(editor: Editor) -> tuple[list[Moment], list[Row]]:
    """The moments that the rows mean, each with its row. Rows that mean nothing say why."""
    moments, rows = [], []
    for row in editor.rows:
        if row.removed or row.is_blank:
            continue
        try:
            moments.append(parse_moment(**row.texts))
            rows.append(row)
        except BadMoment as bad:
            row.problems |= {fault.field: words(fault, _) for fault in bad.faults}
    return moments, rows


def mark(editor: Editor, rows: Sequence[Row], problems: Iterable[Problem]) -> None:
    """Puts the problems of a schedule beside the fields of the rows that its moments came from."""
    for problem in problems:
        said = words(problem, _)
        if problem.index < len(rows):
            rows[problem.index].problems.setdefault(problem.field, said)
        else:
            editor.problem = said


def kinds() -> list[tuple[str, str]]:
    """What can be chosen for a row."""
    return [(kind.value, _(kind.zh)) for kind in MomentKind]
