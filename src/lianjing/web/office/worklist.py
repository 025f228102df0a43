"""待办: what ends, what is over, what is missing, who is barred; each line with the one form that settles it."""

from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as later
from django.views.decorators.http import require_http_methods, require_safe

from lianjing.core.access import needs, viewer_of
from lianjing.core.viewer import Viewer
from lianjing.domain.companies.models import Company
from lianjing.domain.companies.queries import companies, companies_with
from lianjing.domain.deliveries.channels import channel_state
from lianjing.domain.deliveries.policy import Channel
from lianjing.domain.facilities.policy import SEE as FACILITIES
from lianjing.domain.people.addresses import set_email
from lianjing.domain.people.fact_kinds import SPECS
from lianjing.domain.people.models import DigestEvery, User, WorkListSetting
from lianjing.domain.people.work_list import TABS, WorkLine, WorkWanted, settings_by_company, work_list
from lianjing.domain.people.work_list_policy import Matter
from lianjing.domain.people.work_settings import set_work_list
from lianjing.domain.sites.schedules import workdays
from lianjing.terms.sentences import words
from lianjing.terms.staffing import CompanyFactKind, StaffFactKind, Standing
from lianjing.web.acting import submitted, who
from lianjing.web.office.acting import FormPage, done, show_form
from lianjing.web.office.company_words import SIGNS
from lianjing.web.office.facilities_due import due_block
from lianjing.web.office.filters import choice, company_choice, company_id
from lianjing.web.office.forms import NOT_FILLED, OfficeForm, text
from lianjing.web.office.home_line import Asked, Line
from lianjing.web.office.home_lines import document_lines, finding_lines
from lianjing.web.office.home_practice import practice_lines
from lianjing.web.office.people_words import clause_words, days_words, kind_words
from lianjing.web.office.surroundings import surroundings
from lianjing.web.office.whose import one_of
from lianjing.web.pages import show
from lianjing.web.paging import PAGE, asked_id, href
from lianjing.web.words import Words, label

TAB = "worklist"
TAB_WORDS: Words = {
    "": later("全部"),
    "barred": later("不得上岗"),
    "over": later("已过期"),
    "7": later("7 天内到期"),
    "30": later("30 天内到期"),
    "90": later("90 天内到期"),
    "missing": later("缺少"),
    "hint": later("提示"),
}
WEEKDAYS = (later("周一"), later("周二"), later("周三"), later("周四"), later("周五"), later("周六"), later("周日"))
MATTERS: dict[Matter, tuple[str, Any]] = {
    Matter.BARRED: ("tone-bad", later("✕ 不得上岗")),
    Matter.OVER: ("tone-bad", later("✕ 已过期")),
    Matter.MISSING: ("tone-odd", later("? 缺少")),
    Matter.HINT: ("soft", later("○ 提示")),
}


@needs("people.see")
@require_safe
def worklist(request: HttpRequest) -> HttpResponse:
    viewer, today = viewer_of(request), timezone.localdate()
    asked = request.GET.get("tab", "")
    tab, company = asked if asked in TABS else "", company_choice(request)
    kind = choice(request, "kind", _("全部种类"), _kinds())
    skip = asked_id(request) or 0
    wanted = WorkWanted(tab, kind.chosen, company_id(company), workdays(viewer))
    page = work_list(viewer, wanted, today, skip=skip, limit=PAGE)
    files = viewer.scope("people.edit")
    mine, own = companies(viewer), settings_by_company(viewer)
    names = {one.pk: one.name for one in mine}
    context = surroundings(request, TAB)
    context |= {
        "rows": [_row(one, names, edits=files.holds(one.company_id)) for one in page.rows],
        "tabs": [_tab(request, name, page.counts[name]) for name in TABS],
        "shown_tab": tab,
        "filters": [one for one in (kind, company) if one is not None],
        "is_narrowed": bool(kind.chosen or (company and company.chosen)),
        "several_companies": company is not None,
        "next_href": href(request, after=skip + PAGE) if page.more else "",
        "first_page_href": href(request, after=None) if skip else "",
        "besides": _besides(Asked(viewer, mine, timezone.now())),
        **due_block(viewer, _mine(viewer, mine, wanted.company_id), today, names),
        "settings": [_setting(one, own.get(one.pk)) for one in mine if files.holds(one.pk)],
    }
    return show(request, "office/worklist.html", context)


def _mine(viewer: Viewer, companies_seen: list[Company], chosen: int | None) -> list[int]:
    """The companies whose equipment and premises he sees, or the chosen one of them."""
    scope = viewer.scope(FACILITIES)
    return [one.pk for one in companies_seen if scope.holds(one.pk) and chosen in (None, one.pk)]


def _besides(asked: Asked) -> list[Line]:
    """What is to be done that is about nobody's papers."""
    makers = (finding_lines, document_lines, practice_lines)
    return [line for make in makers for line in make(asked) if line.count and line.action]


def _kinds() -> list[tuple[str, str]]:
    watched = [kind for kind, spec in SPECS.items() if spec.expected or spec.watched]
    others = [kind for kind in (StaffFactKind.APPRAISAL, StaffFactKind.BAR) if kind not in watched]
    own = ("company", _("单位证照"))
    return [own, *((kind.value, kind_words(kind.value)) for kind in (*watched, *others))]


def _tab(request: HttpRequest, name: str, count: int) -> dict[str, Any]:
    loud = name in ("barred", "over") and count
    return {
        "name": name,
        "words": TAB_WORDS[name],
        "count": count,
        "loud": loud,
        "href": href(request, tab=name, after=None),
    }


