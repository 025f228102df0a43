"""令564 art. 30: who can spread records is reviewed; what was revealed, taken out and erased is counted."""

from datetime import date, timedelta

from lianjing.domain.records.models import Record
from tests.cast import NOON, Cast
from tests.clauses.access import review
from tests.clauses.test_companies import judged, said, verdicts
from tests.domain.compliance.evidence import accepted

CLAUSE = "令564-30"
YEAR = timedelta(days=365)


def act(cast: Cast, action: str, at: object = NOON, company: bool = True) -> None:
    Record.objects.create(
        at=at, actor_name="x", action=action, company_id=cast.company.pk if company else None, after={}
    )


def test_a_review_alone_leaves_it_at_mostly_and_evidence_completes_it(cast: Cast) -> None:
    assert verdicts(cast)[CLAUSE] == "insufficient"
    review(cast)
    assert verdicts(cast)[CLAUSE] == "mostly"
    accepted(cast, clauses=(CLAUSE,))
    assert verdicts(cast)[CLAUSE] == "met"
    assert verdicts(cast, known=NOON - timedelta(hours=1))[CLAUSE] == "insufficient"


def test_a_role_that_should_be_gone_is_against_it_whatever_evidence_says(cast: Cast) -> None:
    accepted(cast, clauses=(CLAUSE,))
    review(cast, without=("oscar",))
    assert verdicts(cast)[CLAUSE] == "not_met"


def test_acts_of_the_last_year_are_counted_and_nobody_elses(cast: Cast) -> None:
    for action in ("staff.identity_revealed", "workbook.exported", "callcards.taken", "register.exported"):
        act(cast, action)
    act(cast, "staff.identity_revealed", NOON - YEAR + timedelta(hours=12))
    act(cast, "staff.identity_revealed", NOON - YEAR)
    act(cast, "workbook.exported", NOON + timedelta(days=1))
    act(cast, "retention.erased", company=False)
    Record.objects.create(at=NOON, actor_name="x", action="workbook.exported", company_id=cast.other.pk, after={})
    found = judged(cast, date(2026, 11, 22))[CLAUSE]
    counts = {name: found.figures[name] for name in ("revealed", "taken_out", "erasures")}
    assert counts == {"revealed": 2, "taken_out": 3, "erasures": 1}
    assert "一年内查看完整身份号码 2 次，导出 3 次，到期清除 1 次，都有记录。" in said(found)
