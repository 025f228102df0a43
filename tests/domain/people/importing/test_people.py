"""What importing people makes of a company."""

import json
from datetime import date, timedelta
from typing import Any

import pytest

from lianjing.core.outbox.models import Message
from lianjing.core.viewer import Forbidden
from lianjing.core.workbooks.report import as_json
from lianjing.domain.people.importing.actions import examine_people, import_people
from lianjing.domain.people.models import GateSetting, StaffFact, StaffMember
from lianjing.domain.people.staff import reveal_identity
from lianjing.domain.people.staff_facts import eligible_members, facts_of, post_kind_on
from lianjing.domain.records.models import Record
from lianjing.terms.staffing import PostKind
from lianjing.terms.staffing import StaffFactKind as Kind
from tests.cast import NOON, Cast
from tests.domain.people.importing.sheets import HEAD, look, people, person, sheet, tables, take
from tests.domain.people.test_staff import number_for
from tests.domain.sites.importing.books import counted, sentences

pytestmark = pytest.mark.django_db

TODAY = date(2026, 11, 22)
LATER = NOON + timedelta(days=1)


def facts(kind: Kind, staff_no: str = "001") -> list[tuple[str, str, date | None, date | None]]:
    """What stands of a person."""
    rows = StaffFact.objects.filter(member__staff_no=staff_no, kind=kind.value, retracted_at=None).order_by("pk")
    return [(row.value, row.number, row.valid_from, row.valid_until) for row in rows]


# All of it


def test_the_columns_of_the_issue_all_well_make_a_person_eligible(cast: Cast) -> None:
    outcome = take(cast.company, people(person(1)), cast.viewer("mia"))
    assert (sentences(outcome), counted(outcome), outcome.applied) == ([], (1, 0, 0), True)
    member = StaffMember.objects.get()
    answer = eligible_members(cast.viewer("mia"), [member], TODAY)[member.pk]
    assert (answer.eligible, answer.against) == (True, ())
    assert (member.name, member.initials, member.sex, member.identity_tail) == (
        "陈思1",
        "cs1",
        "male",
        number_for(date(1990, 1, 2))[-4:],
    )
    assert GateSetting.objects.get().since == NOON


def test_each_column_becomes_a_dated_fact(cast: Cast) -> None:
    take(cast.company, people(person(1)))
    hired = date(2024, 3, 1)
    assert {kind.value: facts(kind) for kind in Kind if facts(kind)} == {
        "employment": [("", "", hired, None)],
        "post_kind": [("watch", "", hired, None)],
        "identity": [("1990-01-02", "", None, None)],
        "nationality": [("CHN", "", None, None)],
        "education": [("senior_middle", "", None, None)],
        "health": [("passed", "", None, date(2027, 5, 31))],
        "police_exam": [("passed", "", date(2024, 2, 1), None)],
        "guard_certificate": [("", "33-1", date(2024, 2, 20), date(2030, 2, 19))],
        "training": [("", "", hired, None)],
    }
    training = StaffFact.objects.get(kind="training")
    assert training.details == {"hours": 40.0, "subjects": ["law", "guard", "skill"]}


def test_only_number_and_name_make_somebody_who_is_employed_since_ever(cast: Cast) -> None:
    assert sentences(take(cast.company, sheet(staff_no="001", name="陈思远"))) == []
    assert StaffFact.objects.count() == 1
    assert facts(Kind.EMPLOYMENT) == [("", "", None, None)]


def test_chinese_headers_and_words_mean_the_same_as_english_ones(cast: Cast) -> None:
    told = {
        "工号": "001",
        "姓名": "陈思远",
        "学历": "本科",
        "岗位类别 post_kind": "现场处置巡逻",
        "入职日期": "2024年3月1日",
    }
    assert sentences(take(cast.company, sheet(**told))) == []
    assert facts(Kind.EDUCATION) == [("bachelor", "", None, None)]
    assert facts(Kind.POST_KIND) == [("patrol", "", date(2024, 3, 1), None)]
    assert facts(Kind.EMPLOYMENT) == [("", "", date(2024, 3, 1), None)]


@pytest.mark.parametrize(
    ("column", "typed", "meant"),
    [
        ("education", "高中", "senior_middle"),
        ("education", "中专", "senior_middle"),
        ("education", "研究生", "master"),
        ("post_kind", "巡逻", "patrol"),
        ("post_kind", "值守", "watch"),
    ],
)
def test_words_as_people_write_them_mean_what_they_say(cast: Cast, column: str, typed: str, meant: str) -> None:
    assert sentences(take(cast.company, people(person(1, **{column: typed})))) == []
    assert [value for value, *_ in facts(Kind(column))] == [meant]


