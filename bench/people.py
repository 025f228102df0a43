"""The lists about people with 5,000 of them: the server's time for a page, and how many queries it costs.

A list more is one line in LISTS. "First" is the first page after a start of the process, when nothing is in memory yet.
"""

import json
import subprocess
import sys
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bench.installation import Installation, kinds, running
from bench.machine import say
from bench.table import Row, Verdict, p95, spread
from bench.visitor import Visitor

if TYPE_CHECKING:
    from lianjing.domain.people.models import StaffMember

PEOPLE, FEW = 5_000, 100
LOADS = 20
LIMIT_MS = 300.0
LISTS = {
    "people": "/office/people/",
    "people, who may not": "/office/people/?eligible=no",
    "people, who may": "/office/people/?eligible=yes",
    "people by initials": "/office/people/?q=aae&employment=all",
    "work-list": "/office/worklist/",
    "work-list, 30 days": "/office/worklist/?tab=30",
    "work-list, missing": "/office/worklist/?tab=missing&kind=education",
    "roster, a month": "/office/roster/?view=month",
    "roster, a month by places": "/office/roster/?view=month&by=places",
    "on duty, the gate's facts": "/office/on-duty/",
    "manager's home": "/office/",
    "training, progress": "/office/training/progress/",
}
AT_DESKS = 200
"""Of the first so many people, those who watch have signed on: their facts are what the gate is asked for."""
PLACES = 50
ROSTER_DAYS = 31


def run(rounds: int, _seconds: float) -> list[Row]:
    """Measures every database that is at hand."""
    return [row for kind in kinds() for row in _measure(kind, rounds)]


