"""The case as its page shows it: the way to its end, what came in, and the moves with their keys and forms."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _

from lianjing.domain.incidents.case_page import CaseSignal, IncidentPage, MoveState
from lianjing.domain.incidents.case_timeline import TIMELINE_SIGNALS
from lianjing.domain.incidents.case_timeline import Step as TimelineStep
from lianjing.domain.incidents.choice_words import said_words
from lianjing.domain.incidents.plan_reading import CasePlan
from lianjing.domain.incidents.queries import QueueRow
from lianjing.domain.plans.policy import COVERED, DONE, SKIPPED, StepKind, outcomes_of
from lianjing.domain.signals.queries import SignalLine
from lianjing.web.console.extras import FOR_THE_CASE, Extra, extras_in_words
from lianjing.web.console.forms import BAR_FORMS
from lianjing.web.console.forms_of_plan import StepForm
from lianjing.web.console.hand_over import POLICE_MOVES
from lianjing.web.console.move_form import MoveForm
from lianjing.web.console.pathwords import second_path_words
from lianjing.web.console.signalwords import signal_words
from lianjing.web.words import FATES, MOVES, word

HISTORY_SHOWN = 12
PLAN_MOVES = ("step", "reopen_step")
"""They are about a step of the plan, and ask only what that step asks."""

KEYS = {
    "read_notices": "A",
    "step": "D",
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
    "dispose": "E",
    "close": "C",
    "note": "N",
    "release": "R",
    "break_lock": "B",
    "reopen": "O",
    "reopen_step": "U",
    "hold": "H",
    "wake": "H",
    "offer": "Z",
    "withdraw": "Z",
    "accept": "Y",
    "decline": "X",
    "join": "⇧J",
    "split": "⇧S",
}
"""The key of each move, in the order of the buttons."""

WHEN_POSSIBLE = ("hold", "wake", "withdraw", "accept", "decline")
"""Moves that are shown while they can be made: most of the time most of them have no meaning."""

QUALIFIERS = {"CID": {"1": "E", "3": "R", "6": "P"}}


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
    fields: tuple[tuple[str, str], ...] = ()
    """Hidden fields that go with it."""
    about: str = ""
    """What the next step is, where the plan itself is not in sight."""


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
        if self.page.moves["accept"].allowed:
            return _("%(name)s 请您接手此警情。") % {"name": self.row.holder_name}
        held = self.page.incident.holder_id is not None and not self.mine
        return self.page.moves["take"].why_not if held else ""

    @cached_property
    def next_move(self) -> str | None:
        """What comes next by the state; the transition table decides whether it may be done."""
        incident = self.page.incident
        if incident.state == "closed":
            return None
        if self.page.moves["accept"].allowed:
            return "accept"
        if incident.state == "open" or incident.holder_id is None:
            return "take"
        if self.page.unread_notices:
            return "read_notices"
        if incident.unseen:
            return "acknowledge"
        if incident.state == "disposed":
            return "close"
        now = self.page.plan.now
        # What must be reported at once goes before whatever the plan asks next, unless the plan asks just that.
        if self.page.duties and not (now is not None and now.kind is StepKind.NOTIFY_POLICE):
            return "police_sent" if "police_sent" in self._police_moves else "police"
        if now is not None:
            return "step"
        return "verify" if incident.state == "taken" else "dispose"

    @cached_property
    def buttons(self) -> list[Button]:
        return [self._button(name) for name in KEYS if self._concerns(name)]

    @property
    def plan(self) -> CasePlan:
        return self.page.plan

    @property
    def shown_outcomes(self) -> dict[str, str]:
        """The plan's own words for outcomes that no branch names."""
        return {outcome: said_words(outcome, "") for outcome in (DONE, SKIPPED, COVERED)}

    @property
    def asks_of_step(self) -> bool:
        """Whether the next step has more than one outcome to choose from, or wants a word, or a reason not to wait."""
        now = self.page.plan.now
        if now is None:
            return False
        return len(outcomes_of(now)) > 1 or now.kind is StepKind.PASS_WORD or self._waits

    @property
    def _waits(self) -> bool:
        """Whether the plan waits, and its time is not over."""
        line = self.page.plan.now_line
        waits = line is not None and line.step.kind is StepKind.WAIT
        return waits and line is not None and (line.due_at is None or line.due_at > self.page.at)

    def _concerns(self, name: str) -> bool:
        """Leaders' moves appear when they can be used; taking disappears once the case is one's own."""
        if name not in KEYS:
            return False  # its form stands beside what it is about
        allowed = self.page.moves[name].allowed
        closed = self.page.incident.state == "closed"
        if name in ("join", "split"):
            return allowed and (name == "join" or self.row.signal_count > 1)
        if name in ("break_lock", "reopen", "acknowledge", "read_notices", *WHEN_POSSIBLE):
            return allowed
        if name == "step":
            return self.mine and self.page.plan.now is not None and not closed
        if name == "reopen_step":
            return allowed and self.page.plan.last_done is not None
        if name == "take":
            return not self.mine and not self.held_words and not closed
        if name in ("note", "release", "offer", "send_task"):
            return self.mine and (name != "send_task" or allowed)
        if name in POLICE_MOVES:
            return allowed and name in self._police_moves
        return not closed

    def _state_of(self, name: str) -> MoveState:
        """As the table says; but nothing can be handed over while nobody else is there."""
        move = self.page.moves[name]
        if name != "offer" or not move.allowed or self.page.colleagues:
            return move
        return MoveState(name, False, _("现在没有别人为本单位值班，不能移交。"))

    def _button(self, name: str) -> Button:
        move = self._state_of(name)
        asks = name in BAR_FORMS or name == "break_lock"
        if name in PLAN_MOVES:
            asks = name == "step" and self.asks_of_step
        href = reverse(f"console:{name}", args=[self.id])
        is_next = move.allowed and name == self.next_move
        words, fields = word(MOVES, name), self._fields(name)
        now = self.page.plan.now
        about = now.title if name == "step" and now is not None else ""
        return Button(name, words, KEYS[name], href, move.allowed, move.why_not, asks, is_next, fields, about)

    def _fields(self, name: str) -> tuple[tuple[str, str], ...]:
        """What a button says of the plan's step that it is about."""
        plan = self.page.plan
        if name == "step" and plan.now is not None:
            return (("step", plan.now.key), ("outcome", outcomes_of(plan.now)[0]))
        if name == "reopen_step" and plan.last_done is not None:
            return (("step", plan.last_done.step.key),)
        return ()

    @property
    def _police_moves(self) -> Collection[str]:
        moves: Collection[str] = self.parts.get("police_moves", ())
        return moves

    def _offers(self, name: str) -> bool:
        """Whether the form of this move is on the page."""
        return self._concerns(name) and self._state_of(name).allowed and (name != "step" or self.asks_of_step)

    @cached_property
    def forms(self) -> list[MoveForm]:
        """One form a move that asks something; the one that came back keeps what was typed and stands open."""
        made = []
        for name, form_class in BAR_FORMS.items():
            if self.given is not None and self.given.move == name:
                made.append(self.given)
            elif self._offers(name):
                made.append(form_class())
        made = [form for form in made if form.move != "reopen_step" and self._offered(form)]
        for form in made:
            form.fit(self.page, self.parts)
            form.href = reverse(f"console:{form.move}", args=[self.id])
        return made

    def _offered(self, form: MoveForm) -> bool:
        """Whether the form has something to ask; a step's form is told of which step."""
        if isinstance(form, StepForm):
            if self.page.plan.now is None:
                return False
            form.offer(self.page.plan.now)
        return True

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
