"""The meter of runaways, whatever comes and whatever the limits are."""

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from lianjing.domain.signals.runaway import RunawayLimits, new_meter

LIMITS = st.builds(
    RunawayLimits,
    count=st.integers(2, 20),
    window_s=st.floats(60, 3600),
    burst=st.integers(1, 50).map(float),
    per_hour=st.integers(1, 600).map(float),
)
GAPS = st.lists(st.floats(0, 7200), min_size=1, max_size=60)
ROUNDING = 1e-6


def instants(gaps: list[float]) -> list[float]:
    times = [1_000_000.0]
    for gap in gaps:
        times.append(times[-1] + gap)
    return times


@given(limits=LIMITS, gaps=GAPS)
def test_what_is_shown_never_exceeds_the_window_nor_the_bucket(limits: RunawayLimits, gaps: list[float]) -> None:
    times = instants(gaps)
    meter = new_meter(times[0], limits)
    shown = [at for at in times if not meter.take(at, limits)]
    for first in range(len(shown)):
        for last in range(first, len(shown)):
            span, number = shown[last] - shown[first], last - first + 1
            assert number <= limits.burst + span * limits.per_hour / 3600 + ROUNDING
            assert number <= limits.count or span >= limits.window_s - ROUNDING


@given(limits=LIMITS, gaps=GAPS, rest=st.floats(0, 20_000))
def test_the_first_of_a_burst_always_passes(limits: RunawayLimits, gaps: list[float], rest: float) -> None:
    times = instants(gaps)
    meter = new_meter(times[0], limits)
    for at in times:
        meter.take(at, limits)
    later = times[-1] + rest
    is_over = meter.is_quiet(later, limits)
    hidden = meter.take(later, limits)
    assert not (is_over and hidden), "what has been quiet for long enough is shown again"


@given(limits=LIMITS, gaps=GAPS)
def test_a_runaway_that_goes_on_is_one(limits: RunawayLimits, gaps: list[float]) -> None:
    times = instants(gaps)
    meter = new_meter(times[0], limits)
    for before, at in pairwise(times):
        running, quiet = meter.running_since, meter.is_quiet(at, limits)
        meter.take(at, limits)
        if running is not None and not quiet:
            assert meter.running_since == running, f"begun anew between {before} and {at}"


def test_a_slow_runaway_is_one_until_the_bucket_lets_the_next_pass() -> None:
    limits = RunawayLimits(count=100, window_s=60, burst=5, per_hour=1)
    meter = new_meter(0, limits)
    assert [meter.take(at, limits) for at in range(7)] == [False] * 5 + [True] * 2
    assert meter.is_quiet(98, limits) is False, "the window is empty, the bucket too"
    assert meter.is_quiet(3700, limits) is True
    assert meter.take(3700, limits) is False
    assert (meter.running_since, meter.hidden) == (None, 0)
