"""证据: what was submitted for which clause, and what the viewer is asked for."""

from datetime import date
from typing import Any
from urllib.parse import quote

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from lianjing.core.access import needs, viewer_of
from lianjing.core.viewer import Person
from lianjing.domain.compliance.evidence_hash import hash_of
from lianjing.domain.compliance.evidence_list import (
    ASKED_SHOWN,
    AskedLine,
    EvidenceLine,
    EvidenceWanted,
    evidence_by_id,
    evidence_counts,
    evidence_file,
    evidence_list,
    followers_of,
    my_requests,
)
from lianjing.domain.compliance.evidencing import REVIEW, SEE, SUBMIT
from lianjing.terms.evidence import EvidenceState
from lianjing.terms.verdicts import Verdict
from lianjing.web.acting import found
from lianjing.web.file_sending import kept_file
from lianjing.web.office.evidence_words import asked_mark, clause_options, clause_words, state_mark
from lianjing.web.office.filters import bar, choice, text_of
from lianjing.web.office.history import history
from lianjing.web.office.surroundings import surroundings
from lianjing.web.office.whose import says_when_none, shown_company
from lianjing.web.pages import show
from lianjing.web.paging import PAGE, asked_id, href, pager
from lianjing.web.words import label

TAB = "evidence"
WINDOWS = (30, 90)
ASKED_AT_ONCE = 10
"""Of what the viewer is asked for; the others are folded, so that the evidence below is found."""


@needs(SEE)
@require_safe
@says_when_none(TAB)
def evidence(request: HttpRequest) -> HttpResponse:
    """`?company=&clause=&state=&ends=30&q=`; what the viewer is asked for stands first."""
    viewer, today = viewer_of(request), timezone.localdate()
    company, mine = shown_company(request, SEE)
    clause = choice(request, "clause", _("全部条款"), clause_options(viewer, company.pk))
    own = choice(request, "company", _("单位"), [(str(one.pk), one.name) for one in mine]) if len(mine) > 1 else None
    wanted = EvidenceWanted(company.pk, clause.chosen, *_state(request), text_of(request))
    rows = evidence_list(viewer, wanted, today, after=asked_id(request), limit=PAGE + 1)
    asked = [asked_row(one) for one in my_requests(viewer, company.pk, today)]
    context = surroundings(request, TAB) | bar(request, _("名称"), [clause, own])
    context |= {
        "company": company,
        "rows": [_row(one) for one in rows[:PAGE]],
        "tabs": _tabs(request, evidence_counts(viewer, wanted, today, WINDOWS)),
        "asked_first": asked[:ASKED_AT_ONCE],
        "asked_more": asked[ASKED_AT_ONCE:],
        "asked_count": len(asked) if len(asked) < ASKED_SHOWN else f"≥ {ASKED_SHOWN}",
        "may_submit": viewer.scope(SUBMIT).holds(company.pk),
        "may_review": viewer.scope(REVIEW).holds(company.pk),
        "clause_chosen": clause.chosen,
        **pager(request, rows[PAGE - 1].row.pk if len(rows) > PAGE else None),
    }
    context["is_narrowed"] |= bool(wanted.state or wanted.ends_within)
    return show(request, "office/evidence/list.html", context)


def _state(request: HttpRequest) -> tuple[EvidenceState | None, int | None]:
    """The state and the window of days that are asked for; what is none counts as not asked."""
    ends = request.GET.get("ends", "")
    within = next((days for days in WINDOWS if str(days) == ends), None)
    asked = request.GET.get("state", "")
    return next((one for one in EvidenceState if one.value == asked), None), within


