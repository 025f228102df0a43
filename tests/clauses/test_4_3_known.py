"""Clause 4.3 on a past day: with `known` fixed nothing that is done to lines and cases afterwards changes it."""

from datetime import date, datetime, timedelta
from typing import Any

from django.db import transaction
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from lianjing.core.outbox.models import Message
from lianjing.core.viewer import Forbidden
from lianjing.core.workbooks.planning import File
from lianjing.domain.compliance.clauses.clause_4_3_service import Clause43Service
from lianjing.domain.compliance.limit_policy import NewLimit
from lianjing.domain.compliance.limit_recording import record_limit
from lianjing.domain.compliance.measuring import happened, window_of
from lianjing.domain.compliance.moments import end_of
from lianjing.domain.incidents import actions
from lianjing.domain.incidents.informing import tell_customer
from lianjing.domain.incidents.joining import merge_incidents, split_incident
from lianjing.domain.incidents.models import FormerTimes, Incident
from lianjing.domain.incidents.moving import BadChoice, Missing, Refused
from lianjing.domain.incidents.sweeping import register_panel
from lianjing.domain.signals.models import SystemEvent
from lianjing.domain.signals.system_events import NewEvent, end_events, raise_events
from lianjing.domain.sites.actions.panels import edit_panel, move_panel, remove_panel
from lianjing.domain.sites.actions.paths import set_paths
from lianjing.domain.sites.equipment_entries import PanelEntry, PathEntry
from lianjing.domain.sites.importing.actions import import_file
from lianjing.domain.sites.models import Panel, SupervisedSpan
from lianjing.terms.alarm_service import Measure
from tests.cast import NOON, SYSTEM, Cast, Sent, alarm

RULE = Clause43Service()
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
ON = date(2026, 11, 22)
DAYS = tuple(ON + place * DAY for place in (0, 1, 3, 90))
TIMES = ("acknowledge", "first_action", "first_contact", "verify", "police", "dispatch", "arrive", "reach", "inform")
NO_FIXTURE = {"deadline": None, "suppress_health_check": [HealthCheck.function_scoped_fixture]}
WATCHED, UNWATCHED = [PathEntry("4g", "udp", 90)], [PathEntry("4g", "udp")]


def limit_everything(cast: Cast) -> None:
    """So that everything is measured, and each measure decides."""
    told: dict[str, Any] = {"edition": "GA 1383-2017", "source_clause": "5", "valid_from": date(2026, 1, 1)}
    limits = [NewLimit("5.2.1", one, "at_most", "30", "min", share="500", **told) for one in TIMES]
    limits.append(NewLimit("5.3.1", "availability", "at_least", "90", "%", **told))
    for limit in limits:
        record_limit(cast.company.pk, limit, by=cast.viewer("mia"), at=NOON - 60 * DAY)


def found(cast: Cast, on: date, known: datetime | None = None) -> tuple[str, Any]:
    judgement = RULE.judge(RULE.facts(cast.viewer("mia"), cast.company.pk, on, known))
    return judgement.verdict.value, [(line["measure"], line["measured"]) for line in judgement.figures["lines"]]


def rate(cast: Cast, on: date, known: datetime | None = None) -> Any:
    return dict(found(cast, on, known)[1])[Measure.AVAILABILITY.zh]


class Acts:
    """Acts at one moment; `place` chooses on what."""

    def __init__(self, cast: Cast, at: datetime, place: int) -> None:
        self.cast, self.at, self.place = cast, at, place
        self.does = {"by": cast.viewer("mia"), "at": at}

    def try_to(self, name: str) -> None:
        """What may not be done then is left."""
        try:
            with transaction.atomic():
                getattr(self, name)()
        except (Missing, Refused, BadChoice, Forbidden):
            pass


