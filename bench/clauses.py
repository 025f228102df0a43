"""From a change to the kept verdict, with 100 companies of 1,000 customers and one of 100,000; full sweep; the page.

`work` and `web` run as they do for everybody; a change is a contract put into service, as the action does it. Smaller:
`python -m bench clauses --clauses 10x200+5000`.
"""

import argparse
import json
import os
import re
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bench.installation import Installation, installed, kinds
from bench.machine import say
from bench.table import Row, Verdict, below, p95, spread
from bench.visitor import Visitor

if TYPE_CHECKING:
    from lianjing.domain.companies.models import Company

PEOPLE = 60
CHANGES, AT_ONCE = 10, 10
IMPORTED = 1_000
FIRST_SWEEP_S = 1_800
LOADS = 20
LIMIT_S, PAGE_MS = 5.0, 300.0
PAGES = {"the page": "", "the page, a day of last month": "&on={past}"}


@dataclass(frozen=True, slots=True)
class Sizes:
    """So many companies of so many customers, and one of `large`."""

    companies: int
    customers: int
    large: int


WHOLE = Sizes(100, 1_000, 100_000)


def sizes_of(text: str) -> Sizes:
    """`10x200+5000`. Raises ArgumentTypeError."""
    found = re.fullmatch(r"(\d+)x(\d+)\+(\d+)", text)
    if found is None or not all(map(int, found.groups())):
        raise argparse.ArgumentTypeError(f"{text!r} are no sizes: COMPANIESxCUSTOMERS+LARGE, as 10x200+5000")
    return Sizes(*map(int, found.groups()))


def run(rounds: int, _seconds: float, sizes: Sizes = WHOLE) -> list[Row]:
    """Measures every database that is at hand."""
    return [row for kind in kinds() for row in _measure(kind, rounds, sizes)]


