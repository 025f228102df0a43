"""Structured dispositions: causes, detectors, what is counted, and who finds "无法判断" too often."""

from datetime import timedelta
from typing import Any

import pytest

from lianjing.core.viewer import Forbidden
from lianjing.domain.incidents import actions
from lianjing.domain.incidents.causes import CAUSES, cause_of
from lianjing.domain.incidents.false_alarms import Total, false_alarms, open_reviews, repairs_wanted, totals
from lianjing.domain.incidents.models import DeskSettings, DispositionReview, Incident
from lianjing.domain.incidents.moving import BadChoice, Missing, Refused
from lianjing.domain.incidents.police_reporting import waive_police
from lianjing.domain.incidents.policy import DISPOSITIONS
from lianjing.domain.incidents.reviewing import review_disposition
from lianjing.domain.records.models import Record
from lianjing.domain.sites.models import Zone
from tests.cast import NOON, Cast, Sent, alarm

A_SHIFT = 3
"""Dispositions 无法判断 that nobody asks about, unless a company sets another limit."""


def verified(cast: Cast, sent: Sent | None = None, at: Any = NOON) -> tuple[Incident, dict[str, Any]]:
    by = {"by": cast.viewer("olivia"), "at": at}
    case = alarm(sent)
    actions.take_incident(case.pk, **by)
    actions.verify_incident(case.pk, how="call", outcome="false", **by)
    return case, by


def test_every_result_has_its_list_of_at_most_nine_causes() -> None:
    assert set(CAUSES) == set(DISPOSITIONS)
    assert {result: len(causes) <= 9 and "other" in causes for result, causes in CAUSES.items()} == dict.fromkeys(
        DISPOSITIONS, True
    )


@pytest.mark.parametrize(
    ("kind", "text", "expected"),
    [
        ("battery", "since May", ("battery", "since May")),
        ("", "battery", ("battery", "")),
        ("", "a bat flew in", ("other", "a bat flew in")),
        ("pet", "", None),
    ],
)
def test_a_cause_is_one_of_the_list_of_its_result(kind: str, text: str, expected: tuple[str, str] | None) -> None:
    assert cause_of("device_false", kind, text) == expected


def test_cause_detector_and_repair_are_kept_with_the_disposition(cast: Cast) -> None:
    case, by = verified(cast)
    done = actions.dispose_incident(
        case.pk, result="device_false", kind="battery", repair=True, repair_text="front door", **by
    )
    assert (done.cause_kind, done.cause, done.repair_wanted, done.repair_text) == (
        "battery",
        "",
        True,
        "front door",
    )
    assert (done.cause_zone.name, done.disposed_by, done.disposed_at) == ("front door", cast.users["olivia"], NOON)
    assert Record.objects.get(action="incident.disposed").after["kind"] == "battery"


def test_the_detector_is_the_first_that_alarmed_or_the_one_that_was_chosen(cast: Cast) -> None:
    alarm()
    case, by = verified(cast, Sent(zone="004", at=NOON + timedelta(seconds=5)))
    waive_police(case.pk, reason="verified_false", **by)
    hall = Zone.objects.get(number="4", panel__site=cast.shop)
    with pytest.raises(BadChoice, match="没有在这件警情里报警"):
        actions.dispose_incident(case.pk, result="human_false", kind="pet", zone=hall.pk + 1000, **by)
    assert actions.dispose_incident(case.pk, result="human_false", kind="pet", zone=hall.pk, **by).cause_zone == hall


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"kind": "pet"}, "kind"),
        ({"kind": "other"}, "cause"),
        ({"cause": " "}, "cause"),
        ({"kind": "battery", "cause": "x" * 501}, "cause"),
    ],
)
def test_a_disposition_without_a_sound_cause_changes_nothing(cast: Cast, fields: dict[str, str], field: str) -> None:
    case, by = verified(cast)
    with pytest.raises(BadChoice) as bad:
        actions.dispose_incident(case.pk, result="device_false", **fields, **by)
    assert (bad.value.field, Incident.objects.get(pk=case.pk).state) == (field, "verified")


