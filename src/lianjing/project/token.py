"""`lianjing token`: keys to the API."""

import argparse
import sys

import django


def add_arguments(parser: argparse.ArgumentParser) -> None:
    verbs = parser.add_subparsers(dest="what", required=True, metavar="create|list|revoke")
    create = verbs.add_parser("create", help="make a token and print it last; it cannot be shown again")
    create.add_argument("--user", required=True, help="sign-on name of the user that the token acts for")
    create.add_argument("--label", default="", help="what it is for")
    verbs.add_parser("list", help="list tokens without showing them")
    revoke = verbs.add_parser("revoke", help="end a token")
    revoke.add_argument("id", type=int)


def run(arguments: argparse.Namespace) -> int:
    django.setup()
    return {"create": _create, "list": _list, "revoke": _revoke}[arguments.what](arguments)


def _create(arguments: argparse.Namespace) -> int:
    from django.utils import timezone

    from lianjing.core.viewer import System
    from lianjing.domain.people.actions import create_token
    from lianjing.domain.people.models import User

    user = User.objects.filter(username=arguments.user, is_active=True).first()
    if user is None:
        print(f"lianjing token: there is no active user {arguments.user!r}", file=sys.stderr)
        return 2
    at = timezone.now()
    print(create_token(user, label=arguments.label, by=System("command line"), at=at, source="command line"))
    return 0


def _list(arguments: argparse.Namespace) -> int:
    from lianjing.domain.people.models import ApiToken

    for token in ApiToken.objects.select_related("user").order_by("pk"):
        state = f"revoked {token.revoked_at:%Y-%m-%d}" if token.revoked_at else "valid"
        print(f"{token.pk}\t{token.user.username}\t{state}\t{token.label}")
    return 0


def _revoke(arguments: argparse.Namespace) -> int:
    from django.utils import timezone

    from lianjing.core.viewer import System
    from lianjing.domain.people.actions import revoke_token

    if revoke_token(arguments.id, by=System("command line"), at=timezone.now(), source="command line"):
        return 0
    print(f"lianjing token: there is no valid token {arguments.id}", file=sys.stderr)
    return 1
