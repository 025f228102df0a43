"""A verdict as every page shows it: sign, word and tone together."""

from dataclasses import dataclass

from lianjing.terms.verdicts import Verdict
from lianjing.web.words import label

TONES = {
    Verdict.MET: "tone-ok",
    Verdict.MOSTLY: "tone-odd",
    Verdict.NOT_MET: "tone-bad",
    Verdict.INSUFFICIENT: "soft",
    Verdict.NOT_APPLICABLE: "faint",
}


@dataclass(frozen=True, slots=True)
class Mark:
    """Sign, word and tone of a verdict."""

    sign: str
    words: str
    tone: str


def mark_of(verdict: Verdict) -> Mark:
    return Mark(verdict.sign, label(Verdict, verdict.value), TONES[verdict])


def signed(margin: int) -> str:
    """+2, 0, −1."""
    return f"+{margin}" if margin > 0 else str(margin).replace("-", "−")
