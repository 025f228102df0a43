"""What may be entered about panels, paths and zones, and what makes them protect less."""

import pytest

from lianjing.core.refusals import Refused
from lianjing.domain.sites.equipment_entries import PanelEntry, PathEntry, UserEntry, ZoneEntry
from lianjing.domain.sites.panel_rules import check_panel, duration_zh, panel_weakens
from lianjing.domain.sites.path_rules import matched, path_hints, path_problems, paths_weaken, settled
from lianjing.domain.sites.zone_rules import ZoneTable, area_problems, user_problems, zone_problems, zone_weakens
from lianjing.terms.premises import PathCategory, ZoneKind

TABLE = ZoneTable(account="1001", areas={"1"}, elsewhere=[("1001", "9"), ("1002", "4")])


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (20, "20 秒"),
        (90, "1 分钟 30 秒"),
        (180, "3 分钟"),
        (90_000, "25 小时"),
        (86_400, "1 天"),
        (32 * 86_400, "32 天"),
    ],
)
def test_intervals_are_told_as_the_standard_tells_them(seconds: int, words: str) -> None:
    assert duration_zh(seconds) == words


@pytest.mark.parametrize(
    ("entry", "field", "said"),
    [
        (PanelEntry(" "), "account", "请填写账号"),
        (PanelEntry("1" * 33), "account", "所填为 33 个"),
        (PanelEntry("账号1"), "account", "照设备发出的填写"),
        (PanelEntry("10\x0001"), "account", "照设备发出的填写"),
        (PanelEntry("1001", listener="fax"), "listener", "没有这种接入协议"),
        (PanelEntry("1001", model="m" * 65), "model", "最多 64 个字，现有 65 个"),
        (PanelEntry("1001", test_interval=0), "test_interval", "1 分钟到 32 天"),
        (PanelEntry("1001", test_interval=99_999), "test_interval", "1 分钟到 32 天"),
    ],
)
def test_what_cannot_be_a_panel_is_told_beside_its_field(entry: PanelEntry, field: str, said: str) -> None:
    with pytest.raises(Refused, match=said) as refused:
        check_panel(entry.normal())
    assert refused.value.field == field


def test_an_account_keeps_its_zeros_and_loses_its_case() -> None:
    assert PanelEntry(" 00ab ").normal().account == "00AB"


@pytest.mark.parametrize(
    ("had", "has", "told"),
    [
        (1440, 2880, ["测试间隔由 1 天 改为 2 天"]),
        (1440, None, ["不再要求定期测试（原为每 1 天 一次）"]),
        (1440, 720, []),
        (None, 1440, []),
    ],
)
def test_a_longer_test_interval_protects_less(had: int | None, has: int | None, told: list[str]) -> None:
    entries = PanelEntry("1", test_interval=had), PanelEntry("1", test_interval=has)
    assert list(panel_weakens(*entries)) == told


# Paths


@pytest.mark.parametrize(
    ("category", "seconds"),
    [
        ("SP2", 90_000),
        ("SP3", 1800),
        ("SP4", 180),
        ("SP5", 90),
        ("SP6", 20),
        ("DP1", 90_000),
        ("DP2", 1800),
        ("DP3", 180),
        ("DP4", 90),
        ("", None),
    ],
)
def test_a_category_gives_the_interval_that_nobody_entered(category: str, seconds: int | None) -> None:
    entry = settled(PathEntry("4g", category=category))
    assert (entry.interval_s, entry.misses) == (seconds, 1 if category else 3)
    assert settled(PathEntry("4g", category=category, interval_s=7)).interval_s == 7


def test_every_category_has_its_interval() -> None:
    assert all(settled(PathEntry("4g", category=word.value)).interval_s for word in PathCategory)


def test_wrong_paths_are_told_by_row() -> None:
    rows = [
        settled(PathEntry("pigeon")),
        settled(PathEntry("4g", transport="udp")),
        settled(PathEntry("4g", interval_s=1)),
        settled(PathEntry("4g", interval_s=90, misses=0)),
        settled(PathEntry("4g", category="SP9", transport="x")),
    ]
    told = [(one.row, one.field) for one in path_problems(rows, "surgard")]
    assert told == [
        (0, "kind"),
        (1, "transport"),
        (2, "interval_s"),
        (3, "misses"),
        (4, "transport"),
        (4, "category"),
    ]
    assert path_problems([settled(PathEntry("4g", transport="udp"))], "dc09") == []
    seven = [settled(PathEntry("4g", interval_s=90 + n)) for n in range(7)]
    assert [one.row for one in path_problems(seven, "dc09")] == [6]


@pytest.mark.parametrize(
    ("transports", "clear"),
    [(("tcp", "udp"), True), (("tcp", "tcp"), False), (("", "udp"), False), (("", ""), False)],
)
def test_two_supervised_paths_that_cannot_be_told_apart_are_hinted_at(transports: tuple[str, str], clear: bool) -> None:
    paths = [settled(PathEntry("4g", transport=transport, interval_s=90)) for transport in transports]
    assert [hint.figures for hint in path_hints(paths)] == ([] if clear else [{"one": 1, "other": 2}])
    assert path_hints([paths[0], settled(PathEntry("pstn"))]) == []


def test_a_path_that_misses_the_time_of_its_category_is_hinted_at() -> None:
    (hint,) = path_hints([settled(PathEntry("4g", category="SP5", interval_s=90, misses=3))])
    assert "SP5 要求 1 分钟 30 秒 内发现失联，现在要 4 分钟 30 秒" in hint.sentence % hint.figures
    assert path_hints([settled(PathEntry("4g", category="SP5", interval_s=30))]) == []


