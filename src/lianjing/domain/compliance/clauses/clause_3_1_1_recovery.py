"""Clause 3.1.1: a second site with copies of service, application and database, that was seen to take over.

The clause is a definition: another machine room in the city or in another one, the same systems in it, to be safer
against disasters. So a second site that stands, data that are copied away from the main room, and an exercise in which
it took over are asked for.

- Nothing recorded: nobody knows, 证据不足. Recorded that there is none: 不符合.
- That it works is shown by an exercise only, of the site that stands now. The clause names no rhythm; GB/T 20988-2007
  8.2 wants the recovery plan drilled, and a yearly rhythm (MEM, not read in the standard) is the product's own reading:
  an exercise counts for twelve months, the same day included. An older one is 基本符合 (it did take over once), none at
  all 证据不足, a last one that failed 不符合, one that took over in part 基本符合.
- Which of the six levels of GB/T 20988 must be reached was not found (NF). Only where the company has recorded what it
  must reach, with its source, is its assessed level compared, within the same edition: clause 2 keeps dated references
  at their edition, and the level table of 2025 was not read.
"""

from collections.abc import Iterator
from datetime import date, datetime
from typing import Any

from lianjing.core.viewer import Viewer
from lianjing.domain.companies.company_facts import CompanyKnown, Part
from lianjing.domain.companies.company_standing import months_later
from lianjing.domain.companies.standing_items import Known
from lianjing.domain.compliance.company_known import CompanyFile, company_ahead, company_file
from lianjing.domain.compliance.judging import Evidence, Judgement, Rule, said
from lianjing.domain.compliance.looking_ahead import DAY, Ahead, Span, day_after, ends
from lianjing.terms.sentences import Phrase
from lianjing.terms.sentences import marked as _
from lianjing.terms.staffing import CompanyFactKind as Kind
from lianjing.terms.staffing import CopyPlace, ExerciseResult, RecoveryLevel, SecondSite
from lianjing.terms.verdicts import WORST_FIRST, Verdict

COUNTS_FOR_MONTHS = 12
KINDS = (Kind.SECOND_SITE, Kind.DATA_COPY, Kind.FAILOVER_EXERCISE, Kind.RECOVERY_LEVEL, Kind.RECOVERY_LEVEL_ASKED)
Finding = tuple[Verdict, Phrase]


class Clause311Recovery(Rule[CompanyFile]):
    clause = "3.1.1"
    wakes_on = ("company.changed",)
    evidence_kinds = ("company_fact",)
    reads = frozenset(f"company:{kind.value}" for kind in KINDS)

    def facts(self, viewer: Viewer, company_id: int, on: date, known: datetime | None) -> CompanyFile:
        return company_file(viewer, company_id, on, known)

    def judge(self, facts: CompanyFile) -> Judgement:
        known = Known(facts.facts, facts.on, facts.asked)
        found = [*_site(known), *_level(known)]
        verdict = min((one for one, _told in found), key=WORST_FIRST.index)
        return Judgement(verdict, tuple(told for _verdict, told in found), _figures(known), _evidence(known))

    def ahead(self, viewer: Viewer, company_id: int, span: Span, known: datetime | None) -> Ahead[CompanyFile]:
        """An exercise is too old a year later."""
        found = company_ahead(viewer, company_id, span, known)
        facts = [fact for fact in found.on(span.first).facts if fact.kind in KINDS]
        days = {day for fact in facts for day in _turns_on(fact)}
        return Ahead(found.on, days, lambda day: tuple(_news(fact, day) for fact in facts if day in _turns_on(fact)))


def _turns_on(fact: CompanyKnown) -> set[date]:
    days = ends(fact.valid_from, fact.valid_until)
    if fact.kind == Kind.FAILOVER_EXERCISE and fact.valid_from is not None:
        days |= day_after(months_later(fact.valid_from, COUNTS_FOR_MONTHS))
    return days


def _news(fact: CompanyKnown, day: date) -> Evidence:
    if day == fact.valid_from:
        return Evidence("company_fact", fact.id, fact.kind.zh, *_told(fact), key=fact.kind.value)
    sentence = _("到 %(day)s 为止。")
    return Evidence("company_fact", fact.id, fact.kind.zh, sentence, {"day": str(day - DAY)}, key=fact.kind.value)


def _site(known: Known) -> Iterator[Finding]:
    site = known.last(Kind.SECOND_SITE)
    if site is None:
        yield Verdict.INSUFFICIENT, said(_("没有登记第二机房，无从判定。"))
    elif site.value == SecondSite.NONE:
        yield Verdict.NOT_MET, said(_("登记为没有第二机房（%(day)s 起）。"), day=_day(site))
    else:
        told = {"where": Phrase(SecondSite(site.value).zh), "place": str(site.details.get(Part.PLACE, ""))}
        yield Verdict.MET, said(_("第二机房在%(where)s（%(place)s），%(day)s 启用。"), day=_day(site), **told)
        yield _copies(known)
        yield _exercise(known)


def _copies(known: Known) -> Finding:
    copies = known.holding(Kind.DATA_COPY)
    away = _away(copies)
    if away:
        return Verdict.MET, said(_("主机房以外有数据副本 %(count)d 份。"), count=len(away))
    if copies:
        sentence = _("登记的数据副本 %(count)d 份都在主机房，异地有没有副本没有登记。")
        return Verdict.INSUFFICIENT, said(sentence, count=len(copies))
    return Verdict.INSUFFICIENT, said(_("没有登记数据副本。"))


def _away(copies: list[CompanyKnown]) -> list[CompanyKnown]:
    return [copy for copy in copies if copy.details.get(Part.KEPT_AT) != CopyPlace.MAIN_SITE]


