"""误报统计, what waits for a leader's eye, and what is to be mended."""

import pytest
from django.test import Client
from django.utils import timezone

from lianjing.domain.incidents import actions
from lianjing.domain.incidents.models import DispositionReview, Incident
from tests.cast import Cast, Sent, alarm
from tests.web.conftest import As


def disposed(cast: Cast, account: str = "1001", result: str = "device_false", kind: str = "battery") -> Incident:
    case = alarm(Sent(account=account, at=timezone.now()))
    olivia = {"by": cast.viewer("olivia"), "at": timezone.now()}
    actions.take_incident(case.pk, **olivia)
    actions.verify_incident(case.pk, how="call", outcome="false", **olivia)
    return actions.dispose_incident(case.pk, result=result, kind=kind, repair=True, repair_text="soon", **olivia)


@pytest.fixture
def leo(signed_on: As) -> Client:
    return signed_on("leo")


def page(client: Client, query: str = "") -> str:
    answer = client.get(f"/office/false-alarms/{query}")
    assert answer.status_code == 200
    return answer.content.decode()


def test_false_alarms_stand_by_cause_site_and_detector(cast: Cast, leo: Client) -> None:
    assert "这段时间没有误报" in page(leo)
    disposed(cast)
    disposed(cast, "1002")
    for query, words in (("", "电池"), ("?by=site&days=90", "Corner Shop"), ("?by=detector&days=365", "3 front door")):
        assert words in page(leo, query)
    assert "已处置 2 件，其中误报 2 件" in page(leo)


def test_the_counts_go_into_a_spreadsheet_and_no_name_is_a_formula(cast: Cast, leo: Client) -> None:
    cast.shop.name = "=1+1"
    cast.shop.save()
    disposed(cast)
    lines = leo.get("/office/false-alarms/csv/?by=site&days=90").content.decode().splitlines()
    assert lines[0] == "\ufeff按场所,说明,误报次数,最近一次"
    assert lines[1].startswith("'=1+1,1 Corner Shop Road,1,")


def test_what_wants_mending_is_listed(cast: Cast, leo: Client) -> None:
    case = disposed(cast)
    shown = page(leo, "?by=repairs")
    assert (f"#{case.pk}" in shown, "soon" in shown) == (True, True)


def test_a_leader_reviews_a_disposition_and_an_empty_remark_is_refused(cast: Cast, leo: Client) -> None:
    for _ in range(4):
        disposed(cast, result="undetermined", kind="no_evidence")
    review = DispositionReview.objects.get()
    shown = page(leo, "?by=reviews")
    href = f"/office/false-alarms/reviews/{review.pk}/"
    assert ("本班第 4 次" in shown, f'action="{href}"' in shown) == (True, True)
    answer = leo.post(href, {"remark": " "})
    assert (answer.status_code, "请填写内容。" in answer.content.decode()) == (422, True)
    assert leo.post(href, {"remark": "spoke with her"}).status_code == 302
    assert "没有待复查的处置" in page(leo, "?by=reviews")


def test_lists_are_paged(cast: Cast, leo: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("lianjing.web.office.false_alarms.PAGE", 1)
    disposed(cast)
    disposed(cast, kind="wiring")
    for query in ("?by=cause", "?by=repairs"):
        first = page(leo, query)
        assert 'rel="next"' in first
    assert 'rel="next"' not in page(leo, "?by=cause&after=1")


def test_strangers_review_nothing_and_operators_do_not_get_in(cast: Cast, signed_on: As) -> None:
    for _ in range(4):
        disposed(cast, result="undetermined", kind="no_evidence")
    href = f"/office/false-alarms/reviews/{DispositionReview.objects.get().pk}/"
    codes = {who: signed_on(who).post(href, {"remark": "x"}).status_code for who in ("sam", "olivia", "polly")}
    assert codes == {"sam": 404, "olivia": 403, "polly": 403}
