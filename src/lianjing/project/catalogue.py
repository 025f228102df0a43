"""`lianjing catalogue`: local standards beside the specification, added without code."""

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import django

if TYPE_CHECKING:
    from lianjing.domain.compliance.local_texts import Kept


def add_arguments(parser: argparse.ArgumentParser) -> None:
    verbs = parser.add_subparsers(dest="what", required=True, metavar="add|list|remove")
    add = verbs.add_parser("add", help="check a local standard's file and add it: all of it or nothing")
    add.add_argument("file", type=Path, help="JSON, as docs/howto/add-a-local-standard.md says")
    add.add_argument("--company", action="append", default=[], metavar="NAME", help="for this company only (repeat)")
    listing = verbs.add_parser("list", help="local standards with their editions and for whom they count")
    listing.add_argument("--all", action="store_true", help="also those that were removed")
    remove = verbs.add_parser("remove", help="take a local standard back; it stays on file")
    remove.add_argument("standard", help="its number with edition, or the id that list prints")
    remove.add_argument("--reason", required=True, help="why; it is recorded")


def run(arguments: argparse.Namespace) -> int:
    django.setup()
    return {"add": _add, "list": _list, "remove": _remove}[arguments.what](arguments)


def _who() -> dict[str, Any]:
    from django.utils import timezone

    from lianjing.core.viewer import System

    return {"by": System("command line"), "at": timezone.now(), "source": "command line"}


def _wrong(told: str, code: int = 2) -> int:
    print(f"lianjing catalogue: {told}", file=sys.stderr)
    return code


def _add(arguments: argparse.Namespace) -> int:
    from lianjing.core.refusals import Refused
    from lianjing.domain.companies.queries import company_called
    from lianjing.domain.compliance.local_adding import add_local_standard
    from lianjing.domain.compliance.local_file import BadFile
    from lianjing.terms.sentences import words

    who = _who()
    companies = [company_called(who["by"], name) for name in arguments.company]
    if None in companies:
        return _wrong(f"there is no company {arguments.company[companies.index(None)]!r}")
    try:
        content = arguments.file.read_bytes()
        row = add_local_standard(content, [company.pk for company in companies if company], **who)
    except OSError as wrong:
        return _wrong(str(wrong))
    except BadFile as wrong:
        for fault in wrong.faults:
            print(f"{arguments.file}: {fault.place or '文件'}：{words(fault)}", file=sys.stderr)
        return _wrong("nothing was added", 1)
    except Refused as refused:
        return _wrong(f"{refused}", 1)
    whom = "、".join(company.code for company in companies if company) or "all companies"
    print(f"{row} {row.title}: {len(row.content['clauses'])} clauses for {whom}, from {row.valid_from}")
    return 0


def _list(arguments: argparse.Namespace) -> int:
    from lianjing.domain.compliance.local_texts import kept_standards

    for kept in kept_standards(_who()["by"], withdrawn=arguments.all):
        print(_line(kept))
    return 0


def _line(kept: "Kept") -> str:
    text = kept.text
    days = f"{text.valid_from}–{text.valid_until or ''}"
    whom, removed = "、".join(kept.companies) or "all companies", " (removed)" if kept.retracted_at else ""
    told = (str(kept.id), text.cited + removed, text.title, days, f"{len(text.clauses)} clauses", whom)
    return "\t".join((*told, kept.sha256))


def _remove(arguments: argparse.Namespace) -> int:
    from lianjing.core.refusals import Refused
    from lianjing.domain.compliance.local_adding import withdraw_local_standard
    from lianjing.domain.compliance.local_texts import kept_standards

    who, wanted = _who(), arguments.standard
    found = [kept for kept in kept_standards(who["by"]) if wanted in (kept.text.cited, str(kept.id))]
    if len(found) != 1:
        told = "there is no local standard" if not found else "several companies have their own; name the id of"
        return _wrong(f"{told} {wanted!r}")
    try:
        withdraw_local_standard(found[0].id, arguments.reason, **who)
    except Refused as refused:
        return _wrong(f"{refused}", 1)
    print(f"{found[0].text.cited} is removed")
    return 0
