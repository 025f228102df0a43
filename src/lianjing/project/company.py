"""`lianjing company`: the operating companies of this installation."""

import argparse
import sys

import django


def add_arguments(parser: argparse.ArgumentParser) -> None:
    verbs = parser.add_subparsers(dest="what", required=True, metavar="list|add")
    verbs.add_parser("list", help="list companies with their codes")
    add = verbs.add_parser("add", help="enter a company")
    add.add_argument("code", help="letters, digits and hyphens; how commands and the API name it")
    add.add_argument("name", help="its full name")


def run(arguments: argparse.Namespace) -> int:
    django.setup()
    return _list() if arguments.what == "list" else _add(arguments)


def _list() -> int:
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
