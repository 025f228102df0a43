"""The `work` process: its loops, and the pulse that says they all turn."""

import gc
import signal
import threading
from collections.abc import Sequence
from datetime import timedelta

from django.contrib.sessions.models import Session
from django.utils import timezone

from lianjing.core.doorbell import JOURNAL_BELL
from lianjing.core.outbox.models import Message
from lianjing.core.outbox.pulse import WORK, beat
from lianjing.core.outbox.stamp import stamp
from lianjing.core.outbox.write import UNSTAMPED_BELL
from lianjing.core.seals.signing import SealKey
from lianjing.workers import clauses, digests, duties, intake, sweeping, testing
from lianjing.workers.accounting import Accounting
from lianjing.workers.call_cards import CallCards
from lianjing.workers.clause_findings import ClauseFindings
from lianjing.workers.delivery import Deliveries
from lianjing.workers.escalation import Escalation
from lianjing.workers.heads import Heads
from lianjing.workers.lines import Lines
from lianjing.workers.loop import Loop
from lianjing.workers.retention import Retention
from lianjing.workers.sealing import Sealer
from lianjing.workers.sequences import Sequences
from lianjing.workers.watching import Watch

OUTBOX_KEPT = timedelta(days=2)
"""Far longer than a browser's absence is worth replaying."""
UNHURRIED = frozenset(
    {
        "account",
        "sequences",
        "sweep",
        "tests",
        "tidy",
        "retention",
        "heads",
        "call cards",
        "digests",
        "duties",
        "clauses",
        "findings",
    }
)
"""Loops that nobody waits for."""
SILENT_SECONDS = 3.0
"""A loop that has not turned for so long withholds the pulse, and the desks raise the banner."""


COLLECT_AFTER = 20_000
"""Objects: a batch of signals makes thousands, none in circles. With Python's 700, a sixth of the time in a storm
was spent on looking for some."""


def collect_seldom() -> None:
    """What the program itself is made of is not looked through again, and what it makes not at every turn."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(COLLECT_AFTER, 20, 50)


def run_until_stopped(
    key: SealKey,
    retention: Retention,
    heads: Heads,
    watch: Watch,
    lines: Lines,
    cards: CallCards,
    deliveries: Sequence[Deliveries],
) -> None:
    """Runs all loops until SIGTERM or Ctrl-C, then lets each finish its turn."""
    loops = [
        Loop("intake", intake.turn, rest=1.0, bells=[JOURNAL_BELL]),
        Loop("stamp", stamp, rest=1.0, bells=[UNSTAMPED_BELL]),
        Loop("seal", Sealer(key).turn, rest=1.0),
        Loop("lines", lines.turn, rest=0.5),
        Loop("watch", watch.turn, rest=1.0),
        Loop("escalation", Escalation().turn, rest=0.5),
        Loop("account", Accounting().turn, rest=5.0),
        Loop("sequences", Sequences().turn, rest=1.0),
        Loop("sweep", sweeping.turn, rest=30.0),
        Loop("duties", duties.turn, rest=duties.REST_SECONDS),
        Loop("tidy", tidy, rest=3600.0),
        Loop("tests", testing.turn, rest=2.0),
        Loop("retention", retention.turn, rest=60.0),
        Loop("heads", heads.turn, rest=10.0),
        Loop("call cards", cards.turn, rest=5.0),
        Loop("digests", digests.turn, rest=60.0),
        Loop("clauses", clauses.turn, rest=clauses.REST_SECONDS),
        Loop("findings", ClauseFindings().turn, rest=2.0),
    ]
    watched = [loop for loop in loops if loop.name not in UNHURRIED]
    # One a way out: a gateway that hangs holds up no other. None is watched: the desks are told of what is overdue.
    loops += [Loop(each.name, each.turn, rest=1.0) for each in deliveries]
    loops.append(Loop("pulse", lambda: _pulse(watched), rest=1.0))
    stop = threading.Event()
    collect_seldom()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    for loop in loops:
        loop.start()
    # In slices, so that the signal's handler gets its turn.
    while not stop.wait(0.2):
        pass
    for loop in loops:
        loop.stop()
    for loop in loops:
        loop.join()
    cards.close()


def _pulse(loops: list[Loop]) -> int:
    if all(loop.silent_for < SILENT_SECONDS for loop in loops):
        beat(WORK, timezone.now())
    return 0


def tidy() -> int:
    """Deletes bus messages that nobody will replay and sessions that have ended."""
    now = timezone.now()
    Message.objects.filter(at__lt=now - OUTBOX_KEPT, position__isnull=False).delete()
    Session.objects.filter(expire_date__lt=now).delete()
    return 0
