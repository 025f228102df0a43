"""人员登记, 证书与许可: the registers of one company, on a page and as a workbook."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from io import BytesIO
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from lianjing.core.access import needs, viewer_of
from lianjing.domain.companies.company_facts import CompanyKnown
from lianjing.domain.companies.fact_reading import company_facts
from lianjing.domain.companies.models import Company
from lianjing.domain.people import register
from lianjing.domain.people.certificate_policy import ENDED, ENDING, VALID, certificate_state
from lianjing.domain.people.models import StaffFact
from lianjing.domain.people.register import CertificatesWanted, Registered, RegisterWanted
from lianjing.domain.records.handing_out import record_taken
from lianjing.domain.reports.workbook import write_tables
from lianjing.terms.sentences import words
from lianjing.terms.staffing import CompanyFactKind, PostKind, StaffFactKind
from lianjing.web.acting import who
from lianjing.web.file_sending import workbook
from lianjing.web.filters import bar, choice, text_of
from lianjing.web.pages import show
from lianjing.web.paging import PAGE, asked_id, href, pager
from lianjing.web.police.surroundings import READ, read_company, surroundings
from lianjing.web.words import label

ANSWERS = {"yes": True, "no": False}
LICENCES = (CompanyFactKind.GUARD_LICENCE, CompanyFactKind.BUSINESS_LICENCE)
TONES = {VALID: "tone-ok", ENDING: "tone-odd", ENDED: "tone-bad"}
SIGNS = {VALID: "✓", ENDING: "◐", ENDED: "✕"}


@dataclass(frozen=True, slots=True)
class Paper:
    """A certificate or a licence as a line. `state`: sign and words together, with their tone."""

    holder: str
    staff_no: str
    kind: str
    number: str
    level: str
    issuer: str
    begins: date | None
    until: date | None
    state: str
    tone: str


def state_words(state: str) -> str:
    said = {VALID: _("有效"), ENDING: _("90 天内到期"), ENDED: _("已过期")}
    return f"{SIGNS[state]} {said[state]}"


# People


@needs(READ)
@require_safe
def people(request: HttpRequest, company_id: int) -> HttpResponse:
    """Whoever was at work on `?on=`, today without it; `?person=`: the one to whom the evidence of a clause leads."""
    viewer, company, (on, wrong_day) = viewer_of(request), read_company(request, company_id), _day(request)
    post, answer = _people_choices(request)
    wanted = _people_wanted(request)
    found = register.people_register(viewer, company.pk, wanted, on, after=asked_id(request), limit=PAGE + 1)
    context = surroundings(request, "people", company) | bar(request, _("姓名、首字母、工号、证书编号"), [post, answer])
    context |= {"rows": [_person_row(line, on) for line in found[:PAGE]], "on": on, "wrong_day": wrong_day}
    is_today = on == timezone.localdate()
    context |= {"is_today": is_today, "on_asked": "" if is_today else str(on)}
    context |= {"today_href": href(request, on=None, after=None)}
    context["is_narrowed"] |= wanted.member_id is not None
    context |= pager(request, found[PAGE - 1].id if len(found) > PAGE else None)
    context["excel_href"] = _excel(request)
    return show(request, "police/people.html", context)


def _day(request: HttpRequest) -> tuple[date, str]:
    """The day of the register, today unless another was asked for, and what is wrong with what was."""
    asked = request.GET.get("on", "")
    try:
        day = parse_date(asked) if asked else None
    except ValueError:
        day = None
    return day or timezone.localdate(), "" if day or not asked else _("日期请写成 2026-11-22 的样子。")


def _people_choices(request: HttpRequest) -> list[Any]:
    kinds = [(kind.value, label(PostKind, kind.value)) for kind in PostKind]
    answers = [("yes", _("✓ 符合上岗条件")), ("no", _("✕ 不符合上岗条件"))]
    return [choice(request, "kind", _("全部岗位类别"), kinds), choice(request, "eligible", _("上岗条件"), answers)]


def _people_wanted(request: HttpRequest) -> RegisterWanted:
    post, answer = _people_choices(request)
    return RegisterWanted(text_of(request), post.chosen, ANSWERS.get(answer.chosen), asked_id(request, "person"))


def _person_row(line: Registered, today: date) -> dict[str, Any]:
    paper = line.certificate
    state = certificate_state(paper.valid_until, today) if paper else ""
    return {
        "line": line,
        "post": label(PostKind, line.post_kind.value),
        "against": [(one.clause, words(one, _)) for one in line.against],
        "paper": paper,
        "level": str((paper.details or {}).get("level", "")) if paper else "",
        "state": state_words(state) if state else "",
        "tone": TONES.get(state, ""),
    }


@needs(READ)
@require_safe
def people_excel(request: HttpRequest, company_id: int) -> HttpResponse:
    """As the page is narrowed, all of it; who takes it with him is on record."""
    viewer, company, (on, _wrong) = viewer_of(request), read_company(request, company_id), _day(request)
    lines = register.whole_people_register(viewer, company.pk, _people_wanted(request), on)
    head = [
        _("姓名"),
        _("工号"),
        _("岗位类别"),
        _("在职自"),
        _("上岗条件"),
        _("原因"),
        _("保安员证号"),
        _("等级"),
        _("有效至"),
    ]
    rows = [head, *(_person_cells(_person_row(line, on)) for line in lines)]
    record_taken("people", {company.pk: len(lines)}, register.SEE, **who(request))
    return _workbook(_("人员登记"), company, rows, on)


def _person_cells(row: dict[str, Any]) -> list[Any]:
    line, paper = row["line"], row["paper"]
    answer = _("符合") if line.eligible else _("不符合")
    reasons = _("；").join(f"{clause} {said}".strip() for clause, said in row["against"])
    told = [line.name, line.staff_no, row["post"], line.employed_since, answer, reasons]
    return [*told, paper.number if paper else "", row["level"], (paper.valid_until or _("长期")) if paper else ""]


# Certificates and licences


@needs(READ)
@require_safe
def certificates(request: HttpRequest, company_id: int) -> HttpResponse:
    viewer, company, today = viewer_of(request), read_company(request, company_id), timezone.localdate()
    kind, state = _paper_choices(request)
    wanted = _papers_wanted(request)
    found = register.certificates(viewer, company.pk, wanted, today, after=asked_id(request), limit=PAGE + 1)
    context = surroundings(request, "certificates", company) | bar(
        request, _("姓名、首字母、工号、证书编号"), [kind, state]
    )
    context |= {"licences": _licences(request, company, today), "rows": [_paper(fact, today) for fact in found[:PAGE]]}
    context |= pager(request, found[PAGE - 1].pk if len(found) > PAGE else None)
    context["excel_href"] = _excel(request)
    return show(request, "police/certificates.html", context)


def _paper_choices(request: HttpRequest) -> list[Any]:
    kinds = [(kind.value, label(StaffFactKind, kind.value)) for kind in register.CERTIFICATES]
    states = [(state, state_words(state)) for state in (VALID, ENDING, ENDED)]
    return [choice(request, "kind", _("全部证书"), kinds), choice(request, "state", _("有效与否"), states)]


def _papers_wanted(request: HttpRequest) -> CertificatesWanted:
    kind, state = _paper_choices(request)
    return CertificatesWanted(text_of(request), kind.chosen, state.chosen)


def _licences(request: HttpRequest, company: Company, today: date) -> list[Paper]:
    facts = company_facts(viewer_of(request), company.pk)
    return [_licence(fact, company, today) for fact in facts if fact.kind in LICENCES]


def _licence(fact: CompanyKnown, company: Company, today: date) -> Paper:
    state = certificate_state(fact.valid_until, today)
    kind = label(CompanyFactKind, fact.kind.value)
    told = (fact.number, "", fact.issuer, fact.valid_from, fact.valid_until)
    return Paper(company.name, "", kind, *told, state_words(state), TONES[state])


def _paper(fact: StaffFact, today: date) -> Paper:
    state = certificate_state(fact.valid_until, today)
    told = (fact.number, str(fact.details.get("level", "")), fact.issuer, fact.valid_from, fact.valid_until)
    kind = label(StaffFactKind, fact.kind)
    return Paper(fact.member.name, fact.member.staff_no, kind, *told, state_words(state), TONES[state])


@needs(READ)
@require_safe
def certificates_excel(request: HttpRequest, company_id: int) -> HttpResponse:
    """Licences, and the certificates as the page is narrowed; who takes them with him is on record."""
    viewer, company, today = viewer_of(request), read_company(request, company_id), timezone.localdate()
    facts = register.every_certificate(viewer, company.pk, _papers_wanted(request), today)
    papers = [*_licences(request, company, today), *(_paper(fact, today) for fact in facts)]
    head = [_("持有人"), _("工号"), _("证书"), _("编号"), _("等级"), _("发证机关"), _("自"), _("至"), _("状态")]
    rows = [head, *map(_paper_cells, papers)]
    record_taken("certificates", {company.pk: len(papers)}, register.SEE, **who(request))
    return _workbook(_("证书与许可"), company, rows, today)


def _paper_cells(paper: Paper) -> list[Any]:
    told = [paper.holder, paper.staff_no, paper.kind, paper.number, paper.level, paper.issuer]
    return [*told, paper.begins, paper.until or _("长期"), paper.state]


def _excel(request: HttpRequest) -> str:
    return href(request, after=None).replace(request.path, f"{request.path}excel/", 1)


def _workbook(title: str, company: Company, rows: Iterable[list[Any]], on: date) -> HttpResponse:
    into = BytesIO()
    write_tables(into, [(title, list(rows))])
    return workbook(into, f"{company.name}-{title}-{on}.xlsx")
