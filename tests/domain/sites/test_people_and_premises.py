"""Customers, sites, notes and contacts: what may be entered, and what the records tell of it."""

from datetime import date, time, timedelta
from typing import Any

import pytest

from lianjing.core.outbox.models import Message
from lianjing.core.refusals import Missing, Refused
from lianjing.core.viewer import Forbidden
from lianjing.domain.records.models import Record
from lianjing.domain.sites.actions.contacts import (
    add_contact,
    change_contact,
    clear_words,
    doubt_contact,
    move_contact,
    remove_contact,
    verify_contact,
)
from lianjing.domain.sites.actions.customers import add_customer, change_customer
from lianjing.domain.sites.actions.sites import add_note, add_site, change_site, remove_note
from lianjing.domain.sites.models import Contact, Customer, Site, SiteNote
from lianjing.domain.sites.policy import within_hours
from lianjing.domain.sites.site_policy import check_phone, division_of
from tests.cast import NOON, Cast

TODAY = date(2026, 11, 22)


@pytest.fixture
def does(cast: Cast) -> dict[str, Any]:
    """Leo, the leader, at noon."""
    return {"by": cast.viewer("leo"), "at": NOON, "source": "test"}


def last_record(action: str) -> tuple[Any, Any]:
    record = Record.objects.filter(action=action).latest("id")
    return record.before, record.after


def calling_order(site: Site) -> list[str]:
    return list(site.contacts.order_by("place").values_list("name", flat=True))


def test_a_customer_is_found_by_the_initials_of_the_name(cast: Cast, does: dict[str, Any]) -> None:
    customer = add_customer(cast.company.pk, {"code": "C-1", "name": "解放路金店", "kind": "shop"}, **does)
    assert customer.initials == "jfljd"
    change_customer(customer.pk, {"name": "中兴路金店"}, **does)
    customer.refresh_from_db()
    assert customer.initials == "zxljd"
    assert last_record("customer.changed") == ({"name": "解放路金店"}, {"name": "中兴路金店"})
    assert (
        list(Message.objects.values_list("topic", "payload")) == [("customer.changed", {"customer": customer.pk})] * 2
    )


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"code": "C1001", "name": "Twice"}, "code"),
        ({"code": "C-9", "name": "  "}, "name"),
        ({"code": "C-9", "name": "n" * 101}, "name"),
        ({"code": "C-9", "name": "n", "kind": "castle"}, "kind"),
        ({"code": "C-9", "name": "n\0"}, "name"),
    ],
)
def test_what_does_not_fit_is_refused_beside_its_field(
    cast: Cast, does: dict[str, Any], values: dict[str, str], field: str
) -> None:
    with pytest.raises(Refused) as refused:
        add_customer(cast.company.pk, values, **does)
    assert (refused.value.field, Customer.objects.filter(company=cast.company).count()) == (field, 2)


def test_another_company_may_have_the_same_code(cast: Cast) -> None:
    add_customer(cast.other.pk, {"code": "C1001", "name": "Theirs"}, by=cast.viewer("sam"), at=NOON)


def test_strangers_miss_it_and_operators_may_not(cast: Cast) -> None:
    with pytest.raises(Missing):
        change_site(cast.shop.pk, {"name": "Mine"}, by=cast.viewer("sam"), at=NOON)
    with pytest.raises(Missing):
        add_customer(cast.company.pk, {"code": "X", "name": "X"}, by=cast.viewer("sam"), at=NOON)
    for name in ("olivia", "polly"):
        with pytest.raises(Forbidden):
            change_site(cast.shop.pk, {"name": "Mine"}, by=cast.viewer(name), at=NOON)


def test_how_to_get_in_is_not_told_by_the_records(cast: Cast, does: dict[str, Any]) -> None:
    change_site(
        cast.shop.pk, {"key_location": "under the mat", "access_notes": "code 4711", "address": "2 Quay"}, **does
    )
    assert last_record("site.changed") == (
        {"key_location": "changed", "access_notes": "changed", "address": "1 Corner Shop Road"},
        {"key_location": "changed", "access_notes": "changed", "address": "2 Quay"},
    )


