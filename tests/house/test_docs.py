"""The documents say what the code says: every list in them is compared with its source."""

import ast
import re
from enum import Enum
from pathlib import Path

import pytest
from django.apps import apps

from lianjing.domain.incidents.models import State
from lianjing.domain.signals.models import Fate
from lianjing.project.command import VERBS
from lianjing.project.environment import Environment
from lianjing.terms.codes import EventClass, Grade, Phase
from lianjing.terms.roles import PERMISSIONS, Role
from lianjing.terms.signals import FrameKind
from lianjing.web.api.incidents import ACTIONS
from lianjing.web.api.schemas import AccountOut, FrameOut
from lianjing.web.api.urls import api
from lianjing.web.console.casefile import KEYS

ROOT = Path(__file__).parent.parent.parent
SOURCE = ROOT / "src" / "lianjing"
DOCS = ROOT / "docs"
READMES = (ROOT / "README.md", ROOT / "README.zh-CN.md")
PAPERS = sorted([*ROOT.glob("*.md"), *DOCS.rglob("*.md")])
DECISIONS = sorted((DOCS / "decisions").glob("*.md"))


def section(path: Path, title: str) -> str:
    """The text under one heading of the second level."""
    return path.read_text().split(f"\n## {title}\n", 1)[1].split("\n## ", 1)[0]


def table_names(path: Path, title: str) -> set[str]:
    """What stands in back quotes, or as a bare number, in the first column of the table under `title`."""
    cells = [line.split("|")[1] for line in section(path, title).splitlines() if line.startswith("|")][2:]
    return {name.strip().strip("`") for cell in cells for name in cell.split("`, `")}


def slug(heading: str) -> str:
    """A heading's anchor as code hosts make it."""
    return re.sub(r"[^\w\- ]", "", heading.strip().lower()).replace(" ", "-")


# Decisions


def test_decisions_are_numbered_without_gaps() -> None:
    assert [path.name[:4] for path in DECISIONS] == [f"{number:04d}" for number in range(1, len(DECISIONS) + 1)]


@pytest.mark.parametrize("path", DECISIONS, ids=lambda path: path.name)
def test_a_decision_tells_context_decision_and_consequences(path: Path) -> None:
    text = path.read_text()
    assert re.findall(r"^## (.+)$", text, re.M) == ["Context", "Decision", "Consequences"]
    assert text.startswith(f"# {path.name[:4]}: ")


# Glossary


NEWS_MODULES = (
    "actions.py",
    *("attested_rule.py", "campaigning.py"),
    "testing.py",
    "suppressing.py",
    "stepping.py",
    "calling.py",
    "asking.py",
    "informing.py",
    "intake.py",
    "casework.py",
    "paper.py",
    "sweeping.py",
    "system_events.py",
    "duties.py",
    *("holding.py", "handing_over.py", "escalating.py", "giving_back.py", "giving.py"),
    *("joining.py", "mass_closing.py", "shift_hand_over.py"),
    "police_reporting.py",
    "media_store.py",
    *("changing.py", "recording.py", "departments.py", "appointments.py"),
    "policy.py",
    *("facts.py", "staff.py", "shifts.py", "swapping.py", "leave.py"),
    *("passing.py", "gate_setting.py", "lapsing.py", "refusing.py"),
    *("limit_recording.py", "sealed_news.py", "handled_records.py"),
    *("regrading.py", "plan_reviewing.py", "classifying.py", "supervised_spans.py"),
)


