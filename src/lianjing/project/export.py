"""`lianjing export records`: what can be proved, in a folder that can be handed over."""

import argparse
import sys
from pathlib import Path

import django

from lianjing.project import verify_bundle


def add_arguments(parser: argparse.ArgumentParser) -> None:
    verbs = parser.add_subparsers(dest="what", required=True, metavar="records")
    records = verbs.add_parser("records", help="all sealed records and journal commits, with seals and signatures")
    records.add_argument("--out", type=Path, required=True, metavar="DIR", help="a folder that is new or empty")


def run(arguments: argparse.Namespace) -> int:
    django.setup()
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
