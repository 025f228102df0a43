"""Setting a schedule, putting off a closing, and the centre's own workdays: who may, and what is written down."""

from datetime import date, time, timedelta

import pytest

from lianjing.core.refusals import Missing, Refused
from lianjing.core.viewer import Forbidden
from lianjing.domain.records.models import Record
from lianjing.domain.sites.actions.schedules import BadSchedule, allow_late_closing, set_schedule
from lianjing.domain.sites.actions.workdays import forget_workday, set_workday
from lianjing.domain.sites.models import Area, Panel, ScheduleMoment, WorkdayOverride
from lianjing.domain.sites.schedule import Moment
from lianjing.domain.sites.schedule_changes import fingerprint
from lianjing.domain.sites.schedule_text import parse_moment
from lianjing.domain.sites.schedules import moments_of, workdays
from lianjing.domain.sites.workday_overrides import overridden_days
from tests.cast import NOON, Cast

CLOSE = parse_moment("must_close", "daily", "22:00", "06:00", "15")
OPEN = parse_moment("may_open", "workday,6", "08:00", "24:00", "5", area="002")
SUNDAY = date(2026, 11, 22)


def on_file(cast: Cast) -> list[Moment]:
    return moments_of(cast.viewer("mia"), [cast.shop.pk]).get(cast.shop.pk, [])


def last_record() -> Record:
    return Record.objects.latest("pk")


def put(cast: Cast, moments: list[Moment], name: str = "mia", **more: str) -> bool:
    return set_schedule(cast.shop.pk, moments, by=cast.viewer(name), at=NOON, source="test", **more)


def test_a_schedule_is_replaced_as_a_whole_by_one_record(cast: Cast) -> None:
    put(cast, [CLOSE])
    assert put(cast, [OPEN]) is True
    assert on_file(cast) == [OPEN]
    record = last_record()
    assert (record.action, record.subject_id, record.actor_name) == ("site.schedule_set", str(cast.shop.pk), "Mia")
    assert record.before == {"moments": ["应布防 22:00–次日 06:00（容差 15 分钟）：每天"]}
    assert record.after["moments"] == ["可撤防 08:00–24:00（容差 5 分钟）：周六、工作日，分区 2"]
    assert len(record.after["weakens"]) == 2


def test_what_is_set_again_changes_nothing_and_leaves_no_record(cast: Cast) -> None:
    put(cast, [CLOSE, OPEN])
    count = Record.objects.count()
    assert put(cast, [OPEN, CLOSE]) is False
    assert Record.objects.count() == count


def test_an_impossible_schedule_leaves_everything_as_it_was(cast: Cast) -> None:
    put(cast, [CLOSE])
    with pytest.raises(BadSchedule) as bad:
        put(cast, [CLOSE, CLOSE, parse_moment("must_open", "daily", "23:00", "23:30")])
    assert [(problem.index, problem.field) for problem in bad.value.problems] == [
        (1, "kind"),
        (2, "begins"),
        (2, "begins"),
    ]
    assert on_file(cast) == [CLOSE]


def test_an_area_that_no_panel_of_the_site_has_is_refused(cast: Cast) -> None:
    there = parse_moment("must_close", "daily", "22:00", "06:00", area="77")
    assert put(cast, [there]) is True
    put(cast, [])
    Area.objects.create(panel=Panel.objects.get(site=cast.shop), number="1")
    with pytest.raises(BadSchedule, match="本场所的设备没有分区 77：登记的分区是 1。") as bad:
        put(cast, [there])
    assert [(problem.index, problem.field) for problem in bad.value.problems] == [(0, "area")]


@pytest.mark.parametrize(
    ("field", "moment"),
    [
        (
            "days",
            parse_moment("must_close", ",".join(f"2026-11-{day:02}" for day in range(1, 30, 2)), "22:00", "06:00"),
        ),
        (
            "users",
            parse_moment("temp_open", "daily", "20:00", "21:00", users=",".join(str(10**9 + n) for n in range(20))),
        ),
    ],
)
def test_a_row_that_does_not_fit_its_column_is_told(cast: Cast, field: str, moment: Moment) -> None:
    with pytest.raises(BadSchedule) as bad:
        put(cast, [moment])
    assert [problem.field for problem in bad.value.problems] == [field]


