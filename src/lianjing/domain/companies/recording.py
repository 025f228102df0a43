"""Recording what is known of a company, taking it back, and what it said before."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone

from lianjing.core.entering import enter
from lianjing.core.refusals import Refused
from lianjing.core.scans import Scan, filed
from lianjing.core.viewer import Viewer
from lianjing.domain.companies.changing import CHANGED, SEE, company_to_change
from lianjing.domain.companies.company_facts import SPECS, CompanyKnown
from lianjing.domain.companies.fact_policy import NewCompanyFact, check_filed, checked, overlapping
from lianjing.domain.companies.known_rows import as_known, threads_of
from lianjing.domain.companies.models import Company, CompanyFact
from lianjing.domain.companies.settings_known import MANAGER_YEARS, keep_setting
from lianjing.domain.records.changing import Actor, locked, owner_of, reason_given, take_back, write_down
from lianjing.terms.sentences import marked as _
from lianjing.terms.staffing import CompanyFactKind, GuardService

YEARS_AT_MOST = 60


@transaction.atomic
def record_company_fact(
    company_id: int, new: NewCompanyFact, scan: Scan | None = None, *, by: Viewer, at: datetime, source: str = ""
) -> CompanyFact:
    """Records a fact about a company. Of a kind of which only one can hold on a day, the one that holds when it begins
    ends on the day before. Raises Missing, Forbidden, or Refused naming the part."""
    company = company_to_change(company_id, by)
    return _enter(company, new, Entry(Actor(by, at, source), scan))


@transaction.atomic
def correct_company_fact(
    fact_id: int,
    new: NewCompanyFact,
    reason: str,
    scan: Scan | None = None,
    *,
    by: Viewer,
    at: datetime,
    source: str = "",
) -> CompanyFact:
    """Puts another fact of the same kind in the place of one that was wrong; both stay on file. An earlier scan goes
    with the new one unless another is given. Raises Missing, Forbidden or Refused."""
    earlier = _standing_fact(fact_id, by)
    actor = Actor(by, at, source)
    take_back(earlier, reason_given(reason), actor)
    return _enter(earlier.company, new, Entry(actor, scan, earlier))


@transaction.atomic
def retract_company_fact(fact_id: int, reason: str, *, by: Viewer, at: datetime, source: str = "") -> CompanyFact:
    """Takes back a fact: it no longer counts for any day, and stays on file. What was filed is taken back after its
    filings. Raises Missing, Forbidden or Refused."""
    fact = _standing_fact(fact_id, by)
    actor, why = Actor(by, at, source), reason_given(reason)
    filings = _filings_of(fact)
    if filings:
        raise Refused("reason", _("它还有 %(count)d 条备案，请先收回备案。"), count=filings)
    take_back(fact, why, actor)
    told = {"kind": fact.kind, "fact": fact.pk, "reason": why, "value": fact.value or fact.number}
    write_down("company.fact_retracted", fact.company, fact.company_id, actor, after=told, topic=CHANGED)
    return fact


@transaction.atomic
def set_manager_years(
    company_id: int, years: int, origin: str, *, by: Viewer, at: datetime, source: str = ""
) -> Company:
    """Says how many years of experience the company's province asks of those who lead it, and where that stands
    (`origin`); 0: none. Raises Missing, Forbidden or Refused."""
    company = company_to_change(company_id, by)
    if not 0 <= years <= YEARS_AT_MOST:
        raise Refused("manager_years", _("年限请写 0 至 60 的整数。"))
    before = {"manager_years": company.manager_years, "manager_years_source": company.manager_years_source}
    enter(company, {"manager_years_source": origin})
    company.manager_years = years
    after = {"manager_years": years, "manager_years_source": company.manager_years_source}
    if after != before:
        company.save(update_fields=list(after))
        actor = Actor(by, at, source)
        keep_setting(company, MANAGER_YEARS, str(years), actor, company.manager_years_source)
        write_down("company.manager_years_set", company, company.pk, actor, after=after, before=before, topic=CHANGED)
    return company


@dataclass(frozen=True, slots=True)
class Entry:
    """How a fact comes in: by whom, with what scan, in place of what."""

    actor: Actor
    scan: Scan | None = None
    replaces: CompanyFact | None = None


def _enter(company: Company, new: NewCompanyFact, entry: Entry) -> CompanyFact:
    sound = checked(new, timezone.localdate(entry.actor.at))
    if entry.replaces is not None and entry.replaces.kind != sound.kind:
        raise Refused("", _("更正不能改变种类。"))
    subject = _subject(company, sound)
    check_filed(sound, as_known(subject) if subject else None)
    if SPECS[sound.kind].single:
        _make_room(company, sound, entry.actor)
    fact = _row(company, sound, entry)
    fact.about = subject
    if entry.scan is not None:
        fact.scan_sha256 = entry.scan.sha256
    with filed(fact.scan, entry.scan):
        return _told_and_saved(fact, entry)


def _subject(company: Company, new: NewCompanyFact) -> CompanyFact | None:
    """What a filing is about: as the company has it now."""
    if not SPECS[new.kind].about or new.about is None:
        return None
    return company.facts.filter(pk=new.about, retracted_at=None).first()


def _told_and_saved(fact: CompanyFact, entry: Entry) -> CompanyFact:
    fact.save()
    told = {"fact": fact.pk, **_told_of(fact)}
    before = _told_of(entry.replaces) if entry.replaces else None
    action = "company.fact_corrected" if entry.replaces else "company.fact_recorded"
    if entry.replaces:
        told["reason"] = entry.replaces.retract_reason
    write_down(action, fact.company, fact.company_id, entry.actor, after=told, before=before, topic=CHANGED)
    return fact


def _told_of(fact: CompanyFact) -> dict[str, Any]:
    """What the records say of a fact."""
    told: dict[str, Any] = {"kind": fact.kind, "value": fact.value, "number": fact.number, "issuer": fact.issuer}
    told |= {"from": str(fact.valid_from or ""), "until": str(fact.valid_until or "")}
    told |= {**fact.details, "about": fact.about_id, "scan_sha256": fact.scan_sha256}
    told["located"] = told.pop("place", "")
    told["scope"] = [GuardService(service).zh for service in fact.details.get("scope", ())]
    return {name: value for name, value in told.items() if value not in ("", None, [])}


def _row(company: Company, new: NewCompanyFact, entry: Entry) -> CompanyFact:
    earlier = entry.replaces
    return CompanyFact(
        company=company,
        kind=new.kind.value,
        value=new.value,
        number=new.number,
        issuer=new.issuer,
        details=dict(new.details),
        valid_from=new.valid_from,
        valid_until=new.valid_until,
        recorded_at=entry.actor.at,
        recorded_by=entry.actor.by.name,
        replaces=earlier,
        scan=earlier.scan if earlier else "",
        scan_sha256=earlier.scan_sha256 if earlier else "",
    )


def _standing_fact(fact_id: int, by: Viewer) -> CompanyFact:
    rows = CompanyFact.objects.filter(retracted_at=None)
    company = company_to_change(owner_of(rows, fact_id, by, "company_id", see=SEE), by)
    fact = locked(rows, fact_id, by, see=SEE)
    fact.company = company
    return fact


def _filings_of(fact: CompanyFact) -> int:
    """How many filings stand that are about it, or about what it was corrected from."""
    threads = threads_of(fact.company_id)
    same = [pk for pk, thread in threads.items() if thread == threads.get(fact.pk)]
    return CompanyFact.objects.filter(about_id__in=same, retracted_at=None).count()


def _make_room(company: Company, new: NewCompanyFact, actor: Actor) -> None:
    """Ends what holds when the new one begins. What begins later, or would go on behind it, stands in the way."""
    rows = {row.pk: row for row in company.facts.filter(kind=new.kind.value, retracted_at=None)}
    for other in overlapping(new, [as_known(row) for row in rows.values()]):
        row = rows[other.id]
        begins = other.valid_from or date.min
        goes_on = new.valid_until is not None and (other.valid_until or date.max) > new.valid_until
        if new.valid_from is None or begins >= new.valid_from or goes_on:
            raise _in_the_way(row)
        take_back(row, _("由后一条记录接续"), actor)
        _row(company, _ending(other, row, new.valid_from - timedelta(days=1)), Entry(actor, replaces=row)).save()


def _ending(known: CompanyKnown, row: CompanyFact, day: date) -> NewCompanyFact:
    """The same fact, until that day."""
    return NewCompanyFact(
        CompanyFactKind(row.kind), row.value, row.valid_from, day, row.number, row.issuer, known.details
    )


def _in_the_way(row: CompanyFact) -> Refused:
    said = _("%(begins)s 至 %(until)s 已有同类记录，请先更正那一条。")
    return Refused("valid_from", said, begins=str(row.valid_from or "…"), until=str(row.valid_until or "…"))
