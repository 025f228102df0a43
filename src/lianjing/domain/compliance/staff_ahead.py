"""The people of the three posts on every day of a span: each judged once for each stretch of days on which he is the
same."""

from bisect import bisect_right
from collections import Counter
from collections.abc import Callable, Hashable, Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from itertools import groupby
from operator import itemgetter

from lianjing.core.viewer import Viewer
from lianjing.domain.compliance.judging import Evidence
from lianjing.domain.compliance.looking_ahead import DAY, Span
from lianjing.domain.compliance.sharing import once_a_sweep
from lianjing.domain.compliance.staff_known import PersonKnown, StaffFile, staff_file
from lianjing.domain.people.eligible_days import change_days
from lianjing.terms.sentences import marked as _

Sign = Callable[[PersonKnown], Hashable]
"""What of somebody a clause looks at."""


@dataclass(frozen=True, slots=True)
class Course:
    """One person: from each of these days on as he then is, None when he is not in the posts."""

    begins: list[date]
    known: list[PersonKnown | None]

    def on(self, day: date) -> PersonKnown | None:
        return self.known[bisect_right(self.begins, day) - 1]

    def signs(self, sign: Sign) -> list[Hashable]:
        """None while he is not in the posts."""
        return [sign(one) if one is not None else None for one in self.known]

    def turns(self, sign: Sign) -> Iterable[tuple[date, Hashable, Hashable]]:
        """Each day on which it is another one, with what it was and is."""
        signs = self.signs(sign)
        return (turn for turn in zip(self.begins[1:], signs, signs[1:], strict=False) if turn[1] != turn[2])


@dataclass(frozen=True, slots=True)
class StaffAhead:
    courses: list[Course]
    _days: dict[date, list[PersonKnown]] = field(default_factory=dict)

    def on(self, day: date) -> list[PersonKnown]:
        """As `staff_known` of that day."""
        if day not in self._days:
            self._days[day] = [known for course in self.courses if (known := course.on(day)) is not None]
        return self._days[day]

    def days(self, sign: Sign) -> set[date]:
        """On which what a clause looks at is another one with somebody."""
        return {day for course in self.courses for day, _had, _has in course.turns(sign)}

    def first_or_last(self, sign: Sign) -> Iterable[date]:
        """On which somebody is the first or the last of whom it is so: what matters where one is as bad as many."""
        there = Counter(course.signs(sign)[0] for course in self.courses)
        turns = sorted((turn for course in self.courses for turn in course.turns(sign)), key=itemgetter(0))
        for day, of_day in groupby(turns, key=itemgetter(0)):
            before = set(+there)
            for _day, had, has in of_day:
                there[had] -= 1
                there[has] += 1
            if set(+there) - {None} != before - {None}:
                yield day

    def causes(self, day: date, codes: frozenset[str] | None = None) -> Iterable[Evidence]:
        """Who is another one from that day on, and in what. `codes`: only these reasons count."""
        for course in self.courses:
            if day in course.begins:
                yield from _difference(course.on(day - DAY), course.on(day), codes)


@once_a_sweep
def staff_ahead(viewer: Viewer, company_id: int, span: Span, known: datetime | None) -> StaffAhead:
    """Two queries, as for one day."""
    file = staff_file(viewer, company_id, known)
    courses = [_course(file, pk, span) for pk in file.facts]
    return StaffAhead([course for course in courses if any(course.known)])


def _course(file: StaffFile, member_id: int, span: Span) -> Course:
    begins = [span.first, *span.turns(change_days(file.facts[member_id]))]
    return Course(begins, [file.person_on(member_id, day) for day in begins])


def _difference(had: PersonKnown | None, has: PersonKnown | None, codes: frozenset[str] | None) -> Iterable[Evidence]:
    """Of somebody at most one line: what weighs most."""
    if had is None or has is None:
        someone = had or has
        if someone is not None:
            yield someone.says(_("不再在%(post)s岗位。") if has is None else _("到%(post)s岗位。"))
        return
    before = {reason.code: reason.met for reason in had.answer.reasons}
    changed = [
        reason
        for reason in has.answer.reasons
        if reason.met != before.get(reason.code) and (codes is None or reason.code in codes)
    ]
    if changed:
        yield has.tells(min(changed, key=lambda reason: not has.is_against(reason)))
    elif had.post != has.post and codes is None:
        yield has.says(_("转到%(post)s岗位。"))
