"""The case as its page shows it: the way to its end, what came in, and the moves with their keys and forms."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _

from lianjing.domain.incidents.case_timeline import TIMELINE_SIGNALS, choice_words, disposition_words
from lianjing.domain.incidents.case_timeline import Step as TimelineStep
from lianjing.domain.incidents.queries import (
    CaseSignal,
    IncidentPage,
    QueueRow,
)
from lianjing.domain.signals.queries import SignalLine
from lianjing.web.console.extras import FOR_THE_CASE, Extra, extras_in_words
from lianjing.web.console.forms import FORMS, MoveForm
from lianjing.web.console.hand_over import POLICE_MOVES
from lianjing.web.console.pathwords import second_path_words
from lianjing.web.tags import clock
from lianjing.web.words import FATES, MOVES, word

HISTORY_SHOWN = 12
OUT_FIRST = ("fire", "hold_up")

KEYS = {
    "take": "T",
    "acknowledge": "S",
    "verify": "V",
    "forward": "F",
    "police": "L",
    "police_sent": "Q",
    "police_accepted": "Q",
    "police_dispatched": "Q",
    "police_arrived": "Q",
    "police_closed": "Q",
    "police_received": "Y",
    "police_rejected": "X",
    "waive_police": "W",
    "send_task": "P",
    "dispose": "D",
    "close": "C",
    "note": "N",
    "release": "R",
    "break_lock": "B",
    "reopen": "O",
}
"""The key of each move, in the order of the buttons."""

QUALIFIERS = {"CID": {"1": "E", "3": "R", "6": "P"}}


@dataclass(frozen=True, slots=True)
class WayPoint:
    """One of the five steps of a case. `standing`: done, now, later or skipped."""

    name: str
    standing: str
    words: str
    detail: str
    key: str


@dataclass(frozen=True, slots=True)
class Button:
    """A move with its key. `asks`: it opens a form or a question first; `next`: it is the one loud thing."""

    name: str
    words: str
    key: str
    href: str
    allowed: bool
    why_not: str
    asks: bool
    next: bool


@dataclass(frozen=True, slots=True)
class SignalRow:
    id: int
    frame_id: int
    received_at: datetime
    words: str
    code_words: str
    is_new: bool
    listener: str
    account: str
    site_name: str
    extras: list[Extra]
    path_words: str
    first_frame: int | None


@dataclass(frozen=True, slots=True)
class HistoryRow:
    at: datetime
    words: str
    fate_words: str


class Casefile:
    """Wraps what the domain tells of one case. `given` is a form that came back with something wrong.

    `parts` is the context of the page's parts (case_parts.py): forms take from it what they offer.
    """

    def __init__(
        self, page: IncidentPage, given: MoveForm | None = None, parts: Mapping[str, Any] | None = None
    ) -> None:
        self.page = page
        self.parts = parts or {}
        self.row: QueueRow = page.row
        self.id = page.row.id
        self.given = given

    @property
    def title(self) -> str:
        return f"{self.row.site_name} — {self.row.what}"

    @cached_property
    def mine(self) -> bool:
        return self.page.is_mine

    @property
    def is_demo(self) -> bool:
        return bool(self.page.incident.company and self.page.incident.company.is_demo)

    @property
    def on_test(self) -> bool:
        return self.page.on_test

    @property
    def held_words(self) -> str:
        """Who else has the case locked, as a sentence; empty when nobody has."""
        held = self.page.incident.holder_id is not None and not self.mine
        return self.page.moves["take"].why_not if held else ""

    @cached_property
    def next_move(self) -> str | None:
        """What comes next by the state; the transition table decides whether it may be done."""
        incident = self.page.incident
        if incident.state == "closed":
            return None
        if incident.state == "open" or incident.holder_id is None:
            return "take"
        if incident.unseen:
            return "acknowledge"
        if self.page.duties:
            return "police_sent" if "police_sent" in self._police_moves else "police"
        # Fire goes out first; verification never delays it (NFPA 72: 90 s after receipt).
        # Nor is a hold-up called back before: whoever answers may be under threat.
        urgent = incident.event_class in OUT_FIRST or incident.verified_outcome in ("real", "duress")
        first = "forward" if urgent else "verify"
        after_verify = "forward" if urgent else "dispose"
        return {"taken": first, "verified": after_verify, "forwarded": "dispose"}.get(incident.state, "close")

    @cached_property
    def steps(self) -> list[WayPoint]:
        incident = self.page.incident
        told = [
            ("take", incident.state != "open", ""),
            ("verify", bool(incident.verified_outcome), self._verified()),
            ("forward", bool(incident.forwarded_to), choice_words(incident.forwarded_to)),
            ("dispose", bool(incident.disposition), disposition_words(incident.disposition)),
            ("close", incident.state == "closed", ""),
        ]
        ended = incident.state in ("disposed", "closed")
        return [self._step(name, done, said, ended) for name, done, said in told]

    def _verified(self) -> str:
        incident = self.page.incident
        return _("，").join(
            filter(None, (choice_words(incident.verified_how), choice_words(incident.verified_outcome)))
        )

    def _step(self, name: str, done: bool, said: str, ended: bool) -> WayPoint:
        words = word(MOVES, name)
        if done:
            told = _("%(move)s：%(said)s") % {"move": words, "said": said} if said else words
            return WayPoint(name, "done", told, self._last_act(name), KEYS[name])
        if name == self.next_move:
            why_not = self.page.moves[name].why_not
            return WayPoint(name, "now", words, why_not or self._why_now(name), "" if why_not else KEYS[name])
        if ended and name in ("verify", "forward"):
            return WayPoint(name, "skipped", words, _("没有进行"), "")
        return WayPoint(name, "later", words, _("需要时") if name == "forward" else "", "")

    def _why_now(self, name: str) -> str:
        incident = self.page.incident
        if name != "forward" or incident.verified_outcome:
            return ""
        if incident.event_class == "hold_up":
            return _("紧急警情先转发，不回拨现场核实")
        return _("火警先转发，复核不耽误") if incident.event_class == "fire" else ""

    def _last_act(self, name: str) -> str:
        actions = {
            "take": ("incident.taken", "incident.lock_broken"),
            "verify": ("incident.verified",),
            "forward": ("incident.forwarded",),
            "dispose": ("incident.disposed",),
            "close": ("incident.closed",),
        }[name]
        acts = [step for step in self.page.timeline if step.action in actions]
        return f"{acts[-1].actor} · {clock(acts[-1].at)}" if acts else ""

    @cached_property
    def buttons(self) -> list[Button]:
        return [self._button(name) for name in KEYS if self._concerns(name)]

    def _concerns(self, name: str) -> bool:
        """Leaders' moves appear when they can be used; taking disappears once the case is one's own."""
        if name not in KEYS:
            return False  # its form stands beside what it is about
        allowed = self.page.moves[name].allowed
        closed = self.page.incident.state == "closed"
        if name in ("break_lock", "reopen", "acknowledge"):
            return allowed
        if name == "take":
            return not self.mine and not self.held_words and not closed
        if name in ("note", "release", "send_task"):
            return self.mine and (name != "send_task" or allowed)
        if name in POLICE_MOVES:
            return allowed and name in self._police_moves
        return not closed

    def _button(self, name: str) -> Button:
        move = self.page.moves[name]
        asks = name in FORMS or name == "break_lock"
        href = reverse(f"console:{name}", args=[self.id])
        is_next = move.allowed and name == self.next_move
        return Button(name, word(MOVES, name), KEYS[name], href, move.allowed, move.why_not, asks, is_next)

    @property
    def _police_moves(self) -> Collection[str]:
        moves: Collection[str] = self.parts.get("police_moves", ())
        return moves

    @cached_property
    def forms(self) -> list[MoveForm]:
        """One form a move that asks something; the one that came back keeps what was typed and stands open."""
        made = []
        for name, form_class in FORMS.items():
            if self.given is not None and self.given.move == name:
                made.append(self.given)
            elif self._concerns(name) and self.page.moves[name].allowed:
                made.append(form_class())
        for form in made:
            form.fit(self.page, self.parts)
            form.href = reverse(f"console:{form.move}", args=[self.id])
        return made

    @property
    def break_lock_href(self) -> str:
        """Where the question about another's lock is sent; empty when it is not to be asked."""
        return reverse("console:break_lock", args=[self.id]) if self.page.moves["break_lock"].allowed else ""

    @cached_property
    def signals(self) -> list[SignalRow]:
        """Newest first: what just came in is what has to be looked at."""
        return [_signal_row(signal) for signal in reversed(self.page.signals)]

    @property
    def last_signal(self) -> int:
        """The latest signal that the page shows: what came after it has not been seen by acting on this page."""
        return max((signal.line.id for signal in self.page.signals), default=0)

    @property
    def acts(self) -> list[TimelineStep]:
        """Newest first."""
        return self.page.timeline[::-1]

    @property
    def joinings_left_out(self) -> int:
        """How many signals joined without a line of their own in the time line."""
        count = self.row.signal_count
        return count if count > TIMELINE_SIGNALS else 0

    @property
    def signals_left_out(self) -> int:
        """How many signals are not listed."""
        return max(0, self.row.signal_count - len(self.page.signals))

    @property
    def unsealed(self) -> int:
        return sum(step.seal is None for step in self.page.timeline)

    @property
    def last_seal(self) -> int | None:
        return max((step.seal for step in self.page.timeline if step.seal is not None), default=None)

    @cached_property
    def history(self) -> list[HistoryRow]:
        """Newest first, without the case's own signals."""
        own = {signal.line.id for signal in self.page.signals}
        others = [line for line in self.page.history if line.id not in own]
        return [HistoryRow(line.received_at, signal_words(line), word(FATES, line.fate)) for line in _first(others)]

    @cached_property
    def site_facts(self) -> list[Mapping[str, Any]]:
        site = self.page.site
        if site is None:
            return []
        told = [
            (_("客户"), site.customer.name),
            (_("派出所"), site.police_station),
            (_("钥匙与进入"), site.access_notes),
            (_("单位"), self.row.company_name),
        ]
        return [{"name": name, "text": text} for name, text in told if text]


