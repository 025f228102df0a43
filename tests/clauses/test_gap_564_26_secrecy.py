"""令564 art. 26: who has access is reviewed account by account, and rules of secrecy are shown by evidence."""

from datetime import date, datetime, timedelta

import pytest

from lianjing.core.refusals import Missing, Refused
from lianjing.core.viewer import Forbidden
from lianjing.domain.compliance.access_rule import Access, access_part
from lianjing.domain.people.access_list import AccessKnown, account_lines, lines_to_withdraw
from lianjing.domain.people.access_policy import Decided
from lianjing.domain.people.access_reviewing import set_review_months, sign_access_review, withdraw_role
from lianjing.domain.people.actions import NewUser, add_user
from lianjing.domain.people.models import AccessReview, Membership
from lianjing.domain.records.models import Record
from lianjing.terms.roles import Role
from tests.cast import NOON, SYSTEM, Cast
from tests.clauses.access import review
from tests.clauses.test_companies import judged, said, verdicts
from tests.domain.compliance.evidence import accepted

ON = date(2026, 11, 22)
CLAUSE = "令564-26"
HOUR = timedelta(hours=1)


def part(signed_at: datetime | None, on: date = ON, months: int = 12, **told: int) -> str:
    figures = {"accounts": 5, "held": 0, "missed": 0, "later": 0} | told
    known = AccessKnown(1 if signed_at else None, signed_at, **figures, months=months, origin="")
    return access_part(Access(known, on)).verdict.value


@pytest.mark.parametrize(
    ("on", "months", "wanted"),
    [
        (date(2027, 11, 22), 12, "met"),
        (date(2027, 11, 23), 12, "mostly"),
        (date(2027, 5, 22), 6, "met"),
        (date(2027, 5, 23), 6, "mostly"),
    ],
)
def test_a_review_counts_for_its_months_with_the_same_day(on: date, months: int, wanted: str) -> None:
    assert part(NOON, on, months) == wanted


def test_a_leap_day_ends_with_february() -> None:
    leap = datetime(2028, 2, 29, 4, tzinfo=NOON.tzinfo)
    assert [part(leap, day) for day in (date(2029, 2, 28), date(2029, 3, 1))] == ["met", "mostly"]


def test_no_review_an_account_left_out_and_a_role_still_held() -> None:
    assert part(None) == "insufficient"
    assert part(NOON, missed=1) == "insufficient"
    assert part(NOON, held=1, missed=1) == "not_met"
    assert part(NOON, later=3) == "met"


# With a database


def test_both_parts_are_needed_and_the_worse_decides(cast: Cast) -> None:
    assert "没有权限复核的记录" in said(judged(cast)[CLAUSE])
    review(cast)
    assert (verdicts(cast)[CLAUSE], "还没有接受的证据" in said(judged(cast)[CLAUSE])) == ("insufficient", True)
    accepted(cast, clauses=(CLAUSE,))
    assert verdicts(cast)[CLAUSE] == "met"
    assert verdicts(cast, known=NOON - HOUR)[CLAUSE] == "insufficient"
    assert verdicts(cast, ON - timedelta(days=1))[CLAUSE] == "insufficient"
    accepted(cast, text="b", shows="mostly", clauses=(CLAUSE,))
    assert verdicts(cast)[CLAUSE] == "mostly"


def test_a_role_that_is_marked_must_go_and_both_times_are_kept(cast: Cast) -> None:
    accepted(cast, clauses=(CLAUSE,))
    review(cast, without=("gus",))
    assert verdicts(cast)[CLAUSE] == "not_met"
    (line,) = lines_to_withdraw(cast.viewer("mia"), cast.company.pk)
    withdraw_role(line.pk, by=cast.viewer("mia"), at=NOON + HOUR)
    assert (verdicts(cast)[CLAUSE], verdicts(cast, known=NOON)[CLAUSE]) == ("met", "not_met")
    assert not Membership.objects.filter(user=cast.users["gus"]).exists()
    acts = Record.objects.filter(action__startswith="access.").order_by("pk").values_list("action", flat=True)
    assert list(acts) == ["access.reviewed", "access.role_withdrawn"]
    with pytest.raises(Missing):
        withdraw_role(line.pk, by=cast.viewer("mia"), at=NOON + HOUR)


def test_who_comes_later_waits_for_the_next_review(cast: Cast) -> None:
    accepted(cast, clauses=(CLAUSE,))
    review(cast)
    new = NewUser("nora", "Nora", Role.OPERATOR, cast.company.pk)
    add_user(new, "a-long-test-password", by=SYSTEM, at=NOON + HOUR, source="")
    found = judged(cast)[CLAUSE]
    assert (found.verdict.value, found.figures["given_since"], found.figures["not_reviewed"]) == ("met", 1, 0)
    Membership.objects.filter(user__username="nora").update(given_at=None)
    assert "有 1 个账号没有列入复核。" in said(judged(cast)[CLAUSE])


def test_how_often_is_a_setting_with_its_source(cast: Cast) -> None:
    accepted(cast, clauses=(CLAUSE,), valid_until=None)
    review(cast)
    who = {"by": cast.viewer("mia"), "at": NOON + HOUR}
    set_review_months(cast.company.pk, 6, "市局通知", **who)  # type: ignore[arg-type]
    day = date(2027, 5, 23)
    assert (verdicts(cast, day)[CLAUSE], verdicts(cast, day, NOON)[CLAUSE]) == ("mostly", "met")
    for months in (0, 37):
        with pytest.raises(Refused) as refused:
            set_review_months(cast.company.pk, months, "", **who)  # type: ignore[arg-type]
        assert str(refused.value) == "周期请写 1 至 36 个月。"


def test_what_cannot_be_signed_is_said(cast: Cast) -> None:
    lines = {one.username: one.id for one in account_lines(cast.viewer("mia"), cast.company.pk)}
    whole = {pk: Decided("keep") for pk in lines.values()}
    cases = [
        ({**whole, lines["gus"]: Decided("")}, "还有 1 个账号没有选：Gus。"),
        ({**whole, lines["gus"]: Decided("withdraw")}, "Gus：撤销须写明原因。"),
        ({**whole, lines["gus"]: Decided("maybe")}, "没有这个选项。"),
        ({**whole, lines["mia"]: Decided("withdraw", "x")}, "不能撤销自己的角色：请由另一名经理复核。"),
        ({**whole, 999_999: Decided("keep")}, "名单在此期间有变，请重新看一遍再签署。"),
        ({**whole, lines["gus"]: Decided("keep", "x" * 201)}, "最多 200 个字，现有 201 个。"),
    ]
    for told, sentence in cases:
        with pytest.raises(Refused) as refused:
            sign_access_review(cast.company.pk, told, "", by=cast.viewer("mia"), at=NOON)
        assert str(refused.value) == sentence
    for name in ("leo", "polly"):
        with pytest.raises((Forbidden, Missing)):
            sign_access_review(cast.company.pk, whole, "", by=cast.viewer(name), at=NOON)
    assert AccessReview.objects.count() == 0


@pytest.mark.parametrize("name", ["leo", "polly", "ada"])
def test_whoever_sees_the_clause_sees_the_same(cast: Cast, name: str) -> None:
    review(cast, without=("gus",))
    found = judged(cast, name=name)[CLAUSE]
    assert (found.verdict, found.figures) == (judged(cast)[CLAUSE].verdict, judged(cast)[CLAUSE].figures)
