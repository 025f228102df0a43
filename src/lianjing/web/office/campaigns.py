"""证据征集: who was asked for what until when, and how far it is."""

from datetime import date, timedelta

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as later
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from lianjing.core.access import needs, viewer_of
from lianjing.core.refusals import Refused
from lianjing.core.viewer import Viewer
from lianjing.domain.companies.models import Company
from lianjing.domain.companies.queries import companies_with
from lianjing.domain.compliance.campaigning import Ask, close_campaign, open_campaign
from lianjing.domain.compliance.evidence_list import askable, campaign_by_id, campaign_list
from lianjing.domain.compliance.evidencing import REVIEW
from lianjing.domain.compliance.models import Campaign
from lianjing.domain.deliveries.channels import channel_state
from lianjing.domain.deliveries.policy import Channel
from lianjing.domain.sites.equipment_entries import Problem, RowsRefused, problem
from lianjing.terms.sentences import marked
from lianjing.web.acting import doors, found, who
from lianjing.web.office import forms as fields
from lianjing.web.office.acting import done, refused
from lianjing.web.office.evidence import TAB, asked_row
from lianjing.web.office.evidence_words import clause_options
from lianjing.web.office.forms import OfficeForm
from lianjing.web.office.history import history
from lianjing.web.office.surroundings import surroundings
from lianjing.web.office.tables import CHOICE, TEXT, Column, Table
from lianjing.web.office.whose import one_of, says_when_none, shown_company
from lianjing.web.pages import show
from lianjing.web.paging import PAGE, asked_id, pager

DUE_AFTER = timedelta(days=14)


@needs(REVIEW)
@require_safe
@says_when_none(TAB)
def campaigns(request: HttpRequest) -> HttpResponse:
    company, mine = shown_company(request, REVIEW)
    lines = campaign_list(viewer_of(request), company.pk, timezone.localdate(), after=asked_id(request), limit=PAGE + 1)
    context = surroundings(request, TAB) | {"company": company, "companies": mine, "lines": lines[:PAGE]}
    context |= pager(request, lines[PAGE - 1].row.pk if len(lines) > PAGE else None)
    return show(request, "office/evidence/campaigns.html", context)


@needs(REVIEW)
@require_safe
def campaign(request: HttpRequest, campaign_id: int) -> HttpResponse:
    viewer = viewer_of(request)
    line, asked = found(campaign_by_id(viewer, campaign_id, timezone.localdate()))
    mail = channel_state(line.row.company, Channel.EMAIL)
    context = surroundings(request, TAB) | {"line": line, "row": line.row, "asked": [asked_row(one) for one in asked]}
    context |= {"history": history(viewer, [("campaign", campaign_id)], REVIEW)}
    context |= {"no_mail": "" if mail.available else mail.why_not}
    return show(request, "office/evidence/campaign.html", context)


@needs(REVIEW)
@require_POST
def close(request: HttpRequest, campaign_id: int) -> HttpResponse:
    found(campaign_by_id(viewer_of(request), campaign_id, timezone.localdate()))
    href = reverse("office:campaign", args=[campaign_id])
    try:
        with doors():
            close_campaign(campaign_id, **who(request))
    except Refused as refusal:
        return refused(request, href, refusal)
    return done(request, href, _("已结束，不再提醒；已提交的证据不受影响。"))


class CampaignForm(OfficeForm):
    """What it is about; who is asked for what stands in the table."""

    title = fields.text(later("名称"), 100, required=True, hint=later("例如“2026 年年终自查”。"))
    text = fields.text(later("说明"), 1000, lines=3, hint=later("请对方提供什么样的材料。"))


@needs(REVIEW)
@require_http_methods(["GET", "HEAD", "POST"])
def add(request: HttpRequest, company_id: int) -> HttpResponse:
    company = one_of(companies_with(viewer_of(request), REVIEW), company_id)
    columns = _columns(viewer_of(request), company)
    form = CampaignForm(request.POST or None)
    table = Table.read(columns, request.POST) if request.method == "POST" else Table(columns, [])
    told, made = "", None
    if request.method == "POST":
        made, told = _opened(request, company, form, table)
    if made is not None:
        said = _("已发起征集：%(count)d 项。") % {"count": len(table.kept)}
        return done(request, reverse("office:campaign", args=[made.pk]), said)
    context = surroundings(request, TAB) | {"company": company, "form": form, "table": table, "columns": columns}
    context |= {"told": told, "back_href": f"{reverse('office:campaigns')}?company={company_id}"}
    return show(request, "office/evidence/campaign_form.html", context, 422 if request.method == "POST" else 200)


def _columns(viewer: Viewer, company: Company) -> list[Column]:
    people = [(str(pk), name) for pk, name in askable(viewer, company.pk).items()]
    due = str(timezone.localdate() + DUE_AFTER)
    return [
        Column("clause", later("条款"), CHOICE, [("", "—"), *clause_options(viewer, company.pk)], size="wide"),
        Column("asked", later("请谁提交"), CHOICE, [("", "—"), *people]),
        Column("due_on", later("截止日期"), TEXT, start=due, limit=10, size="short"),
    ]


def _opened(request: HttpRequest, company: Company, form: CampaignForm, table: Table) -> tuple[Campaign | None, str]:
    """The campaign, or None with what is wrong with the whole; the rest stands in form and table."""
    if not form.is_valid():
        return None, ""
    try:
        with doors():
            asks, told = _asks(table), form.cleaned_data
            return open_campaign(company.pk, told["title"], told["text"], asks, **who(request)), ""
    except RowsRefused as rows:
        table.refuse(rows)
    except Refused as refusal:
        if refusal.field in form.fields:
            form.refuse(refusal)
        else:
            return None, _(refusal.sentence) % refusal.figures
    return None, ""


def _asks(table: Table) -> list[Ask]:
    """What the rows say. Raises RowsRefused for what cannot be read."""
    found_asks, problems = list[Ask](), list[Problem]()
    for place, row in enumerate(table.kept):
        due = _day(row.values["due_on"])
        asked = row.values["asked"]
        for name, words in (("clause", marked("请选择条款。")), ("asked", marked("请选择请谁提交。"))):
            if not row.values[name]:
                problems.append(problem(place, name, words))
        if due is None:
            problems.append(problem(place, "due_on", marked("日期请写成 2026-11-22 的样子。")))
        else:
            found_asks.append(
                Ask(int(asked) if asked.isdecimal() and len(asked) < 19 else 0, row.values["clause"], due)
            )
    if problems:
        raise RowsRefused(problems)
    return found_asks


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text.replace("/", "-").replace(".", "-"))
    except ValueError:
        return None
