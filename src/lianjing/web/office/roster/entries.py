"""One shift: its page, adding one, changing it, cancelling it."""

from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as later
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from lianjing.core.access import needs, viewer_of
from lianjing.core.viewer import Viewer
from lianjing.domain.companies.models import Company
from lianjing.domain.people.models import RosterEntry
from lianjing.domain.people.models.rosters import RosterState
from lianjing.domain.people.roster_entries import NewEntry, add_entry, cancel_entry, change_entry
from lianjing.domain.people.roster_list import entry_by_id
from lianjing.domain.people.roster_obstacles import judged_entries
from lianjing.domain.people.shift_lists import shift_kinds
from lianjing.domain.people.shifts import EDIT, SEE
from lianjing.terms.sentences import words
from lianjing.web.acting import found, submitted, who
from lianjing.web.office.acting import FormPage, done, show_form
from lianjing.web.office.effects import PLANNED, asks_anew, of_days
from lianjing.web.office.effects import day_asked as day_ahead
from lianjing.web.office.forms import OfficeForm, date, text, time_of_day
from lianjing.web.office.history import history
from lianjing.web.office.roster import fields
from lianjing.web.office.roster.around import TAB, around
from lianjing.web.office.roster.grid import times
from lianjing.web.office.roster.periods import day_asked
from lianjing.web.office.whose import shown_company
from lianjing.web.pages import show


class EntryForm(OfficeForm):
    """Who, where, when. A kind of shift fills in name and times that are left empty."""

    person = fields.person()
    post_kind = fields.post_kind()
    place = fields.place()
    day = date(later("日期"), required=True, hint=later("这一班开始的那一天。"))
    kind = forms.ChoiceField(label=later("班次"), required=False, error_messages=fields.CHOOSE)
    begins = time_of_day(later("开始"), hint=later("不填：按班次。"))
    ends = time_of_day(later("结束"), hint=later("不晚于开始的，算到第二天。"))
    reason = text(later("理由"), 200, lines=2, hint=later("违反疲劳规则时必须写明，随班次存档。"))

    def __init__(self, data: object = None, *, viewer: Viewer, company: Company, **more: Any) -> None:
        super().__init__(data, **more)
        self._viewer, self._company = viewer, company
        self._kinds = {row.code: row for row in shift_kinds(viewer, company.pk) if row.is_active}
        self.fields["kind"].choices = [  # type: ignore[attr-defined]
            ("", _("自定时间")),
            *((code, f"{_(row.name)} {row.begins:%H:%M}–{row.ends:%H:%M}") for code, row in self._kinds.items()),
        ]

    def clean_person(self) -> int:
        return fields.found_person(self._viewer, self._company, self.cleaned_data["person"]).pk

    def clean(self) -> dict[str, Any]:
        """Times by the kind, unless told."""
        told = self.cleaned_data
        kind = self._kinds.get(told.get("kind", ""))
        for name in ("begins", "ends"):
            if name in told and told[name] is None:
                if kind is None:
                    self.add_error(name, _("请填写，或选一个班次。"))
                else:
                    told[name] = getattr(kind, name)
        return told

    def new_entry(self) -> NewEntry:
        told = self.cleaned_data
        begins, ends = fields.span_of(told["day"], told["begins"], told["ends"])
        kind = self._kinds.get(told["kind"])
        name = _(kind.name) if kind else _("自定")
        return NewEntry(told["person"], told["post_kind"], told["place"], name, begins, ends)

    def refuse(self, refused: Any) -> None:
        """The domain calls the person a member."""
        refused.field = {"member": "person"}.get(refused.field, refused.field)
        super().refuse(refused)


