"""The pages of panels: list, one panel, its key, and what raw traffic and cases say of paths and pictures."""

import logging
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from lianjing.domain.records.models import Record
from lianjing.domain.signals.diagnosis import WORST_FIRST
from lianjing.domain.sites.models import Panel
from lianjing.web.console.advice import BRANDS, SENTENCES, duration_words
from lianjing.web.console.extras import FOR_THE_CASE, extras_in_words
from lianjing.web.paging import PAGE
from lianjing.web.words import EXTRAS, ODDITIES, PANEL_ODDITIES
from tests.cast import Cast, Sent, alarm, journal, refused, treat
from tests.web.console.conftest import As

LIST_QUERIES = 25
SECRET = "a-secret-of-16-b"
HEX_32 = "00112233445566778899AABBCCDDEEFF"


def sent(**told: object) -> Sent:
    return Sent(at=timezone.now() - timedelta(minutes=1), **told)  # type: ignore[arg-type]


def panel(account: str = "1001") -> Panel:
    return Panel.objects.get(account=account)


def text(client: Client, path: str) -> str:
    return client.get(path).content.decode()


def test_the_list_shows_site_key_and_what_is_odd(signed_on: As) -> None:
    refused(sent(reason="wrong-key", encrypted=True))
    page = text(signed_on("olivia"), "/panels/")
    for words in ("Corner Shop", "Harbour Bank", "▲ 密钥不对", "▲ 从未收到", "登记 2 台", 'href="/panels/dc09/1001/"'):
        assert words in page
    assert "Hill Mill" not in page
    assert "未登记账号" not in page
    assert "未登记账号" in text(signed_on("ada"), "/panels/")


def test_an_account_without_a_site_is_told_with_the_way_to_register_it(signed_on: As) -> None:
    alarm(sent(account="7001", peer="10.0.0.9:4000"))
    page = text(signed_on("ada"), "/panels/?show=unknown")
    for words in ("7001", "入侵报警 × 1", "10.0.0.9:4000", "二级", "/office/panels/new?account=7001&amp;listener=dc09"):
        assert words in page
    assert "登记为设备" not in text(signed_on("mia"), "/panels/?show=unknown")


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("?q=zzz", "没有与“zzz”相符的设备"),
        ("?show=unknown", "没有收到未登记账号"),
        ("?q=%00&show=x&after=x", "Corner Shop"),
    ],
)
def test_a_list_with_nothing_in_it_says_so(signed_on: As, query: str, said: str) -> None:
    assert said in text(signed_on("ada"), f"/panels/{query}")


def test_the_list_is_paged_without_a_gap(cast: Cast, signed_on: As) -> None:
    Panel.objects.bulk_create(
        Panel(site=cast.shop, account=str(3000 + n), added_at=timezone.now(), changed_at=timezone.now())
        for n in range(PAGE)
    )
    olivia = signed_on("olivia")
    first = olivia.get("/panels/")
    further = olivia.get(first.context["next_href"])
    accounts = [row.line.account for page in (first, further) for row in page.context["rows"]]
    assert accounts == sorted(Panel.objects.exclude(account="2001").values_list("account", flat=True))
    assert (further.context["next_href"], further.context["first_page_href"]) == ("", "/panels/")


@pytest.mark.parametrize("rows", [1, 3])
def test_the_list_asks_the_same_number_of_questions(
    cast: Cast, signed_on: As, all_well: None, django_assert_num_queries: DjangoAssertNumQueries, rows: int
) -> None:
    for account in range(3000, 3000 + rows):
        Panel.objects.create(site=cast.shop, account=account, added_at=timezone.now(), changed_at=timezone.now())
    olivia = signed_on("olivia")
    with django_assert_num_queries(LIST_QUERIES):
        olivia.get("/panels/")


