"""The registers of people and certificates as the police may read them (令564 art. 37; decision 0028): who works where,
whether he may, and by which certificate. No identity number, no telephone, nothing of health or background."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from django.db.models import DateField, Exists, OuterRef, Q, QuerySet, Value
from django.db.models.functions import Coalesce

from lianjing.core.cursors import behind
from lianjing.core.viewer import Viewer, visible
from lianjing.domain.people.certificate_policy import ENDED, ENDING, SOON, VALID
from lianjing.domain.people.eligibility import Reason
from lianjing.domain.people.fact_kinds import Fact
from lianjing.domain.people.known_facts import answer_of, known_of
from lianjing.domain.people.models import StaffFact, StaffMember
from lianjing.domain.people.staff_facts import post_kind_on
from lianjing.domain.people.telling import told_against
from lianjing.domain.records.dated import holding_on
from lianjing.terms.staffing import PostKind, StaffFactKind

SEE = "police.registers"
ORDER = ("staff_no", "id")
BY_END = ("ends", "id")
CERTIFICATES = (StaffFactKind.GUARD_CERTIFICATE, StaffFactKind.QUALIFICATION)


@dataclass(frozen=True, slots=True)
class RegisterWanted:
    """Whom to list, of those at work on the day. `eligible` None: both."""

    text: str = ""
    post_kind: str = ""
    eligible: bool | None = None
    member_id: int | None = None
    """The one person to whom a clause has led."""


@dataclass(frozen=True, slots=True)
class Registered:
    """A line of the register of people. `against`: what stands in the way, private reasons not by name."""

    id: int
    staff_no: str
    name: str
    post_kind: PostKind
    employed_since: date | None
    eligible: bool
    against: tuple[Reason, ...]
    certificate: Fact | None


def people_register(
    viewer: Viewer, company_id: int, wanted: RegisterWanted, on: date, *, after: int | None = None, limit: int = 50
) -> list[Registered]:
    """By staff number, behind the line `after`. Two queries when the company is known already."""
    rows = behind(visible(StaffMember.objects.filter(company_id=company_id), viewer, SEE), ORDER, after)
    found: list[Registered] = []
    for line in _lines(_narrowed(rows, wanted, on), company_id, on):
        if _is_wanted(line, wanted):
            found.append(line)
        if len(found) == limit:
            break
    return found


def whole_people_register(viewer: Viewer, company_id: int, wanted: RegisterWanted, on: date) -> list[Registered]:
    """All of it, for a file."""
    rows = visible(StaffMember.objects.filter(company_id=company_id), viewer, SEE).order_by(*ORDER)
    return [line for line in _lines(_narrowed(rows, wanted, on), company_id, on) if _is_wanted(line, wanted)]


def _lines(rows: "QuerySet[StaffMember]", company_id: int, on: date) -> Iterator[Registered]:
    known = known_of([company_id])
    for pk, staff_no, name in rows.values_list("pk", "staff_no", "name").iterator(2000):
        mine = known.get(pk)
        facts = mine.facts if mine else ()
        answer = answer_of(mine, on)
        yield Registered(
            pk,
            staff_no,
            name,
            post_kind_on(facts, on),
            _employed_since(facts, on),
            answer.eligible,
            told_against(answer, sees_file=False),
            _certificate(facts, on),
        )


def _is_wanted(line: Registered, wanted: RegisterWanted) -> bool:
    of_post = not wanted.post_kind or line.post_kind.value == wanted.post_kind
    return of_post and wanted.eligible in (None, line.eligible)


def _employed_since(facts: tuple[Fact, ...], on: date) -> date | None:
    held = [fact for fact in facts if fact.kind == StaffFactKind.EMPLOYMENT and fact.holds_on(on)]
    return held[-1].valid_from if held else None


def _certificate(facts: tuple[Fact, ...], on: date) -> Fact | None:
    """The one that holds, or the last that did or will."""
    mine = [fact for fact in facts if fact.kind == StaffFactKind.GUARD_CERTIFICATE]
    holding = [fact for fact in mine if fact.holds_on(on)] or mine
    return max(holding, key=lambda fact: (fact.valid_from or date.min, fact.id or 0), default=None)


def _narrowed(rows: "QuerySet[StaffMember]", wanted: RegisterWanted, on: date) -> "QuerySet[StaffMember]":
    mine = StaffFact.objects.filter(member=OuterRef("pk"), retracted_at=None)
    rows = rows.filter(Exists(holding_on(mine.filter(kind=StaffFactKind.EMPLOYMENT), on)))
    if wanted.member_id is not None:
        rows = rows.filter(pk=wanted.member_id)
    if wanted.text:
        numbered = mine.filter(kind=StaffFactKind.GUARD_CERTIFICATE, number__istartswith=wanted.text)
        rows = rows.filter(_called(wanted.text, "") | Q(Exists(numbered)))
    return rows


def _called(text: str, where: str) -> Q:
    wanted = {"name__icontains": text, "initials__contains": text.lower(), "staff_no__istartswith": text}
    found = Q()
    for name, value in wanted.items():
        found |= Q(**{where + name: value})
    return found


@dataclass(frozen=True, slots=True)
class CertificatesWanted:
    """Which certificates: of VALID, ENDING (within 90 days), ENDED; of a kind; of whom, or with which number."""

    text: str = ""
    kind: str = ""
    state: str = ""


def certificates(
    viewer: Viewer, company_id: int, wanted: CertificatesWanted, on: date, *, after: int | None = None, limit: int = 50
) -> list[StaffFact]:
    """Of each person at work the last one of a kind, by its end; one query, two behind the first page."""
    rows = behind(_certificates(viewer, company_id, on), BY_END, after)
    return list(_of_wanted(rows, wanted, on).select_related("member")[:limit])


def every_certificate(viewer: Viewer, company_id: int, wanted: CertificatesWanted, on: date) -> Iterator[StaffFact]:
    """All of them, for a file."""
    rows = _of_wanted(_certificates(viewer, company_id, on).order_by(*BY_END), wanted, on)
    return rows.select_related("member").iterator(2000)


def _certificates(viewer: Viewer, company_id: int, on: date) -> "QuerySet[StaffFact]":
    ends = Coalesce("valid_until", Value(date.max, output_field=DateField()))
    standing = StaffFact.objects.filter(retracted_at=None)
    of_him = standing.filter(member=OuterRef("member"))
    later = of_him.filter(kind=OuterRef("kind")).annotate(ends=ends)
    later = later.filter(Q(ends__gt=OuterRef("ends")) | Q(ends=OuterRef("ends"), pk__gt=OuterRef("pk")))
    rows = visible(standing.filter(company_id=company_id, kind__in=CERTIFICATES), viewer, SEE).annotate(ends=ends)
    at_work = holding_on(of_him.filter(kind=StaffFactKind.EMPLOYMENT), on)
    return rows.filter(~Exists(later), Exists(at_work))


def _of_wanted(rows: "QuerySet[StaffFact]", wanted: CertificatesWanted, on: date) -> "QuerySet[StaffFact]":
    if wanted.kind:
        rows = rows.filter(kind=wanted.kind)
    if wanted.text:
        rows = rows.filter(_called(wanted.text, "member__") | Q(number__istartswith=wanted.text))
    ends = {VALID: Q(ends__gt=on + SOON), ENDING: Q(ends__gte=on, ends__lte=on + SOON), ENDED: Q(ends__lt=on)}
    return rows.filter(ends.get(wanted.state, Q()))
