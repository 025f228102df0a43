"""Following turns over the bus: each message once, and one that fails stops no other company and no other clause."""

import logging
from datetime import datetime

from django.db import transaction
from django.db.models import Exists, OuterRef

from lianjing.core.retrying import AWAY, wait_after
from lianjing.core.viewer import Viewer, require
from lianjing.domain.compliance.clause_findings import FOLLOWER, Turn, raise_for_clause
from lianjing.domain.compliance.models import UntakenTurn
from lianjing.domain.findings.models import Finding, Followed
from lianjing.domain.findings.policy import EDIT
from lianjing.terms.verdicts import Verdict

log = logging.getLogger(__name__)

DEFECT_LIMIT = 200
AT_ONCE = 20


def follow_turn(turn: Turn, position: int, *, by: Viewer, at: datetime) -> Finding | None:
    """Takes up a message of the bus, once: how far the bus was followed is kept in the same transaction. One that fails
    is kept and told in the log, and tried again by `retry_turns`; what comes later about the same clause waits behind
    it. Runs as the system."""
    try:
        return _followed(turn, position, by, at)
    except AWAY:
        raise
    except Exception as wrong:
        log.exception("message %d: clause %s of company %d: no finding", position, turn.clause, turn.company_id)
        with transaction.atomic():
            if _move_to(position):
                _keep(turn, position, at, type(wrong).__name__)
        return None


@transaction.atomic
def _followed(turn: Turn, position: int, by: Viewer, at: datetime) -> Finding | None:
    if not _move_to(position):
        return None
    if UntakenTurn.objects.filter(company_id=turn.company_id, clause=turn.clause).exists():
        _keep(turn, position, at)
        return None
    return raise_for_clause(turn, by=by, at=at)


def _move_to(position: int) -> bool:
    """False: it was taken up already."""
    followed, _made = Followed.objects.get_or_create(name=FOLLOWER)
    return bool(Followed.objects.filter(pk=followed.pk, position__lt=position).update(position=position))


def _keep(turn: Turn, position: int, at: datetime, defect: str = "") -> None:
    was = turn.was.value if turn.was else ""
    row = UntakenTurn(position=position, company_id=turn.company_id, clause=turn.clause, due_at=at)
    row.from_verdict, row.to_verdict = was, turn.now.value
    _note_failure(row, defect, at) if defect else row.save()


def _note_failure(row: UntakenTurn, defect: str, at: datetime) -> None:
    row.tries, row.failed_at, row.defect = row.tries + 1, at, defect[:DEFECT_LIMIT]
    row.due_at = at + wait_after(row.tries)
    row.save()


def retry_turns(*, by: Viewer, at: datetime) -> int:
    """Tries again what failed and is due, of each clause the first; how many were taken up. Raises Forbidden."""
    require(by, EDIT, None)
    same = UntakenTurn.objects.filter(company_id=OuterRef("company_id"), clause=OuterRef("clause"))
    firsts = UntakenTurn.objects.filter(~Exists(same.filter(position__lt=OuterRef("position"))), due_at__lte=at)
    due = list(firsts.order_by("due_at", "position").values_list("pk", flat=True)[:AT_ONCE])
    return sum(_retried(pk, by, at) for pk in due)


def _retried(pk: int, by: Viewer, at: datetime) -> bool:
    try:
        with transaction.atomic():
            return _taken(pk, by, at)
    except AWAY:
        raise
    except Exception as wrong:
        with transaction.atomic():
            row = UntakenTurn.objects.select_for_update(no_key=True).filter(pk=pk).first()
            if row is not None:
                log.exception("message %d: clause %s of company %d: again", row.position, row.clause, row.company_id)
                _note_failure(row, type(wrong).__name__, at)
        return False


def _taken(pk: int, by: Viewer, at: datetime) -> bool:
    row = UntakenTurn.objects.select_for_update(no_key=True).filter(pk=pk).first()
    if row is None:
        return False
    turn = Turn(row.company_id, row.clause, Verdict.of(row.from_verdict), Verdict(row.to_verdict))
    raise_for_clause(turn, by=by, at=at)
    row.delete()
    return True
