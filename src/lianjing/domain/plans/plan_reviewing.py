"""Reviewing plans: whether they are lawful and fit, and once a year whether they must change. One transaction each.

All take `by` (viewer), `at` (aware UTC datetime) and `source`, and raise `Missing` when the viewer cannot see it,
`Forbidden` when his role may not, and `Refused` naming the field.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from django.db import transaction

from lianjing.core.days import centre_day
from lianjing.core.entering import enter
from lianjing.core.refusals import Refused
from lianjing.core.scans import Scan, filed
from lianjing.core.viewer import Forbidden, Viewer, person_id, require
from lianjing.domain.findings.policy import EDIT as EDIT_FINDINGS
from lianjing.domain.findings.raising import NewFinding, raised
from lianjing.domain.plans.actions import draft_version
from lianjing.domain.plans.basis import as_kept, as_read
from lianjing.domain.plans.models import PlanReview, PlanVersion, VersionState
from lianjing.domain.plans.permissions import REVIEW
from lianjing.domain.plans.queries import SEE
from lianjing.domain.plans.review_policy import NewReview, SoundReview, checked_review
from lianjing.domain.records.changing import Actor, locked, reason_given, take_back, write_down
from lianjing.terms.findings import FindingGrade
from lianjing.terms.plans import FollowUp, ReviewKind
from lianjing.terms.sentences import marked as _
from lianjing.terms.texts import storable

REVIEWED = "plan.reviewed"
"""Topic: reviews of a plan have changed."""
NOTE_LIMIT = 1000


@transaction.atomic
def record_review(
    version_id: int, new: NewReview, scan: Scan | None = None, *, by: Viewer, at: datetime, source: str = ""
) -> PlanReview:
    """A review of an approved version. That it is lawful is said by somebody who has not written at it. A yearly one
    that wants a revision begins the draft, or raises a finding, as it says. Raises Missing, Forbidden or Refused."""
    actor, version = Actor(by, at, source), _version(version_id, by)
    with _entered(version, new, scan, actor) as (review, sound):
        _check_once(review)
        write_down("plan.review_recorded", review, review.company_id, actor, after=_told(review), topic=REVIEWED)
        _follow(review, sound, actor)
    return review


@transaction.atomic
def correct_review(
    review_id: int,
    new: NewReview,
    reason: str,
    scan: Scan | None = None,
    *,
    by: Viewer,
    at: datetime,
    source: str = "",
) -> PlanReview:
    """Puts another review in the place of one that was entered wrongly; both stay on file. Without a new file it keeps
    the earlier one's; nothing is drafted or raised anew. Raises Missing, Forbidden or Refused."""
    actor, earlier = Actor(by, at, source), _standing(review_id, by)
    before = _told(earlier)
    take_back(earlier, reason_given(reason), actor)
    with _entered(_version(earlier.version_id, by), new, scan, actor, earlier) as (review, _sound):
        after = _told(review) | {"reason": earlier.retract_reason}
        write_down(
            "plan.review_corrected", review, review.company_id, actor, after=after, before=before, topic=REVIEWED
        )
    return review


@transaction.atomic
def retract_review(review_id: int, reason: str, *, by: Viewer, at: datetime, source: str = "") -> PlanReview:
    """Takes back a review: it counts for no day, and stays on file. Raises Missing, Forbidden or Refused."""
    actor, review, why = Actor(by, at, source), _standing(review_id, by), reason_given(reason)
    take_back(review, why, actor)
    told = {"reason": why}
    write_down(
        "plan.review_retracted", review, review.company_id, actor, after=told, before=_told(review), topic=REVIEWED
    )
    return review


def _version(version_id: int, by: Viewer) -> PlanVersion:
    rows = PlanVersion.objects.select_related("plan")
    version = locked(rows, version_id, by, see=SEE, company="plan__company_id")
    require(by, REVIEW, version.plan.company_id)
    if version.state == VersionState.DRAFT or version.approved_at is None:
        raise Refused("", _("草稿还会改，批准后再评审。"))
    return version


