"""The watch over paths: against a model that looks at all of them, and what must hold whatever the clock does."""

from dataclasses import dataclass

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from lianjing.core.supervision import Heard, Lost, Watch, watch

START = 1_700_000_000.0
LIMIT = 90 * 3 + watch.SLACK_S


class Clock:
    """Supervised minutes, second by second."""

    def __init__(self, watch: Watch) -> None:
        self.watch, self.now = watch, START

    def wait(self, seconds: int, *, beats: str = "", every: int = 90) -> list[Lost | Heard]:
        """All changes of so many turns; `beats` is heard at once and `every` so many seconds."""
        told: list[Lost | Heard] = []
        for second in range(seconds):
            if beats and second % every == 0:
                self.watch.heard(beats, self.now)
            self.now += 1
            heard, lost = self.watch.turn(self.now)
            told += [*heard, *lost]
        return told


@pytest.fixture
def clock() -> Clock:
    return Clock(Watch(START))


def test_a_path_is_lost_after_interval_times_misses_and_a_little_and_told_once(clock):
    clock.watch.watch(1, "7099", 90)
    clock.watch.heard("7099", START)
    assert clock.wait(LIMIT - 1) == []
    assert clock.wait(1000) == [Lost(1, START + LIMIT, START)]
    assert (len(clock.watch), clock.watch.lost_count) == (1, 1)


def test_any_message_restores_it_and_tells_how_long_it_was_silent(clock):
    clock.watch.watch(1, "7099", 90)
    clock.watch.heard("7099", START)
    clock.wait(500)
    assert clock.wait(10, beats="7099") == [Heard(1, START + 500, START)]
    assert clock.wait(LIMIT - 10 - 1) == []
    assert clock.wait(1) == [Lost(1, clock.now, START + 500)]


def test_a_beating_path_is_never_lost_and_its_silent_neighbour_is(clock):
    clock.watch.watch(1, "beats", 90)
    clock.watch.watch(2, "silent", 90)
    assert clock.wait(2000, beats="beats") == [Lost(2, START + LIMIT, None)]


def test_paths_that_cannot_be_told_apart_live_and_die_together(clock):
    clock.watch.watch(1, "7099", 90)
    clock.watch.watch(2, "7099", 30)
    assert clock.wait(400) == [Lost(2, START + 95, None), Lost(1, START + LIMIT, None)]
    assert clock.wait(1, beats="7099") == [Heard(2, START + 400, None), Heard(1, START + 400, None)]


def test_a_path_that_was_lost_before_we_began_is_not_lost_again_and_can_be_heard(clock):
    clock.watch.watch(1, "7099", 90, lost=True)
    assert clock.wait(1000) == []
    assert clock.wait(1, beats="7099") == [Heard(1, START + 1000, None)]


def test_after_an_outage_of_our_own_every_path_has_its_full_time_again(clock):
    for path in range(1000):
        clock.watch.watch(path, path, 90)
    clock.wait(LIMIT - 1)
    clock.now += 3600
    assert clock.wait(LIMIT) == []
    assert clock.watch.gap_count == 1
    assert len(clock.wait(2)) == 1000


def test_a_clock_that_steps_back_or_ahead_loses_nobody(clock):
    clock.watch.watch(1, "7099", 90)
    for step in (-7200, 7200, 86_400, -86_400):
        clock.now += step
        assert clock.wait(200, beats="7099") == []


def test_who_is_no_longer_watched_is_never_lost_and_says_whether_it_was(clock):
    clock.watch.watch(1, "a", 90)
    clock.watch.watch(2, "b", 90)
    clock.watch.unwatch(1)
    assert clock.wait(1000) == [Lost(2, START + LIMIT, None)]
    assert [clock.watch.unwatch(path) for path in (1, 2)] == [False, True]
    assert (len(clock.watch), clock.watch.lost_count) == (0, 0)


