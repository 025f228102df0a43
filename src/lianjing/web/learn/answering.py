"""Where a learner is led when an act was refused."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _

from lianjing.core.refusals import Refused


def refused(request: HttpRequest, refusal: Refused) -> HttpResponse:
    """Back to his training, which says why not."""
    messages.error(request, _(refusal.sentence) % refusal.figures)
    return HttpResponseRedirect(reverse("learn:home"))
