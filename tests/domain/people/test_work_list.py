"""待办: what ends, what is over, what is missing, who is barred; and the list of people."""

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from lianjing.core.refusals import Refused
from lianjing.domain.companies.fact_reading import standing_of
from lianjing.domain.companies.models import CompanyFact
from lianjing.domain.people.eligibility import eligibility
from lianjing.domain.people.fact_kinds import Fact
from lianjing.domain.people.fact_policy import NewFact
from lianjing.domain.people.facts import record_fact, retract_fact
from lianjing.domain.people.known_facts import known_of
from lianjing.domain.people.models import StaffMember, WorkListSetting
from lianjing.domain.people.staff_list import StaffWanted, staff_list
from lianjing.domain.people.work_list import WorkWanted, work_counts, work_list
from lianjing.domain.people.work_list_policy import Line, Matter, Periods, lines_of, months_before, next_end
from lianjing.domain.people.work_settings import set_work_list
from lianjing.domain.records.models import Record
from lianjing.terms.sentences import words
from lianjing.terms.staffing import StaffFactKind as Kind
from lianjing.terms.staffing import Standing
from tests.cast import NOON, Cast
from tests.staff import HIRED, put_on_file, sound_facts

TODAY = date(2026, 11, 22)
UNTIL = date(2027, 12, 31)


def known(*changes: Fact, without: tuple[Kind, ...] = ()) -> list[Fact]:
    """What is known of somebody without fault, but for what is left out or added."""
    facts = [
        Fact(f.kind, f.value, f.valid_from, f.valid_until, f.number, f.details, place)
        for place, f in enumerate(sound_facts(), 1)
        if f.kind not in without
    ]
    facts += [Fact(Kind.IDENTITY, "1990-05-01", id=90), Fact(Kind.NATIONALITY, "CHN", id=91)]
    return [fact for fact in [*facts, *changes] if fact.kind not in without or fact in changes]


def lines(facts: list[Fact], on: date = TODAY, periods: Periods | None = None) -> list[Line]:
    return lines_of(facts, eligibility(facts, on), on, periods or Periods())


def said(found: list[Line]) -> list[str]:
    return [words(line) for line in found]


def certificate(begins: date | None, until: date | None, pk: int = 200) -> Fact:
    return Fact(Kind.GUARD_CERTIFICATE, "", begins, until, "33-1", {}, pk)


# Pure: the lines of one person


def test_whose_papers_are_all_in_order_has_nothing_on_the_list() -> None:
    assert lines(known()) == []


@pytest.mark.parametrize(
    ("days", "matter", "sentence"),
    [
        (-1, Matter.OVER, "保安员证已于 2026-11-21 到期。"),
        (0, Matter.ENDS, "保安员证今天到期。"),
        (7, Matter.ENDS, "保安员证 2026-11-29 到期，还有 7 天。"),
        (90, Matter.ENDS, "保安员证 2027-02-20 到期，还有 90 天。"),
    ],
)
def test_a_certificate_is_told_before_and_after_it_ends(days: int, matter: Matter, sentence: str) -> None:
    held = certificate(HIRED, TODAY + timedelta(days=days))
    (line,) = lines(known(held, without=(Kind.GUARD_CERTIFICATE,)))
    assert (line.matter, words(line), line.days_left, line.fact_id) == (matter, sentence, days, 200)


def test_what_ends_later_than_the_farthest_window_is_not_told() -> None:
    held = certificate(HIRED, TODAY + timedelta(days=91))
    assert lines(known(held, without=(Kind.GUARD_CERTIFICATE,))) == []


def test_a_renewal_that_follows_without_a_gap_takes_the_line_away_and_a_gap_keeps_it() -> None:
    first = certificate(HIRED, date(2026, 11, 30))
    follows, late = certificate(date(2026, 12, 1), UNTIL, 201), certificate(date(2026, 12, 2), UNTIL, 202)
    kinds = (Kind.GUARD_CERTIFICATE,)
    assert said(lines(known(first, follows, without=kinds))) == []
    assert said(lines(known(first, late, without=kinds))) == ["保安员证 2026-11-30 到期，还有 8 天。"]