def test_no_longer_a_key_site_is_marked_as_weakening(cast: Cast, does: dict[str, Any]) -> None:
    change_site(cast.bank.pk, {"is_key_site": True}, **does)
    change_site(cast.bank.pk, {"is_key_site": False}, **does)
    assert last_record("site.changed")[1] == {"is_key_site": False, "weakens": ["不再是治安重点单位"]}


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"longitude": 120.5}, "latitude"),
        ({"longitude": 181.0, "latitude": 30.0}, "longitude"),
        ({"longitude": 120.5, "latitude": 91.0}, "latitude"),
        ({"division": "3306"}, "division"),
    ],
)
def test_a_place_that_is_none_is_refused(cast: Cast, does: dict[str, Any], values: dict[str, Any], field: str) -> None:
    with pytest.raises(Refused) as refused:
        add_site(cast.shop.customer_id, {"code": "S-9", "name": "Nine", **values}, **does)
    assert refused.value.field == field
    assert not Site.objects.filter(code="S-9").exists()


@pytest.mark.parametrize(
    ("entry", "code"),
    [
        ("330602", "330602"),
        ("越城区", "330602"),
        ("浙江省绍兴市越城区", "330602"),
        (" 绍兴市 越城区 ", "330602"),
        ("", ""),
    ],
)
def test_a_division_is_entered_by_code_or_by_name(entry: str, code: str) -> None:
    assert division_of(entry) == code


@pytest.mark.parametrize(("entry", "sentence"), [("鼓楼区", "请写全"), ("某某区", "没有叫"), ("33", "6 位数字")])
def test_a_division_that_is_not_clear_is_asked_for(entry: str, sentence: str) -> None:
    with pytest.raises(Refused, match=sentence):
        division_of(entry)


# Notes


def test_a_note_has_an_author_and_an_end(cast: Cast, does: dict[str, Any]) -> None:
    note = add_note(cast.shop.pk, "店主出国", NOON + timedelta(days=3), **does)
    assert (note.written_by, note.written_at) == ("Leo", NOON)
    with pytest.raises(Refused, match="已经过了"):
        add_note(cast.shop.pk, "昨天", NOON, **does)
    with pytest.raises(Missing):
        remove_note(cast.bank.pk, note.pk, **does)
    remove_note(cast.shop.pk, note.pk, **does)
    assert not SiteNote.objects.exists()


# Contacts


def test_contacts_are_called_in_their_order(cast: Cast, does: dict[str, Any]) -> None:
    for name in ("Li", "Zhao"):
        add_contact(cast.shop.pk, {"name": name, "phone": "13800000000"}, **does)
    li = Contact.objects.get(name="Li")
    assert move_contact(cast.shop.pk, li.pk, True, **does) is True
    assert calling_order(cast.shop) == ["Li", "Wang", "Zhao"]
    assert move_contact(cast.shop.pk, li.pk, True, **does) is False
    remove_contact(cast.shop.pk, li.pk, **does)
    assert list(cast.shop.contacts.order_by("place").values_list("place", "name")) == [(1, "Wang"), (2, "Zhao")]


def test_the_last_contact_that_goes_weakens(cast: Cast, does: dict[str, Any]) -> None:
    remove_contact(cast.shop.pk, cast.shop.contacts.get().pk, **does)
    assert last_record("site.contact_removed") == (
        {"contact": "Wang", "place": 1, "role": "owner"},
        {"weakens": ["场所已没有联系人"]},
    )


def test_words_and_numbers_are_never_recorded_or_kept_in_clear(cast: Cast, does: dict[str, Any]) -> None:
    values = {"name": "Li", "phone": "13912345678", "pass_word": "red river", "duress_word": "blue hill"}
    contact = add_contact(cast.shop.pk, values, **does)
    change_contact(cast.shop.pk, contact.pk, {"phone": "13787654321", "pass_word": "green field"}, **does)
    told = str(list(Record.objects.values_list("before", "after"))) + contact.pass_word + contact.duress_word
    secrets = ("13912345678", "13787654321", "red river", "blue hill", "green field")
    assert [secret for secret in secrets if secret in told] == []
    kept = [word.split("$")[0] for word in (contact.pass_word, contact.duress_word)]
    assert kept == ["lianjing_word", "lianjing_word"], "a word of four digits is found in its digest without the key"
    assert last_record("site.contact_changed") == (
        {"phone": "changed"},
        {"contact": "Li", "phone": "changed", "pass_word": "changed"},
    )


