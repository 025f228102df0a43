"""What stands in the way of shifts that are to be planned, for many people and days at once: four queries in all."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field, fields
from datetime import date, timedelta, tzinfo

from django.utils import timezone

from lianjing.core.viewer import Viewer, visible
from lianjing.domain.people.eligibility import Eligibility
from lianjing.domain.people.eligible_days import Stretch, eligible_stretches
from lianjing.domain.people.fact_kinds import Fact
from lianjing.domain.people.models import RosterEntry, RosterRules, StaffMember
from lianjing.domain.people.models.rosters import RosterState
from lianjing.domain.people.roster_policy import (
    LONGEST_HOURS,
    WEEK,
    Problem,
    Rules,
    Span,
    at_once,
    days_of,
    is_restful,
    too_tired,
)
from lianjing.domain.people.staff_facts import SEE, facts_of
from lianjing.terms.sentences import Figure, Phrase
from lianjing.terms.sentences import marked as _
from lianjing.terms.staffing import StaffFactKind

FILES = "people.files"
LEFT, NOT_ELIGIBLE = "left", "not_eligible"
UNFIT = frozenset({LEFT, NOT_ELIGIBLE})
"""Codes of problems that are the person's and not the shift's."""
RULE_NAMES = tuple(each.name for each in fields(Rules))


@dataclass(frozen=True, slots=True)
class Wanted:
    """A shift that is to be planned, or is, for a person."""

    member: StaffMember
    post_kind: str
    span: Span
    team_id: int | None = None


@dataclass(frozen=True, slots=True)
class Judged:
    """It, with everything in the way."""

    wanted: Wanted
    problems: tuple[Problem, ...]

    @property
    def is_barred(self) -> bool:
        return any(problem.hard for problem in self.problems)

    @property
    def is_tiring(self) -> bool:
        return bool(self.problems) and not self.is_barred

    @property
    def unfit(self) -> Phrase | None:
        """Why this person may not stand duty at all then; None when it is only this shift that does not suit."""
        barred = next((problem for problem in self.problems if problem.code in UNFIT), None)
        why = barred.figures["why"] if barred else None
        return why if isinstance(why, Phrase) else None


@dataclass(slots=True)
class Surroundings:
    """What is known around some days of these people. `take` adds what has been planned meanwhile."""

    rules: Rules
    zone: tzinfo
    spans: dict[int, list[Span]]
    leaves: Mapping[int, list[Fact]]
    stretches: Mapping[int, list[Stretch]]
    tells_private: bool
    left_out: set[int] = field(default_factory=set)
    """Entries that do not count: those that are to be exchanged."""

    def judge(self, wanted: Wanted) -> Judged:
        others = [span for span in self.spans[wanted.member.pk] if span.id not in self.left_out]
        problems = [*self._who(wanted), *at_once(wanted.span, others, self.zone)]
        if not any(problem.code == "overlap" for problem in problems):
            problems += too_tired(wanted.span, others, self.rules, self.zone)
        return Judged(wanted, tuple(problems))

    def take(self, wanted: Wanted) -> None:
        self.spans[wanted.member.pk].append(wanted.span)

    def has(self, wanted: Wanted) -> bool:
        """Whether just this is planned already."""
        same = (wanted.span.begins_at, wanted.span.ends_at, wanted.span.place)
        return any((span.begins_at, span.ends_at, span.place) == same for span in self.spans[wanted.member.pk])

    def is_calm(self, member_id: int, spans: list[Span]) -> bool:
        """Whether nothing can be in the way of any of his shifts."""
        eligible = all(stretch.answer.eligible for stretch in self.stretches.get(member_id, ()))
        return eligible and not self.leaves.get(member_id) and is_restful(spans, self.rules)

    def _who(self, wanted: Wanted) -> list[Problem]:
        """Whether he may, and is there, on every day that the shift touches; of each kind the first day is told."""
        days = days_of(wanted.span, self.zone)
        return [*self._on_leave(wanted.member.pk, days)[:1], *self._not_eligible(wanted.member.pk, days)[:1]]

    def _on_leave(self, member_id: int, days: list[date]) -> list[Problem]:
        said = _("%(begins)s 至 %(until)s 请假。")
        return [
            Problem("leave", said, {"begins": str(leave.valid_from), "until": str(leave.valid_until)}, True)
            for leave in self.leaves.get(member_id, ())
            if any(leave.holds_on(day) for day in days)
        ]

    def _not_eligible(self, member_id: int, days: list[date]) -> list[Problem]:
        return [
            self._barred(day, stretch.answer)
            for day in days
            for stretch in self.stretches.get(member_id, ())
            if stretch.first <= day <= stretch.last and not stretch.answer.eligible
        ]

    def _barred(self, day: date, answer: Eligibility) -> Problem:
        """The first reason against him is enough here; private ones are for those who read his file."""
        reason = answer.against[0]
        hidden = reason.private and not self.tells_private
        why = Phrase(_("档案中有不得上岗的情形。")) if hidden else Phrase(reason.sentence, reason.figures)
        figures: dict[str, Figure] = {"day": str(day), "why": why}
        code = LEFT if reason.code == "employed" else NOT_ELIGIBLE
        return Problem(code, _("%(day)s 不能上岗：%(why)s"), figures, True)


def surroundings_of(
    viewer: Viewer, company_id: int, member_ids: Collection[int], days: tuple[date, date]
) -> Surroundings:
    """What must be known to judge shifts of these people that begin on these days. A step of actions and queries.

    Eligibility and leave are asked for whoever may see them; for others nothing is said of them.
    """
    sees = viewer.scope(SEE).holds(company_id)
    facts, rules = facts_of(member_ids) if sees else {}, rules_of(company_id)
    return Surroundings(
        rules,
        timezone.get_default_timezone(),
        _spans(member_ids, days, rules),
        {pk: [fact for fact in known if fact.kind == StaffFactKind.LEAVE] for pk, known in facts.items()},
        _stretches(member_ids, facts, days) if sees else {},
        viewer.scope(FILES).holds(company_id),
    )


def ineligible_of(viewer: Viewer, company_id: int, member_ids: Collection[int], days: tuple[date, date]) -> list[int]:
    """Those who may not stand duty on some of these days; nobody for whom the viewer may not see. One query."""
    if not viewer.scope(SEE).holds(company_id):
        return []
    stretches = _stretches(member_ids, facts_of(member_ids), days)
    return [pk for pk, found in stretches.items() if not all(one.answer.eligible for one in found)]


def _stretches(
    member_ids: Collection[int], facts: Mapping[int, list[Fact]], days: tuple[date, date]
) -> dict[int, list[Stretch]]:
    """Until the last shift that begins on these days has ended."""
    last = days[1] + timedelta(hours=LONGEST_HOURS) + timedelta(days=1)
    return {pk: eligible_stretches(facts.get(pk, ()), days[0], last) for pk in member_ids}


def rules_of(company_id: int) -> Rules:
    """The company's fatigue rules, or ours."""
    row = RosterRules.objects.filter(company_id=company_id).first()
    return Rules(**{name: getattr(row, name) for name in RULE_NAMES}) if row else Rules()


