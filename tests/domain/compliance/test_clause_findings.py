"""A clause that turns bad raises a finding; it closes when the clause is good again and the measure was verified."""

import pytest

from lianjing.core.outbox.models import Message
from lianjing.core.outbox.stamp import stamp
from lianjing.core.outbox.write import News, emit
from lianjing.core.refusals import Refused
from lianjing.core.viewer import Forbidden
from lianjing.domain.compliance.clause_findings import Turn, raise_for_clause, raise_standing
from lianjing.domain.compliance.finding_gaps import clauses_without_finding
from lianjing.domain.compliance.kept_phrases import packed
from lianjing.domain.compliance.models import StandingVerdict
from lianjing.domain.compliance.turn_following import follow_turn
from lianjing.domain.compliance.turn_policy import asks_for_finding
from lianjing.domain.findings.actions import close_finding, raise_finding
from lianjing.domain.findings.models import Finding
from lianjing.domain.findings.raising import NewFinding
from lianjing.terms.sentences import Phrase
from lianjing.terms.verdicts import Verdict
from lianjing.workers.clause_findings import ClauseFindings
from tests.cast import NOON, SYSTEM, Cast
from tests.domain.findings.found import DAY, moved_to

MET, MOSTLY, NOT_MET, INSUFFICIENT, NA = Verdict


def turn(cast: Cast, was: Verdict | None, now: Verdict, days: int = 0, clause: str = "5.2") -> Finding | None:
    return raise_for_clause(Turn(cast.company.pk, clause, was, now), by=SYSTEM, at=NOON + days * DAY)


@pytest.mark.parametrize(
    ("was", "now", "asks"),
    [
        (MET, NOT_MET, True),
        (MET, MOSTLY, True),
        (MET, INSUFFICIENT, True),
        (NA, NOT_MET, True),
        (None, NOT_MET, True),
        (None, MOSTLY, True),
        (None, INSUFFICIENT, False),
        (INSUFFICIENT, NOT_MET, True),
        (INSUFFICIENT, MOSTLY, True),
        (MOSTLY, NOT_MET, True),
        (NOT_MET, MOSTLY, False),
        (NOT_MET, INSUFFICIENT, False),
        (NOT_MET, MET, False),
        (MET, NA, False),
    ],
)
def test_what_turns_for_the_worse_asks_for_a_finding(was: Verdict | None, now: Verdict, asks: bool) -> None:
    assert asks_for_finding(was, now) is asks


@pytest.mark.parametrize(("now", "grade"), [(NOT_MET, "major"), (MOSTLY, "minor"), (INSUFFICIENT, "observation")])
def test_the_finding_tells_clause_reasons_and_a_grade_by_the_verdict(cast: Cast, now: Verdict, grade: str) -> None:
    finding = turn(cast, MET, now)
    assert finding is not None
    assert (finding.number, finding.grade, finding.state) == ("R-2026-001", grade, "identified")
    assert (finding.source_kind, finding.source_ref, finding.clauses) == ("clause", "5.2", "|5.2|")
    assert finding.title == f"5.2 人员配置：{now.zh}"
    assert "在服务客户 0 户" in finding.description


def test_turning_back_and_forth_makes_no_new_one_while_one_is_open(cast: Cast) -> None:
    first = turn(cast, MET, MOSTLY)
    for was, now in [(MOSTLY, NOT_MET), (NOT_MET, MET), (MET, INSUFFICIENT), (INSUFFICIENT, MET), (MET, NOT_MET)]:
        turn(cast, was, now)
    found = Finding.objects.get()
    assert first is not None
    assert (found.pk, found.grade, found.verdict_good_since) == (first.pk, "major", None)
    assert found.title == "5.2 人员配置：不符合"


