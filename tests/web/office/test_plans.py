"""Plans in the office: the matrix, the editor that keeps what was typed, the way into force by two people."""

from typing import Any

import pytest
from django.conf import settings
from django.test import Client

from lianjing.domain.plans.actions import PlanPlace, add_plan, approve_version, put_in_force
from lianjing.domain.plans.models import PlanVersion
from lianjing.domain.plans.queries import template_steps
from lianjing.domain.plans.templates import template_of
from lianjing.terms.codes import EventClass
from lianjing.web.office.plan_words import branches_of, branches_text
from tests.cast import NOON, Cast
from tests.web.conftest import As


def drafted(cast: Cast, event_class: str = "fire") -> PlanVersion:
    return add_plan(cast.company.pk, PlanPlace(event_class), "ours", by=cast.viewer("leo"), at=NOON)


def page_of(client: Client, path: str, status: int = 200) -> str:
    answer = client.get(path)
    assert answer.status_code == status
    return answer.content.decode()


def table(version: PlanVersion, **changed: str) -> dict[str, str]:
    """What the editor sends for the draft as it is, `changed` by cell name."""
    sent = {"stand": version.content_hash}
    for number, step in enumerate(version.steps):
        branches = "；".join(f"{b['outcome']} {b['words']} → {b['next']}" for b in step.get("branches", []))
        cells = {"id": str(number + 1), "place": str(number + 1), "branches": branches, "wait": ""}
        cells |= {name: step.get(name, "") for name in ("key", "kind", "title", "detail", "next", "service")}
        cells |= {"required": "1"} if step.get("required") else {}
        sent |= {f"r{number}-{name}": value for name, value in cells.items()}
    return sent | changed


def test_the_matrix_tells_what_runs_and_what_waits(cast: Cast, signed_on: As) -> None:
    version = drafted(cast)
    approve_version(version.pk, by=cast.viewer("mia"), at=NOON)
    drafted(cast, "hold_up")
    page = page_of(signed_on("mia"), "/office/plans/")
    assert page.count("有草稿或待执行") == 8
    put_in_force(version.pk, by=cast.viewer("mia"), at=NOON)
    page = page_of(signed_on("olivia"), "/office/plans/")
    assert (page.count("✓ 执行中 · ours"), page.count("模板，未批准"), page.count("新预案…")) == (4, 36, 0)


def test_a_plan_is_drafted_from_its_template_for_one_site(cast: Cast, signed_on: As) -> None:
    leo = signed_on("leo")
    form = {"title": "the bank", "event_class": "hold_up", "grade": "1", "site": cast.bank.code, "site_kind": ""}
    answer = leo.post("/office/plans/new/", form)
    version = PlanVersion.objects.get()
    assert answer["Location"] == f"/office/plans/versions/{version.pk}/edit/"
    assert (version.plan.site, version.plan.grade, version.plan.scope) == (cast.bank, 1, "site")
    assert "Harbour Bank" in page_of(leo, "/office/plans/")


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"title": ""}, "请填写。"),
        ({"site": "nowhere"}, "没有这个场所。"),
        ({"contract": "nothing"}, "没有这份合同。"),
        ({"site": "S1002", "site_kind": "bank"}, "只能选一项"),
    ],
)
def test_a_new_plan_that_cannot_be_is_refused_beside_its_field(
    cast: Cast, signed_on: As, changed: dict[str, str], said: str
) -> None:
    form = {"title": "ours", "event_class": "fire", "grade": "", "site_kind": "", **changed}
    answer = signed_on("leo").post("/office/plans/new/", form)
    assert (answer.status_code, said in answer.content.decode()) == (422, True)
    assert not PlanVersion.objects.exists()


def test_the_editor_saves_what_it_shows(cast: Cast, signed_on: As) -> None:
    version, leo = drafted(cast, "intrusion"), signed_on("leo")
    assert leo.post(f"/office/plans/versions/{version.pk}/edit/", table(version)).status_code == 302
    assert PlanVersion.objects.get().steps == version.steps
    changed = table(version, **{"r0-title": "watch well", "r20-title": "wait", "r20-key": "w", "r20-kind": "wait"})
    changed |= {"r20-wait": "5 分", "r20-place": "2.5", "r20-next": "end"}
    assert leo.post(f"/office/plans/versions/{version.pk}/edit/", changed).status_code == 302
    steps = PlanVersion.objects.get().steps
    assert (steps[0]["title"], steps[2]["key"], steps[2]["wait_s"]) == ("watch well", "w", 300)


def test_a_draft_with_errors_is_saved_and_says_them(cast: Cast, signed_on: As) -> None:
    version, leo = drafted(cast), signed_on("leo")
    leo.post(f"/office/plans/versions/{version.pk}/edit/", table(version, **{"r0-next": "nowhere"}))
    page = page_of(leo, f"/office/plans/versions/{version.pk}/edit/")
    assert "“立即报 119”的下一步 nowhere 不存在。" in page
    page = page_of(signed_on("mia"), f"/office/plans/{version.plan_id}/")
    assert "处错误，不能批准" in page
    assert signed_on("mia").post(f"/office/plans/versions/{version.pk}/approve/").status_code == 302
    assert PlanVersion.objects.get().state == "draft"


