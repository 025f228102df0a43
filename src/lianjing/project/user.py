"""`lianjing user`: who can sign on, letting somebody back in, and who needs a second factor."""

import argparse
import getpass
import sys
from typing import Any

import django

from lianjing.core.refusals import Refused
from lianjing.terms.divisions import area_words
from lianjing.terms.roles import Role


def add_arguments(parser: argparse.ArgumentParser) -> None:
    verbs = parser.add_subparsers(
        dest="what", required=True, metavar="list|add|area|email|unlock|require-second-factor|reset-second-factor"
    )
    verbs.add_parser("list", help="list users with their roles and second factors")
    add = verbs.add_parser("add", help="enter a user; the password is asked for, or read from standard input")
    add.add_argument("name", help="sign-on name")
    add.add_argument("--role", required=True, choices=[role.value for role in Role])
    add.add_argument("--company", metavar="CODE", help="code or name; only an admin may do without")
    add.add_argument(
        "--area", metavar="CODE", help="of police: 31, 3101 or 310104; all companies in it, later ones too"
    )
    add.add_argument("--display-name", default="", metavar="NAME", help="as colleagues know him")
    area = verbs.add_parser("area", help="say which areas somebody of the police is in charge of")
    area.add_argument("name", help="sign-on name")
    area.add_argument("areas", nargs="*", metavar="CODE", help="31, 3101 or 310104; these and no others, none: of none")
    email = verbs.add_parser("email", help="set the mail address of a user, for the digest of the work-list")
    email.add_argument("name", help="sign-on name")
    email.add_argument("address", help="his mail address; '' takes it away")
    about = {
        "unlock": "forget the failed sign-ons of a user",
        "require-second-factor": "a user must have a second factor, whatever his roles",
        "reset-second-factor": "remove the second factor and the recovery codes of a user who has lost his phone",
    }
    for what, told in about.items():
        verb = verbs.add_parser(what, help=told)
        verb.add_argument("name", help="sign-on name")
        if what == "require-second-factor":
            verb.add_argument("--off", action="store_true", help="only his roles decide again")


def run(arguments: argparse.Namespace) -> int:
    django.setup()
    if arguments.what == "add":
        return _add(arguments)
    return _list() if arguments.what == "list" else _change(arguments)


def _add(arguments: argparse.Namespace) -> int:
    from django.core.exceptions import ValidationError
    from django.utils import timezone

    from lianjing.core.viewer import System
    from lianjing.domain.companies.area_policy import area_begins
    from lianjing.domain.companies.queries import company_called
    from lianjing.domain.people.actions import NameTaken, NewUser, add_user

    by = System("command line")
    company = company_called(by, arguments.company) if arguments.company else None
    if arguments.company and company is None:
        return _wrong(f"there is no company {arguments.company!r}; see lianjing company list")
    area = area_begins(arguments.area or "")
    if arguments.area and (not area or arguments.role != Role.POLICE):
        return _wrong(f"--area {arguments.area!r}: an area is held by police, and has 2, 4 or 6 digits of GB/T 2260")
    if company is None and not area and arguments.role != Role.ADMIN:
        otherwise = ", or --area" if arguments.role == Role.POLICE else ""
        return _wrong(f"a {arguments.role} works for a company: give --company{otherwise}")
    new = NewUser(arguments.name, arguments.display_name, Role(arguments.role), company.pk if company else None, area)
    try:
        user = add_user(new, _password(), by=by, at=timezone.now(), source="command line")
    except NameTaken:
        return _wrong(f"there is a user {arguments.name!r} already", 1)
    except ValidationError as wrong:
        return _wrong(" ".join(wrong.messages), 1)
    of = [company.code] if company else []
    of += [f"{area} {area_words(area)}"] if area else []
    print(f"{user.username} can sign on as {arguments.role}{' of ' if of else ''}{' and '.join(of)}")
    return 0


def _password() -> str:
    """Asked twice at a terminal; one line of standard input otherwise."""
    if not sys.stdin.isatty():
        return sys.stdin.readline().rstrip("\n")
    first = getpass.getpass("password: ")
    return first if getpass.getpass("again: ") == first else ""


def _wrong(sentence: str, code: int = 2) -> int:
    print(f"lianjing user: {sentence}", file=sys.stderr)
    return code


def _list() -> int:
    from lianjing.domain.people.models import User

    everybody = User.objects.prefetch_related("memberships__company", "police_areas", "authenticator_set").order_by(
        "username"
    )
    for user in everybody:
        roles = [f"{m.role} of {m.company.code if m.company else 'the installation'}" for m in user.memberships.all()]
        roles += [f"police of area {area.begins}" for area in user.police_areas.all()]
        state = "active" if user.is_active else "inactive"
        has_one = any(factor.type == "totp" for factor in user.authenticator_set.all())
        factor = "second factor" if has_one else "no second factor"
        print(f"{user.username}\t{user.shown_name}\t{state}\t{', '.join(roles)}\t{factor}")
    return 0


def _change(arguments: argparse.Namespace) -> int:
    from django.utils import timezone

    from lianjing.core.viewer import System
    from lianjing.domain.people.models import User

    user = User.objects.filter(username=arguments.name).first()
    if user is None:
        print(f"lianjing user: there is no user {arguments.name!r}", file=sys.stderr)
        return 2
    change = {
        "area": _area,
        "email": _email,
        "unlock": _unlock,
        "require-second-factor": _require,
        "reset-second-factor": _reset,
    }[arguments.what]
    how = {"by": System("command line"), "at": timezone.now(), "source": "command line"}
    try:
        print(f"{user.username} {change(user, arguments, how)}")
    except Refused as refused:
        typed = getattr(arguments, "address", None) or " ".join(getattr(arguments, "areas", ()))
        what = "division of GB/T 2260" if refused.field == "area" else "mail address"
        return _wrong(f"{typed!r} is no {what} ({refused.field})")
    return 0


def _area(user: Any, arguments: argparse.Namespace, how: dict[str, Any]) -> str:
    from lianjing.domain.people.police_areas import set_areas

    held = [f"{begins} {area_words(begins)}" for begins in set_areas(user, arguments.areas, **how)]
    return f"is in charge of {', '.join(held)}" if held else "is in charge of no area"


def _email(user: Any, arguments: argparse.Namespace, how: dict[str, Any]) -> str:
    from lianjing.domain.people.addresses import set_email

    changed = set_email(user, arguments.address, **how)
    said = "is reached by mail now" if arguments.address else "is not reached by mail any more"
    return said if changed else "has this mail address already"


def _unlock(user: Any, _: argparse.Namespace, how: dict[str, Any]) -> str:
    from lianjing.domain.people.actions import unlock_user

    return "can sign on again" if unlock_user(user, **how) else "was not locked"


def _require(user: Any, arguments: argparse.Namespace, how: dict[str, Any]) -> str:
    from lianjing.domain.people.actions import require_second_factor

    changed = require_second_factor(user, not arguments.off, **how)
    if arguments.off:
        return "need not have a second factor, unless a role says so" if changed else "was not named before"
    return "must have a second factor from the next page on" if changed else "must have one already"


def _reset(user: Any, _: argparse.Namespace, how: dict[str, Any]) -> str:
    from lianjing.domain.people.actions import reset_second_factor

    return "has no second factor any more" if reset_second_factor(user, **how) else "had no second factor"
