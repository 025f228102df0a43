"""The queue page with 10,000 open incidents: the server's time for it, and how many queries it costs."""

import json
import os
import subprocess
import sys
from pathlib import Path

from bench.installation import Installation, kinds, running
from bench.machine import say
from bench.table import Row, Verdict, p95, spread
from bench.visitor import Visitor

OPEN = 10_000
FEW = 100
LOADS = 40


def run(rounds: int, _seconds: float) -> list[Row]:
    """Measures every database that is at hand."""
    return [_measure(kind, rounds) for kind in kinds()]


def _measure(kind: str, rounds: int) -> Row:
    say(f"queue page, {kind}")
    with running(kind) as program:
        few, many = _fill(program, FEW), _fill(program, OPEN)
        visitor = Visitor(program.url, "operator")
        visitor.timed("/")
        runs = [sorted(visitor.timed("/") for _ in range(LOADS)) for _ in range(rounds)]
    middle, tail = spread([ms[LOADS // 2] for ms in runs]), spread([ms[LOADS * 95 // 100] for ms in runs])
    verdict = Verdict(goal=f"as many with {FEW}", reached=few == many)
    return Row(f"queue page, {OPEN:,} open, {kind}", f"{many} queries", middle.middle, p95(tail), verdict)


def _fill(program: Installation, count: int) -> int:
    """Opens cases until there are `count`; how many queries the page costs then."""
    code = f"from bench.desk import fill_and_count; fill_and_count({count})"
    done = subprocess.run(
        [sys.executable, "-c", code],
        env=program.environment,
        check=True,
        capture_output=True,
        text=True,
        cwd=Path.cwd(),
    )
    return int(json.loads(done.stdout))


def fill_and_count(count: int) -> None:
    """Runs inside the installation: fills it up and prints the number of queries of one page."""
    os.environ["DJANGO_SETTINGS_MODULE"] = "lianjing.project.settings"
    import django

    django.setup()
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext

    from lianjing.domain.people.models import User

    _open_cases(count)
    client = Client()
    client.force_login(
        User.objects.get(username="operator"), backend="allauth.account.auth_backends.AuthenticationBackend"
    )
    with CaptureQueriesContext(connection) as queries:
        assert client.get("/", headers={"host": "127.0.0.1"}).status_code == 200  # noqa: S101 a bench checks itself
    print(len(queries))


def _open_cases(count: int) -> None:
    from datetime import timedelta

    from django.utils import timezone

    from lianjing.domain.incidents.models import Incident
    from lianjing.domain.signals.models import Lane
    from lianjing.domain.sites.models import Site

    now = timezone.now()
    sites = list(Site.objects.order_by("pk"))
    lanes = [Lane.objects.get_or_create(key=f"site:{site.pk}", defaults={"site": site})[0] for site in sites]
    Incident.objects.bulk_create(
        (
            Incident(
                company_id=sites[n % len(sites)].company_id,
                site=sites[n % len(sites)],
                lane=lanes[n % len(sites)],
                join_key=f"bench:{n}",
                joinable=False,
                event_class="intrusion",
                grade=1 + n % 4,
                queue_level=1 + n % 4,
                scheme="SIA",
                code="BA",
                qualifier="N",
                zone_words=[{"kind": "zone", "number": "001", "name": "前门门磁"}],
                opened_at=now - timedelta(seconds=n),
                attention_at=now - timedelta(seconds=n),
                last_signal_at=now - timedelta(seconds=n),
                signal_count=1,
                unseen=1,
            )
            for n in range(Incident.objects.count(), count)
        ),
        batch_size=1000,
    )