def test_a_wrong_key_is_called_so_in_both_languages_and_on_every_page(signed_on: As) -> None:
    frame = refused(sent(reason="wrong-key", encrypted=True))
    olivia = signed_on("olivia")
    for path in ("/frames/", f"/frames/{frame}/"):
        assert "设备 1001（Corner Shop）的密钥不对" in text(olivia, path)
    assert "设备 1001 的密钥不对：最近有 1 帧" not in text(olivia, "/frames/")
    olivia.cookies["lianjing_language"] = "en"
    assert "wrong key for panel 1001 (Corner Shop)" in text(olivia, "/frames/")


def test_a_panel_leads_with_its_state_and_says_what_to_do(signed_on: As) -> None:
    Panel.objects.filter(account="1001").update(key_sealed="v1:nonsense")
    page = text(signed_on("olivia"), "/panels/dc09/1001/")
    for words in ("✕ 登记的密钥打不开", "LIANJING_DATA_KEY", "怎样设置", "SIA-DCS 或 ADM-CID", "还没有收到报文"):
        assert words in page
    refused(sent(account="1002", reason="no-key", encrypted=True))
    page = text(signed_on("olivia"), "/panels/dc09/1002/")
    assert "没有登记密钥：最近有 1 帧读不出" in page
    assert "登记密钥</button>" not in page


def test_each_oddity_and_each_dialect_has_its_words(cast: Cast) -> None:
    assert set(WORST_FIRST) == set(SENTENCES) == set(PANEL_ODDITIES)
    assert set(BRANDS) <= set(ODDITIES)
    assert set(FOR_THE_CASE) <= set(EXTRAS)


@pytest.mark.parametrize(
    ("seconds", "words"),
    [(0, "0 秒"), (59, "59 秒"), (90, "1 分 30 秒"), (28800, "8 小时"), (90061, "1 天 1 小时")],
)
def test_a_duration_is_told_in_two_units(seconds: int, words: str) -> None:
    assert duration_words(seconds) == words


@pytest.mark.parametrize("listener", ["surgard", "ademco685"])
def test_a_panel_behind_an_older_receiver_has_no_key_and_its_receivers_settings(cast: Cast, listener: str) -> None:
    Panel.objects.filter(account="1001").update(listener=listener)
    mia = Client()
    mia.force_login(cast.users["mia"])
    page = text(mia, f"/panels/{listener}/1001/")
    assert "此监听没有开启" in page
    assert 'id="key"' not in page
    assert mia.post(f"/panels/{panel().pk}/key/", {"key": SECRET}).status_code == 404


def test_an_account_that_no_site_has_is_the_administrators_page(signed_on: As) -> None:
    journal(sent(account="7777"))
    assert "没有场所登记了账号 7777" in text(signed_on("ada"), "/panels/dc09/7777/")
    assert [signed_on(name).get("/panels/dc09/7777/").status_code for name in ("mia", "sam")] == [404, 404]
    assert signed_on("sam").get("/panels/dc09/1001/").status_code == 404


# The key


@pytest.mark.parametrize(
    ("told", "aes"),
    [
        ({"key": SECRET}, "AES-128"),
        ({"key": "0011-2233-4455-6677-8899-AABB-CCDD-EEFF"}, "AES-128"),
        ({"key": HEX_32, "form": "characters"}, "AES-256"),
    ],
)
def test_a_manager_enters_a_key_and_sees_its_length_only(signed_on: As, told: dict[str, str], aes: str) -> None:
    mia = signed_on("mia")
    response = mia.post(f"/panels/{panel().pk}/key/", told, follow=True)
    page = response.content.decode()
    assert response.redirect_chain == [("/panels/dc09/1001/#key", 302)]
    assert f"<b>{aes}</b>" in page
    assert told["key"] not in page


