"""并案: what stands in a case goes on in the one that it is joined into. Verification and findings in memory; guards,
hand-overs to 110 and links by `joined_cases`.

Steps of the actions of this app, and no actions themselves.
"""

from dataclasses import dataclass

from lianjing.domain.incidents.duty_facts import all_duties_of, duties_of, facts_of
from lianjing.domain.incidents.joining_policy import GRAVITY, SCENE_GRAVITY, further, graver
from lianjing.domain.incidents.milestones import PATROL
from lianjing.domain.incidents.models import Incident
from lianjing.domain.incidents.moving import Actor
from lianjing.domain.incidents.plan_running import forwarding_covers, verification_covers
from lianjing.domain.incidents.police_steps import keep_told
from lianjing.domain.incidents.policy import SEEN_THERE
from lianjing.domain.incidents.reporting_duty import Duty, duties_brought
from lianjing.terms.codes import EventClass


@dataclass(frozen=True, slots=True)
class Before:
    """What two cases had, each by itself, before they became one."""

    duties: list[Duty]
    standing: frozenset[str]
    """Names of those duties that nobody has met."""
    outcome: str
    sent_to: frozenset[str]
    """Whom the case that stays had told or sent itself."""


def before_joining(remaining: Incident, ending: Incident) -> Before:
    """To be asked while neither has changed."""
    standing = {duty.name for case in (remaining, ending) for duty in duties_of(case)}
    sent_to = {*remaining.police_told, remaining.forwarded_to}
    duties = [*all_duties_of(remaining), *all_duties_of(ending)]
    return Before(duties, frozenset(standing), remaining.verified_outcome, frozenset(sent_to))


def take_over_work(remaining: Incident, ending: Incident, before: Before) -> None:
    """What was verified, found and forwarded, the guards that are out, and the duties; class and grade are set.

    The more serious counts of two verifications, and of two findings. What was waived stays waived unless it stands
    in the other case.
    """
    if graver(ending.verified_outcome, remaining.verified_outcome, GRAVITY):
        remaining.verified_how, remaining.verified_outcome = ending.verified_how, ending.verified_outcome
    if remaining.event_class == EventClass.HOLD_UP and _is_only_heard_false(remaining):
        # Of another alarm somebody may have heard that it is false; of a hold-up he has to see it.
        remaining.verified_how = remaining.verified_outcome = ""
    if graver(ending.scene, remaining.scene, SCENE_GRAVITY):
        remaining.scene = ending.scene
    remaining.forwarded_to = remaining.forwarded_to or ending.forwarded_to
    remaining.state = further(remaining.state, ending.state)
    remaining.confirmed_by = sorted({*remaining.confirmed_by, *ending.confirmed_by})
    remaining.tasks_out += ending.tasks_out
    remaining.duties_waived = sorted({*remaining.duties_waived, *ending.duties_waived} - before.standing)
    remaining.duties_brought = []
    remaining.duties_brought = duties_brought(before.duties, facts_of(remaining))
    ending.tasks_out, ending.receipt_owed = 0, False


def _is_only_heard_false(incident: Incident) -> bool:
    return incident.verified_outcome == "false" and incident.verified_how not in SEEN_THERE


def go_on_with_work(remaining: Incident, ending: Incident, before: Before, actor: Actor) -> None:
    """Whom both have told, and what that does of the plan. The case that ended is stored as such."""
    keep_told(remaining)
    if remaining.verified_outcome not in ("", before.outcome):
        verification_covers(remaining, actor)
    patrol = {PATROL} if PATROL in (ending.forwarded_to, remaining.forwarded_to) else set()
    for to in sorted({*remaining.police_told, *patrol} - before.sent_to):
        forwarding_covers(remaining, to, actor)
