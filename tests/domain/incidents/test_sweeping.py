"""Registering a panel whose account was heard before: its signals and cases pass to the site, and the accounts hold."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from lianjing.core.outbox.models import Message
from lianjing.core.refusals import Refused
from lianjing.core.viewer import Forbidden
from lianjing.domain.incidents.actions import close_incident, dispose_incident, take_incident, verify_incident
from lianjing.domain.incidents.case_page import incident_page
from lianjing.domain.incidents.models import Incident, Regrading
from lianjing.domain.incidents.queries import queue
from lianjing.domain.incidents.sweeping import register_panel, reregister_panel, sweep_late
from lianjing.domain.records.models import Record
from lianjing.domain.signals import sweeping
from lianjing.domain.signals.account_figures import Tally
from lianjing.domain.signals.actions import admit_signals
from lianjing.domain.signals.admission import new_signals
from lianjing.domain.signals.daily_account import Account, account_of
from lianjing.domain.signals.models import Lane, Treatment, TreatmentLimits
from lianjing.domain.signals.queries import frames, site_signals
from lianjing.domain.signals.sweeping import place_signals, sweep_orphans
from lianjing.domain.sites.actions.panels import add_panel, remove_panel
from lianjing.domain.sites.actions.zones import save_zones
from lianjing.domain.sites.equipment_entries import PanelEntry, ZoneEntry
from lianjing.domain.sites.models import Panel, Zone
from tests.cast import NOON, SYSTEM, Cast, Sent, alarm, journal, treat

LATER = NOON + timedelta(hours=1)


def who(cast: Cast, name: str = "mia", at: datetime = LATER) -> dict[str, Any]:
    return {"by": cast.viewer(name), "at": at}


def unknown(**told: Any) -> Sent:
    return Sent(account="7001", **told)


def register(cast: Cast, **more: Any) -> Panel:
    return register_panel(cast.shop.pk, PanelEntry("7001"), **who(cast, **more))


def accounts(cast: Cast, day: datetime = NOON) -> list[Account | None]:
    return [account_of(cast.viewer(name), day.date()) for name in ("mia", "sam", "ada")]


def test_what_an_account_sent_before_stands_in_the_history_of_its_site(cast: Cast) -> None:
    journal(unknown(code="RP", at=NOON - timedelta(days=3)))
    alarm(unknown())
    before = list(Treatment.objects.order_by("pk").values_list("pk", "fate", "rule"))
    panel = register(cast)
    assert list(Treatment.objects.order_by("pk").values_list("pk", "fate", "rule")) == before
    rows = Treatment.objects.values_list("company_id", "site_id", "panel_id", "lane__key").distinct()
    assert list(rows) == [(cast.company.pk, cast.shop.pk, panel.pk, f"site:{cast.shop.pk}")]
    seen = site_signals(cast.viewer("olivia"), cast.shop.pk, NOON - timedelta(days=30))
    assert [line.code for line in seen] == ["BA", "RP"]
    assert (panel.added_at, panel.activated_at, panel.changed_at) == (
        NOON - timedelta(days=3),
        NOON - timedelta(days=3),
        LATER,
    )
    assert [line.account for line in frames(cast.viewer("olivia"))] == ["7001", "7001"]
    swept = Record.objects.get(action="panel.history_swept")
    assert (swept.before, swept.after) == (
        {"since": LATER.isoformat()},
        {"signals": 2, "since": (NOON - timedelta(days=3)).isoformat()},
    )


def test_every_days_account_holds_before_and_after(cast: Cast) -> None:
    first = journal(unknown())
    journal(unknown(), repeat_of=first)
    journal(unknown(code="RP", sequence="0002"))
    journal(Sent())
    treat()
    journal(unknown(code="HA", sequence="0003"))
    before = accounts(cast)
    register(cast)
    after = accounts(cast)
    assert all(account and account.balances for account in before + after)
    received = [[a and a.received for a in told] for told in (before, after)]
    assert received == [[1, 0, 5], [5, 0, 5]]
    # Only whose the signals are has changed.
    whole = [replace(account, tally=Tally({}, {})) for account in (before[2], after[2], after[0]) if account]
    assert whole == [whole[0]] * 3
    treat(LATER)
    assert all(account and account.balances for account in accounts(cast))


def test_cases_pass_with_their_signals_and_the_companys_desks_hear_of_it(cast: Cast) -> None:
    closed, ada = alarm(unknown(at=NOON - timedelta(hours=5))), who(cast, "ada")
    take_incident(closed.pk, **ada)
    verify_incident(closed.pk, how="call", outcome="false", **ada)
    dispose_incident(closed.pk, result="device_false", cause="bench", **ada)
    close_incident(closed.pk, **ada)
    case = alarm(unknown(code="HA"))
    Message.objects.all().delete()
    assert queue(cast.viewer("olivia")) == []
    register(cast)
    (row,) = queue(cast.viewer("olivia"))
    assert (row.id, row.site_name, row.state) == (case.pk, "Corner Shop", "open")
    page = incident_page(cast.viewer("olivia"), case.pk, at=LATER)
    assert page is not None
    assert [step.action for step in page.timeline] == ["incident.opened", "incident.adopted"]
    assert [signal.line.code for signal in page.signals] == ["HA"]
    news = Message.objects.filter(topic="incident.adopted")
    assert [(n.company_id, n.payload) for n in news] == [
        (cast.company.pk, {"incident": case.pk, "grade": case.grade, "alarm": True})
    ]
    adopted = Record.objects.filter(action="incident.adopted").order_by("subject_id")
    assert {int(record.subject_id) for record in adopted} == {closed.pk, case.pk}
    assert Incident.objects.filter(site=cast.shop, state="closed").count() == 1
    assert incident_page(cast.viewer("sam"), case.pk, at=LATER) is None


def test_what_a_case_was_graded_meanwhile_passes_with_it(cast: Cast) -> None:
    case = alarm(unknown())
    Regrading.objects.create(incident=case, event_class="hold_up", grade=1, at=NOON)
    register(cast)
    assert list(Regrading.objects.values_list("company", "event_class")) == [(cast.company.pk, "hold_up")]


def test_later_signals_have_cases_of_their_own(cast: Cast) -> None:
    case = alarm(unknown())
    register(cast)
    new = alarm(unknown(at=LATER))
    assert (new.pk != case.pk, new.site_id) == (True, cast.shop.pk)


def test_what_still_waits_is_treated_as_the_sites(cast: Cast) -> None:
    journal(unknown())
    admit_signals(new_signals(SYSTEM, 10), by=SYSTEM, at=NOON)
    register(cast)
    treat(LATER)
    assert Incident.objects.get().join_key == f"site:{cast.shop.pk}:intrusion"


def test_nothing_passes_from_before_the_time_that_the_company_has_set(cast: Cast) -> None:
    TreatmentLimits.objects.create(company=cast.company, sweep_days=2)
    journal(unknown(at=NOON - timedelta(days=3)))
    journal(unknown(at=NOON - timedelta(days=1), sequence="0002"))
    treat()
    assert register(cast).added_at == NOON - timedelta(days=1)
    assert Treatment.objects.filter(site=None).count() == 1


def test_nothing_passes_from_before_the_account_was_last_somebody_elses(cast: Cast) -> None:
    other = add_panel(cast.mill.pk, PanelEntry("7001"), **who(cast, "sam", NOON - timedelta(days=20)))
    days = (21, 15, 5)
    for number in days:
        journal(unknown(at=NOON - timedelta(days=number), sequence=f"{number:04d}"))
        treat(NOON - timedelta(days=number))
        if number == 15:
            remove_panel(other.pk, "gone", **who(cast, "sam", NOON - timedelta(days=10)))
    Treatment.objects.filter(received_at=NOON - timedelta(days=21)).update(site=None, company=None, panel=None)
    panel = register(cast)
    assert panel.added_at == NOON - timedelta(days=5)
    seen = site_signals(cast.viewer("olivia"), cast.shop.pk, NOON - timedelta(days=30))
    assert [line.received_at for line in seen] == [NOON - timedelta(days=5)]
    assert Treatment.objects.filter(site=cast.mill).count() == 1


def test_zones_are_found_by_number_as_far_as_they_are_registered(cast: Cast) -> None:
    journal(unknown(zone="003"))
    treat()
    panel = add_panel(cast.shop.pk, PanelEntry("7001"), **who(cast))
    save_zones(panel.pk, [ZoneEntry("3", "柜台")], **who(cast))
    sweep_orphans([panel.pk], **who(cast))
    assert Treatment.objects.get().zone == Zone.objects.get(panel=panel)


def test_first_zones_name_what_was_sent_before_them(cast: Cast) -> None:
    journal(unknown(zone="003"))
    journal(unknown(zone="009", sequence="0002"))
    treat()
    panel = register(cast)
    save_zones(panel.pk, [ZoneEntry("3", "柜台")], **who(cast))
    assert place_signals(panel.pk, **who(cast)) == 2
    assert list(Treatment.objects.order_by("pk").values_list("zone__name", flat=True)) == ["柜台", None]
    with pytest.raises(Forbidden):
        place_signals(panel.pk, **who(cast, "olivia"))
    assert place_signals(panel.pk, **who(cast, "sam")) == 0


def test_a_mad_account_passes_portion_by_portion(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    for number in range(7):
        journal(unknown(at=NOON - timedelta(days=7 - number), sequence=f"{number:04d}"))
    treat()
    monkeypatch.setattr(sweeping, "TOGETHER", 2)
    panel = add_panel(cast.shop.pk, PanelEntry("7001"), **who(cast))
    (swept,) = sweep_orphans([panel.pk], at_most=5, **who(cast))
    assert (swept.count, swept.since) == (5, NOON - timedelta(days=5))
    assert sweep_late(by=SYSTEM, at=LATER) == 2
    assert sweep_late(by=SYSTEM, at=LATER) == 0
    panel.refresh_from_db()
    assert (panel.added_at, Incident.objects.filter(site=cast.shop).count()) == (NOON - timedelta(days=7), 7)


def test_what_was_admitted_while_its_panel_was_being_registered_passes_later(cast: Cast) -> None:
    panel = add_panel(cast.shop.pk, PanelEntry("7001"), **who(cast, at=NOON - timedelta(minutes=1)))
    signal_id = journal(unknown())
    lane = Lane.objects.create(key="account:dc09:7001", listener="dc09", account="7001")
    Treatment.objects.create(
        signal_id=signal_id, frame_id=signal_id, received_at=NOON, lane=lane, event_class="intrusion", grade=2
    )
    treat()
    assert sweep_late(by=SYSTEM, at=LATER) == 1
    panel.refresh_from_db()
    assert (panel.added_at, panel.activated_at) == (NOON - timedelta(minutes=1), NOON)
    assert [row.site_name for row in queue(cast.viewer("olivia"))] == ["Corner Shop"]


def test_a_new_account_of_a_panel_brings_its_orphans_too(cast: Cast) -> None:
    alarm(unknown())
    panel = Panel.objects.get(account="1001")
    reregister_panel(panel.pk, PanelEntry("7001", model="x"), **who(cast))
    panel.refresh_from_db()
    assert (panel.account, panel.added_at) == ("7001", NOON)
    reregister_panel(panel.pk, PanelEntry("7001", model="y"), **who(cast, at=LATER + timedelta(hours=1)))
    assert Record.objects.filter(action="panel.history_swept").count() == 1


def test_only_who_may_edit_sweeps_and_a_refusal_leaves_nothing(cast: Cast) -> None:
    alarm(unknown())
    with pytest.raises(Forbidden):
        register(cast, name="olivia")
    with pytest.raises(Refused):
        register_panel(cast.shop.pk, PanelEntry("2001"), **who(cast))
    with pytest.raises(Forbidden):
        sweep_orphans([Panel.objects.get(account="1001").pk], **who(cast, "olivia"))
    assert sweep_orphans([Panel.objects.get(account="2001").pk], **who(cast)) == []
    assert (Treatment.objects.get().site_id, Panel.objects.filter(account="7001").count()) == (None, 0)
