"""Minimum cover over time: who is planned where, against what the rules ask for. No Django, no clock."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, tzinfo
from itertools import pairwise

from lianjing.domain.people.shift_patterns import DAY, days_between, instant
from lianjing.terms.sentences import Figures
from lianjing.terms.sentences import marked as _


@dataclass(frozen=True, slots=True)
class Rule:
    """So many at a place, on these ISO weekdays, between these times. Not after `begins`: until the next day."""

    post_kind: str
    place: str
    weekdays: frozenset[int]
    begins: time
    ends: time
    at_least: int

    def window(self, day: date, zone: tzinfo) -> tuple[datetime, datetime]:
        last = day if self.ends > self.begins else day + DAY
        return instant(day, self.begins, zone), instant(last, self.ends, zone)


@dataclass(frozen=True, slots=True)
class Standing:
    """Somebody planned at a place from a time to a time, or several with the same times."""

    post_kind: str
    place: str
    begins_at: datetime
    ends_at: datetime
    is_draft: bool = False
    count: int = 1


@dataclass(frozen=True, slots=True)
class Gap:
    """From when to when a place has fewer people than it must."""

    post_kind: str
    place: str
    begins_at: datetime
    ends_at: datetime
    have: int
    drafted: int
    at_least: int

    @property
    def missing(self) -> int:
        return self.at_least - self.have

    def said(self, zone: tzinfo) -> tuple[str, Figures]:
        """The gap in words, with its figures."""
        begins, ends = self.begins_at.astimezone(zone), self.ends_at.astimezone(zone)
        figures: dict[str, str | int] = {
            "place": self.place,
            "begins": f"{begins:%m-%d %H:%M}",
            "ends": f"{ends:%H:%M}" if ends.date() == begins.date() else f"{ends:%m-%d %H:%M}",
            "have": self.have,
            "least": self.at_least,
            "missing": self.missing,
        }
        if self.drafted:
            said = _(
                "%(place)s：%(begins)s 至 %(ends)s 有 %(have)d 人，至少 %(least)d 人，缺 %(missing)d 人；"
                "另有草稿 %(drafted)d 人未发布。"
            )
            return said, {**figures, "drafted": self.drafted}
        return _("%(place)s：%(begins)s 至 %(ends)s 有 %(have)d 人，至少 %(least)d 人，缺 %(missing)d 人。"), figures


def gaps_of(
    rules: Collection[Rule], standings: Sequence[Standing], since: datetime, until: datetime, zone: tzinfo
) -> list[Gap]:
    """Every gap between two instants, by time and place. Rules for one place at one time: the highest counts."""
    here: dict[tuple[str, str], list[Standing]] = defaultdict(list)
    for one in standings:
        here[one.post_kind, one.place].append(one)
    asked: dict[tuple[str, str], list[Rule]] = defaultdict(list)
    for rule in rules:
        asked[rule.post_kind, rule.place].append(rule)
    found: list[Gap] = []
    for place, mine in sorted(asked.items(), key=lambda item: item[0]):
        found += _joined(_gaps_at(mine, here.get(place, []), (since, until), zone))
    return sorted(found, key=lambda gap: (gap.begins_at, gap.place, gap.post_kind))


def by_day(gaps: Iterable[Gap], zone: tzinfo) -> Iterator[tuple[date, Gap]]:
    """A gap over several days on each of them, with its times there."""
    for gap in gaps:
        for day in days_between(gap.begins_at.astimezone(zone).date(), gap.ends_at.astimezone(zone).date()):
            begins = max(gap.begins_at, instant(day, time.min, zone))
            ends = min(gap.ends_at, instant(day + DAY, time.min, zone))
            if begins < ends:
                yield day, replace(gap, begins_at=begins, ends_at=ends)


Window = tuple[datetime, datetime, int]


def _gaps_at(rules: list[Rule], here: list[Standing], span: tuple[datetime, datetime], zone: tzinfo) -> Iterator[Gap]:
    """Piece by piece between the moments at which anything changes at this place."""
    windows = sorted(_windows(rules, *span, zone))
    instants = {moment for window in windows for moment in window[:2]}
    changes = {moment for one in here for moment in (one.begins_at, one.ends_at)}
    edges = sorted(instants | {moment for moment in changes if span[0] < moment < span[1]})
    by_begin = sorted(here, key=lambda one: one.begins_at)
    for begins, ends in pairwise(edges):
        least = max((window[2] for window in windows if window[0] <= begins and ends <= window[1]), default=0)
        if not least:
            continue
        there = [one for one in _begun(by_begin, begins) if one.ends_at >= ends]
        have = sum(one.count for one in there if not one.is_draft)
        if have < least:
            drafted = sum(one.count for one in there if one.is_draft)
            yield Gap(rules[0].post_kind, rules[0].place, begins, ends, have, drafted, least)


def _begun(by_begin: list[Standing], moment: datetime) -> Iterator[Standing]:
    for one in by_begin:
        if one.begins_at > moment:
            return
        yield one


def _windows(rules: list[Rule], since: datetime, until: datetime, zone: tzinfo) -> Iterator[Window]:
    """What is asked for, cut to the span. The day before may reach into it."""
    first, last = since.astimezone(zone).date() - DAY, until.astimezone(zone).date()
    for rule in rules:
        for day in days_between(first, last):
            if day.isoweekday() in rule.weekdays:
                begins, ends = rule.window(day, zone)
                begins, ends = max(begins, since), min(ends, until)
                if begins < ends:
                    yield begins, ends, rule.at_least


def _joined(gaps: Iterator[Gap]) -> list[Gap]:
    """One gap instead of two that touch and say the same."""
    found: list[Gap] = []
    for gap in gaps:
        last = found[-1] if found else None
        if last is not None and last.ends_at == gap.begins_at and _says(last) == _says(gap):
            found[-1] = _until(last, gap.ends_at)
        else:
            found.append(gap)
    return found


def _says(gap: Gap) -> tuple[int, int, int]:
    return gap.have, gap.drafted, gap.at_least


def _until(gap: Gap, ends_at: datetime) -> Gap:
    return Gap(gap.post_kind, gap.place, gap.begins_at, ends_at, gap.have, gap.drafted, gap.at_least)
