"""`lianjing user`: who can sign on, and letting somebody back in."""

import argparse
import sys

import django


def add_arguments(parser: argparse.ArgumentParser) -> None:
    verbs = parser.add_subparsers(dest="what", required=True, metavar="list|unlock")
    verbs.add_parser("list", help="list users with their roles")
    unlock = verbs.add_parser("unlock", help="forget the failed sign-ons of a user")
    unlock.add_argument("name", help="sign-on name")


def run(arguments: argparse.Namespace) -> int:
    django.setup()
    return _list() if arguments.what == "list" else _unlock(arguments.name)


def _list() -> int:
    from lianjing.domain.people.models import User

    for user in User.objects.prefetch_related("memberships__company").order_by("username"):
        roles = [f"{m.role} of {m.company.code if m.company else 'the installation'}" for m in user.memberships.all()]
        print(f"{user.username}\t{user.shown_name}\t{'active' if user.is_active else 'inactive'}\t{', '.join(roles)}")
    return 0


def _unlock(name: str) -> int:
    from django.utils import timezone

    from lianjing.core.viewer import System
    from lianjing.domain.people.actions import unlock_user
    from lianjing.domain.people.models import User

    user = User.objects.filter(username=name).first()
    if user is None:
        print(f"lianjing user: there is no user {name!r}", file=sys.stderr)
        return 2
    by, at = System("command line"), timezone.now()
    count = unlock_user(user, by=by, at=at, source="command line")
    print(f"{name} can sign on again" if count else f"{name} was not locked")
    return 0
