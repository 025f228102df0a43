"""Makes the files of a report, and has them recorded before anybody gets them."""

from collections.abc import Collection
from datetime import datetime
from hashlib import sha256
from threading import BoundedSemaphore

from django.utils import translation

from lianjing.core.pages import CannotSet, Setter
from lianjing.core.viewer import Viewer, require
from lianjing.domain.compliance.reporting import SEE, ReportFile, note_reports
from lianjing.web.file_sending import EXCEL
from lianjing.web.self_inspection.content import Asked, Report, report_of
from lianjing.web.self_inspection.printed import pdf_of
from lianjing.web.self_inspection.tabled import book_of
from lianjing.web.self_inspection.told import json_of

FORMS = {
    "pdf": "application/pdf",
    "xlsx": EXCEL,
    "json": "application/json",
}
AT_ONCE, WAITS_S = 2, 20.0
_places = BoundedSemaphore(AT_ONCE)


class Busy(Exception):
    """So many reports are being set that this one would keep waiting."""


def made_files(viewer: Viewer, asked: Asked, forms: Collection[str], at: datetime, source: str) -> dict[str, bytes]:
    """The files by form. Raises Forbidden, CannotSet, Busy; then nothing is recorded."""
    require(viewer, SEE, asked.company.pk)
    with translation.override("zh-hans"):
        if "pdf" in forms:
            report, files = _with_pdf(viewer, asked, at)
        else:
            report, files = report_of(viewer, asked, at), {}
        if "xlsx" in forms:
            files["xlsx"] = book_of(report)
        if "json" in forms:
            files["json"] = json_of(report)
    note_reports([_noted(report, form, content) for form, content in files.items()], by=viewer, at=at, source=source)
    return files


def file_name(asked: Asked, form: str) -> str:
    return f"自查报告-{asked.company.code}-{asked.on}.{form}"


def _with_pdf(viewer: Viewer, asked: Asked, at: datetime) -> tuple[Report, dict[str, bytes]]:
    if not _places.acquire(timeout=WAITS_S):
        raise Busy
    try:
        with Setter() as setter:
            report = report_of(viewer, asked, at)
            return report, {"pdf": pdf_of(report, setter)}
    finally:
        _places.release()


def _noted(report: Report, form: str, content: bytes) -> ReportFile:
    return ReportFile(
        report.asked.company.pk,
        report.asked.on,
        report.asked.known,
        form,
        sha256(content).hexdigest(),
        len(content),
        report.items_sha256,
        str(report.head or ""),
    )


__all__ = ["FORMS", "Busy", "CannotSet", "file_name", "made_files"]
