"""A law or standard in words: the edition by which is judged, and how it stands on a day."""

from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _

from lianjing.domain.compliance.catalogue import Standard
from lianjing.terms.verdicts import Confidence
from lianjing.web.words import label


@dataclass(frozen=True, slots=True)
class Reference:
    """A law or standard: as cited, the edition by which is judged, and how it stands on the day."""

    cited: str
    name: str
    in_use: str
    standing: str
    tone: str


def reference_of(standard: Standard, on: date) -> Reference:
    if standard.is_superseded(on):
        told = {"successor": standard.successor, "day": standard.replaced_on}
        said = _("已由 %(successor)s 替代（%(day)s 起）；注日期的引用仍按本版")
        if standard.replaced_on is None:
            said = _("已由 %(successor)s 替代；注日期的引用仍按本版")
        stands = _("；").join([said % told, *_doubts(standard)])
        return Reference(standard.cited, standard.name, standard.in_use, stands, "tone-odd")
    said = _("注日期，按本版") if standard.dated else _("不注日期，按最新版")
    note = _("；").join([said, *_doubts(standard)])
    tone = "tone-odd" if standard.right else "faint"
    return Reference(standard.cited, standard.name, standard.in_use, note, tone)


def _doubts(standard: Standard) -> list[str]:
    """What is to be known before one relies on it."""
    note = [_(standard.note).rstrip("。.")] if standard.note else []
    unsure = standard.confidence in (Confidence.SECOND_HAND, Confidence.UNVERIFIED)
    return [*note, confidence_words(standard.confidence)] if unsure else note


def confidence_words(confidence: Confidence) -> str:
    return label(Confidence, confidence.value)
