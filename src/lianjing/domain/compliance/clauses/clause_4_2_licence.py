"""Clause 4.2: the guard licence is valid on the day, and covers what the company does."""

from datetime import date, datetime

from lianjing.core.viewer import Viewer
from lianjing.domain.companies.company_standing import company_standing
from lianjing.domain.companies.standing_items import Item
from lianjing.domain.compliance.company_known import CompanyFile, company_ahead, company_file, evidence_of, news_of
from lianjing.domain.compliance.judging import Judgement, Rule, said
from lianjing.domain.compliance.looking_ahead import DAY, Ahead, Span
from lianjing.terms.sentences import Phrase
from lianjing.terms.sentences import marked as _
from lianjing.terms.verdicts import Verdict

CODES = ("licence", "licence_scope", "licence_scan")


class Clause42Licence(Rule[CompanyFile]):
    clause = "4.2"
    wakes_on = ("company.changed",)
    evidence_kinds = ("company_fact",)
    reads = frozenset({"company:guard_licence"})

    def facts(self, viewer: Viewer, company_id: int, on: date, known: datetime | None) -> CompanyFile:
        return company_file(viewer, company_id, on, known)

    def judge(self, facts: CompanyFile) -> Judgement:
        """A scan proves nothing that the record does not say; without one the sentence says so."""
        items = _items(facts)
        broken = any(item.standing.is_broken for item in items)
        told = [Phrase(item.sentence, item.figures) for item in items]
        if not broken:
            told.append(said(_("服务范围含安全技术防范。")))
        licence = next((item for item in items if item.code == "licence"), None)
        figures = {
            "valid_until": str(licence.due_on) if licence and licence.due_on else None,
            "days_left": (licence.due_on - facts.on).days if licence and licence.due_on else None,
        }
        verdict = Verdict.NOT_MET if broken else Verdict.MET
        return Judgement(verdict, tuple(told), figures, evidence_of(items))

    def ahead(self, viewer: Viewer, company_id: int, span: Span, known: datetime | None) -> Ahead[CompanyFile]:
        found = company_ahead(viewer, company_id, span, known)
        return Ahead(found.on, found.days, lambda day: news_of(_items(found.on(day - DAY)), _items(found.on(day))))


def _items(facts: CompanyFile) -> list[Item]:
    return [item for item in company_standing(facts.facts, facts.on, facts.asked) if item.code in CODES]