@pytest.mark.parametrize(
    ("told", "said"),
    [
        ({"key": HEX_32}, "请选择一种读法，再填一次"),
        ({"key": "12345678"}, "所填为 8 个字符"),
        ({"key": SECRET, "form": "hex"}, "不是十六进制数字"),
        ({"key": HEX_32 + "0" * 200}, "200"),
        ({"key": SECRET, "form": "base64"}, "没有这个选项"),
        ({"key": ""}, "请输入密钥"),
    ],
)
def test_a_bad_entry_is_told_keeps_the_choice_and_is_never_shown_again(
    signed_on: As, caplog: pytest.LogCaptureFixture, told: dict[str, str], said: str
) -> None:
    with caplog.at_level(logging.DEBUG):
        response = signed_on("mia").post(f"/panels/{panel().pk}/key/", told)
    page = response.content.decode()
    assert response.status_code == 422
    assert said in page
    assert (f'value="{told.get("form")}"' in page) is (told.get("form") in ("hex", None) and "form" in told)
    everywhere = page + caplog.text + str(list(Record.objects.values()))
    assert not told["key"] or told["key"] not in everywhere
    assert panel().key_sealed == ""


def test_a_key_that_was_entered_stands_nowhere_in_clear(signed_on: As, caplog: pytest.LogCaptureFixture) -> None:
    mia = signed_on("mia")
    with caplog.at_level(logging.DEBUG):
        mia.post(f"/panels/{panel().pk}/key/", {"key": SECRET})
        pages = "".join(text(mia, path) for path in ("/panels/", "/panels/dc09/1001/", "/frames/"))
    everywhere = pages + caplog.text + str(list(Record.objects.values())) + str(list(Panel.objects.values()))
    assert [form in everywhere for form in (SECRET, SECRET.encode().hex(), SECRET.encode().hex().upper())] == [
        False
    ] * 3


def test_a_key_is_removed_and_clear_text_allowed_and_forbidden(signed_on: As) -> None:
    mia, path = signed_on("mia"), f"/panels/{panel().pk}/"
    mia.post(f"{path}key/", {"key": SECRET})
    mia.post(f"{path}plain/", {"allowed": "1"})
    assert "现在：明文也收" in text(mia, "/panels/dc09/1001/")
    mia.post(f"{path}plain/", {"allowed": "0"})
    assert "现在：只应收加密" in text(mia, "/panels/dc09/1001/")
    mia.post(f"{path}key/remove/")
    assert "没有登记：设备发明文" in text(mia, "/panels/dc09/1001/")
    assert list(Record.objects.filter(subject_type="panel").order_by("pk").values_list("action", flat=True)) == [
        "panel.key_set",
        "panel.plain_allowed",
        "panel.plain_allowed",
        "panel.key_removed",
    ]


@pytest.mark.parametrize("part", ["key/", "key/remove/", "plain/"])
def test_others_may_not_touch_a_key(signed_on: As, part: str) -> None:
    path = f"/panels/{panel().pk}/{part}"
    codes = {
        name: signed_on(name).post(path, {"key": SECRET}).status_code for name in ("olivia", "leo", "polly", "sam")
    }
    assert codes == {"olivia": 403, "leo": 403, "polly": 403, "sam": 403}
    assert signed_on("mia").get(path).status_code == 405
    assert signed_on("mia").post(f"/panels/{panel('2001').pk}/{part}", {"key": SECRET}).status_code == 404
    assert signed_on("mia").post(f"/panels/999999/{part}", {"key": SECRET}).status_code == 404
    assert "登记密钥</button>" in text(signed_on("mia"), "/panels/dc09/1001/")


@pytest.mark.parametrize("path", ["/panels/", "/panels/dc09/1001/"])
def test_pages_are_read_only(signed_on: As, path: str) -> None:
    assert signed_on("olivia").post(path).status_code == 405


# Second paths


def test_a_second_path_is_shown_with_both_ways_wherever_the_signal_is(signed_on: As) -> None:
    first, second = journal(sent()), journal(sent(transport="udp", sequence="0002", peer="10.0.0.9:4000"))
    treat(timezone.now())
    olivia = signed_on("olivia")
    told = "同一事件经第二路径 UDP 10.0.0.9 再次到达，首报经 TCP 127.0.0.1"
    pages = [text(olivia, path) for path in ("/frames/", f"/frames/{second}/", "/panels/dc09/1001/", "/incidents/1/")]
    case = olivia.get("/incidents/").context["lines"][0].row.id
    pages[3] = text(olivia, f"/incidents/{case}/")
    assert [page.count(told) for page in pages] == [1, 1, 1, 1]
    assert all(f'href="/frames/{first}/"' in page for page in pages)
    assert "同一事件又经 UDP 10.0.0.9 到达" in text(olivia, f"/frames/{first}/")
    assert "信号 2" in pages[3]


