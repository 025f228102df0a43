"""受控文件: the list with its search, one document with its editions, what changed between two, who has read."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from lianjing.core.access import needs, viewer_of
from lianjing.domain.companies.queries import companies_with
from lianjing.domain.documents.distributing import end_distribution
from lianjing.domain.documents.document_list import (
    TABS,
    DocumentLine,
    DocumentsWanted,
    document_counts,
    documents,
)
from lianjing.domain.documents.full_text import excerpt
from lianjing.domain.documents.models import Edition, Reading
from lianjing.domain.documents.policy import EDIT, SEE
from lianjing.domain.documents.queries import (
    DocumentPage,
    EditionLine,
    document_page,
    edition_by_id,
    edition_file,
    reading_counts,
    readings_of,
)
from lianjing.domain.documents.taking import record_file_taken
from lianjing.domain.documents.text_diff import LINES_AT_MOST, text_diff
from lianjing.domain.findings.queries import findings_revising
from lianjing.terms.documents import DocumentKind, EditionState, Force
from lianjing.web.acting import doors, found, who
from lianjing.web.file_sending import kept_file
from lianjing.web.markdown import rendered
from lianjing.web.office.acting import done
from lianjing.web.office.document_moves import TAB, offers, why_not_next
from lianjing.web.office.document_words import (
    NO_FORCE,
    TAB_WORDS,
    force_mark,
    kind_words,
    last_day,
    review_words,
    state_mark,
    status_words,
    term_words,
    waits_for,
    whom_words,
)
from lianjing.web.office.filters import bar, choice, company_choice, company_id, text_of
from lianjing.web.office.history import history
from lianjing.web.office.surroundings import surroundings
from lianjing.web.pages import show
from lianjing.web.paging import PAGE, asked_id, href, pager
from lianjing.web.words import label

IN_WORK = [state for state in EditionState if state.is_in_work]


@needs(SEE)
@require_safe
def document_list(request: HttpRequest) -> HttpResponse:
    """`?tab=&kind=&state=&owner=&q=&company=`"""
    viewer, today, company = viewer_of(request), timezone.localdate(), company_choice(request)
    kind = choice(request, "kind", _("全部类别"), [(one.value, kind_words(one.value)) for one in DocumentKind])
    state = choice(request, "state", _("全部状态"), [(one.value, label(EditionState, one.value)) for one in IN_WORK])
    asked = request.GET.get("tab", "")
    owner = request.GET.get("owner", "").replace("\0", "").strip()[:32]
    wanted = DocumentsWanted(
        asked if asked in TABS else TABS[0], kind.chosen, state.chosen, owner, text_of(request), company_id(company)
    )
    lines = documents(viewer, wanted, today, after=asked_id(request), limit=PAGE + 1)
    counts = document_counts(viewer, wanted, today)
    context = surroundings(request, TAB) | bar(request, _("编号、名称、全文"), [kind, state, company])
    context["is_narrowed"] = context["is_narrowed"] or bool(owner)
    context |= {
        "rows": [_row(line, wanted.text) for line in lines[:PAGE]],
        **pager(request, lines[PAGE - 1].document.pk if len(lines) > PAGE else None),
        "tabs": [_tab(request, name, counts[name]) for name in TABS],
        "shown_tab": wanted.tab,
        "owner": owner,
        "several_companies": company is not None,
        "adding": companies_with(viewer, EDIT),
    }
    return show(request, "office/documents/list.html", context)


def _tab(request: HttpRequest, name: str, count: int) -> dict[str, Any]:
    loud = bool(count) and name in ("review", "unread", "replaced")
    return {"name": name, "words": TAB_WORDS[name], "count": count, "loud": loud} | {
        "href": href(request, tab=name, after=None)
    }


def _row(line: DocumentLine, text: str) -> dict[str, Any]:
    document, term = line.document, line.term
    days, tone = review_words(line.review_on, timezone.localdate())
    told = {
        "document": document,
        "kind": kind_words(document.kind),
        "force": force_mark(Force.IN_FORCE) if term else {},
        "term": term,
        "last_day": last_day(term),
        "review_on": line.review_on,
        "work": line.work and state_mark(line.work, None) | {"label": line.work.label},
        "days": days,
        "days_tone": tone,
        "unread": line.unread,
    }
    if document.kind == DocumentKind.EXTERNAL:
        told["status"] = status_words(line.status)
    if line.found is not None and text:
        mark = force_mark(line.found_force)
        told |= {"excerpt": excerpt(line.found.text, text), "found_in": line.found.edition.label, "found_mark": mark}
        told["is_old"] = line.found_force is not Force.IN_FORCE
    return told


@needs(SEE)
@require_safe
def document(request: HttpRequest, document_id: int) -> HttpResponse:
    viewer, today = viewer_of(request), timezone.localdate()
    page = found(document_page(viewer, document_id, today))
    one, shown = page.document, _shown(request, page)
    days, tone = review_words(page.review_on, today)
    told = {"days": days, "days_tone": tone, "review_on": page.review_on, "last_day": page.planned_end}
    moves = offers(viewer, page)
    force = page.in_force.force if page.in_force else page.newest.force if page.newest else None
    why_not = why_not_next(viewer, page.work)
    newest = page.newest.edition.pk if page.newest else None
    context = surroundings(request, TAB) | told
    context |= {
        "document": one,
        "kind": kind_words(one.kind),
        "force": force_mark(force) or {"sign": NO_FORCE[0], "tone": NO_FORCE[1], "words": _("没有现行版本")},
        "status": status_words(page.standing_status) if one.kind == DocumentKind.EXTERNAL else None,
        "upcoming": page.newest if page.newest and page.newest.force is Force.UPCOMING else None,
        "waits_for": waits_for(page.work, force, told),
        "next": next((move for move in moves if move.is_next), None),
        "moves": [move for move in moves if not move.is_next],
        "why_not": _(why_not) if why_not else "",
        "editions": [_edition(line) for line in page.editions],
        "shown": shown and _edition(shown) | _content(shown.edition),
        "page": page,
        "distributions": [{"row": row, "whom": whom_words(row)} for row in page.distributions],
        "readings": reading_counts(viewer, newest, today) if newest else None,
        "newest": newest,
        "may_edit": viewer.scope(EDIT).holds(one.company_id),
        "revised_by": findings_revising(viewer, one.company_id, "document", str(one.pk)),
        "history": history(viewer, [("document", one.pk)], SEE, limit=100),
    }
    return show(request, "office/documents/document.html", context)


def _shown(request: HttpRequest, page: DocumentPage) -> EditionLine | None:
    """The edition of `?edition=`, or the one in force, or the newest."""
    asked = asked_id(request, "edition")
    chosen = next((one for one in page.editions if one.edition.pk == asked), None)
    if asked is not None and chosen is None:
        raise Http404
    return chosen or page.in_force or (page.editions[0] if page.editions else None)


def _edition(line: EditionLine) -> dict[str, Any]:
    edition = line.edition
    return {"edition": edition, "mark": state_mark(edition, line.force), "days": term_words(line.term)} | {
        "intact": line.intact
    }


def _content(edition: Edition) -> dict[str, Any]:
    return {"content": rendered(edition.text) if edition.text else ""}


@needs(SEE)
@require_safe
def diff(request: HttpRequest, edition_id: int) -> HttpResponse:
    """What an edition changes of the one before it, or of `?before=`."""
    viewer = viewer_of(request)
    edition = found(edition_by_id(viewer, edition_id))
    page = found(document_page(viewer, edition.document_id, timezone.localdate()))
    others = [one.edition for one in page.editions if one.edition.pk < edition_id]
    asked = asked_id(request, "before")
    before = next((one for one in others if asked in (None, one.pk)), None)
    if before is None:
        raise Http404
    context = surroundings(request, TAB) | {"edition": edition, "before": before, "others": others}
    context |= {"document": page.document, "lines": text_diff(before.text, edition.text)}
    context["lines_limit"] = LINES_AT_MOST
    context["file_differs"] = before.file_sha256 != edition.file_sha256
    return show(request, "office/documents/diff.html", context)


@needs(SEE)
@require_safe
def readings(request: HttpRequest, edition_id: int) -> HttpResponse:
    """Who has to read an edition, and who has."""
    viewer, today = viewer_of(request), timezone.localdate()
    edition = found(edition_by_id(viewer, edition_id))
    asked, read, late = reading_counts(viewer, edition_id, today)
    context = surroundings(request, TAB) | {"edition": edition, "document": edition.document}
    context |= {"asked": asked, "read": read, "late": late, "unread": asked - read}
    skip = asked_id(request) or 0
    rows = readings_of(viewer, edition_id, skip=skip, limit=PAGE + 1)
    context |= {"rows": [_reading(row) for row in rows[:PAGE]]}
    context |= pager(request, skip + PAGE if len(rows) > PAGE else None)
    return show(request, "office/documents/readings.html", context)


def _reading(row: Reading) -> dict[str, Any]:
    today = timezone.localdate()
    if row.confirmed_at is not None:
        mark = {"sign": "✓", "tone": "tone-ok", "words": _("已确认")}
    elif row.due_on < today:
        mark = {"sign": "✕", "tone": "tone-bad", "words": _("逾期 %(days)d 天") % {"days": (today - row.due_on).days}}
    else:
        mark = {"sign": "○", "tone": "soft", "words": _("还没有读")}
    return {"row": row, "mark": mark}


@needs(SEE)
@require_safe
def file(request: HttpRequest, edition_id: int) -> HttpResponse:
    """Given out on record."""
    viewer = viewer_of(request)
    edition = found(edition_by_id(viewer, edition_id))
    kept = found(edition_file(viewer, edition))
    record_file_taken(edition, **who(request))
    return kept_file(kept, f"{edition.document.number}-{edition.label}")


@needs(EDIT)
@require_POST
def end(request: HttpRequest, document_id: int, distribution_id: int) -> HttpResponse:
    """They need not read it any more."""
    viewer = viewer_of(request)
    page = found(document_page(viewer, document_id, timezone.localdate()))
    if not viewer.scope(EDIT).holds(page.document.company_id):
        raise PermissionDenied
    if not any(one.pk == distribution_id for one in page.distributions):
        raise Http404
    with doors():
        end_distribution(distribution_id, **who(request))
    return done(request, reverse("office:document", args=[document_id]), _("已停止发放；已确认的记录留存。"))