def test_one_that_has_yet_to_begin_is_missing_until_then() -> None:
    held = certificate(date(2026, 12, 1), UNTIL)
    (line,) = lines(known(held, without=(Kind.GUARD_CERTIFICATE,)))
    assert (line.matter, words(line)) == (Matter.MISSING, "保安员证 2026-12-01 起才有效。")


@pytest.mark.parametrize(
    ("kind", "sentence"),
    [
        (Kind.POST_KIND, "没有岗位类别。"),
        (Kind.IDENTITY, "没有身份号码。"),
        (Kind.EDUCATION, "没有学历。"),
        (Kind.HEALTH, "没有健康证明。"),
        (Kind.BACKGROUND, "没有背景审查。"),
        (Kind.POLICE_EXAM, "没有公安机关考试。"),
        (Kind.GUARD_CERTIFICATE, "没有保安员证。"),
        (Kind.LABOUR_CONTRACT, "没有劳动合同。"),
        (Kind.INSURANCE, "没有保险。"),
    ],
)
def test_what_everybody_should_have_is_missed(kind: Kind, sentence: str) -> None:
    assert said(lines(known(without=(kind,)))) == [sentence]


def test_each_subject_of_training_and_each_insurance_is_watched_by_itself() -> None:
    law = Fact(Kind.TRAINING, "法律", HIRED, date(2026, 11, 25), "", {"subjects": ["law"], "hours": 8}, 300)
    skill = Fact(Kind.TRAINING, "技能", HIRED, UNTIL, "", {"subjects": ["skill"], "hours": 8}, 301)
    accident = Fact(Kind.INSURANCE, "意外险", HIRED, date(2026, 11, 1), "", {}, 302)
    facts = known(law, skill, accident, without=(Kind.TRAINING,))
    assert said(lines(facts)) == [
        "意外险已于 2026-11-01 到期。",
        "法律培训 2026-11-25 到期，还有 3 天。",
        "没有保安专业知识培训。",
    ]


def test_what_one_new_record_settles_is_one_line() -> None:
    subjects = {"subjects": ["law", "skill"], "hours": 8}
    ending = Fact(Kind.TRAINING, "岗前", HIRED, date(2026, 11, 25), "", subjects, 310)
    found = lines(known(ending, without=(Kind.TRAINING,)))
    assert said(found) == ["法律培训、保安技能培训 2026-11-25 到期，还有 3 天。", "没有保安专业知识培训。"]
    assert said(lines(known(without=(Kind.TRAINING,)))) == ["没有法律培训、保安专业知识培训、保安技能培训。"]


def test_who_is_barred_is_told_once_and_not_as_missing_too() -> None:
    failed = Fact(Kind.HEALTH, "failed", HIRED, UNTIL, "", {}, 400)
    (line,) = lines(known(failed, without=(Kind.HEALTH,)))
    assert (line.matter, line.kind, line.fact_id, line.private) == (Matter.BARRED, Kind.HEALTH, 400, True)
    bar = Fact(Kind.BAR, "crime", HIRED, None, "", {}, 401)
    (line,) = lines(known(bar))
    assert (line.matter, line.kind, line.fact_id, line.private) == (Matter.BARRED, Kind.BAR, 401, True)


def test_old_appraisals_and_trainings_are_hints_by_the_companys_own_periods() -> None:
    old = Fact(Kind.APPRAISAL, "passed", date(2025, 11, 21), None, "", {}, 500)
    facts = known(old, without=(Kind.APPRAISAL,))
    assert said(lines(facts)) == ["上次考核在 2025-11-21，已超过 12 个月。"]
    assert lines(facts, periods=Periods(appraisal_months=24)) == []
    assert lines(facts, periods=Periods(0, 0)) == []
    assert said(lines(known(), periods=Periods(12, 6))) == ["上次培训在 2026-01-05，已超过 6 个月。"]


