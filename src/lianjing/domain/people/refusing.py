"""What the duty gate refuses is written down, although the act that was refused leaves nothing behind."""

from collections.abc import Callable
from datetime import datetime, timedelta
from functools import wraps
from typing import Any, ParamSpec, TypeVar

from django.db import transaction

from lianjing.core.outbox.write import News, emit
from lianjing.core.viewer import Viewer
from lianjing.domain.people.gate_facts import Stand
from lianjing.domain.people.gate_policy import Entitlement, told
from lianjing.domain.people.models import User
from lianjing.domain.records.actions import Deed, write_records
from lianjing.domain.records.models import Record
from lianjing.terms.sentences import words

REFUSED = "duty.refused"
GATE = "gate"
"""Subject of these records; its id is the company's."""
TELL_AGAIN_AFTER = timedelta(minutes=10)
"""Who tries again and again is on record once in so long, unless he is refused for something else."""

P = ParamSpec("P")
R = TypeVar("R")


class DutyRefused(Exception):
    """He may not stand duty, or not so; the text is a sentence for the person. `entitled`: what the gate said."""

    def __init__(self, sentence: str, stand: Stand | None = None, entitled: Entitlement | None = None) -> None:
        super().__init__(sentence)
        self.stand, self.entitled = stand, entitled


def tells_refusals(act: Callable[P, R]) -> Callable[P, R]:
    """Around an action, outside its transaction: that is rolled back, and what the gate said must stay."""

    @wraps(act)
    def telling(*args: P.args, **named: P.kwargs) -> R:
        try:
            return act(*args, **named)
        except Exception as raised:
            refused = _behind(raised)
            if refused is not None:
                _write_down(refused, **{name: named[name] for name in ("by", "at", "source") if name in named})  # type: ignore[arg-type]
            raise

    return telling


def reasons_kept(entitled: Entitlement) -> list[dict[str, str]]:
    """What the gate said, as records and passes keep it: private reasons without their words."""
    return [{"code": reason.code, "clause": reason.clause, "said": words(told(reason))} for reason in entitled.reasons]


def _behind(raised: BaseException | None) -> DutyRefused | None:
    """The gate's refusal that led to this, if one did."""
    while raised is not None and not isinstance(raised, DutyRefused):
        raised = raised.__cause__
    return raised if raised is not None and raised.entitled is not None else None


@transaction.atomic
def _write_down(refused: DutyRefused, *, by: Viewer, at: datetime, source: str = "") -> None:
    stand, entitled = refused.stand, refused.entitled
    if stand is None or entitled is None or "role" in {reason.code for reason in entitled.reasons}:
        return  # whoever does not belong there leaves no trace in a company's book
    reasons = reasons_kept(entitled)
    if _told_lately(stand, [one["code"] for one in reasons], at):
        return
    name = User.objects.get(pk=stand.user_id).shown_name
    after: dict[str, Any] = {"user": stand.user_id, "name": name, "post_kind": stand.post_kind.value}
    deed = Deed(REFUSED, GATE, stand.company_id, stand.company_id, {**after, "reasons": reasons})
    write_records([deed], by=by, at=at, source=source)
    emit([News(REFUSED, stand.company_id, {"user": stand.user_id})], at=at)


def _told_lately(stand: Stand, codes: list[str], at: datetime) -> bool:
    rows = Record.objects.filter(subject_type=GATE, subject_id=str(stand.company_id), action=REFUSED)
    last = rows.filter(at__gt=at - TELL_AGAIN_AFTER, after__user=stand.user_id).order_by("-id").first()
    return last is not None and [one["code"] for one in (last.after or {}).get("reasons", ())] == codes