def _first(lines: list[SignalLine]) -> Iterable[SignalLine]:
    return lines[:HISTORY_SHOWN]


def signal_words(line: SignalLine) -> str:
    """入侵报警 · 前门门磁"""
    return " · ".join(filter(None, (line.what, line.where, line.text)))


def _signal_row(signal: CaseSignal) -> SignalRow:
    line = signal.line
    code = QUALIFIERS.get(line.scheme, {}).get(line.qualifier, "") + line.code
    area = _("分区 %(area)s") % {"area": line.area} if line.area else ""
    zone = _("编号 %(zone)s") % {"zone": line.zone} if line.zone else ""
    repeats = _("又重复 %(count)d 次") % {"count": line.repeats} if line.repeats else ""
    told = (f"{line.scheme} {code}", area, zone, line.transport.upper(), repeats)
    second = line.second_path
    return SignalRow(
        id=line.id,
        frame_id=line.frame_id,
        received_at=line.received_at,
        words=signal_words(line),
        code_words=" · ".join(filter(None, told)),
        is_new=signal.is_alarm and signal.seen_at is None,
        listener=line.protocol,
        account=line.account,
        site_name=line.site_name,
        extras=extras_in_words(line.extras, FOR_THE_CASE),
        path_words=second_path_words(second) if second else "",
        first_frame=second.first_frame if second else None,
    )
