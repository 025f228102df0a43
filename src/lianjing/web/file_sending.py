"""Files that leave the house by a view that has checked who asks: no cache keeps them, no browser runs them."""

import csv
from io import BytesIO
from typing import Any, Protocol
from urllib.parse import quote

from django.http import Http404, HttpResponse
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _

EXCEL = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
FORMULA = ("=", "+", "-", "@", "\t", "\r")


class Kept(Protocol):
    """A file as it was found again: its bytes, what they are, and whether they are those that were kept."""

    @property
    def content(self) -> bytes: ...
    @property
    def content_type(self) -> str: ...
    @property
    def ending(self) -> str: ...
    @property
    def unaltered(self) -> bool: ...


def download(content: bytes, content_type: str, name: str) -> HttpResponse:
    """To be put away under this name."""
    response = HttpResponse(content, content_type=content_type)
    response["Content-Disposition"] = content_disposition_header(True, name)
    response["Cache-Control"] = "no-store"
    return response


def kept_file(kept: Kept | None, name: str, *, shown: bool = False) -> HttpResponse:
    """What somebody has uploaded, never shown inside our pages; `shown`: by itself, in a tab of its own. One that is
    not what was kept says so in its name and is only handed out. 404 when there is none."""
    if kept is None:
        raise Http404
    shown = shown and kept.unaltered
    warning = "" if kept.unaltered else _("校验值不符-")
    response = HttpResponse(kept.content, content_type=kept.content_type)
    # The name was typed by somebody: every sign of it that could mean something is written by its number.
    typed = quote(f"{warning}{name}.{kept.ending}", safe="")
    response["Content-Disposition"] = f"{'inline' if shown else 'attachment'}; filename*=UTF-8''{typed}"
    response["Cache-Control"] = "no-store"
    if not shown:
        response["Content-Security-Policy"] = "sandbox"
    return response


def workbook(into: BytesIO, name: str) -> HttpResponse:
    return download(into.getvalue(), EXCEL, name)


class Csv:
    """A file for a spreadsheet, line by line. `response` is what is answered."""

    def __init__(self, name: str) -> None:
        # With a byte order mark, or a spreadsheet takes it for another encoding.
        self.response = download("\ufeff".encode(), "text/csv; charset=utf-8", name)
        self._lines = csv.writer(self.response)

    def line(self, *cells: Any) -> None:
        self._lines.writerow([as_text(cell) for cell in cells])


def as_text(cell: Any) -> Any:
    """A spreadsheet would take a text that begins so for a formula; a number below nought is none."""
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(FORMULA) else cell
