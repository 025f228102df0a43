"""People and their papers in words: what a fact says, how it stands, what an answer is called."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as later

from lianjing.domain.people.eligibility import Reason
from lianjing.domain.people.fact_kinds import SPECS, Part, Spec
from lianjing.domain.people.identity_policy import masked
from lianjing.domain.people.models import StaffFact
from lianjing.domain.people.staff_page import FactGroup, StaffPage
from lianjing.terms.sentences import words
from lianjing.terms.staffing import Outcome, PostKind, StaffFactKind, Subject
from lianjing.web.words import ACTORS, NATIONS, Words, label, word

SOON_DAYS = 90
PART_WORDS: Words = {
    "value": later("内容"),
    "number": later("证号"),
    "issuer": later("出具单位"),
    "valid_from": later("起始日期"),
    "valid_until": later("到期日期"),
    "hours": later("学时"),
    "subjects": later("培训科目"),
    "content": later("说明"),
    "level": later("等级"),
    "result": later("结果"),
    "scan": later("扫描件"),
}
SPECIAL: Mapping[tuple[StaffFactKind, Part], Any] = {
    (StaffFactKind.EMPLOYMENT, Part.FROM): later("入职日期"),
    (StaffFactKind.EMPLOYMENT, Part.UNTIL): later("最后在职日"),
    (StaffFactKind.POST_KIND, Part.VALUE): later("岗位类别"),
    (StaffFactKind.IDENTITY, Part.VALUE): later("出生日期"),
    (StaffFactKind.EDUCATION, Part.VALUE): later("学历"),
    (StaffFactKind.EDUCATION, Part.ISSUER): later("毕业学校"),
    (StaffFactKind.EDUCATION, Part.FROM): later("取得日期"),
    (StaffFactKind.HEALTH, Part.VALUE): later("结论"),
    (StaffFactKind.HEALTH, Part.FROM): later("体检日期"),
    (StaffFactKind.BACKGROUND, Part.VALUE): later("结论"),
    (StaffFactKind.BACKGROUND, Part.FROM): later("审查日期"),
    (StaffFactKind.BAR, Part.VALUE): later("情形"),
    (StaffFactKind.POLICE_EXAM, Part.VALUE): later("结论"),
    (StaffFactKind.POLICE_EXAM, Part.FROM): later("考试日期"),
    (StaffFactKind.POLICE_REVIEW, Part.VALUE): later("结论"),
    (StaffFactKind.POLICE_REVIEW, Part.FROM): later("审查日期"),
    (StaffFactKind.BIOMETRICS, Part.ISSUER): later("留存单位"),
    (StaffFactKind.BIOMETRICS, Part.FROM): later("留存日期"),
    (StaffFactKind.LABOUR_CONTRACT, Part.NUMBER): later("合同编号"),
    (StaffFactKind.INSURANCE, Part.NUMBER): later("保单号"),
    (StaffFactKind.INSURANCE, Part.ISSUER): later("保险公司"),
    (StaffFactKind.TRAINING, Part.ISSUER): later("培训单位"),
    (StaffFactKind.TRAINING, Part.FROM): later("完成日期"),
    (StaffFactKind.APPRAISAL, Part.VALUE): later("结论"),
    (StaffFactKind.APPRAISAL, Part.FROM): later("考核日期"),
}
ONE_DAY = frozenset(
    {
        StaffFactKind.POLICE_EXAM,
        StaffFactKind.POLICE_REVIEW,
        StaffFactKind.APPRAISAL,
        StaffFactKind.EDUCATION,
        StaffFactKind.BIOMETRICS,
    }
)
"""Kinds that happen on a day and hold from then on."""


def kind_words(kind: str) -> str:
    return label(StaffFactKind, kind)


def part_words(spec: Spec, part: Part) -> str:
    """What a part of this kind of fact is called."""
    if part == Part.VALUE and spec.value_words:
        return _(spec.value_words)
    return str(SPECIAL.get((spec.kind, part), PART_WORDS[part.value]))


def clause_words(clause: str) -> str:
    """规范 5.1.4, 令564 第17条."""
    if not clause:
        return ""
    order, _space, article = clause.partition(" ")
    if article:
        return _("%(order)s第%(article)s条") % {"order": order, "article": article}
    return _("规范 %(clause)s") % {"clause": clause}


@dataclass(frozen=True, slots=True)
class ReasonRow:
    """One reason as a page shows it; `fact` is the mark of the fact that decides, "" for none."""

    met: bool
    said: str
    clause: str
    fact: str


def reason_row(reason: Reason, *, linked: bool) -> ReasonRow:
    fact = f"fact-{reason.fact_id}" if linked and reason.fact_id else ""
    return ReasonRow(reason.met, words(reason, _), clause_words(reason.clause), fact)


@dataclass(frozen=True, slots=True)
class FactRow:
    """A fact in words. `state`: over, later, retracted or "" while it holds."""

    fact: StaffFact
    what: str
    more: str
    term: str
    state: str
    left: str
    left_tone: str
    is_derived: bool

    @property
    def recorded_by(self) -> str:
        return word(ACTORS, self.fact.recorded_by)

    @property
    def retracted_by(self) -> str:
        return word(ACTORS, self.fact.retracted_by)

    @property
    def reason(self) -> str:
        """Why it was taken back; ours are translated, a person's stand as he wrote them."""
        return _(self.fact.retract_reason) if self.fact.retract_reason else ""


