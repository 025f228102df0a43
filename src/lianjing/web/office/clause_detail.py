"""What stands beside the page of the clause that is looked at: its evidence, basis, turns, and the work on it."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as later

from lianjing.core.viewer import Viewer
from lianjing.domain.compliance.catalogue import Basis, Clause
from lianjing.domain.compliance.clause_work import GivenWork
from lianjing.domain.compliance.models.work import NOTE_LIMIT
from lianjing.domain.compliance.queries import Judged
from lianjing.domain.compliance.verdict_reading import turns_of
from lianjing.domain.compliance.work_reading import Work, owners_offered, works
from lianjing.domain.people.roster_policy import span_words
from lianjing.domain.people.roster_unfit import UnfitShifts, unfit_shifts
from lianjing.terms.sentences import words
from lianjing.terms.verdicts import Verdict, WorkStatus
from lianjing.web.clause_items import item_of
from lianjing.web.office import forms as fields
from lianjing.web.office.finding_words import state_words
from lianjing.web.office.forms import OfficeForm
from lianjing.web.standard_words import Reference, confidence_words, reference_of
from lianjing.web.verdict_marks import Mark, mark_of
from lianjing.web.words import label

STAFFING = "5.2"
AHEAD = timedelta(days=13)
"""The roster is looked through for two weeks, today among them."""
SHOWN_AT_ONCE = 12
"""So many records stand there; the rest is one click away."""


class WorkForm(OfficeForm):
    """Who sees to a clause, how far he is, until when."""

    owner = fields.text(later("责任人"), 150, hint=later("工号、姓名或用户名；空着为没有人。"))
    status = fields.choice(later("办理"), WorkStatus)
    due_on = fields.date(later("期限"))
    note = fields.text(later("说明"), NOTE_LIMIT, lines=2)

    def __init__(self, data: object = None, **more: Any) -> None:
        super().__init__(data, auto_id="w-%s", **more)
        self.fields["owner"].widget = forms.TextInput(attrs={"list": "owners", "autocomplete": "off"})

    @property
    def given(self) -> GivenWork:
        told = self.cleaned_data
        return GivenWork(told["owner"], WorkStatus(told["status"]), told["due_on"], told["note"])


@dataclass(frozen=True, slots=True)
class Asked:
    """Of which clause, whose, on which day, by what was known when."""

    clause: Clause
    company_id: int
    on: date
    known: datetime | None


@dataclass(frozen=True, slots=True)
class Detail:
    """Context of office/clauses/_detail.html; `item` None: the clause is not judged."""

    clause: Clause
    item: dict[str, Any] | None
    readings: list[str]
    basis: list[tuple[Reference, Basis, str]]
    turns: list[tuple[date, Mark, Mark]]
    work: Work | None
    work_words: str
    planned_unfit: UnfitShifts | None = None
    """Of 5.2 today: shifts of the coming days that are planned for people who may not stand them."""

    @property
    def unfit_lines(self) -> list[str]:
        zone = timezone.get_default_timezone()
        return [
            f"{one.wanted.member.name} {span_words(one.wanted.span, zone)}：{words(one.unfit, _)}"
            for one in (self.planned_unfit.first if self.planned_unfit else ())
            if one.unfit
        ]

    @property
    def finding_words(self) -> str:
        """How far the finding is that the clause is dealt with by."""
        one = self.work.finding if self.work else None
        return state_words(one)["words"] if one else ""

    @property
    def evidence(self) -> list[dict[str, Any]]:
        return self.item["evidence"][:SHOWN_AT_ONCE] if self.item else []

    @property
    def more_evidence(self) -> list[dict[str, Any]]:
        return self.item["evidence"][SHOWN_AT_ONCE:] if self.item else []


def detail_of(viewer: Viewer, asked: Asked, judged: Judged | None) -> Detail:
    """`judged`: on the spot, for evidence is kept nowhere; None: it is not judged."""
    clause = asked.clause
    item = item_of(judged, viewer, asked.company_id, asked.on, _) if judged else None
    work = works(viewer, asked.company_id).get(clause.number) if judged else None
    turned = turns_of(viewer, asked.company_id, clause.number) if judged else []
    return Detail(
        clause,
        item,
        [one.reads if get_language() == "en" else one.zh for one in clause.readings],
        [(reference_of(one.standard, asked.on), one, confidence_words(one.confidence)) for one in clause.basis],
        [(one.day, mark_of(Verdict(one.from_verdict)), mark_of(Verdict(one.to_verdict))) for one in turned],
        work,
        label(WorkStatus, work.status.value) if work else "",
        _planned_unfit(viewer, asked),
    )


def _planned_unfit(viewer: Viewer, asked: Asked) -> UnfitShifts | None:
    """What is planned is about the days to come, whatever day is looked at; it is told where today is."""
    today = timezone.localdate()
    if asked.clause.number != STAFFING or asked.on != today or asked.known is not None:
        return None
    return unfit_shifts(viewer, asked.company_id, (today, today + AHEAD))


def form_of(work: Work | None) -> WorkForm:
    if work is None:
        return WorkForm(initial={"status": WorkStatus.NONE.value})
    told = {"owner": work.owner, "status": work.status.value, "due_on": work.due_on, "note": work.note}
    return WorkForm(initial=told)


def editing(viewer: Viewer, company_id: int, form: WorkForm) -> dict[str, Any]:
    """Context of the form."""
    return {"work_form": form, "owners": owners_offered(viewer, company_id)}
