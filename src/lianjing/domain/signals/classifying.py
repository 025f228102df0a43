"""Writing the classification of events and faults: draft → approved by another → in force; and reading codes otherwise.

All take `by` (viewer), `at` (aware UTC datetime) and `source`, and raise `Missing` when the viewer cannot see it,
`Forbidden` when his role may not, and `Refused` with a sentence when it cannot be done so.
"""

from collections.abc import Sequence
from datetime import datetime
from hashlib import sha256
from typing import Any

from django.db import transaction

from lianjing.core.refusals import Missing, Refused
from lianjing.core.seals.canonical import canonical_json
from lianjing.core.viewer import Forbidden, Viewer, person_id, require, visible
from lianjing.domain.companies.models import Company
from lianjing.domain.records.changing import Actor, locked, reason_given, write_down
from lianjing.domain.signals.classification_policy import ClassRow, as_kept, checked_rows
from lianjing.domain.signals.default_classes import shipped_rows
from lianjing.domain.signals.models import ClassesState, Classification
from lianjing.terms.sentences import marked as _

SEE, EDIT, APPROVE = "classes.see", "classes.edit", "classes.approve"
CHANGED = "classes.changed"
"""Topic: a version of a company's classification came into force, or went out of it, or was written."""
FIRST = 2
"""Number of a company's first own version: 1 is the shipped one."""


@transaction.atomic
def draft_classes(company_id: int, *, by: Viewer, at: datetime, source: str = "") -> Classification:
    """A draft that says what the latest version says, at first what comes with the product."""
    actor = Actor(by, at, source)
    _locked_company(company_id, by, EDIT)
    mine = Classification.objects.filter(company_id=company_id)
    if mine.filter(state=ClassesState.DRAFT).exists():
        raise Refused("", _("已有一份草稿，请在草稿上修改。"))
    latest, writer = mine.order_by("-number").first(), _person(by)
    rows = latest.rows if latest else as_kept(shipped_rows())
    version = Classification.objects.create(
        company_id=company_id,
        number=latest.number + 1 if latest else FIRST,
        rows=rows,
        content_hash=_hash(rows),
        writers=[writer],
        written_by_id=writer,
        written_at=at,
    )
    _told("classes.drafted", version, actor)
    return version


@transaction.atomic
def save_classes(
    version_id: int, rows: Sequence[ClassRow], *, by: Viewer, at: datetime, source: str = ""
) -> Classification:
    """Saves what a draft says. Whoever saves becomes one of its writers. Nothing is written when nothing differs."""
    version = _locked_version(version_id, by, EDIT)
    if version.state != ClassesState.DRAFT:
        raise Refused("", _("只有草稿能修改；请另起一版。"))
    told = as_kept(checked_rows(rows))
    if told == version.rows:
        return version
    writer = _person(by)
    version.rows, version.content_hash = told, _hash(told)
    version.writers = sorted({*version.writers, writer})
    version.written_by_id, version.written_at = writer, at
    version.save()
    _told("classes.written", version, Actor(by, at, source))
    return version


@transaction.atomic
def approve_classes(version_id: int, *, by: Viewer, at: datetime, source: str = "") -> Classification:
    """Approves a draft; by somebody who has not written at it."""
    version = _locked_version(version_id, by, APPROVE)
    if version.state != ClassesState.DRAFT:
        raise Refused("", _("只有草稿能批准。"))
    if _person(by) in version.writers:
        raise Refused("", _("写过这一版的人不能批准它，请另一人批准。"))
    version.state, version.approved_by_id, version.approved_at = ClassesState.APPROVED, _person(by), at
    version.save()
    _told("classes.approved", version, Actor(by, at, source))
    return version


@transaction.atomic
def put_classes_in_force(version_id: int, *, by: Viewer, at: datetime, source: str = "") -> Classification:
    """From now on classes and grades are told apart by this version; the one before is superseded."""
    version = _locked_version(version_id, by, APPROVE)
    if version.state != ClassesState.APPROVED:
        raise Refused("", _("只有已批准、尚未执行的版本能执行。"))
    former = Classification.objects.filter(company_id=version.company_id, state=ClassesState.IN_FORCE)
    former.update(state=ClassesState.SUPERSEDED, in_force_until=at)
    version.state, version.in_force_since = ClassesState.IN_FORCE, at
    version.save()
    _told("classes.in_force", version, Actor(by, at, source))
    return version


@transaction.atomic
def withdraw_classes(version_id: int, reason: str, *, by: Viewer, at: datetime, source: str = "") -> Classification:
    """Takes a version out of force, or lays aside one that is not: without another the shipped one counts again.
    Raises Refused without a reason."""
    version = _locked_version(version_id, by, APPROVE)
    if version.state == ClassesState.SUPERSEDED:
        raise Refused("", _("这一版已经不用了。"))
    why = reason_given(reason)
    version.state, version.in_force_until = ClassesState.SUPERSEDED, at
    version.save()
    _told("classes.withdrawn", version, Actor(by, at, source), why)
    return version


def _person(by: Viewer) -> int:
    known = person_id(by)
    if known is None:
        raise Forbidden(EDIT)
    return known


def _locked_company(company_id: int, by: Viewer, permission: str) -> Company:
    """One version at a time is drafted, approved or put in force."""
    company = locked(Company.objects.all(), company_id, by, see=SEE, company="id")
    require(by, permission, company.pk)
    return company


def _locked_version(version_id: int, by: Viewer, permission: str) -> Classification:
    rows = visible(Classification.objects.all(), by, SEE)
    company_id = rows.filter(pk=version_id).values_list("company_id", flat=True).first()
    if company_id is None:
        raise Missing(f"classification {version_id}")
    _locked_company(company_id, by, permission)
    return Classification.objects.get(pk=version_id)


def _hash(rows: list[dict[str, Any]]) -> str:
    return sha256(canonical_json({"rows": rows}).encode()).hexdigest()


def _told(action: str, version: Classification, actor: Actor, reason: str = "") -> None:
    after = {"version": version.number, "hash": version.content_hash} | ({"reason": reason} if reason else {})
    write_down(action, version, version.company_id, actor, after=after, topic=CHANGED)