def _standing(review_id: int, by: Viewer) -> PlanReview:
    review = locked(PlanReview.objects.filter(retracted_at=None), review_id, by, see=SEE)
    require(by, REVIEW, review.company_id)
    return review


@contextmanager
def _entered(
    version: PlanVersion, new: NewReview, scan: Scan | None, actor: Actor, earlier: PlanReview | None = None
) -> Iterator[tuple[PlanReview, SoundReview]]:
    """The new row, saved with its file; should what follows fail, the file is removed again."""
    sound = checked_review(new, written_on=centre_day(version.written_at), today=centre_day(actor.at))
    review = _row(version, sound, actor)
    review.replaces = earlier
    if earlier is not None and scan is None:
        review.file, review.file_sha256 = earlier.file, earlier.file_sha256
    if scan is not None:
        review.file_sha256 = scan.sha256
    with filed(review.file, scan):
        review.save()
        yield review, sound


def _row(version: PlanVersion, sound: SoundReview, actor: Actor) -> PlanReview:
    person = person_id(actor.by)
    if person is None:
        raise Forbidden(REVIEW)
    if sound.kind is ReviewKind.LEGAL and person in version.writers:
        raise Refused("", _("写过这一版的人不能评审它是否合法适用，请另一人评审。"))
    review = PlanReview(company_id=version.plan.company_id, plan=version.plan, version=version, reviewer_id=person)
    enter(review, {"kind": sound.kind, "conclusion": sound.conclusion, "reviewers": sound.reviewers})
    review.follow_up = sound.follow_up.value if sound.follow_up else ""
    review.content_hash, review.bases = version.content_hash, as_kept(sound.bases)
    review.note = _note(sound.note)
    review.valid_from, review.valid_until = sound.reviewed_on, sound.valid_until
    review.recorded_at, review.recorded_by = actor.at, actor.by.name[:150]
    return review


def _check_once(review: PlanReview) -> None:
    """Sent twice it is one review: what follows from it would be raised twice, too."""
    same = {name: getattr(review, name) for name in ("version", "reviewer", "kind", "conclusion", "valid_from")}
    if PlanReview.objects.filter(**same, retracted_at=None).exclude(pk=review.pk).exists():
        raise Refused("", _("您在这一天已登记过同样的评审；要改，请更正那一条。"))


def _note(note: str) -> str:
    text = note.strip()
    if not storable(text):
        raise Refused("note", _("含有不能保存的字符。"))
    if len(text) > NOTE_LIMIT:
        raise Refused("note", _("最多 %(limit)d 个字，现有 %(count)d 个。"), limit=NOTE_LIMIT, count=len(text))
    return text


def _follow(review: PlanReview, sound: SoundReview, actor: Actor) -> None:
    plan = review.plan
    if sound.follow_up is FollowUp.DRAFT and not plan.versions.filter(state=VersionState.DRAFT).exists():
        draft_version(plan.pk, by=actor.by, at=actor.at, source=actor.source)
    if sound.follow_up is FollowUp.FINDING:
        require(actor.by, EDIT_FINDINGS, plan.company_id)
        title = f"修订预案：{plan.title}"
        new = NewFinding(title, FindingGrade.MINOR.value, review.note, clauses=("8.4.1 a",))
        revises = {"revises_kind": "plan", "revises_ref": str(plan.pk), "revises_words": plan.title}
        raised(plan.company_id, new, actor, **revises)


def _told(review: PlanReview) -> dict[str, Any]:
    told = {
        "plan": review.plan_id,
        "version": review.version.number,
        "kind": review.kind,
        "conclusion": review.conclusion,
        "from": str(review.valid_from),
        "until": str(review.valid_until),
        "bases": [one.words for one in as_read(review.bases)],
        "reviewers": review.reviewers,
        "note": review.note,
        "hash": review.content_hash,
        "sha256": review.file_sha256,
    }
    return {name: value for name, value in told.items() if value not in ("", [])}
