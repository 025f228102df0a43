"""交接班 and the board, through their pages."""

from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from lianjing.domain.incidents.models import HandOver
from lianjing.domain.incidents.shift_hand_over import draw_up_hand_over
from lianjing.domain.people.duties import sign_on_duty
from tests.cast import PASSWORD, Cast, Sent, alarm
from tests.web.console.conftest import As


def signing_on(name: str) -> Client:
    """A browser in which that person has just typed his password."""
    client = Client()
    client.post("/accounts/login/", {"login": name, "password": PASSWORD})
    return client


def drawn(cast: Cast) -> HandOver:
    return draw_up_hand_over(cast.company.pk, by=cast.viewer("olivia"), at=timezone.now())


def signature(one: HandOver) -> dict[str, Any]:
    return {"digest": one.digest, "checked": "on"}


def test_it_is_drawn_up_signed_by_one_and_then_by_the_other(cast: Cast) -> None:
    case = alarm()
    olivia, oscar = signing_on("olivia"), signing_on("oscar")
    response = olivia.post("/handover/new/", {"company": cast.company.pk, "remarks": "key 3 is lent"})
    one = HandOver.objects.get()
    assert (response.status_code, response["Location"]) == (302, f"/handover/{one.pk}/")
    page = olivia.get(f"/handover/{one.pk}/").content.decode()
    for words in (f"#{case.pk}", "Corner Shop", "key 3 is lent", one.digest, "交班签字", "重新汇总"):
        assert words in page
    assert "交班人尚未签字" in oscar.get(f"/handover/{one.pk}/").content.decode()
    assert olivia.post(f"/handover/{one.pk}/sign/", signature(one)).status_code == 302
    told = olivia.get(f"/handover/{one.pk}/").content.decode()
    assert ("重新汇总" in told, "加备注" in told) == (False, True)
    assert oscar.post(f"/handover/{one.pk}/sign/", signature(one) | {"remark": "not here"}).status_code == 302
    page = oscar.get(f"/handover/{one.pk}/").content.decode()
    for words in ("双方已签", "not here", "Oscar"):
        assert words in page
    assert "双方已签" in oscar.get("/handover/").content.decode()


def test_unsigned_it_stands_on_every_page_of_the_desk(cast: Cast, signed_on: As) -> None:
    one = drawn(cast)
    for who, path in (("olivia", "/"), ("oscar", "/incidents/"), ("leo", "/board/"), ("mia", "/accounting/")):
        page = signed_on(who).get(path).content.decode()
        assert ("交接班未签完" in page, f"/handover/{one.pk}/" in page) == (True, True)
    for who in ("sam", "polly"):
        assert "交接班未签完" not in signed_on(who).get("/").content.decode()


def test_a_signature_wants_the_password_again_unless_it_was_just_given(cast: Cast, signed_on: As) -> None:
    one, olivia = drawn(cast), signed_on("olivia")
    response = olivia.post(f"/handover/{one.pk}/sign/", signature(one))
    assert (response.status_code, response["Location"].startswith("/accounts/reauthenticate/")) == (302, True)
    assert HandOver.objects.get().outgoing_signed_at is None
    olivia.post("/accounts/reauthenticate/", {"password": PASSWORD, "next": f"/handover/{one.pk}/sign/"})
    assert HandOver.objects.get().outgoing_signed_at is not None


def test_unread_or_drawn_up_anew_it_is_not_signed(cast: Cast) -> None:
    one, olivia = drawn(cast), signing_on("olivia")
    unread = olivia.post(f"/handover/{one.pk}/sign/", {"digest": one.digest})
    assert (unread.status_code, "请先逐项看过并勾选" in unread.content.decode()) == (422, True)
    olivia.post(f"/handover/{one.pk}/redraw/", {"remarks": "more"})
    stale = olivia.post(f"/handover/{one.pk}/sign/", signature(one))
    assert (stale.status_code, "重新汇总过" in stale.content.decode()) == (409, True)
    assert HandOver.objects.get().remarks == "more"


def test_only_the_outgoing_person_draws_it_up_anew_and_only_before_he_signs(cast: Cast) -> None:
    one, olivia = drawn(cast), signing_on("olivia")
    assert signing_on("oscar").post(f"/handover/{one.pk}/redraw/", {"remarks": "x"}).status_code == 409
    olivia.post(f"/handover/{one.pk}/sign/", signature(one))
    assert olivia.post(f"/handover/{one.pk}/redraw/", {"remarks": "x"}).status_code == 409
    assert HandOver.objects.get().remarks == ""


def test_remarks_too_long_come_back_with_what_was_typed(cast: Cast, signed_on: As) -> None:
    typed = "x" * 2001
    response = signed_on("olivia").post("/handover/new/", {"company": cast.company.pk, "remarks": typed})
    page = response.content.decode()
    assert (response.status_code, typed in page, "最多 2000 个字" in page) == (422, True, True)
    assert signed_on("olivia").post("/handover/new/", {"company": cast.other.pk}).status_code == 422
    assert not HandOver.objects.exists()


@pytest.mark.parametrize(("who", "status"), [("mia", 403), ("polly", 403), ("sam", 404)])
def test_others_do_not_sign_it(cast: Cast, who: str, status: int) -> None:
    one = drawn(cast)
    assert signing_on(who).post(f"/handover/{one.pk}/sign/", signature(one)).status_code == status
    expected = 200 if who == "mia" else status
    assert signing_on(who).get(f"/handover/{one.pk}/").status_code == expected


# The board


def test_the_board_says_who_does_what_and_what_is_free(cast: Cast, signed_on: As) -> None:
    case = alarm()
    fire = alarm(Sent(account="1002", code="FA"))
    sign_on_duty(cast.company.pk, by=cast.viewer("olivia"), at=timezone.now(), desk="席位 01")
    sign_on_duty(cast.company.pk, by=cast.viewer("leo"), at=timezone.now())
    signed_on("olivia").post(f"/incidents/{case.pk}/take/")
    page = signed_on("leo").get("/board/live/").content.decode()
    for words in ("在班 2 人 · 在办 1 件", "席位 01", "空闲", "无人受理 1", f"board-{case.pk}", f"board-{fire.pk}"):
        assert words in page
    assert page.count("data-block") == 6


@pytest.mark.parametrize("who", ["olivia", "polly", "gus"])
def test_the_board_is_for_whoever_leads(cast: Cast, signed_on: As, who: str) -> None:
    assert signed_on(who).get("/board/").status_code == 403
