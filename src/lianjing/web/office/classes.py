"""分类分级表: classes of events and faults with their grades, version by version; and how codes are read otherwise."""

from collections.abc import Callable
from itertools import count
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as later
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from lianjing.core.access import needs, viewer_of
from lianjing.core.refusals import Refused
from lianjing.core.viewer import Person
from lianjing.domain.companies.queries import companies_with
from lianjing.domain.signals import classifying
from lianjing.domain.signals.actions import CodeReading, override_code, restore_code
from lianjing.domain.signals.classification_list import (
    SEE,
    class_versions,
    classification_by_id,
    code_readings,
    reading_changes,
    rows_of,
)
from lianjing.domain.signals.classification_policy import (
    COVERS_LIMIT,
    CRITERIA_LIMIT,
    FAULT_PREFIX,
    WORDS_LIMIT,
    ClassRow,
)
from lianjing.domain.signals.models import Classification
from lianjing.terms.code_tables import codes, meaning
from lianjing.terms.codes import EventClass, Grade, Scheme
from lianjing.web.acting import doors, found, submitted, who
from lianjing.web.office.acting import FormPage, done, refused, show_form
from lianjing.web.office.forms import OfficeForm, ReasonForm, text
from lianjing.web.office.history import history
from lianjing.web.office.surroundings import surroundings
from lianjing.web.office.tables import CHOICE, Column, Row, Table
from lianjing.web.office.whose import one_of, says_when_none, shown_company
from lianjing.web.pages import show
from lianjing.web.paging import asked_id
from lianjing.web.words import CLASSES, GRADES, word

TAB = "classes"
EDIT, APPROVE, READ_CODES = classifying.EDIT, classifying.APPROVE, "signals.override_codes"
SCHEMES = (Scheme.CONTACT_ID, Scheme.SIA, Scheme.HENG_BO, Scheme.LIANJING)


@needs(SEE)
@require_safe
@says_when_none(TAB)
def classes(request: HttpRequest) -> HttpResponse:
    """The version of `?version=`, else what is in force; `version=1` is the shipped one."""
    company, mine = shown_company(request, SEE)
    viewer, versions = viewer_of(request), class_versions(viewer_of(request), company.pk)
    version = _shown(versions, asked_id(request, "version"))
    context = surroundings(request, TAB) | {"company": company, "companies": mine, "grades": GRADES}
    context |= {"versions": versions, "version": version, "rows": rows_of(viewer, version)}
    context["in_force"] = next((one for one in versions if one.state == "in_force"), None)
    context["mine"] = version is not None and viewer.id in version.writers
    context["has_draft"] = any(one.state == "draft" for one in versions)
    context |= {f"may_{name}": viewer.scope(row).holds(company.pk) for name, row in _MAY}
    context |= {"readings": [_reading(one) for one in code_readings(viewer, company.pk)]}
    context["changes"] = [(one, _code_words(one.scheme, one.code)) for one in reading_changes(viewer, company.pk)]
    context["history"] = history(viewer, [("classification", one.pk) for one in versions[:20]], SEE)
    return show(request, "office/classes.html", context)


_MAY = (("edit", EDIT), ("approve", APPROVE), ("read_codes", READ_CODES))


def _shown(versions: list[Classification], wanted: int | None) -> Classification | None:
    if wanted == 1:
        return None
    if wanted is not None:
        return found(next((one for one in versions if one.number == wanted), None))
    states = ("in_force", "approved", "draft")
    return next((one for state in states for one in versions if one.state == state), None)


def _reading(row: Any) -> dict[str, Any]:
    """A code that the company reads otherwise, with what the table says."""
    table = meaning(Scheme(row.scheme), row.code, _qualifier(row.scheme))
    return {"row": row, "words": _code_words(row.scheme, row.code), "table": table}


def _qualifier(scheme: str) -> str:
    return "1" if scheme in (Scheme.CONTACT_ID, Scheme.HENG_BO) else "N"


def _code_words(scheme: str, code: str) -> str:
    return meaning(Scheme(scheme), code, _qualifier(scheme)).zh