def topics() -> set[str]:
    """What domain code calls things that have happened, but for permissions and what is only a record."""
    words = {
        node.value
        for path in SOURCE.glob("domain/**/*.py")
        if path.name in NEWS_MODULES or path.parent.name == "actions"
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Constant)
        and isinstance(node.value, str)
        and re.fullmatch(r"[a-z]+\.[a-z_]+", node.value)
    }
    only_records = {"token.created", "token.revoked", "code.overridden", "user.unlocked", "head.left"}
    only_records |= {"backup.made", "backup.restored", "user.locked_out", "user.second_step_failed"}
    only_records |= {"user.recovery_code_used", "user.second_factor_required", "user.second_factor_reset"}
    only_records |= {"customer.added", "contract.added", "contract.state_changed", "contract.scan_kept"}
    only_records |= {"contract.removed", "site.added", "site.note_added", "site.note_removed", "site.contact_added"}
    only_records |= {"site.contact_changed", "site.contact_words_removed", "site.contact_removed"}
    only_records |= {"site.contact_moved", "site.contact_verified"}
    only_records |= {"panel.key_set", "panel.key_removed", "panel.plain_allowed"}
    only_records |= {"site.schedule_set", "site.drawing_added", "site.drawing_renamed", "site.drawing_removed"}
    only_records |= {"site.zone_placed", "workday.set", "workday.forgotten"}
    only_records |= {"panel.added", "panel.changed", "panel.moved", "panel.removed", "panel.history_swept"}
    only_records |= {"panel.paths_set", "panel.areas_set", "panel.users_set"}
    only_records |= {"zone.added", "zone.changed", "zone.removed", "zone.neighbours_set"}
    only_records |= {"zone.disabled", "zone.enabled"}
    only_records |= {"company.added", "user.added", "panel.activated", "workbook.exported", "workbook.imported"}
    only_records |= {"incident.confirmed", "limit.retracted", "capability.retracted", "compliance.report_made"}
    only_records |= {"incident.replanned"}
    only_records |= {"duty.moved", "profile.set", "desk.settings_changed"}
    only_records |= {"site.contact_doubted"}
    only_records |= {"figures.limits_set", "callcards.taken", "register.exported"}
    only_records |= {"company.counted_unit_set", "company.manager_years_set"}
    only_records |= {"company.fact_recorded", "company.fact_corrected", "company.fact_retracted"}
    only_records |= {f"{it}.{done}" for it in ("department", "post") for done in ("added", "changed", "closed")}
    only_records |= {"department.retracted", "post.retracted", "duties.written", "duties.retracted"}
    only_records |= {"appointment.made", "appointment.ended", "appointment.retracted"}
    only_records |= {"staff.identity_revealed", "staff.identity_set", "staff.added", "staff.account_linked"}
    only_records |= {"staff.fact_recorded", "staff.fact_corrected", "staff.fact_retracted"}
    only_records |= {"roster.shift_added", "roster.shift_changed", "roster.team_added", "roster.entry_swapped"}
    only_records |= {f"swap.{done}" for done in ("asked", "answered", "decided", "ended", "withdrawn")}
    only_records |= {"leave.asked", "leave.entered"}
    only_records |= {f"equipment.{done}" for done in ("added", "ended", "certified", "maintained")}
    only_records |= {f"equipment.{done}" for done in ("certificate_retracted", "maintenance_retracted")}
    only_records |= {"equipment.need_set", "equipment.need_dropped"}
    only_records |= {f"document.{done}" for done in ("added", "drafted", "draft_changed", "discarded")}
    only_records |= {"code.restored", "plan.review_recorded", "plan.review_corrected", "plan.review_retracted"}
    only_records |= {f"classes.{done}" for done in ("drafted", "written", "approved", "in_force", "withdrawn")}
    only_records |= {f"place.{done}" for done in ("recorded", "corrected", "retracted", "file_added", "file_retracted")}
    only_records |= {f"place.fact_{done}" for done in ("recorded", "corrected", "retracted")}
    only_records |= {
        f"{it}.{done}" for it in ("measurement", "room_limit") for done in ("recorded", "corrected", "retracted")
    }
    return words - set(PERMISSIONS) - only_records - {"retention.held", "retention.released", "retention.erased"}


def values(kind: type[Enum]) -> set[str]:
    return {str(member.value) for member in kind}


@pytest.mark.parametrize(
    ("title", "expected"),
    [
        ("Classes of events", values(EventClass)),
        ("Grades", values(Grade)),
        ("Phases", values(Phase)),
        ("Kinds of frames", values(FrameKind)),
        ("Fates", values(Fate)),
        ("States of a case", values(State)),
        ("Roles", values(Role)),
        ("Topics of the outbox", topics()),
        ("Domain apps", {path.parent.name for path in SOURCE.glob("domain/*/apps.py")}),
    ],
)
def test_the_glossary_has_every_name_of_the_code_and_no_other(title: str, expected: set[str]) -> None:
    assert table_names(DOCS / "glossary.md", title) == expected


# Architecture, installation, API, guide


def test_the_architecture_names_every_table() -> None:
    ours = [config for config in apps.get_app_configs() if config.name.startswith("lianjing.")]
    tables = {model._meta.db_table for config in ours for model in config.get_models()}
    told = set(re.findall(r"`([a-z]+_[a-z_]+)`", section(DOCS / "architecture.md", "Tables")))
    assert told == tables


