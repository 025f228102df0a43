"""Reading evidence and campaigns for pages and programs."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Count, Q, QuerySet

from lianjing.core.cursors import behind
from lianjing.core.scans import KeptScan, read_scan
from lianjing.core.viewer import Viewer, person_id, visible
from lianjing.domain.compliance.evidence_policy import ACCEPTED, REJECTED, asked_state, state_on
from lianjing.domain.compliance.models import Campaign, Evidence, EvidenceRequest
from lianjing.domain.people.models import Membership, User
from lianjing.terms.evidence import AskedState, EvidenceState
from lianjing.terms.roles import PERMISSIONS

SEE, SUBMIT, REVIEW = "compliance.see", "compliance.evidence", "compliance.review"
ASKED_SHOWN = 200


@dataclass(frozen=True, slots=True)
class EvidenceWanted:
    """What a list shows. Without a state all but what was withdrawn; `ends_within`: of what counts, what ends in so
    many days."""

    company_id: int | None = None
    clause: str = ""
    state: EvidenceState | None = None
    ends_within: int | None = None
    text: str = ""


@dataclass(frozen=True, slots=True)
class EvidenceLine:
    """A row of the list, as it stands today."""

    row: Evidence
    state: EvidenceState
    clauses: tuple[str, ...]

    @property
    def is_open(self) -> bool:
        """It may be looked at, changed or withdrawn."""
        return self.state is not EvidenceState.WITHDRAWN


@dataclass(frozen=True, slots=True)
class AskedLine:
    """One request, and what became of it."""

    row: EvidenceRequest
    state: AskedState


@dataclass(frozen=True, slots=True)
class Progress:
    """How many of a campaign's requests stand how."""

    asked: int
    delivered: int
    accepted: int
    overdue: int


@dataclass(frozen=True, slots=True)
class CampaignLine:
    row: Campaign
    progress: Progress
    due_on: date | None
    """The last day on which anything is due."""


def evidence_list(
    viewer: Viewer, wanted: EvidenceWanted, today: date, *, after: int | None = None, limit: int = 50
) -> list[EvidenceLine]:
    """Newest first; what ends soon, by the day on which it ends."""
    rows = _narrowed(_seen(viewer, wanted), wanted, today)
    order = ("valid_until", "-pk") if wanted.ends_within is not None else ("-pk",)
    rows = behind(rows, order, after).select_related("company").prefetch_related("clauses")
    return [_line(row, today) for row in rows[:limit]]


def evidence_counts(viewer: Viewer, wanted: EvidenceWanted, today: date, windows: Iterable[int]) -> dict[str, int]:
    """How many there are by state, "" all but the withdrawn, and by window of days; one query."""
    conditions = {state.value: _in_state(state, today) for state in EvidenceState}
    conditions[""] = Q(retracted_at=None)
    conditions |= {str(days): _ending(today, days) for days in windows}
    counts = {f"n{place}": Count("pk", filter=one) for place, one in enumerate(conditions.values())}
    found = _narrowed_by_what(_seen(viewer, wanted), wanted).aggregate(**counts)
    return {name: found[f"n{place}"] for place, name in enumerate(conditions)}


def evidence_by_id(viewer: Viewer, evidence_id: int, today: date) -> EvidenceLine | None:
    """One piece, whatever became of it; None when there is none that the viewer may see."""
    rows = visible(Evidence.objects.select_related("company", "renews", "replaces"), viewer, SEE)
    row = rows.prefetch_related("clauses").filter(pk=evidence_id).first()
    return _line(row, today) if row else None


def followers_of(viewer: Viewer, row: Evidence) -> list[Evidence]:
    """Those that took its place or renew it, oldest first."""
    rows = visible(Evidence.objects.filter(Q(replaces=row) | Q(renews=row)), viewer, SEE)
    return list(rows.order_by("pk")[:20])


def evidence_file(viewer: Viewer, row: Evidence) -> KeptScan | None:
    """Its file, compared with the hash that was noted when it was submitted; None when it is gone."""
    if not viewer.scope(SEE).holds(row.company_id):
        return None
    return read_scan(row.file, row.file_sha256)


def my_requests(viewer: Viewer, company_id: int, today: date) -> list[AskedLine]:
    """What the viewer was asked for by campaigns that are open, and has not delivered or was sent back: by due day."""
    rows = visible(EvidenceRequest.objects.filter(company_id=company_id), viewer, SUBMIT)
    rows = rows.filter(asked_id=person_id(viewer) or 0, campaign__closed_at=None)
    rows = rows.select_related("campaign", "evidence").order_by("due_on", "pk")
    undelivered = Q(evidence=None) | Q(evidence__decision=REJECTED) | Q(evidence__retracted_at__isnull=False)
    return [_asked_line(row, today) for row in rows.filter(undelivered)[:ASKED_SHOWN]]


