"""Contacts of a site and their words, which are checked and never shown."""

import re
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from lianjing.domain.records.models import Record
from lianjing.domain.signals.models import SystemEvent
from lianjing.domain.sites.actions.contacts import add_contact
from lianjing.domain.sites.models import Contact
from tests.cast import NOON, Cast, alarm
from tests.web.conftest import As


def text(answer: Any) -> str:
    return str(answer.content.decode())


def test_contacts_are_moved_verified_and_removed_by_buttons(cast: Cast, signed_on: As) -> None:
    mia, url = signed_on("mia"), f"/office/sites/{cast.shop.pk}/contacts/"
    mia.post(
        url + "new/", {"name": "Li", "phone": "13912345678", "reachable_from": "20:00", "reachable_until": "06:00"}
    )
    li = Contact.objects.get(name="Li")
    for button in ("up", "verify"):
        assert mia.post(f"{url}{li.pk}/{button}/").status_code == 302
    li.refresh_from_db()
    assert (li.place, li.verified_on) == (1, timezone.localdate())
    assert "20:00–06:00（次日）" in text(mia.get(f"/office/sites/{cast.shop.pk}/"))
    assert mia.post(f"{url}{li.pk}/remove/").status_code == 302
    assert list(cast.shop.contacts.values_list("place", "name")) == [(1, "Wang")]


def test_who_may_not_see_a_number_can_replace_it(cast: Cast, signed_on: As) -> None:
    mia, wang = signed_on("mia"), cast.shop.contacts.get()
    url = f"/office/sites/{cast.shop.pk}/contacts/{wang.pk}/"
    page = text(mia.get(url))
    assert ("10012345678" in page, "100****5678" in page) == (False, True)
    assert mia.post(url, {"name": "Wang", "phone": "", "role": "boss"}).status_code == 302
    wang.refresh_from_db()
    assert (wang.phone, wang.role) == ("10012345678", "boss")


def test_words_are_never_sent_back(cast: Cast, signed_on: As) -> None:
    typed = {"name": "", "phone": "13912345678", "pass_word": "redriver", "duress_word": "bluehill"}
    refused = signed_on("mia").post(f"/office/sites/{cast.shop.pk}/contacts/new/", typed)
    assert (refused.status_code, "redriver" in text(refused), "bluehill" in text(refused)) == (422, False, False)


@pytest.fixture
def words(cast: Cast) -> None:
    told = {"name": "Li", "phone": "13912345678", "pass_word": "redriver", "duress_word": "bluehill"}
    add_contact(cast.shop.pk, told, by=cast.viewer("leo"), at=NOON)


def ask(browser: Client, url: str, word: str) -> tuple[int, str]:
    answer = browser.post(url, {"word": word}, HTTP_HX_REQUEST="true")
    told = re.search(r'role="alert">(.+?)</p>', text(answer))
    assert word not in text(answer)
    return answer.status_code, told.group(1) if told else ""


def test_a_word_is_checked_from_the_site_and_from_the_case(cast: Cast, signed_on: As, words: None) -> None:
    for url, right in (
        (f"/office/sites/{cast.shop.pk}/word/", "✓ 口令正确：是 Li 的口令。"),
        (f"/incidents/{alarm().pk}/word/", "✓ 口令已核对：是 Li 的口令。"),
    ):
        olivia = signed_on("olivia")
        assert ask(olivia, url, "redriver") == (200, right)
        assert ask(olivia, url, "nonsense") == (200, "✕ 口令错误：不是本场所任何联系人的口令。")
    assert not SystemEvent.objects.exists()


def test_a_duress_word_is_told_and_raises_an_event_of_the_first_grade(cast: Cast, signed_on: As, words: None) -> None:
    status, sentence = ask(signed_on("olivia"), f"/office/sites/{cast.shop.pk}/word/", "bluehill")
    assert (status, sentence.startswith("◆ 胁迫口令！是 Li 的")) == (200, True)
    event = SystemEvent.objects.get()
    assert (event.kind, event.grade, event.event_class, event.site, event.ended_at) == (
        "DW",
        1,
        "hold_up",
        cast.shop,
        None,
    )
    assert event.reasons == ["核对口令时，联系人Li报出的是胁迫口令。接线人：Olivia。"]


def test_nobody_finds_a_word_by_guessing(cast: Cast, signed_on: As, words: None) -> None:
    olivia, url = signed_on("olivia"), f"/office/sites/{cast.shop.pk}/word/"
    for number in range(5):
        ask(olivia, url, "redriver")
        assert ask(olivia, url, f"guess{number}")[0] == 200
    assert ask(olivia, url, "redriver") == (422, "✕ 15 分钟内口令错了 5 次，暂不再核对，请班长处理。")
    assert ask(signed_on("oscar"), url, "redriver")[0] == 422
    assert ask(olivia, f"/office/sites/{cast.bank.pk}/word/", "redriver")[0] == 200
    told = list(
        Record.objects.filter(subject_type="site", action__startswith="site.word").values_list("action", "after")
    )
    assert (told.count(("site.word_wrong", None)), str(told).count("guess")) == (6, 0)
