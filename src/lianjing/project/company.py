"""`lianjing company`: the operating companies of this installation."""

import argparse
import sys
from typing import TYPE_CHECKING

import django

from lianjing.terms.divisions import area_words
from lianjing.terms.premises import CustomerUnit

if TYPE_CHECKING:
    from lianjing.domain.companies.models import Company

UNITS = [unit.value for unit in CustomerUnit]


def add_arguments(parser: argparse.ArgumentParser) -> None:
    verbs = parser.add_subparsers(dest="what", required=True, metavar="list|add|set")
    verbs.add_parser("list", help="list companies with their codes")
    add = verbs.add_parser("add", help="enter a company")
    add.add_argument("code", help="letters, digits and hyphens; how commands and the API name it")
    add.add_argument("name", help="its full name")
    change = verbs.add_parser("set", help="choose what a company counts as one household (户), or its area")
    change.add_argument("--company", required=True, metavar="NAME", help="its code or name")
    change.add_argument("--count", choices=UNITS, help="one contract, customer or site is one household")
    change.add_argument(
        "--area",
        metavar="CODE",
        help="where it lies, six digits of GB/T 2260: the police of that area read it; '' none",
    )


def run(arguments: argparse.Namespace) -> int:
    django.setup()
    return {"list": _list, "add": _add, "set": _set}[arguments.what](arguments)


def _list(_arguments: argparse.Namespace) -> int:
    from lianjing.core.viewer import System
    from lianjing.domain.companies.queries import companies

    for company in companies(System("command line")):
        print(f"{company.code}\t{company.name}{' (demo)' if company.is_demo else ''}\t{company.area}".rstrip())
    return 0


def _add(arguments: argparse.Namespace) -> int:
    from django.core.exceptions import ValidationError
    from django.utils import timezone

    from lianjing.core.viewer import System
    from lianjing.domain.companies.actions import CodeTaken, add_company

    how = {"by": System("command line"), "at": timezone.now(), "source": "command line"}
    try:
        company = add_company(arguments.code, arguments.name, **how)
    except CodeTaken:
        print(f"lianjing company: there is a company {arguments.code!r} already", file=sys.stderr)
        return 1
    except ValidationError as wrong:
        for field, sentences in wrong.message_dict.items():
            print(f"lianjing company: {field}: {' '.join(sentences)}", file=sys.stderr)
        return 2
    print(f"{company.name} is entered; its code is {company.code}")
    print(f"next: lianjing user add NAME --role manager --company {company.code}")
    return 0


def _set(arguments: argparse.Namespace) -> int:
    from lianjing.core.viewer import System
    from lianjing.domain.companies.queries import company_called

    if arguments.count is None and arguments.area is None:
        print("lianjing company: give --count or --area", file=sys.stderr)
        return 2
    company = company_called(System("command line"), arguments.company)
    if company is None:
        print(f"lianjing company: there is no company {arguments.company!r}", file=sys.stderr)
        return 2
    if arguments.area is not None and not _set_area(company, arguments.area):
        return 2
    if arguments.count is not None:
        _set_unit(company, CustomerUnit(arguments.count))
    return 0


def _set_area(company: "Company", code: str) -> bool:
    from django.utils import timezone

    from lianjing.core.refusals import Refused
    from lianjing.core.viewer import System
    from lianjing.domain.companies.area import set_area

    try:
        changed = set_area(company.pk, code, by=System("command line"), at=timezone.now(), source="command line")
    except Refused:
        print(f"lianjing company: {code!r} is no division: six digits of GB/T 2260, such as 330602", file=sys.stderr)
        return False
    print(
        f"{company.name}: {f'lies in {changed.area} {area_words(changed.area)}' if changed.area else 'lies in no area'}"
    )
    return True


def _set_unit(company: "Company", unit: CustomerUnit) -> None:
    from django.utils import timezone

    from lianjing.core.viewer import System
    from lianjing.domain.companies.actions import set_counted_unit
    from lianjing.domain.sites.in_service import customers_in_service

    by = System("command line")
    set_counted_unit(company.pk, unit, by=by, at=timezone.now(), source="command line")
    found = customers_in_service(by, company.pk, timezone.localdate())
    counted = found.counted if found else 0
    print(f"{company.name}: one household is one {unit.value}; {counted} in service today")
