"""Evidence: submitted, looked at by another person, replaced, withdrawn; what is refused, and what is kept of it."""

from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from lianjing.core.outbox.models import Message
from lianjing.core.refusals import Missing, Refused
from lianjing.core.scans import Scan
from lianjing.core.viewer import Forbidden
from lianjing.domain.compliance.evidence_hash import hash_of
from lianjing.domain.compliance.evidence_policy import state_on
from lianjing.domain.compliance.evidencing import (
    accept_evidence,
    reject_evidence,
    replace_evidence,
    submit_evidence,
    withdraw_evidence,
)
from lianjing.domain.compliance.models import Evidence
from lianjing.domain.records.models import Record
from tests.cast import NOON, Cast, Role, make_user
from tests.domain.compliance.evidence import BEGINS, ENDS, accepted, new, pdf, submitted

PNG_HEAD = Scan(b"\x89PNG", "png")


def refusal(act: Any, *args: Any, **named: Any) -> tuple[str, str]:
    with pytest.raises(Refused) as refused:
        act(*args, **named)
    return refused.value.field, str(refused.value)


@pytest.mark.parametrize(
    ("change", "field", "said"),
    [
        ({"title": "  "}, "title", "请填写。"),
        ({"title": "长" * 101}, "title", "最多 100 个字，现有 101 个。"),
        ({"note": "a\0b"}, "note", "含有不能保存的字符。"),
        ({"shows": "insufficient"}, "shows", "请选择一项。"),
        ({"clauses": ()}, "clauses", "请选择证据所支持的条款。"),
        ({"clauses": ("8.3.1", "9.9")}, "clauses", "没有需要判定的条款“9.9”。"),
        ({"clauses": ("8.3",)}, "clauses", "没有需要判定的条款“8.3”。"),
        ({"valid_from": None}, "valid_from", "请填写生效日期。"),
        ({"valid_from": date(26, 1, 1)}, "valid_from", "日期 0026-01-01 不在 1990 年至 2100 年之间。"),
        ({"valid_until": date(2025, 12, 31)}, "valid_until", "失效日期 2025-12-31 早于生效日期 2026-01-01。"),
        ({"file_name": "考核.png"}, "scan", "文件名“考核.png”与内容不符：内容是 PDF。"),
        ({"file_name": "考核"}, "scan", "文件名“考核”与内容不符：内容是 PDF。"),
    ],
)
def test_what_cannot_be_is_refused_and_nothing_is_kept(
    cast: Cast, change: dict[str, Any], field: str, said: str
) -> None:
    assert refusal(submitted, cast, **change) == (field, said)
    assert (Evidence.objects.count(), Record.objects.count(), Message.objects.count()) == (0, 0, 0)


def test_a_picture_may_be_called_by_either_ending_and_no_other(cast: Cast) -> None:
    leo = {"by": cast.viewer("leo"), "at": NOON}
    assert (
        submit_evidence(cast.company.pk, new(file_name="照片.JPEG"), Scan(b"x", "jpg"), **leo).file_name == "照片.JPEG"
    )
    said = refusal(submit_evidence, cast.company.pk, new(file_name="a.pdf"), PNG_HEAD, **leo)
    assert said == ("scan", "文件名“a.pdf”与内容不符：内容是 PNG。")
    assert refusal(submit_evidence, cast.company.pk, new(), None, **leo) == ("scan", "请选择文件。")


def test_it_is_written_down_with_its_hash_and_told(cast: Cast) -> None:
    row = accepted(cast, clauses=("8.3.2", "8.3.1"))
    assert row.content_hash == hash_of(row)
    records = Record.objects.filter(subject_type="evidence").order_by("pk")
    assert [(one.action, one.actor_name) for one in records] == [
        ("evidence.submitted", "Leo"),
        ("evidence.accepted", "Mia"),
    ]
    assert records[0].after["clauses"] == ["8.3.1", "8.3.2"]
    assert {one.after["file_sha256"] for one in records} == {row.file_sha256}
    news = Message.objects.filter(topic="evidence.changed")
    assert [(one.company_id, one.payload) for one in news] == [(cast.company.pk, {"evidence": row.pk})] * 2


def test_the_hash_says_when_anything_else_stands_there(cast: Cast) -> None:
    row = accepted(cast)
    for shows in ("mostly", "not_met"):
        row.shows = shows
        assert hash_of(row) != row.content_hash


def test_nobody_reviews_his_own_and_only_a_manager_reviews(cast: Cast) -> None:
    own = submitted(cast, "mia")
    told = "提交人不能审核自己的证据，请另一人审核。"
    assert refusal(accept_evidence, own.pk, by=cast.viewer("mia"), at=NOON) == ("", told)
    assert refusal(reject_evidence, own.pk, "不清楚", by=cast.viewer("mia"), at=NOON) == ("", told)
    for name in ("leo", "polly"):
        with pytest.raises(Forbidden):
            accept_evidence(own.pk, by=cast.viewer(name), at=NOON)
    for name in ("sam", "olivia"):
        with pytest.raises(Missing):
            accept_evidence(own.pk, by=cast.viewer(name), at=NOON)


def test_it_is_decided_once(cast: Cast) -> None:
    row = submitted(cast)
    assert refusal(reject_evidence, row.pk, " ", by=cast.viewer("mia"), at=NOON) == ("reason", "请写明原因。")
    reject_evidence(row.pk, "没有签字", by=cast.viewer("mia"), at=NOON)
    said = refusal(accept_evidence, row.pk, by=cast.viewer("ada"), at=NOON)
    assert said == ("", "这份证据已由Mia审核过。")


