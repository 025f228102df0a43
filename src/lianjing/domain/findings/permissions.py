"""Who may move a finding: the permission of each move stands in its row of the transition table."""

from lianjing.core.viewer import Viewer, person_id
from lianjing.domain.findings.conditions import conditions_of
from lianjing.domain.findings.models import ENDED, Finding
from lianjing.domain.findings.policy import MOVES, Refusal, Standing, is_bad


def may_move(viewer: Viewer, move_name: str, finding: Finding) -> bool:
    move = MOVES[move_name]
    allowed = viewer.scope(move.permission).holds(finding.company_id)
    return allowed or (move.by_owner and is_owner(viewer, finding))


def is_owner(viewer: Viewer, finding: Finding) -> bool:
    """Whether the viewer's account is that of the owner. Needs `owner` loaded."""
    return (
        finding.owner is not None and finding.owner.user_id is not None and finding.owner.user_id == person_id(viewer)
    )


def standing_of(viewer: Viewer, finding: Finding) -> Standing:
    """The finding as the transition table sees it for this viewer. Needs `owner` loaded."""
    me = person_id(viewer)
    return Standing(
        state=finding.state,
        is_owner=is_owner(viewer, finding),
        reported_done=me is not None and finding.done_user_id == me,
        has_measure=bool(finding.cause and finding.measure),
        source_bad=finding.source_words if is_bad(finding.watch_key, finding.verdict_good_since) else "",
        check_open=finding.check_on is not None and not finding.effect,
        other_open=_other_open(finding),
        lacking=_lacking(finding),
    )


def _lacking(finding: Finding) -> Refusal | None:
    unmet = (one for one in conditions_of(finding) if not one.is_met)
    return next((Refusal(one.lacking, one.figures) for one in unmet), None)


def _other_open(finding: Finding) -> str:
    if not finding.watch_key or finding.state not in ENDED:
        return ""
    rows = Finding.objects.filter(company_id=finding.company_id, watch_key=finding.watch_key, closed_at=None)
    return rows.values_list("number", flat=True).first() or ""