def test_new_terms_hold_from_the_last_message_on(clock):
    clock.watch.watch(1, "7099", 3600)
    clock.wait(100, beats="7099")
    clock.watch.watch(1, "7099", 30)
    assert clock.wait(200) == [Lost(1, START + 90 + 95, START + 90)]


def test_a_time_of_more_than_an_hour_is_kept_to_the_second(clock):
    clock.watch.watch(1, "7099", 86_400, 1)
    assert clock.wait(86_400 + watch.SLACK_S - 1) == []
    assert clock.wait(1) == [Lost(1, clock.now, None)]


def test_a_turn_looks_at_no_more_than_it_may_and_says_that_it_is_behind(clock):
    for path in range(100):
        clock.watch.watch(path, path, 90)
    clock.wait(LIMIT - 1)
    found = [clock.watch.turn(clock.now + 1, most=30) for _ in range(3)]
    assert clock.watch.behind
    found.append(clock.watch.turn(clock.now + 1))
    assert not clock.watch.behind
    assert [len(changes.lost) for changes in found] == [30, 30, 30, 10]


@dataclass
class Naive:
    """What is known of one path, as plainly as can be."""

    key: int
    limit: int
    heard: int
    changed: int = -1
    """New terms hold from the next second on."""
    heard_at: float | None = None
    lost: bool = False


class AgainstAll(RuleBasedStateMachine):
    """The model looks at every path in every turn."""

    def __init__(self) -> None:
        super().__init__()
        self.watch, self.now = Watch(START), START
        self.elapsed, self.grace = 0.0, 0
        self.paths: dict[int, Naive] = {}
        self.restored: list[Heard] = []

    @property
    def second(self) -> int:
        return int(self.elapsed)

    @rule(
        path=st.integers(0, 12),
        key=st.integers(0, 5),
        interval=st.integers(1, 9),
        misses=st.integers(1, 3),
        lost=st.booleans(),
    )
    def watches(self, path, key, interval, misses, lost):
        limit = interval * misses + watch.SLACK_S
        if known := self.paths.get(path):
            known.key, known.limit, known.changed = key, limit, self.second
        else:
            self.paths[path] = Naive(key, limit, self.second, lost=lost)
        self.watch.watch(path, key, interval, misses, lost=lost)

    @rule(path=st.integers(0, 12))
    def unwatches(self, path):
        known = self.paths.pop(path, None)
        assert self.watch.unwatch(path) is bool(known and known.lost)

    @rule(key=st.integers(0, 5))
    def hears(self, key):
        self.watch.heard(key, self.now)
        for path, known in self.paths.items():
            if known.key == key:
                if known.lost:
                    self.restored.append(Heard(path, self.now, known.heard_at))
                known.lost, known.heard, known.heard_at = False, self.second, self.now

    @rule(times=st.integers(1, 8), step=st.sampled_from([0.4, 1.0, 1.3, 3.7, 4.0]))
    def listens(self, times, step):
        for _ in range(times):
            self.turns(step)

    @rule(step=st.sampled_from([1.0, 4.1, 60.0, -0.5, -90.0]))
    def turns(self, step):
        before, self.now = self.now, self.now + step
        if self.now - before > watch.GAP_S:
            self.grace = self.second
        else:
            self.elapsed += max(0.0, self.now - before)
        expected = []
        for path, known in self.paths.items():
            if (
                not known.lost
                and self.second > known.changed
                and self.second - max(known.heard, self.grace) >= known.limit
            ):
                known.lost = True
                expected.append(Lost(path, self.now, known.heard_at))
        heard, lost = self.watch.turn(self.now)
        assert sorted(heard) == sorted(self.restored)
        assert sorted(lost) == sorted(expected)
        self.restored = []

    @invariant()
    def counts_agree(self):
        assert len(self.watch) == len(self.paths)
        assert self.watch.lost_count == sum(known.lost for known in self.paths.values())


AgainstAll.TestCase.settings = settings(max_examples=100, stateful_step_count=60, deadline=None)
TestTheWatchAgreesWithAModelThatLooksAtAllPaths = AgainstAll.TestCase
