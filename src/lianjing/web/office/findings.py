"""整改: the list with what is late, one finding with its next step, a new one by hand, and the list as a workbook."""

from io import BytesIO
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from lianjing.core.access import needs, viewer_of
from lianjing.core.viewer import Viewer
from lianjing.domain.companies.queries import companies_with
from lianjing.domain.compliance.clause_findings import raise_for_one, raise_standing
from lianjing.domain.compliance.finding_gaps import clauses_without_finding
from lianjing.domain.compliance.local_texts import judged_entries
from lianjing.domain.drills.policy import REVIEW
from lianjing.domain.drills.review_list import improvement_of
from lianjing.domain.findings.actions import raise_finding
from lianjing.domain.findings.conditions import conditions_of
from lianjing.domain.findings.exporting import export_findings
from lianjing.domain.findings.models import Finding
from lianjing.domain.findings.policy import EDIT, SEE, split_clauses
from lianjing.domain.findings.queries import (
    TABS,
    FindingFigures,
    FindingLine,
    FindingsWanted,
    figures,
    finding_by_id,
    findings,
    kept_proof,
    tab_counts,
)
from lianjing.domain.findings.raising import NewFinding, Source
from lianjing.terms.findings import FindingGrade, FindingSource, FindingState
from lianjing.web.acting import doors, found, submitted, who
from lianjing.web.file_sending import kept_file, workbook
from lianjing.web.office.acting import FormPage, done, show_form
from lianjing.web.office.filters import bar, choice, company_choice, company_id, text_of
from lianjing.web.office.finding_forms import NewForm, clause_options
from lianjing.web.office.finding_moves import TAB, next_refusal, offers
from lianjing.web.office.finding_words import (
    TAB_WORDS,
    clause_href,
    days_words,
    grade_words,
    revises_href,
    source_href,
    source_label,
    state_words,
)
from lianjing.web.office.history import history
from lianjing.web.office.surroundings import surroundings
from lianjing.web.office.whose import one_of
from lianjing.web.pages import show
from lianjing.web.paging import PAGE, asked_id, href, pager
from lianjing.web.words import ACTORS, label, word


@needs(SEE)
@require_safe
def finding_list(request: HttpRequest) -> HttpResponse:
    viewer, now, today = viewer_of(request), timezone.now(), timezone.localdate()
    company, choices = company_choice(request), _choices(request)
    wanted = _wanted(request, company_id(company), choices)
    lines = findings(viewer, wanted, today, after=asked_id(request), limit=PAGE + 1)
    told = bar(request, _("编号、标题、情况、责任人"), [*choices.values(), company])
    told["is_narrowed"] = told["is_narrowed"] or bool(wanted.owner)
    counts = tab_counts(viewer, today, wanted.company_id)
    told_figures = figures(viewer, now, today, wanted.company_id)
    context = surroundings(request, TAB) | told
    context |= {
        "rows": [_row(line) for line in lines[:PAGE]],
        **pager(request, lines[PAGE - 1].finding.pk if len(lines) > PAGE else None),
        "tabs": [_tab(request, name, counts[name]) for name in TABS],
        "shown_tab": wanted.tab,
        "owner": wanted.owner,
        "figures": told_figures,
        "grades": _grades(told_figures),
        "several_companies": company is not None,
        **_wanting(viewer, wanted.company_id),
        "export_href": f"{reverse('office:findings_export')}?{request.GET.urlencode()}",
    }
    return show(request, "office/findings/list.html", context)


def _wanting(viewer: Viewer, company: int | None) -> dict[str, Any]:
    """The clauses of one company that stand bad and that nobody puts right; with several companies, of the chosen."""
    mine = companies_with(viewer, EDIT)
    one = next((each for each in mine if each.pk == company), mine[0] if len(mine) == 1 and company is None else None)
    if one is None:
        return {"raising": mine}
    return {"raising": mine, "wanting_company": one, "wanting": clauses_without_finding(viewer, one.pk)}


@needs(EDIT)
@require_POST
def raise_wanting(request: HttpRequest, company_id: int) -> HttpResponse:
    """A finding for each clause that stands bad."""
    company = one_of(companies_with(viewer_of(request), EDIT), company_id)
    with doors():
        made = raise_standing(company.pk, **who(request))
    said = _("已逐条提出整改 %(count)d 件。") % {"count": len(made)} if made else _("没有需要提出的条款。")
    return done(request, reverse("office:findings"), said)


