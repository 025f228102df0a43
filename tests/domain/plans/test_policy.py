"""Plans without a database: where a case stands in one, what is wrong with one, which one is looked up."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lianjing.domain.plans.covering import carried_over, covered_by_forwarding, covered_by_verification, led_by_duress
from lianjing.domain.plans.lint import ERROR, lint
from lianjing.domain.plans.look_up import Offer, PlanScope, choose
from lianjing.domain.plans.policy import (
    BadSteps,
    Outcome,
    Step,
    StepKind,
    open_required,
    outcomes_of,
    path_of,
    reachable,
    read_steps,
    steps_as_json,
    walk,
)
from lianjing.domain.plans.templates import template_of
from lianjing.terms.codes import EventClass, Grade

BURGLARY = template_of("intrusion").steps


def said(*pairs: str) -> list[Outcome]:
    """Outcomes written as "key=outcome"."""
    return [Outcome(*pair.split("=")) for pair in pairs]


def keys(steps: list[Step]) -> list[str]:
    return [step.key for step in steps]


def standing(steps: Any, *pairs: str) -> str | None:
    here = walk(steps, said(*pairs))
    return here.key if here else None


# Templates


EVERY = [(event_class, grade) for event_class in EventClass for grade in Grade]


@pytest.mark.parametrize(("event_class", "grade"), EVERY)
def test_every_class_and_grade_has_a_template_in_which_nothing_is_wrong(event_class: EventClass, grade: Grade) -> None:
    assert lint(template_of(event_class, grade).steps, event_class) == []


def test_no_two_classes_or_grades_share_a_template() -> None:
    templates = [template_of(event_class, grade) for event_class, grade in EVERY]
    assert (len({t.title for t in templates}), len({t.steps for t in templates})) == (40, 40)


def test_without_a_grade_a_plan_begins_with_the_template_of_the_usual_one() -> None:
    assert [template_of(name).key for name in ("intrusion", "hold_up", "bypass")] == [
        "intrusion_2",
        "hold_up_1",
        "bypass_4",
    ]


# Where a case stands


def test_a_plan_goes_where_the_outcomes_lead() -> None:
    assert standing(BURGLARY) == "watch"
    assert standing(BURGLARY, "watch=nobody", "call=reached") == "word"
    assert standing(BURGLARY, "watch=nobody", "call=reached", "word=duress") == "silent"
    assert standing(BURGLARY, "watch=skipped", "call=no_answer", "judge=false", "tell=done") == "end"


def test_every_step_is_told_by_a_word() -> None:
    path = path_of(BURGLARY, said("watch=skipped", "call=no_answer", "judge=false"))
    told = {key: state.value for key, state in path.states.items()}
    not_needed = dict.fromkeys(("word", "police", "patrol", "silent", "quiet", "seen"), "not_needed")
    assert told == {
        "watch": "skipped",
        "call": "done",
        "judge": "done",
        "tell": "now",
        "end": "later",
        **not_needed,
    }


def test_what_was_done_out_of_turn_counts_when_its_turn_comes() -> None:
    early = said("police=done", "watch=person", "judge=real")
    assert walk(BURGLARY, early).key == "patrol"  # type: ignore[union-attr]


def test_a_loop_asks_anew_each_time_round() -> None:
    plan = template_of("open_close").steps
    once = ("look=done", "call=reached", "word=right", "judge=unclear")
    assert standing(plan, *once) == "wait"
    assert standing(plan, *once, "wait=done") == "call"
    assert standing(plan, *once, "wait=done", "call=no_answer") == "judge"


def test_open_required_steps_are_named_as_far_as_nothing_has_to_be_decided() -> None:
    assert keys(open_required(BURGLARY, [])) == ["judge"]
    assert keys(open_required(BURGLARY, said("watch=person", "judge=real"))) == ["police"]
    assert keys(open_required(BURGLARY, said("watch=person", "judge=false"))) == []
    assert keys(open_required(template_of("hold_up").steps, [])) == ["police"]


# What a move does for the plan


@pytest.mark.parametrize(
    ("verified", "judged"),
    [("false", "false"), ("real", "real"), ("unclear", "unclear"), ("no_answer", "unclear"), ("duress", "real")],
)
def test_a_verification_settles_the_steps_up_to_the_decision(verified: str, judged: str) -> None:
    assert covered_by_verification(BURGLARY, [], verified) == said("watch=covered", "call=covered", f"judge={judged}")


def test_a_verification_passes_by_what_sends_help() -> None:
    fire = template_of("fire").steps
    assert covered_by_verification(fire, [], "false") == said("call=covered", "watch=covered", "judge=false")
    assert keys(open_required(fire, covered_by_verification(fire, [], "false"))) == ["fire"]


def test_forwarding_does_the_first_step_ahead_that_asks_for_it() -> None:
    assert covered_by_forwarding(template_of("hold_up").steps, [], "110") == Outcome("police", "done")
    assert covered_by_forwarding(template_of("hold_up").steps, [], "119") is None
    judged_false = said("watch=person", "judge=false")
    assert covered_by_forwarding(BURGLARY, judged_false, "110") is None


def test_what_was_done_is_carried_over_when_another_plan_takes_over() -> None:
    done = said("watch=person", "judge=real", "police=done", "patrol=done")
    hold_up = template_of("hold_up").steps
    assert carried_over(BURGLARY, done, hold_up) == said("watch=person", "police=done", "patrol=done")
    assert carried_over(BURGLARY, done, BURGLARY) == done


# What is wrong with a plan


def plan(*rows: dict[str, Any]) -> list[Step]:
    return read_steps([*rows, {"key": "end", "kind": "end", "title": "end"}])


def row(key: str, kind: str = "note", **more: Any) -> dict[str, Any]:
    return {"key": key, "kind": kind, "title": key, "next": "end", **more}


def errors(steps: list[Step], event_class: str = "intrusion") -> list[tuple[str, str]]:
    return [(f.step, f.sentence % f.figures) for f in lint(steps, event_class) if f.level == ERROR]


@pytest.mark.parametrize(
    ("steps", "event_class", "step", "sentence"),
    [
        (plan(row("a", next="nowhere")), "fault", "a", "下一步 nowhere 不存在"),
        (plan(row("a", next="")), "fault", "a", "没有写下一步"),
        (plan(row("a", title="")), "fault", "a", "没有写做什么"),
        (plan(row("a"), row("b", required=True)), "fault", "b", "必做步骤“b”走不到"),
        (plan(row("a", next="b"), row("b", next="a")), "fault", "a", "走不到结束"),
        (read_steps([row("a", next="a")]), "fault", "", "没有结束步骤"),
        (plan(row("a", "notify_police")), "fault", "a", "没有写报给 110、119 还是 120"),
        (plan(row("a", "wait")), "fault", "a", "没有写等多久"),
        (plan(row("a", "dial_list")), "hold_up", "a", "会致电现场"),
        (
            plan(row("a", "notify_police", service="110", next="b"), row("b", "dial_list")),
            "hold_up",
            "b",
            "会致电现场",
        ),
        (plan(row("a", "watch_clip", next="b"), row("b", "notify_police", service="119")), "fire", "a", "复核不能耽误"),
        ([], "fire", "", "没有步骤"),
    ],
)
def test_what_would_go_wrong_is_an_error_with_its_step(
    steps: list[Step], event_class: str, step: str, sentence: str
) -> None:
    assert [where for where, said in errors(steps, event_class) if sentence in said][:1] == [step]


def test_a_hold_up_may_call_once_police_or_patrol_have_decided() -> None:
    both = [{"outcome": "real", "words": "r", "next": "c"}, {"outcome": "false", "words": "f", "next": "c"}]
    steps = plan(
        row("a", "notify_police", service="110", required=True, next="b"),
        row("b", "decide", branches=both, required=True),
        row("c", "dial_list"),
    )
    assert errors(steps, "hold_up") == []


def wrong(event_class: str, *rows: dict[str, Any]) -> list[str]:
    return [where for where, _said in errors(plan(*rows), event_class)]


def test_help_that_may_be_skipped_or_waited_for_or_is_somebody_elses_is_no_help() -> None:
    look = row("b", "watch_clip")
    skippable, must = (row("a", "notify_police", service="119", required=it, next="b") for it in (False, True))
    assert wrong("fire", must, look) == []
    assert wrong("fire", skippable, look) == ["", "b"]
    assert wrong("fire", row("w", "wait", wait_s=3600, next="a"), must, look) == ["w"]
    assert wrong("hold_up", look) == [""]
    both = [{"outcome": "real", "words": "r", "next": "c"}, {"outcome": "false", "words": "f", "next": "c"}]
    ambulance = row("a", "notify_police", service="120", required=True, next="b")
    decide = row("b", "decide", branches=both, required=True)
    assert wrong("hold_up", ambulance, decide, row("c", "dial_list")) == ["", "c"]


def test_a_duress_branch_tells_110_before_anything_ends_or_rings() -> None:
    branches = [{"outcome": "right", "words": "r", "next": "end"}, {"outcome": "duress", "words": "r", "next": "s"}]
    word = row("a", "pass_word", required=True, branches=branches)
    assert wrong("intrusion", word, row("s", "notify_police", service="110", required=True)) == []
    assert wrong("intrusion", word, row("s", "notify_customer")) == ["a", "s"]


def test_duress_leads_the_plan_its_silent_way_from_wherever_it_stands() -> None:
    turned = said("watch=covered", "call=reached", "word=duress")
    assert led_by_duress(BURGLARY, []) == turned
    assert standing(BURGLARY, "watch=covered", "call=reached", "word=duress") == "silent"
    before = said("watch=nobody", "call=no_answer", "judge=real", "police=done")
    assert led_by_duress(BURGLARY, before) == said("call=reached", "word=duress")
    assert led_by_duress(BURGLARY, [*before[:1], *turned[1:]]) == []
    assert led_by_duress(template_of("hold_up").steps, []) == []


def test_help_that_was_sent_ticks_no_second_step_unless_that_one_is_due() -> None:
    sent = said("watch=nobody", "call=no_answer", "judge=real", "police=done", "patrol=done")
    assert covered_by_forwarding(BURGLARY, sent, "patrol") is None
    silent = said("watch=nobody", "call=reached", "word=duress", "silent=done", "patrol=done")
    assert covered_by_forwarding(BURGLARY, silent, "patrol") == Outcome("quiet", "done")


@pytest.mark.parametrize(
    "raw",
    [
        None,
        {},
        ["a"],
        [{"kind": "dance"}],
        [row("a", branches=["x"])],
        [row("a", wait_s=-1)],
        [row("a", wait_s=True)],
        [row("a", title="长" * 61)],
        [row("a", title=3)],
        [row("a")] * 61,
    ],
)
def test_what_is_no_list_of_steps_is_refused_with_a_sentence(raw: object) -> None:
    with pytest.raises(BadSteps, match="步"):
        read_steps(raw)


# Anything that can be read

NAMES = st.sampled_from(["a", "b", "c", "d", "end", ""])
BRANCHES = st.lists(
    st.fixed_dictionaries({"outcome": st.sampled_from(["real", "false", "duress"]), "words": NAMES, "next": NAMES}),
    max_size=3,
)
ROWS = st.fixed_dictionaries(
    {
        "key": NAMES,
        "kind": st.sampled_from([kind.value for kind in StepKind]),
        "title": NAMES,
        "required": st.booleans(),
        "branches": BRANCHES,
        "next": NAMES,
        "wait_s": st.integers(0, 90),
        "service": st.sampled_from(["", "110", "119", "911"]),
    }
)
PLANS = st.lists(ROWS, max_size=8).map(read_steps)
SAID = st.lists(
    st.builds(Outcome, NAMES, st.sampled_from(["real", "false", "duress", "done", "skipped", "covered"])), max_size=12
)


@settings(deadline=None)  # other tests share the machine
@given(PLANS, SAID, st.sampled_from(list(EventClass)))
def test_any_plan_can_be_walked_and_judged(steps: list[Step], outcomes: list[Outcome], event_class: str) -> None:
    assert read_steps(steps_as_json(steps)) == steps
    path = path_of(steps, outcomes)
    assert set(path.states) == {step.key for step in steps}
    open_required(steps, outcomes)
    covered_by_verification(steps, outcomes, "real")
    covered_by_forwarding(steps, outcomes, "110")
    carried_over(steps, outcomes, steps)
    lint(steps, event_class)


@settings(deadline=None)
@given(PLANS, st.randoms(use_true_random=False))
def test_a_plan_without_errors_comes_to_an_end_whatever_is_decided(steps: list[Step], chance: Any) -> None:
    if errors(steps, "fault"):
        return
    outcomes: list[Outcome] = []
    for _ in range(200):
        here = walk(steps, outcomes)
        assert here is not None
        if here.kind is StepKind.END:
            return
        outcomes.append(Outcome(here.key, chance.choice(outcomes_of(here))))
    ends = {step.key for step in steps if step.kind is StepKind.END}
    assert ends & reachable(steps, here.key)


# Which plan is looked up


def offer(version: int, scope: PlanScope, grade: int | None = None, name: str = "") -> Offer:
    return Offer(version, 1, scope, grade, name)


@pytest.mark.parametrize(
    ("offers", "version"),
    [
        ([], None),
        ([offer(1, PlanScope.CLASS), offer(2, PlanScope.KIND)], 2),
        ([offer(1, PlanScope.KIND, 1), offer(2, PlanScope.CONTRACT), offer(3, PlanScope.SITE)], 3),
        ([offer(1, PlanScope.SITE), offer(2, PlanScope.SITE, 1)], 2),
        ([offer(1, PlanScope.SITE, 2), offer(2, PlanScope.CLASS, 1)], 2),
    ],
)
def test_the_most_special_plan_is_taken_and_in_it_the_exact_grade(offers: list[Offer], version: int | None) -> None:
    assert choose(offers, 1).version == version


def test_the_look_up_tells_every_place_where_it_looked() -> None:
    looks = choose([offer(7, PlanScope.KIND, None, "银行")], 1).looks
    assert [look.sentence % look.figures for look in looks] == [
        "场所：无。",
        "合同：无。",
        "场所类型 银行：有第 1 版（不分级），采用。",
    ]
