"""Beside a past day's verdicts: what was known when it ended, and what was entered since."""

from django.utils.translation import gettext as _

from lianjing.core.viewer import Viewer
from lianjing.domain.compliance.queries import Judged
from lianjing.terms.verdicts import Verdict
from lianjing.web.clause_items import late_items
from lianjing.web.office.clause_view import Entry
from lianjing.web.office.company_choosing import Chosen
from lianjing.web.verdict_marks import mark_of


def add_late(entries: list[Entry], judged: list[Judged], viewer: Viewer, what: Chosen) -> None:
    """Tells each entry's item; nothing when the page is asked for by what was known at a time."""
    if what.known is not None:
        return
    late = late_items(viewer, what.company.pk, what.on, judged, _)
    for entry in entries:
        told = late.get(entry.clause.number)
        if entry.item is not None and told is not None:
            entry.item["late"] = told | {"mark": mark_of(Verdict(told["verdict_then"]))}
