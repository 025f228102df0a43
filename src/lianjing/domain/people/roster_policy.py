"""What stands in the way of a shift: another one at the same time, too little rest. No Django, no clock.

Instants are compared, so a shift over midnight is one piece. The day of a shift is the centre's day on which it begins.
"""

from bisect import bisect_left
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta, tzinfo
from itertools import accumulate, pairwise

from lianjing.terms.sentences import Figure, Figures
from lianjing.terms.sentences import marked as _

WEEK = timedelta(days=7)
HOUR = timedelta(hours=1)
LONGEST_HOURS = 48
"""No shift is longer, whatever a company's own rules say."""


@dataclass(frozen=True, slots=True)
class Rules:
    """Fatigue rules; these figures are the product's own until a company sets its own."""

    shift_hours_at_most: int = 12
    rest_hours_at_least: int = 11
    week_hours_at_most: int = 60
    days_in_a_row_at_most: int = 6


@dataclass(frozen=True, slots=True)
class Span:
    """A shift of one person, planned or to be planned. `id`: of the entry that it is already, or None."""

    day: date
    begins_at: datetime
    ends_at: datetime
    place: str = ""
    shift: str = ""
    id: int | None = None

    @property
    def hours(self) -> float:
        return (self.ends_at - self.begins_at) / HOUR


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing in the way. `hard`: nobody may plan against it; else with a reason."""

    code: str
    sentence: str
    figures: Figures = field(default_factory=dict)
    hard: bool = False
    with_id: int | None = None
    """The entry that it overlaps with."""


def overlaps(one: Span, other: Span) -> bool:
    """Whether some moment belongs to both; one that ends when the other begins does not overlap."""
    return one.begins_at < other.ends_at and other.begins_at < one.ends_at


def at_once(span: Span, others: Iterable[Span], zone: tzinfo) -> list[Problem]:
    """The shifts that the same person has at the same time, wherever; the sentence names both."""
    return [
        Problem(
            "overlap",
            _("%(planned)s与已排的%(other)s重叠：一个人不能同时在两处。"),
            _both(span, other, zone),
            True,
            other.id,
        )
        for other in others
        if overlaps(span, other) and not is_same(span, other)
    ]


def is_same(span: Span, other: Span) -> bool:
    """Whether it is the very entry that is looked at."""
    return span.id is not None and span.id == other.id


def _both(span: Span, other: Span, zone: tzinfo) -> dict[str, str]:
    return {"planned": span_words(span, zone), "other": span_words(other, zone)}


def span_words(span: Span, zone: tzinfo) -> str:
    """“1 号席”早班 2026-11-22 07:00–15:00; the second day is told when it is another."""
    begins, ends = span.begins_at.astimezone(zone), span.ends_at.astimezone(zone)
    until = f"{ends:%H:%M}" if ends.date() == begins.date() else f"{ends:%m-%d %H:%M}"
    named = f"“{span.place}”{span.shift}" if span.place else span.shift
    return f"{named} {begins:%Y-%m-%d %H:%M}–{until}".strip()


def too_tired(span: Span, others: Collection[Span], rules: Rules, zone: tzinfo) -> list[Problem]:
    """The fatigue rules that the shift would break, beside the person's other ones; each with its figures."""
    # Beyond the longest row of days that is asked about nothing can matter.
    reach = max(WEEK, timedelta(days=rules.days_in_a_row_at_most + 1)) + timedelta(hours=LONGEST_HOURS)
    near = [
        other
        for other in others
        if not is_same(span, other)
        and other.ends_at > span.begins_at - reach
        and other.begins_at < span.ends_at + reach
    ]
    return [
        *_too_long(span, rules),
        *_too_little_rest(span, near, rules),
        *_too_much_in_a_week(span, near, rules, zone),
        *_too_many_days(span, near, rules),
    ]


def _too_long(span: Span, rules: Rules) -> Iterator[Problem]:
    if span.hours > rules.shift_hours_at_most:
        figures: dict[str, Figure] = {"hours": _hours(span.hours), "limit": rules.shift_hours_at_most}
        yield Problem("shift_hours", _("这一班 %(hours)s 小时，最多 %(limit)d 小时。"), figures)


def _too_little_rest(span: Span, near: list[Span], rules: Rules) -> Iterator[Problem]:
    """To the shift before and to the one after; what overlaps is no rest but a fault of its own."""
    before = [span.begins_at - other.ends_at for other in near if other.ends_at <= span.begins_at]
    after = [other.begins_at - span.ends_at for other in near if other.begins_at >= span.ends_at]
    for rests, said in (
        (before, _("与前一班只隔 %(hours)s 小时，至少 %(limit)d 小时。")),
        (after, _("与后一班只隔 %(hours)s 小时，至少 %(limit)d 小时。")),
    ):
        rest = min(rests, default=None)
        if rest is not None and rest < timedelta(hours=rules.rest_hours_at_least):
            yield Problem("rest", said, {"hours": _hours(rest / HOUR), "limit": rules.rest_hours_at_least})


