"""A company's figures for the treatment of its signals."""

import pytest

from lianjing.core.refusals import Refused
from lianjing.core.viewer import Forbidden
from lianjing.domain.records.models import Record
from lianjing.domain.signals.limit_policy import FIGURES, weakenings
from lianjing.domain.signals.limit_setting import defaults, figures_of, set_limits
from lianjing.domain.signals.limits import limits_of
from lianjing.domain.signals.models import TreatmentLimits
from tests.cast import NOON, Cast


def test_every_column_is_a_figure_with_a_default_within_its_bounds() -> None:
    columns = {field.name for field in TreatmentLimits._meta.concrete_fields} - {"company"}
    assert {figure.name for figure in FIGURES} == columns
    usual = defaults()
    assert [f.name for f in FIGURES if not f.low <= usual[f.name] <= f.high] == []


def test_a_changed_figure_reaches_the_pipeline_and_the_record(cast: Cast) -> None:
    mia = cast.viewer("mia")
    assert (
        set_limits(cast.company.pk, {**defaults(), "mains_delay_min": 45, "confirm_min": 40}, by=mia, at=NOON) is True
    )
    limits = limits_of(mia, [cast.company.pk])[cast.company.pk]
    assert (limits.mains_delay.seconds, limits.confirm_within.seconds) == (45 * 60, 40 * 60)
    record = Record.objects.latest("pk")
    assert (record.action, record.before) == ("limits.set", {"mains_delay_min": 30, "confirm_min": 30})
    assert record.after == {
        "mains_delay_min": 45,
        "confirm_min": 40,
        "weakens": ["主电断电等待由 30 改为 45 分钟"],
    }
    assert set_limits(cast.company.pk, {"mains_delay_min": 45}, by=mia, at=NOON) is False
    assert figures_of(mia, cast.company.pk)["confirm_min"] == 40


@pytest.mark.parametrize("figure", FIGURES, ids=lambda figure: figure.name)
def test_a_figure_that_goes_too_far_is_refused_and_none_is_set(cast: Cast, figure: object) -> None:
    for value in (figure.low - 1, figure.high + 1):
        with pytest.raises(Refused, match=f"须在 {figure.low} 至 {figure.high}") as refused:
            set_limits(cast.company.pk, {"skew_s": 500, figure.name: value}, by=cast.viewer("mia"), at=NOON)
        assert refused.value.field == figure.name
    assert TreatmentLimits.objects.count() == 0


@pytest.mark.parametrize("name", ["olivia", "leo", "polly", "sam"])
def test_only_managers_of_the_company_set_them(cast: Cast, name: str) -> None:
    with pytest.raises(Forbidden):
        set_limits(cast.company.pk, {"skew_s": 500}, by=cast.viewer(name), at=NOON)
    with pytest.raises(Forbidden):
        figures_of(cast.viewer(name), cast.company.pk)


def test_what_hides_more_or_tells_later_is_weaker() -> None:
    had = defaults()
    assert weakenings(had, {"runaway_count": 5, "skew_s": 60, "sweep_days": 1, "alarm_overdue_min": 90}) == [
        "报警恢复期限由 60 改为 90 分钟",
        "频繁上报：次数由 10 改为 5 次",
    ]
