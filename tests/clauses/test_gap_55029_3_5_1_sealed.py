"""GB 55029-2022 3.5.1(7): sealed records are hashed anew."""

from datetime import timedelta
from pathlib import Path

import pytest

from lianjing.core.seals.signing import SealKey
from lianjing.domain.compliance.attested_rule import Attested
from lianjing.domain.compliance.clauses.clause_gap_55029_3_5_1_sealed import ClauseGap55029Sealed, Sample
from lianjing.domain.compliance.partly_seen_rule import PartlySeen
from lianjing.domain.records.actions import seal_records
from lianjing.domain.records.models import Record
from tests.cast import NOON, Cast, alarm
from tests.clauses.test_companies import ON, judged, said, verdicts
from tests.domain.compliance.evidence import accepted, submitted


@pytest.mark.parametrize(
    ("sample", "wanted"),
    [
        (Sample(0, (), None), "insufficient"),
        (Sample(1, (), 1), "mostly"),
        (Sample(200, (), 9), "mostly"),
        (Sample(200, (4,), 9), "not_met"),
    ],
)
def test_one_altered_record_of_a_sample_decides_and_a_sample_never_proves_the_whole(
    sample: Sample, wanted: str
) -> None:
    found = ClauseGap55029Sealed().judge(PartlySeen(sample, Attested(ON, ())))
    assert (found.verdict.value, [one.id for one in found.evidence]) == (wanted, list(sample.altered))


def test_the_whole_is_shown_by_accepted_evidence_and_what_is_altered_is_not_outweighed(
    cast: Cast, tmp_path: Path
) -> None:
    number = "GB55029-3.5.1(7)"
    alarm()
    seal_records(SealKey.load_or_make(tmp_path / "key"), [], at=NOON)
    submitted(cast, clauses=(number,), title="校验结果")
    found = judged(cast)[number]
    assert (found.verdict.value, "证据待审核 1 份，接受后才算数。" in said(found)) == ("mostly", True)
    accepted(cast, clauses=(number,), title="全链校验结果", text="whole")
    assert verdicts(cast)[number] == "met"
    Record.objects.filter(company_id=cast.company.pk).update(actor_name="somebody else")
    assert verdicts(cast)[number] == "not_met"


def test_what_was_sealed_later_proves_nothing_of_an_earlier_moment(cast: Cast, tmp_path: Path) -> None:
    alarm()
    sealed = NOON + timedelta(hours=1)
    seal_records(SealKey.load_or_make(tmp_path / "key"), [], at=sealed)
    known = (sealed - timedelta(seconds=1), sealed)
    assert [verdicts(cast, known=at)["GB55029-3.5.1(7)"] for at in known] == ["insufficient", "mostly"]


def test_a_sealed_record_that_was_altered_is_found(cast: Cast, tmp_path: Path) -> None:
    alarm()
    assert verdicts(cast)["GB55029-3.5.1(7)"] == "insufficient"
    seal_records(SealKey.load_or_make(tmp_path / "key"), [], at=NOON)
    assert verdicts(cast)["GB55029-3.5.1(7)"] == "mostly"
    altered = Record.objects.filter(company_id=cast.company.pk).order_by("pk").first()
    Record.objects.filter(pk=altered.pk).update(actor_name="somebody else")  # type: ignore[union-attr]
    found = judged(cast)["GB55029-3.5.1(7)"]
    assert (found.verdict.value, [one.id for one in found.evidence]) == ("not_met", [altered.pk])  # type: ignore[union-attr]
