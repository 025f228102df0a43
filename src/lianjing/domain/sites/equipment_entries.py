"""What a person enters about a panel and what belongs to it. Pure; texts as typed, before they are normalised."""

from dataclasses import dataclass, replace
from typing import Any

from lianjing.domain.sites.policy import normal_account, normal_number
from lianjing.terms.codes import LIFE_CLASSES
from lianjing.terms.premises import Listener, ZoneKind
from lianjing.terms.sentences import marked as _
from lianjing.terms.texts import storable


@dataclass(frozen=True, slots=True)
class PanelEntry:
    """`test_interval` in minutes, None: no test is expected. `backup_of`: the panel whose second communicator it is."""

    account: str
    listener: str = Listener.DC09.value
    model: str = ""
    receiver_line: str = ""
    test_interval: int | None = None
    backup_of: int | None = None

    def normal(self) -> "PanelEntry":
        return replace(
            self,
            account=normal_account(self.account),
            model=self.model.strip(),
            receiver_line=self.receiver_line.strip(),
        )


@dataclass(frozen=True, slots=True)
class PathEntry:
    """`interval_s` None: that of the category; without one the path is not supervised."""

    kind: str
    transport: str = ""
    interval_s: int | None = None
    misses: int | None = None
    category: str = ""


@dataclass(frozen=True, slots=True)
class AreaEntry:
    number: str
    name: str = ""

    def normal(self) -> "AreaEntry":
        return replace(self, number=normal_number(self.number), name=self.name.strip())


@dataclass(frozen=True, slots=True)
class UserEntry:
    """A person who arms and disarms, as the panel numbers him."""

    number: str
    name: str = ""

    def normal(self) -> "UserEntry":
        return replace(self, number=normal_number(self.number), name=self.name.strip())


@dataclass(frozen=True, slots=True)
class ZoneEntry:
    """`id` None: a new zone. `always_on` None: as its kind wants it.

    `neighbours`: numbers of zones of the same panel, or `account/number` for another panel of the site; None leaves
    them as they are.
    """

    number: str
    name: str = ""
    kind: str = ZoneKind.INTRUSION.value
    principle: str = ""
    detector: str = ""
    area: str = ""
    always_on: bool | None = None
    camera: str = ""
    neighbours: tuple[str, ...] | None = None
    id: int | None = None

    def normal(self) -> "ZoneEntry":
        return replace(
            self,
            number=normal_number(self.number),
            name=self.name.strip(),
            detector=self.detector.strip(),
            area=normal_number(self.area),
            camera=self.camera.strip(),
            always_on=self.kind in LIFE_CLASSES if self.always_on is None else self.always_on,
        )


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong with one row of a table, counted from 0; the sentence has its figures apart."""

    row: int
    field: str
    sentence: str
    figures: dict[str, Any]


class RowsRefused(Exception):
    """A table that was not saved; nothing of it was."""

    def __init__(self, problems: list[Problem]) -> None:
        super().__init__("; ".join(f"row {p.row + 1}: {p.sentence % p.figures}" for p in problems))
        self.problems = problems


def problem(row: int, field: str, sentence: str, **figures: Any) -> Problem:
    return Problem(row, field, sentence, figures)


NUMBER_LIMIT = 16
NAME_LIMIT = 60


def number_problem(row: int, number: str) -> Problem | None:
    """What is wrong with the number of a zone, an area or a user; `number` is normalised."""
    if not number:
        return problem(row, "number", _("请填写编号。"))
    if len(number) > NUMBER_LIMIT or not (number.isascii() and number.isalnum()):
        return problem(
            row, "number", _("编号“%(number)s”只能用字母和数字，最多 16 个。"), number=number[: NUMBER_LIMIT * 2]
        )
    return None


def name_problem(row: int, name: str, field: str = "name", limit: int = NAME_LIMIT) -> Problem | None:
    if not storable(name):
        return problem(row, field, _("含有不能保存的字符。"))
    if len(name) > limit:
        return problem(row, field, _("最多 %(limit)d 个字，现有 %(count)d 个。"), limit=limit, count=len(name))
    return None


def twice(numbers: list[str]) -> dict[int, int]:
    """Rows whose number stands in an earlier row already, with that row."""
    first: dict[str, int] = {}
    found = {}
    for row, number in enumerate(numbers):
        if number in first:
            found[row] = first[number]
        else:
            first[number] = row
    return found
