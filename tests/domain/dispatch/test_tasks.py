"""Guards and their tasks: sent, accepted, on the way, arrived, reported, left; refused or called back."""

import io
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from lianjing.core.outbox.models import Message
from lianjing.core.refusals import Refused as RefusedFile
from lianjing.core.viewer import Forbidden
from lianjing.domain.dispatch import actions as dispatch
from lianjing.domain.dispatch.guard_list import guards_of
from lianjing.domain.dispatch.models import Task
from lianjing.domain.dispatch.policy import NEXT, TASK_MOVES, refusal, shows_premises
from lianjing.domain.dispatch.queries import last_callback, my_past_tasks, my_task, my_tasks, tasks_of_case
from lianjing.domain.dispatch.scene import drawing_of, media_of_task, scene_of
from lianjing.domain.incidents import actions
from lianjing.domain.incidents.models import CaseMedia, Incident
from lianjing.domain.incidents.moving import BadChoice, Missing, Refused
from lianjing.domain.people.models import User
from lianjing.domain.records.models import Record
from lianjing.domain.sites.models import Drawing, Zone
from lianjing.terms.roles import Role
from tests.cast import NOON, Cast, alarm, make_user
from tests.domain.incidents.test_media import picture

Acts = dict[str, Any]


@pytest.fixture(autouse=True)
def folder(settings: Any, tmp_path: Path) -> Path:
    settings.MEDIA_ROOT = tmp_path
    return tmp_path


@pytest.fixture
def case(cast: Cast) -> Incident:
    taken = alarm()
    actions.take_incident(taken.pk, by=cast.viewer("olivia"), at=NOON)
    return taken


@pytest.fixture
def olivia(cast: Cast) -> Acts:
    return {"by": cast.viewer("olivia"), "at": NOON, "source": "10.0.0.5"}


@pytest.fixture
def gus(cast: Cast) -> Acts:
    return {"by": cast.viewer("gus"), "at": NOON, "source": "10.0.0.9"}


@pytest.fixture
def task(case: Incident, olivia: Acts) -> Task:
    return dispatch.send_task(case.pk, guard="gus", instructions="front door first", callback="0575-1", **olivia)


def arrived(task: Task, gus: Acts) -> None:
    dispatch.accept_task(task.pk, **gus)
    dispatch.depart_for_task(task.pk, **gus)
    dispatch.arrive_at_task(task.pk, **gus)


def out_of(case: Incident) -> int:
    return Incident.objects.get(pk=case.pk).tasks_out


def test_sending_a_guard_forwards_the_case_to_patrol_and_makes_his_task(case: Incident, task: Task) -> None:
    case.refresh_from_db()
    assert (case.state, case.forwarded_to, case.tasks_out) == ("forwarded", "patrol", 1)
    assert (task.state, task.guard.username, task.instructions, task.sent_at) == (
        "assigned",
        "gus",
        "front door first",
        NOON,
    )
    told = Record.objects.filter(subject_id=case.pk).order_by("pk").values_list("action", flat=True)
    assert list(told)[-2:] == ["incident.forwarded", "incident.task_sent"]


def test_every_step_of_the_guard_comes_back_to_the_case_at_once(case: Incident, task: Task, gus: Acts) -> None:
    arrived(task, gus)
    dispatch.report_task(task.pk, result="nothing", **gus)
    dispatch.leave_task(task.pk, **gus)
    task.refresh_from_db()
    instants = [task.accepted_at, task.on_the_way_at, task.arrived_at, task.done_at, task.left_at]
    assert (task.state, instants) == ("left", [NOON] * 5)
    told = Message.objects.filter(topic__startswith="incident.task_").order_by("pk")
    steps = ["sent", "accepted", "on_the_way", "arrived", "done", "left"]
    assert [(m.topic, m.payload) for m in told] == [(f"incident.task_{step}", {"incident": case.pk}) for step in steps]
    records = Record.objects.filter(action__startswith="incident.task_").order_by("pk")
    assert [record.actor_name for record in records] == ["Olivia", *["Gus"] * 5]


def test_a_result_that_confirms_founds_the_duty_to_report(case: Incident, task: Task, olivia: Acts, gus: Acts) -> None:
    arrived(task, gus)
    dispatch.report_task(task.pk, result="person", words="ran off", **gus)
    with pytest.raises(Refused, match="到场人员证实警情"):
        actions.dispose_incident(case.pk, result="real", kind="burglary", **olivia)


