"""The pages of signals: the list, one signal with its way, the ledger and its rules, and the watch lists."""

from datetime import timedelta

import pytest
from django.http import HttpResponse
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from lianjing.domain.incidents.models import Incident
from lianjing.domain.signals.models import Condition, Decision, PanelWatch, Runaway, SuppressionRule, Treatment
from lianjing.domain.signals.policy import PIPELINE
from lianjing.domain.signals.watch_lists import LISTS
from lianjing.domain.sites.models import Panel, TransmissionPath, Zone
from lianjing.web.console.signalwords import STEPS
from lianjing.web.console.watch import MEANINGS, NAMES, NOTHING, TODO, skew_words
from lianjing.web.paging import PAGE
from tests.cast import Cast, Sent, journal, treat
from tests.web.console.conftest import As


def sent(count: int = 1, **told: object) -> list[int]:
    ids = [journal(Sent(at=timezone.now() - timedelta(seconds=count - n), **told)) for n in range(count)]  # type: ignore[arg-type]
    treat(timezone.now())
    return ids


def text(client: Client, path: str) -> str:
    return client.get(path).content.decode()


def test_every_step_and_list_has_its_words() -> None:
    assert set(STEPS) == {name for name, _ in PIPELINE}
    assert set(NAMES) == set(MEANINGS) == set(NOTHING) == set(TODO) - {"mains"} == set(LISTS)


# List


def test_the_list_shows_what_came_and_what_became_of_it(cast: Cast, signed_on: As) -> None:
    (alarm,) = sent()
    (opening,) = sent(code="OP", zone="000")
    olivia = signed_on("olivia")
    page = text(olivia, "/signals/")
    for words in (f"/signals/{alarm}/", f"/signals/{opening}/", "Corner Shop", "入案", "自动", "front door"):
        assert words in page
    assert f"/signals/{opening}/" not in text(olivia, "/signals/?fate=in_case")
    assert f"/signals/{alarm}/" not in text(signed_on("sam"), "/signals/")


@pytest.mark.parametrize(
    ("query", "status", "said"),
    [
        ("?q=zzz", 200, "没有与“zzz”相符的信号"),
        ("?q=%00&class=x&fate=x&after=x&rule=%00", 200, "Corner Shop"),
        ("?on=2026-13-99", 400, "不是日期"),
        ("?on=9999-01-01", 400, "不是日期"),
        ("?on=2001-01-01", 200, "没有符合条件的信号"),
        ("?fate=waiting", 200, "没有待处理的信号"),
    ],
)
def test_any_filter_is_answered_with_a_sentence(cast: Cast, signed_on: As, query: str, status: int, said: str) -> None:
    sent()
    answer = signed_on("olivia").get(f"/signals/{query}")
    assert (answer.status_code, said in answer.content.decode()) == (status, True)


def test_the_list_is_paged(cast: Cast, signed_on: As) -> None:
    ids = sent(PAGE + 2)
    olivia = signed_on("olivia")
    first = olivia.get("/signals/")
    rest = olivia.get(first.context["next_href"])
    assert [row.line.id for page in (first, rest) for row in page.context["rows"]] == ids[::-1]


# One signal


def decided(signal_id: int, rule: str, author: str, *steps: tuple[str, str]) -> None:
    Treatment.objects.filter(pk=signal_id).update(fate="suppressed", rule=rule)
    told = {"rule": rule, "author": author, "steps": [list(step) for step in steps], "decided_at": timezone.now()}
    Decision.objects.update_or_create(pk=signal_id, defaults=told)


def test_the_page_shows_the_whole_way_with_the_step_that_decided(cast: Cast, signed_on: As) -> None:
    (signal_id,) = sent()
    decided(signal_id, "runaway", "系统", ("account", ""), ("test", ""), ("runaway", "10 分钟内 11 次"))
    Condition.objects.update_or_create(
        signal_id=signal_id,
        defaults={
            "company": cast.company,
            "site": cast.shop,
            "panel": Panel.objects.get(account="1001"),
            "key": "k",
            "event_class": "intrusion",
            "began_at": timezone.now(),
        },
    )
    page = text(signed_on("olivia"), f"/signals/{signal_id}/")
    for words in ("频繁上报（系统）", "10 分钟内 11 次", "由此决定", "通过", "还没有恢复", "设备未报时", "收到时间"):
        assert words in page
    assert page.count('class="passed"') == 2
    assert "抑制这类信号" not in page
    assert "抑制这类信号" in text(signed_on("leo"), f"/signals/{signal_id}/")
    assert signed_on("sam").get(f"/signals/{signal_id}/").status_code == 404


