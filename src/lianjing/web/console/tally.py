"""What is always counted in the header besides the grades: one function a figure, each with the page behind it."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from lianjing.core.viewer import Person
from lianjing.domain.dispatch.queries import tasks_out
from lianjing.domain.signals.test_lines import running_count
from lianjing.domain.signals.watch_lists import unrestored_count


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure with its word; `href` leads to what was counted. In words when it is shown: one serves all languages."""

    words: Promise
    count: int
    href: str


def held(count: int) -> Figure:
    """Counted with the grades: it needs no question of its own."""
    return Figure(_("挂起"), count, reverse("console:desk"))


def on_test(viewer: Person, at: datetime) -> Figure:
    return Figure(_("测试"), running_count(viewer, at), reverse("console:tests"))


def unrestored(viewer: Person, at: datetime) -> Figure:
    return Figure(_("未恢复"), unrestored_count(viewer), f"{reverse('console:watch')}?list=unrestored")


def out(viewer: Person, at: datetime) -> Figure:
    """Guards on their way or on the scene."""
    return Figure(_("出警"), tasks_out(viewer), f"{reverse('console:incidents')}?state=forwarded")


FIGURES: tuple[Callable[[Person, datetime], Figure], ...] = (on_test, unrestored, out)


def figures(viewer: Person, at: datetime) -> tuple[Figure, ...]:
    return tuple(figure(viewer, at) for figure in FIGURES)
