"""Drawings of sites: who may add them, where zones are on them, and that no file stays behind."""

import io
from pathlib import Path
from typing import Any

import pytest
from PIL import Image
from pytest_django import DjangoAssertNumQueries

from lianjing.core.refusals import Missing, Refused
from lianjing.core.viewer import Forbidden
from lianjing.domain.records.models import Record
from lianjing.domain.sites.actions import drawings as actions
from lianjing.domain.sites.actions.drawings import (
    add_drawing,
    place_zone,
    remove_drawing,
    rename_drawing,
    unplace_zone,
)
from lianjing.domain.sites.drawings import plan, plans_of, plans_with, zones_of_site
from lianjing.domain.sites.models import Drawing, Site, Zone
from tests.cast import NOON, Cast


@pytest.fixture(autouse=True)
def files(settings: Any, tmp_path: Path) -> Path:
    settings.MEDIA_ROOT = tmp_path
    return tmp_path


def picture() -> io.BytesIO:
    out = io.BytesIO()
    Image.new("RGB", (400, 200), "white").save(out, "PNG")
    out.seek(0)
    return out


def add(cast: Cast, name: str = "mia", site: Site | None = None, title: str = "floor 1") -> Drawing:
    upload = picture()
    size = len(upload.getvalue())
    return add_drawing((site or cast.shop).pk, title, upload, size, by=cast.viewer(name), at=NOON)


def zone(site: Site, number: str = "3") -> Zone:
    return Zone.objects.get(panel__site=site, number=number)


def kept(files: Path) -> int:
    return sum(path.is_file() for path in files.rglob("*"))


def test_a_drawing_is_kept_with_its_size_and_a_name_that_tells_nothing(cast: Cast, files: Path) -> None:
    drawing = add(cast)
    assert (drawing.width, drawing.height, kept(files)) == (400, 200, 1)
    assert "floor" not in drawing.image.name
    record = Record.objects.latest("pk")
    assert (record.action, record.after) == ("site.drawing_added", {"drawing": "floor 1", "width": 400, "height": 200})


@pytest.mark.parametrize(("name", "refusal"), [("olivia", Forbidden), ("polly", Forbidden), ("sam", Missing)])
def test_who_may_not_edit_leaves_neither_row_nor_file(
    cast: Cast, files: Path, name: str, refusal: type[Exception]
) -> None:
    drawing = add(cast)
    by = {"by": cast.viewer(name), "at": NOON}
    with pytest.raises(refusal):
        add(cast, name)
    with pytest.raises(refusal):
        rename_drawing(drawing.pk, "x", **by)
    with pytest.raises(refusal):
        remove_drawing(drawing.pk, **by)
    with pytest.raises(refusal):
        place_zone(zone(cast.shop).pk, drawing.pk, 0.5, 0.5, **by)
    with pytest.raises(refusal):
        unplace_zone(zone(cast.shop).pk, **by)
    assert (Drawing.objects.count(), kept(files)) == (1, 1)


def test_a_row_that_cannot_be_kept_leaves_no_file(cast: Cast, files: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_args: object, **_more: object) -> None:
        raise RuntimeError("the log is away")

    monkeypatch.setattr(actions, "write_down", refuse)
    with pytest.raises(RuntimeError):
        add(cast)
    assert (Drawing.objects.count(), kept(files)) == (0, 0)


def test_a_site_has_so_many_drawings_and_each_a_name(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(Refused, match="名称"):
        add(cast, title="  ")
    monkeypatch.setattr(actions, "MOST_DRAWINGS", 1)
    add(cast)
    with pytest.raises(Refused, match="最多 1 张"):
        add(cast)
    add(cast, site=cast.bank)


@pytest.mark.django_db(transaction=True)
def test_removing_a_drawing_takes_its_zones_off_and_its_file_away(files: Path) -> None:
    cast = Cast()
    drawing = add(cast)
    place_zone(zone(cast.shop).pk, drawing.pk, 0.25, 0.5, by=cast.viewer("mia"), at=NOON)
    assert remove_drawing(drawing.pk, by=cast.viewer("leo"), at=NOON) == cast.shop.pk
    moved = zone(cast.shop)
    assert (moved.drawing_id, moved.x, moved.y, kept(files)) == (None, None, None, 0)
    assert Record.objects.latest("pk").before == {"drawing": "floor 1", "zones": 1}


def test_a_zone_is_placed_moved_and_taken_off(cast: Cast) -> None:
    drawing, by = add(cast), {"by": cast.viewer("mia"), "at": NOON}
    place_zone(zone(cast.shop).pk, drawing.pk, 0.25, 1, **by)
    count = Record.objects.count()
    place_zone(zone(cast.shop).pk, drawing.pk, 0.25, 1, **by)
    assert Record.objects.count() == count
    assert Record.objects.latest("pk").after == {"zone": "3 front door", "drawing": "floor 1", "x": 0.25, "y": 1}
    place_zone(zone(cast.shop).pk, drawing.pk, 0.123456, 0, **by)
    assert (zone(cast.shop).x, zone(cast.shop).y) == (0.1235, 0)
    assert unplace_zone(zone(cast.shop).pk, **by).drawing_id is None


@pytest.mark.parametrize(("x", "y", "field"), [(-0.1, 0.5, "x"), (0.5, 1.1, "y"), (float("nan"), 0.5, "x")])
def test_a_place_outside_the_picture_is_refused(cast: Cast, x: float, y: float, field: str) -> None:
    drawing = add(cast)
    with pytest.raises(Refused) as refused:
        place_zone(zone(cast.shop).pk, drawing.pk, x, y, by=cast.viewer("mia"), at=NOON)
    assert refused.value.field == field


def test_a_zone_of_another_site_or_of_a_removed_panel_cannot_be_placed(cast: Cast) -> None:
    drawing = add(cast)
    by = {"by": cast.viewer("mia"), "at": NOON}
    with pytest.raises(Missing):
        place_zone(zone(cast.bank).pk, drawing.pk, 0.5, 0.5, **by)
    cast.shop.panels.update(removed_at=NOON)
    with pytest.raises(Missing):
        place_zone(zone(cast.shop).pk, drawing.pk, 0.5, 0.5, **by)


def test_drawings_are_read_by_site_by_zone_and_by_nobody_else(
    cast: Cast, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    first, second = add(cast), add(cast, title="floor 2")
    place_zone(zone(cast.shop).pk, second.pk, 0.5, 0.5, by=cast.viewer("mia"), at=NOON)
    olivia, sam = cast.viewer("olivia"), cast.viewer("sam")
    with django_assert_num_queries(2):
        assert [found.drawing for found in plans_of(olivia, cast.shop.pk)] == [first, second]
    assert [(p.drawing, p.zones) for p in plans_with(olivia, [zone(cast.shop).pk])] == [(second, [zone(cast.shop)])]
    assert plans_with(olivia, [zone(cast.shop, "4").pk]) == plans_with(olivia, []) == []
    assert [z.number for z in zones_of_site(olivia, cast.shop.pk)] == ["3", "4"]
    assert (
        plans_of(sam, cast.shop.pk) == plans_with(sam, [zone(cast.shop).pk]) == zones_of_site(sam, cast.shop.pk) == []
    )
    assert plan(sam, first.pk) is None