def test_branches_that_say_the_same_are_told_apart_by_their_outcome(cast: Cast, signed_on: As) -> None:
    page = page_of(signed_on("mia"), f"/office/plans/{drafted(cast, 'intrusion').plan_id}/")
    for said in ("口令已核对 · 正常口令 → 4", "口令已核对 · 胁迫口令 → 8", "口令错误或说不出 → 4"):
        assert f"<span>{said}</span>" in page


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"r1-branches": "real → somewhere"}, "分支请写成"),
        ({"r1-wait": "a while"}, "等多久请写成"),
        ({"stand": "old"}, "有人改动过这份草稿"),
    ],
)
def test_what_cannot_be_read_stays_in_the_table_with_a_sentence(
    cast: Cast, signed_on: As, changed: dict[str, str], said: str
) -> None:
    version = drafted(cast)
    sent = table(version, **{"r0-title": "typed here", **changed})
    answer = signed_on("leo").post(f"/office/plans/versions/{version.pk}/edit/", sent)
    page = answer.content.decode()
    assert (answer.status_code, said in page, "typed here" in page) == (422, True, True)
    assert PlanVersion.objects.get().steps == version.steps


def test_a_version_comes_into_force_by_another_who_may(cast: Cast, signed_on: As) -> None:
    version, mia = drafted(cast), signed_on("mia")
    assert signed_on("leo").post(f"/office/plans/versions/{version.pk}/approve/").status_code == 403
    for act, state in (("approve", "approved"), ("force", "in_force")):
        assert mia.post(f"/office/plans/versions/{version.pk}/{act}/").status_code == 302
        assert PlanVersion.objects.get().state == state


def test_a_version_in_force_is_withdrawn_for_a_reason_that_stays_on_file(cast: Cast, signed_on: As) -> None:
    version, mia = drafted(cast), signed_on("mia")
    for act in ("approve", "force"):
        mia.post(f"/office/plans/versions/{version.pk}/{act}/")
    href = f"/office/plans/versions/{version.pk}/withdraw/"
    refused = mia.post(href, {"reason": " "})
    assert (refused.status_code, PlanVersion.objects.get().state) == (422, "in_force")
    mia.post(href, {"reason": "门店搬走了"})
    assert PlanVersion.objects.get().state == "superseded"
    assert "门店搬走了" in page_of(mia, f"/office/plans/{version.plan_id}/")
    assert "撤下预案" in page_of(mia, f"/office/plans/{version.plan_id}/")
    mia.post(f"/office/plans/{version.plan_id}/draft/")
    assert "您写过这一版，须由另一人批准。" in page_of(mia, f"/office/plans/{version.plan_id}/")


def test_another_company_s_plan_is_not_there(cast: Cast, signed_on: As) -> None:
    version, sam = drafted(cast), signed_on("sam")
    assert sam.get(f"/office/plans/{version.plan_id}/").status_code == 404
    assert sam.get(f"/office/plans/versions/{version.pk}/edit/").status_code == 404
    assert sam.post(f"/office/plans/{version.plan_id}/draft/").status_code == 404
    assert sam.post(f"/office/plans/versions/{version.pk}/edit/", table(version)).status_code == 404
    assert sam.get(f"/office/plans/?company={cast.company.pk}").status_code == 404


def test_a_template_is_read_before_anybody_drafts_from_it(cast: Cast, signed_on: As) -> None:
    mia = signed_on("mia")
    assert f'href="/office/plans/templates/fire/2/?company={cast.company.pk}"' in page_of(mia, "/office/plans/")
    page = page_of(mia, "/office/plans/templates/fire/2/")
    assert ("火警·二级" in page, "致电消防控制室，派人到部位看" in page) == (True, True)
    page_of(mia, "/office/plans/templates/fire/5/", 404)
    page_of(mia, "/office/plans/templates/dance/1/", 404)
    mia.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    answer = mia.get("/office/plans/templates/fire/2/")
    assert "Call the fire control room, have somebody look at the place" in answer.content.decode()


def test_a_plan_of_a_grade_begins_with_the_template_of_that_grade(cast: Cast) -> None:
    version = add_plan(cast.company.pk, PlanPlace("fire", 3), "ours", by=cast.viewer("leo"), at=NOON)
    assert version.steps == template_steps("fire", 3)


@pytest.mark.parametrize("event_class", EventClass)
def test_branches_are_read_back_as_they_are_written(event_class: EventClass) -> None:
    for step in template_of(event_class).steps:
        assert branches_of(branches_text(step.branches)) == list(step.branches)


@pytest.mark.parametrize("text", ["real", "→ tell", "real 属实", "；；x"])
def test_branches_that_cannot_be_read_are_told(text: str) -> None:
    assert branches_of(text) is None


def test_the_number_of_questions_does_not_grow_with_the_plans(
    cast: Cast, signed_on: As, django_assert_num_queries: Any
) -> None:
    mia = signed_on("mia")
    for made in (["fire"], ["hold_up", "medical", "tamper"]):
        for event_class in made:
            drafted(cast, event_class)
        with django_assert_num_queries(7):
            mia.get("/office/plans/")
