"""Panels, paths, areas, users and zones: who may change them, what is refused, what is recorded."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError

from lianjing.core.refusals import Missing, Refused
from lianjing.core.viewer import Forbidden
from lianjing.domain.records.models import Record
from lianjing.domain.sites.actions.panels import add_panel, edit_panel, move_panel, remove_panel
from lianjing.domain.sites.actions.paths import set_areas, set_paths, set_users
from lianjing.domain.sites.actions.zones import disable_zone, enable_zone, save_zones
from lianjing.domain.sites.equipment_entries import (
    AreaEntry,
    PanelEntry,
    PathEntry,
    RowsRefused,
    UserEntry,
    ZoneEntry,
)
from lianjing.domain.sites.equipment_on_file import entry_of
from lianjing.domain.sites.models import Panel, Zone
from tests.cast import NOON, Cast, make_site

LATER = NOON + timedelta(hours=1)


def who(cast: Cast, name: str = "mia") -> dict[str, Any]:
    return {"by": cast.viewer(name), "at": LATER}


def panel(account: str = "1001") -> Panel:
    return Panel.objects.get(account=account, removed_at=None)


def zones(account: str = "1001") -> dict[str, Zone]:
    return {zone.number: zone for zone in Zone.objects.filter(panel=panel(account), address_kind="zone")}


def told() -> list[tuple[str, Any, Any]]:
    return [(r.action, r.before, r.after) for r in Record.objects.order_by("pk")]


# Panels


def test_a_new_panel_is_pending_and_the_receiver_finds_it(cast: Cast) -> None:
    made = add_panel(cast.shop.pk, PanelEntry(" 30ab ", model="HB-1", test_interval=1440), **who(cast))
    assert (made.account, made.added_at, made.changed_at, made.activated_at) == ("30AB", LATER, LATER, None)
    after = {"site": "S1001", "account": "30AB", "listener": "dc09", "model": "HB-1", "test_interval": 1440}
    assert told() == [("panel.added", None, after)]


@pytest.mark.parametrize(("name", "error"), [("olivia", Forbidden), ("polly", Forbidden), ("sam", Missing)])
def test_others_may_not_change_equipment_and_a_stranger_finds_none(
    cast: Cast, name: str, error: type[Exception]
) -> None:
    pk, zone = panel().pk, zones()["3"].pk
    acts = [
        lambda by: add_panel(cast.shop.pk, PanelEntry("3000"), **by),
        lambda by: edit_panel(pk, PanelEntry("1001", model="x"), **by),
        lambda by: move_panel(pk, cast.bank.pk, **by),
        lambda by: remove_panel(pk, "gone", **by),
        lambda by: set_paths(pk, [], **by),
        lambda by: set_areas(pk, [], **by),
        lambda by: set_users(pk, [], **by),
        lambda by: save_zones(pk, [], **by),
        lambda by: disable_zone(zone, "broken", **by),
        lambda by: enable_zone(zone, **by),
    ]
    for act in acts:
        with pytest.raises(error):
            act(who(cast, name))
    assert Record.objects.count() == 0


def test_an_account_in_use_is_refused_and_whose_it_is_told_to_its_own_only(cast: Cast) -> None:
    with pytest.raises(Refused) as own:
        add_panel(cast.shop.pk, PanelEntry("1002"), **who(cast))
    assert (own.value.field, str(own.value)) == ("account", "账号 1002 正被“Harbour Bank”的设备使用。")
    with pytest.raises(Refused) as other:
        add_panel(cast.shop.pk, PanelEntry("2001"), **who(cast))
    assert str(other.value) == "账号 2001 正被另一台在用的设备使用。"
    assert add_panel(cast.shop.pk, PanelEntry("2001", listener="surgard"), **who(cast)).pk


def test_an_account_that_another_takes_at_the_same_moment_is_refused(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("lianjing.domain.sites.actions.panels._refuse_taken", lambda panel, by: None)
    with pytest.raises(Refused, match="账号 2001 正被另一台") as refused:
        add_panel(cast.shop.pk, PanelEntry("2001"), **who(cast))
    assert isinstance(refused.value.__cause__, IntegrityError)
    assert Record.objects.count() == 0


def test_a_change_is_recorded_before_and_after_with_what_it_weakens(cast: Cast) -> None:
    Panel.objects.filter(account="1001").update(test_interval=1440)
    edit_panel(panel().pk, PanelEntry("1001", model="HB-2", test_interval=2880), **who(cast))
    after = {"model": "HB-2", "test_interval": 2880, "weakens": ["测试间隔由 1 天 改为 2 天"]}
    assert told() == [("panel.changed", {"model": "", "test_interval": 1440}, after)]
    edit_panel(panel().pk, entry_of(panel()), **who(cast))
    assert len(told()) == 1


def test_another_account_leaves_what_was_sent_with_the_former_one(cast: Cast) -> None:
    before = panel()
    after = edit_panel(before.pk, PanelEntry("1009"), **who(cast))
    former = Panel.objects.get(account="1001")
    assert (after.pk, after.added_at, zones("1009").keys()) == (before.pk, LATER, {"3", "4"})
    assert (former.site_id, former.added_at, former.removed_at) == (cast.shop.pk, before.added_at, LATER)
    assert add_panel(cast.bank.pk, PanelEntry("1001"), **who(cast)).added_at == LATER


def test_a_second_communicator_belongs_to_a_panel_of_the_same_site(cast: Cast) -> None:
    main = panel()
    spare = add_panel(cast.shop.pk, PanelEntry("1001B", backup_of=main.pk), **who(cast))
    for wrong in (
        lambda: add_panel(cast.bank.pk, PanelEntry("3000", backup_of=main.pk), **who(cast)),
        lambda: add_panel(cast.shop.pk, PanelEntry("3000", backup_of=spare.pk), **who(cast)),
        lambda: edit_panel(main.pk, PanelEntry("1001", backup_of=main.pk), **who(cast)),
        lambda: edit_panel(main.pk, PanelEntry("1001", backup_of=spare.pk), **who(cast)),
    ):
        with pytest.raises(Refused) as refused:
            wrong()
        assert refused.value.field == "backup_of"
    with pytest.raises(Refused, match="1001B"):
        remove_panel(main.pk, "gone", **who(cast))


def test_a_panel_with_a_key_does_not_move_behind_an_older_receiver(cast: Cast) -> None:
    Panel.objects.filter(account="1001").update(key_sealed="v1:x")
    with pytest.raises(Refused, match="请先删除密钥"):
        edit_panel(panel().pk, PanelEntry("1001", listener="surgard"), **who(cast))
    set_paths(panel("1002").pk, [PathEntry("4g", "udp", 90)], **who(cast))
    with pytest.raises(Refused, match="请先改路径"):
        edit_panel(panel("1002").pk, PanelEntry("1002", listener="surgard"), **who(cast))


def test_a_moved_panel_keeps_what_belongs_to_it_and_loses_the_ties_to_its_former_site(cast: Cast) -> None:
    spare = add_panel(cast.shop.pk, PanelEntry("1003"), **who(cast))
    save_zones(spare.pk, [ZoneEntry("1", neighbours=("1001/3", "2")), ZoneEntry("2")], **who(cast))
    move_panel(spare.pk, cast.bank.pk, **who(cast))
    moved = zones("1003")
    assert set(moved["1"].neighbours.all()) == {moved["2"]}
    assert set(zones()["3"].neighbours.all()) == set()
    assert panel("1003").site_id == cast.bank.pk
    assert Panel.objects.get(account="1003", removed_at=LATER).site_id == cast.shop.pk
    assert told()[-1] == (
        "panel.moved",
        {"site": "S1001"},
        {"site": "S1002", "weakens": ["设备 1003 从“Corner Shop”移走"]},
    )


def test_a_panel_moves_within_its_company_only(cast: Cast) -> None:
    with pytest.raises(Missing):
        move_panel(panel().pk, cast.mill.pk, **who(cast))
    with pytest.raises(Refused, match="不能移到别家单位"):
        move_panel(panel().pk, cast.mill.pk, **who(cast, "ada"))
    with pytest.raises(Refused, match="已经在这个场所"):
        move_panel(panel().pk, cast.shop.pk, **who(cast))


def test_a_removed_panel_frees_its_account_and_is_told_as_less_protection(cast: Cast) -> None:
    with pytest.raises(Refused, match="请写明原因"):
        remove_panel(panel().pk, " ", **who(cast))
    remove_panel(panel().pk, "合同终止", **who(cast))
    gone = Panel.objects.get(account="1001")
    assert (gone.removed_at, gone.changed_at) == (LATER, LATER)
    weakens = ["设备 1001 移除：“Corner Shop”不再受它保护"]
    assert told() == [("panel.removed", None, {"removed": True, "reason": "合同终止", "weakens": weakens})]
    assert add_panel(cast.bank.pk, PanelEntry("1001"), **who(cast)).pk != gone.pk
    with pytest.raises(Missing):
        remove_panel(gone.pk, "again", **who(cast))


# Paths, areas, users


def test_paths_keep_their_rows_when_they_change_places(cast: Cast) -> None:
    first = set_paths(
        panel().pk,
        [PathEntry("wired_ip", "tcp", misses=3, interval_s=180, category="DP3"), PathEntry("4g", "udp")],
        **who(cast),
    )
    first[0].last_heard_at = first[0].lost_at = NOON
    first[0].save()
    again = set_paths(
        panel().pk, [PathEntry("4g", "udp", 300, 3), PathEntry("wired_ip", "tcp", 600, 3, "DP3")], **who(cast)
    )
    assert [row.pk for row in again] == [first[1].pk, first[0].pk]
    assert [(row.place, row.interval_s, row.lost_at) for row in again] == [(1, 300, None), (2, 600, NOON)]
    action, before, after = told()[-1]
    assert (action, before["paths"], after["weakens"]) == (
        "panel.paths_set",
        ["有线 IP（TCP），DP3，每 3 分钟，漏 3 次", "4G（UDP），不监督"],
        ["路径 有线 IP（TCP） 的监督间隔由 3 分钟 改为 10 分钟"],
    )
    assert panel().changed_at == LATER


def test_a_path_that_is_not_supervised_any_more_is_not_lost_either(cast: Cast) -> None:
    (row,) = set_paths(panel().pk, [PathEntry("4g", "udp", 90)], **who(cast))
    row.lost_at = NOON
    row.save()
    (row,) = set_paths(panel().pk, [PathEntry("4g", "udp")], **who(cast))
    assert (row.interval_s, row.lost_at) == (None, None)


def test_a_wrong_path_changes_nothing(cast: Cast) -> None:
    set_paths(panel().pk, [PathEntry("4g", "udp", 90)], **who(cast))
    with pytest.raises(RowsRefused) as refused:
        set_paths(panel().pk, [PathEntry("5g"), PathEntry("4g", interval_s=1)], **who(cast))
    assert [(one.row, one.field) for one in refused.value.problems] == [(1, "interval_s")]
    assert [row.kind for row in panel().paths.all()] == ["4g"]


def test_areas_and_users_are_normalised_and_saved_as_tables(cast: Cast) -> None:
    set_areas(panel().pk, [AreaEntry("01", "前厅"), AreaEntry("2", "库房")], **who(cast))
    set_users(panel().pk, [UserEntry("007", "王芳")], **who(cast))
    save_zones(panel().pk, [ZoneEntry("3", area="002", id=zones()["3"].pk)], **who(cast))
    with pytest.raises(RowsRefused, match="还有 1 个防区"):
        set_areas(panel().pk, [AreaEntry("1", "前厅")], **who(cast))
    set_areas(panel().pk, [AreaEntry("2", "金库")], **who(cast))
    assert dict(panel().areas.values_list("number", "name")) == {"2": "金库"}
    users = Zone.objects.filter(panel=panel(), address_kind="user")
    assert list(users.values_list("number", "name")) == [("7", "王芳")]
    assert "王芳" not in str(told())
    set_users(panel().pk, [], **who(cast))
    assert users.count() == 0


# Zones


def test_a_table_of_zones_is_saved_as_one(cast: Cast) -> None:
    had = zones()
    rows = [
        ZoneEntry("004", "大堂", kind="intrusion", principle="pir", id=had["4"].pk, neighbours=("5",)),
        ZoneEntry("5", "柜台", kind="hold_up", principle="button"),
    ]
    save_zones(panel().pk, rows, removed=[had["3"].pk], **who(cast))
    has = zones()
    assert [(z.number, z.name, z.kind, z.always_on) for z in has.values()] == [
        ("4", "大堂", "intrusion", False),
        ("5", "柜台", "hold_up", True),
    ]
    assert list(has["5"].neighbours.all()) == [has["4"]]
    assert [(action, after.get("weakens")) for action, _, after in told()] == [
        ("zone.removed", ["防区 3（front door）移除：它的信号不再认得是哪里"]),
        ("zone.changed", None),
        ("zone.added", None),
        ("zone.neighbours_set", None),
    ]
    assert told()[1][1:] == ({"name": "hall"}, {"name": "大堂"})
    assert told()[3][1:] == ({"neighbours": []}, {"neighbours": ["5"]})


def test_neighbours_are_mutual_and_one_row_is_enough_to_end_them(cast: Cast) -> None:
    three, four = zones()["3"], zones()["4"]
    save_zones(panel().pk, [ZoneEntry("3", id=three.pk, neighbours=("4",)), ZoneEntry("4", id=four.pk)], **who(cast))
    assert list(four.neighbours.all()) == [three]
    # The page showed "3" beside zone 4 and sends it back unchanged.
    both = [ZoneEntry("3", id=three.pk, neighbours=()), ZoneEntry("4", id=four.pk, neighbours=("3",))]
    save_zones(panel().pk, both, **who(cast))
    assert (three.neighbours.count(), four.neighbours.count()) == (0, 0)


def test_a_removed_zone_may_still_be_named_by_the_rows_that_had_it(cast: Cast) -> None:
    three, four = zones()["3"], zones()["4"]
    three.neighbours.add(four)
    save_zones(panel().pk, [ZoneEntry("4", id=four.pk, neighbours=("3",))], removed=[three.pk], **who(cast))
    assert four.neighbours.count() == 0


def test_two_zones_may_exchange_their_numbers(cast: Cast) -> None:
    three, four = zones()["3"], zones()["4"]
    rows = [ZoneEntry("4", "a", id=three.pk, neighbours=("3",)), ZoneEntry("3", "b", id=four.pk)]
    save_zones(panel().pk, rows, **who(cast))
    assert {n: z.pk for n, z in zones().items()} == {"4": three.pk, "3": four.pk}
    assert list(three.neighbours.all()) == [four]


def test_a_table_with_one_wrong_row_saves_nothing(cast: Cast) -> None:
    rows = [ZoneEntry("8"), ZoneEntry("4"), ZoneEntry("3", kind="fire", always_on=False, id=zones()["3"].pk)]
    with pytest.raises(RowsRefused) as refused:
        save_zones(panel().pk, rows, **who(cast))
    assert [(one.row, one.field) for one in refused.value.problems] == [(1, "number"), (2, "always_on")]
    assert (zones().keys(), Record.objects.count()) == ({"3", "4"}, 0)


def test_a_neighbour_is_of_the_same_site_whoever_has_the_other(cast: Cast) -> None:
    second = make_site(cast.company, "Annex", "1005")
    assert second
    for text in ("1005/3", "2001/3", "9999/3"):
        with pytest.raises(RowsRefused, match=f"相邻防区“{text}”不在本场所"):
            save_zones(panel().pk, [ZoneEntry("3", id=zones()["3"].pk, neighbours=(text,))], **who(cast))


def test_a_row_that_another_has_removed_is_told(cast: Cast) -> None:
    gone = zones()["3"].pk
    Zone.objects.filter(pk=gone).delete()
    for rows, removed in (([ZoneEntry("3", id=gone)], []), ([], [gone])):
        with pytest.raises(Refused, match="已被他人移除"):
            save_zones(panel().pk, rows, removed, **who(cast))
    with pytest.raises(Refused, match="已被他人移除"):
        save_zones(panel().pk, [ZoneEntry("3", id=zones("2001")["3"].pk)], **who(cast))


def test_a_zone_is_disabled_with_a_reason_and_enabled_again(cast: Cast) -> None:
    zone = zones()["3"]
    with pytest.raises(Refused, match="请写明原因"):
        disable_zone(zone.pk, "", **who(cast))
    disable_zone(zone.pk, "装修", **who(cast))
    assert zones()["3"].disabled_at == LATER
    enable_zone(zone.pk, **who(cast))
    assert zones()["3"].disabled_at is None
    weakens = ["防区 3（front door）停用：入侵信号不再开案"]
    assert told() == [
        ("zone.disabled", {"disabled": False}, {"disabled": True, "reason": "装修", "weakens": weakens}),
        ("zone.enabled", {"disabled": True, "since": LATER.isoformat()}, {"disabled": False}),
    ]


@pytest.mark.parametrize("kind", ["hold_up", "fire", "medical"])
def test_a_zone_that_calls_for_help_is_never_disabled(cast: Cast, kind: str) -> None:
    Zone.objects.filter(pk=zones()["3"].pk).update(kind=kind, always_on=True)
    with pytest.raises(Refused, match="不能停用"):
        disable_zone(zones()["3"].pk, "装修", **who(cast))
    Zone.objects.filter(pk=zones()["4"].pk).update(disabled_at=NOON)
    with pytest.raises(RowsRefused, match="请先启用"):
        save_zones(panel().pk, [ZoneEntry("4", kind=kind, id=zones()["4"].pk)], **who(cast))
