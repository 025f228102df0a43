"""`lianjing verify-records`: is everything as it was sealed."""

import argparse
import sys
from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import chain, islice
from pathlib import Path

import django

from lianjing.core.seals.bundle import BadBundle, Checked, verify_bundle

SHOWN = 50
AGREES = "the log agrees with the head {}:{} that was kept elsewhere"
ONLY_INNER = (
    "only inner consistency is proved: a cut tail or a full rewrite shows against a head kept elsewhere, "
    "given with --head"
)
GRACE = timedelta(minutes=2)
"""A journal commit younger than this may wait for its seal; with `work` stopped it waits for its return."""


def head(text: str) -> tuple[int, str]:
    number, _, digest = text.partition(":")
    if not number.isdigit() or len(digest) != 64:
        raise argparse.ArgumentTypeError("a head is N:HEX, the seal's number and its hash of 64 hexadecimal digits")
    return int(number), digest.lower()


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "folder",
        nargs="?",
        type=Path,
        metavar="DIR",
        help="check an exported bundle, without a database",
    )
    parser.add_argument(
        "--head", type=head, metavar="N:HEX", help="a head that was kept elsewhere: shows cut tails and full rewrites"
    )


def run(arguments: argparse.Namespace) -> int:
    if arguments.folder is not None:
        return _run_on_bundle(arguments.folder, arguments.head)
    django.setup()
    from django.conf import settings
    from django.utils import timezone

    from lianjing.core.seals.signing import SealKey
    from lianjing.core.viewer import System
    from lianjing.domain.records.models import Record, Seal
    from lianjing.domain.records.queries import erasures, verify_head, verify_log
    from lianjing.domain.signals.models import Batch
    from lianjing.domain.signals.proof import verify_journal
    from lianjing.domain.signals.retention import frame_orders

    viewer = System("verify-records")
    environment = settings.ENVIRONMENT
    own = SealKey.load_or_make(environment.seal_key_file).public_bytes.hex()
    keys = {own, *environment.earlier_seal_keys}
    due = _sealed_before(timezone.now())
    checks = [verify_log(viewer, trusted_keys=keys), verify_journal(viewer, sealed_before=due)]
    if arguments.head:
        checks.append(verify_head(viewer, *arguments.head))
    faults = chain.from_iterable(checks)
    if _print_faults(faults):
        return 1
    counts = f"{Record.objects.count()} records, {Batch.objects.count()} journal commits, {Seal.objects.count()} seals"
    print(f"ok: {counts}: contents, order, chain and signatures hold")
    for erasure in chain(erasures(viewer), frame_orders(viewer)):
        print(erasure)
    print("covered: acts and received frames with their signals; the present state of cases is told by their acts")
    _print_head(arguments.head)
    return 0


def _print_faults(faults: Iterator[object]) -> bool:
    """The first of them; whether there was any."""
    found = list(islice(faults, SHOWN))
    for fault in found:
        print(f"WRONG {fault}")
    if found:
        more = " (and more)" if next(faults, None) else ""
        print(f"{len(found)} {'fault' if len(found) == 1 else 'faults'}{more}", file=sys.stderr)
    return bool(found)


def _run_on_bundle(folder: Path, head: tuple[int, str] | None) -> int:
    checked = Checked()
    try:
        if _print_faults(verify_bundle(folder, checked, head)):
            return 1
    except BadBundle as wrong:
        print(f"lianjing verify-records: {wrong}", file=sys.stderr)
        return 2
    print(f"ok: {checked.seals} seals with {checked.leaves} leaves: contents, order, chain and signatures hold")
    for erasure in checked.erasures:
        print(erasure)
    print(f"head {checked.head}")
    print(AGREES.format(*head) if head else ONLY_INNER)
    return 0


def _sealed_before(now: datetime) -> datetime:
    """While `work` stands still, commits wait rightly; they are late only against its last seal."""
    from lianjing.domain.records.models import Seal

    last = Seal.objects.order_by("-number").values_list("sealed_at", flat=True).first()
    return (last or now) - GRACE


def _print_head(given: tuple[int, str] | None) -> None:
    from lianjing.domain.records.models import Seal

    seal = Seal.objects.order_by("-number").first()
    if seal is None:
        print("there is no seal yet")
        return
    print(f"head {seal.number}:{seal.hash}")
    print(AGREES.format(*given) if given else ONLY_INNER)
