"""`lianjing export records`: what can be proved, in a folder that can be handed over. `export sites`: the workbook that
`lianjing import` takes."""

import argparse
import os
import sys
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import IO

import django

from lianjing.project import verify_bundle


def add_arguments(parser: argparse.ArgumentParser) -> None:
    verbs = parser.add_subparsers(dest="what", required=True, metavar="records|sites|template")
    records = verbs.add_parser("records", help="all sealed records and journal commits, with seals and signatures")
    records.add_argument("--out", type=Path, required=True, metavar="DIR", help="a folder that is new or empty")
    sites = verbs.add_parser("sites", help="a company's customers, contracts, sites and what is installed there")
    sites.add_argument("--company", required=True, metavar="NAME", help="code or name of the company")
    template = verbs.add_parser("template", help="the same workbook without rows, with explanations")
    for workbook in (sites, template):
        workbook.add_argument("--out", type=Path, required=True, metavar="FILE.xlsx", help="is written anew")
        workbook.add_argument("--labels", action="store_true", help="choices by their Chinese labels")


def run(arguments: argparse.Namespace) -> int:
    django.setup()
    return {"records": _records, "sites": _sites, "template": _template}[arguments.what](arguments)


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
    from django.utils import timezone

    from lianjing.core.viewer import System
    from lianjing.domain.companies.queries import company_called
    from lianjing.domain.sites.exporting.actions import export_sites
    from lianjing.domain.sites.exporting.workbook import Form

    company = company_called(System("command line"), arguments.company)
    if company is None:
        print(f"lianjing export: there is no company {arguments.company!r}", file=sys.stderr)
        return 2
    try:
        with _Draft(arguments.out) as file:
            form, at = Form(labels=arguments.labels), timezone.now()
            counts = export_sites(company.pk, file, form, by=System("command line"), at=at, source="command line")
    except OSError as wrong:
        print(f"lianjing export: {arguments.out} cannot be written: {wrong.strerror}", file=sys.stderr)
        return 2
    print(", ".join(f"{sheet} {count}" for sheet, count in counts.items()))
    print(f"in {arguments.out}; it holds personal data, and neither keys nor pass-words")
    return 0


def _template(arguments: argparse.Namespace) -> int:
    from lianjing.domain.sites.exporting.workbook import Form, write_template

    try:
        with _Draft(arguments.out) as file:
            write_template(file, Form(labels=arguments.labels))
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
