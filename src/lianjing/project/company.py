"""`lianjing company`: the operating companies of this installation."""

import argparse
import sys

import django

from lianjing.terms.premises import CustomerUnit

UNITS = [unit.value for unit in CustomerUnit]


def add_arguments(parser: argparse.ArgumentParser) -> None:
    verbs = parser.add_subparsers(dest="what", required=True, metavar="list|add|set")
    verbs.add_parser("list", help="list companies with their codes")
    add = verbs.add_parser("add", help="enter a company")
    add.add_argument("code", help="letters, digits and hyphens; how commands and the API name it")
    add.add_argument("name", help="its full name")
    change = verbs.add_parser("set", help="choose what a company counts as one household (户)")
    change.add_argument("--company", required=True, metavar="NAME", help="its code or name")
    change.add_argument("--count", required=True, choices=UNITS, help="one contract, customer or site is one household")


def run(arguments: argparse.Namespace) -> int:
    django.setup()
    return {"list": _list, "add": _add, "set": _set}[arguments.what](arguments)


def _list(_arguments: argparse.Namespace) -> int:
    from lianjing.core.viewer import System
    from lianjing.domain.companies.queries import companies

    for company in companies(System("command line")):
        print(f"{company.code}\t{company.name}{' (demo)' if company.is_demo else ''}")
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
    from django.utils import timezone

    from lianjing.core.viewer import System
    from lianjing.domain.companies.actions import set_counted_unit
    from lianjing.domain.companies.queries import company_called
    from lianjing.domain.sites.in_service import customers_in_service

    by = System("command line")
    company = company_called(by, arguments.company)
    if company is None:
        print(f"lianjing company: there is no company {arguments.company!r}", file=sys.stderr)
        return 2
    set_counted_unit(company.pk, CustomerUnit(arguments.count), by=by, at=timezone.now(), source="command line")
    found = customers_in_service(by, company.pk, timezone.localdate())
    counted = found.counted if found else 0
    print(f"{company.name}: one household is one {arguments.count}; {counted} in service today")
    return 0