def test_who_came_lately_needs_no_appraisal_yet_and_who_came_long_ago_does() -> None:
    facts = known(without=(Kind.APPRAISAL,))
    assert lines(facts) == []
    assert said(lines(facts, periods=Periods(appraisal_months=6))) == ["入职已超过 6 个月，没有考核记录。"]


def test_of_who_has_left_or_is_yet_to_come_nothing_is_asked() -> None:
    left = [Fact(Kind.EMPLOYMENT, "", HIRED, date(2026, 11, 21), id=1)]
    to_come = [Fact(Kind.EMPLOYMENT, "", date(2026, 11, 23), None, id=1)]
    assert (lines(left), lines(to_come), said(lines([]))) == ([], [], ["没有入职记录。"])


def test_the_list_can_be_told_for_any_day() -> None:
    facts = known(certificate(HIRED, date(2026, 11, 30)), without=(Kind.GUARD_CERTIFICATE,))
    assert [len(lines(facts, day)) for day in (date(2026, 8, 1), date(2026, 9, 1), date(2026, 12, 1))] == [0, 1, 1]


def test_what_ends_next_is_the_earliest_of_what_is_watched() -> None:
    end = next_end(known(certificate(HIRED, date(2026, 12, 1)), without=(Kind.GUARD_CERTIFICATE,)), TODAY)
    assert end is not None
    assert (end[0].kind, end[1]) == (Kind.GUARD_CERTIFICATE, date(2026, 12, 1))
    assert next_end([], TODAY) is None


@pytest.mark.parametrize(
    ("on", "months", "day"),
    [
        (date(2026, 11, 22), 12, date(2025, 11, 22)),
        (date(2026, 3, 31), 1, date(2026, 2, 28)),
        (date(2024, 2, 29), 12, date(2023, 2, 28)),
        (date(2026, 1, 15), 1, date(2025, 12, 15)),
        (date(2026, 5, 31), 1, date(2026, 4, 30)),
    ],
)
def test_months_are_counted_back_to_the_same_day_or_the_months_last(on: date, months: int, day: date) -> None:
    assert months_before(on, months) == day


# Read by somebody


def listed(cast: Cast, name: str = "mia", **wanted: object) -> list[str]:
    return [line.member.staff_no for line in staff_list(cast.viewer(name), StaffWanted(**wanted), TODAY)]  # type: ignore[arg-type]


def test_people_are_found_by_name_initials_and_number_and_by_what_they_do(cast: Cast) -> None:
    put_on_file(cast, "A01", "陈思远")
    put_on_file(cast, "B02", "林国华", without=(Kind.POST_KIND,))
    gone = put_on_file(cast, "C03", "周敏", without=(Kind.EMPLOYMENT,))
    left = NewFact(Kind.EMPLOYMENT, valid_from=HIRED, valid_until=date(2026, 10, 1))
    record_fact(gone.pk, left, by=cast.viewer("mia"), at=NOON)
    assert listed(cast) == ["A01", "B02"]
    assert [listed(cast, text=text) for text in ("思远", "csy", "b0", "x")] == [["A01"], ["A01"], ["B02"], []]
    assert [listed(cast, employment=chosen) for chosen in ("employed", "left", "all")] == [
        ["A01", "B02"],
        ["C03"],
        ["A01", "B02", "C03"],
    ]
    assert [listed(cast, post_kind=kind) for kind in ("watch", "patrol", "other")] == [["A01"], [], ["B02"]]


def test_the_eligible_and_the_others_are_told_apart_by_the_one_rule_also_after_a_change(cast: Cast) -> None:
    put_on_file(cast, "A01")
    barred = put_on_file(cast, "B02")
    assert (listed(cast, eligible=True), listed(cast, eligible=False)) == (["A01", "B02"], [])
    bar = record_fact(barred.pk, NewFact(Kind.BAR, "crime"), by=cast.viewer("mia"), at=NOON)
    assert (listed(cast, eligible=True), listed(cast, eligible=False)) == (["A01"], ["B02"])
    retract_fact(bar.pk, "记错人", by=cast.viewer("mia"), at=NOON)
    assert listed(cast, eligible=True) == ["A01", "B02"]