def test_a_file_that_is_not_the_one_submitted_is_not_accepted(cast: Cast) -> None:
    row = submitted(cast)
    with Path(row.file.path).open("ab") as file:
        file.write(b"more")
    said = ("", "文件或内容与提交时的校验值不符，不能接受。")
    assert refusal(accept_evidence, row.pk, by=cast.viewer("mia"), at=NOON) == said
    row = submitted(cast, text="other")
    Evidence.objects.filter(pk=row.pk).update(valid_until=None)
    assert refusal(accept_evidence, row.pk, by=cast.viewer("mia"), at=NOON) == said


def test_its_author_replaces_it_until_it_is_accepted(cast: Cast) -> None:
    first = submitted(cast)
    reject_evidence(first.pk, "没有签字", by=cast.viewer("mia"), at=NOON)
    told = "只有提交人能修改自己的证据。"
    assert refusal(replace_evidence, first.pk, new(), by=cast.viewer("mia"), at=NOON) == ("", told)
    second = replace_evidence(first.pk, new(title="签了字的"), by=cast.viewer("leo"), at=NOON)
    first.refresh_from_db()
    assert (first.retracted_by, second.replaces_id, second.file_sha256) == ("Leo", first.pk, first.file_sha256)
    accept_evidence(second.pk, by=cast.viewer("mia"), at=NOON)
    said = refusal(replace_evidence, second.pk, new(), by=cast.viewer("leo"), at=NOON)
    assert said == ("", "已接受的证据不能修改；请续期，或由审核人撤回。")


def test_a_refused_change_leaves_the_earlier_one_standing(cast: Cast) -> None:
    row = submitted(cast)
    assert refusal(replace_evidence, row.pk, new(clauses=()), by=cast.viewer("leo"), at=NOON)[0] == "clauses"
    row.refresh_from_db()
    assert (row.retracted_at, Evidence.objects.count()) == (None, 1)


def test_what_was_accepted_is_withdrawn_by_another_than_its_author(cast: Cast) -> None:
    row = accepted(cast)
    said = refusal(withdraw_evidence, row.pk, "错了", by=cast.viewer("leo"), at=NOON)
    assert said == ("reason", "已接受的证据由另一名审核人撤回。")
    withdraw_evidence(row.pk, "证书系伪造", by=cast.viewer("mia"), at=NOON)
    with pytest.raises(Missing):
        withdraw_evidence(row.pk, "再来", by=cast.viewer("mia"), at=NOON)
    other = submitted(cast, "mia", text="b")
    with pytest.raises(Forbidden):
        withdraw_evidence(other.pk, "不是我的", by=cast.viewer("leo"), at=NOON)


def test_the_same_file_for_the_same_clause_is_told_of_first(cast: Cast) -> None:
    row = submitted(cast)
    told = f"同一份文件已为条款 8.3.1 提交过：2026年考核记录（第 {row.pk} 号）。确要再交，请勾选“仍然提交”。"
    assert refusal(submitted, cast) == ("same_file", told)
    assert submitted(cast, clauses=("8.3.2",)).pk
    assert submitted(cast, same_file=True).pk
    other = accepted(cast, text="rejected", clauses=("6.1",))
    withdraw_evidence(other.pk, "错了", by=cast.viewer("mia"), at=NOON)
    assert submitted(cast, text="rejected", clauses=("6.1",)).pk


def test_only_what_was_accepted_is_renewed(cast: Cast) -> None:
    row = submitted(cast)
    leo = {"by": cast.viewer("leo"), "at": NOON}
    later = new(valid_from=ENDS + timedelta(days=1), valid_until=None)
    said = refusal(submit_evidence, cast.company.pk, later, pdf("b"), row.pk, **leo)
    assert said == ("", "只有已接受的证据能续期。")
    accept_evidence(row.pk, by=cast.viewer("mia"), at=NOON)
    assert submit_evidence(cast.company.pk, later, pdf("b"), row.pk, **leo).renews_id == row.pk


def test_a_stranger_and_whoever_may_only_read_submit_nothing(cast: Cast) -> None:
    with pytest.raises(Missing):
        submitted(cast, "sam")
    with pytest.raises(Missing):
        submitted(cast, "olivia")
    with pytest.raises(Forbidden):
        submitted(cast, "polly")


def test_a_second_company_s_leader_reads_nothing_of_the_first(cast: Cast) -> None:
    row = accepted(cast)
    make_user("hans", cast.other, Role.MANAGER)
    with pytest.raises(Missing):
        withdraw_evidence(row.pk, "x", by=cast.viewer("sam"), at=NOON)


@pytest.mark.parametrize(
    ("day", "state"),
    [
        (BEGINS - timedelta(days=1), "upcoming"),
        (BEGINS, "accepted"),
        (ENDS, "accepted"),
        (ENDS + timedelta(days=1), "expired"),
    ],
)
def test_its_first_and_its_last_day_count(day: date, state: str) -> None:
    assert state_on("accepted", BEGINS, ENDS, day).value == state
    assert [state_on(one, BEGINS, ENDS, day).value for one in ("", "rejected")] == ["submitted", "rejected"]


def test_without_an_end_it_counts_for_ever() -> None:
    assert state_on("accepted", BEGINS, None, date(9999, 12, 31)).value == "accepted"