def test_who_wrote_on_an_older_schedule_is_told_so(cast: Cast) -> None:
    seen = fingerprint([])
    put(cast, [CLOSE])
    with pytest.raises(Refused, match="别人刚刚改过"):
        put(cast, [OPEN], seen=seen)
    assert put(cast, [OPEN], seen=fingerprint([CLOSE])) is True


@pytest.mark.parametrize(("name", "refusal"), [("olivia", Forbidden), ("polly", Forbidden), ("sam", Missing)])
def test_who_may_not_edit_changes_nothing(cast: Cast, name: str, refusal: type[Exception]) -> None:
    put(cast, [CLOSE])
    with pytest.raises(refusal):
        put(cast, [], name)
    if name != "olivia":
        with pytest.raises(refusal):
            allow_late_closing(cast.shop.pk, SUNDAY, time(23), "Wang", by=cast.viewer(name), at=NOON)
    assert on_file(cast) == [CLOSE]


def test_whoever_sits_at_the_desk_may_put_off_a_closing(cast: Cast) -> None:
    put(cast, [CLOSE])
    assert allow_late_closing(cast.shop.pk, SUNDAY, time(23), "Wang", by=cast.viewer("olivia"), at=NOON)


def test_a_late_closing_says_who_asked_and_that_it_weakens(cast: Cast) -> None:
    put(cast, [CLOSE])
    allow_late_closing(cast.shop.pk, SUNDAY, time(23), " Wang ", reason="stock-taking", by=cast.viewer("leo"), at=NOON)
    record = last_record()
    assert record.after == {
        "moments": ["应布防 23:00–次日 06:00（容差 15 分钟）：2026-11-22"],
        "asked_by": "Wang",
        "reason": "stock-taking",
        "weakens": ["2026-11-22 布防推迟到 23:00"],
    }
    with pytest.raises(Refused, match="谁要求"):
        allow_late_closing(cast.shop.pk, SUNDAY, time(23, 30), "  ", by=cast.viewer("leo"), at=NOON)


# Workdays


def test_the_centres_own_workdays_count_for_schedules_and_stand_in_the_record(cast: Cast) -> None:
    ada = cast.viewer("ada")
    set_workday(SUNDAY, True, "stock-taking", by=ada, at=NOON)
    assert workdays(cast.viewer("olivia")).is_workday(SUNDAY) is True
    set_workday(SUNDAY, False, "", by=ada, at=NOON)
    assert last_record().before == {"is_workday": True, "reason": "stock-taking"}
    forget_workday(SUNDAY, by=ada, at=NOON + timedelta(seconds=1))
    assert (last_record().action, last_record().after) == ("workday.forgotten", None)
    assert overridden_days(ada) == []


def test_only_the_installations_administrator_sets_workdays(cast: Cast) -> None:
    for name in ("mia", "leo", "sam"):
        with pytest.raises(Forbidden):
            set_workday(SUNDAY, True, "", by=cast.viewer(name), at=NOON)
        with pytest.raises(Forbidden):
            forget_workday(SUNDAY, by=cast.viewer(name), at=NOON)
    assert WorkdayOverride.objects.count() == ScheduleMoment.objects.count() == 0
    assert overridden_days(cast.viewer("gus")) == []


def test_a_year_that_is_a_slip_and_a_day_that_was_not_set_are_refused(cast: Cast) -> None:
    with pytest.raises(Refused, match="2000 至 2099"):
        set_workday(date(2206, 1, 1), True, "", by=cast.viewer("ada"), at=NOON)
    with pytest.raises(Missing):
        forget_workday(SUNDAY, by=cast.viewer("ada"), at=NOON)
