"""`lianjing bench`: the measurements of the source checkout's `bench` folder."""

import argparse
import sys
from importlib.util import find_spec


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.description = (
        "Measure this machine: durable frames a second, everything under load, alarm to screen, queue page."
    )
    parser.add_argument("parts", nargs="*", metavar="PART", help="measure only these parts (default: all)")


def run(arguments: argparse.Namespace) -> int:
    # The folder belongs to the checkout, not to the installed package: it needs the tests' program beside it.
    sys.path.insert(0, "")
    if find_spec("bench") is None:
        print("lianjing bench: run it in the source checkout, where the folder `bench` is", file=sys.stderr)
        return 2
    from bench.__main__ import main

    main(arguments.parts)
    return 0