class OnLines(Acts):
    def panel(self) -> int:
        ids = list(Panel.objects.filter(removed_at=None).exclude(account="2001").values_list("pk", flat=True))
        return ids[self.place % len(ids)] if ids else self.new_one()

    def new_one(self) -> int:
        account = f"9{self.at:%d%H%M}"
        return register_panel(self.cast.shop.pk, PanelEntry(account), **self.does).pk

    def supervise(self) -> None:
        set_paths(self.panel(), WATCHED, **self.does)

    def supervise_two(self) -> None:
        set_paths(self.panel(), [*WATCHED, PathEntry("wired_ip", "tcp", 300)], **self.does)

    def stop(self) -> None:
        set_paths(self.panel(), UNWATCHED, **self.does)

    def take_away(self) -> None:
        set_paths(self.panel(), [], **self.does)

    def remove(self) -> None:
        remove_panel(self.panel(), "换掉", **self.does)

    def begin_sending(self) -> None:
        """A panel that was registered, with its path, before it has sent anything."""
        pk = self.new_one()
        set_paths(pk, WATCHED, **self.does)
        alarm(Sent(account=Panel.objects.get(pk=pk).account, at=self.at + timedelta(seconds=1)))

    def heard_before(self) -> None:
        """One that had sent before it was registered: it is active since then."""
        account = f"8{self.at:%d%H%M}"
        alarm(Sent(account=account, at=self.at - 5 * HOUR))
        set_paths(register_panel(self.cast.bank.pk, PanelEntry(account), **self.does).pk, WATCHED, **self.does)

    def move(self) -> None:
        panel = Panel.objects.get(pk=self.panel())
        other = self.cast.bank if panel.site_id == self.cast.shop.pk else self.cast.shop
        move_panel(panel.pk, other.pk, **self.does)

    def renumber(self) -> None:
        edit_panel(self.panel(), PanelEntry(f"7{self.at:%d%H%M}"), **self.does)

    def imported(self) -> None:
        panel = Panel.objects.select_related("site").get(pk=self.panel())
        paths = ("4g:90:udp", "4g:udp")[self.place % 2]
        rows = f"场所编号,设备账号,传输路径\n{panel.site.code},{panel.account},{paths}\n"
        outcome = import_file(File("panels.csv", rows.encode()), self.cast.company.pk, **self.does)
        assert outcome.applied or not outcome.plan.faults, outcome.plan.faults

    def lose(self) -> None:
        panel = Panel.objects.get(pk=self.panel())
        told = {"site_id": panel.site_id, "panel_id": panel.pk, "grade": 3, "reasons": []}
        if not SystemEvent.objects.filter(kind="PA", panel=panel, ended_at=None).exists():
            event = NewEvent("PA", f"panel:{panel.pk}", self.at, self.cast.company.pk, **told)
            raise_events([event], by=SYSTEM, at=self.at)

    def hear(self) -> None:
        lost = SystemEvent.objects.filter(kind="PA", ended_at=None).values_list("kind", "subject")
        end_events(set(lost), by=SYSTEM, at=self.at)


class OnCases(Acts):
    def __init__(self, cast: Cast, at: datetime, place: int) -> None:
        super().__init__(cast, at, place)
        self.mine = {"by": cast.viewer("leo"), "at": at}

    def case(self, later: int = 0) -> int:
        ids = list(Incident.objects.order_by("pk").values_list("pk", flat=True))
        return ids[(self.place + later) % len(ids)] if ids else self.occur()

    def occur(self) -> int:
        told = (("1001", "BA"), ("1001", "TA"), ("6001", "BA"), ("1002", "BA"), ("1001", "FA"), ("6001", "TA"))
        account, code = told[self.place]
        return alarm(Sent(account=account, code=code, at=self.at)).pk

    def take(self) -> None:
        actions.take_incident(self.case(), **self.mine)

    def verify(self) -> None:
        actions.verify_incident(self.case(), how="call", outcome="false", **self.mine)

    def forward(self) -> None:
        actions.forward_incident(self.case(), to=("110", "patrol")[self.place % 2], **self.mine)

    def tell(self) -> None:
        case = Incident.objects.get(pk=self.case())
        if case.site_id is not None:
            contacts = list(case.site.contacts.values_list("pk", flat=True))  # type: ignore[union-attr]
            tell_customer(case.pk, contacts=contacts, channel="phone", text="已派人", **self.mine)

    def close(self) -> None:
        actions.dispose_incident(self.case(), result="human_false", cause="误触", **self.mine)
        actions.close_incident(self.case(), **self.mine)

    def reopen(self) -> None:
        actions.reopen_incident(self.case(), reason="看错了", **self.mine)

    def join(self) -> None:
        merge_incidents(self.case(1), into=self.case(), **self.mine)

    def split(self) -> None:
        case = Incident.objects.get(pk=self.case())
        split_incident(case.pk, signals=list(case.signals.values_list("treatment_id", flat=True))[:1], **self.mine)

    def adopt(self) -> None:
        if not Panel.objects.filter(account="6001", removed_at=None).exists():
            register_panel(self.cast.shop.pk, PanelEntry("6001"), **self.does)


def acts_of(kind: type[Acts]) -> st.SearchStrategy[list[tuple[str, int]]]:
    helpers = {"panel", "new_one", "case"}
    names = sorted(name for name in vars(kind) if not name.startswith("_") and name not in helpers)
    return st.lists(st.tuples(st.sampled_from(names), st.integers(0, 5)), min_size=2, max_size=7)


