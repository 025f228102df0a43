"""Chinese first, English second: every sentence of the screen has its English, and none stands outside translation."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import polib
from django.utils.translation.template import templatize

from lianjing.domain.compliance.catalogue import catalogue
from lianjing.domain.incidents.importing import SHEETS
from lianjing.domain.people.importing.papers import PAPERS
from lianjing.domain.plans.templates import template_of
from lianjing.terms import alarm_service, documents, equipment, facilities, premises, staffing
from lianjing.terms.codes import EventClass, Grade

SOURCE = Path(__file__).parent.parent.parent / "src" / "lianjing"
ENGLISH = SOURCE / "locale" / "en" / "LC_MESSAGES" / "django.po"
CHINESE = re.compile("[\u4e00-\u9fff]")
MARKS = frozenset({"_", "gettext", "ngettext", "gettext_lazy", "ngettext_lazy", "later"})
"""Names under which the product marks a sentence for translation."""

TRANSLATED = re.compile(
    r"{% comment %}.*?{% endcomment %}|{#.*?#}|{% blocktrans(late)?\b.*?{% endblocktrans(late)? %}"
    r"|{%.*?%}|_\(\"[^\"]*\"\)",
    re.DOTALL,
)
"""Comments of a template, and what in it is translated."""


def python_files() -> Iterator[Path]:
    return (path for path in SOURCE.rglob("*.py") if "migrations" not in path.parts)


def marked(tree: ast.AST) -> Iterator[ast.Constant]:
    """What is handed to one of the marks, as written."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in MARKS:
            yield from (arg for arg in node.args if isinstance(arg, ast.Constant) and isinstance(arg.value, str))


def of_templates() -> Iterator[tuple[str, str]]:
    """Every sentence of a template, with where it stands, as Django extracts them."""
    for path in (SOURCE / "web" / "templates").rglob("*"):
        if path.suffix not in {".html", ".txt"}:
            continue
        extracted = templatize(path.read_text(), origin=str(path))
        for found in re.finditer(
            r"""gettext\(u?('(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*"|'''.*?'''|\"\"\".*?\"\"\")""", extracted, re.S
        ):
            yield ast.literal_eval(found.group(1)), path.name


def test_every_sentence_of_the_product_has_its_english() -> None:
    wanted = dict(of_templates())
    for path in python_files():
        wanted |= {text.value: str(path.relative_to(SOURCE)) for text in marked(ast.parse(path.read_text()))}
    entries = polib.pofile(str(ENGLISH))
    english = {entry.msgid for entry in entries if entry.translated()}
    assert {text: where for text, where in wanted.items() if CHINESE.search(text) and text not in english} == {}


def labels() -> set[str]:
    """Words that stand in tables of the code and are translated where they are shown."""
    rooms = (premises, staffing, alarm_service, facilities, equipment, documents)
    kinds = (
        kind
        for kind in (kind for room in rooms for kind in vars(room).values())
        if isinstance(kind, type) and issubclass(kind, premises.Word)
    )
    sheets = [*SHEETS.values(), PAPERS]
    columns = (column for sheet in sheets for column in sheet.columns)
    return {word.zh for kind in kinds for word in kind} | {titled.zh for titled in (*sheets, *columns)}


def test_every_label_of_a_kind_and_a_sheet_has_its_english() -> None:
    english = {entry.msgid for entry in polib.pofile(str(ENGLISH)) if entry.translated()}
    assert {label for label in labels() if CHINESE.search(label)} - english == set()


def test_every_title_of_a_clause_has_its_english() -> None:
    english = {entry.msgid for entry in polib.pofile(str(ENGLISH)) if entry.translated()}
    titles = {clause.title for clause in catalogue().clauses.values()}
    assert {title for title in titles if CHINESE.search(title)} - english == set()


def test_every_starter_plan_has_its_english() -> None:
    english = {entry.msgid for entry in polib.pofile(str(ENGLISH)) if entry.translated()}
    plans = [template_of(event_class, grade) for event_class in EventClass for grade in Grade]
    words = {words for plan in plans for step in plan.steps for words in (step.title, step.detail)}
    words |= {branch.words for plan in plans for step in plan.steps for branch in step.branches}
    words |= {plan.title for plan in plans}
    assert {text for text in words if CHINESE.search(text)} - english == set()


def test_no_sentence_is_translated_twice_or_with_other_placeholders() -> None:
    entries = [entry for entry in polib.pofile(str(ENGLISH)) if not entry.obsolete]
    names = [(entry.msgctxt or "", entry.msgid) for entry in entries]
    assert sorted({name for name in names if names.count(name) > 1}) == []
    holes = re.compile(r"%\(\w+\)[sd]|%%|\{\w+\}")
    torn = {
        e.msgid: e.msgstr for e in entries if e.msgstr and set(holes.findall(e.msgid)) != set(holes.findall(e.msgstr))
    }
    assert torn == {}


def test_templates_hold_no_words_outside_translation() -> None:
    loose = {}
    for path in (SOURCE / "web" / "templates").rglob("*.html"):
        text = re.sub(r"{% comment %}.*?{% endcomment %}|{#.*?#}", "", path.read_text(), flags=re.S)
        text = re.sub(
            r"{% blocktrans(late)?\b.*?{% endblocktrans(late)? %}|{%.*?%}|_\(\"[^\"]*\"\)", "", text, flags=re.S
        )
        if CHINESE.search(text):
            loose[path.name] = "".join(CHINESE.findall(text))
    assert loose == {"_language.html": "中文"}, "the name of the language itself, for who reads no English"


def test_scripts_hold_no_words_at_all() -> None:
    scripts = (path for path in (SOURCE / "web" / "static").rglob("*.js") if "vendor" not in path.parts)
    assert [path.name for path in scripts if CHINESE.search(path.read_text())] == []