def _row(one: WorkLine, names: dict[int, str], *, edits: bool) -> dict[str, Any]:
    line = one.line
    if line.matter is Matter.ENDS:
        mark, tone = days_words(line.days_left or 0)
    else:
        tone, mark = MATTERS[line.matter]
    if line.standing is not None and line.matter is not Matter.ENDS:
        sign, tone = SIGNS[line.standing]
        mark = f"{sign} {label(Standing, line.standing.value)}"
    kind = kind_words(line.kind) if one.whom else label(CompanyFactKind, line.kind)
    action, where = _action(one, edits=edits)
    return {
        "one": one,
        "mark": mark,
        "tone": tone,
        "kind": kind,
        "said": words(line, _),
        "clause": clause_words(line.basis),
        "company": names.get(one.company_id, ""),
        "action": action,
        "href": where,
    }


def _action(one: WorkLine, *, edits: bool) -> tuple[str, str]:
    """The one next step, and where it is done."""
    if one.whom is None:
        return _("查看证照"), f"{reverse('office:company')}?company={one.company_id}"
    page, line = reverse("office:person", args=[one.whom.id]), one.line
    if not edits:
        return _("查看"), page
    if line.matter is Matter.BARRED:
        return _("核对"), f"{page}#fact-{line.fact_id}"
    if line.kind == StaffFactKind.IDENTITY:
        return _("登记身份号码"), reverse("office:staff_identity", args=[one.whom.id])
    form = reverse("office:fact_add", args=[one.whom.id]) + f"?kind={line.kind}"
    renews = line.matter is not Matter.MISSING and line.fact_id
    return (_("登记新的"), f"{form}&from={line.fact_id}") if renews else (_("登记"), form)


def _setting(company: Company, row: WorkListSetting | None) -> dict[str, Any]:
    shown = row or WorkListSetting(company=company, since=timezone.now())
    said = {
        DigestEvery.OFF.value: _("不发邮件"),
        DigestEvery.DAILY.value: _("每天 %(hour)d 点发邮件"),
        DigestEvery.WEEKLY.value: _("每%(day)s %(hour)d 点发邮件"),
    }[shown.digest]
    return {
        "company": company,
        "row": shown,
        "is_own": row is not None and bool(row.source),
        "digest": said % {"day": WEEKDAYS[shown.weekday - 1], "hour": shown.hour},
        "last": shown.digest_for,
        "no_mail": "" if shown.digest == DigestEvery.OFF.value else channel_state(company, Channel.EMAIL).why_not,
    }


class SettingForm(OfficeForm):
    """Periods and the digest of one company."""

    digest = forms.ChoiceField(
        label=later("邮件摘要"),
        choices=[("off", later("不发送")), ("daily", later("每天")), ("weekly", later("每周"))],
        help_text=later("发给填有邮箱的经理；只写工号和事项。邮箱在“待办”页或由管理员设置。"),
        error_messages={"invalid_choice": later("没有这个选项。"), "required": later("请选择一项。")},
    )
    weekday = forms.TypedChoiceField(
        label=later("每周的哪一天"),
        coerce=int,
        choices=list(enumerate(WEEKDAYS, 1)),
        error_messages={"invalid_choice": later("没有这个选项。"), "required": later("请选择一项。")},
    )
    hour = forms.IntegerField(label=later("几点"), error_messages=NOT_FILLED)
    appraisal_months = forms.IntegerField(
        label=later("考核超过几个月提示"),
        error_messages=NOT_FILLED,
        help_text=later("令564第19条要求定期考核，没有写明间隔；12 个月是默认值。0：不提示。"),
    )
    training_months = forms.IntegerField(
        label=later("培训超过几个月提示"),
        error_messages=NOT_FILLED,
        help_text=later("令564第18条要求定期培训，没有写明间隔；12 个月是默认值。0：不提示。"),
    )
    source = text(later("间隔的依据"), 200, hint=later("如本单位哪一项制度的第几条。"))


@needs("people.edit")
@require_http_methods(["GET", "HEAD", "POST"])
def settings(request: HttpRequest, company_id: int) -> HttpResponse:
    viewer = viewer_of(request)
    company = one_of(companies_with(viewer, "people.edit"), company_id)
    row = settings_by_company(viewer).get(company_id) or WorkListSetting(company=company, since=timezone.now())
    form = SettingForm(request.POST or None, initial={name: getattr(row, name) for name in SettingForm.base_fields})
    if request.method == "POST" and submitted(form, lambda values: set_work_list(company_id, values, **who(request))):
        return done(request, reverse("office:worklist"), _("已保存。"))
    title = _("待办的提醒：%(name)s") % {"name": company.name}
    return show_form(request, FormPage(TAB, title, _("保存"), reverse("office:worklist")), form)


class EmailForm(OfficeForm):
    email = text(later("我的邮箱"), 254, hint=later("待办的邮件摘要发到这里；不填：不发。"))


@needs("people.edit")
@require_http_methods(["GET", "HEAD", "POST"])
def my_email(request: HttpRequest) -> HttpResponse:
    user = User.objects.get(pk=viewer_of(request).id)
    form = EmailForm(request.POST or None, initial={"email": user.email})
    if request.method == "POST" and submitted(form, lambda values: set_email(user, values["email"], **who(request))):
        return done(request, reverse("office:worklist"), _("邮箱已保存。"))
    return show_form(request, FormPage(TAB, _("我的邮箱"), _("保存"), reverse("office:worklist")), form)