def test_it_closes_by_itself_only_when_the_verdict_is_good_and_the_measure_was_verified(cast: Cast) -> None:
    finding = turn(cast, MET, NOT_MET)
    assert finding is not None
    moved_to(cast, "verified", finding)
    with pytest.raises(Refused, match=r"“条款 5\.2 人员配置”还没有恢复符合，不能关闭；恢复后自动关闭。"):
        close_finding(finding.pk, by=cast.viewer("leo"), at=NOON)
    assert turn(cast, NOT_MET, MOSTLY, 3) is not None
    finding.refresh_from_db()
    assert finding.state == "verified"
    turn(cast, MOSTLY, MET, 4)
    finding.refresh_from_db()
    assert (finding.state, finding.verdict_good_since, finding.closed_at) == ("closed", NOON + 4 * DAY, NOON + 4 * DAY)
    again = turn(cast, MET, NOT_MET, 5)
    assert again is not None
    assert (again.number, again.previous) == ("R-2026-002", finding)


def test_an_unknown_clause_and_a_first_lack_of_records_raise_nothing(cast: Cast) -> None:
    assert turn(cast, MET, NOT_MET, clause="99") is None
    assert turn(cast, None, INSUFFICIENT) is None
    assert not Finding.objects.exists()


def test_a_message_is_taken_up_once(cast: Cast) -> None:
    bad = Turn(cast.company.pk, "5.2", MET, NOT_MET)
    assert follow_turn(bad, 7, by=SYSTEM, at=NOON) is not None
    assert follow_turn(bad, 7, by=SYSTEM, at=NOON) is None
    assert follow_turn(bad, 6, by=SYSTEM, at=NOON) is None


@pytest.mark.django_db(transaction=True)
def test_the_worker_follows_the_bus_and_starts_again_where_it_stopped() -> None:
    from django.db import transaction

    cast = Cast()
    told = [("5.2", "met", "not_met"), ("4.2", "", "mostly"), ("5.2", "not_met", "nonsense"), ("5.2", "not_met", "met")]
    with transaction.atomic():
        for clause, was, now in told:
            emit([News("clause.turned", cast.company.pk, {"clause": clause, "from": was, "to": now})], at=NOON)
            emit([News("other.news", cast.company.pk, {})], at=NOON)
    stamp()
    assert ClauseFindings().turn() == 4
    assert ClauseFindings().turn() == 0
    found = {row.source_ref: row.verdict_good_since is not None for row in Finding.objects.all()}
    assert found == {"5.2": True, "4.2": False}
    assert Message.objects.filter(topic="finding.changed").count() == 3


def standing(cast: Cast, clause: str, verdict: Verdict) -> None:
    said = packed([Phrase("少 %(count)d 人。", {"count": 2})])
    at = {"on": NOON.date(), "judged_at": NOON, "figures": {}}
    StandingVerdict.objects.create(company=cast.company, clause=clause, verdict=verdict.value, sentences=said, **at)


def test_what_stood_bad_when_the_company_began_is_raised_by_a_person(cast: Cast) -> None:
    for clause, verdict in [("5.2", NOT_MET), ("4.2", MOSTLY), ("6.1", INSUFFICIENT), ("8.1.1", MET)]:
        standing(cast, clause, verdict)
    mia = cast.viewer("mia")
    assert [row.clause for row in clauses_without_finding(mia, cast.company.pk)] == ["4.2", "5.2"]
    made = raise_standing(cast.company.pk, by=mia, at=NOON)
    assert [(one.source_ref, one.grade, one.description) for one in made] == [
        ("4.2", "minor", "少 2 人。"),
        ("5.2", "major", "少 2 人。"),
    ]
    assert raise_standing(cast.company.pk, by=mia, at=NOON) == []
    raise_finding(cast.company.pk, NewFinding("许可证", "minor", clauses=("8.1.1",)), by=mia, at=NOON)
    StandingVerdict.objects.filter(clause="8.1.1").update(verdict=NOT_MET.value)
    assert clauses_without_finding(mia, cast.company.pk) == []
    for stranger in ("sam", "olivia"):
        with pytest.raises(Forbidden):
            raise_standing(cast.company.pk, by=cast.viewer(stranger), at=NOON)
