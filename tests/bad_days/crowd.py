"""The panels' process in the hands of a test, and what must be true of the journal after any bad day."""

import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from math import inf
from pathlib import Path

from tests.core.journal.places import Place
from tests.program import until

PANELS = 60


@dataclass
class Load:
    """Panels that report without a pause, and what they have noted so far."""

    process: "subprocess.Popen[bytes]"
    path: Path
    noted: dict[str, list[tuple[float, bytes]]] = field(default_factory=lambda: {"sent": [], "acked": [], "wrong": []})
    _read_to: int = 0

    def all_of(self, what: str) -> list[tuple[float, bytes]]:
        """All so far that was `sent`, `acked` or `wrong`: seconds of the monotonic clock, and the frame."""
        with self.path.open("rb") as log:
            log.seek(self._read_to)
            whole = log.read().rpartition(b"\n")[0]
        for line in whole.splitlines():
            kind, at, raw = line.decode("ascii").split()
            self.noted[kind].append((float(at), bytes.fromhex(raw)))
        self._read_to += len(whole) + bool(whole)
        return self.noted[what]

    @property
    def acked(self) -> list[bytes]:
        return [raw for _, raw in self.all_of("acked")]

    def acked_between(self, since: float, until: float = inf) -> int:
        """How many were acknowledged between these instants of the monotonic clock."""
        return sum(since < at < until for at, _ in self.all_of("acked"))

    def goes_on(self, count: int = 200) -> None:
        """Waits until so many further frames are acknowledged."""
        now = time.monotonic()
        until(lambda: self.acked_between(now) >= count, 150)

    def finish(self) -> None:
        """No new frames; returns when every frame that was begun is acknowledged."""
        self.process.terminate()
        assert self.process.wait(60) == 0
        assert self.all_of("wrong") == []
        assert len(self.all_of("acked")) == len(self.all_of("sent"))


@contextmanager
def panels(
    folder: Path, *ports: int, count: int = PANELS, first_account: str = "1000", patience_s: float = 3.0
) -> Iterator[Load]:
    """So many panels report to the receivers on these ports, one connection each."""
    path = folder / f"panels.{first_account}.log"
    path.touch()
    words = [str(path), ",".join(map(str, ports)), str(count), first_account, str(patience_s)]
    with subprocess.Popen([sys.executable, "-m", "tests.bad_days.panels", *words]) as process:
        try:
            yield Load(process, path)
        finally:
            process.kill()


@contextmanager
def no_acknowledgement(load: Load, settling_s: float = 1.0) -> Iterator[None]:
    """Nothing is acknowledged inside, but for answers that were on their way when it began."""
    began = time.monotonic()
    yield
    ended = time.monotonic()
    # What arrived before the end is noted now: the panels' process notes it when it gets its turn.
    time.sleep(settling_s)
    assert load.acked_between(began + settling_s, ended) == 0


def is_accounted(at: Place, sent: list[bytes], further: Iterable[bytes] = ()) -> None:
    """Each frame that was `sent`, all of them acknowledged in the end, is in the journal and raised exactly once.

    The `further` ones, refused or sent again with another time, are there too, and none of them is raised.
    """
    stored = at.rows("journal_frame")
    firsts = {frame["id"]: bytes(frame["raw"]) for frame in stored if frame["repeat_of"] is None}
    raised = Counter(firsts[signal["frame_id"]] for signal in at.rows("journal_signal"))
    assert set(sent) - set(raised) == set(), "acknowledged and lost"
    assert [raw for raw, times in raised.items() if times > 1] == [], "raised twice"
    assert set(raised) - set(sent) == set(), "never sent"
    assert {bytes(frame["raw"]) for frame in stored} == set(sent).union(further)
    assert sum(batch["frame_count"] for batch in at.rows("journal_batch")) == len(stored)
