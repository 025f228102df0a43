"""Beside a clause: the open findings about it, and the way to raise one where it stands bad and has none."""

from django.urls import reverse
from django.utils import timezone

from lianjing.core.viewer import Viewer
from lianjing.domain.findings.policy import EDIT, SEE, is_overdue
from lianjing.domain.findings.queries import open_by_clause
from lianjing.terms.verdicts import Verdict
from lianjing.web.office.clause_view import Entry
from lianjing.web.office.finding_words import grade_words, state_words

WANTING = (Verdict.NOT_MET.value, Verdict.MOSTLY.value)


def add_findings(entries: list[Entry], viewer: Viewer, company_id: int) -> None:
    """Tells each entry's item; nothing to who may see no findings. One query for the page."""
    if not viewer.scope(SEE).holds(company_id):
        return
    found, today = open_by_clause(viewer, company_id), timezone.localdate()
    may_raise = viewer.scope(EDIT).holds(company_id)
    for entry in entries:
        if entry.item is None:
            continue
        number = entry.clause.number
        entry.item["findings"] = [
            {
                "finding": one,
                "grade": grade_words(one),
                "state": state_words(one),
                "late": is_overdue(one.state, one.due_on, today),
            }
            for one in found.get(number, ())
        ]
        if may_raise and entry.item["verdict"] in WANTING and not entry.item["findings"]:
            entry.item["raise_href"] = reverse("office:finding_for_clause", args=[company_id])
