"""`lianjing self-inspection`: the self-inspection report of a company for a day, as PDF, workbook and JSON."""

import argparse
import hashlib
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import django

from lianjing.project.clauses import day

if TYPE_CHECKING:
    from lianjing.web.self_inspection.content import Asked


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--company", required=True, metavar="NAME", help="its code or name")
    parser.add_argument("--on", type=day, metavar="DATE", help="the day that is asked about, today without it")
    parser.add_argument(
        "--known", default="", metavar="TIME", help="by what was recorded until then: a day (its end) or an instant"
    )
    parser.add_argument("--out", required=True, type=Path, metavar="DIR", help="the folder for the three files")


def run(arguments: argparse.Namespace) -> int:
    django.setup()
    from django.utils import timezone

    from lianjing.core.viewer import System
    from lianjing.domain.companies.queries import company_called
    from lianjing.domain.signals.days import today
    from lianjing.web.known_time import BadTime, known_time
    from lianjing.web.self_inspection.content import Asked
    from lianjing.web.self_inspection.making import FORMS, CannotSet, made_files

    viewer = System("command line")
    company = company_called(viewer, arguments.company)
    if company is None:
        print(f"lianjing self-inspection: there is no company {arguments.company!r}", file=sys.stderr)
        return 2
    try:
        asked = Asked(company, arguments.on or today(), known_time(arguments.known))
        files = made_files(viewer, asked, list(FORMS), timezone.now(), "command line")
    except (BadTime, OverflowError):
        print(
            "lianjing self-inspection: a day or an instant is written 2026-03-31 or 2026-03-31T12:00", file=sys.stderr
        )
        return 2
    except CannotSet as wrong:
        print(f"lianjing self-inspection: the PDF cannot be set: {wrong}", file=sys.stderr)
        return 2
    return _write(arguments.out, asked, files)


def _write(folder: Path, asked: "Asked", files: dict[str, bytes]) -> int:
    from lianjing.web.self_inspection.making import file_name

    try:
        folder.mkdir(parents=True, exist_ok=True)
        for form, content in files.items():
            path = folder / file_name(asked, form)
            path.write_bytes(content)
            print(f"{hashlib.sha256(content).hexdigest()}  {path}")
    except OSError as wrong:
        print(f"lianjing self-inspection: {wrong}", file=sys.stderr)
        return 2
    return 0
