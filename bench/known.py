"""Accounts that an installation knows: `python -m bench.known PANELS SITES` inside its environment (Installation.know).

Every second panel has a key of its own. They were entered over a year, by turns for `SITES` sites of the demo company.
"""

import os
import sys
from collections.abc import Iterator
from datetime import timedelta
from itertools import islice
from typing import TYPE_CHECKING

import django

from bench.frames import account_of, key_of

if TYPE_CHECKING:
    from lianjing.domain.sites.models import Panel

TOGETHER = 5_000
"""Panels in one statement."""


def is_keyed(number: int) -> bool:
    """Whether the panel with this number encrypts."""
    return number % 2 == 1


def fill(panels: int, sites: int) -> None:
    """Adds what is missing, and deletes what is too much."""
    from django.db import transaction

    from lianjing.domain.sites.models import Panel

    places = _sites(sites)
    there = Panel.objects.filter(model="bench").count()
    with transaction.atomic():
        Panel.objects.filter(account__in=[account_of(number) for number in range(panels, there)]).delete()
        missing = _panels(there, panels, places)
        while some := list(islice(missing, TOGETHER)):
            Panel.objects.bulk_create(some)


def _sites(count: int) -> list[int]:
    from lianjing.domain.companies.models import Company
    from lianjing.domain.sites.models import Customer, Site

    company = Company.objects.get()
    customer, _ = Customer.objects.get_or_create(company=company, code="bench", defaults={"name": "bench"})
    return [
        Site.objects.get_or_create(
            company=company, code=f"bench {n}", defaults={"name": f"bench {n}", "customer": customer, "address": "—"}
        )[0].pk
        for n in range(count)
    ]


def _panels(first: int, end: int, sites: list[int]) -> "Iterator[Panel]":
    from django.conf import settings
    from django.utils import timezone

    from lianjing.core.crypto import seal_field
    from lianjing.domain.sites.models import Panel

    now, year = timezone.now(), timedelta(days=365)
    for number in range(first, end):
        account = account_of(number)
        key = key_of(account).hex().upper().encode() if is_keyed(number) else b""
        at = now - year * (1 - number / end) - timedelta(hours=1)
        yield Panel(
            site_id=sites[number % len(sites)],
            account=account,
            model="bench",
            key_sealed=seal_field(settings.ENVIRONMENT.data_key, key) if key else "",
            added_at=at,
            changed_at=at,
        )


if __name__ == "__main__":
    os.environ["DJANGO_SETTINGS_MODULE"] = "lianjing.project.settings"
    django.setup()
    fill(int(sys.argv[1]), int(sys.argv[2]))