def _too_much_in_a_week(span: Span, near: list[Span], rules: Rules, zone: tzinfo) -> Iterator[Problem]:
    since, hours = most_in_a_week(span, near)
    if hours > rules.week_hours_at_most:
        figures: dict[str, Figure] = {
            "begins": f"{since.astimezone(zone):%Y-%m-%d %H:%M}",
            "hours": _hours(hours),
            "limit": rules.week_hours_at_most,
        }
        yield Problem("week_hours", _("%(begins)s 起的 7 天里共 %(hours)s 小时，最多 %(limit)d 小时。"), figures)


def most_in_a_week(span: Span, near: list[Span]) -> tuple[datetime, float]:
    """Of all stretches of 7 times 24 hours that touch the shift, the fullest: since when, and its hours.

    A fullest one begins with a shift or ends with one: moved on from anywhere else it loses nothing.
    """
    all_of = [span, *near]
    starts = {one.begins_at for one in all_of} | {one.ends_at - WEEK for one in all_of}
    touching = sorted(start for start in starts if start < span.ends_at and span.begins_at < start + WEEK)
    found = [(start, _worked(all_of, start, start + WEEK)) for start in touching]
    begins = {one.begins_at for one in all_of}
    # Of equals, one that begins with a shift is told: that is easier to follow.
    return max(found, key=lambda one: (one[1], one[0] in begins))


def _worked(spans: list[Span], since: datetime, until: datetime) -> float:
    worked = (min(one.ends_at, until) - max(one.begins_at, since) for one in spans)
    return sum((each for each in worked if each > timedelta()), timedelta()) / HOUR


def _too_many_days(span: Span, near: list[Span], rules: Rules) -> Iterator[Problem]:
    count = days_in_a_row(span.day, {other.day for other in near})
    if count > rules.days_in_a_row_at_most:
        figures = {"count": count, "limit": rules.days_in_a_row_at_most}
        yield Problem("days_in_a_row", _("连续上班 %(count)d 天，最多 %(limit)d 天。"), figures)


def days_in_a_row(day: date, others: Collection[date]) -> int:
    """How many days in a row have a shift that begins on them, `day` among them."""
    count = 1
    for way in (timedelta(days=1), timedelta(days=-1)):
        beside = day + way
        while beside in others:
            count, beside = count + 1, beside + way
    return count


def is_restful(spans: Collection[Span], rules: Rules) -> bool:
    """Whether no shift of one person overlaps another or breaks a rule: asked before each is looked at, since of
    most people nothing is to be told."""
    row = sorted(spans, key=lambda span: span.begins_at)
    rest = timedelta(hours=rules.rest_hours_at_least)
    return (
        all(span.hours <= rules.shift_hours_at_most for span in row)
        and all(after.begins_at - before.ends_at >= rest for before, after in pairwise(row))
        and _most_hours(row) <= rules.week_hours_at_most
        and _longest_row({span.day for span in row}) <= rules.days_in_a_row_at_most
    )


def _most_hours(row: list[Span]) -> float:
    """The most hours of any week, of shifts in order that do not overlap."""
    begins, ends = [span.begins_at for span in row], [span.ends_at for span in row]
    hours = [0.0, *accumulate(span.hours for span in row)]

    def until(moment: datetime) -> float:
        """Hours worked before that moment."""
        place = bisect_left(begins, moment)
        over = (ends[place - 1] - moment) / HOUR if place and ends[place - 1] > moment else 0.0
        return hours[place] - over

    starts = [*begins, *(end - WEEK for end in ends)]
    return max((until(start + WEEK) - until(start) for start in starts), default=0.0)


def _longest_row(days: set[date]) -> int:
    firsts = (day for day in days if day - timedelta(days=1) not in days)
    return max((days_in_a_row(day, days) for day in firsts), default=0)


def days_of(span: Span, zone: tzinfo) -> list[date]:
    """The centre's days that the shift touches: on each of them he must be eligible, and not on leave."""
    last = (span.ends_at - timedelta(microseconds=1)).astimezone(zone).date()
    first = span.begins_at.astimezone(zone).date()
    return [first + timedelta(days=place) for place in range((last - first).days + 1)]


def _hours(hours: float) -> str:
    return f"{round(hours, 2):g}"
