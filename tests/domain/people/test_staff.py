"""People on file: their numbers, their facts in time, their accounts."""

from datetime import date, timedelta

import pytest

from lianjing.core.refusals import Missing, Refused
from lianjing.core.viewer import Forbidden
from lianjing.domain.people.fact_policy import NewFact
from lianjing.domain.people.facts import correct_fact, record_fact, retract_fact
from lianjing.domain.people.identity_policy import BadIdentity, check_digit, identity_of
from lianjing.domain.people.models import GateSetting, StaffFact, StaffMember
from lianjing.domain.people.staff import NewMember, add_member, link_account, reveal_identity, set_identity
from lianjing.domain.people.staff_facts import eligible_members, facts_of, post_kind_on
from lianjing.domain.records.models import Record
from lianjing.terms.staffing import PostKind, Sex
from lianjing.terms.staffing import StaffFactKind as Kind
from tests.cast import NOON, Cast

TODAY = date(2026, 11, 22)


def number_for(born_on: date, place: int = 1) -> str:
    """A sound identity number that nobody has: the division is the one for all of 浙江."""
    body = f"330000{born_on:%Y%m%d}{place:03d}"
    return body + check_digit(body)


def entered(cast: Cast, staff_no: str = "001", identity: str = "", *facts: NewFact) -> StaffMember:
    new = NewMember({"staff_no": staff_no, "name": "陈思远"}, identity, facts)
    return add_member(cast.company.pk, new, by=cast.viewer("mia"), at=NOON)


def test_a_number_tells_birth_date_and_sex_however_it_is_typed() -> None:
    told = identity_of(" 11010519491231００2x ", TODAY)
    assert (told.number, told.born_on, told.sex, told.is_citizen) == (
        "11010519491231002X",
        date(1949, 12, 31),
        Sex.FEMALE,
        True,
    )
    assert repr(told) == "Identity(**************002X)"


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "1234",
        "110105194912310021",
        "11010519490231002X",
        "00010519491231002X",
        "A" * 18,
        number_for(date(2027, 1, 1)),
    ],
)
def test_an_impossible_number_is_refused_without_repeating_it(typed: str) -> None:
    with pytest.raises(BadIdentity) as bad:
        identity_of(typed, TODAY)
    assert not typed or typed not in str(bad.value)


def test_a_number_is_sealed_shown_by_its_tail_and_revealed_only_for_a_recorded_reason(cast: Cast) -> None:
    number = number_for(date(1990, 5, 1))
    member = entered(cast, "001", number)
    assert (number in member.identity_sealed, member.identity_tail, member.sex) == (False, number[-4:], "male")
    with pytest.raises(Refused):
        reveal_identity(member.pk, " ", by=cast.viewer("mia"), at=NOON)
    with pytest.raises(Missing):
        reveal_identity(member.pk, "x", by=cast.viewer("leo"), at=NOON)
    with pytest.raises(Missing):
        reveal_identity(member.pk, "x", by=cast.viewer("sam"), at=NOON)
    assert reveal_identity(member.pk, "报备", by=cast.viewer("mia"), at=NOON) == number
    record = Record.objects.get(action="staff.identity_revealed")
    assert (record.after, record.actor_name) == ({"reason": "报备"}, "Mia")
    assert not any(number in str(row.after) + str(row.before) for row in Record.objects.all())


def test_an_identity_number_stands_in_no_other_column(cast: Cast) -> None:
    number, mia = number_for(date(1990, 5, 1)), cast.viewer("mia")
    for field in ("staff_no", "name", "phone", "notes"):
        values = {"staff_no": "007", "name": "陈思远", field: f" {number}"}
        with pytest.raises(Refused) as refused:
            add_member(cast.company.pk, NewMember(values), by=mia, at=NOON)
        assert (refused.value.field, number in str(refused.value)) == (field, False)
    with pytest.raises(Refused) as refused:
        entered(cast, "001", "", NewFact(Kind.GUARD_CERTIFICATE, number=number))
    assert (refused.value.field, StaffMember.objects.count()) == ("number", 0)


def test_the_same_number_twice_and_the_same_staff_number_twice_are_refused(cast: Cast) -> None:
    entered(cast, "001", number_for(date(1990, 5, 1)))
    with pytest.raises(Refused) as twice:
        entered(cast, "002", number_for(date(1990, 5, 1)))
    assert twice.value.field == "identity"
    with pytest.raises(Refused) as again:
        entered(cast, "001")
    assert again.value.field == "staff_no"
    assert StaffMember.objects.count() == 1


def test_a_corrected_number_replaces_the_birth_date_and_keeps_what_was_believed(cast: Cast) -> None:
    member = entered(cast, "001", number_for(date(1990, 5, 1)))
    later = NOON + timedelta(days=1)
    set_identity(member.pk, number_for(date(1991, 6, 2)), by=cast.viewer("mia"), at=later)
    assert [f.value for f in facts_of([member.pk])[member.pk] if f.kind == Kind.IDENTITY] == ["1991-06-02"]
    assert [f.value for f in facts_of([member.pk], NOON)[member.pk] if f.kind == Kind.IDENTITY] == ["1990-05-01"]


