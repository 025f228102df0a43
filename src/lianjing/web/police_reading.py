"""What somebody of the police reads of a company is written down here, once for all pages, calls and files
(decision 0028). A page whose company is not in its address says so by `reads`."""

import logging
from collections.abc import Collection
from datetime import datetime
from threading import Lock
from typing import ClassVar

from django.db import DatabaseError
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils import timezone
from django.utils.deprecation import MiddlewareMixin

from lianjing.core.access import came_in_by
from lianjing.core.viewer import Person, Token
from lianjing.domain.companies.queries import company_called
from lianjing.domain.records.models import Way
from lianjing.domain.records.reading_log import Looked, note_reading
from lianjing.terms.roles import PERMISSIONS, Role
from lianjing.web.reading_subjects import subject_of

log = logging.getLogger(__name__)
ABOUT_NOBODY = frozenset({"", "public", "signed_on", "second_factor.set_up", "status.see", "records.verify"})
"""Rows of pages that show no company: sign-on, one's own settings, the state of the system, the head of the log."""
UNTOLD = frozenset({"console:session", "console:offers", "office:home", "office:workdays", "office:plan_template"})
"""What pages ask for by themselves, what is the installation's and what ships with the product: nothing of a company
is shown there."""
KEPT_AT_MOST = 1000


def reads(request: HttpRequest, company_ids: Collection[int]) -> None:
    """Says of which companies the page tells, where its address does not say so."""
    request._lianjing_reads = frozenset(company_ids)  # type: ignore[attr-defined]


class PoliceReading(MiddlewareMixin):
    """Looks at what was answered. Whoever is not of the police costs nothing."""

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        who = _police(request)
        told = came_in_by(request)
        if who is not None and _shows(response) and told not in ABOUT_NOBODY and request.method == "GET":
            match = request.resolver_match
            if match is not None and match.view_name not in UNTOLD:
                _write_down(request, response, who)
        return response


def _shows(response: HttpResponseBase) -> bool:
    """Whether anything was shown; a list whose filter could not be read is one (422)."""
    return response.status_code < 300 or response.status_code == 422


def _police(request: HttpRequest) -> Person | None:
    """The person of the police who asked, by a page or by a token."""
    asked = getattr(request, "_lianjing_viewer", None) or getattr(request, "auth", None)
    person = asked.person if isinstance(asked, Token) else asked
    if not isinstance(person, Person):
        return None
    return person if any(Role.POLICE in held for held in person.roles.values()) else None


def _write_down(request: HttpRequest, response: HttpResponseBase, who: Person) -> None:
    """A page is never refused for it; what could not be written is told in the log and written with the next one."""
    at = timezone.now()
    try:
        looked, companies = _looked(request, response, who)
    except DatabaseError:
        log.exception("what %s read at %s could not be told apart: %s", who.name, at, request.path)
        return
    if companies:
        _Unwritten.write((looked, companies, who, at))


def _looked(request: HttpRequest, response: HttpResponseBase, who: Person) -> tuple[Looked, frozenset[int]]:
    """What it was, and of which companies."""
    assert request.resolver_match is not None  # noqa: S101
    permission, match = came_in_by(request), request.resolver_match
    subject = subject_of(match.captured_kwargs)
    is_api = request.path.startswith("/api/")
    is_file = "attachment" in response.get("Content-Disposition", "")
    way = Way.API if is_api else Way.FILE if is_file else Way.PAGE
    looked = Looked(match.view_name[:64], permission, way, *(subject.told if subject else ()))
    return looked, _of_police(request, who, permission, subject.company_id if subject else None)


def _of_police(request: HttpRequest, who: Person, permission: str, company_id: int | None) -> frozenset[int]:
    """The companies that it was about, as far as he reads them as police."""
    held = frozenset(pk for pk, roles in who.roles.items() if pk is not None and Role.POLICE in roles)
    said = getattr(request, "_lianjing_reads", None)
    if said is not None or PERMISSIONS[permission].of_area:
        return held & (said or frozenset())
    if company_id is not None:
        return held & {company_id}
    named = request.GET.get("company", "").replace("\0", "")
    if named:
        return held & _named(who, named)
    # A list of several: he has read of each of them that there is something, or nothing.
    return held if Role.POLICE in PERMISSIONS[permission].roles else frozenset()


def _named(who: Person, named: str) -> set[int]:
    if named.isascii() and named.isdigit() and len(named) < 19 and int(named) in who.roles:
        return {int(named)}
    company = company_called(who, named)
    return {company.pk} if company else set()


Entry = tuple[Looked, frozenset[int], Person, datetime]


class _Unwritten:
    """What waits to be written: normally nothing but the one that has just come."""

    _entries: ClassVar[list[Entry]] = []
    _lock = Lock()

    @classmethod
    def write(cls, entry: Entry) -> None:
        with cls._lock:
            cls._entries.append(entry)
            del cls._entries[:-KEPT_AT_MOST]
            waiting, cls._entries = cls._entries, []
        for place, (looked, companies, who, at) in enumerate(waiting):
            try:
                note_reading(looked, companies, by=who, at=at)
            except DatabaseError:
                log.exception("%s read %s of companies %s at %s: not written yet", who.name, looked, companies, at)
                with cls._lock:
                    cls._entries[:0] = waiting[place:]
                return
