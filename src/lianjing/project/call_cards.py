"""`lianjing call-cards`: sets the call-card sheets anew, those of them that have changed.

`work` runs it every fifteen minutes as a process of its own: setting pages takes whole seconds of a core, which the
treatment of signals must not wait for.
"""

import argparse
import fcntl
import os
import sys
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import django

from lianjing.project.environment import Environment

if TYPE_CHECKING:
    from lianjing.domain.companies.models import Company
    from lianjing.domain.reports.call_cards import Sheet

NICE = 15


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--all", action="store_true", help="set every sheet anew, changed or not")
    parser.add_argument("--quiet", action="store_true", help="say nothing when nothing has changed")


def run(arguments: argparse.Namespace) -> int:
    environment = Environment()
    django.setup()
    root = environment.call_cards_folder
    root.mkdir(parents=True, exist_ok=True, mode=0o700)
    os.nice(NICE)
    with (root / ".lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            print("lianjing call-cards: another one is at it", file=sys.stderr)
            return 1
        try:
            _refresh_all(root, arguments)
        except OSError as wrong:
            # Pango is a library of the system: without it no page can be set.
            print(f"lianjing call-cards: {wrong}", file=sys.stderr)
            return 2
    return 0


def _refresh_all(root: Path, arguments: argparse.Namespace) -> None:
    from lianjing.core.viewer import System
    from lianjing.domain.companies.queries import companies

    for company in companies(System("call cards")):
        made, count = refresh(root, company, anew=arguments.all)
        if made or not arguments.quiet:
            print(f"{company.code}\t{count} sheets, {made} set anew")


def refresh(root: Path, company: "Company", *, anew: bool = False) -> tuple[int, int]:
    """Sets the company's sheets that have changed; how many were set, and how many there are."""
    from django.utils import timezone

    from lianjing.core.viewer import System
    from lianjing.domain.reports.call_cards import sheets
    from lianjing.domain.reports.card_files import (
        Index,
        SheetFile,
        folder_of,
        read_index,
        replace_file,
        sheet_path,
        sweep,
        write_index,
    )

    folder, now = folder_of(root, company.pk), timezone.now().isoformat(timespec="seconds")
    before = read_index(folder)
    had = {sheet.name: sheet for sheet in before.sheets} if before else {}
    kept: dict[str, SheetFile] = {}
    made = 0
    for sheet in sheets(System("call cards"), company.pk):
        path, old = sheet_path(folder, sheet.name), had.get(sheet.name)
        if anew or old is None or old.digest != sheet.digest or not path.exists():
            replace_file(path, _set(company, sheet, timezone.now()))
            old = SheetFile(sheet.name, sheet.title, len(sheet.cards), sheet.digest, now)
            # At once: the first setting of a large company takes minutes, and one that is ended goes on from here.
            write_index(
                folder, Index(before.checked_at if before else now, list({**had, **kept, old.name: old}.values()))
            )
            made += 1
        kept[sheet.name] = old
    index = Index(now, list(kept.values()))
    write_index(folder, index)
    sweep(folder, index)
    return made, len(kept)


def _set(company: "Company", sheet: "Sheet", at: datetime) -> bytes:
    from django.template.loader import render_to_string
    from django.utils import translation
    from PIL import ImageFile
    from weasyprint import HTML

    # WeasyPrint lets Pillow take pictures that break off, for the whole process; what people upload must be whole.
    ImageFile.LOAD_TRUNCATED_IMAGES = False
    with translation.override("zh-hans"):
        page = render_to_string("call_cards.html", {"company": company, "sheet": sheet, "at": at})
    content: bytes = HTML(string=page, url_fetcher=_nothing_else).write_pdf()
    return content


def _nothing_else(url: str) -> None:
    """A sheet holds text only; what somebody has typed as a site's name must not fetch anything."""
    raise ValueError(f"a call card fetches nothing: {url}")