def _spans(member_ids: Collection[int], days: tuple[date, date], rules: Rules) -> dict[int, list[Span]]:
    """Their shifts, as far around the days as any rule looks."""
    reach = max(WEEK, timedelta(days=rules.days_in_a_row_at_most + 1)) + timedelta(hours=LONGEST_HOURS)
    rows = RosterEntry.objects.filter(member_id__in=member_ids, day__gte=days[0] - reach, day__lte=days[1] + reach)
    standing = rows.exclude(state=RosterState.CANCELLED).order_by("begins_at")
    found: dict[int, list[Span]] = defaultdict(list)
    columns = ("member_id", "day", "begins_at", "ends_at", "place", "shift", "pk")
    for member_id, day, begins, ends, place, shift, pk in standing.values_list(*columns):
        found[member_id].append(Span(day, begins, ends, place, shift, pk))
    return found


def span_of(row: RosterEntry) -> Span:
    return Span(row.day, row.begins_at, row.ends_at, row.place, row.shift, row.pk)


def judged_entries(
    viewer: Viewer, company_id: int, entries: Iterable[RosterEntry], days: tuple[date, date]
) -> dict[int, Judged]:
    """What is in the way of entries that are planned already, by id: certificates end, leave is granted. Those with
    nothing in the way are left out."""
    rows = list(entries)
    known = surroundings_of(viewer, company_id, {row.member_id for row in rows}, days)
    restless = {pk for pk, spans in known.spans.items() if not known.is_calm(pk, spans)}
    looked_at = (row for row in rows if row.member_id in restless)
    judged = {row.pk: known.judge(Wanted(row.member, row.post_kind, span_of(row), row.team_id)) for row in looked_at}
    return {pk: one for pk, one in judged.items() if one.problems}


def members_locked(company_id: int, member_ids: Collection[int], by: Viewer) -> dict[int, StaffMember]:
    """These people, locked in one order: of two who plan for one person the second sees what the first did."""
    rows = visible(StaffMember.objects.filter(company_id=company_id), by, "roster.see")
    found = rows.select_for_update(of=("self",), no_key=True).filter(pk__in=member_ids).order_by("pk")
    return {member.pk: member for member in found}
