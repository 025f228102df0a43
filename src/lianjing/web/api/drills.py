"""Drills of companies, and how far they have come."""

from typing import Annotated, Any, Literal

from django.http import HttpRequest
from django.utils.translation import gettext as _
from ninja import Router
from pydantic import Field

from lianjing.domain.drills.drill_page import Seen, drill_page
from lianjing.domain.drills.late_entry import is_late_entry
from lianjing.domain.drills.models import Drill, ExercisedPlan, Participant, Review, Score
from lianjing.domain.drills.queries import DrillsWanted, drills
from lianjing.domain.incidents.moving import Missing
from lianjing.terms.drills import DrillKind, DrillState
from lianjing.web.api.door import needs, viewer_of
from lianjing.web.api.narrowing import TextWanted, company_wanted
from lianjing.web.api.reading import page, page_size

router = Router()

YearWanted = Annotated[int, Field(ge=2000, le=2200)]
SAME = (
    *("id", "number", "year", "title", "kind", "state", "planned_on", "began_at", "ended_at", "driven_by"),
    *("evaluated_at", "reviewed_at", "archived_at"),
)


@router.get("drills", summary="Drills, the latest day first")
@needs("drills.see")
def list_drills(
    request: HttpRequest,
    company: TextWanted = "",
    state: DrillState | Literal[""] = "",
    kind: DrillKind | Literal[""] = "",
    year: YearWanted | None = None,
    after: int | None = None,
    limit: int = 100,
) -> dict[str, Any]:
    """Of one company, or of all that the caller sees."""
    viewer, size = viewer_of(request), page_size(limit)
    wanted = DrillsWanted(company_wanted(viewer, company), state, kind, year)
    return page([_item(one) for one in drills(viewer, wanted, after=after, limit=size)], size)


@router.get("drills/{int:drill_id}", summary="One drill with everything that belongs to it")
@needs("drills.see")
def get_drill(request: HttpRequest, drill_id: int) -> dict[str, Any]:
    found = drill_page(viewer_of(request), drill_id)
    if found is None:
        raise Missing(_("没有这次演练。"))
    one, review = found.drill, found.review
    return _item(one) | {
        **{name: getattr(one, name) for name in ("place", "aim", "scenario", "safety", "stop_word", "script")},
        "plans": [_plan(each) for each in found.plans],
        "participants": [_participant(each) for each in found.participants],
        "observations": [_seen(each) for each in found.observations],
        "scores": [_score(found.scores[key], key) for key in sorted(found.scores)],
        "percent": found.percent,
        "evaluation": one.evaluation or None,
        "review": _review(review) if review else None,
        "findings": [{"id": row.pk, "number": row.number, "state": row.state} for row in found.findings],
        "cancelled_for": one.cancelled_for or None,
        "unaltered": found.is_unaltered,
    }


def _item(one: Drill) -> dict[str, Any]:
    told = {name: getattr(one, name) for name in SAME}
    late = {"from_paper": one.from_paper, "recorded_at": one.held_at, "late_entry": is_late_entry(one)}
    return {**told, **late, "company": one.company.code, "archive_sha256": one.archive_sha256 or None}


def _plan(each: ExercisedPlan) -> dict[str, Any]:
    version = each.version.number if each.version else None
    return {"id": each.plan_id, "title": each.plan.title, "version": version, "hash": each.content_hash or None}


def _participant(each: Participant) -> dict[str, Any]:
    return {"staff_no": each.member.staff_no, "name": each.member.name, "role": each.role, "task": each.task}


def _seen(each: Seen) -> dict[str, Any]:
    names = ("kind", "inject", "text", "seen_at", "recorded_at", "recorded_by")
    return {name: getattr(each.row, name) for name in names} | {"seconds": each.seconds}


def _score(score: Score, indicator: str) -> dict[str, Any]:
    return {"indicator": indicator, "points": score.points, "note": score.note}


def _review(review: Review) -> dict[str, Any]:
    names = ("conclusion", "went_well", "went_badly", "reason", "recorded_at", "recorded_by")
    return {name: getattr(review, name) for name in names}
