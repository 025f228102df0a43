"""What a line of the manager's home is, and what it is made from."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext as _

from lianjing.core.days import centre_day
from lianjing.core.viewer import Person
from lianjing.domain.companies.models import Company

NAMED = 3
FEW = 5
"""Companies that the home goes through one by one: each takes a while, and an installation may have a thousand."""


@dataclass(frozen=True, slots=True)
class Line:
    """`tone`: ok, soft, g2 (to do), g1 (now). `count` is what the line is about; 0 is good."""

    title: str
    count: int
    said: str
    tone: str
    href: str
    action: str

    @property
    def sign(self) -> str:
        return {"ok": "✓", "soft": "○", "g2": "▲", "g1": "◆"}[self.tone]


@dataclass(frozen=True, slots=True)
class Asked:
    """For whom, of which companies, when. Those to be looked at first come first."""

    viewer: Person
    companies: list[Company]
    at: datetime

    @property
    def on(self) -> date:
        return centre_day(self.at)

    @property
    def few(self) -> list[Company]:
        return self.companies[:FEW]

    def left(self, title: str, page: str) -> Iterator["Line"]:
        """That there are more companies than these few."""
        if count := len(self.companies[FEW:]):
            said = _("其余 %(count)d 家单位没有在这里统计。") % {"count": count}
            yield Line(title, count, said, "soft", href_of(page), _("逐家看"))

    def name_of(self, company: Company) -> str:
        """How a line begins where there are several companies."""
        return company.name + _("：") if len(self.companies) > 1 else ""


def href_of(name: str, **asked: object) -> str:
    """A page of the office, narrowed."""
    return reverse(f"office:{name}") + (f"?{urlencode(asked)}" if asked else "")


def named(names: Sequence[str]) -> str:
    """The first few of them."""
    told = _("、").join(names[:NAMED])
    return told + _(" 等") if len(names) > NAMED else told
