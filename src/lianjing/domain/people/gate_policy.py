"""值班门禁: may this person stand duty now. No Django, no clock: the facts are gathered by `gate_facts`.

`policy.may_stand_duty` is the one rule; this is what it is made of.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import NamedTuple

from lianjing.domain.people.eligibility import Eligibility, Reason
from lianjing.terms.roles import Role
from lianjing.terms.sentences import Figures, Phrase
from lianjing.terms.sentences import marked as _
from lianjing.terms.staffing import PostKind

ROLES_OF = {
    PostKind.WATCH: frozenset({Role.OPERATOR, Role.LEADER}),
    PostKind.PATROL: frozenset({Role.GUARD}),
}
"""Who may do what kind of duty."""
_NO_ROLE = {
    PostKind.WATCH: _("只有本单位在职的值守员和班长能值班。"),
    PostKind.PATROL: _("只有本单位的巡逻员能签到巡逻。"),
}
HARD = frozenset({"account", "role"})
"""What no pass opens."""
OVER_AFTER = timedelta(hours=3)
"""A duty that goes on so long after its shift has ended was forgotten: it is shown, and never ended silently."""
TRAINING, ROSTER = "5.1.3", "5.2"


@dataclass(frozen=True, slots=True)
class Asks:
    """What a company asks of whoever signs on, as it is asked at that moment."""

    eligibility: bool
    training: bool
    roster: bool
    early: timedelta = timedelta(0)
    late: timedelta = timedelta(0)

    @property
    def anything(self) -> bool:
        return self.eligibility or self.training or self.roster


NOTHING_ASKED = Asks(eligibility=False, training=False, roster=False)


class Place(NamedTuple):
    """A published shift of the person, times in words of the centre's clock beside them."""

    post_kind: str
    name: str
    begins_at: datetime
    ends_at: datetime
    begins: str
    ends: str
    opens: str
    """From when on he may sign on."""

    def open_at(self, at: datetime, asks: Asks) -> bool:
        """From `early` before it begins, to before `late` after it has ended."""
        return self.begins_at - asks.early <= at < self.ends_at + asks.late


class Owed(NamedTuple):
    """A course that should have been passed by a day that is over."""

    course: str
    due_on: date


@dataclass(frozen=True, slots=True)
class DutyFacts:
    """What decides whether somebody may stand duty for a company."""

    is_active: bool
    roles: frozenset[Role]
    """Those that he holds for this company."""
    post_kind: PostKind = PostKind.WATCH
    asks: Asks = NOTHING_ASKED
    on_file: Eligibility | None = None
    """The one rule's answer for the day; None: no person on file of this company has the account."""
    owed: Sequence[Owed] = ()
    places: Sequence[Place] = ()
    """His published shifts around the moment, by beginning."""
    passed_until: datetime | None = None


@dataclass(frozen=True, slots=True)
class Entitlement:
    """Whether he may, and every reason why not. `sentence` with its `figures` says the first, and how many more."""

    allowed: bool
    reasons: tuple[Reason, ...] = ()
    """What speaks against it, in the order of asking; of somebody with a pass, what it opens."""
    passed_until: datetime | None = None
    """Until when a pass opens; None when he needs none or has none."""

    @property
    def sentence(self) -> str:
        return "" if self.allowed else _said(self.reasons).sentence

    @property
    def figures(self) -> Figures:
        return {} if self.allowed else _said(self.reasons).figures

    @property
    def can_be_passed(self) -> bool:
        """Whether a manager's pass would open."""
        return not any(reason.code in HARD for reason in self.reasons)


def told(reason: Reason, *, private: bool = False) -> Phrase:
    """The reason with its clause. A private one by its words only for who may read the person's file."""
    said = Phrase(reason.sentence, reason.figures)
    if reason.private and not private:
        said = Phrase(_("有一项条件不符合，原因见人员档案。"))
    if not reason.clause:
        return said
    return Phrase(_("%(said)s（%(clause)s）"), {"said": said, "clause": reason.clause})


