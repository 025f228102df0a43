"""The duty to report, without a database: one test a ground."""

import pytest

from lianjing.domain.incidents.reporting_duty import ReportFacts, duties_to_report, service_of, standing_duties


def names(**facts: object) -> list[str]:
    told = {"event_class": "intrusion", **facts}
    return [duty.name for duty in duties_to_report(ReportFacts(**told))]  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        ({}, []),
        ({"confirmed_by": frozenset({"adjacent"})}, ["adjacent"]),
        ({"confirmed_by": frozenset({"principle"})}, ["principle"]),
        ({"confirmed_by": frozenset({"adjacent", "principle"})}, ["adjacent", "principle"]),
        ({"event_class": "hold_up"}, ["hold_up_unverified"]),
        ({"event_class": "hold_up", "how": "call", "outcome": "no_answer"}, ["hold_up_no_answer"]),
        ({"event_class": "hold_up", "how": "call", "outcome": "unclear"}, ["hold_up_unclear"]),
        ({"event_class": "hold_up", "how": "call", "outcome": "real"}, ["hold_up_real"]),
        ({"event_class": "hold_up", "how": "video", "outcome": "false"}, []),
        ({"scene": "person"}, ["scene"]),
        ({"scene": "trace"}, ["scene"]),
        ({"scene": "fire"}, ["scene_fire"]),
        ({"scene": "ill"}, ["scene_ill"]),
        ({"scene": "nothing"}, []),
        ({"how": "patrol", "outcome": "real"}, ["scene"]),
        ({"how": "video", "outcome": "real"}, ["video"]),
        ({"how": "call", "outcome": "real"}, ["real"]),
        ({"how": "call", "outcome": "duress"}, ["duress"]),
        ({"how": "call", "outcome": "false"}, []),
        ({"event_class": "fire", "how": "call", "outcome": "real"}, ["fire"]),
        ({"event_class": "medical", "how": "call", "outcome": "real"}, ["medical"]),
        ({"event_class": "fault", "how": "call", "outcome": "real"}, []),
    ],
)
def test_each_ground_founds_its_duty(facts: dict[str, object], expected: list[str]) -> None:
    assert names(**facts) == expected


def test_a_person_who_finds_it_false_does_not_end_the_duty_of_two_zones() -> None:
    assert names(confirmed_by=frozenset({"adjacent"}), how="call", outcome="false") == ["adjacent"]


def test_a_duty_is_met_by_telling_its_own_service_only() -> None:
    fire = ReportFacts("fire", how="call", outcome="real")
    assert [duty.service for duty in standing_duties(fire, ["110"], [])] == ["119"]
    assert standing_duties(fire, ["119"], []) == []


def test_a_waiver_does_not_cover_what_is_found_later() -> None:
    found = ReportFacts("intrusion", confirmed_by=frozenset({"adjacent"}), scene="person")
    assert [duty.name for duty in standing_duties(found, [], ["adjacent"])] == ["scene"]


@pytest.mark.parametrize(("event_class", "service"), [("fire", "119"), ("medical", "120"), ("hold_up", "110")])
def test_each_class_has_its_service(event_class: str, service: str) -> None:
    assert service_of(event_class) == service
