"""The gate as a program meets it: refused with problem+json, and new cases go to who is entitled."""

from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from lianjing.domain.incidents.models import Incident
from lianjing.domain.people.actions import create_token
from lianjing.domain.people.duties import sign_on_duty
from lianjing.domain.people.models import Duty
from lianjing.domain.records.models import Record
from tests.cast import SYSTEM, Cast, Sent, alarm
from tests.domain.people.gate_staff import SOUND, TODAY, end_certificate, on_file


def post(cast: Cast, name: str, path: str) -> Any:
    secret = create_token(cast.users[name], label="", by=SYSTEM, at=timezone.now(), source="test")
    return Client().post(f"/api/v1/{path}", HTTP_AUTHORIZATION=f"Bearer {secret}", content_type="application/json")


def test_next_is_refused_with_the_reason_and_the_refusal_is_on_record(cast: Cast) -> None:
    on_file(cast, "olivia", *SOUND)
    alarm(Sent(at=timezone.now()))
    answer = post(cast, "olivia", "queue/next")
    assert (answer.status_code, answer["Content-Type"]) == (409, "application/problem+json")
    assert answer.json()["detail"] == "没有保安员证。（5.1.4）"
    assert Record.objects.filter(action="duty.refused").count() == 1
    assert (Duty.objects.count(), Incident.objects.get().holder) == (0, None)


@pytest.fixture
def lapsed(cast: Cast) -> Duty:
    """Olivia's: her certificate has ended meanwhile."""
    member = on_file(cast, "olivia")
    on_file(cast, "oscar")
    duty = sign_on_duty(cast.company.pk, by=cast.viewer("olivia"), at=timezone.now())
    end_certificate(member, TODAY.replace(year=2025))
    return duty


def test_who_has_lapsed_gets_the_next_case_while_nobody_else_is_there(cast: Cast, lapsed: Duty) -> None:
    case = alarm(Sent(at=timezone.now()))
    assert post(cast, "olivia", "queue/next").json()["id"] == case.pk


def test_who_has_lapsed_gets_no_new_case_while_somebody_else_is_there_but_a_hold_up(cast: Cast, lapsed: Duty) -> None:
    sign_on_duty(cast.company.pk, by=cast.viewer("oscar"), at=timezone.now())
    burglary, hold_up = alarm(Sent(at=timezone.now())), alarm(Sent(code="PA", account="1002", at=timezone.now()))
    answer = post(cast, "olivia", "queue/next")
    assert (answer.status_code, "新的警情由其他在班人员受理" in answer.json()["detail"]) == (409, True)
    found = [post(cast, "olivia", f"incidents/{case.pk}/actions/take").status_code for case in (burglary, hold_up)]
    assert found == [409, 200]
    assert post(cast, "oscar", "queue/next").json()["id"] == burglary.pk


def test_who_has_lapsed_goes_on_with_the_case_that_he_has(cast: Cast, lapsed: Duty) -> None:
    case = alarm(Sent(code="PA", at=timezone.now()))
    assert post(cast, "olivia", f"incidents/{case.pk}/actions/take").status_code == 200
    sign_on_duty(cast.company.pk, by=cast.viewer("oscar"), at=timezone.now())
    assert post(cast, "olivia", f"incidents/{case.pk}/actions/release").status_code == 200
