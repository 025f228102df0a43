"""The pages of tests: starting one, watching it, its end and report, and the lists."""

from datetime import datetime, timedelta

import pytest
from django.http import HttpResponse
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from lianjing.domain.signals import models
from lianjing.domain.signals.jobs import look_after_tests
from lianjing.domain.signals.models import SystemEvent
from lianjing.domain.sites.models import Contact, Panel, Zone
from lianjing.domain.sites.word_digests import digest_of
from tests.cast import SYSTEM, Cast, Sent, alarm, journal, treat
from tests.web.console.conftest import As

STRANGE = ("/tests/{id}/", "/tests/{id}/live/")


@pytest.fixture(autouse=True)
def _words(cast: Cast) -> None:
    words = {"pass_word": digest_of("bluebird"), "duress_word": digest_of("blackbird")}
    Contact.objects.filter(site=cast.shop).update(**words)


def start(client: Client, cast: Cast, **told: object) -> HttpResponse:
    form = {"word": "bluebird", "reason": "yearly test", "lasts": "60", "danger_told": "on"}
    return client.post(f"/tests/new/?site={cast.shop.pk}", form | told)  # type: ignore[return-value]


def running(client: Client, cast: Cast, **told: object) -> models.TestPeriod:
    assert start(client, cast, **told).status_code == 302
    return models.TestPeriod.objects.latest("pk")


def text(client: Client, path: str) -> str:
    return client.get(path).content.decode()


def test_a_site_is_found_and_its_test_started_watched_and_ended(cast: Cast, signed_on: As, all_well: None) -> None:
    olivia = signed_on("olivia")
    assert f'href="?site={cast.shop.pk}"' in text(olivia, "/tests/new/?q=corner")
    test = running(olivia, cast)
    journal(Sent(at=timezone.now()))
    treat(timezone.now())
    page = text(olivia, f"/tests/{test.pk}/")
    for words in ("整个场所", "Wang", "口令已核对", "1 个防区已报，1 个没有报", "hall", "进行中", "结束测试"):
        assert words in page
    assert "Corner Shop" in text(olivia, "/tests/")
    assert olivia.post(f"/tests/{test.pk}/end/").status_code == 302
    assert "没有场所在测试中" in text(olivia, "/tests/")
    assert "Corner Shop" in text(olivia, "/tests/past/")
    assert "结束测试" not in text(olivia, f"/tests/{test.pk}/")


def test_a_page_that_stays_open_is_refreshed_until_the_report_is_written(cast: Cast, signed_on: As) -> None:
    olivia = signed_on("olivia")
    test = running(olivia, cast)
    live = f"/tests/{test.pk}/live/"
    assert f'hx-get="{live}"' in text(olivia, f"/tests/{test.pk}/")
    assert "HX-Refresh" not in olivia.get(live)
    olivia.post(f"/tests/{test.pk}/end/")
    look_after_tests(by=SYSTEM, at=timezone.now() + timedelta(seconds=10))
    assert olivia.get(live)["HX-Refresh"] == "true"
    assert f'hx-get="{live}"' not in text(olivia, f"/tests/{test.pk}/")


def test_what_was_typed_stays_in_the_form_but_for_the_word(cast: Cast, signed_on: As) -> None:
    zones = [Zone.objects.get(panel__account="1001", number="3").pk]
    answer = start(signed_on("olivia"), cast, word="nightingale", reason="the yearly one", zones=zones)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "口令不对，测试没有开始" in page
    assert 'value="the yearly one"' in page
    assert "nightingale" not in page
    assert f'value="{zones[0]}" id="f-zones_0" checked' in page


@pytest.mark.parametrize(
    ("told", "said"),
    [
        ({"danger_told": ""}, "请先告知对方"),
        ({"lasts": ""}, "请填写结束时间"),
        ({"lasts": "4320"}, "没有这个选项"),
        ({"until": "nonsense"}, "时刻请写成"),
        ({"until": "2020-01-01T00:00"}, "已经过去"),
        ({"until": "2099-01-01T00:00"}, "最长 4 小时"),
        ({"zones": ["999999"]}, "没有这个选项"),
        ({"reason": "\0"}, "不能保存"),
        ({"reason": "x" * 201}, "最多 200 个字"),
        ({"word": ""}, "没有口令时，只有班长或经理"),
    ],
)
def test_bad_input_is_a_clear_sentence_and_starts_nothing(
    cast: Cast, signed_on: As, told: dict[str, object], said: str
) -> None:
    answer = start(signed_on("olivia"), cast, **told)
    assert (answer.status_code, models.TestPeriod.objects.count()) == (422, 0)
    assert said in answer.content.decode()


def test_a_leader_may_name_who_asked_and_an_operator_is_not_offered_it(cast: Cast, signed_on: As) -> None:
    path = f"/tests/new/?site={cast.shop.pk}"
    assert "由谁要求" in text(signed_on("leo"), path)
    assert "由谁要求" not in text(signed_on("olivia"), path)
    assert running(signed_on("leo"), cast, word="", asked_by="Li").asked_by == "Li"


