"""The transition table and the level of verification, without a database."""

from dataclasses import replace

import pytest

from lianjing.domain.incidents.policy import MOVES, Standing, level_of, next_state, refusal, refusals

MINE = Standing(state="taken", holder="Olivia", mine=True, unseen=0)
STATES = ("open", "taken", "verified", "forwarded", "disposed", "closed")

AT_THE_CONTACTS = {"call", "ask_customer", "tell"}
ALONG_THE_PLAN = {"step", "reopen_step"}
IN_HAND = {"hold", "offer"}
REARRANGED = {"join", "split"}
WITH_POLICE = {"cancel_task", "waive_police", *(name for name in MOVES if name.startswith("police"))}
"""What is about one hand-over or one task is judged by its own table besides."""
ALWAYS = {"release", "note"} | AT_THE_CONTACTS
WORKING = ALWAYS | {"verify", "forward", "send_task"} | IN_HAND | ALONG_THE_PLAN | REARRANGED | WITH_POLICE

ALLOWED_TO_HOLDER = {
    "open": ALWAYS,
    "taken": WORKING,
    "verified": WORKING | {"dispose"},
    "forwarded": WORKING | {"dispose"},
    "disposed": ALWAYS | {"close"} | IN_HAND | WITH_POLICE,
    "closed": {"reopen"},
}


@pytest.mark.parametrize("state", STATES)
def test_the_holder_can_do_exactly_what_the_state_allows(state: str) -> None:
    possible = {name for name in MOVES if refusal(name, replace(MINE, state=state)) is None}
    assert possible == ALLOWED_TO_HOLDER[state]


@pytest.mark.parametrize("state", STATES)
def test_nobody_else_can_touch_a_held_case(state: str) -> None:
    others = replace(MINE, state=state, mine=False)
    possible = {name for name in MOVES if refusal(name, others) is None}
    assert possible == ({"reopen"} if state == "closed" else set())


def test_a_leader_may_break_the_lock_of_another_and_only_of_another() -> None:
    leader = replace(MINE, mine=False, may_break=True)
    assert refusal("break_lock", leader) is None
    assert refusal("break_lock", replace(leader, mine=True)) is not None
    assert refusal("break_lock", replace(leader, holder=None)) is not None


def test_closing_needs_every_alarm_seen_and_says_how_many_are_not() -> None:
    refused = refusal("close", replace(MINE, state="disposed", unseen=2))
    assert refused is not None
    assert refused.sentence % refused.figures == "还有 2 条新报警未看，请先确认已看。"


@pytest.mark.parametrize(("move", "state"), [("dispose", "verified"), ("close", "disposed")])
def test_a_required_step_that_is_open_holds_up_the_end_and_is_named(move: str, state: str) -> None:
    refused = refusal(move, replace(MINE, state=state, open_required=("call 110", "send a patrol")))
    assert refused is not None
    assert refused.sentence % refused.figures == "必做步骤“call 110” “send a patrol”还没有完成（差 2 步）。"


def test_everything_that_holds_up_the_end_is_told_at_once() -> None:
    owing = replace(MINE, state="disposed", unseen=1, open_required=("call 110",), receipt_owed=True, tasks_out=1)
    told = [each.sentence % each.figures for each in refusals("close", owing)]
    assert [sentence.split("，")[0] for sentence in told] == [
        "还有 1 条新报警未看",
        "必做步骤“call 110”还没有完成（差 1 步）。",
        "紧急报警已转 110",
        "还有 1 个现场任务没有结果",
    ]
    assert len(refusals("close", replace(owing, mine=False))) == 1, "a stranger to the case is told whose it is"


def test_an_unread_notice_stops_everything_but_calling_help() -> None:
    unread = replace(MINE, state="verified", unread_notices=1)
    possible = {name for name in MOVES if refusal(name, unread) is None}
    always = {"release", "note", "forward", "reopen_step", "read_notices", "hold", "offer", "send_task"}
    assert possible == always | AT_THE_CONTACTS | REARRANGED | WITH_POLICE


def test_a_refusal_names_the_holder() -> None:
    refused = refusal("take", replace(MINE, mine=False, holder="Oscar"))
    assert refused is not None
    assert refused.sentence % refused.figures == "Oscar 正在处理此警情；需要接手时由班长解除锁定。"


@pytest.mark.parametrize(
    ("move", "before", "after"),
    [
        ("take", "open", "taken"),
        ("take", "verified", "verified"),
        ("release", "taken", "open"),
        ("release", "forwarded", "forwarded"),
        ("verify", "taken", "verified"),
        ("verify", "forwarded", "forwarded"),
        ("forward", "taken", "forwarded"),
        ("dispose", "verified", "disposed"),
        ("close", "disposed", "closed"),
        ("reopen", "closed", "open"),
    ],
)
def test_moves_lead_where_the_table_says(move: str, before: str, after: str) -> None:
    assert next_state(move, before) == after


@pytest.mark.parametrize(
    ("event_class", "confirmed", "outcome", "disposition", "level"),
    [
        ("fault", False, "", "", 0),
        ("intrusion", False, "", "", 1),
        ("intrusion", True, "", "", 2),
        ("intrusion", True, "false", "", 0),
        ("intrusion", True, "", "device_false", 0),
        ("intrusion", False, "no_answer", "", 1),
        ("intrusion", False, "real", "", 3),
        ("intrusion", False, "duress", "", 4),
        ("fire", False, "", "", 1),
        ("hold_up", False, "", "", 2),
        ("medical", False, "", "", 2),
        ("hold_up", False, "real", "", 4),
    ],
)
def test_the_level_of_verification_follows_from_the_facts_alone(
    event_class: str, confirmed: bool, outcome: str, disposition: str, level: int
) -> None:
    assert level_of(event_class, confirmed=confirmed, outcome=outcome, disposition=disposition).level == level
