"""A turn that raises no finding stops no other: it is kept, told, and tried again, and what follows it waits."""

from datetime import timedelta

import pytest

from lianjing.core.retrying import wait_after
from lianjing.domain.compliance import clause_findings, turn_following
from lianjing.domain.compliance.clause_findings import Turn
from lianjing.domain.compliance.faults import clause_faults
from lianjing.domain.compliance.models import UntakenTurn
from lianjing.domain.compliance.turn_following import follow_turn, retry_turns
from lianjing.domain.findings.models import Finding, Followed
from lianjing.terms.verdicts import Verdict
from tests.cast import NOON, SYSTEM, Cast

MET, MOSTLY, NOT_MET, INSUFFICIENT, NA = Verdict
MINUTE = timedelta(minutes=1)


class Broken:
    """Clause 5.2 of the company raises nothing while `is_broken`."""

    def __init__(self, cast: Cast) -> None:
        self.is_broken, self._company = True, cast.company.pk

    def __call__(self, turn: Turn, **who: object) -> Finding | None:
        if self.is_broken and (turn.company_id, turn.clause) == (self._company, "5.2"):
            raise KeyError("what it says may be somebody's data")
        return clause_findings.raise_for_clause(turn, **who)  # type: ignore[arg-type]


@pytest.fixture
def broken(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> Broken:
    found = Broken(cast)
    monkeypatch.setattr(turn_following, "raise_for_clause", found)
    return found


def follow(cast: Cast, position: int, clause: str, was: Verdict, now: Verdict) -> None:
    follow_turn(Turn(cast.company.pk, clause, was, now), position, by=SYSTEM, at=NOON)


def waiting() -> list[tuple[int, int, str]]:
    return list(UntakenTurn.objects.order_by("position").values_list("position", "tries", "defect"))


def sources() -> list[str]:
    return [row.source_ref for row in Finding.objects.order_by("pk")]


def test_one_that_fails_is_kept_and_the_others_go_on(
    cast: Cast, broken: Broken, caplog: pytest.LogCaptureFixture
) -> None:
    follow(cast, 5, "5.2", MET, NOT_MET)
    follow(cast, 6, "4.2", MET, NOT_MET)
    follow(cast, 7, "5.2", NOT_MET, MET)
    follow_turn(Turn(cast.other.pk, "5.2", MET, NOT_MET), 8, by=SYSTEM, at=NOON)
    assert (waiting(), sources()) == ([(5, 1, "KeyError"), (7, 0, "")], ["4.2", "5.2"])
    assert Followed.objects.get().position == 8
    told = clause_faults(SYSTEM)
    assert (told.turns, told.named) == (2, (f"5.2 of company {cast.company.pk}: KeyError",))
    assert [one.message for one in caplog.records] == [
        f"message 5: clause 5.2 of company {cast.company.pk}: no finding"
    ]


def test_it_is_tried_again_later_and_later_and_in_its_order(cast: Cast, broken: Broken) -> None:
    follow(cast, 5, "5.2", MET, NOT_MET)
    follow(cast, 7, "5.2", NOT_MET, MET)
    assert retry_turns(by=SYSTEM, at=NOON + 0.9 * MINUTE) == 0
    assert waiting() == [(5, 1, "KeyError"), (7, 0, "")]
    assert retry_turns(by=SYSTEM, at=NOON + MINUTE) == 0
    assert (waiting()[0], UntakenTurn.objects.get(position=5).due_at) == ((5, 2, "KeyError"), NOON + 3 * MINUTE)
    broken.is_broken = False
    assert [retry_turns(by=SYSTEM, at=NOON + 3 * MINUTE) for _ in range(3)] == [1, 1, 0]
    found = Finding.objects.get()
    assert (found.source_ref, found.verdict_good_since, waiting()) == ("5.2", NOON + 3 * MINUTE, [])


def test_nothing_waits_longer_than_an_hour() -> None:
    assert [wait_after(tries) // MINUTE for tries in (1, 2, 3, 6, 7, 50)] == [1, 2, 4, 32, 60, 60]


@pytest.mark.django_db(transaction=True)
def test_a_turn_of_a_company_that_there_is_not_stops_nobody() -> None:
    # What a row points to is looked at when the transaction ends.
    cast = Cast()
    follow_turn(Turn(10**9, "5.2", MET, NOT_MET), 5, by=SYSTEM, at=NOON)
    follow(cast, 6, "4.2", MET, NOT_MET)
    assert sources() == ["4.2"]


def test_a_rule_that_fails_raises_its_finding_and_says_so(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    from lianjing.domain.compliance.registry import rules

    def fails(*_asked: object) -> None:
        raise ValueError

    monkeypatch.setattr(type(rules()["5.2"]), "facts", fails)
    follow(cast, 5, "5.2", MET, NOT_MET)
    assert Finding.objects.get().description.startswith("这一条的计算出错")
