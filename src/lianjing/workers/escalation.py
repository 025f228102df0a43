"""What the clock does to the queue: holds end, untouched cases are told of, absent people's cases come back."""

import time
from datetime import datetime, timedelta

from django.utils import timezone

from lianjing.core.outbox.pulse import WEB, last_beat
from lianjing.core.outbox.stamp import stamp
from lianjing.core.viewer import System
from lianjing.domain.incidents.escalating import escalate_due, rank_key_sites, tell_waits_over
from lianjing.domain.incidents.giving_back import give_back_absent
from lianjing.domain.incidents.holding import wake_due
from lianjing.domain.incidents.queue_due import queue_due

CLOCK = System("clock")
WEB_SILENT_AFTER = timedelta(seconds=20)
"""Web processes tell this often, with room, that they hear browsers; see `web.console.presence`."""
GRACE = timedelta(seconds=30)
"""After the web was away, browsers get so long to be heard again before anybody counts as gone."""

RANK_SECONDS = 5.0
"""How soon a site that becomes a 治安重点单位 moves its open cases: the one look here that goes over all of them."""


class Escalation:
    """The loop's turn."""

    def __init__(self) -> None:
        self._hears_since: datetime | None = None
        self._rank_at = 0.0

    def turn(self) -> int:
        """One round; returns how much was due."""
        now = timezone.now()
        due = queue_due(CLOCK, now)
        done = wake_due(by=CLOCK, at=now) if due.holds else 0
        done += escalate_due(by=CLOCK, at=now) if due.escalations else 0
        done += tell_waits_over(by=CLOCK, at=now) if due.waits else 0
        if self._hears(now):
            done += give_back_absent(by=CLOCK, at=now)
        if time.monotonic() >= self._rank_at:
            done += rank_key_sites(by=CLOCK, at=now)
            self._rank_at = time.monotonic() + RANK_SECONDS
        if done:
            stamp()
        return done

    def _hears(self, now: datetime) -> bool:
        """Whether a browser that is not heard is really gone: while no web process listens, none is heard."""
        at = last_beat(WEB)
        if at is None or now - at > WEB_SILENT_AFTER:
            self._hears_since = None
            return False
        if self._hears_since is None:
            self._hears_since = now
        return now - self._hears_since >= GRACE