@needs(SEE)
@require_safe
def version_page(request: HttpRequest, classification_id: int) -> HttpResponse:
    """Where a verdict leads: the version on its company's page."""
    version = found(classification_by_id(viewer_of(request), classification_id))
    return HttpResponseRedirect(_href(version))


def _href(version: Classification) -> str:
    return f"{reverse('office:classes')}?company={version.company_id}&version={version.number}"


@needs(EDIT)
@require_POST
def draft(request: HttpRequest, company_id: int) -> HttpResponse:
    company = one_of(companies_with(viewer_of(request), EDIT), company_id)
    try:
        with doors():
            version = classifying.draft_classes(company.pk, **who(request))
    except Refused as refusal:
        return refused(request, f"{reverse('office:classes')}?company={company.pk}", refusal)
    return HttpResponseRedirect(reverse("office:classes_edit", args=[version.pk]))


Act = Callable[..., Classification]


def _move(request: HttpRequest, classification_id: int, act: Act, said: str) -> HttpResponse:
    version = found(classification_by_id(viewer_of(request), classification_id))
    try:
        with doors():
            act(classification_id, **who(request))
    except Refused as refusal:
        return refused(request, _href(version), refusal)
    return done(request, _href(version), said)


@needs(APPROVE)
@require_POST
def approve(request: HttpRequest, classification_id: int) -> HttpResponse:
    return _move(request, classification_id, classifying.approve_classes, _("已批准；执行之后才算数。"))


@needs(APPROVE)
@require_POST
def force(request: HttpRequest, classification_id: int) -> HttpResponse:
    return _move(request, classification_id, classifying.put_classes_in_force, _("已执行。"))


@needs(APPROVE)
@require_http_methods(["GET", "HEAD", "POST"])
def withdraw(request: HttpRequest, classification_id: int) -> HttpResponse:
    version = found(classification_by_id(viewer_of(request), classification_id))
    form = ReasonForm(request.POST or None)
    if request.method == "POST" and submitted(
        form, lambda values: classifying.withdraw_classes(classification_id, values["reason"], **who(request))
    ):
        return done(request, _href(version), _("已撤下。"))
    lead = _("撤下后改用随产品提供的第 1 版，直到另一版开始执行；条款 8.4.1 随即重新判定。")
    title = _("撤下分类分级表第 %(number)d 版") % {"number": version.number}
    return show_form(request, FormPage(TAB, title, _("撤下"), _href(version), lead), form)


# The editor


def _columns() -> list[Column]:
    kinds = [(kind, str(words)) for kind, words in CLASSES.items()]
    grades = [Column(f"g{int(grade)}", GRADES[int(grade)], limit=CRITERIA_LIMIT, size="wide") for grade in Grade]
    return [
        Column("event_class", _("大类"), CHOICE, kinds, start=EventClass.FAULT.value, size="short"),
        Column("words", _("类别名称"), limit=WORDS_LIMIT, size="short"),
        Column("covers", _("包括什么"), limit=COVERS_LIMIT, size="wide"),
        *grades,
    ]


@needs(EDIT)
@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: HttpRequest, classification_id: int) -> HttpResponse:
    """A draft as a table, saved as a whole."""
    viewer = viewer_of(request)
    version = found(classification_by_id(viewer, classification_id))
    if not _may_edit(viewer, version):
        version = found(None)
    told, rows = "", list(rows_of(viewer, version))
    if request.method == "POST":
        table = Table.read(_columns(), request.POST)
        told = _save(request, version, table)
        if not told:
            return done(request, _href(version), _("草稿已保存。"))
    else:
        table = Table(_columns(), [_row(number, row) for number, row in enumerate(rows, 1)])
    context = surroundings(request, TAB) | {"version": version, "table": table, "told": told, "columns": _columns()}
    context |= {"stand": version.content_hash, "back_href": _href(version)}
    return show(request, "office/classes_edit.html", context, 422 if told else 200)


def _may_edit(viewer: Person, version: Classification) -> bool:
    return viewer.scope(EDIT).holds(version.company_id) and version.state == "draft"


