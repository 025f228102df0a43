"""A plan from the template to the version in force: who may, what is refused, what is recorded."""

from typing import Any

import pytest

from lianjing.core.outbox.models import Message
from lianjing.core.refusals import Missing, Refused
from lianjing.core.viewer import Forbidden
from lianjing.domain.plans.actions import (
    PlanPlace,
    add_plan,
    approve_version,
    draft_version,
    put_in_force,
    save_draft,
    withdraw_version,
)
from lianjing.domain.plans.models import PlanVersion
from lianjing.domain.plans.queries import coverage, plan_for, plan_lines, template_steps
from lianjing.domain.records.models import Record
from lianjing.domain.sites.models import Contract
from tests.cast import NOON, Cast

BAD = [{"key": "a", "kind": "dial_list", "title": "call", "next": "a"}]


def as_(cast: Cast, name: str) -> dict[str, Any]:
    return {"by": cast.viewer(name), "at": NOON, "source": "10.0.0.5"}


def drafted(cast: Cast, place: PlanPlace | None = None) -> PlanVersion:
    return add_plan(cast.company.pk, place or PlanPlace("hold_up"), "ours", **as_(cast, "leo"))


def in_force(cast: Cast, place: PlanPlace) -> PlanVersion:
    version = drafted(cast, place)
    approve_version(version.pk, **as_(cast, "mia"))
    return put_in_force(version.pk, **as_(cast, "mia"))


def test_a_plan_begins_with_its_template_and_comes_into_force_by_another_s_hand(cast: Cast) -> None:
    version = drafted(cast)
    assert version.steps == template_steps("hold_up")
    approve_version(version.pk, **as_(cast, "mia"))
    put_in_force(version.pk, **as_(cast, "mia"))
    second = draft_version(version.plan_id, **as_(cast, "leo"))
    approve_version(second.pk, **as_(cast, "mia"))
    put_in_force(second.pk, **as_(cast, "mia"))
    states = dict(PlanVersion.objects.values_list("number", "state"))
    assert states == {1: "superseded", 2: "in_force"}
    acts = ["drafted", "approved", "in_force"] * 2
    assert list(Record.objects.order_by("pk").values_list("action", flat=True)) == [f"plan.{act}" for act in acts]
    assert list(Message.objects.order_by("pk").values_list("topic", flat=True)) == [f"plan.{act}" for act in acts]
    assert Record.objects.order_by("pk").first().after["hash"] == version.content_hash  # type: ignore[union-attr]


def test_whoever_wrote_at_a_version_does_not_approve_it(cast: Cast) -> None:
    version = drafted(cast)
    steps = [dict(step) for step in version.steps]
    steps[0]["detail"] = "say it twice"
    save_draft(version.pk, steps, **as_(cast, "mia"))
    save_draft(version.pk, version.steps, **as_(cast, "leo"))
    with pytest.raises(Refused, match="写过这一版的人不能批准它"):
        approve_version(version.pk, **as_(cast, "mia"))
    with pytest.raises(Forbidden):
        approve_version(version.pk, **as_(cast, "leo"))


def test_a_draft_with_errors_is_kept_and_not_approved(cast: Cast) -> None:
    version = save_draft(drafted(cast).pk, BAD, **as_(cast, "leo"))
    assert version.steps == BAD
    with pytest.raises(Refused, match="处错误，不能批准"):
        approve_version(version.pk, **as_(cast, "mia"))


@pytest.mark.parametrize("steps", [None, "x", [{"kind": "dance"}]])
def test_what_is_no_plan_is_not_kept(cast: Cast, steps: object) -> None:
    version = drafted(cast)
    with pytest.raises(Refused):
        save_draft(version.pk, steps, **as_(cast, "leo"))
    assert PlanVersion.objects.get().steps == template_steps("hold_up")


def test_what_was_approved_changes_no_more(cast: Cast) -> None:
    version = in_force(cast, PlanPlace("fire"))
    for attempt in (
        lambda: save_draft(version.pk, BAD, **as_(cast, "leo")),
        lambda: approve_version(version.pk, **as_(cast, "mia")),
        lambda: put_in_force(version.pk, **as_(cast, "mia")),
    ):
        with pytest.raises(Refused):
            attempt()


