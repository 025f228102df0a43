"""The list of findings with 2,000 of them: the server's time for a page, and how many queries it costs."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

from bench.installation import Installation, kinds, running
from bench.machine import say
from bench.table import Row, Verdict, p95, spread
from bench.visitor import Visitor

FINDINGS, FEW = 2_000, 100
LOADS = 20
LIMIT_MS = 300.0
LISTS = {
    "findings": "/office/findings/",
    "findings, overdue": "/office/findings/?tab=overdue",
    "findings, ended": "/office/findings/?tab=ended",
    "findings by grade and source": "/office/findings/?tab=all&grade=major&source=clause",
    "findings by owner": "/office/findings/?owner=W01",
    "findings of a clause": "/office/findings/?tab=all&clause=6.3",
    "findings by text": "/office/findings/?tab=all&q=12",
}


def run(rounds: int, _seconds: float) -> list[Row]:
    """Measures every database that is at hand."""
    return [row for kind in kinds() for row in _measure(kind, rounds)]


def _measure(kind: str, rounds: int) -> Iterator[Row]:
    say(f"findings, {kind}")
    with running(kind) as program:
        few, many = _fill(program, FEW), _fill(program, FINDINGS)
        visitor = Visitor(program.url, "manager")
        for name, path in LISTS.items():
            visitor.timed(path)
            runs = [sorted(visitor.timed(path) for _ in range(LOADS)) for _ in range(rounds)]
            middle, tail = spread([ms[LOADS // 2] for ms in runs]), spread([ms[LOADS * 95 // 100] for ms in runs])
            reached = few[name] == many[name] and tail.middle < LIMIT_MS
            verdict = Verdict(f"{few[name]} with {FEW}", f"p95 < {LIMIT_MS:g} ms", reached)
            yield Row(f"{name}, {FINDINGS:,}, {kind}", f"{many[name]} queries", middle.middle, p95(tail), verdict)


def _fill(program: Installation, count: int) -> dict[str, int]:
    """Raises findings until there are `count`; how many queries each list costs then."""
    code = f"from bench.findings import fill_and_count; fill_and_count({count})"
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
    """Findings as they are after some years: most closed, some late, some waiting for somebody else's eyes."""
    from lianjing.domain.companies.models import Company
    from lianjing.domain.findings.models import Finding
    from lianjing.domain.people.models import StaffMember

    company = Company.objects.get(code="demo")
    owners = list(StaffMember.objects.filter(company=company).order_by("pk"))
    began = Finding.objects.filter(number__startswith="B-").count()
    rows = (Finding(company=company, **_told(n, owners)) for n in range(began, count))
    Finding.objects.bulk_create(rows, batch_size=500)


STATES = ("closed", "closed", "closed", "identified", "assigned", "in_progress", "done", "dismissed")


def _told(n: int, owners: list[Any]) -> dict[str, Any]:
    from django.utils import timezone

    now, today = timezone.now(), timezone.localdate()
    state, rank = STATES[n % len(STATES)], n // 3 % 4
    raised = now - timedelta(days=1 + n % 700)
    due = today - timedelta(days=n % 50 - 30) if state != "identified" else None
    return {
        "number": f"B-{n:05d}",
        "source_kind": ("clause", "drill", "own", "incident")[n % 4],
        "clauses": ("|6.3|", "|5.2|8.4.2|", "")[n % 3],
        "title": f"第 {n} 件：记录与现场不一致",
        "description": "与要求不一致的地方，写得像真的一样长。" * 8,
        "grade": ("major", "minor", "observation", "opportunity")[rank],
        "grade_rank": rank + 1,
        "state": state,
        "raised_at": raised,
        "raised_by": "bench",
        "owner": owners[n % len(owners)] if due else None,
        "due_on": due,
        "next_on": due or (raised + timedelta(days=7)).date(),
        "closed_at": raised + timedelta(days=n % 40) if state in ("closed", "dismissed") else None,
    }
