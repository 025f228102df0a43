"""分类分级表: classes of alarm events and of faults, each with its grades and by what they are told apart. Pure.

It says in words what the classes and grades mean. Which code has which class and grade stays with the tables of codes
and the company's own readings: nothing here is read by intake.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from lianjing.core.refusals import Refused
from lianjing.terms.codes import EventClass, Grade
from lianjing.terms.sentences import marked as _
from lianjing.terms.texts import storable

EVENT, FAULT = "event", "fault"
ALARMS = {"intrusion": "入侵", "hold_up": "紧急", "fire": "火警", "medical": "医疗", "tamper": "防拆"}
"""Classes that every classification has, in words."""
FAULT_PREFIX = "fault."
WORDS_LIMIT, COVERS_LIMIT, CRITERIA_LIMIT, KEY_LIMIT, ROWS_AT_MOST = 30, 200, 200, 40, 40


@dataclass(frozen=True, slots=True)
class ClassRow:
    """One class. `grades`: by grade, the criteria in words; a grade that is not there is not used."""

    key: str
    event_class: str
    kind: str
    words: str
    covers: str
    grades: Mapping[str, str]

    @property
    def pairs(self) -> set[tuple[str, int]]:
        return {(self.event_class, int(grade)) for grade in self.grades}


def read_rows(kept: Iterable[Mapping[str, Any]]) -> tuple[ClassRow, ...]:
    """The rows as they are kept."""
    return tuple(ClassRow(**row) for row in kept)


def as_kept(rows: Iterable[ClassRow]) -> list[dict[str, Any]]:
    return [asdict(row) | {"grades": dict(sorted(row.grades.items()))} for row in rows]


def graded_pairs(rows: Iterable[ClassRow]) -> set[tuple[str, int]]:
    """Every class with every grade that some row has for it."""
    return set().union(*(row.pairs for row in rows))


def checked_rows(entered: Sequence[ClassRow]) -> tuple[ClassRow, ...]:
    """What may be kept. Raises Refused: every class of alarms, at least one of faults, each with a name of its own and
    at least one grade with its criteria."""
    if len(entered) > ROWS_AT_MOST:
        raise Refused("", _("最多 %(most)d 个类别。"), most=ROWS_AT_MOST)
    rows = tuple(_checked(row) for row in entered)
    for what in ("key", "words"):
        told = [getattr(row, what) for row in rows]
        if twice := [one for one in told if told.count(one) > 1]:
            raise Refused("", _("类别“%(name)s”写了两次。"), name=twice[0])
    there = {row.event_class for row in rows}
    if missing := [words for one, words in ALARMS.items() if one not in there]:
        raise Refused("", _("报警事件的类别不全，缺：%(names)s。"), names="、".join(missing))
    if EventClass.FAULT not in there:
        raise Refused("", _("至少要有一个故障事件的类别。"))
    return rows


def _checked(row: ClassRow) -> ClassRow:
    is_fault = row.event_class == EventClass.FAULT
    if row.event_class not in list(EventClass) or len(row.key) > KEY_LIMIT:
        raise Refused("", _("没有这个类别。"))
    words, covers = _text(row, row.words, WORDS_LIMIT), _text(row, row.covers, COVERS_LIMIT)
    if not words:
        raise Refused("", _("请填写每个类别的名称。"))
    grades = {grade: _text(row, criteria, CRITERIA_LIMIT) for grade, criteria in row.grades.items() if criteria.strip()}
    if not grades or not set(grades) <= {str(int(grade)) for grade in Grade}:
        raise Refused("", _("类别“%(name)s”至少要有一个级别，写明划分依据。"), name=words)
    return ClassRow(row.key, row.event_class, FAULT if is_fault else EVENT, words, covers, grades)


def _text(row: ClassRow, text: str, limit: int) -> str:
    told = text.strip()
    if not storable(told) or len(told) > limit:
        sentence = _("类别“%(name)s”：最多 %(limit)d 个字，且不含不能保存的字符。")
        raise Refused("", sentence, name=row.words[:WORDS_LIMIT], limit=limit)
    return told