def _exercise(known: Known) -> Finding:
    last = _last_exercise(known)
    if last is None or last.valid_from is None:
        return Verdict.INSUFFICIENT, said(_("没有登记切换演练，第二机房能否接管没有证明。"))
    due = months_later(last.valid_from, COUNTS_FOR_MONTHS)
    told = {"day": str(last.valid_from), "due": str(due)}
    site = known.last(Kind.SECOND_SITE)
    if site is not None and site.valid_from is not None and last.valid_from < site.valid_from:
        sentence = _("最近一次切换演练（%(day)s）早于现在的第二机房启用，不能证明它能接管。")
        return Verdict.INSUFFICIENT, said(sentence, day=told["day"])
    if last.value == ExerciseResult.FAILED:
        return Verdict.NOT_MET, said(
            _("最近一次切换演练（%(day)s）没有接管，此后没有登记成功的演练。"), day=told["day"]
        )
    if known.on > due:
        sentence = _("最近一次切换演练在 %(day)s，已超过 12 个月（到 %(due)s）。")
        return Verdict.MOSTLY, said(sentence, **told)
    if last.value == ExerciseResult.PARTLY:
        return Verdict.MOSTLY, said(_("最近一次切换演练（%(day)s）只接管了一部分。"), day=told["day"])
    return Verdict.MET, said(_("最近一次切换演练（%(day)s）成功接管，12 个月内有效，到 %(due)s。"), **told)


def _last_exercise(known: Known) -> CompanyKnown | None:
    """Of two on one day the one that was recorded later; correcting one does not make it a later one."""
    held = known.holding(Kind.FAILOVER_EXERCISE)
    return max(held, key=lambda one: (one.valid_from or date.min, one.thread), default=None)


def _level(known: Known) -> Iterator[Finding]:
    asked, held = known.last(Kind.RECOVERY_LEVEL_ASKED), known.last(Kind.RECOVERY_LEVEL)
    if asked is None:
        yield Verdict.MET, said(_("应达到的灾难恢复等级没有登记（规范没有写明哪一级），不作判定。"))
        return
    told: dict[str, Any] = {"asked": _level_words(asked), "source": str(asked.details.get(Part.NOTE, ""))}
    if held is None:
        yield Verdict.INSUFFICIENT, said(_("应达到%(asked)s（%(source)s），没有登记评定等级。"), **told)
        return
    told |= {"held": _level_words(held)}
    if asked.details.get(Part.STANDARD) != held.details.get(Part.STANDARD):
        sentence = _("应达到%(asked)s（%(source)s），评定为%(held)s：两版的等级不能对照。")
        yield Verdict.INSUFFICIENT, said(sentence, **told)
    elif int(held.value) < int(asked.value):
        yield Verdict.NOT_MET, said(_("应达到%(asked)s（%(source)s），评定只有%(held)s。"), **told)
    else:
        yield Verdict.MET, said(_("应达到%(asked)s（%(source)s），评定为%(held)s。"), **told)


def _level_words(fact: CompanyKnown) -> Phrase:
    told = {"level": Phrase(RecoveryLevel(fact.value).zh), "edition": str(fact.details.get(Part.STANDARD, ""))}
    return said(_("%(edition)s 的%(level)s"), **told)


def _figures(known: Known) -> dict[str, Any]:
    site, last, copies = known.last(Kind.SECOND_SITE), _last_exercise(known), known.holding(Kind.DATA_COPY)
    asked, held = known.last(Kind.RECOVERY_LEVEL_ASKED), known.last(Kind.RECOVERY_LEVEL)
    due = months_later(last.valid_from, COUNTS_FOR_MONTHS) if last and last.valid_from else None
    comparable = asked and held and asked.details.get(Part.STANDARD) == held.details.get(Part.STANDARD)
    return {
        "second_site": site.value if site else None,
        "distance_km": site.details.get(Part.DISTANCE) if site else None,
        "copies": len(copies),
        "copies_away": len(_away(copies)),
        "last_exercise": str(last.valid_from) if last else None,
        "exercise_result": last.value if last else None,
        "minutes": last.details.get(Part.MINUTES) if last else None,
        "exercise_due": str(due) if due else None,
        "days_left": (due - known.on).days if due else None,
        "required": int(asked.value) if asked else None,
        "level": int(held.value) if held else None,
        "margin": int(held.value) - int(asked.value) if asked and held and comparable else None,
    }


def _evidence(known: Known) -> tuple[Evidence, ...]:
    """The records that decide; of exercises the last."""
    last = _last_exercise(known)
    single = [known.last(kind) for kind in (Kind.SECOND_SITE, Kind.RECOVERY_LEVEL, Kind.RECOVERY_LEVEL_ASKED)]
    facts = [fact for fact in (*single, *known.holding(Kind.DATA_COPY), last) if fact is not None]
    facts.sort(key=lambda fact: (KINDS.index(fact.kind), fact.id))
    return tuple(
        Evidence("company_fact", fact.id, fact.kind.zh, *_told(fact), key=fact.kind.value) for fact in facts
    ) or tuple(Evidence("company_fact", None, kind.zh, _("没有登记。"), key=kind.value) for kind in KINDS[:3])


def _told(fact: CompanyKnown) -> tuple[str, dict[str, Any]]:
    value: Any = fact.value
    words = {Kind.SECOND_SITE: SecondSite, Kind.FAILOVER_EXERCISE: ExerciseResult}.get(fact.kind, RecoveryLevel)
    if fact.kind != Kind.DATA_COPY:
        value = Phrase(words(fact.value).zh)
    return _("%(value)s，%(day)s 起。"), {"value": value, "day": _day(fact)}


def _day(fact: CompanyKnown) -> str:
    return str(fact.valid_from or "…")
