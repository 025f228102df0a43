"""接警席限值 and 派单范围."""

from typing import Any

from lianjing.domain.incidents.models import DeskSettings
from lianjing.domain.incidents.queue_policy import AGE_LIMITS, RANGES, DeskFigures
from lianjing.domain.people.models import DeskProfile
from lianjing.domain.records.models import Record
from tests.cast import Cast
from tests.web.conftest import As

USUAL = DeskFigures()


def typed(**more: Any) -> dict[str, str]:
    ages = {f"{name}-{step}": getattr(AGE_LIMITS[name], step) for name in AGE_LIMITS for step in ("amber", "red")}
    ages |= {f"{name}-escalate": limits.escalate for name, limits in AGE_LIMITS.items()}
    figures = {name: getattr(USUAL, name) for name in RANGES}
    return {name.replace("__", "-"): str(value) for name, value in {**ages, **figures, **more}.items()}


def test_a_manager_sets_what_holds_for_the_company_and_both_figures_are_recorded(cast: Cast, signed_on: As) -> None:
    mia, own = signed_on("mia"), f"/office/desk-settings/{cast.company.pk}/"
    assert "默认 60，可设 30 至 900" in mia.get("/office/desk-settings/").content.decode()
    assert mia.post(own, typed()).status_code == 302
    assert not DeskSettings.objects.exists()
    answer = mia.post(own, typed(gone_seconds=120, intrusion__escalate=45))
    assert answer["Location"] == f"/office/desk-settings/?company={cast.company.pk}"
    row = DeskSettings.objects.get()
    assert (row.gone_seconds, row.limits) == (120, {"intrusion": [30, 60, 45]})
    record = Record.objects.get(action="desk.settings_changed")
    assert record.before == {"gone_seconds": 60, "intrusion": [30, 60, 60]}
    assert record.after == {"gone_seconds": 120, "intrusion": [30, 60, 45]}


def test_what_goes_too_far_is_said_beside_its_field_and_keeps_what_was_typed(cast: Cast, signed_on: As) -> None:
    own = f"/office/desk-settings/{cast.company.pk}/"
    for wrong, sentence in (
        ({"gone_seconds": 5}, "须在 30 至 900 之间"),
        ({"fire__amber": 99}, "琥珀不得晚于红色"),
        ({"load_limit": "many"}, "请填整数"),
    ):
        answer = signed_on("mia").post(own, typed(**wrong))
        page = answer.content.decode()
        assert (answer.status_code, sentence in page, "没有保存" in page) == (422, True, True)
    assert not DeskSettings.objects.exists()


def test_only_managers_of_the_company_reach_the_settings(cast: Cast, signed_on: As) -> None:
    mia = signed_on("mia")
    assert mia.get(f"/office/desk-settings/?company={cast.other.pk}").status_code == 404
    assert mia.post(f"/office/desk-settings/{cast.other.pk}/", typed()).status_code == 404
    for name in ("olivia", "leo", "polly", "gus"):
        assert signed_on(name).get("/office/desk-settings/").status_code == 403


def test_a_leader_says_what_next_gives_an_operator(cast: Cast, signed_on: As) -> None:
    leo = signed_on("leo")
    page = leo.get("/office/desk-people/").content.decode()
    assert [name in page for name in ("Olivia", "Oscar", "Leo", "Mia", "Sam")] == [True, True, True, False, False]
    where = f"/office/desk-people/{cast.company.pk}/{cast.users['olivia'].pk}/"
    given = {"skills": ["fire", "intrusion"], "regions": "31，320500", "load_limit": "2"}
    assert leo.post(where, given)["Location"] == f"/office/desk-people/?company={cast.company.pk}"
    row = DeskProfile.objects.get()
    assert (row.skills, row.regions, row.load_limit) == (["fire", "intrusion"], ["31", "320500"], 2)
    assert Record.objects.get(action="profile.set").before == {"skills": [], "regions": [], "load_limit": None}
    assert "31 上海市" in leo.get("/office/desk-people/").content.decode()


def test_a_wrong_profile_is_said_and_a_stranger_finds_nobody(cast: Cast, signed_on: As) -> None:
    where = f"/office/desk-people/{cast.company.pk}/{cast.users['olivia'].pk}/"
    answer = signed_on("mia").post(where, {"regions": "Shanghai"})
    assert (answer.status_code, "行政区划代码写 2 至 6 位数字" in answer.content.decode()) == (422, True)
    assert signed_on("mia").post(where, {"load_limit": "0"}).status_code == 422
    assert signed_on("sam").get(where).status_code == 404
    assert signed_on("olivia").get(where).status_code == 403
    gus = f"/office/desk-people/{cast.company.pk}/{cast.users['gus'].pk}/"
    assert signed_on("mia").get(gus).status_code == 404
