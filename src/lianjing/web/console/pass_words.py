"""核对口令 from the page of a case. The answer to a duress word looks like the answer to the right one."""

from functools import partial

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST

from lianjing.core.access import needs, viewer_of
from lianjing.domain.incidents.queries import incident_of
from lianjing.domain.incidents.stepping import check_case_word
from lianjing.domain.signals.pass_words import PERMISSION
from lianjing.web.pass_words import quiet_answer


@sensitive_post_parameters("word")
@needs(PERMISSION)
@require_POST
def check_word(request: HttpRequest, incident_id: int) -> HttpResponse:
    incident = incident_of(viewer_of(request), incident_id)
    if incident is None or incident.site_id is None:
        raise Http404
    href = reverse("console:check_word", args=[incident_id])
    return quiet_answer(request, href, partial(check_case_word, incident_id))
