"""People on file for tests: one who may stand duty, and what takes that from him."""

from datetime import date, datetime
from itertools import count
from typing import Any

from lianjing.core.viewer import Person
from lianjing.domain.people.fact_policy import NewFact
from lianjing.domain.people.identity_policy import check_digit
from lianjing.domain.people.models import StaffMember
from lianjing.domain.people.staff import NewMember, add_member
from lianjing.terms.staffing import StaffFactKind as Kind
from tests.cast import NOON, Cast

HIRED = date(2026, 1, 5)
_places = count(1)


def number_for(born_on: date, place: int = 1) -> str:
    """A sound identity number that nobody has: the division is the one for all of 浙江."""
    body = f"330000{born_on:%Y%m%d}{place:03d}"
    return body + check_digit(body)


def sound_facts(until: date = date(2027, 12, 31)) -> list[NewFact]:
    """Everything that is expected of somebody at work; what ends, ends with `until`."""
    training = {"subjects": ["law", "guard", "skill"], "hours": 40}
    return [
        NewFact(Kind.EMPLOYMENT, valid_from=HIRED),
        NewFact(Kind.POST_KIND, "watch", HIRED),
        NewFact(Kind.EDUCATION, "college"),
        NewFact(Kind.HEALTH, "passed", HIRED, until),
        NewFact(Kind.BACKGROUND, "passed", HIRED, until),
        NewFact(Kind.POLICE_EXAM, "passed", HIRED),
        NewFact(Kind.GUARD_CERTIFICATE, number="33-1", valid_from=HIRED, valid_until=until),
        NewFact(Kind.LABOUR_CONTRACT, number="L-1", valid_from=HIRED, valid_until=until),
        NewFact(Kind.INSURANCE, "意外伤害保险", HIRED, until),
        NewFact(Kind.TRAINING, "岗前培训", HIRED, until, details=training),
        NewFact(Kind.APPRAISAL, "passed", date(2026, 10, 1)),
    ]


def put_on_file(
    cast: Cast,
    staff_no: str = "001",
    name: str = "陈思远",
    *,
    without: tuple[Kind, ...] = (),
    more: tuple[NewFact, ...] = (),
    **told: Any,
) -> StaffMember:
    """A person of the company who may stand duty, but for what is left out or added."""
    at: datetime = told.get("at", NOON)
    by: Person = told.get("by") or cast.viewer("mia")
    facts = [fact for fact in sound_facts() if fact.kind not in without]
    new = NewMember(
        {"staff_no": staff_no, "name": name}, number_for(date(1990, 5, 1), next(_places) % 999), [*facts, *more]
    )
    return add_member(told.get("company_id", cast.company.pk), new, by=by, at=at)