def test_cases_and_frames_lead_to_the_way_of_their_signals(cast: Cast, signed_on: As) -> None:
    (signal_id,) = sent()
    olivia = signed_on("olivia")
    case = Incident.objects.get(signals__treatment_id=signal_id).pk
    for path in (f"/frames/{signal_id}/", f"/incidents/{case}/"):
        assert f'href="/signals/{signal_id}/"' in text(olivia, path)


# Ledger and rules


def rule(client: Client, cast: Cast, **told: object) -> HttpResponse:
    zone = Zone.objects.get(panel__account="1001", number="3")
    form = {"zone": zone.pk, "event_class": "fault", "reason": "loose contact", "lasts": "10080"}
    return client.post(f"/suppressions/new/?site={cast.shop.pk}", form | told)  # type: ignore[return-value]


def test_a_leader_sets_a_rule_sees_it_in_the_ledger_with_what_it_hid_and_ends_it(cast: Cast, signed_on: As) -> None:
    leo = signed_on("leo")
    assert rule(leo, cast).status_code == 302
    made = SuppressionRule.objects.get()
    (signal_id,) = sent()
    decided(signal_id, f"suppression:{made.pk}", "Leo", ("hiding", "loose contact"))
    page = text(leo, "/suppressions/")
    for words in (f"抑制规则 {made.pk} · 故障", "Corner Shop · 防区 3", "loose contact", "Leo"):
        assert words in page
    drill = f"/signals/?fate=suppressed&amp;rule=suppression%3A{made.pk}"
    assert drill in page
    assert f"/signals/{signal_id}/" in text(leo, drill.replace("&amp;", "&"))
    assert "理由：loose contact" in text(leo, f"/signals/{signal_id}/")
    assert leo.post(f"/suppressions/{made.pk}/end/").status_code == 302
    assert leo.post(f"/suppressions/{made.pk}/end/").status_code == 409
    assert "已结束" in text(leo, "/suppressions/")


def test_the_houses_own_rules_stand_in_the_ledger_with_their_reason(cast: Cast, signed_on: As) -> None:
    (signal_id,) = sent()
    decided(signal_id, "runaway", "系统", ("runaway", "x"))
    page = text(signed_on("polly"), "/suppressions/")
    assert "频繁上报" in page
    assert "头几个照常提示，其余只记录" in page
    assert "频繁上报" not in text(signed_on("sam"), "/suppressions/")


@pytest.mark.parametrize(
    ("told", "said"),
    [
        ({"zone": "", "event_class": ""}, "必须选定一个类别"),
        ({"event_class": "hold_up"}, "没有这个选项"),
        ({"code": "PA", "event_class": ""}, "任何时候都不能抑制"),
        ({"code": "Q1"}, "不在任何代码表中"),
        ({"code": "far too long"}, "最多 8 个字"),
        ({"lasts": ""}, "请填写到期时间"),
        ({"until": "2099-01-01T00:00"}, "最长 30 天"),
        ({"reason": ""}, "请写明理由"),
        ({"zone": "999999"}, "没有这个选项"),
    ],
)
def test_a_rule_that_must_not_be_is_refused_with_a_sentence_and_what_was_typed(
    cast: Cast, signed_on: As, told: dict[str, object], said: str
) -> None:
    answer = rule(signed_on("leo"), cast, **told)
    page = answer.content.decode()
    assert (answer.status_code, SuppressionRule.objects.count()) == (422, 0)
    assert said in page
    assert told.get("reason") == "" or 'value="loose contact"' in page


def test_hold_up_and_fire_zones_are_not_offered_and_refused_when_sent_all_the_same(cast: Cast, signed_on: As) -> None:
    zone = Zone.objects.get(panel__account="1001", number="4")
    Zone.objects.filter(pk=zone.pk).update(kind="fire")
    leo = signed_on("leo")
    page = text(leo, f"/suppressions/new/?site={cast.shop.pk}")
    assert "不在此列的防区：4 hall" in page
    assert f'<option value="{zone.pk}"' not in page
    assert rule(leo, cast, zone=zone.pk).status_code == 422