@dataclass(frozen=True, slots=True)
class GroupRow:
    kind: str
    title: str
    clause: str
    is_private: bool
    standing: list[FactRow]
    earlier: list[FactRow]
    add_href: str


def group_rows(page: StaffPage) -> list[GroupRow]:
    """Kinds of which something is on file first, in the order of the table; then those that are expected."""
    return [_group_row(page, group) for group in page.groups]


def _group_row(page: StaffPage, group: FactGroup) -> GroupRow:
    href = reverse("office:fact_add", args=[page.member.pk]) + f"?kind={group.kind.value}"
    derived = group.kind == StaffFactKind.IDENTITY
    return GroupRow(
        group.kind.value,
        kind_words(group.kind.value),
        clause_words(group.spec.basis),
        group.spec.private,
        [fact_row(fact, page.on) for fact in group.standing],
        [fact_row(fact, page.on) for fact in group.earlier],
        "" if derived else href,
    )


def fact_row(fact: StaffFact, on: date) -> FactRow:
    spec = SPECS[StaffFactKind(fact.kind)]
    what, *more = [*_said(spec, fact)] or [kind_words(fact.kind)]
    left, tone = _left(fact, on)
    return FactRow(
        fact,
        what,
        " · ".join(more),
        term_words(fact),
        _state(fact, on),
        left,
        tone,
        spec.kind == StaffFactKind.IDENTITY,
    )


def _said(spec: Spec, fact: StaffFact) -> Iterator[str]:
    details = fact.details or {}
    if fact.value:
        yield label(spec.values, fact.value) if spec.values else word(NATIONS, fact.value)
    if fact.number:
        yield fact.number
    if details.get("subjects"):
        yield _("、").join(label(Subject, subject) for subject in details["subjects"])
    if details.get("hours"):
        yield _("%(hours)s 学时") % {"hours": f"{details['hours']:g}"}
    if details.get("result"):
        yield label(Outcome, details["result"])
    yield from (str(part) for part in (details.get("level"), fact.issuer, details.get("content")) if part)


def term_words(fact: StaffFact) -> str:
    """2026-01-01 — 2027-01-01, or the one day."""
    if fact.kind in ONE_DAY and fact.valid_from and not fact.valid_until:
        return str(fact.valid_from)
    if not fact.valid_from and not fact.valid_until:
        return _("长期")
    return f"{fact.valid_from or '…'} — {fact.valid_until or _('长期')}"


def _state(fact: StaffFact, on: date) -> str:
    if fact.retracted_at is not None:
        return "retracted"
    if fact.valid_until is not None and fact.valid_until < on:
        return "over"
    return "later" if fact.valid_from is not None and fact.valid_from > on else ""


def _left(fact: StaffFact, on: date) -> tuple[str, str]:
    if fact.retracted_at is not None or fact.valid_until is None or not SPECS[StaffFactKind(fact.kind)].watched:
        return "", ""
    days = (fact.valid_until - on).days
    return days_words(days) if days <= SOON_DAYS else ("", "")


def days_words(days: int) -> tuple[str, str]:
    """◐ 还有 12 天, ✕ 已过期 3 天: with its tone."""
    if days < 0:
        return _("✕ 已过期 %(days)d 天") % {"days": -days}, "tone-bad"
    if days == 0:
        return _("✕ 今天到期"), "tone-bad"
    return _("◐ 还有 %(days)d 天") % {"days": days}, "tone-odd"


def post_kind_words(kind: PostKind) -> str:
    return label(PostKind, kind.value)


def masked_number(tail: str) -> str:
    return masked(tail)