def _measure(kind: str, rounds: int) -> Iterator[Row]:
    say(f"lists of people, {kind}")
    with running(kind) as program:
        few, many = _fill(program, FEW), _fill(program, PEOPLE)
        visitor = Visitor(program.url, "manager")
        first = visitor.timed("/office/worklist/")
        yield Row(f"work-list, first page after a start, {kind}", f"{many['work-list']} queries", first)
        for name, path in LISTS.items():
            runs = [sorted(visitor.timed(path) for _ in range(LOADS)) for _ in range(rounds)]
            middle, tail = spread([ms[LOADS // 2] for ms in runs]), spread([ms[LOADS * 95 // 100] for ms in runs])
            reached = few[name] == many[name] and tail.middle < LIMIT_MS
            verdict = Verdict(f"{few[name]} with {FEW}", f"p95 < {LIMIT_MS:g} ms", reached)
            yield Row(f"{name}, {PEOPLE:,}, {kind}", f"{many[name]} queries", middle.middle, p95(tail), verdict)


def _fill(program: Installation, count: int) -> dict[str, int]:
    """Enters people until there are `count`; how many queries each list costs then."""
    code = f"from bench.people import fill_and_count; fill_and_count({count})"
    done = subprocess.run(
        [sys.executable, "-c", code],
        env=program.environment,
        check=True,
        capture_output=True,
        text=True,
        cwd=Path.cwd(),
    )
    told: dict[str, int] = json.loads(done.stdout)
    return told


def fill_and_count(count: int) -> None:
    """Runs inside the installation: fills it up and prints the number of queries of each list."""
    import os

    os.environ["DJANGO_SETTINGS_MODULE"] = "lianjing.project.settings"
    import django

    django.setup()
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext

    from lianjing.domain.people.models import User

    _enter(count)
    client = Client()
    manager = User.objects.get(username="manager")
    client.force_login(manager, backend="allauth.account.auth_backends.AuthenticationBackend")
    told = {}
    for name, path in LISTS.items():
        client.get(path, headers={"host": "127.0.0.1"})
        with CaptureQueriesContext(connection) as queries:
            assert client.get(path, headers={"host": "127.0.0.1"}).status_code == 200  # noqa: S101 a bench checks itself
        told[name] = len(queries)
    print(json.dumps(told))


def _enter(count: int) -> None:
    """People as they are after some years: most in order, some with an end near, some with something missing."""
    from django.db import transaction
    from django.utils import timezone

    from lianjing.domain.companies.models import Company
    from lianjing.domain.people.models import StaffFact, StaffMember

    now, today = timezone.now(), timezone.localdate()
    company = Company.objects.get(code="demo")
    with transaction.atomic():
        members = StaffMember.objects.bulk_create(
            (
                StaffMember(
                    company=company,
                    staff_no=f"B{n:05d}",
                    name=f"测试{n}",
                    initials="".join("abcdefghij"[int(digit)] for digit in f"{n:04d}"),
                    added_at=now,
                )
                for n in range(StaffMember.objects.filter(staff_no__startswith="B").count(), count)
            ),
            batch_size=1000,
        )
        facts = (
            StaffFact(member=member, company=company, recorded_at=now, recorded_by="bench", **told)
            for member in members
            for told in _facts(int(member.staff_no[1:]), today)
        )
        StaffFact.objects.bulk_create(facts, batch_size=2000)
        _plan(members, today)
        _sign_on(members)


def _plan(members: "list[StaffMember]", today: date) -> None:
    """A month of published shifts for those who watch or patrol, every other day."""
    from django.utils import timezone

    from lianjing.domain.people.models import RosterEntry

    now, zone = timezone.now(), timezone.get_default_timezone()
    first = today.replace(day=1)
    entries = (
        RosterEntry(
            company_id=member.company_id,
            member=member,
            post_kind=("watch", "patrol")[n % 4],
            place=f"测试席 {n // 4 % PLACES}",
            shift="白班",
            day=day,
            begins_at=datetime.combine(day, time(8), zone),
            ends_at=datetime.combine(day, time(20), zone),
            state="published",
            planned_at=now,
            published_at=now,
        )
        for member in members
        if (n := int(member.staff_no[1:])) % 4 < 2
        for day in (first + timedelta(days=ahead) for ahead in range(n // 4 % 2, ROSTER_DAYS, 2))
    )
    RosterEntry.objects.bulk_create(entries, batch_size=2000)


def _sign_on(members: "list[StaffMember]") -> None:
    from django.utils import timezone

    from lianjing.domain.people.models import Duty, Membership, User

    for member in members:
        n = int(member.staff_no[1:])
        if n < AT_DESKS and n % 4 == 0:
            member.user = User.objects.create(username=f"bench{n}", display_name=member.name)
            member.save(update_fields=["user"])
            Membership.objects.create(user=member.user, company_id=member.company_id, role="operator")
            told = {"user": member.user, "company_id": member.company_id, "source": "browser"}
            Duty.objects.create(desk=f"测试席 {n // 4 % PLACES}", since=timezone.now(), **told)


def _facts(n: int, today: date) -> Iterator[dict[str, Any]]:
    hired, until = today - timedelta(days=300 + n % 900), today + timedelta(days=1 + n * 37 % 1200)
    yield {"kind": "employment", "valid_from": hired}
    yield {"kind": "post_kind", "value": ("watch", "patrol", "design_install", "other")[n % 4], "valid_from": hired}
    yield {"kind": "identity", "value": f"{1970 + n % 35}-05-01"}
    yield {"kind": "nationality", "value": "CHN"}
    if n % 10:
        yield {"kind": "education", "value": "college"}
    yield {"kind": "health", "value": "passed", "valid_from": hired, "valid_until": until}
    yield {"kind": "background", "value": "passed", "valid_from": hired}
    yield {"kind": "police_exam", "value": "passed", "valid_from": hired}
    yield {"kind": "guard_certificate", "number": f"33{n}", "valid_from": hired, "valid_until": until}
    yield {"kind": "labour_contract", "number": f"L{n}", "valid_from": hired, "valid_until": until}
    yield {"kind": "insurance", "value": "意外伤害保险", "valid_from": hired, "valid_until": until}
    details = {"subjects": ["law", "guard", "skill"], "hours": 40}
    yield {"kind": "training", "value": "岗前培训", "valid_from": hired, "details": details}
