"""Lines under supervision, with the real journal and the tables of panels and paths, on either database."""

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from lianjing.core.directory import following
from lianjing.core.journal import Journal
from lianjing.core.journal.engine import EngineFault
from lianjing.core.supervision import Supervision, open_supervision, supervision
from tests.core.journal.places import ENGINES, NOON, Clock, Place, alarm, entry, heartbeat, place
from tests.core.supervision.tables import Tables
from tests.core.supervision.test_watch import LIMIT


@pytest.fixture(params=ENGINES)
def at(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Place]:
    with place(request.param, tmp_path) as fresh:
        yield fresh


@pytest.fixture
def tables(at: Place) -> Tables:
    return Tables(at)


@pytest.fixture(autouse=True)
def _by_hand(monkeypatch: pytest.MonkeyPatch) -> None:
    """Turns are the test's own; paths are looked at again and again."""
    monkeypatch.setattr(supervision, "TURN_S", 1000.0)
    monkeypatch.setattr(following, "REFRESH_S", 0.01)


class Lines:
    """A run of the receiver's heart, on a clock that only the test moves."""

    def __init__(self, journal: Journal, watching: Supervision, clock: Clock) -> None:
        self.journal, self.watching, self._clock = journal, watching, clock

    async def watches(self, number: int) -> None:
        await self._until(lambda: self.watching.figures()["watched"] == number)

    async def looked(self) -> None:
        """All edits so far have arrived: two readings have ended."""
        before = self.watching._paths._reading
        await self._until(lambda: self.watching._paths._reading > before + 1)
        await asyncio.sleep(0)

    async def hear(self, raw: bytes, transport: str = "tcp") -> None:
        await self.journal.store(entry(raw, self._clock.at, transport))
        await asyncio.sleep(0)

    async def wait(self, seconds: int, *, turns: bool = True) -> None:
        for _ in range(seconds):
            self._clock.pass_by(seconds=1)
            if turns:
                await self.watching.turn()

    async def _until(self, true: Callable[[], object]) -> None:
        for _ in range(500):
            if true():
                return
            await asyncio.sleep(0.01)
        raise AssertionError(f"in vain: {self.watching.figures()} {self.watching.fault}")


def run(
    at: Place,
    work: Callable[[Lines], Awaitable[object]],
    clock: Clock | None = None,
    listeners: tuple[str, ...] = ("dc09",),
) -> list[tuple[int, str]]:
    """One run of the receiver; what the journal tells of lines after it, as path and kind."""
    clock = clock or Clock()

    async def live() -> None:
        journal = at.journal(clock=clock)
        watching = open_supervision(at.url, journal, listeners, clock)
        journal.start()
        watching.start()
        try:
            await work(Lines(journal, watching, clock))
        finally:
            await watching.stop()
            await journal.stop()

    asyncio.run(live())
    return told(at)


def told(at: Place) -> list[tuple[int, str]]:
    return [(row["path_id"], row["kind"]) for row in at.rows("journal_line_event")]


def test_a_loss_and_a_return_are_kept_in_their_order_with_the_line_and_the_last_sign_of_life(at, tables):
    tables.panel(1)
    tables.path(11, transport="tcp")

    async def work(lines: Lines) -> None:
        await lines.watches(1)
        await lines.hear(heartbeat())
        await lines.wait(LIMIT)
        await lines.hear(alarm(1))
        await lines.wait(1)

    assert run(at, work) == [(11, "lost"), (11, "heard")]
    lost, heard = at.rows("journal_line_event")
    assert [lost[name] for name in ("listener", "account", "transport")] == ["dc09", "7099", "tcp"]
    seen = NOON.replace(tzinfo=None).isoformat(" ", "microseconds") if at.engine == "sqlite" else NOON
    assert (lost["last_heard_at"], heard["last_heard_at"]) == (seen, seen)
    assert not lost["standing"]


def test_any_message_counts_and_paths_are_told_apart_by_transport_or_not_at_all(at, tables):
    tables.panel(1)
    tables.path(11, transport="tcp")
    tables.path(12, transport="udp")
    tables.path(13)

    async def work(lines: Lines) -> None:
        await lines.watches(3)
        for message in (heartbeat(), heartbeat(), alarm(1), heartbeat()):
            await lines.hear(message, "udp")
            await lines.wait(90)

    assert run(at, work) == [(11, "lost")]


def test_what_cannot_be_understood_is_no_sign_of_life(at, tables):
    tables.panel(1)
    tables.path(11)

    async def work(lines: Lines) -> None:
        await lines.watches(1)
        for _ in range(4):
            await lines.hear(heartbeat().replace(b"7099", b"7098"))
            await lines.wait(90)

    assert run(at, work) == [(11, "lost")]


