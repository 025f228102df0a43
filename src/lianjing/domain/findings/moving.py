"""How an act moves a finding: locked and allowed to, saved, recorded and told. Steps of the actions of this app."""

from collections.abc import Mapping
from typing import Any

from lianjing.core.days import centre_day
from lianjing.core.refusals import Refused
from lianjing.core.viewer import Forbidden
from lianjing.domain.findings.models import Finding, FindingCounter
from lianjing.domain.findings.permissions import may_move, standing_of
from lianjing.domain.findings.policy import CHANGED, SEE, Days, next_day, next_state, number_of, refusal
from lianjing.domain.records.changing import Actor, locked, write_down
from lianjing.terms.findings import FindingState
from lianjing.terms.sentences import marked as _
from lianjing.terms.texts import storable

TEXT_LIMIT = 1000


def finding_to_move(finding_id: int, move_name: str, actor: Actor) -> Finding:
    """The finding, locked, when this person may move it so now. Raises Missing, Forbidden or Refused."""
    rows = Finding.objects.select_related("owner", "company")
    finding = locked(rows, finding_id, actor.by, see=SEE)
    if not may_move(actor.by, move_name, finding):
        raise Forbidden(move_name)
    refused = refusal(move_name, standing_of(actor.by, finding))
    if refused is not None:
        raise Refused("", refused.sentence, **refused.figures)
    return finding


def moved(
    finding: Finding,
    move_name: str,
    actor: Actor,
    after: Mapping[str, Any],
    before: Mapping[str, Any] | None = None,
) -> Finding:
    """Puts it into its next state and keeps what the act changed."""
    had = finding.state
    finding.state = next_state(move_name, had)
    keep(finding)
    told = {**after, **({"state": finding.state} if finding.state != had else {})}
    was = {**(before or {}), **({"state": had} if finding.state != had else {})}
    write_down(f"finding.{ACTS[move_name]}", finding, finding.company_id, actor, after=told, before=was, topic=CHANGED)
    return finding


ACTS = {
    "confirm": "confirmed",
    "regrade": "regraded",
    "assign": "assigned",
    "plan": "planned",
    "note": "noted",
    "finish": "done",
    "verify": "verified",
    "return": "returned",
    "close": "closed",
    "dismiss": "dismissed",
    "effective": "found_effective",
    "ineffective": "found_ineffective",
    "reopen": "reopened",
}
"""What each move is called in the records."""


def keep(finding: Finding) -> None:
    """Saves it, in its place in the order."""
    finding.next_on = next_day(finding.state, finding.grade, _days(finding))
    finding.save()


def _days(finding: Finding) -> Days:
    return Days(
        raised_on=centre_day(finding.raised_at),
        due_on=finding.due_on,
        done_on=centre_day(finding.done_at) if finding.done_at else None,
        verified_on=centre_day(finding.verified_at) if finding.verified_at else None,
        check_on=finding.check_on if not finding.effect else None,
    )


def next_number(company_id: int, year: int) -> str:
    """The next of the company's year; whoever raises one at the same time waits."""
    FindingCounter.objects.get_or_create(company_id=company_id, year=year)
    counter = FindingCounter.objects.select_for_update(no_key=True).get(company_id=company_id, year=year)
    counter.last += 1
    counter.save(update_fields=["last"])
    return number_of(year, counter.last)


def written(field: str, value: str, *, required: bool = False, limit: int = TEXT_LIMIT) -> str:
    """What was written, stripped. Raises Refused when it is missing, too long or cannot be stored."""
    text = value.strip()
    if not storable(text):
        raise Refused(field, _("含有不能保存的字符。"))
    if required and not text:
        raise Refused(field, _("请填写。"))
    if len(text) > limit:
        raise Refused(field, _("最多 %(limit)d 个字，现有 %(count)d 个。"), limit=limit, count=len(text))
    return text


def undo_work(finding: Finding) -> None:
    """What was reported as done and verified counts no longer; it stays in the records, and the file with them."""
    finding.done_at, finding.done_by, finding.done_user = None, "", None
    finding.verified_at, finding.verified_by, finding.verification = None, "", ""
    finding.retested_on = None
    finding.closed_at, finding.closed_by = None, ""


def closed_by_itself(finding: Finding, actor: Actor) -> Finding:
    """Closes what was verified and whose source is good again."""
    if finding.state == FindingState.VERIFIED and finding.watch_key and finding.verdict_good_since is not None:
        finding.closed_at, finding.closed_by = actor.at, actor.by.name[:150]
        return moved(finding, "close", actor, {"remark": _("来源已恢复符合，措施已经复核")})
    return finding


def given(told: Mapping[str, Any]) -> dict[str, Any]:
    """What a record says of it: what is empty is left out."""
    return {name: value for name, value in told.items() if value}
