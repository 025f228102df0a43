"""Who has to read what today: distributions told person by person, and asked. Steps of actions, and no actions."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db import transaction

from lianjing.core.days import centre_day
from lianjing.domain.companies.models import Post
from lianjing.domain.documents.models import Distribution, Document, Edition, InForce, Reading
from lianjing.domain.documents.obligations import to_be_read
from lianjing.domain.people.models import Appointment, StaffFact
from lianjing.domain.records.changing import Actor
from lianjing.domain.records.dated import holding_on, known_at
from lianjing.terms.staffing import StaffFactKind


@dataclass(frozen=True, slots=True)
class Asked:
    """Somebody has to read an edition by a day."""

    document_id: int
    edition_id: int
    member_id: int
    due_on: date


@dataclass(frozen=True, slots=True)
class Crew:
    """Who is at work today, and who of them holds which post in which department."""

    everybody: frozenset[int]
    by_post: dict[int, set[int]]
    by_department: dict[int, set[int]]

    def of(self, one: Distribution) -> Iterable[int]:
        if one.member_id is not None:
            return {one.member_id} & self.everybody
        if one.post_id is not None:
            return self.by_post.get(one.post_id, set()) & self.everybody
        if one.department_id is not None:
            return self.by_department.get(one.department_id, set()) & self.everybody
        return self.everybody


def asked_today(company_id: int, today: date, documents: Collection[int] | None = None) -> list[Asked]:
    """Of these documents, or of all of the company: the edition in force, and beforehand the one that is to follow it.
    Five queries however many people and documents."""
    rows = Distribution.objects.filter(company_id=company_id, ended_at=None)
    terms = InForce.objects.filter(to_be_read(today), company_id=company_id, retracted_at=None)
    if documents is not None:
        rows, terms = rows.filter(document__in=documents), terms.filter(document__in=documents)
    given = list(rows.order_by("pk"))
    if not given:
        return []
    to_read: dict[int, list[InForce]] = defaultdict(list)
    for term in terms.order_by("valid_from"):
        to_read[term.document_id].append(term)
    crew = crew_of(company_id, today)
    found: dict[tuple[int, int], Asked] = {}
    for one in given:
        members = set(crew.of(one))
        for term in to_read[one.document_id]:
            due_on = max(term.valid_from or today, today) + timedelta(days=one.days)
            for member_id in members:
                told = Asked(one.document_id, term.edition_id, member_id, due_on)
                had = found.get((term.edition_id, member_id))
                if had is None or due_on < had.due_on:
                    found[term.edition_id, member_id] = told
    return list(found.values())


def crew_of(company_id: int, today: date) -> Crew:
    """Three queries."""
    facts = StaffFact.objects.filter(company_id=company_id, kind=StaffFactKind.EMPLOYMENT.value)
    everybody = frozenset(holding_on(known_at(facts), today).values_list("member_id", flat=True))
    posts = holding_on(known_at(Post.objects.filter(company_id=company_id)), today)
    departments = {first or pk: department for pk, first, department in posts.values_list("pk", "first", "department")}
    by_post: dict[int, set[int]] = defaultdict(set)
    by_department: dict[int, set[int]] = defaultdict(set)
    held = holding_on(known_at(Appointment.objects.filter(company_id=company_id)), today)
    for post_id, member_id in held.values_list("post_id", "member_id"):
        by_post[post_id].add(member_id)
        if post_id in departments:
            by_department[departments[post_id]].add(member_id)
    return Crew(everybody, by_post, by_department)


def whom_words(row: Distribution) -> str:
    """Whom it is given to, as the records say it."""
    if row.member is not None:
        return f"{row.member.staff_no} {row.member.name}"
    one = row.post or row.department
    return str(one) if one is not None else "*"


def ask_readers(document: Document, actor: Actor) -> None:
    """Who has to read an edition of it is asked to, who no longer has to is not."""
    bring_up_to_date(document.company_id, [document.pk], actor)


def forget_other_readings(edition: Edition, at: datetime) -> None:
    """Who confirmed it when it said something else has not read it: asked anew, should he still have to."""
    read = Reading.objects.filter(edition=edition, confirmed_at__isnull=False)
    other = read.exclude(confirmed_hash=edition.approved_hash)
    other.update(confirmed_at=None, confirmed_hash="", dropped_at=at)


def bring_up_to_date(company_id: int, documents: Collection[int] | None, actor: Actor) -> int:
    """Of these documents, or of all of the company; how many were asked anew."""
    rows = Reading.objects.filter(company_id=company_id)
    if documents is not None:
        rows = rows.filter(document__in=documents)
    asked = {(one.edition_id, one.member_id): one for one in asked_today(company_id, centre_day(actor.at), documents)}
    had = {(row.edition_id, row.member_id): row for row in rows.filter(edition__in={pair[0] for pair in asked})}
    gone = _no_longer(rows, asked.keys())
    again = [_again(row, asked[pair], actor.at) for pair, row in had.items() if _is_to_ask(row, pair, asked)]
    new = [one for pair, one in asked.items() if pair not in had]
    if not (gone or again or new):
        return 0
    with transaction.atomic():
        rows.filter(pk__in=gone, confirmed_at=None).update(dropped_at=actor.at)
        Reading.objects.bulk_update(again, ["dropped_at", "asked_at", "due_on", "reminded_on"], batch_size=500)
        fresh = (_reading(company_id, one, actor.at) for one in new)
        Reading.objects.bulk_create(fresh, batch_size=500, ignore_conflicts=True)
    return len(new) + len(again)


def _reading(company_id: int, one: Asked, at: datetime) -> Reading:
    told = {name: getattr(one, name) for name in ("document_id", "edition_id", "member_id", "due_on")}
    return Reading(company_id=company_id, asked_at=at, **told)


def _is_to_ask(row: Reading, pair: tuple[int, int], asked: Collection[tuple[int, int]]) -> bool:
    return row.dropped_at is not None and pair in asked


def _again(row: Reading, one: Asked, at: datetime) -> Reading:
    """As if asked for the first time."""
    row.dropped_at, row.asked_at, row.due_on, row.reminded_on = None, at, one.due_on, None
    return row


def _no_longer(rows: Any, asked: Collection[tuple[int, int]]) -> list[int]:
    open_ones = rows.filter(confirmed_at=None, dropped_at=None).values_list("pk", "edition_id", "member_id")
    return [pk for pk, edition_id, member_id in open_ones if (edition_id, member_id) not in asked]