def test_leaders_learn_that_something_is_in_the_way_and_not_what(cast: Cast) -> None:
    put_on_file(cast, "A01", more=(NewFact(Kind.BAR, "crime"),))
    (manager,) = staff_list(cast.viewer("mia"), StaffWanted(), TODAY)
    (leader,) = staff_list(cast.viewer("leo"), StaffWanted(), TODAY)
    assert [words(reason) for reason in manager.against] == ["有不得从业的情形。"]
    assert [words(reason) for reason in leader.against] == ["另有不便公开的原因，请向经理了解。"]
    assert [one.line.matter for one in work_list(cast.viewer("leo"), WorkWanted(), TODAY).rows] == []
    assert [one.line.matter for one in work_list(cast.viewer("mia"), WorkWanted(), TODAY).rows] == [Matter.BARRED]


def test_nobody_is_told_of_another_companys_people(cast: Cast) -> None:
    put_on_file(cast, "A01", without=(Kind.EDUCATION,))
    assert (listed(cast, "sam"), listed(cast, "sam", company_id=cast.company.pk)) == ([], [])
    sam = cast.viewer("sam")
    for wanted in (WorkWanted(), WorkWanted(company_id=cast.company.pk)):
        page = work_list(sam, wanted, TODAY)
        assert (list(page.rows), set(page.counts.values())) == ([], {0})


def test_the_work_list_counts_by_window_and_shows_one_of_them(cast: Cast) -> None:
    for place, days in enumerate((3, 20, 80, -5)):
        more = NewFact(Kind.GUARD_CERTIFICATE, number="1", valid_from=HIRED, valid_until=TODAY + timedelta(days=days))
        put_on_file(cast, f"N{place}", without=(Kind.GUARD_CERTIFICATE,), more=(more,))
    put_on_file(cast, "N9", without=(Kind.EDUCATION,))
    page = work_list(cast.viewer("mia"), WorkWanted(), TODAY)
    assert page.counts == {"": 5, "barred": 0, "over": 1, "7": 1, "30": 2, "90": 3, "missing": 1, "hint": 0}
    assert [one.whom.staff_no for one in page.rows if one.whom] == ["N3", "N0", "N1", "N2", "N9"]
    month = work_list(cast.viewer("mia"), WorkWanted("30"), TODAY)
    assert [one.whom.staff_no for one in month.rows if one.whom] == ["N0", "N1"]
    assert [one.line.kind for one in work_list(cast.viewer("mia"), WorkWanted(kind="education"), TODAY).rows] == [
        "education"
    ]
    second = work_list(cast.viewer("mia"), WorkWanted(), TODAY, skip=2, limit=2)
    assert ([one.whom.staff_no for one in second.rows if one.whom], second.more) == (["N1", "N2"], True)


def test_what_is_asked_of_the_company_stands_on_the_list_as_its_own_page_tells_it(cast: Cast) -> None:
    told = {"company": cast.company, "recorded_at": NOON, "recorded_by": "Mia"}
    scope = {"scope": ["technical"]}
    CompanyFact.objects.create(kind="guard_licence", valid_until=date(2026, 12, 2), details=scope, **told)
    CompanyFact.objects.create(kind="insurance", value="雇主责任险", valid_until=date(2026, 11, 1), **told)
    rows = work_list(cast.viewer("mia"), WorkWanted(kind="company"), TODAY).rows
    assert {one.whom for one in rows} == {None}
    assert [(one.line.matter, words(one.line)) for one in rows[:3]] == [
        (Matter.OVER, "保险已于 2026-11-01 到期。"),
        (Matter.ENDS, "保安服务许可证还有 10 天到期（2026-12-02）。"),
        (Matter.MISSING, "没有登记营业执照。"),
    ]
    items = standing_of(cast.viewer("mia"), cast.company.pk, TODAY)
    assert len(rows) == sum(item.standing not in (Standing.IN_ORDER, Standing.DONE_LATE) for item in items)