def test_pass_word_and_duress_word_are_told_apart(cast: Cast, does: dict[str, Any]) -> None:
    told = {"name": "Li", "phone": "13912345678"}
    with pytest.raises(Refused, match="必须与口令不同"):
        add_contact(cast.shop.pk, {**told, "pass_word": "same", "duress_word": "same"}, **does)
    contact = add_contact(cast.shop.pk, {**told, "pass_word": "red", "duress_word": "blue"}, **does)
    with pytest.raises(Refused) as refused:
        change_contact(cast.shop.pk, contact.pk, {"pass_word": "blue"}, **does)
    assert refused.value.field == "pass_word"
    with pytest.raises(Refused, match="混淆"):
        add_contact(cast.shop.pk, {**told, "pass_word": "blue"}, **does)
    clear_words(cast.shop.pk, contact.pk, **does)
    contact.refresh_from_db()
    assert (contact.pass_word, contact.duress_word) == ("", "")


def test_a_new_number_has_to_be_verified_again(cast: Cast, does: dict[str, Any]) -> None:
    wang = cast.shop.contacts.get()
    verify_contact(cast.shop.pk, wang.pk, TODAY, **does)
    change_contact(cast.shop.pk, wang.pk, {"notes": "calls back"}, **does)
    wang.refresh_from_db()
    assert wang.verified_on == TODAY
    change_contact(cast.shop.pk, wang.pk, {"phone": "13811112222"}, **does)
    wang.refresh_from_db()
    assert wang.verified_on is None


def test_hours_have_both_ends(cast: Cast, does: dict[str, Any]) -> None:
    told = {"name": "Night", "phone": "13912345678", "reachable_from": time(20)}
    with pytest.raises(Refused) as refused:
        add_contact(cast.shop.pk, told, **does)
    assert refused.value.field == "reachable_until"


@pytest.mark.parametrize("phone", ["", "12", "call me", "138<b>"])
def test_what_nobody_can_dial_is_refused(phone: str) -> None:
    with pytest.raises(Refused):
        check_phone(phone)


def test_a_contact_of_another_site_is_missing(cast: Cast, does: dict[str, Any]) -> None:
    with pytest.raises(Missing):
        verify_contact(cast.bank.pk, cast.shop.contacts.get().pk, TODAY, **does)


@pytest.mark.parametrize(
    ("begin", "end", "now", "wants"),
    [
        (None, None, time(3), True),
        (time(8), time(22), time(8), True),
        (time(8), time(22), time(22), False),
        (time(22), time(8), time(3), True),
        (time(22), time(8), time(12), False),
    ],
)
def test_hours_in_which_somebody_wants_to_be_called(
    begin: time | None, end: time | None, now: time, wants: bool
) -> None:
    assert within_hours(begin, end, now) is wants


def test_a_new_number_or_a_check_ends_the_doubt_about_a_contact(cast: Cast) -> None:
    contact, olivia, mia = Contact.objects.get(site=cast.shop), cast.viewer("olivia"), cast.viewer("mia")
    for mend in (
        lambda: change_contact(cast.shop.pk, contact.pk, {"phone": "10087654321"}, by=mia, at=NOON),
        lambda: verify_contact(cast.shop.pk, contact.pk, TODAY, by=mia, at=NOON),
    ):
        assert doubt_contact(cast.shop.pk, contact.pk, TODAY, by=olivia, at=NOON).doubted_on == TODAY
        mend()
        contact.refresh_from_db()
        assert contact.doubted_on is None
    with pytest.raises(Forbidden):
        doubt_contact(cast.shop.pk, contact.pk, TODAY, by=cast.viewer("polly"), at=NOON)
    with pytest.raises(Missing):
        doubt_contact(cast.shop.pk, contact.pk, TODAY, by=cast.viewer("sam"), at=NOON)


def test_an_e_mail_address_is_looked_at_and_recorded_as_changed_only(cast: Cast) -> None:
    contact, mia = Contact.objects.get(site=cast.shop), cast.viewer("mia")
    with pytest.raises(Refused):
        change_contact(cast.shop.pk, contact.pk, {"email": "wang at example"}, by=mia, at=NOON)
    change_contact(cast.shop.pk, contact.pk, {"email": "wang@example.cn"}, by=mia, at=NOON)
    assert "wang@example.cn" not in str(list(Record.objects.values()))
