"""What people do to documents, and what they may not."""

from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from lianjing.core.outbox.models import Message
from lianjing.core.papers import paper_of
from lianjing.core.refusals import Missing, Refused
from lianjing.core.viewer import Forbidden
from lianjing.domain.documents.actions import Wording, change_draft, discard_draft, draft_edition
from lianjing.domain.documents.deciding import (
    Issue,
    approve_edition,
    call_off_end,
    change_end,
    issue_edition,
    recall_edition,
    return_edition,
    review_edition,
    submit_edition,
    withdraw_document,
)
from lianjing.domain.documents.keeping import (
    NewStatus,
    erase_edition,
    record_review,
    record_status,
    set_owner,
    set_period,
)
from lianjing.domain.documents.models import Document, Edition, EditionText, InForce, Ownership
from lianjing.domain.documents.queries import document_page, edition_file
from lianjing.domain.records.models import Hold, Record
from tests.cast import NOON, SYSTEM, Cast
from tests.domain.documents.written import DAY, PDF, TODAY, document, docx, moved_to, only, owner
from tests.staff import put_on_file


def refused_by(act: Any, *args: Any, **told: Any) -> tuple[str, str]:
    with pytest.raises(Refused) as refused:
        act(*args, **told)
    return refused.value.field, str(refused.value)


def as_(cast: Cast, name: str, at: Any = NOON) -> dict[str, Any]:
    return {"by": cast.viewer(name), "at": at}


def days(one: Document) -> list[tuple[str, str, str, str]]:
    rows = InForce.objects.filter(document=one, retracted_at=None).select_related("edition").order_by("valid_from")
    return [(row.edition.label, str(row.valid_from), str(row.valid_until or ""), row.ended) for row in rows]


def test_an_edition_goes_its_way_and_each_act_is_sealed_and_told(cast: Cast) -> None:
    edition = moved_to(cast, "issued")
    acts = Record.objects.filter(subject_type="document", subject_id=str(edition.document_id)).order_by("id")
    assert list(acts.values_list("action", "actor_name")) == [
        ("document.added", "Leo"),
        ("document.drafted", "Leo"),
        ("document.submitted", "Leo"),
        ("document.reviewed", "Mia"),
        ("document.approved", "Mia"),
        ("document.issued", "Mia"),
    ]
    assert Message.objects.filter(topic="document.changed").count() == 6
    assert edition.approved_hash == edition.submitted_hash != ""
    assert days(edition.document) == [("第1版", "2026-11-22", "", "")]
    assert page(cast, edition.document).review_on == date(2027, 11, 22)


def test_nobody_reviews_or_approves_what_he_has_written_in(cast: Cast) -> None:
    own = "这一版由您起草，不能自己审查或批准，请由他人进行。"
    edition = only(document(cast))
    change_draft(edition.pk, Wording("第1版", "改过"), **as_(cast, "mia"))
    submit_edition(edition.pk, **as_(cast, "leo"))
    for name in ("leo", "mia"):
        assert refused_by(review_edition, edition.pk, "看过", **as_(cast, name)) == ("", own)
    review_edition(edition.pk, "看过", **as_(cast, "ada"))
    assert refused_by(approve_edition, edition.pk, **as_(cast, "mia")) == ("", own)
    assert refused_by(approve_edition, edition.pk, by=SYSTEM, at=NOON) == ("", "审查和批准须由人进行。")
    assert approve_edition(edition.pk, **as_(cast, "ada")).state == "approved"
    with pytest.raises(IntegrityError), transaction.atomic():
        Edition.objects.filter(pk=edition.pk).update(approver=cast.users["leo"])