@pytest.mark.parametrize("typed", ["长期", "长期有效", "永久"])
def test_an_end_that_is_written_as_long_lasting_is_open(cast: Cast, typed: str) -> None:
    assert sentences(take(cast.company, people(person(1, certificate_until=typed)))) == []
    assert facts(Kind.GUARD_CERTIFICATE) == [("", "33-1", date(2024, 2, 20), None)]
    said = sentences(look(cast.company, people(person(2, certificate_from=typed))))
    assert len(said) == 1, "a beginning is a day"


def test_a_day_as_a_bare_number_is_told_with_the_day_that_it_may_be(cast: Cast) -> None:
    said = sentences(look(cast.company, people(person(1, hired_on=45658))))
    assert len(said) == 1
    assert "“45658”像是没有设为日期格式的日期（2025-01-01）" in str(said[0])


def test_the_rest_of_the_columns(cast: Cast) -> None:
    file = sheet(
        staff_no="001",
        name="陈思远",
        nationality="中国",
        phone="13800138000",
        username="olivia",
        health_result="不合格",
        health_from="2026-01-01",
        background_reviewed_on="2026-01-02",
        review_passed_on="2026-01-03",
        biometrics_on="2026-01-04",
        qualification_no="Z-1",
        qualification_level="四级",
        contract_from="2026-01-05",
        contract_until="2027-01-04",
        insurance="意外伤害险",
        insurance_until="2026-12-31",
        training_hours="24 学时",
        training_on="2026-02-01",
        training_subjects="法律、保安技能",
        appraisal="合格",
        appraised_on="2026-06-30",
        notes="夜班",
    )
    assert sentences(take(cast.company, file)) == []
    member = StaffMember.objects.get()
    assert (member.phone, member.user, member.notes) == ("13800138000", cast.users["olivia"], "夜班")
    assert facts(Kind.HEALTH) == [("failed", "", date(2026, 1, 1), None)]
    assert facts(Kind.LABOUR_CONTRACT) == [("", "", date(2026, 1, 5), date(2027, 1, 4))]
    assert facts(Kind.INSURANCE) == [("意外伤害险", "", None, date(2026, 12, 31))]
    assert StaffFact.objects.get(kind="training").details == {"hours": 24.0, "subjects": ["law", "skill"]}
    assert StaffFact.objects.get(kind="qualification").details == {"level": "四级"}
    assert facts(Kind.APPRAISAL) == [("passed", "", date(2026, 6, 30), None)]


# Again


def test_the_first_import_says_whom_the_duty_gate_will_keep_out(cast: Cast) -> None:
    file = sheet(staff_no="001", name="陈思远", username="olivia")
    hint = examine_people(file, cast.company.pk, by=cast.viewer("mia"), at=NOON).plan.hints[-1]
    assert (hint.column, hint.figures) == ("username", {"names": "gus、leo、oscar"})
    import_people(file, cast.company.pk, by=cast.viewer("mia"), at=NOON)
    later = examine_people(sheet(staff_no="002", name="李丽"), cast.company.pk, by=cast.viewer("mia"), at=NOON)
    assert later.plan.hints == []


def test_the_same_file_again_changes_nothing(cast: Cast) -> None:
    file = people(*(person(place) for place in range(1, 6)))
    take(cast.company, file)
    before = tables()
    again = take(cast.company, file, at=LATER)
    assert (sentences(again), counted(again)) == ([], (0, 0, 5))
    assert tables() == before


def test_a_changed_cell_takes_back_the_old_fact_and_names_the_file(cast: Cast) -> None:
    take(cast.company, people(person(1)))
    outcome = take(cast.company, people(person(1, health_until="2028-05-31")), at=LATER)
    assert [(c.before, c.after) for c in outcome.plan.changes] == [
        ({"health_until": "2027-05-31"}, {"health_until": "2028-05-31"})
    ]
    old, new = StaffFact.objects.filter(kind="health").order_by("pk")
    assert (old.retracted_at, old.retract_reason, new.replaces) == (LATER, "导入文件 people.xlsx", old)
    assert facts(Kind.HEALTH) == [("passed", "", None, date(2028, 5, 31))]
    member = StaffMember.objects.get()
    assert [f.valid_until for f in facts_of([member.pk], NOON)[member.pk] if f.kind == Kind.HEALTH] == [
        date(2027, 5, 31)
    ]
    record = Record.objects.get(action="staff.fact_corrected")
    assert (record.subject_type, record.before["until"], record.after["until"]) == (
        "staffmember",
        "2027-05-31",
        "2028-05-31",
    )


def test_an_empty_cell_or_a_missing_column_leaves_what_stands_and_a_dash_opens_the_end(cast: Cast) -> None:
    take(cast.company, people(person(1, left_on="2026-10-31")))
    bare = people(["001", *[None] * (len(HEAD) - 1)])
    assert counted(take(cast.company, bare)) == (0, 0, 1)
    assert counted(take(cast.company, sheet(staff_no="001", left_on="-"))) == (0, 1, 0)
    assert facts(Kind.EMPLOYMENT) == [("", "", date(2024, 3, 1), None)]