def _tabs(request: HttpRequest, counts: dict[str, int]) -> list[dict[str, Any]]:
    state, within = _state(request)
    chosen = str(within) if within else state.value if state else ""
    windows = [(str(days), _("%(days)d 天内到期") % {"days": days}) for days in WINDOWS]
    states = [(one.value, label(EvidenceState, one.value)) for one in EvidenceState]
    ordered = [("", _("全部")), *states[:2], *windows, *states[2:]]
    names = dict.fromkeys([str(days) for days in WINDOWS], "ends")
    return [
        {
            "words": words,
            "count": counts[name],
            "is_here": name == chosen,
            "loud": name in (EvidenceState.EXPIRED.value, "30") and counts[name],
            "href": href(request, **{"state": "", "ends": "", "after": "", names.get(name, "state"): name}),
        }
        for name, words in ordered
    ]


def _row(line: EvidenceLine) -> dict[str, Any]:
    row = line.row
    sign, tone, words = state_mark(line.state)
    told = {"row": row, "sign": sign, "tone": tone, "state": words, "shows": label_of(row.shows)}
    return {**told, "clauses": line.clauses, "days": days_words(row.valid_from, row.valid_until)}


def label_of(shows: str) -> str:
    return label(Verdict, shows)


def days_words(begins: date | None, until: date | None) -> str:
    return f"{begins} — {until or _('长期')}"


def asked_row(line: AskedLine) -> dict[str, Any]:
    sign, tone, words = asked_mark(line.state)
    add = reverse("office:evidence_add", args=[line.row.company_id]) + f"?clause={quote(line.row.clause)}"
    piece = line.row.evidence
    is_back = piece is not None and piece.retracted_at is None and piece.decision == "rejected"
    told = {"row": line.row, "sign": sign, "tone": tone, "state": words, "clause": clause_words(line.row.clause)}
    return {**told, "add_href": add, "sent_back": piece if is_back else None, "is_open": line.state.is_open}


@needs(SEE)
@require_safe
def evidence_page(request: HttpRequest, evidence_id: int) -> HttpResponse:
    viewer, today = viewer_of(request), timezone.localdate()
    line = found(evidence_by_id(viewer, evidence_id, today))
    row = line.row
    kept = evidence_file(viewer, row)
    sign, tone, words = state_mark(line.state)
    context = surroundings(request, TAB) | {"line": line, "row": row, "sign": sign, "tone": tone, "state": words}
    context |= {
        "shows": label_of(row.shows),
        "days": days_words(row.valid_from, row.valid_until),
        "clauses": [(number, clause_words(number)) for number in line.clauses],
        "followers": followers_of(viewer, row),
        "is_there": kept is not None,
        "is_unaltered": kept is not None and kept.unaltered and hash_of(row) == row.content_hash,
        "is_picture": kept is not None and kept.content_type.startswith("image/"),
        "history": history(viewer, [("evidence", row.pk)], SEE),
        **may_of(viewer, line),
    }
    return show(request, "office/evidence/one.html", context)


def may_of(viewer: Person, line: EvidenceLine) -> dict[str, bool]:
    """What the viewer may do with it."""
    row, is_own = line.row, line.row.author_id == viewer.id
    submits, reviews = (viewer.scope(one).holds(row.company_id) for one in (SUBMIT, REVIEW))
    standing, decided = row.retracted_at is None, row.decision != ""
    return {
        "is_own": is_own,
        "may_decide": standing and not decided and reviews and not is_own,
        "waits_for_another": standing and not decided and is_own,
        "may_change": standing and row.decision != "accepted" and submits and is_own,
        "may_renew": standing and row.decision == "accepted" and submits,
        "may_withdraw": standing and ((reviews and not is_own) or (submits and is_own and row.decision != "accepted")),
    }


@needs(SEE)
@require_safe
def file(request: HttpRequest, evidence_id: int) -> HttpResponse:
    """The file itself, compared with its hash. `?show=1` shows it in the browser; one that is not what was submitted is
    only ever handed out, and says so in its name."""
    viewer = viewer_of(request)
    row = found(evidence_by_id(viewer, evidence_id, timezone.localdate())).row
    return kept_file(evidence_file(viewer, row), row.title, shown=request.GET.get("show") == "1")
