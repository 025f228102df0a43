"""Pages of equipment: the register, a panel, its forms and tables; strangers and wrong roles."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from lianjing.domain.sites.models import Area, Panel, TransmissionPath, Zone
from lianjing.web.durations import duration_text, seconds_of
from lianjing.web.paging import PAGE
from tests.cast import NOON, Cast, Sent, alarm
from tests.web.conftest import As

LIST_QUERIES = 9
PARTS = ("edit", "paths", "areas", "users", "zones", "remove", "move")


def panel(account: str = "1001") -> Panel:
    return Panel.objects.get(account=account, removed_at=None)


def zone(number: str, account: str = "1001") -> Zone:
    return Zone.objects.get(panel=panel(account), number=number, address_kind="zone")


def href(account: str = "1001", part: str = "") -> str:
    return f"/office/panels/{panel(account).pk}/{part + '/' if part else ''}"


def text(client: Client, path: str) -> str:
    return client.get(path).content.decode()


def sheet(account: str = "1001", **rows: str) -> dict[str, str]:
    return {"stand": panel(account).changed_at.isoformat(), **rows}


def zone_row(place: int, number: str, **told: str) -> dict[str, str]:
    values = {"number": number, "name": "", "kind": "intrusion", "principle": "", "area": "", "neighbours": ""} | told
    return {f"r{place}-{name}": value for name, value in values.items() if value is not None}


# Doors


@pytest.mark.parametrize("name", ["olivia", "polly", "gus"])
def test_who_may_not_edit_reads_the_pages_at_most(cast: Cast, signed_on: As, name: str) -> None:
    browser = signed_on(name)
    seen = browser.get(href())
    assert seen.status_code == (403 if name == "gus" else 200)
    assert "编辑防区表" not in seen.content.decode()
    assert {browser.get(href(part=part)).status_code for part in PARTS} == {403}
    assert browser.get(f"/office/panels/new?site={cast.shop.pk}").status_code == 403
    assert browser.post(href(part="remove"), {"reason": "x"}).status_code == 403


def test_a_stranger_finds_no_panel_and_no_site(cast: Cast, signed_on: As) -> None:
    sam = signed_on("sam")
    disable = f"{href()}zones/{zone('3').pk}/disable/"
    for path in (href(), *(href(part=part) for part in PARTS), disable):
        assert sam.get(path).status_code == 404, path
        if path != href():
            assert sam.post(path, {"reason": "x", "site": cast.mill.pk}).status_code == 404, path
    assert sam.post(f"{href()}zones/{zone('3').pk}/enable/").status_code == 404
    page = text(sam, f"/office/panels/new?site={cast.shop.pk}")
    assert ("登记到哪个场所" in page, "Corner Shop" in page, "Hill Mill" in page) == (True, False, True)
    assert sam.get("/office/panels/?q=1001").context["rows"] == []


def test_a_panel_does_not_move_to_another_company(cast: Cast, signed_on: As) -> None:
    mia = signed_on("mia")
    assert mia.post(href(part="move"), {"site": str(cast.mill.pk)}).status_code == 404
    assert signed_on("ada").post(href(part="move"), {"site": str(cast.mill.pk)}).status_code == 422
    assert mia.post(href(part="move"), {"site": str(cast.bank.pk)}).status_code == 302
    assert panel().site == cast.bank


# The register


@pytest.mark.parametrize(
    ("query", "accounts"),
    [
        ("", ["1001", "1002"]),
        ("?q=100", ["1001", "1002"]),
        ("?q=corner", ["1001"]),
        ("?state=pending", ["1002"]),
        ("?state=active", ["1001"]),
        ("?lacks=test", ["1002"]),
        ("?lacks=path", ["1002"]),
        ("?lacks=lost", ["1001"]),
        ("?lacks=key", ["1002"]),
        ("?protocol=surgard", []),
        ("?q=zzz", []),
        ("?state=nonsense&lacks=%00&after=x", ["1001", "1002"]),
    ],
)
def test_the_register_is_narrowed_by_what_panels_lack(
    cast: Cast, signed_on: As, query: str, accounts: list[str]
) -> None:
    Panel.objects.filter(account="1001").update(test_interval=1440, key_sealed="v1:x")
    Panel.objects.filter(account="1002").update(activated_at=None)
    TransmissionPath.objects.create(panel=panel(), place=1, kind="4g", interval_s=90, lost_at=NOON)
    page = signed_on("olivia").get(f"/office/panels/{query}")
    assert [row.panel.account for row in page.context["rows"]] == accounts
    if not accounts:
        assert "没有符合条件的设备" in page.content.decode()


def test_the_register_goes_on_behind_the_last_row_and_names_the_company_to_the_installations_admin(
    cast: Cast, signed_on: As
) -> None:
    now = timezone.now()
    Panel.objects.bulk_create(
        Panel(site=cast.shop, account=str(3000 + n), added_at=now, changed_at=now) for n in range(PAGE)
    )
    mia = signed_on("mia")
    first = mia.get("/office/panels/")
    further = mia.get(first.context["next_href"])
    accounts = [row.panel.account for page in (first, further) for row in page.context["rows"]]
    assert accounts == sorted(Panel.objects.exclude(account="2001").values_list("account", flat=True))
    ada = signed_on("ada")
    assert "Hill Alarm" in text(ada, "/office/panels/?q=2001")
    assert "2001" not in text(ada, f"/office/panels/?company={cast.company.pk}")


@pytest.mark.parametrize("rows", [1, 30])
def test_the_register_asks_the_same_number_of_questions(
    cast: Cast, signed_on: As, django_assert_num_queries: DjangoAssertNumQueries, rows: int
) -> None:
    for account in range(3000, 3000 + rows):
        made = Panel.objects.create(site=cast.shop, account=account, added_at=NOON, changed_at=NOON)
        TransmissionPath.objects.create(panel=made, place=1, kind="4g")
    mia = signed_on("mia")
    with django_assert_num_queries(LIST_QUERIES):
        mia.get("/office/panels/")


# One panel


def test_a_panel_tells_its_state_and_when_its_test_is_late(cast: Cast, signed_on: As) -> None:
    Panel.objects.filter(account="1001").update(activated_at=None, test_interval=1440)
    TransmissionPath.objects.create(panel=panel(), place=1, kind="4g", transport="udp", interval_s=90)
    TransmissionPath.objects.create(panel=panel(), place=2, kind="wired_ip", interval_s=90, lost_at=NOON)
    page = text(signed_on("olivia"), href())
    for words in (
        "待激活：",
        "每 1 天 一次；满 25 小时 30 分 没有就提醒",
        "第 1 条与第 2 条路径分不开",
        "每 1 分 30 秒 一次，漏 3 次即失联（4 分 30 秒）",
        "✕ 失联，自",
        "front door",
        "没有，明文接收",
    ):
        assert words in page
    Panel.objects.filter(account="1001").update(activated_at=NOON)
    assert "已激活，自 2026-11-22 12:00:00" in text(signed_on("olivia"), href())


def test_a_form_that_was_refused_keeps_what_was_typed(cast: Cast, signed_on: As) -> None:
    mia = signed_on("mia")
    told = {"account": "2001", "listener": "dc09", "model": "HB-9", "test_interval": "24 小时"}
    page = mia.post(f"/office/panels/new?site={cast.shop.pk}", told)
    words = page.content.decode()
    assert (page.status_code, "账号 2001 正被另一台在用的设备使用。" in words) == (422, True)
    assert ('value="HB-9"' in words, 'value="24 小时"' in words, "Hill" in words) == (True, True, False)
    page = mia.post(f"/office/panels/new?site={cast.shop.pk}", told | {"test_interval": "soon"})
    assert "请写成 24 小时、30 分、90 秒 的样子" in page.content.decode()
    assert Panel.objects.count() == 3


def test_a_panel_is_registered_and_what_its_account_sent_before_is_told(cast: Cast, signed_on: As) -> None:
    alarm(Sent(account="7001", at=timezone.now() - timedelta(hours=1)))
    told = {"account": "7001", "listener": "dc09", "test_interval": "24h"}
    page = signed_on("leo").post(f"/office/panels/new?site={cast.shop.pk}", told, follow=True)
    made = panel("7001")
    assert (made.test_interval, page.redirect_chain) == (1440, [(href("7001"), 302)])
    assert "此账号登记前发来的信号和警情已转入本场所" in page.content.decode()
    page = signed_on("leo").post(f"/office/panels/new?site={cast.shop.pk}", told | {"account": "7002"}, follow=True)
    assert "已登记，待激活" in page.content.decode()


def test_the_admin_chooses_company_and_site_for_an_account_that_was_heard(cast: Cast, signed_on: As) -> None:
    ada = signed_on("ada")
    page = text(ada, "/office/panels/new?account=7001&listener=surgard&q=hill")
    (link,) = re.findall(r'href="(/office/panels/new\?[^"]+)"', page)
    assert "Hill Alarm" in page
    form = text(ada, link.replace("&amp;", "&"))
    assert 'value="7001"' in form
    assert '<option value="surgard" selected>' in form


def test_a_panel_is_changed_and_removed_by_its_forms(cast: Cast, signed_on: As) -> None:
    mia = signed_on("mia")
    Panel.objects.filter(account="1001").update(test_interval=90)
    assert 'value="1 小时 30 分"' in text(mia, href(part="edit"))
    page = mia.post(href(part="edit"), {"account": "1001", "listener": "dc09", "model": "X"}, follow=True)
    assert "防护减弱：不再要求定期测试（原为每 1 小时 30 分钟 一次）" in page.content.decode()
    assert "请填写" in mia.post(href(part="remove"), {"reason": " "}).content.decode()
    gone = panel().pk
    page = mia.post(href(part="remove"), {"reason": "合同终止"}, follow=True)
    assert "设备 1001 已移除" in page.content.decode()
    assert mia.get(f"/office/panels/{gone}/").status_code == 404


# Tables


def test_paths_are_put_in_the_order_of_their_places(cast: Cast, signed_on: As) -> None:
    mia = signed_on("mia")
    rows = {"r0-place": "2", "r0-kind": "4g", "r0-transport": "udp", "r0-category": "SP5", "r0-interval_s": ""}
    rows |= {"r1-place": "1", "r1-kind": "wired_ip", "r1-transport": "tcp", "r1-interval_s": "3 分", "r1-misses": "2"}
    rows |= {"r2-kind": "", "r2-transport": "", "r2-category": ""}
    assert mia.post(href(part="paths"), sheet(**rows)).status_code == 302
    stored = panel().paths.order_by("place").values_list("kind", "interval_s", "misses")
    assert list(stored) == [("wired_ip", 180, 2), ("4g", 90, 1)]
    page = mia.post(href(part="paths"), sheet(**rows | {"r0-interval_s": "bald", "r1-misses": "99"}))
    words = page.content.decode()
    assert (page.status_code, 'value="bald"' in words, "监督间隔请写成" in words) == (422, True, True)
    page = mia.post(href(part="paths"), sheet(**rows | {"r1-misses": "99"}))
    assert "第 1 行：容许漏报次数须在 1 到 20 之间。" in page.content.decode()


def test_a_table_of_zones_with_a_wrong_row_keeps_what_was_typed_and_names_the_row(cast: Cast, signed_on: As) -> None:
    rows = zone_row(0, "3", id=str(zone("3").pk), name="正门", always_on="1")
    rows |= zone_row(1, "4", id=str(zone("4").pk), remove="1")
    rows |= zone_row(2, "003", name="后门") | zone_row(5, "6", kind="hold_up") | zone_row(6, "")
    page = signed_on("mia").post(href(part="zones"), sheet(**rows))
    words = page.content.decode()
    assert page.status_code == 422
    assert "第 3 行：防区 3 与第 1 行重复。" in words
    assert "第 4 行：防区 6 是紧急求助防区，必须为 24 小时防区。" in words
    assert all(kept in words for kept in ('value="正门"', 'value="后门"', 'value="003"'))
    assert words.count(" checked") == 2
    assert {z.number for z in Zone.objects.filter(panel=panel())} == {"3", "4"}


def test_a_table_of_zones_is_saved_with_areas_neighbours_and_removals(cast: Cast, signed_on: As) -> None:
    Area.objects.create(panel=panel(), number="1")
    rows = zone_row(0, "3", id=str(zone("3").pk), name="正门", area="01", principle="magnetic", neighbours="5，6")
    rows |= zone_row(1, "4", id=str(zone("4").pk), remove="1")
    rows |= zone_row(2, "5", kind="hold_up", always_on="1") | zone_row(3, "6", camera="http://cam/1") | zone_row(4, "")
    mia = signed_on("mia")
    assert mia.post(href(part="zones"), sheet(**rows)).status_code == 302
    assert [z.number for z in zone("3").neighbours.order_by("number")] == ["5", "6"]
    assert (zone("3").area, Zone.objects.filter(panel=panel(), number="4").count()) == ("1", 0)
    page = text(mia, href())
    assert '<a href="http://cam/1" target="_blank" rel="noopener noreferrer">' in page
    assert "防区 4（hall）移除" in page


def test_first_zones_name_the_signals_that_came_before_them(cast: Cast, signed_on: As) -> None:
    case = alarm(Sent(account="7001", at=timezone.now() - timedelta(hours=1)))
    leo = signed_on("leo")
    leo.post(f"/office/panels/new?site={cast.shop.pk}", {"account": "7001", "listener": "dc09"})
    leo.post(href("7001", "zones"), sheet("7001", **zone_row(0, "3", name="柜台")))
    assert case.signals.get().treatment.zone == zone("3", "7001")


def test_a_table_that_somebody_else_has_changed_meanwhile_asks_to_look_again(cast: Cast, signed_on: As) -> None:
    rows = sheet(**zone_row(0, "9", name="新的"))
    Panel.objects.filter(account="1001").update(changed_at=NOON + timedelta(seconds=1))
    mia = signed_on("mia")
    page = mia.post(href(part="zones"), rows)
    words = page.content.decode()
    assert (page.status_code, "有人改动过这台设备的登记" in words, 'value="新的"' in words) == (422, True, True)
    stand = re.search(r'name="stand" value="([^"]+)"', words)
    assert stand is not None
    assert mia.post(href(part="zones"), rows | {"stand": stand[1]}).status_code == 302


@pytest.mark.parametrize("data", [{}, {"r0-number": "\0"}, {"r99999-id": "9" * 30}, {"r0-id": "-1", "r0-number": "8"}])
def test_nonsense_in_a_table_is_no_fault_of_the_server(cast: Cast, signed_on: As, data: dict[str, str]) -> None:
    mia = signed_on("mia")
    for part in ("zones", "paths", "areas", "users"):
        assert mia.post(href(part=part), sheet(**data)).status_code in (302, 422)


def test_two_hundred_zones_are_one_table_and_a_handful_of_questions(
    cast: Cast, signed_on: As, django_assert_max_num_queries: Any
) -> None:
    Zone.objects.bulk_create(Zone(panel=panel(), number=str(n), name=f"room {n}") for n in range(100, 300))
    mia = signed_on("mia")
    with django_assert_max_num_queries(14):
        page = text(mia, href(part="zones"))
    assert page.count("-number") == 202 + 3 + 1
    rows = sheet()
    for place, (pk, number) in enumerate(Zone.objects.filter(panel=panel()).values_list("pk", "number")):
        rows |= zone_row(place, number, id=str(pk), name=f"room {number}", detector="", camera="", always_on="")
    assert mia.post(href(part="zones"), rows).status_code == 302


def test_areas_and_users_are_tables_too(cast: Cast, signed_on: As) -> None:
    mia = signed_on("mia")
    assert mia.post(href(part="areas"), sheet(**{"r0-number": "01", "r0-name": "前厅"})).status_code == 302
    assert mia.post(href(part="users"), sheet(**{"r0-number": "7", "r0-name": "王芳"})).status_code == 302
    page = text(mia, href())
    assert all(words in page for words in ("前厅", "王芳"))
    refused = mia.post(href(part="users"), sheet(**{"r0-number": "7", "r0-name": "x", "r1-number": "007"}))
    assert "第 2 行：用户 7 与第 1 行重复。" in refused.content.decode()


def test_a_zone_is_disabled_with_a_reason_and_never_one_that_calls_for_help(cast: Cast, signed_on: As) -> None:
    mia = signed_on("mia")
    path = f"{href()}zones/{zone('3').pk}/"
    assert "请填写" in mia.post(f"{path}disable/", {"reason": " "}).content.decode()
    page = mia.post(f"{path}disable/", {"reason": "装修"}, follow=True).content.decode()
    assert ("防护减弱：防区 3（front door）停用" in page, "✕ 停用，自" in page) == (True, True)
    assert mia.post(f"{path}enable/").status_code == 302
    assert zone("3").disabled_at is None
    Zone.objects.filter(pk=zone("3").pk).update(kind="fire", always_on=True)
    assert "不能停用" in mia.post(f"{path}disable/", {"reason": "装修"}).content.decode()
    assert mia.get(f"{href('1002')}zones/{zone('3').pk}/disable/").status_code == 404


# Lengths of time


@pytest.mark.parametrize(
    ("written", "seconds"),
    [
        ("90", 90),
        ("90 秒", 90),
        ("１分３０秒", 90),
        ("25h", 90_000),
        ("25 小时 30 分", 91_800),
        ("1 天", 86_400),
        ("2d 4h", 187_200),
        ("", None),
        ("soon", None),
        ("5 分钟左右", None),
        ("-5", None),
        ("9" * 20, None),
    ],
)
def test_lengths_of_time_are_read_as_people_write_them(written: str, seconds: int | None) -> None:
    assert seconds_of(written, "s") == seconds
    if seconds is not None:
        assert seconds_of(duration_text(seconds), "s") == seconds
