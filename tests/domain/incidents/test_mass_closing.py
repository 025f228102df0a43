"""批量结案: who may, what is never closed so, what is left out and why, and that each case has its own end."""

from datetime import timedelta

import pytest
from django.db import connection

from lianjing.core.outbox.models import Message
from lianjing.core.viewer import Forbidden
from lianjing.domain.incidents import actions
from lianjing.domain.incidents.mass_choice import closable_rows, left_out_rows, preview
from lianjing.domain.incidents.mass_closing import close_many, close_portion
from lianjing.domain.incidents.mass_policy import CLOSABLE, PORTION, Ending, MassRule
from lianjing.domain.incidents.models import Incident, IncidentSignal
from lianjing.domain.incidents.moving import BadChoice, Refused
from lianjing.domain.incidents.timekeeping import keep_times, open_times
from lianjing.domain.records.models import Record
from lianjing.domain.signals.daily_account import account_of
from lianjing.domain.signals.models import Lane
from tests.cast import NOON, SYSTEM, Cast, Sent, alarm

LATER = NOON + timedelta(minutes=20)
ENDING = Ending("device_false", "storm", "power cut in the whole quarter")


def rule(event_class: str = "tamper", **narrowed: object) -> MassRule:
    return MassRule(event_class, LATER, **narrowed)


def tampers(cast: Cast, count: int) -> list[Incident]:
    lane, _ = Lane.objects.get_or_create(key="mass", site=cast.shop)
    cases = Incident.objects.bulk_create(
        Incident(
            company=cast.company,
            site=cast.shop,
            lane=lane,
            join_key=f"mass:{number}",
            event_class="tamper",
            grade=3,
            queue_level=3,
            scheme="SIA",
            code="TA",
            opened_at=NOON,
            attention_at=NOON,
            last_signal_at=NOON,
        )
        for number in range(count)
    )
    keep_times(open_times(case, received_at=NOON, site_kind="") for case in cases)
    return cases


def test_each_case_gets_its_end_its_seen_marks_and_its_own_record(cast: Cast) -> None:
    case = alarm(Sent(code="TA"))
    leo = cast.viewer("leo")
    assert close_many(rule(), ENDING, by=leo, at=LATER, source="10.0.0.5") == 1
    case.refresh_from_db()
    assert (case.state, case.disposition, case.cause) == ("closed", "device_false", "storm")
    assert (case.closed_by_id, case.closed_at, case.unseen, case.joinable) == (leo.id, LATER, 0, False)
    assert IncidentSignal.objects.get(incident=case).seen_by_id == leo.id
    record = Record.objects.get(action="incident.closed")
    assert (record.subject_id, record.actor_name, record.source) == (str(case.pk), "Leo", "10.0.0.5")
    assert record.after == {
        "state": "closed",
        "mass": True,
        "result": "device_false",
        "cause": "storm",
        "seen": 1,
        "text": "power cut in the whole quarter",
    }
    assert Message.objects.order_by("-pk").values_list("topic", "payload").first() == (
        "incident.closed",
        {"incident": case.pk},
    )
    assert alarm(Sent(code="TA", at=LATER + timedelta(seconds=1))).pk != case.pk


@pytest.mark.parametrize("event_class", ["fire", "hold_up", "medical"])
def test_where_a_life_may_hang_on_it_nothing_is_closed_by_the_dozen(cast: Cast, event_class: str) -> None:
    with pytest.raises(Refused, match="只能逐件处理"):
        close_many(rule(event_class), ENDING, by=cast.viewer("leo"), at=LATER)
    assert event_class not in CLOSABLE


@pytest.mark.parametrize("who", ["olivia", "gus", "mia", "polly"])
def test_only_a_leader_closes_many(cast: Cast, who: str) -> None:
    case = alarm(Sent(code="TA"))
    with pytest.raises(Forbidden):
        close_many(rule(), ENDING, by=cast.viewer(who), at=LATER)
    case.refresh_from_db()
    assert case.state == "open"


def test_a_leader_of_another_company_closes_nothing_here(cast: Cast) -> None:
    case = alarm(Sent(code="TA"))
    assert close_many(rule(), ENDING, by=cast.viewer("sam"), at=LATER) == 0
    case.refresh_from_db()
    assert case.state == "open"


