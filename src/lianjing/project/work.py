"""`lianjing work`: the background process."""

import argparse

import django


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.set_defaults()


def run(arguments: argparse.Namespace) -> int:
    django.setup()
    from django.conf import settings

    from lianjing.core.seals.signing import SealKey
    from lianjing.workers.process import run_until_stopped

    run_until_stopped(SealKey.load_or_make(settings.ENVIRONMENT.seal_key_file))
    return 0
