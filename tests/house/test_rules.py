"""Rules of the house that a linter cannot hold."""

import ast
import re
import subprocess
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command

SOURCE = Path(__file__).parent.parent.parent / "src" / "lianjing"
ROOT = SOURCE.parent.parent


def modules(*rooms: str) -> list[Path]:
    return [path for room in rooms for path in (SOURCE / room).rglob("*.py")]


def test_the_system_acts_only_from_workers_and_project() -> None:
    makers = {
        path.relative_to(SOURCE).parts[0]
        for path in SOURCE.rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "System"
    }
    assert makers == {"workers", "project"}


def test_a_locked_row_can_still_be_named_by_others() -> None:
    """FOR UPDATE makes every write wait that names the row by a foreign key, and two of them deadlock.

    FOR NO KEY UPDATE keeps out the same writers of the row itself, and none else.
    """
    calls = [
        node
        for path in SOURCE.rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "select_for_update"
    ]
    assert len(calls) > 50
    assert [ast.unparse(call) for call in calls if "no_key=True" not in ast.unparse(call).rsplit("(", 1)[-1]] == []


ACTIONS = (
    *("testing", "suppressing", "stepping", "jobs", "calling", "asking", "informing", "paper"),
    *("duties", "desk_profiles", "next_case", "holding", "handing_over", "escalating", "giving_back"),
    *("drafting", "leaving"),
    *("joining", "mass_closing", "shift_hand_over"),
    *("police_reporting", "media_keeping", "reviewing"),
    *("courses", "assigning", "taking", "training_groups"),
    *("recording", "departments", "appointments"),
    *("work_settings", "addresses", "work_digest", "photos"),
    *("passing", "gate_setting", "lapsing", "patrol_duty"),
    *("cover", "leaving"),
    *("woken", "verdict_keeping", "verdict_counts", "clause_work"),
    *("evidencing", "campaigning", "reminding"),
    *("watched", "clause_findings", "turn_following", "putting_off"),
    *("exporting", "handing_out"),
    *("area", "police_areas", "registering", "bundle_checks"),
    *("reporting", "local_adding"),
    *("limit_recording", "access_reviewing"),
    *("deciding", "keeping", "distributing", "reading_reminders"),
    *("programming", "running", "looking_back"),
    *("supervising", "criteria", "cycles", "sheets"),
    *("classifying", "plan_reviewing"),
)
"""Modules besides `actions` that change things: too much for one file, and each about one thing."""


def action_modules() -> list[Path]:
    """`actions.py` of every app, or the modules of its package `actions`."""
    places = [*(f"{name}.py" for name in ("actions", *ACTIONS)), "actions/*.py"]
    return [path for place in places for path in SOURCE.glob(f"domain/*/{place}")]


WHAT_ACTIONS_SHARE = frozenset({"changing", "entering"})
"""Name of the modules whose functions are steps of actions, and no actions."""


def app_of(path: Path) -> str:
    return path.relative_to(SOURCE / "domain").parts[0]


def public_functions(path: Path) -> list[ast.FunctionDef]:
    tree = ast.parse(path.read_text())
    return [node for node in tree.body if isinstance(node, ast.FunctionDef) and not node.name.startswith("_")]


READING = (
    *(
        "queries",
        "case_events",
        "case_page",
        "case_timeline",
        "admission",
        "daily_account",
        "sequence_list",
        "panel_list",
        "panel_page",
        "signal_list",
        "signal_page",
    ),
    *("board", "case_list", "hand_overs", "mass_choice"),
    *("ledger", "watch_lists", "test_lines", "places", "suppressions", "permissions"),
    *("plan_reading", "arming_list"),
    *("duty_list", "queue_lists", "queue_due", "draft_list"),
    "customer_side",
    *("responses", "counts", "overview", "periods"),
    *("site_list", "site_page", "contract_list", "panel_register", "unknown_accounts"),
    *("police_notices", "case_media", "false_alarms", "case_zones", "scene"),
    "training_list",
    *("fact_reading", "organisation", "subject_pages"),
    *("staff_list", "staff_page", "work_list", "company_papers"),
    *("roster_list", "shift_lists", "leave_list"),
    *("gate_list", "guard_list", "on_duty"),
    "staff_known",
    *("verdict_reading", "verdicts_due", "work_reading"),
    *("evidence_known", "evidence_list"),
    *("register", "reading_list", "case_counts", "area_overview"),
    *("reports_made", "local_texts", "local_judging"),
    *("staff_ahead", "forecast", "in_service_ahead", "organisation_ahead"),
    *("limits_known", "limit_list", "access_list"),
    *("equipment_list", "equipment_known"),
    *("premises_known", "place_list", "measured_list"),
    *("document_list", "documents_known", "due_list"),
    *("plans_known", "pairs_known", "review_list", "classification_list"),
    *("staff_ahead", "forecast", "in_service_ahead", "organisation_ahead", "effects"),
    *("drills_known", "review_list", "drill_page"),
)
"""Modules of a domain app that read rows for whoever asks."""


