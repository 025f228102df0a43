"""Filters of the pages of equipment (`{% load equipment %}`)."""

from django import template
from django.utils.html import format_html
from django.utils.translation import gettext as _

from lianjing.terms.codes import LIFE_CLASSES
from lianjing.web.durations import duration_text

register = template.Library()


@register.filter
def minutes_words(minutes: int) -> str:
    return duration_text(minutes * 60)


@register.filter
def may_be_disabled(kind: str) -> bool:
    return kind not in LIFE_CLASSES


@register.filter
def camera(text: str) -> str:
    """A link where somebody entered one; words as they are."""
    if not text.startswith(("http://", "https://")):
        return text
    return format_html('<a href="{}" target="_blank" rel="noopener noreferrer">{}</a>', text, _("摄像机"))