def test_a_renewed_certificate_stands_beside_the_earlier_one(cast: Cast) -> None:
    take(cast.company, people(person(1)))
    renewed = person(1, certificate_from="2030-02-01", certificate_until="2036-01-31")
    assert counted(take(cast.company, people(renewed))) == (0, 1, 0)
    assert facts(Kind.GUARD_CERTIFICATE) == [
        ("", "33-1", date(2024, 2, 20), date(2030, 2, 19)),
        ("", "33-1", date(2030, 2, 1), date(2036, 1, 31)),
    ]
    assert counted(take(cast.company, people(person(1)))) == (0, 0, 1)


def test_another_post_kind_from_a_day_on_ends_the_earlier_one(cast: Cast) -> None:
    take(cast.company, people(person(1)))
    take(cast.company, sheet(staff_no="001", post_kind="patrol", post_kind_from="2026-07-01"))
    stands = facts_of([StaffMember.objects.get().pk]).popitem()[1]
    days = (date(2026, 6, 30), date(2026, 7, 1))
    assert [post_kind_on(stands, day) for day in days] == [PostKind.WATCH, PostKind.PATROL]


def test_another_post_kind_without_a_day_is_told_to_rewrite_the_past(cast: Cast) -> None:
    take(cast.company, people(person(1)))
    outcome = take(cast.company, people(person(1, post_kind="patrol")))
    assert facts(Kind.POST_KIND) == [("patrol", "", date(2024, 3, 1), None)]
    assert [(hint.row, hint.column) for hint in outcome.plan.hints] == [(2, "post_kind")]


def test_who_is_hired_again_keeps_his_first_employment(cast: Cast) -> None:
    take(cast.company, people(person(1, left_on="2025-01-31")))
    take(cast.company, sheet(staff_no="001", hired_on="2026-03-01"))
    assert facts(Kind.EMPLOYMENT) == [
        ("", "", date(2024, 3, 1), date(2025, 1, 31)),
        ("", "", date(2026, 3, 1), None),
    ]


def test_another_training_day_is_another_training(cast: Cast) -> None:
    take(cast.company, people(person(1)))
    more = sheet(staff_no="001", training_hours=8, training_on="2026-05-01", training_subjects="法律")
    assert counted(take(cast.company, more)) == (0, 1, 0)
    assert [day for _v, _n, day, _u in facts(Kind.TRAINING)] == [date(2024, 3, 1), date(2026, 5, 1)]


def test_a_new_identity_number_replaces_the_birth_date(cast: Cast) -> None:
    take(cast.company, people(person(1)))
    number = number_for(date(1991, 6, 2))
    outcome = take(cast.company, people(person(1, identity_no=number)))
    assert facts(Kind.IDENTITY) == [("1991-06-02", "", None, None)]
    assert reveal_identity(StaffMember.objects.get().pk, "核对", by=cast.viewer("mia"), at=NOON) == number
    assert number not in json.dumps(as_json(outcome, dry_run=False), ensure_ascii=False)


def test_no_record_and_no_news_holds_an_identity_number_or_a_telephone_number(cast: Cast) -> None:
    row = [*person(1), "13800138000"]
    take(cast.company, people(row, head=[*HEAD, "phone"]))
    told = str(list(Record.objects.values("before", "after"))) + str(list(Message.objects.values("payload")))
    assert (row[2] in told, "13800138000" in told) == (False, False)
    assert sorted(Record.objects.values_list("action", flat=True)) == [
        "staff.added",
        *["staff.fact_recorded"] * 9,
        "staff.identity_set",
        "workbook.imported",
    ]
    assert list(Message.objects.filter(topic="staff.changed").values_list("payload", flat=True)) == [
        {"staffmember": StaffMember.objects.get().pk}
    ]


# Who, and how much


def test_only_who_keeps_files_imports_people_and_nobody_for_another_company(cast: Cast) -> None:
    for name in ("leo", "olivia", "polly", "sam"):
        with pytest.raises(Forbidden):
            take(cast.company, people(person(1)), cast.viewer(name))
    with pytest.raises(Forbidden):
        look(cast.other, people(person(1)), cast.viewer("mia"))
    assert StaffMember.objects.count() == 0


def test_a_crash_in_the_middle_leaves_nothing(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    def crash(*_: object, **__: object) -> None:
        raise RuntimeError("power cut")

    before = tables()
    monkeypatch.setattr("lianjing.domain.companies.workbooks.write_down", crash)
    with pytest.raises(RuntimeError):
        take(cast.company, people(person(1)))
    assert tables() == before


def test_the_number_of_queries_does_not_grow_with_the_rows(cast: Cast, django_assert_max_num_queries: Any) -> None:
    file = people(*(person(place) for place in range(1, 301)))
    with django_assert_max_num_queries(80):
        assert counted(take(cast.company, file)) == (300, 0, 0)
    with django_assert_max_num_queries(15):
        assert counted(take(cast.company, file)) == (0, 0, 300)
