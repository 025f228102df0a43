"""Which self-inspection reports were made."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Max, Q, QuerySet

from lianjing.core.viewer import Viewer, visible
from lianjing.domain.compliance.reporting import MADE, SEE, SUBJECT
from lianjing.domain.people.models import Membership, PoliceArea, User
from lianjing.domain.records.models import Record
from lianjing.domain.records.queries import latest_records
from lianjing.terms.roles import Role

SHOWN_AT_MOST = 50


@dataclass(frozen=True, slots=True)
class MadeReport:
    """A file that somebody made. `record_id`: of the sealed record that says so."""

    record_id: int
    at: datetime
    by: str
    on: str
    known: str
    form: str
    sha256: str
    by_police: bool
    """Somebody of the police took it away: it is none that the company made of itself."""


def reports_made(viewer: Viewer, company_id: int) -> list[MadeReport]:
    """The latest of a company, newest first; [] for who may not see its clauses. Two queries."""
    rows = [row for row in latest_records(viewer, [(SUBJECT, company_id)], SEE, SHOWN_AT_MOST) if row.action == MADE]
    police = set(_police().filter(pk__in={row.actor_id for row in rows}).values_list("pk", flat=True))
    return [_made(row, row.actor_id in police) for row in rows]


def _made(row: Record, by_police: bool) -> MadeReport:
    told = row.after or {}
    texts = (str(told.get(name) or "") for name in ("on", "known", "form", "sha256"))
    return MadeReport(row.pk, row.at, row.actor_name, *texts, by_police)


def _police() -> QuerySet[User]:
    members = Membership.objects.filter(role=Role.POLICE).values("user_id")
    return User.objects.filter(Q(pk__in=members) | Q(pk__in=PoliceArea.objects.values("user_id")))


def last_reports(viewer: Viewer, company_ids: Collection[int]) -> dict[int, datetime]:
    """By company: when a report of it was last made by itself, not by the police; one query."""
    ids = [str(pk) for pk in company_ids]
    rows = visible(Record.objects.filter(action=MADE, subject_type=SUBJECT, subject_id__in=ids), viewer, SEE)
    rows = rows.exclude(actor_id__in=_police().values("pk"))
    return dict(rows.order_by().values_list("company_id").annotate(last=Max("at")))
