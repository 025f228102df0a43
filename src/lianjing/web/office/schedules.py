"""时间表: the schedule of a site, its picture, and an exception for one day."""

from datetime import datetime, timedelta
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as later
from django.views.decorators.http import require_POST, require_safe

from lianjing.core.access import needs, viewer_of
from lianjing.core.refusals import Refused
from lianjing.core.viewer import Viewer
from lianjing.domain.sites.actions.schedules import BadSchedule, allow_late_closing, set_schedule
from lianjing.domain.sites.models import Site
from lianjing.domain.sites.queries import contacts_of
from lianjing.domain.sites.schedule import Moment, expectations
from lianjing.domain.sites.schedule_changes import fingerprint
from lianjing.domain.sites.schedules import moments_of, workdays
from lianjing.domain.sites.site_page import site_by_id
from lianjing.domain.sites.workday_overrides import overridden_days
from lianjing.terms.sentences import words
from lianjing.web.acting import doors, found, submitted, who
from lianjing.web.office import forms as fields
from lianjing.web.office.acting import done
from lianjing.web.office.forms import NOT_FILLED, OfficeForm
from lianjing.web.office.schedule_form import Editor, editor_from, editor_of, kinds, mark, moments_in
from lianjing.web.office.schedule_picture import Due, due, marks, pictures
from lianjing.web.office.surroundings import surroundings
from lianjing.web.pages import show

AHEAD = timedelta(days=3)
DUE_SHOWN = 6


class LateForm(OfficeForm):
    """推迟布防: who asked for it stands in the record."""

    day = fields.date(later("日期"), required=True)
    until = forms.TimeField(
        label=later("推迟到"),
        input_formats=["%H:%M", "%H：%M"],
        widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
        error_messages={**NOT_FILLED, "invalid": later("时间请写成 23:00 的样子。")},
    )
    asked_by = fields.text(later("谁要求的"), 50, required=True)
    reason = fields.text(later("理由"), 200)

    def __init__(self, data: object = None, **more: Any) -> None:
        super().__init__(data, auto_id="late-%s", **more)
        self.fields["asked_by"].widget.attrs["list"] = "people"


@needs("sites.see")
@require_safe
def schedule(request: HttpRequest, site_id: int) -> HttpResponse:
    return _show(request, _site(request, site_id))


@needs("sites.edit")
@require_POST
def schedule_set(request: HttpRequest, site_id: int) -> HttpResponse:
    site, editor = _site(request, site_id), editor_from(request.POST)
    if "more" in request.POST:
        return _show(request, site, editor.with_blanks(), opened=len(editor.rows))
    moments, rows = moments_in(editor)
    if not editor.wrong:
        try:
            with doors():
                changed = set_schedule(site_id, moments, seen=request.POST.get("seen", ""), **who(request))
        except BadSchedule as bad:
            mark(editor, rows, bad.problems)
        except Refused as refused:
            editor.problem = _(refused.sentence) % refused.figures
        else:
            return _done(request, site_id, _("时间表已保存。") if changed else _("时间表没有变化。"))
    return _show(request, site, editor, status=422)


@needs("sites.late_closing")
@require_POST
def schedule_late(request: HttpRequest, site_id: int) -> HttpResponse:
    site, form = _site(request, site_id), LateForm(request.POST)

    def act(given: dict[str, Any]) -> None:
        allow_late_closing(
            site_id, given["day"], given["until"], given["asked_by"], reason=given["reason"], **who(request)
        )

    try:
        if submitted(form, act):
            return _done(request, site_id, _("已登记：当天推迟布防。"))
    except BadSchedule as bad:
        form.add_error(None, words(bad.problems[0], _))
    return _show(request, site, late=form, status=422)


def _site(request: HttpRequest, site_id: int) -> Site:
    return found(site_by_id(viewer_of(request), site_id))


def _done(request: HttpRequest, site_id: int, said: str) -> HttpResponse:
    return done(request, reverse("office:schedule", args=[site_id]), said)


def _show(
    request: HttpRequest,
    site: Site,
    editor: Editor | None = None,
    *,
    late: LateForm | None = None,
    opened: int | None = None,
    status: int = 200,
) -> HttpResponse:
    """`opened`: the number of the row in which to go on typing."""
    viewer, now = viewer_of(request), _wall()
    moments = moments_of(viewer, [site.pk]).get(site.pk, [])
    overrides = overridden_days(viewer)
    may_edit = viewer.scope("sites.edit").holds(site.company_id)
    may_put_off = viewer.scope("sites.late_closing").holds(site.company_id)
    context = surroundings(request, "sites") | {
        "site": site,
        "editor": editor or editor_of(moments, now.date()).with_blanks(0 if moments else 2),
        "rows": editor_of(moments, now.date()).rows,
        "seen": fingerprint(moments),
        "kinds": kinds(),
        "kind_words": dict(kinds()),
        "pictures": pictures(moments, overrides, now.replace(tzinfo=None)),
        "upper_marks": marks(upper=True),
        "lower_marks": marks(upper=False),
        "may_edit_here": may_edit,
        "may_put_off": may_put_off,
        "opened": opened,
        "late": late or LateForm(initial={"day": now.date()}),
        "people": [contact.name for contact in contacts_of(viewer, site.pk)] if may_put_off else [],
        **_dues(viewer, moments, now),
    }
    return show(request, "office/schedule.html", context, status)


def _wall() -> datetime:
    """The present by the clock on the wall of the centre."""
    return timezone.localtime(timezone.now(), timezone.get_default_timezone())


def summary(viewer: Viewer, site_id: int) -> dict[str, Any]:
    """What the page of the site tells of its schedule (`office/site/_schedule.html`)."""
    return _dues(viewer, moments_of(viewer, [site_id]).get(site_id, []), _wall())


def _dues(viewer: Viewer, moments: list[Moment], now: datetime) -> dict[str, Any]:
    """What is expected next; `now` is in the centre's zone."""
    expected = expectations(moments, workdays(viewer), timezone.get_default_timezone(), now, now + AHEAD)
    shown: list[Due] = [due(one, now) for one in expected[:DUE_SHOWN]]
    return {"has_schedule": bool(moments), "dues": shown, "is_guess": any(one.guess for one in shown)}
