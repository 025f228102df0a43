"""Filters and tags of all rooms' templates (`{% load desk %}`): grades, times and words."""

from collections.abc import Callable
from datetime import datetime
from functools import partial

from django import template
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from lianjing.core.pinyin import spellings_of
from lianjing.domain.dispatch.models import Task
from lianjing.domain.incidents.choice_words import rejection_words, scene_words, waiver_words
from lianjing.domain.incidents.models import PoliceNotice
from lianjing.terms import premises, staffing
from lianjing.terms.documents import StandardState
from lianjing.terms.sentences import Said
from lianjing.terms.sentences import words as sentence_words
from lianjing.terms.verdicts import Confidence
from lianjing.web import words

register = template.Library()

NARROW_SPACE = "\u202f"


def _centre(at: datetime) -> datetime:
    return timezone.localtime(at, timezone.get_default_timezone())


@register.filter
def clock(at: datetime | None) -> str:
    """02:14:37; with month and day in front when it is not today."""
    if at is None:
        return ""
    local = _centre(at)
    today = _centre(timezone.now()).date()
    if local.date() == today:
        return local.strftime("%H:%M:%S")
    return local.strftime("%m-%d %H:%M:%S" if local.year == today.year else "%Y-%m-%d %H:%M:%S")


@register.filter
def pinyin(name: str) -> str:
    """By what a name is searched besides itself: "csy chensiyuan"."""
    return " ".join(spellings_of(name))


@register.filter
def exact(at: datetime) -> str:
    """2026-11-22 02:14:37.123 +08:00, for evidence."""
    local = _centre(at)
    offset = local.strftime("%z")
    return f"{local:%Y-%m-%d %H:%M:%S}.{local.microsecond // 1000:03d} {offset[:3]}:{offset[3:]}"


@register.filter
def day_clock(at: datetime) -> str:
    """2026-11-22 02:14:37: with its day, for what may be printed and read another day."""
    return f"{_centre(at):%Y-%m-%d %H:%M:%S}"


@register.filter
def clock_element(at: datetime) -> SafeString:
    return format_html('<time datetime="{}">{}</time>', instant(at), clock(at))


@register.filter
def instant(at: datetime | None) -> str:
    """ISO 8601 in UTC, for scripts."""
    return "" if at is None else at.isoformat(timespec="milliseconds")


@register.filter
def milliseconds(at: datetime) -> int:
    return int(at.timestamp() * 1000)


@register.filter
def grouped(number: int) -> str:
    """12345 -> 12 345, grouped by a narrow space."""
    return f"{number:,}".replace(",", NARROW_SPACE)


@register.filter
def grade_shape(grade: int) -> str:
    return words.GRADE_SHAPES[grade]


@register.filter
def grade_word(grade: int) -> str:
    return str(words.GRADES[grade])


@register.simple_tag
def grade_mark(grade: int) -> SafeString:
    """Shape and word in the grade's colour: never colour alone."""
    return format_html('<span class="g{}">{} {}</span>', grade, words.GRADE_SHAPES[grade], words.GRADES[grade])


WORDS: dict[str, Callable[[str], str]] = {
    "adapter_word": partial(words.word, words.ADAPTERS),
    "class_word": partial(words.word, words.CLASSES),
    "fate_word": partial(words.word, words.FATES),
    "kind_mark": partial(words.word, words.KINDS),
    "media_source_word": partial(words.word, words.MEDIA_SOURCES),
    "notice_word": partial(words.word, words.NOTICE_STATES),
    "rejection_word": rejection_words,
    "scene_word": scene_words,
    "state_word": partial(words.word, words.STATES),
    "step_kind_word": partial(words.word, words.STEP_KINDS),
    "step_state_word": partial(words.word, words.STEP_STATES),
    "task_word": partial(words.word, words.TASK_STATES),
    "version_word": partial(words.word, words.VERSION_STATES),
    "waiver_word": waiver_words,
}
"""The filters that put a code into words, {{ case.state|state_word }}, and where each has them from."""


for _filter, _told in WORDS.items():
    register.filter(_filter, _told)


@register.filter
def said(phrase: Said) -> str:
    """A sentence of the domain with its figures, as its reader sees it."""
    return sentence_words(phrase, _)


@register.filter
def disposition_word(disposition: str) -> str:
    return words.word(words.DISPOSITIONS, disposition) if disposition else "—"


PREMISES = {
    "site": premises.SiteKind,
    "contract": premises.ContractStanding,
    "zone": premises.ZoneKind,
    "principle": premises.Principle,
    "path": premises.PathKind,
    "category": premises.PathCategory,
    "moment": premises.MomentKind,
    "listener": premises.Listener,
    "department": staffing.DepartmentKind,
    "post": staffing.PostKind,
    "confidence": Confidence,
    "standard": StandardState,
}


@register.filter
def label(value: str, kind: str) -> str:
    """{{ zone.kind|label:"zone" }}: the label of a stored word; "—" for none."""
    return words.label(PREMISES[kind], value) or "—"


@register.filter
def notice_instants(notice: PoliceNotice) -> list[tuple[str, datetime]]:
    """What has happened to a hand-over, with when, in order of time."""
    return _instants(notice, words.NOTICE_STATES, {})


@register.filter
def task_instants(task: Task) -> list[tuple[str, datetime]]:
    """What has happened to a task, with when, in order of time."""
    return _instants(task, words.TASK_STEPS, {"assigned": "sent_at"})


def _instants(subject: PoliceNotice | Task, named: words.Words, columns: dict[str, str]) -> list[tuple[str, datetime]]:
    reached = ((str(word), getattr(subject, columns.get(state, f"{state}_at"))) for state, word in named.items())
    return sorted(((word, at) for word, at in reached if at is not None), key=lambda step: step[1])
