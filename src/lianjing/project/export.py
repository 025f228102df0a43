"""`lianjing export records`: what can be proved, in a folder that can be handed over. `export sites`, `export people`
and `export equipment`: the workbooks that `lianjing import` takes."""

import argparse
import os
import sys
from collections.abc import Callable
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import IO

import django

from lianjing.project import verify_bundle


def add_arguments(parser: argparse.ArgumentParser) -> None:
    verbs = parser.add_subparsers(dest="what", required=True, metavar="records|sites|people|equipment|template")
    records = verbs.add_parser("records", help="all sealed records and journal commits, with seals and signatures")
    records.add_argument("--out", type=Path, required=True, metavar="DIR", help="a folder that is new or empty")
    sites = verbs.add_parser("sites", help="a company's customers, contracts, sites and what is installed there")
    sites.add_argument("--company", required=True, metavar="NAME", help="code or name of the company")
    people = verbs.add_parser("people", help="the files of a company's people, as one sheet")
    people.add_argument("--company", required=True, metavar="NAME", help="code or name of the company")
    people.add_argument("--identity", action="store_true", help="with whole identity numbers; each is on record")
    people.add_argument("--reason", default="", metavar="TEXT", help="why the numbers go out; is recorded")
    equipment = verbs.add_parser("equipment", help="the register of a company's own equipment, as one sheet")
    equipment.add_argument("--company", required=True, metavar="NAME", help="code or name of the company")
    template = verbs.add_parser("template", help="all workbooks in one, without rows, with explanations")
    for workbook in (sites, people, equipment, template):
        workbook.add_argument("--out", type=Path, required=True, metavar="FILE.xlsx", help="is written anew")
        workbook.add_argument("--labels", action="store_true", help="choices by their Chinese labels")


def run(arguments: argparse.Namespace) -> int:
    django.setup()
    verbs = {"records": _records, "sites": _sites, "people": _people, "equipment": _equipment, "template": _template}
    return verbs[arguments.what](arguments)


def _records(arguments: argparse.Namespace) -> int:
    from lianjing.core.viewer import System
    from lianjing.domain.signals.bundle import NotEmpty, write_bundle

    try:
        written = write_bundle(System("command line"), arguments.out, script=Path(verify_bundle.__file__))
    except (NotEmpty, OSError) as wrong:
        print(f"lianjing export: {wrong}", file=sys.stderr)
        return 2
    print(f"{written.seals} seals with {written.leaves} leaves in {arguments.out}")
    print("it holds personal data: hand it over as you would the records themselves")
    print(f"check it: lianjing verify-records {arguments.out}, or there: python3 verify.py")
    print(f"head {written.head}")
    return 0


def _sites(arguments: argparse.Namespace) -> int:
    from lianjing.domain.sites.exporting.actions import export_sites

    return _written(arguments, export_sites, "it holds personal data, and neither keys nor pass-words")


def _equipment(arguments: argparse.Namespace) -> int:
    from lianjing.domain.facilities.actions.equipment_sheet import export_equipment

    return _written(arguments, export_equipment, "it names who answers for what by staff number")


def _written(arguments: argparse.Namespace, export: Callable[..., dict[str, int]], holds: str) -> int:
    """A company's workbook, with nothing to choose but how values are written."""
    from django.utils import timezone

    from lianjing.core.viewer import System
    from lianjing.core.workbooks.writing import Form
    from lianjing.domain.companies.queries import company_called

    company = company_called(System("command line"), arguments.company)
    if company is None:
        print(f"lianjing export: there is no company {arguments.company!r}", file=sys.stderr)
        return 2
    try:
        with _Draft(arguments.out) as file:
            form, at = Form(labels=arguments.labels), timezone.now()
            counts = export(company.pk, file, form, by=System("command line"), at=at, source="command line")
    except OSError as wrong:
        print(f"lianjing export: {arguments.out} cannot be written: {wrong.strerror}", file=sys.stderr)
        return 2
    print(", ".join(f"{sheet} {count}" for sheet, count in counts.items()))
    print(f"in {arguments.out}; {holds}")
    return 0


def _people(arguments: argparse.Namespace) -> int:
    from django.utils import timezone

    from lianjing.core.crypto import Unopenable
    from lianjing.core.refusals import Refused
    from lianjing.core.viewer import System
    from lianjing.core.workbooks.writing import Form
    from lianjing.domain.companies.queries import company_called
    from lianjing.domain.people.exporting.actions import Wanted, export_people

    company = company_called(System("command line"), arguments.company)
    if company is None:
        print(f"lianjing export: there is no company {arguments.company!r}", file=sys.stderr)
        return 2
    if arguments.reason.strip() and not arguments.identity:
        print("lianjing export: --reason is asked for with --identity only", file=sys.stderr)
        return 2
    wanted = Wanted(Form(labels=arguments.labels), arguments.identity, arguments.reason)
    try:
        with _Draft(arguments.out) as file:
            by, at = System("command line"), timezone.now()
            counts = export_people(company.pk, file, wanted, by=by, at=at, source="command line")
    except Refused as refused:
        print(f"lianjing export: --identity takes --reason TEXT, which is recorded: {refused}", file=sys.stderr)
        return 2
    except Unopenable:
        print("lianjing export: an identity number was sealed with another data key", file=sys.stderr)
        return 2
    except OSError as wrong:
        print(f"lianjing export: {arguments.out} cannot be written: {wrong.strerror}", file=sys.stderr)
        return 2
    print(f"people {counts['people']}")
    held = (
        "personal data with whole identity numbers" if arguments.identity else "personal data, and no identity numbers"
    )
    print(f"in {arguments.out}; it holds {held}")
    return 0


def _template(arguments: argparse.Namespace) -> int:
    from lianjing.core.workbooks.writing import Form, write_template
    from lianjing.domain.incidents.importing import SHEETS

    try:
        with _Draft(arguments.out) as file:
            write_template(SHEETS.values(), file, Form(labels=arguments.labels))
    except OSError as wrong:
        print(f"lianjing export: {arguments.out} cannot be written: {wrong.strerror}", file=sys.stderr)
        return 2
    print(f"an empty workbook in {arguments.out}; sheet 说明 tells what goes where")
    return 0


class _Draft:
    """A file beside the one that is wanted, which takes its place when it is whole. Only its owner reads it."""

    def __init__(self, wanted: Path) -> None:
        self._wanted = wanted

    def __enter__(self) -> IO[bytes]:
        self._file = NamedTemporaryFile(dir=self._wanted.parent, prefix=".export-", delete=False)
        return self._file

    def __exit__(self, kind: object, *_: object) -> None:
        self._file.close()
        if kind is None:
            os.replace(self._file.name, self._wanted)  # noqa: PTH105
        else:
            Path(self._file.name).unlink()
