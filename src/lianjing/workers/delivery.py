"""Messages leave the house: one worker a channel, each message claimed, sent, and its fate noted."""

import logging

from django.utils import timezone

from lianjing.core.viewer import System
from lianjing.domain.deliveries.actions import claim_delivery, note_failed, note_sent
from lianjing.domain.deliveries.ports import NotSent, Sender
from lianjing.workers.senders import Simulated

log = logging.getLogger(__name__)

WORKER = System("delivery")


class Deliveries:
    """Sends what is due by one channel, a message a turn."""

    def __init__(self, channel: str, sender: Sender) -> None:
        self.name = f"deliver {channel}"
        self._channel, self._sender = channel, sender
        self._simulated = Simulated()

    def turn(self) -> int:
        """Sends one message; returns how many were due, 0 or 1.

        Nothing is held open while the other side is waited for. A process that dies between sending and noting leaves
        the message in `sending`: after two minutes it is sent again and says so.
        """
        letter = claim_delivery(self._channel, by=WORKER, at=timezone.now())
        if letter is None:
            return 0
        sender: Sender = self._simulated if letter.simulated else self._sender
        try:
            number = sender.send(letter)
        except NotSent as wrong:
            log.warning(
                "message %d was not sent by %s (attempt %d): %s", letter.id, self._channel, letter.attempt, wrong
            )
            note_failed(letter, str(wrong), by=WORKER, at=timezone.now(), hopeless=wrong.hopeless)
        else:
            note_sent(letter, number, by=WORKER, at=timezone.now())
        return 1
