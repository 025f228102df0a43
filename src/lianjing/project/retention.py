"""`lianjing retention`: how long things are kept, and holds that stop their erasure."""

import argparse
import sys
from datetime import datetime

import django


def add_arguments(parser: argparse.ArgumentParser) -> None:
    verbs = parser.add_subparsers(dest="what", required=True, metavar="status|hold|release")
    verbs.add_parser("status", help="rules, holds in force, what was erased")
    hold = verbs.add_parser("hold", help="erase nothing until it is released")
    hold.add_argument("--reason", required=True, help="why, e.g. the number of an inquiry; it is recorded")
    hold.add_argument("--company", metavar="CODE", help="of this company only; frames, which have none, all stay")
    hold.add_argument("--until", type=_day, metavar="YYYY-MM-DD", help="ends by itself at the start of this day")
    release = verbs.add_parser("release", help="lift a hold")
    release.add_argument("id", type=int)


def _day(text: str) -> datetime:
    try:
        return datetime.strptime(text, "%Y-%m-%d")  # noqa: DTZ007 the centre's zone is known only once Django is set up
    except ValueError as wrong:
        raise argparse.ArgumentTypeError(f"{text!r} is no day YYYY-MM-DD") from wrong


def run(arguments: argparse.Namespace) -> int:
    django.setup()
    return {"status": _status, "hold": _hold, "release": _release}[arguments.what](arguments)


def _status(arguments: argparse.Namespace) -> int:
    from django.conf import settings

    from lianjing.core.viewer import System
    from lianjing.domain.records.models import Hold
    from lianjing.domain.records.queries import erasures
    from lianjing.domain.signals.retention import frame_orders

    environment = settings.ENVIRONMENT
    print(f"frames (raw bytes, readings, answers) are kept for {environment.keep_frames_days} days")
    print(f"records of acts are kept for {environment.keep_records_days} days; signals and cases are not erased yet")
    for hold in Hold.objects.filter(lifted_at=None).order_by("pk"):
        whose = f"company {hold.company_id}" if hold.company_id else "everything"
        until = f" until {hold.until:%Y-%m-%d}" if hold.until else ""
        print(f"hold {hold.pk}: {whose}{until}: {hold.reason} ({hold.placed_by}, {hold.placed_at:%Y-%m-%d})")
    for erased in (*erasures(System("command line")), *frame_orders(System("command line"))):
        print(erased)
    return 0


def _hold(arguments: argparse.Namespace) -> int:
    from django.utils import timezone

    from lianjing.core.viewer import System
    from lianjing.domain.companies.models import Company
    from lianjing.domain.records.actions import place_hold

    company = Company.objects.filter(code=arguments.company).first() if arguments.company else None
    if arguments.company and company is None:
        print(f"lianjing retention: there is no company {arguments.company!r}", file=sys.stderr)
        return 2
    now = timezone.now()
    until = timezone.make_aware(arguments.until) if arguments.until else None
    if until is not None and until <= now:
        print(f"lianjing retention: {until:%Y-%m-%d} has begun already", file=sys.stderr)
        return 2
    hold = place_hold(company.pk if company else None, arguments.reason, until, by=System("command line"), at=now)
    print(f"hold {hold.pk}")
    return 0


def _release(arguments: argparse.Namespace) -> int:
    from django.utils import timezone

    from lianjing.core.viewer import System
    from lianjing.domain.records.actions import lift_hold

    if lift_hold(arguments.id, by=System("command line"), at=timezone.now()):
        return 0
    print(f"lianjing retention: there is no hold {arguments.id} in force", file=sys.stderr)
    return 1
