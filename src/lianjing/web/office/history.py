"""What was changed, by whom, in words: the sealed records of customers, contracts, sites and equipment."""

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from lianjing.core.viewer import Viewer
from lianjing.domain.records.models import Record
from lianjing.domain.records.queries import latest_records
from lianjing.terms.divisions import division_words
from lianjing.web.office import (
    premises_words,
)
from lianjing.web.office.history_words import ACTS, FIELDS, OWN_FIELDS, OWN_TABLES, REGISTERS, TABLES, VALUES
from lianjing.web.tags import day_clock
from lianjing.web.words import ACTORS, label, word

INSTANT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?\+\d\d:\d\d$")
UNTOLD = frozenset(
    {"before", "weakens", "plan", "plan_place", "hash", "question_id", "member_ids", "fact", "about"},
)
OWN_UNTOLD = {
    "measurement": frozenset({"place", "value"}),
    "place": frozenset({"place"}),
    "roster": frozenset({"entries"}),
}
"""What the page itself says, or says better: where it is, the value with its unit."""
SHOWN_AT_MOST = 160
"""So much of a long text; the record itself has all of it."""
PLACES = {name: place for place, name in enumerate(FIELDS)}


@dataclass(frozen=True, slots=True)
class Change:
    """One field in words; `had` is empty when nothing stood there before."""

    field: str
    had: str
    has: str


@dataclass(frozen=True, slots=True)
class Line:
    """One act. `weakens`: in which ways it protects less."""

    at: datetime
    actor: str
    act: str
    changes: Sequence[Change]
    weakens: Sequence[str]


def history(viewer: Viewer, subjects: Collection[tuple[str, object]], permission: str, limit: int = 30) -> list[Line]:
    """The latest acts on these subjects, newest first."""
    return [_line(record) for record in latest_records(viewer, subjects, permission, limit)]


def _line(record: Record) -> Line:
    had, has = _flat(record.before or {}), _flat(record.after or {})
    about = record.action.partition(".")[0]
    # In the order of the table: PostgreSQL keeps none of its own in JSON.
    names = sorted(
        {*has, *had} - UNTOLD - OWN_UNTOLD.get(about, frozenset()),
        key=lambda name: (PLACES.get(name, len(PLACES)), name),
    )
    changes = [_change(about, name, had, has) for name in names if had.get(name) or has.get(name) or name in had]
    weakens = [_(sentence) for sentence in has.get("weakens", ())]
    return Line(record.at, word(ACTORS, record.actor_name), word(ACTS, record.action), changes, weakens)


def _flat(told: Mapping[str, Any]) -> dict[str, Any]:
    """What stands under `details` beside the rest."""
    details = told.get("details")
    return {name: value for name, value in told.items() if name != "details"} | (
        details if isinstance(details, dict) else {}
    )


def _change(about: str, name: str, had: Mapping[str, Any], has: Mapping[str, Any]) -> Change:
    gone = name in had and name not in has
    now = _("（已删除）") if gone else _value(about, name, has.get(name))
    before = _value(about, name, had[name]) if name in had and had[name] != has.get(name) else ""
    return Change(word(FIELDS | OWN_FIELDS.get(about, {}), name), before, now)


def _value(about: str, name: str, value: Any) -> str:
    if value in (None, "", []):
        return _("（空）")
    if isinstance(value, bool):
        return _("是") if value else _("否")
    if isinstance(value, list):
        return _("、").join(
            " ".join(map(str, part)) if isinstance(part, list) else _word_of(about, name, str(part)) for part in value
        )
    text = f"{value:g}" if isinstance(value, float) else str(value)
    if len(text) > SHOWN_AT_MOST:
        return f"{text[:SHOWN_AT_MOST]}…"
    if name == "division" or (about, name) == ("company", "area"):
        return division_words(text) or text
    if INSTANT.match(text):
        return day_clock(datetime.fromisoformat(text))
    return _word_of(about, name, text)


def _word_of(about: str, name: str, text: str) -> str:
    """The label of a stored word; what is none stays as it is."""
    if name == "quantity":
        return premises_words.quantity_words(text)
    if name == "register":
        return word(REGISTERS, text)
    if text in VALUES:
        return word(VALUES, text)
    for words in OWN_TABLES.get(about, {}).get(name) or TABLES.get(name, ()):
        if words.of(text):
            return label(words, text)
    return text