def test_a_result_comes_with_its_pictures_all_or_nothing(case: Incident, task: Task, gus: Acts) -> None:
    arrived(task, gus)
    photos = [io.BytesIO(picture()), io.BytesIO(b"no picture")]
    with pytest.raises(RefusedFile):
        dispatch.report_task(task.pk, result="trace", photos=photos, **gus)
    assert (Task.objects.get().state, CaseMedia.objects.count()) == ("arrived", 0)
    dispatch.report_task(task.pk, result="trace", photos=[io.BytesIO(picture())], **gus)
    media = CaseMedia.objects.get()
    assert (media.incident, media.source, media.uploaded_by_id) == (case, "guard", task.guard_id)


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"result": "ghosts"}, "result"),
        ({"result": "no_access"}, "words"),
        ({"result": "nothing", "words": "x" * 501}, "words"),
    ],
)
def test_a_result_needs_a_word_of_the_list_and_words_where_that_says_too_little(
    task: Task, gus: Acts, fields: dict[str, str], field: str
) -> None:
    arrived(task, gus)
    with pytest.raises(BadChoice) as bad:
        dispatch.report_task(task.pk, **fields, **gus)
    assert (bad.value.field, Task.objects.get().state) == (field, "arrived")


def test_a_refusal_needs_a_reason_and_lets_the_operator_send_another(
    cast: Cast, case: Incident, task: Task, olivia: Acts, gus: Acts
) -> None:
    with pytest.raises(BadChoice):
        dispatch.refuse_task(task.pk, reason=" ", **gus)
    dispatch.refuse_task(task.pk, reason="flat tyre", **gus)
    assert (Task.objects.get().reason, out_of(case)) == ("flat tyre", 0)
    make_user("gail", cast.company, Role.GUARD)
    dispatch.send_task(case.pk, guard="gail", **olivia)
    lines = tasks_of_case(cast.viewer("olivia"), case.pk)
    assert [(line.guard_name, line.task.state) for line in lines] == [("Gail", "assigned"), ("Gus", "refused")]


def test_a_guard_is_called_back_until_he_has_reported(case: Incident, task: Task, olivia: Acts, gus: Acts) -> None:
    arrived(task, gus)
    dispatch.cancel_task(case.pk, task=task.pk, reason="owner is there", **olivia)
    assert (Task.objects.get().state, out_of(case)) == ("cancelled", 0)
    with pytest.raises(Refused, match="此任务已被撤回"):
        dispatch.report_task(task.pk, result="nothing", **gus)
    with pytest.raises(Missing):
        dispatch.cancel_task(case.pk, task=task.pk + 1, **olivia)


def test_a_case_is_not_closed_while_a_guard_is_out(case: Incident, task: Task, olivia: Acts, gus: Acts) -> None:
    actions.verify_incident(case.pk, how="video", outcome="false", **olivia)
    actions.dispose_incident(case.pk, result="human_false", kind="pet", **olivia)
    with pytest.raises(Refused, match="还有 1 个现场任务没有结果"):
        actions.close_incident(case.pk, **olivia)
    arrived(task, gus)
    dispatch.report_task(task.pk, result="nothing", **gus)
    assert actions.close_incident(case.pk, **olivia).state == "closed"
    assert dispatch.leave_task(task.pk, **gus).state == "left"


def test_what_a_guard_confirms_is_not_disposed_of_as_false_before_or_after(
    case: Incident, task: Task, olivia: Acts, gus: Acts
) -> None:
    actions.verify_incident(case.pk, how="video", outcome="false", **olivia)
    actions.dispose_incident(case.pk, result="human_false", kind="pet", **olivia)
    arrived(task, gus)
    dispatch.report_task(task.pk, result="person", words="ran off", **gus)
    case.refresh_from_db()
    assert (case.state, case.disposition) == ("forwarded", "")
    assert Record.objects.get(action="incident.task_done").after["withdrawn"] == "human_false"
    actions.forward_incident(case.pk, to="110", **olivia)
    with pytest.raises(BadChoice, match="到场人员证实了警情"):
        actions.dispose_incident(case.pk, result="human_false", kind="pet", **olivia)
    assert actions.dispose_incident(case.pk, result="real", kind="burglary", **olivia).state == "disposed"


def test_a_guard_is_not_sent_twice_and_nobody_else_is_sent(
    cast: Cast, case: Incident, task: Task, olivia: Acts
) -> None:
    with pytest.raises(Refused, match="Gus 已有此警情的任务"):
        dispatch.send_task(case.pk, guard="gus", **olivia)
    make_user("hugo", cast.other, Role.GUARD)
    cast.users["gus"].is_active = False
    cast.users["gus"].save()
    for nobody in ("oscar", "hugo", "gus", ""):
        with pytest.raises(BadChoice):
            dispatch.send_task(case.pk, guard=nobody, **olivia)
    assert Task.objects.count() == 1


def test_guards_are_offered_by_how_little_they_have_to_do(cast: Cast, task: Task) -> None:
    make_user("gail", cast.company, Role.GUARD)
    offered = [(guard.username, guard.open_tasks) for guard in guards_of(cast.viewer("olivia"), cast.company.pk, NOON)]
    assert offered == [("gail", 0), ("gus", 1)]
    assert guards_of(cast.viewer("sam"), cast.company.pk, NOON) == []
    assert guards_of(cast.viewer("mia"), cast.company.pk, NOON) == []


