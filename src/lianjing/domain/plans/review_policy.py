"""Reviews of plans: what may be entered, what counts on a day, when the next one is due. No Django, no clock."""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import date, timedelta

from lianjing.core.refusals import Refused
from lianjing.domain.plans.basis import Basis, basis_list
from lianjing.terms.plans import FollowUp, ReviewConclusion, ReviewKind
from lianjing.terms.sentences import marked as _
from lianjing.terms.texts import storable

BASES_AT_MOST = 20
BASIS_LIMIT = 100


@dataclass(frozen=True, slots=True)
class NewReview:
    """A review as it was entered. `bases`: keys of the list; `more_bases`: what was added, a line each. `valid_until`
    None: a year. `follow_up`: of a yearly one that wants a revision."""

    kind: str
    conclusion: str
    reviewed_on: date | None
    valid_until: date | None = None
    bases: tuple[str, ...] = ()
    more_bases: str = ""
    reviewers: str = ""
    note: str = ""
    follow_up: str = ""


@dataclass(frozen=True, slots=True)
class SoundReview:
    """What was entered and may be kept."""

    kind: ReviewKind
    conclusion: ReviewConclusion
    reviewed_on: date
    valid_until: date
    bases: tuple[Basis, ...]
    reviewers: str
    note: str
    follow_up: FollowUp | None


def a_year_after(day: date) -> date:
    """The same day of the next year; of a leap day the last of February."""
    if day.year == date.max.year:
        return date.max
    return day.replace(year=day.year + 1, day=28) if (day.month, day.day) == (2, 29) else day.replace(year=day.year + 1)


def checked_review(new: NewReview, *, written_on: date, today: date) -> SoundReview:
    """Raises Refused with a sentence about the first field that cannot be. `written_on`: when the version got its text;
    `today`: in the centre's zone."""
    kind, conclusion = ReviewKind.of(new.kind), ReviewConclusion.of(new.conclusion)
    if kind is None:
        raise Refused("kind", _("没有这种评审。"))
    if conclusion is None or conclusion.kind != kind:
        raise Refused("conclusion", _("请选择结论。"))
    begins, ends = _days(new, written_on, today)
    bases = _bases(new) if kind is ReviewKind.LEGAL else ()
    if conclusion in (ReviewConclusion.FAILS, ReviewConclusion.REVISE) and not new.note.strip():
        raise Refused("note", _("请写明哪里须改。"))
    follow = FollowUp.of(new.follow_up) if conclusion is ReviewConclusion.REVISE else None
    return SoundReview(kind, conclusion, begins, ends, bases, new.reviewers, new.note, follow)


def _days(new: NewReview, written_on: date, today: date) -> tuple[date, date]:
    if new.reviewed_on is None:
        raise Refused("reviewed_on", _("请填写评审日期。"))
    if new.reviewed_on > today:
        raise Refused("reviewed_on", _("评审日期不能晚于今天。"))
    if new.reviewed_on < written_on:
        raise Refused("reviewed_on", _("评审日期早于这一版写成的日期 %(day)s。"), day=str(written_on))
    last = a_year_after(new.reviewed_on)
    ends = new.valid_until if new.valid_until is not None else last
    if ends < new.reviewed_on:
        raise Refused("valid_until", _("有效期早于评审日期。"))
    if ends > last:
        raise Refused("valid_until", _("预案至少每年评审一次：最晚到 %(day)s。"), day=str(last))
    return new.reviewed_on, ends


def _bases(new: NewReview) -> tuple[Basis, ...]:
    known = {one.key: one for one in basis_list()}
    if unknown := [key for key in new.bases if key not in known]:
        raise Refused("bases", _("没有这项依据：%(key)s。"), key=unknown[0])
    added = [line.strip() for line in new.more_bases.splitlines() if line.strip()]
    if any(len(line) > BASIS_LIMIT or not storable(line) for line in added):
        raise Refused("more_bases", _("每行写一项依据，最多 %(limit)d 个字。"), limit=BASIS_LIMIT)
    chosen = [known[key] for key in dict.fromkeys(new.bases)] + [Basis("", line) for line in added]
    if not chosen:
        raise Refused("bases", _("请至少选一项评审依据。"))
    if len(chosen) > BASES_AT_MOST:
        raise Refused("more_bases", _("依据最多 %(most)d 项。"), most=BASES_AT_MOST)
    return tuple(chosen)


# As they count


@dataclass(frozen=True, slots=True)
class ReviewKnown:
    """A review that is taken for true. It counts from its day to its last day."""

    id: int
    version_id: int
    kind: ReviewKind
    conclusion: ReviewConclusion
    reviewed_on: date
    valid_until: date
    reviewer: str


@dataclass(frozen=True, slots=True)
class PlanStanding:
    """A plan with its version in force, and the reviews of it. `since_on`: the day on which the version came into
    force."""

    plan_id: int
    title: str
    event_class: str
    grade: int | None
    scope: str
    version_id: int
    number: int
    since_on: date
    first_on: date
    """Since when the plan has been in force at all, without a break or with one."""
    reviews: tuple[ReviewKnown, ...] = field(default=())

    def with_reviews(self, reviews: Iterable[ReviewKnown]) -> "PlanStanding":
        return replace(self, reviews=tuple(reviews))

    def legal_on(self, day: date) -> ReviewKnown | None:
        """The review of this version that counts on the day: of several the latest."""
        mine = [one for one in self._legal if one.reviewed_on <= day <= one.valid_until]
        return max(mine, key=_order, default=None)

    def lapsed_on(self, day: date) -> ReviewKnown | None:
        """The last review of this version that is over on the day."""
        return max((one for one in self._legal if one.valid_until < day), key=_order, default=None)

    def yearly_on(self, day: date) -> ReviewKnown | None:
        """The last yearly review of the plan by then, of whichever version."""
        mine = [one for one in self.reviews if one.kind is ReviewKind.YEARLY and one.reviewed_on <= day]
        return max(mine, key=_order, default=None)

    def due_on(self, day: date) -> date:
        """By when the next yearly review is due, as it stands on the day."""
        last = self.yearly_on(day)
        return last.valid_until if last else a_year_after(self.first_on)

    @property
    def _legal(self) -> list[ReviewKnown]:
        return [one for one in self.reviews if one.kind is ReviewKind.LEGAL and one.version_id == self.version_id]

    @property
    def turns(self) -> set[date]:
        """Days on which another of its reviews may count than on the day before."""
        days = {one.reviewed_on for one in self._legal}
        return days | {one.valid_until + timedelta(days=1) for one in self._legal if one.valid_until < date.max}


def _order(one: ReviewKnown) -> tuple[date, int]:
    return one.reviewed_on, one.id
