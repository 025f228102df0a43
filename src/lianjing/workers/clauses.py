"""Keeps the verdicts of the clauses: what a change has woken within seconds, everything once a day.

What happened is asked first, then what day it is, and only with nothing else to do what was in months gone by.
"""

import logging
from collections.abc import Callable
from datetime import datetime

from django.utils import timezone

from lianjing.core.outbox.stamp import stamp
from lianjing.core.retrying import AWAY
from lianjing.core.viewer import System
from lianjing.domain.compliance.putting_off import put_off
from lianjing.domain.compliance.verdict_counts import judge_past_month
from lianjing.domain.compliance.verdict_keeping import judge_all, judge_waiting
from lianjing.domain.compliance.verdicts_due import unswept_company, woken_company
from lianjing.domain.compliance.woken import note_wakes

log = logging.getLogger(__name__)

SYSTEM = System("clauses")
REST_SECONDS = 0.5


def turn() -> int:
    """One round: at most one company's clauses that wait, else one company's sweep; how many clauses were judged."""
    now = timezone.now()
    note_wakes(by=SYSTEM, at=now)
    judged = _judge(now)
    if judged:
        stamp()
    else:
        judge_past_month(by=SYSTEM, at=now)
    return judged


def _judge(now: datetime) -> int:
    woken = woken_company(SYSTEM, now)
    if woken is not None:
        return _guarded(judge_waiting, woken)
    unswept = unswept_company(SYSTEM, now)
    return _guarded(judge_all, unswept) if unswept is not None else 0


def _guarded(judge: Callable[..., int], company_id: int) -> int:
    """One company that fails is put off, and holds up no other."""
    try:
        return judge(company_id, by=SYSTEM, at=timezone.now())
    except AWAY:
        raise
    except Exception as wrong:
        log.exception("company %d: its clauses cannot be judged", company_id)
        put_off(company_id, wrong, by=SYSTEM, at=timezone.now())
        return 0