@pytest.mark.parametrize(
    ("entry", "interval", "misses"),
    [
        (PathEntry("4g", category="SP4"), 180, 1),
        (PathEntry("4g", category="SP4", misses=2), 90, 2),
        (PathEntry("4g", category="SP4", interval_s=90), 90, 2),
        (PathEntry("4g", category="SP4", interval_s=300), 300, 1),
        (PathEntry("4g", interval_s=90), 90, 3),
    ],
)
def test_what_a_path_does_not_say_fits_the_time_of_its_category(entry: PathEntry, interval: int, misses: int) -> None:
    assert (settled(entry).interval_s, settled(entry).misses) == (interval, misses)


def test_the_same_path_twice_is_told() -> None:
    twice = [settled(PathEntry("4g", interval_s=90)) for _ in range(2)]
    assert [(one.row, one.field) for one in path_problems(twice, "dc09")] == [(1, "kind")]


def test_a_path_that_moves_in_the_order_stays_the_same_path() -> None:
    ip, lte = PathEntry("wired_ip", "tcp", 90, 3), PathEntry("4g", "udp", 180, 3)
    assert matched([ip, lte], [lte, ip]) == [1, 0]
    assert matched([ip, lte], [PathEntry("4g", "tcp"), PathEntry("5g", "udp")]) == [1, None]
    assert matched([ip], []) == []


def test_what_paths_protect_less_is_told_one_by_one() -> None:
    had = [PathEntry("wired_ip", "tcp", 90, 3), PathEntry("4g", "udp", 90, 3), PathEntry("pstn")]
    has = [PathEntry("4g", "udp", 300, 5), PathEntry("wired_ip", "tcp", None, 3)]
    assert paths_weaken(had, has) == [
        "移除路径 电话线",
        "路径 4G（UDP） 的监督间隔由 1 分钟 30 秒 改为 5 分钟",
        "路径 4G（UDP） 容许漏报由 3 次改为 5 次",
        "路径 有线 IP（TCP） 不再监督",
    ]
    assert paths_weaken(has, had) == []


# Zones


@pytest.mark.parametrize(
    ("entry", "field", "said"),
    [
        (ZoneEntry(""), "number", "请填写编号"),
        (ZoneEntry("3 4"), "number", "只能用字母和数字"),
        (ZoneEntry("3" * 17), "number", "最多 16 个"),
        (ZoneEntry("009"), "number", "已有防区 9"),
        (ZoneEntry("3", "x" * 61), "name", "最多 60 个字，现有 61 个"),
        (ZoneEntry("3", kind="ghost"), "kind", "请选择一种防区"),
        (ZoneEntry("3", principle="luck"), "principle", "没有这种探测原理"),
        (ZoneEntry("3", area="2"), "area", "没有分区 2"),
        (ZoneEntry("3", neighbours=("03",)), "neighbours", "不能与自己相邻"),
        (ZoneEntry("3", neighbours=("2001/4",)), "neighbours", "“2001/4”不在本场所"),
        (ZoneEntry("3", neighbours=("77",)), "neighbours", "“77”不在本场所"),
        (ZoneEntry("3", kind="hold_up", id=7), "kind", "已停用，不能改为紧急求助防区"),
    ],
)
def test_what_cannot_be_a_zone_is_told_beside_its_field(entry: ZoneEntry, field: str, said: str) -> None:
    table = ZoneTable("1001", {"1"}, TABLE.elsewhere, disabled={7})
    (problem,) = zone_problems([entry.normal()], table)
    assert (problem.row, problem.field) == (0, field)
    assert said in problem.sentence % problem.figures


def test_a_number_that_stands_twice_names_both_rows() -> None:
    rows = [ZoneEntry(number).normal() for number in ("3", "4", "003")]
    (problem,) = zone_problems(rows, TABLE)
    assert (problem.row, problem.sentence % problem.figures) == (2, "防区 3 与第 1 行重复。")


@pytest.mark.parametrize("kind", [ZoneKind.HOLD_UP, ZoneKind.FIRE, ZoneKind.MEDICAL])
def test_a_zone_that_calls_for_help_counts_armed_or_not(kind: ZoneKind) -> None:
    (problem,) = zone_problems([ZoneEntry("3", kind=kind, always_on=False).normal()], TABLE)
    assert (problem.field, problem.sentence % problem.figures) == (
        "always_on",
        f"防区 3 是{kind.zh}防区，必须为 24 小时防区。",
    )
    assert zone_problems([ZoneEntry("3", kind=kind).normal()], TABLE) == []


def test_neighbours_may_be_rows_of_the_same_table_and_zones_of_another_panel_of_the_site() -> None:
    rows = [ZoneEntry("3", neighbours=("4", "1002/04", "9")).normal(), ZoneEntry("4").normal()]
    assert zone_problems(rows, TABLE) == []


def test_what_a_zone_is_heeded_less_for_is_told() -> None:
    had = ZoneEntry("3", "柜台", kind="hold_up", always_on=True)
    assert zone_weakens(had, ZoneEntry("3", "柜台", kind="intrusion", always_on=False)) == [
        "防区 3（柜台）由紧急求助改为入侵",
        "防区 3（柜台）不再是 24 小时防区",
    ]
    assert zone_weakens(had, ZoneEntry("3", "柜台", kind="fire", always_on=True)) == []


def test_areas_in_use_cannot_be_left_out_and_users_stand_once() -> None:
    (area,) = area_problems([], {"1": 2})
    assert area.sentence % area.figures == "分区 1 还有 2 个防区，不能移除。"
    (user,) = user_problems([UserEntry("1", "Wang"), UserEntry("1", "Li")])
    assert user.sentence % user.figures == "用户 1 与第 1 行重复。"
