"""What stands around every page of training: the person, and the ways back to where he works."""

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from lianjing.core.access import may, viewer_of
from lianjing.web.pages import signed_on_words


@dataclass(frozen=True, slots=True)
class Way:
    href: str
    words: Promise


ROOMS = (
    ("incidents.take", "console:desk", _("接警席")),
    ("tasks.work", "patrol:home", _("现场任务")),
    ("contracts.edit", "office:home", _("客户与场所")),
)
"""Who works where: the permission that makes it his room, its address, its name."""


def surroundings(request: HttpRequest) -> dict[str, Any]:
    viewer = viewer_of(request)
    ways = [Way(reverse(name), words) for permission, name, words in ROOMS if may(viewer, permission)]
    return {**signed_on_words(request), "now": timezone.now(), "ways": ways}