def test_a_later_post_kind_ends_the_earlier_one_on_the_day_before(cast: Cast) -> None:
    watch = NewFact(Kind.POST_KIND, "watch", date(2026, 1, 1))
    member = entered(cast, "001", "", watch)
    patrol = NewFact(Kind.POST_KIND, "patrol", date(2026, 7, 1))
    record_fact(member.pk, patrol, by=cast.viewer("mia"), at=NOON + timedelta(hours=1))
    facts = facts_of([member.pk])[member.pk]
    days = (date(2025, 12, 31), date(2026, 6, 30), date(2026, 7, 1))
    assert [post_kind_on(facts, day) for day in days] == [PostKind.OTHER, PostKind.WATCH, PostKind.PATROL]
    before = facts_of([member.pk], NOON)[member.pk]
    assert post_kind_on(before, date(2026, 7, 1)) == PostKind.WATCH
    with pytest.raises(Refused) as overlap:
        record_fact(member.pk, NewFact(Kind.POST_KIND, "other", date(2026, 3, 1)), by=cast.viewer("mia"), at=NOON)
    assert overlap.value.field == "valid_from"


@pytest.mark.parametrize(
    ("fact", "field"),
    [
        (
            NewFact(Kind.GUARD_CERTIFICATE, number="1", valid_from=date(2026, 2, 1), valid_until=date(2026, 1, 1)),
            "valid_until",
        ),
        (NewFact(Kind.GUARD_CERTIFICATE), "number"),
        (NewFact(Kind.EDUCATION, "doctor"), "value"),
        (NewFact(Kind.TRAINING, details={"hours": "many", "subjects": ["law"]}), "hours"),
        (NewFact(Kind.TRAINING, details={"hours": -1, "subjects": ["law"]}), "hours"),
        (NewFact(Kind.TRAINING, details={"hours": 2, "subjects": ["cooking"]}), "subjects"),
        (NewFact(Kind.HEALTH, "passed", valid_until=date(3026, 1, 1)), "valid_until"),
    ],
)
def test_a_fact_that_cannot_be_is_refused_and_nothing_is_kept(cast: Cast, fact: NewFact, field: str) -> None:
    with pytest.raises(Refused) as refused:
        entered(cast, "001", "", fact)
    assert refused.value.field == field
    assert (StaffMember.objects.count(), StaffFact.objects.count(), GateSetting.objects.count()) == (0, 0, 0)


def test_correcting_and_taking_back_keep_every_version(cast: Cast) -> None:
    wrong = NewFact(Kind.GUARD_CERTIFICATE, number="33-1", valid_until=date(2026, 1, 1))
    member = entered(cast, "001", "", wrong)
    fact = member.facts.get()
    right = NewFact(Kind.GUARD_CERTIFICATE, number="33-1", valid_until=date(2027, 1, 1))
    later = NOON + timedelta(days=1)
    put = correct_fact(fact.pk, right, "看错年份", by=cast.viewer("mia"), at=later)
    assert (put.replaces_id, put.valid_until) == (fact.pk, date(2027, 1, 1))
    retract_fact(put.pk, "证件是假的", by=cast.viewer("mia"), at=later + timedelta(days=1))
    assert facts_of([member.pk]) == {}
    assert [f.valid_until for f in facts_of([member.pk], later)[member.pk]] == [date(2027, 1, 1)]
    with pytest.raises(Missing):
        retract_fact(put.pk, "again", by=cast.viewer("mia"), at=later)


def test_a_correction_keeps_the_kind_of_what_it_corrects(cast: Cast) -> None:
    member = entered(cast, "001", "", NewFact(Kind.EDUCATION, "college"))
    with pytest.raises(Refused, match="种类"):
        correct_fact(member.facts.get().pk, NewFact(Kind.HEALTH, "passed"), "x", by=cast.viewer("mia"), at=NOON)
    assert list(member.facts.values_list("kind", "retracted_at")) == [("education", None)]


def test_only_the_companys_manager_keeps_files_and_nobody_sees_anothers(cast: Cast) -> None:
    member = entered(cast)
    fact = NewFact(Kind.EDUCATION, "college")
    for name in ("leo", "olivia", "sam", "polly"):
        with pytest.raises((Missing, Forbidden)):
            record_fact(member.pk, fact, by=cast.viewer(name), at=NOON)
    assert list(eligible_members(cast.viewer("leo"), [member], TODAY)) == [member.pk]
    assert eligible_members(cast.viewer("sam"), [member], TODAY) == {}


def test_an_account_belongs_to_one_person_of_its_company(cast: Cast) -> None:
    member = entered(cast)
    assert link_account(member.pk, "olivia", by=cast.viewer("mia"), at=NOON).user == cast.users["olivia"]
    other = entered(cast, "002")
    with pytest.raises(Refused):
        link_account(other.pk, "olivia", by=cast.viewer("mia"), at=NOON)
    with pytest.raises(Refused):
        link_account(other.pk, "sam", by=cast.viewer("mia"), at=NOON)