def test_installation_explains_every_setting(tmp_path: Path) -> None:
    settings = {setting.name for setting in Environment({"LIANJING_DATA": str(tmp_path)}).settings}
    told = table_names(DOCS / "operations" / "install.md", "Settings")
    assert {name for name in told if not name.endswith(("SECRET_KEY_FILE", "DATA_KEY_FILE"))} == settings


def test_the_api_page_has_every_call_action_and_field() -> None:
    calls = {
        f"{method} {path}"
        for _, router in api._routers
        for path, view in router.path_operations.items()
        for operation in view.operations
        for method in operation.methods
    }
    text = (DOCS / "api.md").read_text()
    told = {
        re.sub(r"\{(?!int:)(\w+_id)\}", r"{int:\1}", call)
        for call in re.findall(r"^\| `((?:GET|POST) [^`]+)`", text, re.M)
    }
    assert told == calls
    assert table_names(DOCS / "api.md", "Actions") == set(ACTIONS)
    for form in (AccountOut, FrameOut):
        assert set(form.model_fields) <= set(re.findall(r"\w+", text))


def test_the_guide_tells_every_move_and_its_key_in_both_languages() -> None:
    for language in (DOCS / "guide" / "operator.md").read_text().split("\n---\n"):
        assert set(re.findall(r"^\| [^|]+ \| `(⇧?[A-Z])` \|", language, re.M)) == set(KEYS.values())


# Every paper


@pytest.mark.parametrize("path", PAPERS, ids=lambda path: str(path.relative_to(ROOT)))
def test_links_lead_somewhere(path: Path) -> None:
    text = re.sub(r"^```.*?^```$", "", path.read_text(), flags=re.M | re.S)
    for target in re.findall(r"\]\(([^)\s]+)\)", text):
        if re.match(r"[a-z]+:", target):
            continue
        file, _, anchor = target.partition("#")
        there = (path.parent / file).resolve() if file else path
        assert there.exists(), target
        if anchor:
            assert anchor in {slug(title) for title in re.findall(r"^#+ (.+)$", there.read_text(), re.M)}, target


# A how-to names files that its reader is about to make.
@pytest.mark.parametrize(
    "path", [p for p in PAPERS if p.parent.name != "howto"], ids=lambda path: str(path.relative_to(ROOT))
)
def test_files_that_are_named_exist(path: Path) -> None:
    text = path.read_text()
    places = (ROOT, SOURCE, DOCS, SOURCE / "domain" / "signals" / "migrations")
    files = re.findall(r"`((?:[\w.-]+/)+[\w.-]+\.(?:py|tsv|sql|js|html|md|txt|toml))`", text)
    assert [name for name in files if not any((place / name).exists() for place in places)] == []


@pytest.mark.parametrize("path", PAPERS, ids=lambda path: str(path.relative_to(ROOT)))
def test_commands_that_are_named_exist(path: Path) -> None:
    code = " \n".join(
        re.findall(r"`[^`]+`", path.read_text()) + re.findall(r"^```sh\n(.*?)^```$", path.read_text(), re.M | re.S)
    )
    targets = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(), re.M))
    assert set(re.findall(r"\bmake ([a-z]+)", code)) <= targets
    assert set(re.findall(r"(?:^|[`/])lianjing ([a-z][a-z-]+)", code, re.M)) <= set(VERBS)


def test_both_readmes_show_the_same() -> None:
    english, chinese = (path.read_text() for path in READMES)

    def bones(text: str) -> list[object]:
        code = re.findall(r"^```sh\n(.*?)^```$", text, re.M | re.S)
        commands = [re.sub(r"\s*#.*", "", line) for block in code for line in block.splitlines()]
        links = [link for link in re.findall(r"\]\(([^)\s]+)\)", text) if not link.startswith("README")]
        sections = [
            len(re.findall(rf"^{mark} ", part, re.M)) for part in text.split("\n## ") for mark in (r"-", r"\d\.")
        ]
        return [sections, commands, links]

    assert bones(english) == bones(chinese)


def test_the_picture_of_the_readme_is_there() -> None:
    picture = (DOCS / "pictures" / "console.png").read_bytes()
    assert picture.startswith(b"\x89PNG")
    assert (int.from_bytes(picture[16:20], "big"), int.from_bytes(picture[20:24], "big")) == (1440, 900)
