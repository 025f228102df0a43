"""A district under one company, inside an installation (Installation.inside): `python -m bench.district WHAT`.

`fill SITES` makes it: each site has a customer, a contract in service, a panel that has reported before. `due` lets
all held losses of mains fall due now, `present` has none held.
"""

import os
import sys
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import django

from bench.frames import account_of

TOGETHER = 2_000
"""Rows in one statement."""


def name_of(number: int) -> str:
    """The site of the panel with this number."""
    return f"商户{number:06d}号"


def fill(count: int) -> None:
    """Adds so many sites to the demo company."""
    from django.db import transaction

    with transaction.atomic():
        for first in range(0, count, TOGETHER):
            _fill(range(first, min(first + TOGETHER, count)))


def _fill(numbers: range) -> None:
    from django.utils import timezone

    from lianjing.core.viewer import System
    from lianjing.domain.companies.models import Company
    from lianjing.domain.records.changing import Actor
    from lianjing.domain.sites.contract_spans import keep_spans
    from lianjing.domain.sites.models import Contract, ContractState, Customer, Panel, Site

    company, now = Company.objects.get(), timezone.now()
    long_ago = now - timedelta(days=365)
    customers = _made(Customer, [{"company": company, "code": f"bench {n}", "name": name_of(n)} for n in numbers])
    contracts = _made(
        Contract, [{"company": company, "customer": c, "number": c.code, "starts_on": long_ago} for c in customers]
    )
    _made(ContractState, [{"contract": c, "state": "in_service", "starts_on": long_ago} for c in contracts])
    keep_spans([contract.pk for contract in contracts], Actor(System("bench"), long_ago, "bench"))
    sites = _made(
        Site,
        [
            {"company": company, "customer": c, "code": c.code, "name": c.name, "address": f"解放路 {n} 号"}
            for n, c in zip(numbers, customers, strict=True)
        ],
    )
    known = {"added_at": long_ago, "changed_at": long_ago, "activated_at": long_ago}
    _made(Panel, [{"site": s, "account": account_of(n), **known} for n, s in zip(numbers, sites, strict=True)])


def _made(model: Any, rows: list[dict[str, Any]]) -> list[Any]:
    return list(model.objects.bulk_create(model(**row) for row in rows))


def due() -> None:
    """Everything that is held is to be presented now."""
    from django.utils import timezone

    from lianjing.domain.signals.models import Condition

    Condition.objects.filter(ended_at=None, present_at__isnull=False).update(present_at=timezone.now())


def present() -> None:
    """Losses of mains are presented at once."""
    from lianjing.domain.companies.models import Company
    from lianjing.domain.signals.models import TreatmentLimits

    TreatmentLimits.objects.update_or_create(company=Company.objects.get(), defaults={"mains_delay_min": 0})


if __name__ == "__main__":
    os.environ["DJANGO_SETTINGS_MODULE"] = "lianjing.project.settings"
    django.setup()
    what, *words = sys.argv[1:]
    verbs: dict[str, Callable[..., None]] = {"fill": fill, "due": due, "present": present}
    verbs[what](*map(int, words))
