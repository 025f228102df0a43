"""What stands around every page of the desk: counts, the day's account, the last seal, faults, the person."""

import time
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils import timezone, translation

from lianjing.core.access import may, viewer_of
from lianjing.core.outbox.read import head_position
from lianjing.core.viewer import Person, Scope
from lianjing.domain.incidents.hand_overs import HandOverLine, waiting_hand_overs
from lianjing.domain.incidents.queries import QueueRow, queue_tally
from lianjing.domain.incidents.queue_lists import NOTHING_BREAKING, Breaking, breaking_through, escalated, offers_to
from lianjing.domain.records.queries import LastSeal, last_seal
from lianjing.domain.signals.daily_account import Account, account_of, today
from lianjing.domain.signals.test_lines import TestLine, ending_soon
from lianjing.web.console.tally import Figure, figures, held
from lianjing.web.health import Health, database_away, health
from lianjing.web.pages import signed_on_words

ACCOUNT_SECONDS = 5.0
"""A day's account counts every signal of the day: it is read this often, and takes a twentieth of the time at most."""

SLOW_SECONDS = 0.5
"""A count that takes longer, as in a storm, is not repeated for every page."""

LIVE_PARTS = ("tally", "truth", "banners", "breaking")


@dataclass(frozen=True, slots=True)
class Situation:
    """What header, truth line and banners show."""

    counts: Mapping[int, int]
    account: Account | None
    seal: LastSeal | None
    health: Health
    endings: tuple[TestLine, ...] = ()
    """Tests that end within minutes: a line that hurries nobody, and no case, for there is nothing to handle."""
    figures: tuple[Figure, ...] = ()
    breaking: Breaking = NOTHING_BREAKING
    """Hold-ups and fires that nobody has looked at: over whatever is on the screen."""
    escalated: tuple[QueueRow, ...] = ()
    unsigned: tuple[HandOverLine, ...] = ()
    """Hand-overs that lack a signature stay in sight until both have signed."""


class AccountCache:
    """The day's account a scope, read again only when it is due: after `least` seconds, later when counting is slow."""

    def __init__(self, least: float = ACCOUNT_SECONDS) -> None:
        self._least = least
        self._kept: dict[Scope, tuple[float, Account | None]] = {}

    def account(self, viewer: Person) -> Account | None:
        scope, started = viewer.scope("accounting.see"), time.monotonic()
        due, account = self._kept.get(scope, (0.0, None))
        on = today()
        if started < due and account is not None and account.on == on:
            return account
        account = account_of(viewer, on)
        took = time.monotonic() - started
        pause = max(self._least, 20 * took if took > SLOW_SECONDS else 0.0)
        self._kept[scope] = (time.monotonic() + pause, account)
        return account


_pages = AccountCache(least=0.0)


def situation(viewer: Person, now: datetime, accounts: AccountCache | None = None) -> Situation:
    """A stream brings its cache for the day's account; pages count it anew as long as that is quick."""
    account = (accounts or _pages).account(viewer)
    endings = tuple(ending_soon(viewer, now))
    queue = queue_tally(viewer)
    some = any(queue.grades.values())
    return Situation(
        counts=queue.grades,
        account=account,
        seal=last_seal(viewer),
        health=health(viewer, now),
        endings=endings,
        figures=(held(queue.held), *figures(viewer, now)),
        breaking=breaking_through(viewer) if some else NOTHING_BREAKING,
        unsigned=tuple(waiting_hand_overs(viewer)),
        escalated=tuple(escalated(viewer)) if some else (),
    )


def blind() -> Situation:
    """What can be said while the database is away."""
    return Situation({}, None, None, database_away())


def live_parts(seen: Situation, language: str) -> dict[str, str]:
    """The live parts as the page itself renders them."""
    with translation.override(language):
        return {part: render_to_string(f"desk/_{part}.html", _shown(seen)).strip() for part in LIVE_PARTS}


def _shown(seen: Situation) -> dict[str, Any]:
    return {
        "counts": seen.counts,
        "account": seen.account,
        "seal": seen.seal,
        "health": seen.health,
        "endings": seen.endings,
        "figures": seen.figures,
        "breaking": seen.breaking,
        "escalated": seen.escalated,
        "unsigned": seen.unsigned,
    }


def surroundings(request: HttpRequest, tab: str) -> dict[str, Any]:
    """Context of a whole page. Call it before the page's own queries: the stream resumes from its position."""
    viewer, now = viewer_of(request), timezone.now()
    position = head_position()
    seen = situation(viewer, now)
    return {
        "tab": tab,
        **signed_on_words(request),
        "position": position,
        "now": now,
        "zone": str(timezone.get_default_timezone()),
        "may_see_frames": may(viewer, "frames.see"),
        "may_take": may(viewer, "incidents.take"),
        "may_see_accounting": may(viewer, "accounting.see"),
        "may_verify": may(viewer, "records.verify"),
        "may_see_deliveries": may(viewer, "deliveries.see"),
        "may_see_sites": may(viewer, "sites.see"),
        "may_see_signals": may(viewer, "signals.see"),
        "may_see_call_cards": may(viewer, "callcards.see"),
        "may_see_figures": may(viewer, "figures.see"),
        "may_test": may(viewer, "tests.start"),
        "may_see_board": may(viewer, "board.see"),
        "may_see_handovers": may(viewer, "handovers.see"),
        "may_stand_duty": may(viewer, "duty.stand"),
        "may_see_escalations": may(viewer, "escalations.see"),
        "offers": offers_to(viewer) if any(seen.counts.values()) else [],
        **_shown(seen),
    }