def campaign_list(
    viewer: Viewer, company_id: int, today: date, *, after: int | None = None, limit: int = 50
) -> list[CampaignLine]:
    """Newest first, with how far each is; three queries."""
    rows = visible(Campaign.objects.filter(company_id=company_id), viewer, REVIEW)
    found = list(behind(rows, ("-pk",), after)[:limit])
    return _with_progress(found, today)


def campaign_by_id(viewer: Viewer, campaign_id: int, today: date) -> tuple[CampaignLine, list[AskedLine]] | None:
    """A campaign with every request, those first that are open; None when there is none for the viewer."""
    rows = visible(Campaign.objects.select_related("company"), viewer, REVIEW)
    row = rows.filter(pk=campaign_id).first()
    if row is None:
        return None
    asked = EvidenceRequest.objects.filter(campaign=row).select_related("asked", "evidence").order_by("due_on", "pk")
    lines = [_asked_line(one, today) for one in asked]
    return _with_progress([row], today)[0], sorted(lines, key=lambda one: not one.state.is_open)


def askable(viewer: Viewer, company_id: int) -> dict[int, str]:
    """Whoever of the company may submit evidence, for who asks for it: the names by id."""
    roles = [role.value for role in PERMISSIONS[SUBMIT].roles]
    mine = visible(Membership.objects.filter(company_id=company_id, role__in=roles), viewer, REVIEW)
    users = User.objects.filter(pk__in=mine.values("user_id"), is_active=True)
    return {user.pk: user.shown_name for user in users.order_by("display_name", "pk")}


def _asked_line(row: EvidenceRequest, today: date) -> AskedLine:
    piece = row.evidence
    answer = piece.decision if piece is not None and piece.retracted_at is None else None
    return AskedLine(row, asked_state(answer if answer != REJECTED else None, row.due_on, today))


def _with_progress(rows: list[Campaign], today: date) -> list[CampaignLine]:
    asked = EvidenceRequest.objects.filter(campaign__in=rows).select_related("evidence")
    by_campaign: dict[int, list[AskedLine]] = {}
    for one in asked:
        by_campaign.setdefault(one.campaign_id, []).append(_asked_line(one, today))
    return [_campaign_line(row, by_campaign.get(row.pk, [])) for row in rows]


def _campaign_line(row: Campaign, lines: list[AskedLine]) -> CampaignLine:
    states = [one.state for one in lines]
    accepted = states.count(AskedState.ACCEPTED)
    progress = Progress(
        len(states), accepted + states.count(AskedState.DELIVERED), accepted, states.count(AskedState.OVERDUE)
    )
    return CampaignLine(row, progress, max((one.row.due_on for one in lines), default=None))


def _line(row: Evidence, today: date) -> EvidenceLine:
    state = state_on(row.decision, row.valid_from, row.valid_until, today)
    if row.retracted_at is not None:
        state = EvidenceState.WITHDRAWN
    return EvidenceLine(row, state, tuple(sorted(one.clause for one in row.clauses.all())))


def _seen(viewer: Viewer, wanted: EvidenceWanted) -> "QuerySet[Evidence]":
    rows = visible(Evidence.objects.all(), viewer, SEE)
    return rows if wanted.company_id is None else rows.filter(company_id=wanted.company_id)


def _narrowed(rows: "QuerySet[Evidence]", wanted: EvidenceWanted, today: date) -> "QuerySet[Evidence]":
    rows = _narrowed_by_what(rows, wanted)
    if wanted.ends_within is not None:
        return rows.filter(_ending(today, wanted.ends_within))
    return rows.filter(_in_state(wanted.state, today) if wanted.state else Q(retracted_at=None))


def _narrowed_by_what(rows: "QuerySet[Evidence]", wanted: EvidenceWanted) -> "QuerySet[Evidence]":
    if wanted.clause:
        rows = rows.filter(clauses__clause=wanted.clause)
    return rows.filter(title__icontains=wanted.text) if wanted.text else rows


def _ending(today: date, days: int) -> Q:
    counts = _in_state(EvidenceState.ACCEPTED, today)
    return counts & Q(valid_until__lte=today + timedelta(days=days))


def _in_state(state: EvidenceState, today: date) -> Q:
    """As `state_on` has it."""
    if state is EvidenceState.WITHDRAWN:
        return Q(retracted_at__isnull=False)
    standing = Q(retracted_at=None)
    if state in (EvidenceState.SUBMITTED, EvidenceState.REJECTED):
        return standing & Q(decision=REJECTED if state is EvidenceState.REJECTED else "")
    over, ahead = Q(valid_until__isnull=False, valid_until__lt=today), Q(valid_from__gt=today)
    days = {
        EvidenceState.EXPIRED: over,
        EvidenceState.UPCOMING: ahead & ~over,
        EvidenceState.ACCEPTED: ~over & ~ahead,
    }
    return standing & Q(decision=ACCEPTED) & days[state]
