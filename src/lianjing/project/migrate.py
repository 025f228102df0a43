"""`lianjing migrate`."""

import argparse

import django
from django.core.management import call_command


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--quiet", action="store_true", help="say nothing when there is nothing to do")


def run(arguments: argparse.Namespace) -> int:
    django.setup()
    call_command("migrate", interactive=False, verbosity=0 if arguments.quiet else 1)
    return 0
