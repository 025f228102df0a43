"""交接班: what stands open is frozen, both sign in their order, and what is signed stays as it was."""

from datetime import timedelta

import pytest
from django.db import connection

from lianjing.core.outbox.models import Message
from lianjing.core.viewer import Forbidden
from lianjing.domain.incidents import actions, hand_over_lists
from lianjing.domain.incidents.hand_over_lists import Line, Listed, add_list
from lianjing.domain.incidents.hand_over_policy import ADDED_AT_MOST
from lianjing.domain.incidents.hand_over_standing import digest_of
from lianjing.domain.incidents.hand_overs import hand_over_page, hand_overs, waiting_hand_overs
from lianjing.domain.incidents.models import HandOver
from lianjing.domain.incidents.moving import BadChoice, Missing, Refused
from lianjing.domain.incidents.shift_hand_over import (
    add_hand_over_remark,
    draw_up_hand_over,
    sign_hand_over,
)
from lianjing.domain.people.duties import sign_on_duty
from lianjing.domain.records.models import Record
from lianjing.domain.sites.models import SiteNote
from tests.cast import NOON, Cast, Sent, alarm, put_on_test

SOON = NOON + timedelta(minutes=1)


def draw(cast: Cast, **more: object) -> HandOver:
    return draw_up_hand_over(cast.company.pk, by=cast.viewer("olivia"), at=NOON, **more)


def signed_by_both(cast: Cast) -> HandOver:
    one = draw(cast)
    sign_hand_over(one.pk, digest=one.digest, by=cast.viewer("olivia"), at=SOON)
    return sign_hand_over(one.pk, digest=one.digest, by=cast.viewer("oscar"), at=SOON)


def test_it_holds_what_stands_open_of_this_company_and_nothing_else(cast: Cast) -> None:
    case = alarm()
    actions.take_incident(case.pk, by=cast.viewer("olivia"), at=NOON)
    alarm(Sent(account="2001", code="HA"))
    put_on_test(cast.bank, NOON + timedelta(hours=2))
    SiteNote.objects.create(site=cast.shop, text="side door is broken", until=SOON, written_at=NOON, written_by="Leo")
    SiteNote.objects.create(site=cast.shop, text="over", until=NOON, written_at=NOON, written_by="Leo")
    sign_on_duty(cast.company.pk, by=cast.viewer("olivia"), at=NOON, desk="desk 1")
    one = draw(cast, remarks=" ask for the key at number 3 ")
    assert one.content["grades"] == {"1": 0, "2": 1, "3": 0, "4": 0}
    lists = one.content["lists"]
    assert {name: listed["count"] for name, listed in lists.items()} == {
        "open": 1,
        "held": 0,
        "on_test": 1,
        "unrestored": 1,
        "lost": 0,
        "notices": 1,
        "tasks": 0,
    }
    (line,) = lists["open"]["lines"]
    assert (line["incident"], line["where"], line["more"]) == (case.pk, "Corner Shop", "处理中，Olivia")
    assert line["since"].startswith("2026-11-22 12:00:00")
    assert lists["notices"]["lines"][0]["what"] == "side door is broken"
    assert (one.desk, one.remarks, one.open_count) == ("desk 1", "ask for the key at number 3", 1)


def test_drawn_up_again_before_it_is_signed_it_is_the_same_one_with_what_stands_now(cast: Cast) -> None:
    first = draw(cast)
    alarm()
    again = draw_up_hand_over(cast.company.pk, by=cast.viewer("olivia"), at=SOON, remarks="x")
    assert (again.pk, again.open_count, again.drawn_up_at, again.remarks) == (first.pk, 1, SOON, "x")
    assert again.digest != first.digest
    assert draw_up_hand_over(cast.company.pk, by=cast.viewer("oscar"), at=SOON).pk != first.pk


def test_the_outgoing_person_signs_first_then_another_and_each_signature_is_sealed(cast: Cast) -> None:
    one = draw(cast)
    with pytest.raises(Refused, match="交班人尚未签字"):
        sign_hand_over(one.pk, digest=one.digest, by=cast.viewer("oscar"), at=SOON)
    sign_hand_over(one.pk, digest=one.digest, by=cast.viewer("olivia"), at=SOON, source="10.0.0.5")
    with pytest.raises(Refused, match="须由接班人签字"):
        sign_hand_over(one.pk, digest=one.digest, by=cast.viewer("olivia"), at=SOON)
    oscar = {"by": cast.viewer("oscar"), "at": SOON}
    signed = sign_hand_over(one.pk, digest=one.digest, remark="key 3 is not here", **oscar)
    assert (signed.outgoing_signed_at, signed.incoming_id, signed.incoming_signed_at) == (
        SOON,
        cast.users["oscar"].pk,
        SOON,
    )
    assert signed.added.get().text == "key 3 is not here"
    with pytest.raises(Refused, match="双方均已签字"):
        sign_hand_over(one.pk, digest=one.digest, by=cast.viewer("leo"), at=SOON)
    records = Record.objects.filter(subject_type="handover").order_by("pk")
    assert [(r.action, r.after.get("side"), r.after.get("digest"), r.actor_name) for r in records] == [
        ("handover.drawn_up", None, one.digest, "Olivia"),
        ("handover.signed", "outgoing", one.digest, "Olivia"),
        ("handover.signed", "incoming", one.digest, "Oscar"),
    ]
    told = Message.objects.filter(topic__startswith="handover.").order_by("pk")
    assert [(m.topic, m.payload) for m in told] == [
        ("handover.drawn_up", {"handover": one.pk}),
        ("handover.signed", {"handover": one.pk}),
        ("handover.signed", {"handover": one.pk}),
    ]


