"""Findings for tests: one of the company's own, moved as far as is wanted."""

from datetime import date, timedelta
from typing import Any

from lianjing.domain.findings.actions import (
    Assignment,
    Measure,
    Verification,
    assign_finding,
    close_finding,
    confirm_finding,
    finish_finding,
    plan_measure,
    raise_finding,
    verify_finding,
)
from lianjing.domain.findings.models import Finding
from lianjing.domain.findings.raising import NewFinding
from lianjing.domain.people.models import StaffMember
from tests.cast import NOON, Cast
from tests.staff import put_on_file

DUE = date(2026, 12, 1)
DAY = timedelta(days=1)


def owner(cast: Cast) -> StaffMember:
    """Olivia is on file, and answers for it."""
    found = StaffMember.objects.filter(staff_no="001").first()
    if found is None:
        found = put_on_file(cast)
        found.user = cast.users["olivia"]
        found.save()
    return found


def raised(cast: Cast, title: str = "值守室没有灭火器", **told: Any) -> Finding:
    new = NewFinding(title, told.pop("grade", "minor"), **told)
    return raise_finding(cast.company.pk, new, by=cast.viewer("mia"), at=NOON)


def moved_to(cast: Cast, state: str, finding: Finding | None = None, **told: Any) -> Finding:
    """As far as `state` on the straight way: Mia manages, Olivia does it, Leo verifies."""
    finding, pk, mia, leo = finding or raised(cast, **told), 0, cast.viewer("mia"), cast.viewer("leo")
    pk = finding.pk
    steps = {
        "confirmed": lambda: confirm_finding(pk, finding.grade, by=mia, at=NOON),
        "assigned": lambda: assign_finding(pk, Assignment(owner(cast).staff_no, DUE), by=mia, at=NOON),
        "in_progress": lambda: plan_measure(pk, Measure("没有清点", "补购两具"), by=cast.viewer("olivia"), at=NOON),
        "done": lambda: finish_finding(pk, "已购置，见照片", by=cast.viewer("olivia"), at=NOON + DAY),
        "verified": lambda: verify_finding(pk, Verification("现场看过"), by=leo, at=NOON + 2 * DAY),
        "closed": lambda: close_finding(pk, by=leo, at=NOON + 3 * DAY),
    }
    names = ["identified", *steps]
    for name in names[names.index(finding.state) + 1 : names.index(state) + 1]:
        finding = steps[name]()
    assert finding.state == state
    return finding
