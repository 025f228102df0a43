"""Sealed records: altering or reordering one record or seal is found and named."""

from collections.abc import Callable

import pytest
from django.db import connection, transaction

from lianjing.core.seals.signing import SealKey
from lianjing.domain.records.actions import Deed, seal_records, write_records
from lianjing.domain.records.models import JournalLeaf, Record, Seal
from lianjing.domain.records.queries import verify_head, verify_log
from tests.cast import NOON, SYSTEM, Cast

KEY = SealKey(b"\x07" * 32)


def act(name: str, **after: object) -> None:
    write_records([Deed(name, "incident", 1, None, after=after)], by=SYSTEM, at=NOON)


@pytest.fixture
def log(db: None) -> list[Seal]:
    """Three seals: of two records and a journal commit, of three records, of one."""
    act("one", text="早"), act("two")
    first = seal_records(KEY, [(1, b"\x01" * 32)], at=NOON)
    act("three"), act("four"), act("five")
    second = seal_records(KEY, [], at=NOON)
    act("six")
    third = seal_records(KEY, [(2, b"\x02" * 32)], at=NOON)
    return [seal for seal in (first, second, third) if seal]


def faults() -> set[str]:
    return {fault.where for fault in verify_log(SYSTEM)}


def record(name: str) -> Record:
    return Record.objects.get(action=name)


def test_an_untouched_log_holds(log: list[Seal]) -> None:
    assert faults() == set()
    assert [s.leaf_count for s in log] == [3, 3, 2]


COLUMNS: dict[str, object] = {
    "at": NOON.replace(year=2025),
    "actor_id": 7,
    "actor_name": "somebody else",
    "company_id": 9,
    "action": "other",
    "subject_type": "site",
    "subject_id": "2",
    "before": {"state": "x"},
    "after": {"text": "晚"},
    "source": "elsewhere",
    "salt": "00" * 32,
}


@pytest.mark.parametrize("column", COLUMNS)
def test_altering_any_column_of_a_record_is_found_and_named(log: list[Seal], column: str) -> None:
    pk = record("one").pk
    Record.objects.filter(pk=pk).update(**{column: COLUMNS[column]})
    assert f"record {pk}" in faults()


def test_a_record_altered_together_with_its_leaf_hash_breaks_its_seal(log: list[Seal]) -> None:
    altered = record("four")
    Record.objects.filter(pk=altered.pk).update(leaf_hash="ab" * 32)
    assert faults() == {f"record {altered.pk}", "seal 2"}


def _swap_places() -> set[str]:
    a, b = record("three"), record("five")
    Record.objects.filter(pk=a.pk).update(leaf_index=99)
    Record.objects.filter(pk=b.pk).update(leaf_index=a.leaf_index)
    Record.objects.filter(pk=a.pk).update(leaf_index=b.leaf_index)
    return {"seal 2"}


def _move_to_other_seal() -> set[str]:
    Record.objects.filter(pk=record("six").pk).update(seal_id=2, leaf_index=3)
    return {"seal 2", "seal 3"}


def _remove_record() -> set[str]:
    record("two").delete()
    return {"seal 1"}


def _remove_journal_leaf() -> set[str]:
    JournalLeaf.objects.filter(batch_id=1).delete()
    return {"seal 1"}


def _alter_seal() -> set[str]:
    Seal.objects.filter(pk=2).update(sealed_at=NOON.replace(year=2024))
    return {"seal 2"}


def _replace_signature() -> set[str]:
    Seal.objects.filter(pk=2).update(signature="00" * 64)
    return {"seal 2"}


def _cut_out_a_seal() -> set[str]:
    with connection.cursor() as cursor:
        cursor.execute("UPDATE records_record SET seal_id = NULL, leaf_index = NULL WHERE seal_id = 2")
        cursor.execute("DELETE FROM records_seal WHERE number = 2")
    return {"seal 3"}


@pytest.mark.parametrize(
    "tamper",
    [
        _swap_places,
        _move_to_other_seal,
        _remove_record,
        _remove_journal_leaf,
        _alter_seal,
        _replace_signature,
        _cut_out_a_seal,
    ],
)
def test_reordering_removing_or_replacing_is_found_and_the_seal_named(
    log: list[Seal], tamper: Callable[[], set[str]]
) -> None:
    named = tamper()
    assert named <= faults()


def test_only_a_head_kept_elsewhere_shows_a_cut_tail(log: list[Seal]) -> None:
    kept = (3, log[2].hash)
    assert list(verify_head(SYSTEM, *kept)) == []
    Record.objects.filter(seal_id=3).delete()
    JournalLeaf.objects.filter(seal_id=3).delete()
    Seal.objects.filter(pk=3).delete()
    assert faults() == set()
    assert [f.where for f in verify_head(SYSTEM, *kept)] == ["seal 3"]


def test_there_is_nothing_to_seal_twice(log: list[Seal]) -> None:
    assert seal_records(KEY, [(1, b"\x01" * 32), (2, b"\x02" * 32)], at=NOON) is None


def test_a_record_outside_a_transaction_is_refused(transactional_db: None) -> None:
    with pytest.raises(transaction.TransactionManagementError):
        act("loose")


def test_who_may_not_verify_cannot(cast: Cast) -> None:
    from lianjing.core.viewer import Forbidden

    with pytest.raises(Forbidden):
        list(verify_log(cast.viewer("gus")))
