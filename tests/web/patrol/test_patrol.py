"""The guard's page: his tasks, one next step, and nothing of anybody else's."""

import io
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from lianjing.domain.dispatch.actions import cancel_task, send_task
from lianjing.domain.dispatch.models import Task
from lianjing.domain.incidents.actions import take_incident
from lianjing.domain.incidents.models import CaseMedia, Incident
from lianjing.domain.sites.models import Drawing, Zone
from lianjing.terms.roles import Role
from tests.cast import NOON, PASSWORD, Cast, Sent, alarm, make_user
from tests.domain.incidents.test_media import MP4, picture
from tests.web.conftest import As


@pytest.fixture(autouse=True)
def folder(settings: Any, tmp_path: Path) -> Path:
    settings.MEDIA_ROOT = tmp_path
    return tmp_path


def sent(cast: Cast, account: str = "1001") -> Task:
    case = alarm(Sent(account=account))
    olivia = {"by": cast.viewer("olivia"), "at": timezone.now()}
    take_incident(case.pk, **olivia)
    return send_task(case.pk, guard="gus", instructions="front door first", callback="0575-88", **olivia)


@pytest.fixture
def task(cast: Cast) -> Task:
    return sent(cast)


@pytest.fixture
def gus(signed_on: As) -> Client:
    return signed_on("gus")


def page(client: Client, path: str) -> str:
    answer = client.get(path)
    assert answer.status_code == 200
    return answer.content.decode()


def step(client: Client, task: Task, name: str, form: dict[str, Any] | None = None) -> Any:
    return client.post(f"/patrol/tasks/{task.pk}/{name}/", form or {})


def test_the_list_says_that_there_is_nothing_and_then_shows_the_task(cast: Cast, gus: Client) -> None:
    assert "没有任务" in page(gus, "/patrol/")
    task = sent(cast)
    rows = page(gus, "/patrol/rows/")
    assert "Corner Shop" in rows
    assert f'data-task="{task.pk}" data-state="assigned"' in rows


def test_the_task_shows_where_how_to_get_in_and_whom_to_ring(cast: Cast, task: Task, gus: Client) -> None:
    cast.shop.access_notes, cast.shop.key_location = "by the yard", "bag K-0301"
    cast.shop.longitude, cast.shop.latitude = 120.5785, 30.0121
    cast.shop.save()
    shown = page(gus, f"/patrol/tasks/{task.pk}/")
    for words in ("1 Corner Shop Road", "by the yard", "bag K-0301", "front door first", "3 front door"):
        assert words in shown
    assert 'href="tel:0575-88"' in shown
    assert 'href="geo:30.012100,120.578500"' in shown
    assert "position=120.582582,30.009466" in shown


def test_a_task_is_led_step_by_step_to_its_end(task: Task, gus: Client) -> None:
    for name, word in (("accept", "接受"), ("depart", "出发"), ("arrive", "到达")):
        assert f'id="next">{word}</button>' in page(gus, f"/patrol/tasks/{task.pk}/")
        assert step(gus, task, name).status_code == 302
    form = {"result": "trace", "words": "window open", "photos": [io.BytesIO(picture()), io.BytesIO(MP4)]}
    assert step(gus, task, "report", form).status_code == 302
    assert sorted(CaseMedia.objects.values_list("source", "kind")) == [("guard", "clip"), ("guard", "picture")]
    assert step(gus, task, "leave").status_code == 302
    assert Task.objects.get().state == "left"
    assert "已离开" in page(gus, "/patrol/past/")


def test_a_result_that_is_not_whole_keeps_what_was_typed(task: Task, gus: Client) -> None:
    for name in ("accept", "depart", "arrive"):
        step(gus, task, name)
    answer = step(gus, task, "report", {"words": "dark"})
    assert (answer.status_code, "dark" in answer.content.decode()) == (422, True)
    bad = {"result": "trace", "words": "dark", "photos": [io.BytesIO(b"no picture")]}
    answer = step(gus, task, "report", bad)
    told = answer.content.decode()
    assert answer.status_code == 422
    assert ("只收 JPEG" in told, "照片须重新选择" in told, "dark" in told) == (True, True, True)
    answer = step(gus, task, "report", {"result": "no_access"})
    assert (answer.status_code, "请填写内容。" in answer.content.decode()) == (422, True)
    assert Task.objects.get().state == "arrived"


