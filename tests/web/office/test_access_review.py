"""权限复核: a manager decides on every account, signs, and takes the roles that he marked."""

import re
from typing import Any

from django.test import Client

from lianjing.domain.people.models import AccessReview, Membership
from tests.cast import Cast
from tests.web.conftest import As

PAGE = "/office/access-review/"


def text(answer: Any) -> str:
    return str(answer.content.decode())


def plain(page: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", page).split())


def typed(cast: Cast, **other: str) -> dict[str, str]:
    rows = Membership.objects.filter(company=cast.company).select_related("user")
    return {f"d-{row.pk}": other.get(row.user.username, "keep") for row in rows}


def sign(client: Client, cast: Cast, told: dict[str, str]) -> Any:
    return client.post(f"{PAGE}{cast.company.pk}/new/", told, follow=True)


def test_every_account_is_listed_with_what_there_is_to_judge_it_by(cast: Cast, signed_on: As) -> None:
    page = plain(text(signed_on("mia").get(PAGE)))
    assert "? 还没有复核过" in page
    assert "Gus gus 巡逻员 ◐ 没有 从未登录 0" in page
    assert "Sam" not in page


def test_a_review_is_signed_and_a_marked_role_is_taken(cast: Cast, signed_on: As) -> None:
    mia = signed_on("mia")
    gus = Membership.objects.get(user=cast.users["gus"])
    page = text(sign(mia, cast, typed(cast, gus="withdraw")))
    assert "Gus：撤销须写明原因。" in page
    assert re.search(rf'name="d-{gus.pk}" value="withdraw" checked', page)
    assert AccessReview.objects.count() == 0
    page = plain(text(sign(mia, cast, {**typed(cast, gus="withdraw"), f"note-{gus.pk}": "已离职"})))
    assert ("复核已签署。" in page, "标为撤销、还没有撤销 ✕ 1 Gus 巡逻员 已离职" in page) == (True, True)
    review = AccessReview.objects.get()
    line = review.lines.get(decision="withdraw")
    page = plain(text(mia.post(f"{PAGE}lines/{line.pk}/withdraw/", follow=True)))
    assert "已撤销 Gus 的角色：巡逻员。" in page
    assert not Membership.objects.filter(pk=gus.pk).exists()
    assert "✕ 撤销" in plain(text(mia.get(f"{PAGE}signed/{review.pk}/")))


def test_nothing_is_chosen_beforehand(cast: Cast, signed_on: As) -> None:
    mia = signed_on("mia")
    assert " checked" not in text(mia.get(f"{PAGE}{cast.company.pk}/new/"))
    answer = sign(mia, cast, {})
    assert (answer.status_code, "个账号没有选：" in text(answer)) == (422, True)
    answer = sign(mia, cast, {"d-x": "keep", "d-99999999999999999999": "keep"})
    assert answer.status_code == 422


def test_it_is_a_managers_and_of_his_company_only(cast: Cast, signed_on: As) -> None:
    sign(signed_on("mia"), cast, typed(cast))
    review = AccessReview.objects.get()
    for name in ("olivia", "leo", "polly", "sam"):
        viewer = signed_on(name)
        assert [viewer.get(href).status_code for href in (PAGE, f"{PAGE}signed/{review.pk}/")] == [403, 403]
    mia = signed_on("mia")
    assert mia.get(f"{PAGE}?company={cast.other.pk}").status_code == 404
    assert mia.get(f"{PAGE}{cast.other.pk}/new/").status_code == 404
    assert mia.post(f"{PAGE}{cast.company.pk}/months/", {"months": "99", "origin": ""}).status_code == 422