def assert_past_stands(cast: Cast, kind: type[Acts], steps: list[tuple[str, int]]) -> None:
    """After each act every day is asked as it is known then, and the days that are over as they are known now; what
    was answered is what is answered after all that follows."""
    answers: dict[tuple[date, datetime | None], tuple[str, Any]] = {}
    with transaction.atomic():
        limit_everything(cast)
        for place, (name, chosen) in enumerate(steps):
            at = NOON + place * 11 * HOUR
            kind(cast, at, chosen).try_to(name)
            known = at + HOUR
            answers |= {(on, known): found(cast, on, known) for on in DAYS}
            answers |= {(on, None): found(cast, on) for on in DAYS if end_of(on, None) < at}
        again = {asked: found(cast, *asked) for asked in answers}
        over = [on for on, known in answers if known is None]
        as_known_then = [found(cast, on, end_of(on, None)) for on in over]
        transaction.set_rollback(True)
    assert again == answers
    assert as_known_then == [answers[on, None] for on in over]


@settings(max_examples=6, **NO_FIXTURE)  # type: ignore[arg-type]
@given(acts_of(OnLines))
@example([("supervise", 0), ("lose", 0), ("stop", 0), ("supervise", 1), ("remove", 0)])
@example([("heard_before", 0), ("imported", 1), ("imported", 0), ("move", 0), ("renumber", 0)])
def test_no_act_on_lines_changes_what_was_measured_before(cast: Cast, steps: list[tuple[str, int]]) -> None:
    assert_past_stands(cast, OnLines, steps)


@settings(max_examples=6, **NO_FIXTURE)  # type: ignore[arg-type]
@given(acts_of(OnCases))
@example([("occur", 0), ("occur", 1), ("take", 0), ("join", 0), ("split", 0), ("verify", 0)])
@example([("occur", 1), ("take", 0), ("close", 0), ("reopen", 0), ("occur", 2), ("adopt", 0)])
def test_no_act_on_cases_changes_what_was_measured_before(cast: Cast, steps: list[tuple[str, int]]) -> None:
    assert_past_stands(cast, OnCases, steps)


def test_hours_count_while_a_line_was_supervised_and_a_loss_only_within_them(cast: Cast) -> None:
    limit_everything(cast)
    panel, does = cast.shop.panels.get(), {"by": cast.viewer("mia")}
    for paths, at in ((WATCHED, -40), (UNWATCHED, -30), (WATCHED, -10)):
        set_paths(panel.pk, paths, at=NOON + at * DAY, **does)
    told = {"company": cast.company, "panel": panel, "kind": "PA", "event_class": "fault", "grade": 3}
    SystemEvent.objects.create(subject="1", raised_at=NOON - 35 * DAY, ended_at=NOON - 8 * DAY, **told)
    spans = SupervisedSpan.objects.order_by("pk").values_list("since", "until")
    assert list(spans) == [(NOON - 40 * DAY, NOON - 30 * DAY), (NOON - 10 * DAY, None)]
    # Of twenty days seven were lost: five of the first ten, and two of the others.
    assert (rate(cast, ON, NOON), rate(cast, ON, NOON - 30 * DAY), rate(cast, ON, NOON - 40 * DAY)) == (65, 50, None)
    remove_panel(panel.pk, "换掉", at=NOON, **does)
    assert (rate(cast, ON + 5 * DAY), rate(cast, ON, NOON)) == (65, 65)
    woken = Message.objects.filter(topic="panel.supervision_changed").values_list("company_id", flat=True)
    assert list(woken) == [cast.company.pk] * 4
    assert {"panel.supervision_changed", "incident.cases_passed"} <= set(RULE.wakes_on)


def test_two_cases_are_two_until_they_are_joined_and_one_from_then_on(cast: Cast) -> None:
    limit_everything(cast)
    leo = cast.viewer("leo")
    first, other = alarm(), alarm(Sent(code="TA", at=NOON + HOUR))
    actions.take_incident(first.pk, by=leo, at=NOON + timedelta(minutes=20))
    window = window_of(ON, NOON + 2 * HOUR)
    merge_incidents(other.pk, into=first.pk, by=leo, at=NOON + 3 * HOUR)

    def taken(after: int) -> tuple[int, int]:
        """How many were taken, and how many waited, so many hours after noon."""
        moment = NOON + after * HOUR
        ours = happened(leo, cast.company.pk, window, end_of(ON, None), {Measure.ACKNOWLEDGE})
        measured = ours.measured(window_of(ON, moment), {Measure.ACKNOWLEDGE})[Measure.ACKNOWLEDGE]
        return len(measured.times), len(measured.waits)

    assert [taken(after) for after in (0, 1, 2, 3, 4)] == [(0, 0), (1, 0), (1, 1), (1, 0), (1, 0)]
    assert FormerTimes.objects.count() == 2