def test_a_rule_from_a_signal_begins_with_what_the_signal_is(cast: Cast, signed_on: As) -> None:
    (signal_id,) = sent()
    page = text(signed_on("leo"), f"/suppressions/new/?signal={signal_id}")
    assert '<option value="intrusion" selected>' in page
    assert 'value="BA"' in page
    assert "Corner Shop" not in text(signed_on("sam"), f"/suppressions/new/?signal={signal_id}")


def test_operators_may_not_and_strangers_find_no_rule(cast: Cast, signed_on: As) -> None:
    assert rule(signed_on("olivia"), cast).status_code == 403
    assert rule(signed_on("sam"), cast).status_code == 404
    assert rule(signed_on("leo"), cast).status_code == 302
    made = SuppressionRule.objects.get()
    assert signed_on("sam").post(f"/suppressions/{made.pk}/end/").status_code == 404
    assert "抑制规则 1 " not in text(signed_on("sam"), "/suppressions/")
    assert f"/suppressions/{made.pk}/end/" not in text(signed_on("olivia"), "/suppressions/")


@pytest.mark.parametrize("rows", [1, 3])
def test_the_ledger_asks_the_same_number_of_questions(
    cast: Cast, signed_on: As, all_well: None, django_assert_num_queries: DjangoAssertNumQueries, rows: int
) -> None:
    for _ in range(rows):
        assert rule(signed_on("leo"), cast).status_code == 302
    olivia = signed_on("olivia")
    with django_assert_num_queries(23):
        assert text(olivia, "/suppressions/").count("loose contact") == rows


# Watch lists


def test_an_empty_watch_list_says_that_all_is_well(cast: Cast, signed_on: As) -> None:
    for name in LISTS:
        assert f"✓ {NOTHING[name]}" in text(signed_on("olivia"), f"/watch/?list={name}")
    assert "✓ " in text(signed_on("olivia"), "/watch/?list=x&after=%00|")


def test_each_watch_list_says_what_is_wrong_and_what_to_do(cast: Cast, signed_on: As) -> None:
    (signal_id,) = sent()
    panel, hours = Panel.objects.select_related("site").get(account="1001"), timezone.now() - timedelta(hours=3)
    Condition.objects.filter(pk=signal_id).delete()
    place = {"company": cast.company, "site": cast.shop, "panel": panel, "key": "k", "event_class": "intrusion"}
    Condition.objects.create(signal_id=signal_id, began_at=hours, overdue_at=None, **place)
    PanelWatch.objects.update_or_create(
        panel=panel, defaults={"test_late_since": hours, "skewed_since": hours, "skew_s": -200}
    )
    TransmissionPath.objects.create(panel=panel, place=1, kind="4g", interval_s=90, lost_at=hours)
    meter = {"event_class": "fault", "tokens": 0, "at": hours, "running_since": hours, "hidden": 7}
    Runaway.objects.create(key="k", panel=panel, **meter)
    Panel.objects.filter(pk=panel.pk).update(activated_at=None, added_at=hours)
    said = {
        "unrestored": ("逾时未恢复 · 已 3 小时", "让设备复位"),
        "lost": ("4G 失联 3 小时", "应每 1 分 30 秒有动静"),
        "late_tests": ("测试迟到 3 小时", "手动发一次测试"),
        "runaways": ("故障", "已藏 7 条"),
        "skewed": ("慢 3 分 20 秒", "校时"),
        "pending": ("等第一个信号", "已登记 3 小时"),
    }
    for name, words in said.items():
        page = text(signed_on("olivia"), f"/watch/?list={name}")
        assert [each in page for each in (*words, "Corner Shop", "/panels/dc09/1001/")] == [True] * 4, name
        assert "Corner Shop" not in text(signed_on("sam"), f"/watch/?list={name}")


def test_skew_is_told_as_fast_or_slow() -> None:
    assert (skew_words(200), skew_words(-7200)) == ("快 3 分 20 秒", "慢 2 小时")


def test_a_long_watch_list_is_paged(cast: Cast, signed_on: As) -> None:
    Panel.objects.bulk_create(
        Panel(site=cast.shop, account=str(3000 + n), added_at=timezone.now(), changed_at=timezone.now())
        for n in range(PAGE + 5)
    )
    olivia = signed_on("olivia")
    first = olivia.get("/watch/?list=pending")
    rest = olivia.get(first.context["next_href"])
    accounts = [row.line.account for page in (first, rest) for row in page.context["rows"]]
    assert sorted(accounts) == [str(3000 + n) for n in range(PAGE + 5)]