def test_the_form_names_the_hold_up_and_fire_zones_that_will_be_silent(cast: Cast, signed_on: As) -> None:
    Zone.objects.filter(panel__account="1001", number="4").update(kind="hold_up")
    assert "测试期间，4 hall 的报警也只记录、不出警" in text(signed_on("olivia"), f"/tests/new/?site={cast.shop.pk}")


def test_a_duress_word_is_answered_calmly_and_raises_an_event(cast: Cast, signed_on: As) -> None:
    answer = start(signed_on("olivia"), cast, word="blackbird", reason="")
    page = answer.content.decode()
    assert (answer.status_code, models.TestPeriod.objects.count()) == (200, 0)
    assert "平静地结束通话" in page
    assert "blackbird" not in page
    assert SystemEvent.objects.filter(kind="DW", site=cast.shop).count() == 1


def test_a_test_is_extended_up_to_the_limit_of_the_role(cast: Cast, signed_on: As) -> None:
    olivia = signed_on("olivia")
    test = running(olivia, cast)
    ends_at: datetime = test.ends_at
    assert olivia.post(f"/tests/{test.pk}/extend/", {"lasts": "120"}).status_code == 302
    test.refresh_from_db()
    assert test.ends_at == ends_at + timedelta(hours=2)
    refused = olivia.post(f"/tests/{test.pk}/extend/", {"lasts": "240"})
    assert (refused.status_code, "最长 4 小时" in refused.content.decode()) == (422, True)


def test_panels_sites_and_cases_lead_to_a_test(cast: Cast, signed_on: As) -> None:
    panel = Panel.objects.get(account="1001")
    assert f"/tests/new/?panel={panel.pk}" in text(signed_on("olivia"), "/panels/dc09/1001/")
    assert "Corner Shop" in text(signed_on("olivia"), f"/tests/new/?panel={panel.pk}")
    assert f"/tests/new/?site={cast.shop.pk}" in text(signed_on("olivia"), f"/office/sites/{cast.shop.pk}/")
    case = alarm()
    assert f"/tests/new/?site={cast.shop.pk}" in text(signed_on("olivia"), f"/incidents/{case.pk}/")
    assert "/tests/new/" not in text(signed_on("polly"), f"/incidents/{case.pk}/")
    Panel.objects.create(site=cast.shop, account="1008", added_at=timezone.now(), changed_at=timezone.now())
    assert f'<option value="{panel.pk}" selected>' in text(signed_on("olivia"), f"/tests/new/?panel={panel.pk}")


def test_a_stranger_finds_no_test_and_police_may_only_look(cast: Cast, signed_on: As) -> None:
    test = running(signed_on("olivia"), cast)
    sam, polly = signed_on("sam"), signed_on("polly")
    assert {sam.get(path.format(id=test.pk)).status_code for path in STRANGE} == {404}
    assert {sam.post(f"/tests/{test.pk}/{act}/", {"lasts": "60"}).status_code for act in ("end", "extend")} == {404}
    assert sam.get(f"/tests/new/?site={cast.shop.pk}").status_code == 404
    assert "Corner Shop" not in text(sam, "/tests/") + text(sam, "/tests/new/?q=corner")
    assert polly.get(f"/tests/{test.pk}/").status_code == 200
    assert polly.post(f"/tests/{test.pk}/end/").status_code == 403


def test_desks_are_told_before_a_test_ends(cast: Cast, signed_on: As) -> None:
    test = running(signed_on("olivia"), cast)
    assert "测试即将结束" not in text(signed_on("oscar"), "/")
    models.TestPeriod.objects.filter(pk=test.pk).update(ends_at=timezone.now() + timedelta(minutes=5))
    look_after_tests(by=SYSTEM, at=timezone.now())
    assert "测试即将结束" in text(signed_on("oscar"), "/")
    assert "测试即将结束" not in text(signed_on("sam"), "/")


@pytest.mark.parametrize("rows", [1, 3])
def test_the_list_asks_the_same_number_of_questions(
    cast: Cast, signed_on: As, all_well: None, django_assert_num_queries: DjangoAssertNumQueries, rows: int
) -> None:
    for _ in range(rows):
        test = models.TestPeriod.objects.create(
            company=cast.company,
            site=cast.shop,
            reason="x",
            asked_by="Wang",
            checked_how="pass_word",
            started_by="Olivia",
            starts_at=timezone.now(),
            ends_at=timezone.now() + timedelta(hours=1),
        )
        test.zones.add(*Zone.objects.filter(panel__site=cast.shop))
    olivia = signed_on("olivia")
    with django_assert_num_queries(22):
        assert text(olivia, "/tests/").count("防区 3 front door、4 hall") == rows
