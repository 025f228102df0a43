"""Beside a past day's verdicts: what was known when it ended, and what was entered since."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from django.utils.translation import gettext as _

from lianjing.core.viewer import Viewer
from lianjing.domain.compliance.late_entries import Late
from lianjing.terms.verdicts import Verdict
from lianjing.web.clause_items import late_item
from lianjing.web.office.clause_view import Entry
from lianjing.web.office.company_choosing import Chosen
from lianjing.web.verdict_marks import mark_of

SHOWN_AT_ONCE = 5
"""So many entries stand in the text; all of them beside the page of the clause that is looked at."""


def add_late(entries: list[Entry], late: Mapping[str, Late], viewer: Viewer, what: Chosen) -> None:
    """Tells each entry's item."""
    for entry in entries:
        told = late.get(entry.clause.number)
        if entry.item is not None and told is not None:
            more = told.more + len(told.entries[SHOWN_AT_ONCE:])
            few = replace(told, entries=told.entries[:SHOWN_AT_ONCE], more=more)
            item = late_item(few, viewer, what.company.pk, what.on, _)
            entry.item["late"] = item | {"mark": mark_of(Verdict(told.then.verdict))}


def listed(late: Late | None, viewer: Viewer, what: Chosen) -> dict[str, Any] | None:
    """The whole list, where not all of it stands in the text."""
    if late is None or len(late.entries) <= SHOWN_AT_ONCE:
        return None
    return late_item(late, viewer, what.company.pk, what.on, _)