# Pictures and places

CLIP = "https://cloud.example/clip?a=1,2"


def extra(letter: str, said: str) -> list[tuple[str, list[tuple[str, str]]]]:
    return [(fact.name, [(part.text, part.href) for part in fact.parts]) for fact in extras_in_words([(letter, said)])]


@pytest.mark.parametrize(
    ("said", "parts"),
    [
        (CLIP, [(CLIP, CLIP)]),
        (f"http://a.example/1, {CLIP}", [("http://a.example/1", "http://a.example/1"), (CLIP, CLIP)]),
        (
            "javascript:alert(1),http://a.example",
            [("javascript:alert(1)", ""), ("http://a.example", "http://a.example")],
        ),
        ("data:text/html,x", [("data:text/html,x", "")]),
        ("http://", [("http://", "")]),
        ("http://[::1", [("http://[::1", "")]),
        ("https://a.example/ b", [("https://a.example/ b", "")]),
        ("camera 3", [("camera 3", "")]),
    ],
)
def test_only_addresses_of_the_web_become_links(said: str, parts: list[tuple[str, str]]) -> None:
    assert extra("V", said) == [("图像与录像", parts)]


@pytest.mark.parametrize(
    ("letter", "said", "words"),
    [
        ("X", "093W23.456", "西经 93° 23.456′ (-93.39093)"),
        ("Y", "45N23.456", "北纬 45° 23.456′ (45.39093)"),
        ("Y", "45N63.0", "45N63.0"),
        ("Y", "99N00.0", "99N00.0"),
        ("X", "115000", "115000"),
        ("Z", "123.2M", "123.2 米"),
        ("Z", "high", "high"),
        ("H", "02:14:37,11-22-2026", "2026-11-22 10:14:37"),
        ("H", "99:99:99,99-99-9999", "99:99:99,99-99-9999"),
        ("T", "F", "火灾或感烟探测器"),
        ("K", "…", "设备请求或发送了密钥，内容不显示"),
        ("J", '{"a": "<b>"}', '{"a": "<b>"}'),
    ],
)
def test_extended_data_is_told_in_words(letter: str, said: str, words: str) -> None:
    assert [parts for _, parts in extra(letter, said)] == [[(words, "")]]


def test_longitude_and_latitude_together_are_a_position(cast: Cast) -> None:
    facts = extras_in_words([("X", "120E34.912"), ("I", "door"), ("Y", "30N00.512")])
    assert [(fact.name, fact.parts[0].text) for fact in facts] == [
        ("位置", "北纬 30° 00.512′, 东经 120° 34.912′ (30.00853, 120.58187)"),
        ("报警文字", "door"),
    ]


def test_links_stand_on_the_frame_and_beside_the_signal_of_the_case(signed_on: As) -> None:
    case = alarm(sent(extras=(("V", f"javascript:alert(1),{CLIP}"), ("I", "<i>hall</i>"), ("M", "00:11"))))
    olivia, signal = signed_on("olivia"), case.signals.get().treatment_id
    link = f'<a href="{CLIP}" target="_blank" rel="noopener noreferrer">'
    for path, network in ((f"/frames/{signal}/", True), (f"/incidents/{case.pk}/", False)):
        response = olivia.get(path)
        page = response.content.decode()
        assert (page.count(link), 'href="javascript' in page, "&lt;i&gt;hall" in page) == (1, False, True)
        assert ("MAC 地址" in page) is network
        assert "default-src 'self'" in response["Content-Security-Policy"]
    assert 'href="/panels/dc09/1001/"' in page