def _measure(kind: str, rounds: int, sizes: Sizes) -> Iterator[Row]:
    say(f"clauses, {kind}")
    with installed(kind) as program:
        _inside(program, f"fill({sizes!r}); print(0)")
        program.start_all()
        told = _inside(program, f"print(json.dumps(measure({rounds})))")
        names = {
            "one": f"one of {sizes.customers:,}",
            "many": f"{told['at_once']} of {sizes.customers:,} at once",
            "large": f"the one of {sizes.large:,}",
            "import": f"import of {IMPORTED:,} contracts",
        }
        for what, name in names.items():
            found = spread(told[what])
            verdict = below(found.most, LIMIT_S, "s", "all")
            yield Row(f"change to verdict, {name}, {kind}", f"{found:.2f} s", 1000 * found.middle, "", verdict)
        sweep = told["sweep"]
        yield Row(f"full sweep, {sizes.companies} × {sizes.customers:,} and {sizes.large:,}, {kind}", f"{sweep:.1f} s")
        yield Row(f"import of {IMPORTED:,} contracts, {kind}", f"judged {told['judged']} times")
        visitor = Visitor(program.url, "manager")
        for name, query in PAGES.items():
            path = f"/office/clauses/?company={told['company']}{query.format(past=told['past'])}"
            visitor.timed(path)
            runs = [sorted(visitor.timed(path) for _ in range(LOADS)) for _ in range(rounds)]
            middle, tail = spread([ms[LOADS // 2] for ms in runs]), spread([ms[LOADS * 95 // 100] for ms in runs])
            goal = Verdict("", f"p95 < {PAGE_MS:g} ms", tail.middle < PAGE_MS)
            yield Row(
                f"{name}, {sizes.customers:,} customers, {PEOPLE} people, {kind}", "", middle.middle, p95(tail), goal
            )


def _inside(program: Installation, code: str) -> Any:
    """Runs in the installation; the last line that it prints, as JSON."""
    done = subprocess.run(
        [sys.executable, "-c", f"import json; from bench.clauses import *; begin(); {code}"],
        env=program.environment,
        check=True,
        stdout=subprocess.PIPE,
        text=True,
        cwd=Path.cwd(),
    )
    return json.loads(done.stdout.strip().split("\n")[-1])


def begin() -> None:
    os.environ["DJANGO_SETTINGS_MODULE"] = "lianjing.project.settings"
    import django

    django.setup()


def fill(sizes: Sizes) -> None:
    """The companies with their customers; the demo company gets customers and people for the page."""
    from django.db import transaction

    from lianjing.domain.companies.models import Company

    with transaction.atomic():
        companies = Company.objects.bulk_create(
            Company(code=f"b{n}", name=f"测试单位{n}") for n in range(sizes.companies + 1)
        )
        for company in companies[:-1]:
            _customers(company, sizes.customers)
        _customers(companies[-1], sizes.large)
        demo = Company.objects.get(code="demo")
        _customers(demo, sizes.customers)
    from bench.people import _enter

    _enter(PEOPLE)


def _customers(company: "Company", count: int) -> None:
    from datetime import date

    from django.utils import timezone

    from lianjing.domain.sites.models import Contract, ContractState, Customer

    since = date(2026, 1, 1)
    told = _recorded(Contract, timezone.now())
    customers = Customer.objects.bulk_create(
        (Customer(company=company, code=f"bench {n}", name=f"商户{n}") for n in range(count)), batch_size=2000
    )
    contracts = Contract.objects.bulk_create(
        (Contract(company=company, customer=one, number=one.code, starts_on=since, **told) for one in customers),
        batch_size=2000,
    )
    states = _recorded(ContractState, timezone.now())
    ContractState.objects.bulk_create(
        (ContractState(contract=one, state="in_service", starts_on=since, **states) for one in contracts),
        batch_size=2000,
    )


def _recorded(model: Any, at: Any) -> dict[str, Any]:
    """Columns of who recorded it and when, where there are such."""
    names = {field.name for field in model._meta.fields}
    return {name: value for name, value in (("recorded_at", at), ("recorded_by", "bench")) if name in names}


def measure(rounds: int) -> dict[str, Any]:
    """Seconds from commit to the kept verdict, by what was changed; of the sweep from due to done."""
    from datetime import timedelta

    from django.utils import timezone

    from lianjing.domain.companies.models import Company

    small = list(Company.objects.filter(code__startswith="b").order_by("pk"))
    large = small.pop()
    sweep = _sweep()
    told: dict[str, Any] = {
        "one": [_change([small[n % len(small)]]) for n in range(CHANGES)],
        "many": [_change(small[:AT_ONCE]) for _ in range(max(3, rounds))],
        "large": [_change([large]) for _ in range(max(3, rounds))],
        "at_once": len(small[:AT_ONCE]),
    }
    imports = [_import(small[-1 - n % len(small)]) for n in range(max(3, rounds))]
    demo = Company.objects.get(code="demo")
    past = timezone.localdate() - timedelta(days=31)
    told |= {"import": [seconds for seconds, _ in imports], "sweep": sweep}
    return told | {"judged": max(times for _, times in imports), "company": demo.pk, "past": str(past)}


def _sweep() -> float:
    """All companies are due at once; how long until none is."""
    from lianjing.domain.companies.models import Company
    from lianjing.domain.compliance.models import JudgedCompany

    count = Company.objects.count()
    _wait(lambda: JudgedCompany.objects.exclude(swept_on=None).count() == count, FIRST_SWEEP_S)
    began = time.perf_counter()
    JudgedCompany.objects.update(swept_on=None)
    _wait(lambda: not JudgedCompany.objects.filter(swept_on=None).exists(), FIRST_SWEEP_S)
    return time.perf_counter() - began


def _change(companies: "Sequence[Company]") -> float:
    from django.db import transaction

    wanted = {company.pk: _kept(company.pk) + 1 for company in companies}
    with transaction.atomic():
        for company in companies:
            _add(company, 1)
    began = time.perf_counter()
    _wait(lambda: all(_kept(pk) >= count for pk, count in wanted.items()), 60)
    return time.perf_counter() - began


def _import(company: "Company") -> tuple[float, int]:
    """Seconds, and how often the clause was judged meanwhile."""
    from django.db import transaction

    from lianjing.domain.compliance.models import JudgedCompany

    def revision() -> int:
        return JudgedCompany.objects.values_list("revision", flat=True).get(pk=company.pk)

    count, before = _kept(company.pk) + IMPORTED, revision()
    with transaction.atomic():
        _add(company, IMPORTED)
    began = time.perf_counter()
    _wait(lambda: _kept(company.pk) >= count, 60)
    took = time.perf_counter() - began
    time.sleep(3)
    return took, revision() - before


def _add(company: "Company", count: int) -> None:
    """Contracts in service, and the news of each."""
    from datetime import date

    from django.utils import timezone

    from lianjing.core.outbox.write import News, emit
    from lianjing.domain.sites.models import Contract, ContractState, Customer

    now, since = timezone.now(), date(2026, 1, 1)
    at = f"{now:%H%M%S%f}"
    customers = Customer.objects.bulk_create(
        Customer(company=company, code=f"{at} {n}", name=f"新商户{n}") for n in range(count)
    )
    told = _recorded(Contract, now)
    contracts = Contract.objects.bulk_create(
        Contract(company=company, customer=one, number=one.code, starts_on=since, **told) for one in customers
    )
    states = _recorded(ContractState, now)
    ContractState.objects.bulk_create(
        ContractState(contract=one, state="in_service", starts_on=since, **states) for one in contracts
    )
    emit([News("contract.changed", company.pk, {"contract": one.pk}) for one in contracts], at=now)


def _kept(company_id: int) -> int:
    """Customers in service as the kept verdict of 5.2 has them."""
    from lianjing.domain.compliance.models import StandingVerdict

    row = StandingVerdict.objects.filter(company_id=company_id, clause="5.2").first()
    return int(row.figures["customers"]) if row else 0


def _wait(done: Any, seconds: float) -> None:
    end = time.monotonic() + seconds
    while not done():
        if time.monotonic() > end:
            raise TimeoutError(f"not done within {seconds:g} s")
        time.sleep(0.02)
