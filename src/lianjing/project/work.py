"""`lianjing work`: the background process."""

import argparse
import sys
from datetime import timedelta

import django


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.set_defaults()


def run(arguments: argparse.Namespace) -> int:
    django.setup()
    from django.conf import settings

    from lianjing.core.seals.signing import SealKey
    from lianjing.domain.signals.line_policy import Folding
    from lianjing.project.senders import deliveries
    from lianjing.workers.call_cards import CallCards
    from lianjing.workers.heads import Heads
    from lianjing.workers.lines import Lines
    from lianjing.workers.process import run_until_stopped
    from lianjing.workers.retention import Retention
    from lianjing.workers.watching import Watch

    environment = settings.ENVIRONMENT
    heads = Heads(environment.heads_file, environment.heads_mail)
    retention = Retention(environment.keep_records_days, environment.keep_frames_days)
    watch = Watch(environment.status_path)
    folding = Folding(
        environment.mass_loss_panels,
        timedelta(seconds=environment.mass_loss_seconds),
        timedelta(seconds=environment.loss_wait_seconds),
    )
    key = SealKey.load_or_make(environment.seal_key_file)
    cards = CallCards([sys.executable, "-m", "lianjing.project.command", "call-cards", "--quiet"])
    run_until_stopped(key, retention, heads, watch, Lines(folding), cards, deliveries(environment))
    return 0
