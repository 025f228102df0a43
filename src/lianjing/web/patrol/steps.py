"""What a guard does with his task: one view a step."""

from collections.abc import Callable
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from lianjing.core.access import needs
from lianjing.core.refusals import Refused as RefusedFile
from lianjing.core.viewer import Forbidden
from lianjing.domain.dispatch import actions
from lianjing.domain.dispatch.permissions import WORK
from lianjing.domain.incidents.moving import BadChoice, Missing, Refused
from lianjing.web.acting import who
from lianjing.web.patrol.forms import RefuseForm, ResultForm, StepForm
from lianjing.web.patrol.tasks import show_task


@needs(WORK)
@require_POST
def accept(request: HttpRequest, task_id: int) -> HttpResponse:
    return _step(request, task_id, actions.accept_task)


@needs(WORK)
@require_POST
def depart(request: HttpRequest, task_id: int) -> HttpResponse:
    return _step(request, task_id, actions.depart_for_task)


@needs(WORK)
@require_POST
def arrive(request: HttpRequest, task_id: int) -> HttpResponse:
    return _step(request, task_id, actions.arrive_at_task)


@needs(WORK)
@require_POST
def leave(request: HttpRequest, task_id: int) -> HttpResponse:
    return _step(request, task_id, actions.leave_task)


@needs(WORK)
@require_POST
def report(request: HttpRequest, task_id: int) -> HttpResponse:
    """Result, words and photographs; a refused photograph keeps the words."""
    form = ResultForm(request.POST)
    photos = request.FILES.getlist("photos")
    return _filled(
        request,
        task_id,
        "result",
        form,
        lambda given: actions.report_task(task_id, photos=photos, **given, **who(request)),
    )


@needs(WORK)
@require_POST
def refuse(request: HttpRequest, task_id: int) -> HttpResponse:
    form = RefuseForm(request.POST)
    return _filled(
        request, task_id, "refuse", form, lambda given: actions.refuse_task(task_id, **given, **who(request))
    )


@needs(WORK)
@require_POST
def photos(request: HttpRequest, task_id: int) -> HttpResponse:
    uploads = request.FILES.getlist("photos")
    return _step(request, task_id, lambda pk, **acts: actions.add_task_photos(pk, photos=uploads, **acts))


def _step(request: HttpRequest, task_id: int, act: Callable[..., object]) -> HttpResponse:
    try:
        act(task_id, **who(request))
    except Missing as missing:
        raise Http404 from missing
    except Forbidden as forbidden:
        raise PermissionDenied from forbidden
    except RefusedFile as refused:
        return show_task(request, task_id, refused=_(refused.sentence) % refused.figures, status=422)
    except Refused as refused:
        return show_task(request, task_id, refused=str(refused), status=409)
    return _back(task_id)


def _filled(
    request: HttpRequest, task_id: int, name: str, form: StepForm, act: Callable[[dict[str, Any]], object]
) -> HttpResponse:
    """A step with a form: what is wrong is said beside the field, and what was typed stays."""
    given: dict[str, Any] = {name: form}
    if not form.is_valid():
        return show_task(request, task_id, status=422, **given)
    try:
        act(form.cleaned_data)
    except Missing as missing:
        raise Http404 from missing
    except BadChoice as bad:
        form.refuse(bad.field, str(bad))
    except RefusedFile as refused:
        form.refuse("", f"{_(refused.sentence) % refused.figures} {_('照片须重新选择。')}")
    except Refused as refused:
        return show_task(request, task_id, refused=str(refused), status=409, **given)
    if form.errors:
        return show_task(request, task_id, status=422, **given)
    return _back(task_id)


def _back(task_id: int) -> HttpResponse:
    return HttpResponseRedirect(reverse("patrol:task", args=[task_id]))
