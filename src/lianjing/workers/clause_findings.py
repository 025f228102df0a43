"""Follows the bus for clauses that have turned, and has their findings raised or told that they are good again."""

import logging

from django.utils import timezone

from lianjing.core.outbox.models import Message
from lianjing.core.outbox.read import head_position
from lianjing.core.viewer import System
from lianjing.domain.compliance.clause_findings import FOLLOWER, Turn
from lianjing.domain.compliance.turn_following import follow_turn, retry_turns
from lianjing.domain.compliance.verdict_keeping import TURNED
from lianjing.domain.findings.models import Followed
from lianjing.terms.verdicts import Verdict

log = logging.getLogger(__name__)
SYSTEM = System("clauses")
AT_ONCE = 200


class ClauseFindings:
    """The loop's turn. What lies behind is kept with each message that was taken up; how far the bus was read without
    finding one is only remembered, and looked through again after a restart."""

    def __init__(self) -> None:
        self._read_to: int | None = None

    def turn(self) -> int:
        """How many messages were taken up, those among them that had failed before."""
        return retry_turns(by=SYSTEM, at=timezone.now()) + self._follow()

    def _follow(self) -> int:
        head = head_position()
        if self._read_to is None:
            self._read_to = Followed.objects.filter(pk=FOLLOWER).values_list("position", flat=True).first() or 0
        if head <= self._read_to:
            return 0
        rows = Message.objects.filter(topic=TURNED, position__gt=self._read_to, position__lte=head)
        messages = list(rows.order_by("position")[:AT_ONCE])
        for message in messages:
            self._take_up(message)
        if len(messages) < AT_ONCE:
            self._read_to = head
        return len(messages)

    def _take_up(self, message: Message) -> None:
        position, turn = message.position or 0, turn_of(message)
        if turn is not None:
            follow_turn(turn, position, by=SYSTEM, at=timezone.now())
        self._read_to = position


def turn_of(message: Message) -> Turn | None:
    """What the message says; None, and a line in the log, when it says nothing that we know."""
    told = message.payload
    now, was = Verdict.of(str(told.get("to") or "")), Verdict.of(str(told.get("from") or ""))
    if now is None or message.company_id is None:
        log.warning("message %s: no turn of a clause: %s", message.position, told)
        return None
    return Turn(message.company_id, str(told.get("clause", "")), was, now)