def test_a_licence_that_was_renewed_is_no_longer_on_the_list(cast: Cast) -> None:
    told = {"company": cast.company, "kind": "guard_licence", "recorded_at": NOON, "recorded_by": "Mia"}
    told |= {"details": {"scope": ["technical"]}, "scan": "papers/1.pdf"}
    CompanyFact.objects.create(valid_until=date(2026, 11, 20), **told)
    CompanyFact.objects.create(valid_from=date(2026, 11, 21), valid_until=date(2031, 1, 1), **told)
    rows = work_list(cast.viewer("mia"), WorkWanted(kind="company"), TODAY).rows
    assert [one for one in rows if one.line.kind == "guard_licence"] == []


def test_counts_tell_people_and_companies_apart(cast: Cast) -> None:
    put_on_file(cast, "A01", without=(Kind.EDUCATION,))
    told = {"company": cast.company, "recorded_at": NOON, "recorded_by": "Mia"}
    CompanyFact.objects.create(kind="insurance", value="雇主责任险", valid_until=date(2026, 11, 1), **told)
    people, own = work_counts(cast.viewer("mia"), TODAY)
    page = work_list(cast.viewer("mia"), WorkWanted(), TODAY)
    assert (people["missing"], own["over"]) == (1, 1)
    assert {tab: people[tab] + own[tab] for tab in people} == page.counts


@pytest.mark.parametrize("people", [1, 3])
def test_lists_take_the_same_queries_for_one_person_and_for_three(cast: Cast, people: int) -> None:
    for place in range(people):
        put_on_file(cast, f"N{place}", without=(Kind.EDUCATION,))
    viewer = cast.viewer("mia")
    known_of([cast.company.pk])
    asked = []
    for look in (
        lambda: staff_list(viewer, StaffWanted(), TODAY),
        lambda: staff_list(viewer, StaffWanted(eligible=False), TODAY),
        lambda: work_list(viewer, WorkWanted(), TODAY),
    ):
        with CaptureQueriesContext(connection) as queries:
            look()
        asked.append(len(queries))
    assert asked == [2, 4, 4]


def test_what_is_kept_in_memory_is_read_anew_when_anything_has_changed(cast: Cast) -> None:
    member = put_on_file(cast, "A01")
    first = known_of([cast.company.pk])[member.pk]
    assert known_of([cast.company.pk])[member.pk] is first
    fact = record_fact(member.pk, NewFact(Kind.BAR, "crime"), by=cast.viewer("mia"), at=NOON)
    second = known_of([cast.company.pk])[member.pk]
    assert [fact.kind for fact in second.facts if fact not in first.facts] == [Kind.BAR]
    retract_fact(fact.pk, "记错人", by=cast.viewer("mia"), at=NOON)
    assert known_of([cast.company.pk])[member.pk].facts == first.facts


# Settings


def test_a_company_sets_its_own_periods_with_their_source(cast: Cast) -> None:
    told = {"appraisal_months": 6, "training_months": 12, "source": "考核制度第 3 条", "digest": "daily"}
    set_work_list(cast.company.pk, told, by=cast.viewer("mia"), at=NOON)
    put_on_file(cast, "A01", more=())
    StaffMember.objects.get().facts.filter(kind="appraisal").update(valid_from=date(2026, 5, 1))
    (one,) = work_list(cast.viewer("mia"), WorkWanted(), TODAY).rows
    assert words(one.line) == "上次考核在 2026-05-01，已超过 6 个月。"
    record = Record.objects.get(action="staff.work_list_set")
    assert record.after == {"appraisal_months": 6, "source": "考核制度第 3 条", "digest": "daily"}


@pytest.mark.parametrize(
    ("field", "value"), [("hour", 24), ("weekday", 0), ("weekday", 8), ("appraisal_months", 121), ("digest", "hourly")]
)
def test_a_setting_that_cannot_be_is_refused(cast: Cast, field: str, value: object) -> None:
    with pytest.raises(Refused) as refused:
        set_work_list(cast.company.pk, {field: value}, by=cast.viewer("mia"), at=NOON)
    assert (refused.value.field, WorkListSetting.objects.count()) == (field, 0)