def test_what_is_approved_is_exactly_what_was_submitted(cast: Cast, settings: Any, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = str(tmp_path)
    edition = moved_to(cast, "reviewed", document(cast, paper=paper_of(PDF, "a.pdf")))
    other = "内容与送审时的校验值不符，不能继续；请退回，核对后重新送审。"
    path = Path(tmp_path / edition.file.name)
    path.write_bytes(PDF + b"x")
    assert refused_by(approve_edition, edition.pk, **as_(cast, "mia")) == ("", other)
    path.write_bytes(PDF)
    Edition.objects.filter(pk=edition.pk).update(text="另一份")
    assert refused_by(approve_edition, edition.pk, **as_(cast, "mia")) == ("", other)
    assert [one.intact for one in page(cast, edition.document).editions] == [False]
    returned = return_edition(edition.pk, "正文被改过", **as_(cast, "mia"))
    assert (returned.state, returned.submitted_hash, returned.reviewer) == ("draft", "", None)


def page(cast: Cast, one: Document, on: date = TODAY, name: str = "mia") -> Any:
    return document_page(cast.viewer(name), one.pk, on)


def test_on_any_day_one_edition_is_in_force(cast: Cast) -> None:
    one = moved_to(cast, "issued", effective_on=date(2026, 11, 1)).document
    second = draft_edition(one.pk, Wording("第2版", "新"), **as_(cast, "leo"))
    moved_to(cast, "approved", one)
    told = refused_by(issue_edition, second.pk, Issue(date(2026, 11, 1)), **as_(cast, "mia"))
    said = "版本“第1版”自 2026-11-01 起施行：新版须从这一天以后施行，否则同一天会有两个现行版本。"
    assert told == ("effective_on", said)
    issue_edition(second.pk, Issue(TODAY + 5 * DAY), **as_(cast, "mia"))
    assert days(one) == [("第1版", "2026-11-01", "2026-11-26", "superseded"), ("第2版", "2026-11-27", "", "")]
    forces = {day: [line.force for line in page(cast, one, day).editions] for day in (TODAY, date(2026, 11, 27))}
    assert forces == {TODAY: ["upcoming", "in_force"], date(2026, 11, 27): ["in_force", "superseded"]}
    row = InForce.objects.get(edition=second, retracted_at=None)
    row.pk, row.valid_from = None, TODAY + 9 * DAY
    with pytest.raises(IntegrityError), transaction.atomic():
        row.save()


def test_what_has_not_begun_is_recalled_and_the_one_before_goes_on(cast: Cast) -> None:
    one = moved_to(cast, "issued", effective_on=date(2026, 11, 1)).document
    first = only(one)
    second = draft_edition(one.pk, Wording("第2版", "新"), **as_(cast, "leo"))
    moved_to(cast, "issued", one, effective_on=TODAY + 5 * DAY)
    late = as_(cast, "mia", NOON + DAY)
    told = refused_by(recall_edition, first.pk, "错", **late)
    assert told == ("", "只有还没有施行的才能撤回；已施行的请废止或另起一版。")
    assert recall_edition(second.pk, "日期定错", **late).state == "approved"
    assert days(one) == [("第1版", "2026-11-01", "", "")]


def test_a_document_is_withdrawn_and_may_come_back_later(cast: Cast) -> None:
    one = moved_to(cast, "issued", effective_on=date(2026, 11, 1)).document
    told = refused_by(withdraw_document, one.pk, date(2026, 10, 31), "不用了", **as_(cast, "mia"))
    assert told == ("last_day", "现行版自 2026-11-01 起施行，最后一天不能更早。")
    withdraw_document(one.pk, TODAY, "不用了", **as_(cast, "mia"))
    assert days(one) == [("第1版", "2026-11-01", "2026-11-22", "withdrawn")]
    again = refused_by(withdraw_document, one.pk, TODAY + DAY, "不用了", **as_(cast, "mia", NOON + DAY))
    assert again == ("", "没有现行版本，不能废止。")
    assert page(cast, one).review_on is None
    draft_edition(one.pk, Wording("第2版", "新"), **as_(cast, "leo"))
    edition = moved_to(cast, "approved", one)
    told = refused_by(issue_edition, edition.pk, Issue(TODAY), **as_(cast, "mia"))
    assert told == ("effective_on", "版本“第1版”到 2026-11-22 为止施行：同一天不能有两个现行版本，请填以后的日期。")
    issue_edition(edition.pk, Issue(TODAY + DAY), **as_(cast, "mia"))
    assert len(days(one)) == 2


@pytest.mark.parametrize(
    ("told", "field", "sentence"),
    [
        ({"number": " "}, "number", "请填写。"),
        ({"title": "长" * 201}, "title", "最多 200 个字，现有 201 个。"),
        ({"kind": "x"}, "kind", "没有这个选项。"),
        ({"owner_no": "X"}, "owner", "本单位没有工号 X 的人员。"),
        ({"cycle_months": 0}, "cycle_months", "请填 1 到 60 个月。"),
        ({"label": ""}, "label", "请填写。"),
        ({"text": "a\0"}, "text", "含有不能保存的字符。"),
        ({"kept_months": 0}, "kept_months", "请填 1 到 1200 个月。"),
    ],
)
def test_a_document_that_cannot_be_is_refused_and_nothing_is_saved(
    cast: Cast, told: dict[str, Any], field: str, sentence: str
) -> None:
    owner(cast)
    assert refused_by(document, cast, **told) == (field, sentence)
    assert (Document.objects.count(), Edition.objects.count(), Ownership.objects.count()) == (0, 0, 0)


def test_numbers_and_labels_are_there_once(cast: Cast) -> None:
    one = moved_to(cast, "issued").document
    for number in ("GL-01", "gl-01", "ＧＬ－０１", "Gl—01"):
        assert refused_by(document, cast, number) == ("number", f"编号 {number} 已经登记过。")
    told = refused_by(draft_edition, one.pk, Wording("第1版"), **as_(cast, "leo"))
    assert told == ("label", "已有版本“第1版”，请换一个版本号。")
    second = draft_edition(one.pk, Wording("第2版"), **as_(cast, "leo"))
    told = refused_by(draft_edition, one.pk, Wording("第3版"), **as_(cast, "leo"))
    assert told == ("", "版本“第2版”还没有发布，请先办完或作废。")
    discard_draft(second.pk, "不改了", **as_(cast, "leo"))
    assert draft_edition(one.pk, Wording("第2版"), **as_(cast, "leo")).state == "draft"


@pytest.mark.parametrize(
    ("told", "sentence"),
    [
        ({"text": ""}, "没有正文，也没有附件，不能送审。"),
        ({"kind": "record", "kept_months": 24}, "记录须写明存放处，请先修改草稿。"),
        ({"kind": "record", "kept_where": "档案室"}, "记录须写明保存多少个月，请先修改草稿。"),
    ],
)
def test_too_little_is_not_submitted(cast: Cast, told: dict[str, Any], sentence: str) -> None:
    assert refused_by(submit_edition, only(document(cast, **told)).pk, **as_(cast, "leo")) == ("", sentence)


def test_a_file_is_not_left_behind_when_nothing_was_saved(cast: Cast, settings: Any, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = str(tmp_path)
    paper = paper_of(docx(), "a.docx")
    document(cast, paper=paper)
    told = refused_by(draft_edition, Document.objects.get().pk, Wording("第2版"), paper, **as_(cast, "leo"))
    assert told[1].startswith("版本“第1版”还没有发布")
    moved_to(cast, "issued", Document.objects.get())
    refused_by(draft_edition, Document.objects.get().pk, Wording("第1版"), paper, **as_(cast, "leo"))
    assert len(list(tmp_path.rglob("*.docx"))) == 1
    edition = only(Document.objects.get())
    kept = edition_file(cast.viewer("mia"), edition)
    assert kept is not None
    assert (kept.ending, kept.unaltered, kept.content) == ("docx", True, paper.content)
    assert edition_file(cast.viewer("olivia"), edition) is None


def test_who_may_what(cast: Cast) -> None:
    edition = moved_to(cast, "reviewed")
    with pytest.raises(Forbidden):
        approve_edition(edition.pk, **as_(cast, "leo"))
    for name in ("sam", "olivia", "polly"):
        with pytest.raises(Missing):
            approve_edition(edition.pk, **as_(cast, name))
        assert document_page(cast.viewer(name), edition.document_id, TODAY) is None


def test_an_owner_follows_another_from_a_day_on(cast: Cast) -> None:
    one = document(cast)
    put_on_file(cast, "002", "王芳")
    set_owner(one.pk, "002", None, TODAY, **as_(cast, "mia"))
    rows = Ownership.objects.filter(document=one, retracted_at=None).order_by("-valid_until")
    told = [(row.member.staff_no, str(row.valid_from or ""), str(row.valid_until or "")) for row in rows]
    assert sorted(told) == [("001", "", "2026-11-21"), ("002", "2026-11-22", "")]
    again = refused_by(set_owner, one.pk, "001", None, TODAY, **as_(cast, "mia"))
    assert again == ("since", "现责任人自 2026-11-22 起负责，请填以后的日期。")


def test_who_is_to_answer_for_a_document_later_does_not_yet(cast: Cast) -> None:
    one = document(cast)
    put_on_file(cast, "002", "王芳")
    told = refused_by(set_owner, one.pk, "002", None, TODAY + DAY, **as_(cast, "mia"))
    assert told == ("since", "2026-11-23 还没有到。")
    one.refresh_from_db()
    assert one.owner.staff_no == "001"


def test_a_review_puts_the_next_one_off(cast: Cast) -> None:
    one = moved_to(cast, "issued", effective_on=date(2025, 11, 1)).document
    assert page(cast, one).review_on == date(2026, 11, 1)
    ahead = refused_by(record_review, one.pk, TODAY + DAY, None, "仍适用", **as_(cast, "leo"))
    assert ahead == ("reviewed_on", "2026-11-23 还没有到。")
    before = refused_by(record_review, one.pk, date(2025, 10, 1), None, "仍适用", **as_(cast, "leo"))
    assert before == ("reviewed_on", "现行版自 2025-11-01 起施行，复审不能更早。")
    record_review(one.pk, TODAY, None, "仍适用", **as_(cast, "leo"))
    assert page(cast, one).review_on == date(2027, 11, 22)


def test_the_next_review_is_at_most_a_cycle_away(cast: Cast) -> None:
    one = moved_to(cast, "approved", document(cast, cycle_months=6)).document
    late = date(2027, 5, 23)
    said = "复审周期 6 个月，从 2026-11-22 起最迟 2027-05-22。"
    assert refused_by(issue_edition, only(one).pk, Issue(TODAY, late), **as_(cast, "mia")) == ("review_by", said)
    issue_edition(only(one).pk, Issue(TODAY), **as_(cast, "mia"))
    told = refused_by(record_review, one.pk, TODAY, late, "仍适用", **as_(cast, "leo"))
    assert told == ("next_on", said)
    record_review(one.pk, TODAY, late - DAY, "仍适用", **as_(cast, "leo"))
    assert page(cast, one).review_on == late - DAY


def test_an_edition_that_is_to_come_keeps_nobody_from_reviewing_today_s(cast: Cast) -> None:
    one = moved_to(cast, "issued", effective_on=date(2025, 11, 1)).document
    begins = TODAY + 30 * DAY
    draft_edition(one.pk, Wording("第2版", "新"), **as_(cast, "leo"))
    moved_to(cast, "issued", one, effective_on=begins)
    assert page(cast, one).review_on == date(2026, 11, 1)
    record_review(one.pk, TODAY, TODAY + 90 * DAY, "到新版为止仍适用", **as_(cast, "leo"))
    dues = [page(cast, one, day).review_on for day in (TODAY, begins - 2 * DAY, begins - DAY, begins)]
    assert dues == [TODAY + 90 * DAY, TODAY + 90 * DAY, None, date(2027, 12, 22)]


def test_a_document_is_withdrawn_within_a_year_and_until_then_the_day_can_be_changed(cast: Cast) -> None:
    one = moved_to(cast, "issued", effective_on=date(2026, 11, 1)).document
    mia = as_(cast, "mia")
    far = refused_by(withdraw_document, one.pk, date(2027, 11, 23), "不用了", **mia)
    assert far == ("last_day", "最后一天不能晚于 2027-11-22（一年之内）；更晚的到时再废止。")
    assert refused_by(change_end, one.pk, TODAY, "改", **mia) == ("", "没有定下的废止日期，或那一天已经过去。")
    withdraw_document(one.pk, date(2027, 11, 22), "不用了", **mia)
    again = refused_by(withdraw_document, one.pk, TODAY, "不用了", **mia)
    assert again == ("", "已经定了废止的日期，请改日期或取消废止。")
    assert refused_by(change_end, one.pk, date(2027, 11, 22), "改", **mia) == ("last_day", "原来就定在 2027-11-22。")
    assert refused_by(change_end, one.pk, date(2027, 11, 23), "改", **mia)[0] == "last_day"
    assert refused_by(change_end, one.pk, date(2026, 10, 1), "改", **mia)[0] == "last_day"
    change_end(one.pk, TODAY + 5 * DAY, "提前", **mia)
    assert days(one) == [("第1版", "2026-11-01", "2026-11-27", "withdrawn")]
    call_off_end(one.pk, "还要用", **as_(cast, "mia", NOON + 5 * DAY))
    assert days(one) == [("第1版", "2026-11-01", "", "")]
    withdraw_document(one.pk, TODAY + 5 * DAY, "不用了", **mia)
    over = as_(cast, "mia", NOON + 6 * DAY)
    for act, told in ((change_end, (TODAY + 9 * DAY, "改")), (call_off_end, ("还要用",))):
        assert refused_by(act, one.pk, *told, **over) == ("", "没有定下的废止日期，或那一天已经过去。")
    with pytest.raises(Forbidden):
        call_off_end(one.pk, "还要用", **as_(cast, "leo"))
    with pytest.raises(Missing):
        change_end(one.pk, TODAY, "改", **as_(cast, "sam"))
    acts = Record.objects.filter(subject_type="document", subject_id=str(one.pk)).order_by("id")
    assert [(row.action, row.before, row.after) for row in acts if "end_" in row.action] == [
        ("document.end_changed", {"until": "2027-11-22"}, {"until": "2026-11-27", "reason": "提前"}),
        ("document.end_called_off", {"until": "2026-11-27"}, {"reason": "还要用"}),
    ]


def test_an_end_before_an_edition_that_follows_stays_before_it(cast: Cast) -> None:
    one = moved_to(cast, "issued", effective_on=date(2026, 11, 1)).document
    mia = as_(cast, "mia")
    withdraw_document(one.pk, TODAY + 5 * DAY, "不用了", **mia)
    draft_edition(one.pk, Wording("第2版", "新"), **as_(cast, "leo"))
    moved_to(cast, "issued", one, effective_on=TODAY + 9 * DAY)
    told = refused_by(change_end, one.pk, TODAY + 9 * DAY, "改", **mia)
    assert told == ("last_day", "版本“第2版”自 2026-12-01 起施行，最后一天须在此之前。")
    call_off_end(one.pk, "不留空档", **mia)
    assert days(one) == [("第1版", "2026-11-01", "2026-11-30", "superseded"), ("第2版", "2026-12-01", "", "")]
    told = refused_by(withdraw_document, one.pk, TODAY, "不用了", **mia)
    said = "版本“第2版”自 2026-12-01 起施行，最后一天不能更早；不让它施行的请先撤回发布。"
    assert told == ("last_day", said)


def test_what_is_to_end_is_reviewed_until_its_last_day(cast: Cast) -> None:
    one = moved_to(cast, "issued", effective_on=date(2025, 11, 1)).document
    withdraw_document(one.pk, TODAY + 5 * DAY, "不用了", **as_(cast, "mia"))
    dues = [page(cast, one, TODAY + days * DAY).review_on for days in (0, 4, 5, 6)]
    assert dues == [date(2026, 11, 1), date(2026, 11, 1), None, None]
    record_review(one.pk, TODAY, None, "到废止为止仍适用", **as_(cast, "leo"))
    assert page(cast, one).review_on == date(2027, 11, 22)


def test_what_became_of_a_standard_is_kept_with_where_it_was_read(cast: Cast) -> None:
    one = document(cast, "GB/T 20988-2007", "灾难恢复规范", kind="external")
    status = NewStatus("superseded", date(2026, 1, 1), "国家标准平台", "", "OK")
    assert refused_by(record_status, one.pk, status, **as_(cast, "leo")) == ("successor", "请填写。")
    status = NewStatus("superseded", date(2026, 1, 1), "国家标准平台", "GB/T 20988-2025", "OK")
    assert record_status(one.pk, status, **as_(cast, "leo")).replaced_on == date(2026, 1, 1)
    own = document(cast, "GL-02")
    assert refused_by(record_status, own.pk, status, **as_(cast, "leo")) == ("", "只有外来文件登记现行状态。")


def test_an_edition_is_erased_when_its_time_is_over_and_not_before(cast: Cast, settings: Any, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = str(tmp_path)
    begun = date(2020, 1, 1)
    edition = moved_to(cast, "issued", document(cast, paper=paper_of(PDF, "a.pdf")), effective_on=begun)
    mia = as_(cast, "mia")
    standing = refused_by(erase_edition, edition.pk, "期满", **mia)
    assert standing == ("", "只有已被取代或已废止的版本才能销毁。")
    withdraw_document(edition.document_id, date(2024, 11, 21), "不用了", **mia)
    assert refused_by(erase_edition, edition.pk, "期满", **mia) == ("", "保存到 2027-11-21 为止，期满之前不能销毁。")
    set_period(cast.company.pk, "management", 24, "单位规定", **mia)
    hold = Hold.objects.create(company_id=cast.company.pk, reason="案件", placed_at=NOON, placed_by="x")
    assert refused_by(erase_edition, edition.pk, "期满", **mia) == ("", "有保全令，暂不能销毁。")
    hold.delete()
    erased = erase_edition(edition.pk, "期满", **mia)
    assert (erased.text, EditionText.objects.count(), erased.approved_hash != "") == ("", 0, True)
    assert Record.objects.filter(action="document.erased").count() == 1
    assert page(cast, edition.document).editions[0].intact


def test_a_draft_waits_until_it_is_sent_back_or_decided(cast: Cast) -> None:
    edition = moved_to(cast, "in_review")
    told = refused_by(change_draft, edition.pk, Wording("第1版"), **as_(cast, "leo"))
    assert told == ("", "只有草稿能修改；已送审的请先退回，已发布的请另起一版。")
    assert refused_by(approve_edition, edition.pk, **as_(cast, "mia")) == ("", "经他人审查之后才能批准。")
    assert refused_by(issue_edition, edition.pk, Issue(TODAY), **as_(cast, "mia")) == ("", "批准之后才能发布施行。")
    assert refused_by(discard_draft, edition.pk, "错", **as_(cast, "leo")) == ("", "只有草稿能作废。")


def test_a_first_review_is_after_the_first_day(cast: Cast) -> None:
    edition = moved_to(cast, "approved")
    told = refused_by(issue_edition, edition.pk, Issue(TODAY, TODAY), **as_(cast, "mia"))
    assert told == ("review_by", "首次复审须在施行日期 2026-11-22 之后。")
    assert refused_by(issue_edition, edition.pk, Issue(None), **as_(cast, "mia")) == ("effective_on", "请填写。")
    far = refused_by(issue_edition, edition.pk, Issue(date(2101, 1, 1)), **as_(cast, "mia"))
    assert far == ("effective_on", "日期 2101-01-01 不在 1990 年至 2100 年之间。")
