"""Sources that say by themselves whether they are good: one open finding each, which closes when both are."""

import pytest

from lianjing.core.refusals import Refused
from lianjing.domain.findings.actions import (
    Verification,
    close_finding,
    dismiss_finding,
    reopen_finding,
    verify_finding,
)
from lianjing.domain.findings.models import Finding
from lianjing.domain.findings.raising import NewFinding, Source
from lianjing.domain.findings.watched import Watched, note_good, raise_watched
from lianjing.domain.records.models import Record
from tests.cast import NOON, SYSTEM, Cast
from tests.domain.findings.found import DAY, DUE, moved_to


def bad(cast: Cast, grade: str = "minor", days: int = 0) -> Finding:
    new = NewFinding("机房超温", grade, "27.6 ℃", Source("premises", "17", "机房温度"), ("6.3",))
    return raise_watched(Watched(cast.company.pk, "premises:17"), new, by=SYSTEM, at=NOON + days * DAY)


def good(cast: Cast, days: int = 0) -> Finding | None:
    return note_good(Watched(cast.company.pk, "premises:17"), by=SYSTEM, at=NOON + days * DAY)


def acts(finding: Finding) -> list[str]:
    rows = Record.objects.filter(subject_type="finding", subject_id=str(finding.pk)).order_by("id")
    return list(rows.values_list("action", flat=True))


def test_turning_to_and_fro_makes_one(cast: Cast) -> None:
    first = bad(cast)
    assert bad(cast).pk == first.pk
    assert good(cast, 1) is not None
    assert good(cast, 2) is None
    again = bad(cast, days=3)
    assert (again.pk, again.verdict_good_since, Finding.objects.count()) == (first.pk, None, 1)
    assert acts(first) == ["finding.raised", "finding.source_good", "finding.source_bad"]


def test_what_gets_worse_gets_a_graver_grade_and_never_a_lesser_one(cast: Cast) -> None:
    bad(cast)
    assert bad(cast, "major").grade == "major"
    assert bad(cast, "observation").grade == "major"
    assert acts(Finding.objects.get()) == ["finding.raised", "finding.regraded"]


def test_it_closes_when_it_is_verified_and_its_source_is_good_whichever_comes_last(cast: Cast) -> None:
    finding = moved_to(cast, "verified", bad(cast))
    with pytest.raises(Refused, match="“机房温度”还没有恢复符合，不能关闭；恢复后自动关闭。"):
        close_finding(finding.pk, by=cast.viewer("leo"), at=NOON)
    closed = good(cast, 5)
    assert closed is not None
    assert (closed.state, closed.closed_at, closed.closed_by) == ("closed", NOON + 5 * DAY, "test")

    second = moved_to(cast, "done", bad(cast, days=6))
    assert (second.previous, second.number) == (finding, "R-2026-002")
    good(cast, 7)
    ended = verify_finding(second.pk, Verification("看过"), by=cast.viewer("leo"), at=NOON + 8 * DAY)
    assert ended.state == "closed"


def test_good_again_without_a_verified_measure_stays_open(cast: Cast) -> None:
    finding = moved_to(cast, "in_progress", bad(cast))
    good(cast, 1)
    finding.refresh_from_db()
    assert (finding.state, finding.verdict_good_since) == ("in_progress", NOON + DAY)


def test_it_is_not_taken_up_again_beside_another_one(cast: Cast) -> None:
    mia = cast.viewer("mia")
    first = dismiss_finding(bad(cast).pk, "探头坏了", by=mia, at=NOON)
    good(cast, 1)
    second = bad(cast, days=2)
    with pytest.raises(Refused, match=f"已另有未关闭的整改 {second.number}"):
        reopen_finding(first.pk, "查错了", DUE, by=mia, at=NOON + 3 * DAY)
    dismiss_finding(second.pk, "重复", by=mia, at=NOON)
    assert reopen_finding(first.pk, "查错了", DUE, by=mia, at=NOON + 3 * DAY).state == "identified"


def test_each_company_has_its_own(cast: Cast) -> None:
    bad(cast)
    new = NewFinding("机房超温", "minor")
    other = raise_watched(Watched(cast.other.pk, "premises:17"), new, by=SYSTEM, at=NOON)
    assert (other.number, Finding.objects.count()) == ("R-2026-001", 2)


def test_an_older_one_that_was_opened_again_is_the_one_that_turns(cast: Cast) -> None:
    mia = cast.viewer("mia")
    first = dismiss_finding(bad(cast).pk, "探头坏了", by=mia, at=NOON)
    second = bad(cast, days=2)
    dismiss_finding(second.pk, "重复", by=mia, at=NOON + 2 * DAY)
    reopen_finding(first.pk, "查错了", DUE, by=mia, at=NOON + 3 * DAY)
    assert bad(cast, "major", days=4).pk == first.pk
    noted = good(cast, 5)
    assert noted is not None
    assert (noted.pk, noted.verdict_good_since, Finding.objects.count()) == (first.pk, NOON + 5 * DAY, 2)