def test_the_number_to_ring_back_is_remembered(cast: Cast, task: Task) -> None:
    assert last_callback(cast.viewer("olivia"), cast.company.pk) == "0575-1"
    assert last_callback(cast.viewer("oscar"), cast.company.pk) == ""


def test_while_nobody_accepts_the_case_counts_the_seconds(cast: Cast, case: Incident, task: Task, gus: Acts) -> None:
    (line,) = tasks_of_case(cast.viewer("olivia"), case.pk)
    assert (line.waits_since, line.red_at) == (NOON, NOON + timedelta(seconds=30))
    dispatch.accept_task(task.pk, **gus)
    (line,) = tasks_of_case(cast.viewer("olivia"), case.pk)
    assert (line.waits_since, line.red_at) == (None, None)


def test_a_guard_has_his_own_tasks_only(cast: Cast, task: Task) -> None:
    make_user("gail", cast.company, Role.GUARD)
    gail = User.objects.get(username="gail").as_viewer()
    assert (my_tasks(cast.viewer("gus")), my_tasks(gail), my_task(gail, task.pk)) == ([task], [], None)
    for other in (gail, cast.viewer("olivia"), cast.viewer("sam")):
        with pytest.raises(Missing):
            dispatch.accept_task(task.pk, by=other, at=NOON)


def test_who_no_longer_guards_finds_his_tasks_no_more(cast: Cast, task: Task) -> None:
    cast.users["gus"].memberships.all().delete()
    assert my_tasks(cast.viewer("gus")) == []
    with pytest.raises(Missing):
        dispatch.accept_task(task.pk, by=cast.viewer("gus"), at=NOON)


def test_only_the_desk_sends_guards(cast: Cast, case: Incident) -> None:
    with pytest.raises(Forbidden):
        dispatch.send_task(case.pk, guard="gus", by=cast.viewer("mia"), at=NOON)
    for stranger in ("sam", "gus"):
        with pytest.raises(Missing):
            dispatch.send_task(case.pk, guard="gus", by=cast.viewer(stranger), at=NOON)
    with pytest.raises(Refused, match="Olivia 正在处理"):
        dispatch.send_task(case.pk, guard="gus", by=cast.viewer("oscar"), at=NOON)


def test_a_guard_sees_of_the_premises_what_his_task_needs(cast: Cast, case: Incident, task: Task) -> None:
    drawing = Drawing.objects.create(site=cast.shop, name="ground", image="x.png", width=9, height=9, added_at=NOON)
    other = Drawing.objects.create(site=cast.bank, name="vault", image="y.png", width=9, height=9, added_at=NOON)
    Zone.objects.filter(number="3", panel__site=cast.shop).update(drawing=drawing, x=0.5, y=0.5)
    gus = cast.viewer("gus")
    scene = scene_of(gus, task, NOON)
    assert scene is not None
    assert (scene.name, scene.address, [zone.name for zone in scene.zones]) == (
        "Corner Shop",
        "1 Corner Shop Road",
        ["front door"],
    )
    assert drawing_of(gus, task.pk, drawing.pk, NOON) == drawing
    assert drawing_of(gus, task.pk, other.pk, NOON) is None
    assert (scene_of(cast.viewer("olivia"), task, NOON), media_of_task(gus, task.pk, 1, NOON)) == (None, None)


def test_twelve_hours_after_leaving_only_the_outline_is_left(cast: Cast, task: Task, gus: Acts) -> None:
    arrived(task, gus)
    dispatch.report_task(task.pk, result="nothing", **gus)
    dispatch.leave_task(task.pk, **gus)
    (past,) = my_past_tasks(cast.viewer("gus"))
    assert scene_of(cast.viewer("gus"), past, NOON + timedelta(hours=12)) is not None
    assert scene_of(cast.viewer("gus"), past, NOON + timedelta(hours=12, seconds=1)) is None


@pytest.mark.parametrize("state", ["refused", "cancelled"])
def test_whoever_does_not_go_sees_nothing_of_the_premises(state: str) -> None:
    assert not shows_premises(state, None, NOON)


@pytest.mark.parametrize("move", TASK_MOVES)
def test_what_is_over_cannot_be_moved(move: str) -> None:
    assert [refusal(move, state) is None for state in ("left", "refused", "cancelled")] == [False] * 3


def test_each_state_has_one_next_step_until_the_guard_has_left() -> None:
    state, way = "assigned", []
    while state in NEXT:
        way.append(NEXT[state])
        state = TASK_MOVES[NEXT[state]].to
    assert (way, state) == (["accept", "depart", "arrive", "report", "leave"], "left")