def test_every_query_that_reads_rows_is_asked_through_somebodys_eyes() -> None:
    blind = {
        f"{path.parent.name}.{function.name}"
        for path in (path for name in READING for path in SOURCE.glob(f"domain/*/{name}.py"))
        for function in public_functions(path)
        if not function.args.args or function.args.args[0].arg != "viewer"
    }
    words_and_keys = {
        "people.token_viewer",  # makes the viewer
        "assessments.can_score",  # whether somebody else could
        "assessments.due_of",
        "people.training_owing",  # a step of queries
        "signals.code_words",
        "signals.meant_words",
        "incidents.case_words",
        "signals.address_words",
        "signals.raw_text",
        "signals.untreated",  # sets of rows that the queries here narrow down to what the viewer may see
        "signals.after_mark",
        "incidents.grade_reason",
        "incidents.level_of_case",
        "incidents.refusal_words",
        "incidents.rows_of",
        "plans.look_words",
        "plans.place_name",
        "plans.template_steps",
        "incidents.cause_words",
        "incidents.link_viewer",  # makes the viewer
        "incidents.facts_of",
        "incidents.public_address",
        "people.counted",
        "drills.reviews_since_closing",  # of a case that the query around it narrows
        "facilities.fact_known",  # of a row that was read through them
        "compliance.answer_of",  # asks a rule for whoever asks
    }
    assert blind == words_and_keys


def test_every_action_says_what_it_does_and_who_when() -> None:
    silent = {
        f"{app_of(path)}.{function.name}"
        for path in action_modules()
        if path.stem not in WHAT_ACTIONS_SHARE
        for function in public_functions(path)
        if not ast.get_docstring(function) or not {"by", "at"} <= {a.arg for a in function.args.kwonlyargs}
    }
    assert silent == {"records.seal_records"}


def test_public_things_of_the_protocols_are_documented() -> None:
    silent = {
        f"{path.relative_to(SOURCE)}:{node.name}"
        for path in modules("protocols")
        for node in ast.parse(path.read_text()).body
        if isinstance(node, ast.FunctionDef | ast.ClassDef)
        and not node.name.startswith("_")
        and not ast.get_docstring(node)
    }
    assert silent == set()


@pytest.mark.django_db
def test_models_and_migrations_agree() -> None:
    out = StringIO()
    call_command("makemigrations", "--check", "--dry-run", stdout=out)
    assert "No changes detected" in out.getvalue()


@pytest.mark.django_db
def test_what_receive_writes_and_reads_by_sql_has_the_columns_of_the_models() -> None:
    from django.db import connection

    from lianjing.core.journal.digest import FRAME_COLUMNS, SIGNAL_COLUMNS
    from lianjing.domain.signals.models import Batch, Frame, LineDay, Signal

    wanted = {Frame: {*FRAME_COLUMNS, "digest"}, Signal: set(SIGNAL_COLUMNS)}
    for model in (Batch, Frame, Signal, LineDay):
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT * FROM {model._meta.db_table} WHERE 1 = 0")  # noqa: S608 our names
            stored = (
                {column.name for column in cursor.description}
                if connection.vendor == "postgresql"
                else {column[0] for column in cursor.description}
            )
        assert {field.column for field in model._meta.local_concrete_fields if field.column} == stored
        assert wanted.get(model, stored) == stored


# Written in halves, so that this file does not name them either.
HALVES = (("py", "pi.org"), ("npm", "js."), ("deb", "ian.org"), ("/wo", "rk/"), ("sha", "red/"))
FORBIDDEN = re.compile("|".join(re.escape("".join(halves)) for halves in HALVES))


def test_no_file_names_a_package_registry_or_a_place_of_ours() -> None:
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    named = set()
    for name in filter(None, listed.split("\0")):
        path = ROOT / name
        if path.suffix in {".png", ".ico", ".woff2"} or not path.exists():
            continue
        if FORBIDDEN.search(path.read_text(errors="replace")):
            named.add(name)
    assert named == set()
