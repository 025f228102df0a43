"""Clause 4.1: people, premises and equipment as 令564 asks, as far as the company's facts and its people tell.

Premises and equipment are examined before the licence is given (令564 art. 8 and 9): a valid licence stands for them.
"""

from dataclasses import dataclass
from datetime import date, datetime

from lianjing.core.viewer import Viewer
from lianjing.domain.companies.company_standing import company_standing
from lianjing.domain.companies.standing_items import Item
from lianjing.domain.compliance.company_known import CompanyFile, company_ahead, company_file, evidence_of, news_of
from lianjing.domain.compliance.judging import Judgement, Rule, said
from lianjing.domain.compliance.looking_ahead import DAY, Ahead, Span
from lianjing.domain.compliance.people_rule import counted, read_of_people, stands
from lianjing.domain.compliance.staff_ahead import staff_ahead
from lianjing.domain.compliance.staff_known import PersonKnown, staff_known
from lianjing.domain.sites.actions.workdays import CHANGED as WORKDAYS
from lianjing.terms.sentences import Phrase
from lianjing.terms.sentences import marked as _
from lianjing.terms.staffing import CompanyFactKind, StaffFactKind, Standing
from lianjing.terms.verdicts import Verdict

CODES = frozenset(
    {
        *("age", "citizen", "education", "health", "conduct", "exam"),
        *("review", "biometrics", "training", "certificate"),
    }
)
SCANS = "_scan"
"""A paper that is not scanned is the company page's affair."""


@dataclass(frozen=True, slots=True)
class Whole:
    company: CompanyFile
    people: list[PersonKnown]


class Clause41Regulation(Rule[Whole]):
    clause = "4.1"
    wakes_on = ("company.changed", "staff.changed", WORKDAYS)
    evidence_kinds = ("company_fact", "person")
    reads = read_of_people(*StaffFactKind) | {
        "manager_years",
        "workday",
        *(f"company:{kind.value}" for kind in CompanyFactKind),
    }

    def facts(self, viewer: Viewer, company_id: int, on: date, known: datetime | None) -> Whole:
        return Whole(company_file(viewer, company_id, on, known), staff_known(viewer, company_id, on, known))

    def judge(self, facts: Whole) -> Judgement:
        """Only what holds on the day is looked at, so that nothing whose days are others changes the verdict."""
        items = _items(facts.company)
        broken = [one for one in items if one.standing.is_broken]
        unproven = [one for one in items if one.standing == Standing.UNPROVEN]
        late = [one for one in items if one.standing == Standing.DONE_LATE]
        people = counted(facts.people, CODES)
        figures = {"items": len(items), "broken": len(broken), "unproven": len(unproven), "late": len(late)}
        told = [_company_told(figures), people.told]
        if not broken:
            told.append(said(_("服务场地和设施设备凭许可证：经审查合格才许可。")))
        verdict = _verdict(bool(broken), bool(unproven), bool(late), people.verdict)
        evidence = (*evidence_of([*broken, *unproven, *late]), *people.evidence)
        return Judgement(
            verdict,
            tuple(told),
            {"company": figures, "people": people.figures, "not_listed": people.figures["not_listed"]},
            evidence,
        )

    def ahead(self, viewer: Viewer, company_id: int, span: Span, known: datetime | None) -> Ahead[Whole]:
        company = company_ahead(viewer, company_id, span, known)
        staff = staff_ahead(viewer, company_id, span, known)
        return Ahead(
            lambda day: Whole(company.on(day), staff.on(day)),
            {*company.days, *staff.first_or_last(lambda person: stands(person, CODES))},
            lambda day: (
                *news_of(_items(company.on(day - DAY)), _items(company.on(day))),
                *staff.causes(day, CODES),
            ),
        )


def _items(file: CompanyFile) -> list[Item]:
    holding = [fact for fact in file.facts if fact.holds_on(file.on)]
    return [one for one in company_standing(holding, file.on, file.asked) if not one.code.endswith(SCANS)]


def _company_told(figures: dict[str, int]) -> Phrase:
    if not any(figures[name] for name in ("broken", "unproven", "late")):
        return said(_("单位资质 %(items)d 项，都符合。"), items=figures["items"])
    sentence = _("单位资质 %(items)d 项：不符合 %(broken)d 项，证据不足 %(unproven)d 项，迟办 %(late)d 项。")
    return said(sentence, **figures)


def _verdict(broken: bool, unproven: bool, late: bool, people: Verdict) -> Verdict:
    if broken or people == Verdict.NOT_MET:
        return Verdict.NOT_MET
    if unproven or people == Verdict.INSUFFICIENT:
        return Verdict.INSUFFICIENT
    return Verdict.MOSTLY if late else Verdict.MET