@needs(EDIT)
@require_http_methods(["GET", "HEAD", "POST"])
def add(request: HttpRequest) -> HttpResponse:
    company, _mine = shown_company(request, EDIT)
    viewer = viewer_of(request)
    initial = {
        "day": day_asked(request.GET.get("day", ""), timezone.localdate()),
        "place": request.GET.get("place", "")[:50],
        "post_kind": request.GET.get("post_kind", ""),
    }
    form = EntryForm(request.POST or None, viewer=viewer, company=company, initial=initial)
    made: list[RosterEntry] = []

    def act(told: dict[str, Any]) -> None:
        made.append(add_entry(company.pk, form.new_entry(), told["reason"], **who(request)))

    if request.method == "POST" and submitted(form, act):
        return done(request, back(made[0]), _("已排上并发布。"))
    page = FormPage(TAB, _("加一班"), _("排上并发布"), reverse("office:roster"), template="office/roster/form.html")
    asks_anew(request, form, "day", query=f"company={company.pk}")
    day = day_ahead(request, "day")
    told = of_days(request, company.pk, day, day, PLANNED)
    return show_form(request, page, form, {**fields.offers(viewer, company), **told})


@needs(SEE)
@require_safe
def entry(request: HttpRequest, entry_id: int) -> HttpResponse:
    return _show(request, found(entry_by_id(viewer_of(request), entry_id)), CancelForm())


class CancelForm(OfficeForm):
    reason = text(later("取消的原因"), 200, lines=2, required=True)


def _show(request: HttpRequest, row: RosterEntry, form: CancelForm, status: int = 200) -> HttpResponse:
    viewer = viewer_of(request)
    edits = viewer.scope(EDIT).holds(row.company_id)
    judged = judged_entries(viewer, row.company_id, [row], (row.day, row.day)) if edits else {}
    context = around(request, "roster", row.company) | {"entry": row, "times": times(row.begins_at, row.ends_at)}
    context |= {
        "problems": [words(problem, _) for one in judged.values() for problem in one.problems],
        "may_change": edits and row.state != RosterState.CANCELLED and row.ends_at > timezone.now(),
        "is_draft": row.state == RosterState.DRAFT,
        "is_cancelled": row.state == RosterState.CANCELLED,
        "form": form,
        "back_href": back(row),
        "history": history(viewer, [("rosterentry", row.pk)], EDIT) if edits else [],
    }
    return show(request, "office/roster/entry.html", context, status)


@needs(EDIT)
@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: HttpRequest, entry_id: int) -> HttpResponse:
    viewer = viewer_of(request)
    row = found(entry_by_id(viewer, entry_id))
    form = EntryForm(request.POST or None, viewer=viewer, company=row.company, initial=_initial(row))
    form.fields["reason"].help_text = _("改动已排的班次必须写明，随班次存档。")

    def act(told: dict[str, Any]) -> None:
        change_entry(entry_id, form.new_entry(), told["reason"], **who(request))

    if request.method == "POST" and submitted(form, act):
        return done(request, back(row), _("已保存。"))
    href = reverse("office:roster_entry", args=[entry_id])
    page = FormPage(TAB, _("修改班次"), _("保存"), href, template="office/roster/form.html")
    return show_form(request, page, form, fields.offers(viewer, row.company))


def _initial(row: RosterEntry) -> dict[str, Any]:
    zone = timezone.get_default_timezone()
    begins, ends = row.begins_at.astimezone(zone), row.ends_at.astimezone(zone)
    return {
        "person": row.member.staff_no,
        "post_kind": row.post_kind,
        "place": row.place,
        "day": row.day,
        "kind": _kind_of(row),
        "begins": begins.time(),
        "ends": ends.time(),
    }


def _kind_of(row: RosterEntry) -> str:
    return next(iter(row.company.shift_kinds.filter(name=row.shift, is_active=True).values_list("code", flat=True)), "")


@needs(EDIT)
@require_POST
def cancel(request: HttpRequest, entry_id: int) -> HttpResponse:
    row = found(entry_by_id(viewer_of(request), entry_id))
    form = CancelForm(request.POST)
    if submitted(form, lambda told: cancel_entry(entry_id, told["reason"], **who(request))):
        return done(request, back(row), _("已取消这一班，记录仍在。"))
    return _show(request, row, form, 422)


def back(row: RosterEntry) -> str:
    """The calendar at its day."""
    return f"{reverse('office:roster')}?company={row.company_id}&on={row.day}"
