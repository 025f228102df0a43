"""The `lianjing` command. Exit 0: good, 1: found something wrong, 2: wrong use."""

import argparse
import importlib
import os
import sys
from collections.abc import Sequence

from lianjing.project.environment import BadSetting

VERBS = {
    "up": "run web, receive and work together (Ctrl-C ends them cleanly)",
    "web": "run the web server",
    "receive": "run the receiver: takes signals, stores them, then answers",
    "work": "run the background process: treatment, order of the bus, seals",
    "migrate": "create or upgrade the tables",
    "demo-data": "create the demo company, its users, sites, panels and a little history (may be repeated)",
    "simulate": "send real frames as one panel or many would",
    "doctor": "print every setting, its source, what is wrong, and today's account",
    "panel": "put a panel's key on file, or remove it",
    "company": "list and enter the operating companies of this installation",
    "user": "list and add users, and unlock one that too many failed sign-ons have locked",
    "bench": "measure this machine (needs the source checkout)",
    "call-cards": "set the sheets with sites and contacts, for the day when everything is down, as far as they changed",
    "token": "create, list or revoke API tokens",
    "import": "take customers, contracts, sites, panels, zones, contacts and schedules from Excel or CSV",
    "export": "write the sealed records to a folder, or customers and sites to a workbook",
    "backup": "copy all data to one file while everything runs, and prove that it can be restored",
    "restore": "put a backup back into an empty installation, and prove that it is whole",
    "retention": "what is kept for how long, and holds that stop its erasure",
    "clauses": "judge every clause of the specification for a company and a day; 1 when one is not met",
    "catalogue": "add local standards beside the specification, list and remove them",
    "self-inspection": "make the self-inspection report (自查报告) of a company for a day: PDF, workbook and JSON",
    "verify-records": "check the sealed records and the journal, or an exported bundle, for alteration",
}


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="lianjing", description="联警: networked alarm operation centre")
    verbs = parser.add_subparsers(dest="verb", metavar="VERB", required=True)
    words = list(sys.argv[1:] if arguments is None else arguments)
    for verb, told in VERBS.items():
        sub = verbs.add_parser(verb, help=told, description=told[0].upper() + told[1:] + ".")
        # Only the verb that is asked for is imported: `receive` must not wait for Django.
        if verb in words[:1]:
            _module(verb).add_arguments(sub)
    parsed = parser.parse_args(words)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "lianjing.project.settings")
    try:
        return int(_module(parsed.verb).run(parsed))
    except BadSetting as wrong:
        print(f"lianjing {parsed.verb}: {wrong}", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        return 130
    except BrokenPipeError:
        # Whoever read us has seen enough (`| head`); what is left unsaid must not become a traceback.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1
    except Exception as failure:
        # Not 1, which means that something was looked at and found wrong: nothing could be looked at.
        if not _is_database_failure(failure):
            raise
        told = str(failure).strip().splitlines()[0]
        print(f"lianjing {parsed.verb}: the database cannot be used: {told}", file=sys.stderr)
        return 2


def _is_database_failure(failure: Exception) -> bool:
    """Asked by name: Django is not imported for this."""
    return any(
        kind.__module__ == "django.db.utils" and kind.__name__ == "DatabaseError" for kind in type(failure).__mro__
    )


MODULES = {"import": "importing"}
"""Verbs whose own name cannot be a module's."""


def _module(verb: str) -> "_Verb":
    return importlib.import_module("lianjing.project." + MODULES.get(verb, verb.replace("-", "_")))  # type: ignore[return-value]


class _Verb:
    """What a verb's module offers."""

    @staticmethod
    def add_arguments(parser: argparse.ArgumentParser) -> None: ...

    @staticmethod
    def run(arguments: argparse.Namespace) -> int: ...


if __name__ == "__main__":
    sys.exit(main())