def _save(request: HttpRequest, version: Classification, table: Table) -> str:
    """Saves the table; "" or why not."""
    if request.POST.get("stand", "") != version.content_hash:
        return _("您打开此页之后，有人改动过这份草稿。请核对下面所填，再保存一次。")
    keys = [row.key for row in rows_of(viewer_of(request), version)]
    try:
        with doors():
            classifying.save_classes(version.pk, _entered(table, keys), **who(request))
    except Refused as refusal:
        return _(refusal.sentence) % refusal.figures
    return ""


def _row(number: int, row: ClassRow) -> Row:
    grades = {f"g{int(grade)}": row.grades.get(str(int(grade)), "") for grade in Grade}
    return Row({"event_class": row.event_class, "words": row.words, "covers": row.covers, **grades}, id=number)


def _entered(table: Table, keys: list[str]) -> list[ClassRow]:
    """As it was typed. A row that stood there keeps its key, a new one gets the next."""
    taken = set(keys)
    return [_class_row(row, keys, taken) for row in table.kept]


def _class_row(row: Row, keys: list[str], taken: set[str]) -> ClassRow:
    told = row.values
    key = keys[row.id - 1] if 0 < row.id <= len(keys) else _next_key(told["event_class"], taken)
    grades = {str(int(grade)): told[f"g{int(grade)}"] for grade in Grade}
    return ClassRow(key, told["event_class"], "", told["words"], told["covers"], grades)


def _next_key(event_class: str, taken: set[str]) -> str:
    prefix = FAULT_PREFIX if event_class == EventClass.FAULT else f"{event_class}."
    key = next(f"{prefix}{number}" for number in count(1) if f"{prefix}{number}" not in taken)
    taken.add(key)
    return key


# Codes


class CodeForm(OfficeForm):
    """A code that the company reads as another class and grade than the table."""

    scheme = forms.ChoiceField(label=later("代码表"), choices=lambda: [(one.value, one.value) for one in SCHEMES])
    code = text(later("代码"), 8, required=True, hint=later("如 130、BA。"))
    event_class = forms.ChoiceField(label=later("类别"), choices=lambda: list(CLASSES.items()))
    grade = forms.TypedChoiceField(label=later("级别"), coerce=int, choices=lambda: list(GRADES.items()))


@needs(READ_CODES)
@require_http_methods(["GET", "HEAD", "POST"])
def read_code(request: HttpRequest, company_id: int) -> HttpResponse:
    company = one_of(companies_with(viewer_of(request), READ_CODES), company_id)
    form = CodeForm(request.POST or None)

    def act(values: dict[str, Any]) -> None:
        scheme = Scheme(values["scheme"])
        if values["code"] not in codes(scheme):
            raise Refused("code", _("代码表里没有这个代码。"))
        reading = CodeReading(scheme.value, values["code"], EventClass(values["event_class"]), Grade(values["grade"]))
        override_code(company.pk, reading, **who(request))

    back = f"{reverse('office:classes')}?company={company.pk}#codes"
    if request.method == "POST" and submitted(form, act):
        return done(request, back, _("已改写：此后收到的信号按它分类分级。"))
    lead = _("此后收到的信号按这里的类别和级别处理；已经立案的不变。改写连同时间记录在案。")
    return show_form(
        request, FormPage(TAB, _("改写代码：%(name)s") % {"name": company.name}, _("改写"), back, lead), form
    )


@needs(READ_CODES)
@require_POST
def unread_code(request: HttpRequest, company_id: int) -> HttpResponse:
    company = one_of(companies_with(viewer_of(request), READ_CODES), company_id)
    with doors():
        scheme, code = request.POST.get("scheme", ""), request.POST.get("code", "").replace("\0", "")
        restore_code(company.pk, scheme, code, **who(request))
    back = f"{reverse('office:classes')}?company={company.pk}#codes"
    event_class = meaning(Scheme(scheme), code, _qualifier(scheme)).event_class
    told = {"code": code, "class": word(CLASSES, event_class)}
    return done(request, back, _("%(code)s 恢复为代码表的%(class)s。") % told)