@needs(EDIT)
@require_POST
def raise_clause(request: HttpRequest, company_id: int) -> HttpResponse:
    """The finding of the clause in `clause`, which says by itself when it is good again."""
    company, number = one_of(companies_with(viewer_of(request), EDIT), company_id), request.POST.get("clause", "")
    with doors():
        made = raise_for_one(company.pk, number, **who(request))
    if made is None:
        return done(request, clause_href(company.pk, number), _("%(clause)s 现在没有不符合。") % {"clause": number})
    said = _("整改 %(number)s 已提出。") % {"number": made.number}
    return done(request, reverse("office:finding", args=[made.pk]), said)


def _choices(request: HttpRequest) -> dict[str, Any]:
    states = [(one.value, label(FindingState, one.value)) for one in FindingState]
    grades = [(one.value, label(FindingGrade, one.value)) for one in FindingGrade]
    sources = [(one.value, label(FindingSource, one.value)) for one in FindingSource]
    return {
        "state": choice(request, "state", _("全部状态"), states),
        "grade": choice(request, "grade", _("全部级别"), grades),
        "source": choice(request, "source", _("全部来源"), sources),
        "clause": choice(request, "clause", _("全部条款"), clause_options(viewer_of(request))),
    }


def _wanted(request: HttpRequest, company: int | None, choices: dict[str, Any]) -> FindingsWanted:
    chosen = {name: one.chosen for name, one in choices.items()}
    asked = request.GET.get("tab", "")
    # Who asks for a state by name wants it wherever it stands.
    tab = asked if asked in TABS else "all" if chosen["state"] in ("closed", "dismissed") else TABS[0]
    owner = request.GET.get("owner", "").replace("\0", "").strip()[:32]
    return FindingsWanted(tab, text=text_of(request), owner=owner, company_id=company, **chosen)


def _tab(request: HttpRequest, name: str, count: int) -> dict[str, Any]:
    loud = bool(count) and name == "overdue"
    return {"name": name, "words": TAB_WORDS[name], "count": count, "loud": loud} | {
        "href": href(request, tab=name, after=None)
    }


def _grades(told: FindingFigures) -> list[dict[str, Any]]:
    counts = told.open_by_grade
    return [
        {"sign": one.sign, "words": label(FindingGrade, one.value), "tone": f"g{one.rank}", "count": counts[one.value]}
        for one in FindingGrade
    ]


def _row(line: FindingLine) -> dict[str, Any]:
    finding = line.finding
    days, tone = days_words(line)
    return {
        "finding": finding,
        "grade": grade_words(finding),
        "state": state_words(finding),
        "source": source_label(finding),
        "clauses": split_clauses(finding.clauses),
        "days": days,
        "days_tone": tone,
        "is_bad": line.source_bad and finding.closed_at is None,
        "is_good": finding.verdict_good_since is not None and finding.closed_at is None,
    }


@needs(SEE)
@require_safe
def finding(request: HttpRequest, finding_id: int) -> HttpResponse:
    viewer = viewer_of(request)
    line = found(finding_by_id(viewer, finding_id, timezone.localdate()))
    one, moves = line.finding, offers(viewer, line.finding)
    why_not = next_refusal(viewer, one)
    context = surroundings(request, TAB) | _row(line)
    context |= {
        "waits_for": _waits_for(line),
        "next": next((move for move in moves if move.is_next), None),
        "moves": [move for move in moves if not move.is_next],
        "why_not": _(why_not.sentence) % why_not.figures if why_not else "",
        "source_href": source_href(viewer, one),
        "revises_href": revises_href(viewer, one),
        "conditions": [] if one.closed_at else [(met.is_met, _(met.asked) % met.figures) for met in conditions_of(one)],
        **_improvement(viewer, one),
        "clause_links": _clause_links(viewer, one),
        "raised_by": word(ACTORS, one.raised_by),
        "closed_by": word(ACTORS, one.closed_by),
        "history": history(viewer, [("finding", one.pk)], SEE, limit=100),
    }
    return show(request, "office/findings/finding.html", context)