def test_false_alarms_are_counted_by_cause_site_and_detector(cast: Cast) -> None:
    for account, kind in (("1001", "battery"), ("1001", "battery"), ("1002", "wiring"), ("2001", "panel")):
        by = "sam" if account == "2001" else "olivia"
        case = alarm(Sent(account=account))
        acts = {"by": cast.viewer(by), "at": NOON}
        actions.take_incident(case.pk, **acts)
        actions.verify_incident(case.pk, how="call", outcome="false", **acts)
        actions.dispose_incident(case.pk, result="device_false", kind=kind, **acts)
    mia, later = cast.viewer("mia"), NOON + timedelta(days=1)

    def counted(by: str) -> list[tuple[str, int]]:
        return [(row.name, row.count) for row in false_alarms(mia, by, days=30, at=later)]

    assert counted("cause") == [("电池", 2), ("线路", 1)]
    assert counted("site") == [("Corner Shop", 2), ("Harbour Bank", 1)]
    assert counted("detector") == [("3 front door", 2), ("3 front door", 1)]
    assert totals(mia, 30, later) == Total(disposed=3, false=3)
    assert false_alarms(mia, "site", days=30, at=NOON + timedelta(days=31)) == []
    assert false_alarms(cast.viewer("olivia"), "site", days=30, at=later) == []


def test_what_wants_mending_is_listed_for_the_company(cast: Cast) -> None:
    case, by = verified(cast)
    actions.dispose_incident(case.pk, result="device_false", kind="battery", repair=True, **by)
    assert repairs_wanted(cast.viewer("mia")) == [case]
    assert repairs_wanted(cast.viewer("sam")) == []


def undetermined(cast: Cast, times: int, at: Any = NOON) -> Incident:
    case = None
    for _ in range(times):
        case, by = verified(cast, at=at)
        actions.dispose_incident(case.pk, result="undetermined", kind="no_evidence", **by)
    assert case is not None
    return case


def test_one_undetermined_too_many_in_a_shift_raises_a_review_for_the_leader(cast: Cast) -> None:
    undetermined(cast, A_SHIFT)
    assert open_reviews(cast.viewer("leo")) == []
    case = undetermined(cast, 1)
    review = DispositionReview.objects.get()
    assert (review.incident, review.operator, review.count) == (case, cast.users["olivia"], 4)
    assert open_reviews(cast.viewer("leo")) == [review]
    assert (open_reviews(cast.viewer("olivia")), open_reviews(cast.viewer("sam"))) == ([], [])


def test_a_company_sets_its_own_limit(cast: Cast) -> None:
    DeskSettings.objects.create(company=cast.company, undetermined_limit=1)
    undetermined(cast, 2)
    assert DispositionReview.objects.get().count == 2


def test_the_count_begins_anew_with_the_next_shift(cast: Cast) -> None:
    undetermined(cast, A_SHIFT)
    undetermined(cast, 1, at=NOON + timedelta(hours=13))
    assert not DispositionReview.objects.exists()


def test_a_review_is_closed_once_by_a_leader_with_a_remark(cast: Cast) -> None:
    undetermined(cast, A_SHIFT + 1)
    review = DispositionReview.objects.get()
    with pytest.raises(Forbidden):
        review_disposition(review.pk, remark="fine", by=cast.viewer("olivia"), at=NOON)
    with pytest.raises(Missing):
        review_disposition(review.pk, remark="fine", by=cast.viewer("sam"), at=NOON)
    with pytest.raises(BadChoice):
        review_disposition(review.pk, remark=" ", by=cast.viewer("leo"), at=NOON)
    assert review_disposition(review.pk, remark="fine", by=cast.viewer("leo"), at=NOON).reviewed_at == NOON
    with pytest.raises(Refused):
        review_disposition(review.pk, remark="again", by=cast.viewer("leo"), at=NOON)
    assert Record.objects.get(action="incident.reviewed").after == {"text": "fine"}