def test_what_needs_somebody_is_left_out_and_named(cast: Cast) -> None:
    cases = dict(
        zip(("held", "confirmed", "real", "forwarded", "untreated", "changed", "free"), tampers(cast, 7), strict=True)
    )

    def change(name: str, **changes: object) -> None:
        Incident.objects.filter(pk=cases[name].pk).update(**changes)

    change("held", holder=cast.users["oscar"], state="taken")
    change("confirmed", confirmed_at=NOON)
    change("real", verified_outcome="real")
    change("forwarded", forwarded_to="110")
    change("untreated", untreated=True)
    change("changed", last_signal_at=LATER + timedelta(seconds=1))
    leo = cast.viewer("leo")
    told = preview(leo, rule(), LATER)
    assert (told.closable, told.left) == (1, {name: 1 for name in cases if name != "free"})
    assert {(out.row.id, out.why) for out in left_out_rows(leo, rule(), LATER)} == {
        (case.pk, name) for name, case in cases.items() if name != "free"
    }
    assert [row.id for row in closable_rows(leo, rule(), LATER)] == [cases["free"].pk]
    assert close_many(rule(), ENDING, by=leo, at=LATER) == 1
    assert set(Incident.objects.filter(state="closed").values_list("pk", flat=True)) == {cases["free"].pk}


def test_a_case_in_which_a_hold_up_is_hidden_is_left_out(cast: Cast) -> None:
    case = alarm(Sent(code="TA"))
    alarm(Sent(code="HA"))
    IncidentSignal.objects.filter(treatment__event_class="hold_up").update(incident=case)
    leo = cast.viewer("leo")
    assert preview(leo, rule(), LATER).left == {"life": 1}
    assert close_many(rule(), ENDING, by=leo, at=LATER) == 0


def test_ones_own_case_is_closed_and_a_disposed_one_keeps_its_disposition(cast: Cast) -> None:
    case = alarm(Sent(code="TA"))
    leo = {"by": cast.viewer("leo"), "at": NOON}
    actions.take_incident(case.pk, **leo)
    actions.verify_incident(case.pk, how="call", outcome="unclear", **leo)
    actions.dispose_incident(case.pk, result="undetermined", cause="nobody there", **leo)
    assert close_many(rule(), ENDING, by=leo["by"], at=LATER) == 1
    case.refresh_from_db()
    assert (case.state, case.disposition, case.cause) == ("closed", "undetermined", "nobody there")


def test_company_age_and_code_narrow_what_is_closed(cast: Cast) -> None:
    tampers(cast, 2)
    leo = cast.viewer("leo")
    for narrowed, expected in (
        ({"older_than": timedelta(minutes=30)}, 0),
        ({"older_than": timedelta(minutes=10)}, 2),
        ({"code": "TB"}, 0),
        ({"code": "TA"}, 2),
        ({"company_id": cast.other.pk}, 0),
        ({"company_id": cast.company.pk}, 2),
    ):
        assert preview(leo, rule(**narrowed), LATER).closable == expected


@pytest.mark.parametrize(
    ("ending", "field"),
    [
        (Ending("real", "x", "y"), "result"),
        (Ending("test", " ", "y"), "cause"),
        (Ending("test", "x", ""), "reason"),
    ],
)
def test_without_disposition_cause_and_reason_nothing_is_closed(cast: Cast, ending: Ending, field: str) -> None:
    tampers(cast, 1)
    with pytest.raises(BadChoice) as refused:
        close_many(rule(), ending, by=cast.viewer("leo"), at=LATER)
    assert refused.value.field == field
    assert not Incident.objects.filter(state="closed").exists()


def test_many_are_closed_in_portions(cast: Cast) -> None:
    cases = tampers(cast, PORTION + 3)
    leo = {"by": cast.viewer("leo"), "at": LATER}
    first = close_portion(rule(), ENDING, **leo)
    assert (first.closed, first.last) == (PORTION, cases[PORTION - 1].pk)
    assert close_many(rule(), ENDING, **leo) == 3
    assert Record.objects.filter(action="incident.closed").count() == PORTION + 3


@pytest.mark.parametrize("count", [1, 30])
def test_a_portion_takes_the_same_number_of_statements_however_many(
    cast: Cast, django_assert_num_queries: object, count: int
) -> None:
    tampers(cast, count)
    leo = {"by": cast.viewer("leo"), "at": LATER}
    # PostgreSQL asks for the numbers of the records first.
    with django_assert_num_queries(13 + (connection.vendor == "postgresql")):
        close_portion(rule(), ENDING, **leo)


def test_the_days_account_does_not_notice(cast: Cast) -> None:
    alarm(Sent(code="TA"))
    before = account_of(SYSTEM, NOON.date())
    close_many(rule(), ENDING, by=cast.viewer("leo"), at=LATER)
    assert account_of(SYSTEM, NOON.date()) == before