@pytest.mark.parametrize(
    ("place", "sentence"),
    [
        (PlanPlace("dance"), "没有这个类别"),
        (PlanPlace("fire", 5), "没有这个级别"),
        (PlanPlace("fire", site_kind="castle"), "没有这个场所类型"),
        (PlanPlace("fire", site_id=10**9), "没有这个场所"),
        (PlanPlace("fire", contract_id=10**9), "没有这份合同"),
        (PlanPlace("fire", site_id=1, site_kind="bank"), "只能选一项"),
    ],
)
def test_a_place_that_is_none_is_refused_with_a_sentence(cast: Cast, place: PlanPlace, sentence: str) -> None:
    with pytest.raises(Refused, match=sentence):
        drafted(cast, place)


def test_one_place_has_one_plan_and_one_draft(cast: Cast) -> None:
    version = drafted(cast)
    with pytest.raises(Refused, match="已经有预案"):
        drafted(cast)
    with pytest.raises(Refused, match="已有一份草稿"):
        draft_version(version.plan_id, **as_(cast, "leo"))


def test_a_stranger_finds_no_plan_and_an_operator_may_not_write(cast: Cast) -> None:
    version = drafted(cast)
    with pytest.raises(Missing):
        save_draft(version.pk, BAD, **as_(cast, "sam"))
    with pytest.raises(Forbidden):
        save_draft(version.pk, BAD, **as_(cast, "olivia"))
    with pytest.raises(Refused, match="没有这个场所"):
        drafted(cast, PlanPlace("fire", site_id=cast.mill.pk))


# Look-up


def looked_up(cast: Cast, grade: int = 1) -> object:
    plan = plan_for(cast.viewer("olivia"), cast.company.pk, cast.bank, "hold_up", grade)
    return plan.looks[-1].figures.get("place", "")


def test_the_look_up_goes_from_the_site_to_the_template(cast: Cast, django_assert_num_queries: Any) -> None:
    contract = Contract.objects.create(company=cast.company, customer=cast.bank.customer, number="K-1")
    versions = [
        in_force(cast, place)
        for place in (
            PlanPlace("hold_up", site_id=cast.bank.pk),
            PlanPlace("hold_up", contract_id=contract.pk),
            PlanPlace("hold_up", site_kind=cast.bank.kind),
            PlanPlace("hold_up", 1),
        )
    ]
    viewer = cast.viewer("olivia")
    with django_assert_num_queries(1):
        plan_for(viewer, cast.company.pk, cast.bank, "hold_up", 1)
    assert looked_up(cast) == "场所"
    for version, then in zip(versions, ("合同", "场所类型", "类别与级别", ""), strict=True):
        withdraw_version(version.pk, "no longer fits", **as_(cast, "mia"))
        assert looked_up(cast) == then


def test_a_contract_s_plan_is_for_the_sites_that_it_names(cast: Cast) -> None:
    contract = Contract.objects.create(company=cast.company, customer=cast.bank.customer, number="K-1")
    contract.sites.add(cast.shop)
    in_force(cast, PlanPlace("hold_up", contract_id=contract.pk))
    assert looked_up(cast) == ""
    contract.sites.add(cast.bank)
    assert looked_up(cast) == "合同"


def test_the_matrix_says_what_runs_for_every_class_and_grade(cast: Cast) -> None:
    in_force(cast, PlanPlace("fire"))
    drafted(cast, PlanPlace("hold_up", 1))
    rows = coverage(cast.viewer("mia"), plan_lines(cast.viewer("mia"), cast.company.pk))
    assert len(rows) == 10
    told = {
        (cell.event_class, cell.grade): (cell.in_force is not None, cell.waiting is not None)
        for row in rows
        for cell in row
        if cell.in_force or cell.waiting
    }
    assert told == {("fire", grade): (True, False) for grade in (1, 2, 3, 4)} | {("hold_up", 1): (False, True)}