def _improvement(viewer: Viewer, one: Finding) -> dict[str, Any]:
    """How the plan that it revises has come along, and what this person may do about that."""
    progress = improvement_of(viewer, one)
    if progress is None:
        return {}
    may_draft = viewer.scope("plans.edit").holds(one.company_id) and not progress.versions
    may_retest = viewer.scope(REVIEW).holds(one.company_id) and progress.in_force is not None and one.closed_at is None
    return {"progress": progress, "may_draft": may_draft, "may_retest": may_retest}


def _clause_links(viewer: Viewer, one: Finding) -> list[tuple[str, str]]:
    sees = viewer.scope("compliance.see").holds(one.company_id)
    return [(number, clause_href(one.company_id, number) if sees else "") for number in split_clauses(one.clauses)]


def _waits_for(line: FindingLine) -> str:
    """What the finding waits for, in one sentence: the loud one of the page."""
    one = line.finding
    owner = one.owner.name if one.owner else ""
    told = {
        FindingState.IDENTIFIED: _("等确认：是否属实、有多重。"),
        FindingState.CONFIRMED: _("等派责任人和期限。"),
        FindingState.ASSIGNED: _("等%(owner)s写明根因和措施。") % {"owner": owner},
        FindingState.IN_PROGRESS: _("%(owner)s正在整改，等报告完成。") % {"owner": owner},
        FindingState.DONE: _("%(name)s已报告完成，等他人复核。") % {"name": one.done_by},
        FindingState.VERIFIED: _("%(name)s已复核，等关闭。") % {"name": one.verified_by},
        FindingState.CLOSED: _("整改已关闭。"),
        FindingState.DISMISSED: _("已作废：%(reason)s") % {"reason": one.dismissed_for},
    }[FindingState(one.state)]
    if one.state == FindingState.VERIFIED and line.source_bad:
        return _("措施已由%(name)s复核，但“%(source)s”还没有恢复符合：恢复后自动关闭。") % {
            "name": one.verified_by,
            "source": one.source_words,
        }
    if one.state == FindingState.CLOSED and one.check_on and not one.effect:
        return _("整改已关闭；%(day)s 检查措施是否有效。") % {"day": one.check_on}
    return told


@needs(EDIT)
@require_http_methods(["GET", "HEAD", "POST"])
def add(request: HttpRequest, company_id: int) -> HttpResponse:
    company = one_of(companies_with(viewer_of(request), EDIT), company_id)
    clause = request.GET.get("clause", "")
    clauses = list(judged_entries(viewer_of(request), company.pk).values())
    form = NewForm(clauses, request.POST or None, initial={"clauses": [clause], "grade": FindingGrade.MINOR.value})
    made: list[Finding] = []

    def act(told: dict[str, Any]) -> None:
        new = NewFinding(
            told["title"],
            told["grade"],
            told["description"],
            Source(told["source_kind"], "", told["source_words"]),
            tuple(told["clauses"]),
            told["needs_retest"],
        )
        made.append(raise_finding(company.pk, new, **who(request)))

    if request.method == "POST" and submitted(form, act):
        said = _("整改 %(number)s 已提出。") % {"number": made[0].number}
        return done(request, reverse("office:finding", args=[made[0].pk]), said)
    title = _("提出整改：%(name)s") % {"name": company.name}
    return show_form(request, FormPage(TAB, title, _("提出"), reverse("office:findings")), form)


@needs(SEE)
@require_safe
def proof(request: HttpRequest, finding_id: int) -> HttpResponse:
    """The file itself, never shown inside our pages. One that is not what was kept says so in its name."""
    viewer = viewer_of(request)
    one = found(finding_by_id(viewer, finding_id, timezone.localdate())).finding
    return kept_file(kept_proof(viewer, one), one.number)


@needs(SEE)
@require_safe
def export(request: HttpRequest) -> HttpResponse:
    """What the list shows, as a workbook; the first so many, and on record."""
    today = timezone.localdate()
    wanted = _wanted(request, company_id(company_choice(request)), _choices(request))
    into = BytesIO()
    with doors():
        export_findings(wanted, today, into, **who(request))
    return workbook(into, _("整改 %(day)s.xlsx") % {"day": today.isoformat()})