def summed_up(reasons: Sequence[Reason], *, private: bool = False) -> Phrase:
    """The first reason, and how many more there are."""
    first = told(reasons[0], private=private)
    if len(reasons) == 1:
        return first
    return Phrase(_("%(first)s另有 %(count)d 项不符合。"), {"first": first, "count": len(reasons) - 1})


def _said(reasons: Sequence[Reason]) -> Phrase:
    return summed_up(reasons) if reasons else Phrase("")


def weigh(facts: DutyFacts, at: datetime) -> Entitlement:
    """The answer at `at`. A pass opens everything but an inactive account and a missing role."""
    hard = tuple(_by_account(facts))
    asked = tuple(_by_gate(facts, at))
    against = hard + asked
    if not against:
        return Entitlement(True)
    if not hard and facts.passed_until is not None and at < facts.passed_until:
        return Entitlement(True, asked, facts.passed_until)
    return Entitlement(False, against)


def _by_account(facts: DutyFacts) -> Iterable[Reason]:
    if not facts.is_active:
        yield Reason("account", "", False, _("此账号已停用，不能值班。"))
    if not facts.roles & ROLES_OF[facts.post_kind]:
        yield Reason("role", "", False, _NO_ROLE[facts.post_kind])


def _by_gate(facts: DutyFacts, at: datetime) -> Iterable[Reason]:
    asks = facts.asks
    if asks.anything and facts.on_file is None:
        yield Reason("on_file", "5.1", False, _("此账号没有关联本单位的人员档案。"))
        return
    if asks.eligibility and facts.on_file is not None:
        yield from facts.on_file.against
    if asks.training and facts.owed:
        yield _owing(facts.owed)
    if asks.roster:
        yield from _placed(facts, at)


def _owing(owed: Sequence[Owed]) -> Reason:
    first = min(owed, key=lambda one: one.due_on)
    figures: Figures = {"course": first.course, "day": str(first.due_on)}
    if len(owed) == 1:
        return Reason("overdue", TRAINING, False, _("培训“%(course)s”应于 %(day)s 前完成，已逾期。"), figures)
    said = _("%(count)d 门培训已逾期，最早的“%(course)s”应于 %(day)s 前完成。")
    return Reason("overdue", TRAINING, False, said, {**figures, "count": len(owed)})


def _placed(facts: DutyFacts, at: datetime) -> Iterable[Reason]:
    places = [place for place in facts.places if place.open_at(at, facts.asks)]
    if any(place.post_kind == facts.post_kind for place in places):
        return
    if places:
        other = places[0]
        figures: Figures = {"kind": Phrase(PostKind(other.post_kind).zh), "place": other.name}
        yield Reason("roster", ROSTER, False, _("本班排的是%(kind)s（%(place)s）。"), figures)
        return
    coming = next((place for place in facts.places if place.begins_at > at), None)
    over = next((place for place in reversed(facts.places) if place.ends_at <= at), None)
    if coming is not None:
        said = _("下一班 %(begins)s 开始，%(opens)s 起才能签到。")
        yield Reason("roster", ROSTER, False, said, {"begins": coming.begins, "opens": coming.opens})
    elif over is not None:
        yield Reason("roster", ROSTER, False, _("本班已于 %(ends)s 结束。"), {"ends": over.ends})
    else:
        yield Reason("roster", ROSTER, False, _("现在没有排班。"))


def over_since(facts: DutyFacts, since: datetime, at: datetime) -> datetime | None:
    """When the last shift of a duty that began at `since` ended, if that is OVER_AFTER ago and no other runs."""
    if any(place.open_at(at, facts.asks) for place in facts.places):
        return None
    ends = [place.ends_at for place in facts.places if since < place.ends_at <= at]
    return max(ends) if ends and at - max(ends) >= OVER_AFTER else None