def test_a_restart_takes_up_what_is_lost_and_tells_it_only_once(at, tables):
    tables.panel(1)
    tables.path(11)

    async def falls_silent(lines: Lines) -> None:
        await lines.watches(1)
        await lines.wait(LIMIT)

    async def speaks_again(lines: Lines) -> None:
        await lines.watches(1)
        await lines.wait(2 * LIMIT)
        assert lines.watching.figures()["lost"] == 1
        await lines.hear(heartbeat())
        await lines.wait(1)

    assert run(at, falls_silent) == [(11, "lost")]
    assert run(at, speaks_again, Clock(NOON + timedelta(hours=1))) == [(11, "lost"), (11, "heard")]


def test_what_has_left_while_nobody_looked_is_no_longer_missed(at, tables):
    tables.panel(1)
    tables.path(11)
    tables.path(12)

    async def falls_silent(lines: Lines) -> None:
        await lines.watches(2)
        await lines.wait(LIMIT)

    async def looks(lines: Lines) -> None:
        await lines.watches(1)
        await lines.looked()

    assert sorted(run(at, falls_silent)) == [(11, "lost"), (12, "lost")]
    tables.drop(11)
    assert run(at, looks)[2:] == [(11, "unwatched")]
    assert run(at, looks)[3:] == []


@pytest.mark.parametrize("how", ["dropped", "unsupervised", "removed"])
def test_an_edit_ends_the_supervision_of_a_lost_path(at, tables, how):
    tables.panel(1)
    tables.path(11)
    tables.panel(2, "7100")
    tables.path(12, 2)

    async def work(lines: Lines) -> None:
        await lines.watches(2)
        await lines.wait(LIMIT)
        {
            "dropped": lambda: tables.drop(11),
            "unsupervised": lambda: tables.change(11, interval_s=None),
            "removed": lambda: tables.touch(1, removed_at=True),
        }[how]()
        await lines.watches(1)

    assert run(at, work)[2:] == [(11, "unwatched")]


def test_a_pending_panel_is_not_missed_until_its_first_signal_and_new_terms_hold(at, tables):
    tables.panel(1, active=False)
    tables.path(11)
    tables.panel(2, "7100")
    tables.path(12, 2, interval_s=3600)

    async def work(lines: Lines) -> None:
        await lines.watches(1)
        await lines.wait(2 * LIMIT)
        tables.touch(1, activated_at=True)
        await lines.watches(2)
        tables.change(12, 2, interval_s=90)
        await lines.looked()
        await lines.wait(LIMIT)

    assert run(at, work) == [(12, "lost"), (11, "lost")]


def test_panels_of_a_listener_that_is_switched_off_are_not_missed(at, tables):
    tables.panel(1, listener="surgard")
    tables.path(11)
    tables.panel(2, "7100")
    tables.path(12, 2)

    async def work(lines: Lines) -> None:
        await lines.watches(1)
        await lines.wait(2 * LIMIT)

    assert run(at, work) == [(12, "lost")]


def test_after_our_own_outage_every_panel_has_its_full_time_again(at, tables, monkeypatch):
    for number in range(50):
        tables.panel(number, f"7{number:03d}")
        tables.path(number, number)

    async def work(lines: Lines) -> None:
        await lines.watches(50)
        await lines.wait(LIMIT - 1)
        with monkeypatch.context() as patched:
            patched.setattr(Journal, "fault", "the disk is full")
            await lines.wait(3600)
        await lines.wait(LIMIT)
        assert told(at) == []
        with monkeypatch.context() as patched:
            patched.setattr(Journal, "busy_s", 5.0)
            await lines.wait(3600)
        await lines.wait(3600, turns=False)
        await lines.wait(LIMIT)
        assert lines.watching.figures() == {"watched": 50, "lost": 0, "outages": 2}

    assert run(at, work) == []


def test_what_the_journal_could_not_take_at_once_is_saved_when_it_can(at, tables, monkeypatch):
    tables.panel(1)
    tables.path(11)

    async def work(lines: Lines) -> None:
        await lines.watches(1)
        engine = lines.journal._writer._engine
        real = engine.save_line_events

        def saved_without_an_answer(events):
            monkeypatch.setattr(engine, "save_line_events", real)
            real(events)
            raise EngineFault("the connection was lost")

        monkeypatch.setattr(engine, "save_line_events", saved_without_an_answer)
        await lines.wait(LIMIT)
        await lines._until(lambda: lines.journal.figures()["faults"] == 1)
        await lines._until(lambda: told(at) and lines.journal.healthy)

    assert run(at, work) == [(11, "lost")]
    assert at.rows("journal_line_event")[0]["standing"]