def test_after_the_first_signature_drawing_up_begins_another_and_only_remarks_are_added(cast: Cast) -> None:
    one = draw(cast)
    with pytest.raises(Refused, match="签字前请直接修改"):
        add_hand_over_remark(one.pk, "x", by=cast.viewer("olivia"), at=SOON)
    sign_hand_over(one.pk, digest=one.digest, by=cast.viewer("olivia"), at=SOON)
    content = HandOver.objects.get(pk=one.pk).content
    assert draw(cast).pk != one.pk
    add_hand_over_remark(one.pk, "the guard rang back", by=cast.viewer("leo"), at=SOON)
    assert HandOver.objects.get(pk=one.pk).content == content
    assert [added.text for added in one.added.all()] == ["the guard rang back"]


def test_nobody_signs_what_he_has_not_seen_or_what_is_long_past(cast: Cast) -> None:
    one = draw(cast)
    olivia = cast.viewer("olivia")
    with pytest.raises(Refused, match="重新汇总过"):
        sign_hand_over(one.pk, digest="0" * 64, by=olivia, at=SOON)
    with pytest.raises(Refused, match="汇总于 31 分钟前"):
        sign_hand_over(one.pk, digest=one.digest, by=olivia, at=NOON + timedelta(minutes=31))
    sign_hand_over(one.pk, digest=one.digest, by=olivia, at=SOON)
    # Who comes in may come late: it waits, in sight, until he does.
    sign_hand_over(one.pk, digest=one.digest, by=cast.viewer("oscar"), at=NOON + timedelta(hours=9))


@pytest.mark.parametrize("who", ["mia", "gus", "polly", "sam"])
def test_who_sits_at_no_desk_of_the_company_draws_up_and_signs_nothing(cast: Cast, who: str) -> None:
    one = draw(cast)
    with pytest.raises(Forbidden):
        draw_up_hand_over(cast.company.pk, by=cast.viewer(who), at=NOON)
    with pytest.raises(Forbidden if who == "mia" else Missing):
        sign_hand_over(one.pk, digest=one.digest, by=cast.viewer(who), at=NOON)


def test_it_stays_in_sight_of_the_company_until_both_have_signed(cast: Cast) -> None:
    one = draw(cast)
    for who, expected in (("olivia", [one.pk]), ("leo", [one.pk]), ("mia", [one.pk]), ("sam", []), ("polly", [])):
        assert [line.id for line in waiting_hand_overs(cast.viewer(who))] == expected
    sign_hand_over(one.pk, digest=one.digest, by=cast.viewer("olivia"), at=SOON)
    assert [line.standing for line in waiting_hand_overs(cast.viewer("leo"))] == ["half"]
    sign_hand_over(one.pk, digest=one.digest, by=cast.viewer("oscar"), at=SOON)
    assert waiting_hand_overs(cast.viewer("leo")) == []
    assert [line.standing for line in hand_overs(cast.viewer("leo"))] == ["signed"]


def test_a_hand_in_the_database_shows(cast: Cast) -> None:
    one, leo = signed_by_both(cast), cast.viewer("leo")
    page = hand_over_page(leo, one.pk, at=SOON)
    assert page is not None
    assert page.intact
    one.remarks = "all well"
    one.save()
    assert not hand_over_page(leo, one.pk, at=SOON).intact  # type: ignore[union-attr]
    # Even when the digest is made to agree: the sealed records say what was signed.
    one.digest = digest_of(one)
    one.save()
    assert not hand_over_page(leo, one.pk, at=SOON).intact  # type: ignore[union-attr]


def test_remarks_have_a_limit_in_length_and_number(cast: Cast) -> None:
    one, leo = signed_by_both(cast), {"by": cast.viewer("leo"), "at": SOON}
    with pytest.raises(BadChoice):
        add_hand_over_remark(one.pk, "x" * 501, **leo)
    with pytest.raises(BadChoice):
        add_hand_over_remark(one.pk, " ", **leo)
    for _ in range(ADDED_AT_MOST):
        add_hand_over_remark(one.pk, "x", **leo)
    with pytest.raises(Refused, match="备注已有 50 条"):
        add_hand_over_remark(one.pk, "x", **leo)
    with pytest.raises(BadChoice):
        draw(cast, remarks="x" * 2001)


def test_an_app_above_adds_its_own_list(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(hand_over_lists, "LISTS", dict(hand_over_lists.LISTS))
    add_list("tasks", lambda viewer, at: Listed(1, [Line("12:00", "look at the door", "Corner Shop", "Gus")]))
    assert draw(cast).content["lists"]["tasks"]["lines"][0]["more"] == "Gus"


@pytest.mark.parametrize("cases", [1, 4])
def test_drawing_up_takes_the_same_number_of_questions_however_much_is_open(
    cast: Cast, django_assert_num_queries: object, cases: int
) -> None:
    for code in ("BA", "FA", "PA", "TA")[:cases]:
        alarm(Sent(code=code))
    viewer = cast.viewer("olivia")
    # PostgreSQL asks for the numbers of the records first.
    with django_assert_num_queries(25 + (connection.vendor == "postgresql")):
        draw_up_hand_over(cast.company.pk, by=viewer, at=NOON)
