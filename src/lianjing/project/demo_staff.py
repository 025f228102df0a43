"""The people of the demo company: enough for table 1 of clause 5.2, with a few whose papers are not in order."""

import csv
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from io import StringIO
from typing import TYPE_CHECKING

from lianjing.project import demo_company as demo

if TYPE_CHECKING:
    from lianjing.core.viewer import Viewer
    from lianjing.domain.companies.models import Company

YEAR = timedelta(days=365)
POSTS = ("patrol",) * 12 + ("watch",) * 12 + ("design_install",) * 21
"""From P01 on; the managers come behind."""
ACCOUNTS = {"operator": ("W01", "watch"), "leader": ("W02", "watch"), "guard": ("P01", "patrol")}
LETTERS = {"patrol": "P", "watch": "W", "design_install": "D"}
DIVISION = "330000"
"""All of 浙江: nobody's number begins with it."""


def make_staff(company: "Company", by: "Viewer", at: datetime, today: date) -> None:
    """Only once: when the company has people on file, nobody is added."""
    from lianjing.domain.incidents.importing import import_file
    from lianjing.domain.people.models import StaffMember

    if StaffMember.objects.filter(company=company).exists():
        return
    outcome = import_file(_file(today), company.pk, by=by, at=at, source="demo-data")
    if not outcome.applied:
        raise RuntimeError(f"the demo people cannot be imported: {outcome.plan.faults}")


def _file(today: date) -> "object":
    from lianjing.core.workbooks.planning import File

    rows = [*_workers(today), _manager(today)]
    out = StringIO()
    names = list(dict.fromkeys(name for row in rows for name in row))
    writer = csv.DictWriter(out, names, restval="")
    writer.writeheader()
    writer.writerows(rows)
    return File("people.csv", out.getvalue().encode())


def _workers(today: date) -> Iterator[dict[str, str]]:
    counted: dict[str, int] = {}
    for place, post in enumerate(POSTS):
        counted[post] = counted.get(post, 0) + 1
        staff_no = f"{LETTERS[post]}{counted[post]:02d}"
        row = _sound(place, staff_no, today) | {"post_kind": post}
        account = next((name for name, (number, _post) in ACCOUNTS.items() if number == staff_no), "")
        if account:
            row |= {"name": demo.USERS[account], "username": account}
        yield row | _not_in_order(staff_no, today)


def _manager(today: date) -> dict[str, str]:
    row = _sound(len(POSTS), "M01", today)
    return row | {"name": demo.USERS["manager"], "username": "manager", "post_kind": "other"}


def _sound(place: int, staff_no: str, today: date) -> dict[str, str]:
    """Somebody whose papers are in order for a year at least, whatever day it is."""
    hired = today - 2 * YEAR - timedelta(days=place * 11)
    born = date(1972 + place * 7 % 30, place % 12 + 1, place * 5 % 28 + 1)
    return {
        "staff_no": staff_no,
        "name": demo.contact_name(place * 7 + 2),
        "identity_no": _identity(born, place),
        "education": ("junior_middle", "senior_middle", "college", "bachelor")[place % 4],
        "hired_on": str(hired),
        "health_until": str(today + timedelta(days=200 + place * 9)),
        "exam_passed_on": str(hired - timedelta(days=60)),
        "review_passed_on": str(hired - timedelta(days=50)),
        "background_reviewed_on": str(hired - timedelta(days=55)),
        "biometrics_on": str(hired - timedelta(days=45)),
        "certificate_no": f"浙绍保演示{place + 1:04d}",
        "certificate_from": str(hired - timedelta(days=30)),
        "certificate_until": str(today + 3 * YEAR + timedelta(days=place)),
        "certificate_issuer": "绍兴市公安局（演示）",
        "contract_from": str(hired),
        "contract_until": str(today + YEAR + timedelta(days=place * 3)),
        "insurance": "社会保险、意外伤害保险",
        "insurance_until": str(today + timedelta(days=300)),
        "insurer": "演示保险公司",
        "training_hours": "48",
        "training_on": str(today - timedelta(days=150 + place)),
        "appraisal": "passed",
        "appraised_on": str(today - timedelta(days=120 + place)),
        "notes": "演示数据",
    }


def _not_in_order(staff_no: str, today: date) -> dict[str, str]:
    """What the manager has to look after."""
    return {
        "P05": {"certificate_until": str(today - timedelta(days=12))},
        "P08": {"certificate_until": str(today + timedelta(days=6))},
        "W07": {"health_until": str(today + timedelta(days=20))},
        "W11": {"health_until": "", "exam_passed_on": ""},
        "D04": {"training_hours": "", "training_on": ""},
        "D09": {"contract_until": str(today + timedelta(days=45))},
        "D17": {"insurance": "", "insurance_until": "", "insurer": ""},
    }.get(staff_no, {})


def _identity(born: date, place: int) -> str:
    from lianjing.domain.people.identity_policy import check_digit

    body = f"{DIVISION}{born:%Y%m%d}{place + 100:03d}"
    return body + check_digit(body)