def test_a_guard_refuses_with_a_reason(task: Task, gus: Client) -> None:
    assert step(gus, task, "refuse").status_code == 422
    assert step(gus, task, "refuse", {"reason": "flat tyre"}).status_code == 302
    assert Task.objects.values_list("state", "reason").get() == ("refused", "flat tyre")


def test_a_step_out_of_turn_is_said_in_words(cast: Cast, task: Task, gus: Client) -> None:
    cancel_task(task.incident_id, task=task.pk, by=cast.viewer("olivia"), at=timezone.now())
    answer = step(gus, task, "accept")
    assert (answer.status_code, "此任务已被撤回。" in answer.content.decode()) == (409, True)


def test_photographs_are_added_once_the_task_is_accepted(task: Task, gus: Client) -> None:
    assert step(gus, task, "photos", {"photos": [io.BytesIO(picture())]}).status_code == 409
    step(gus, task, "accept")
    assert step(gus, task, "photos", {"photos": [io.BytesIO(picture())]}).status_code == 302
    media = CaseMedia.objects.get()
    answer = gus.get(f"/patrol/tasks/{task.pk}/media/{media.pk}/")
    assert (answer.content, answer["Content-Type"]) == (picture(), "image/jpeg")
    assert gus.get(f"/patrol/tasks/{task.pk}/media/{media.pk}/small/")["X-Content-Type-Options"] == "nosniff"


def test_the_page_loads_itself_again_only_when_the_task_has_changed(task: Task, gus: Client) -> None:
    assert gus.get(f"/patrol/tasks/{task.pk}/live/?state=assigned").status_code == 204
    assert gus.get(f"/patrol/tasks/{task.pk}/live/?state=accepted")["HX-Refresh"] == "true"


def test_a_drawing_is_handed_out_for_its_task_only(cast: Cast, task: Task, gus: Client, folder: Path) -> None:
    (folder / "x.png").write_bytes(picture("PNG"))
    drawing = Drawing.objects.create(site=cast.shop, name="ground", image="x.png", width=9, height=9, added_at=NOON)
    href = f"/patrol/tasks/{task.pk}/drawings/{drawing.pk}/"
    assert gus.get(href).status_code == 404
    Zone.objects.filter(number="3", panel__site=cast.shop).update(drawing=drawing, x=0.5, y=0.5)
    assert gus.get(href)["Content-Type"] == "image/png"
    assert href in page(gus, f"/patrol/tasks/{task.pk}/")


def test_long_after_leaving_only_the_outline_is_shown(task: Task, gus: Client) -> None:
    Task.objects.update(state="left", left_at=NOON)
    shown = page(gus, f"/patrol/tasks/{task.pk}/")
    assert "现场资料不再显示" in shown
    assert "1 Corner Shop Road" not in shown


def test_another_guard_and_the_other_desks_do_not_get_in(cast: Cast, task: Task, signed_on: As) -> None:
    cast.users["gail"] = make_user("gail", cast.company, Role.GUARD)
    gail, paths = signed_on("gail"), ("", "live/", "media/1/", "media/1/small/", "drawings/1/")
    assert {gail.get(f"/patrol/tasks/{task.pk}/{path}").status_code for path in paths} == {404}
    names = ("accept", "depart", "arrive", "leave", "photos")
    assert {step(gail, task, name).status_code for name in names} == {404}
    assert {step(signed_on("olivia"), task, name).status_code for name in names} == {403}


@pytest.mark.parametrize("tasks", [1, 2])
def test_the_list_asks_the_same_number_of_questions_for_one_task_and_two(
    cast: Cast, gus: Client, django_assert_num_queries: DjangoAssertNumQueries, tasks: int
) -> None:
    for account in ("1001", "1002")[:tasks]:
        sent(cast, account)
    with django_assert_num_queries(4):
        assert page(gus, "/patrol/rows/").count("data-task=") == tasks


def test_a_guard_signs_on_and_is_on_his_page(cast: Cast, client: Client) -> None:
    answer = client.post("/accounts/login/", {"login": "gus", "password": PASSWORD}, follow=True)
    assert (answer.request["PATH_INFO"], answer.status_code) == ("/patrol/", 200)


def test_the_case_page_shows_the_guard_at_once(cast: Cast, task: Task, gus: Client, signed_on: As) -> None:
    step(gus, task, "accept")
    shown = page(signed_on("olivia"), f"/incidents/{task.incident_id}/")
    assert "现场任务" in shown
    assert "Gus 接受任务" in shown
    assert Incident.objects.get().tasks_out == 1
