"""The sheets for the day when everything is down."""

import stat
import sys
import time
from datetime import timedelta
from pathlib import Path

import pytest
from django.utils import timezone

from lianjing.core.viewer import Forbidden
from lianjing.domain.reports import call_cards
from lianjing.domain.reports.call_cards import sheets
from lianjing.domain.reports.card_files import folder_of, read_index, sheet_path
from lianjing.domain.sites.models import Contact, Site
from lianjing.project.call_cards import refresh
from lianjing.workers.call_cards import CallCards
from tests.cast import Cast, make_site


def test_a_sheet_holds_what_somebody_with_a_telephone_needs(cast: Cast) -> None:
    Site.objects.filter(pk=cast.shop.pk).update(police_station="Yuecheng", access_notes="north gate", division="330602")
    sheet = next(s for s in sheets(cast.viewer("leo"), cast.company.pk) if s.name == "330602-01")
    card = sheet.cards[0]
    assert (sheet.title, card.name, card.accounts) == ("浙江省绍兴市越城区", "Corner Shop", ("1001",))
    assert (card.police_station, card.access_notes, card.people[0].phone) == ("Yuecheng", "north gate", "10012345678")


def test_sheets_are_cut_by_division_and_a_new_site_changes_one(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(call_cards, "SITES_A_SHEET", 1)
    leo = cast.viewer("leo")
    before = {sheet.name: sheet.digest for sheet in sheets(leo, cast.company.pk)}
    make_site(cast.company, "New", "1009")
    after = {sheet.name: (sheet.title, sheet.digest) for sheet in sheets(leo, cast.company.pk)}
    assert [title for title, _ in after.values()] == [f"未登记行政区划（{n}/3）" for n in (1, 2, 3)]
    assert set(before) == {"000000-01", "000000-02"}
    # What changes in the others is "of 3" in their titles only.
    assert set(after) - set(before) == {"000000-03"}


def test_a_sheet_costs_the_same_queries_for_one_site_and_for_twenty(cast: Cast, django_assert_num_queries) -> None:
    leo = cast.viewer("leo")
    for number in range(2):
        with django_assert_num_queries(4):
            list(sheets(leo, cast.company.pk))
        for place in range(20):
            make_site(cast.company, f"S{number}{place}", f"4{number}{place:02d}")


@pytest.mark.parametrize("name", ["olivia", "polly", "sam"])
def test_who_has_no_business_with_all_numbers_gets_none(cast: Cast, name: str) -> None:
    with pytest.raises(Forbidden):
        list(sheets(cast.viewer(name), cast.company.pk))


def test_sheets_are_set_once_and_again_only_when_something_changed(cast: Cast, tmp_path: Path) -> None:
    assert refresh(tmp_path, cast.company) == (1, 1)
    folder = folder_of(tmp_path, cast.company.pk)
    path = sheet_path(folder, "000000-01")
    first = path.read_bytes()
    assert (first[:5], stat.S_IMODE(path.stat().st_mode), stat.S_IMODE(folder.stat().st_mode)) == (
        b"%PDF-",
        0o600,
        0o700,
    )
    assert refresh(tmp_path, cast.company) == (0, 1)
    assert path.read_bytes() == first
    Contact.objects.filter(site=cast.shop).update(phone="13800000000")
    assert refresh(tmp_path, cast.company) == (1, 1)
    Site.objects.filter(company=cast.company).update(division="330602")
    assert refresh(tmp_path, cast.company) == (1, 1)
    assert [file.name for file in folder.glob("*.pdf")] == ["330602-01.pdf"]


def test_the_index_says_when_it_was_looked_at_last_and_that_it_is_old(cast: Cast, tmp_path: Path) -> None:
    refresh(tmp_path, cast.company)
    index, now = read_index(folder_of(tmp_path, cast.company.pk)), timezone.now()
    assert index is not None
    assert (index.sheets[0].sites, index.is_old(now), index.is_old(now + timedelta(minutes=46))) == (2, False, True)
    folder_of(tmp_path, cast.company.pk).joinpath("index.json").write_text("{")
    assert read_index(folder_of(tmp_path, cast.company.pk)) is None


def test_the_worker_starts_one_at_a_time_and_ends_it_with_itself(tmp_path: Path) -> None:
    mark = tmp_path / "mark"
    script = f"import time; open({str(mark)!r}, 'a').write('x'); time.sleep(30)"
    loop = CallCards([sys.executable, "-c", script], every_s=0.0)
    deadline = time.monotonic() + 10
    while not mark.exists() and time.monotonic() < deadline:
        loop.turn()
        time.sleep(0.02)
    loop.turn()
    loop.close()
    assert mark.read_text() == "x"
