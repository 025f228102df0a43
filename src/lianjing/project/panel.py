"""`lianjing panel`: puts a panel's key on file. The key comes from the terminal or a pipe, never from the arguments."""

import argparse
import sys
from getpass import getpass
from typing import TYPE_CHECKING

import django

if TYPE_CHECKING:
    from lianjing.domain.sites.models import Panel


def add_arguments(parser: argparse.ArgumentParser) -> None:
    verbs = parser.add_subparsers(dest="what", required=True, metavar="key")
    key = verbs.add_parser("key", help="set a panel's AES key; it is asked for, or read from standard input")
    key.add_argument("--account", required=True, help="the panel's account, as it sends it")
    key.add_argument("--listener", default="dc09", help="where it reports (default: dc09)")
    form = key.add_mutually_exclusive_group()
    form.add_argument("--hex", dest="form", action="store_const", const="hex", help="32, 48 or 64 hexadecimal digits")
    form.add_argument(
        "--characters", dest="form", action="store_const", const="characters", help="16, 24 or 32 characters as bytes"
    )
    key.add_argument("--remove", action="store_true", help="remove the key instead")


def run(arguments: argparse.Namespace) -> int:
    django.setup()
    from lianjing.core.viewer import System
    from lianjing.domain.sites.queries import panel_in_use

    panel = panel_in_use(System("command line"), arguments.listener, arguments.account)
    if panel is None:
        print(f"lianjing panel: no panel of {arguments.listener} has account {arguments.account}", file=sys.stderr)
        return 2
    return _change(panel, arguments)


def _change(panel: "Panel", arguments: argparse.Namespace) -> int:
    from django.utils import timezone, translation

    from lianjing.core.viewer import System
    from lianjing.domain.sites.actions.panel_keys import NoKeys, remove_panel_key, set_panel_key
    from lianjing.domain.sites.policy import AES_NAMES, BadKey, chosen_key

    who = {"by": System("command line"), "at": timezone.now(), "source": "command line"}
    try:
        if arguments.remove:
            print(f"panel {panel}: {'key removed' if remove_panel_key(panel.pk, **who) else 'it had no key'}")
            return 0
        key = chosen_key(_entry(), arguments.form or "")
        set_panel_key(panel.pk, key, **who)
    except BadKey as bad:
        with translation.override("en"):
            print(f"lianjing panel: {translation.gettext(bad.sentence) % bad.figures}", file=sys.stderr)
        return 2
    except NoKeys:
        print(f"lianjing panel: a panel of {panel.listener} has no key here", file=sys.stderr)
        return 2
    print(f"panel {panel}: {AES_NAMES[len(key)]} key on file; the receiver uses it within 2 s")
    return 0


def _entry() -> str:
    return getpass("Key: ") if sys.stdin.isatty() else sys.stdin.readline()
