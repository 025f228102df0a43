"""Paths that beat, and some that fall silent, before the watch over lines: a process of its own, so that its memory can
be told. `python -m bench.supervised PATHS SECONDS` prints a `Watched` as JSON.

In process, without sockets and faster than real time: each beat comes in its order and each second has its turn, and
the processor time that they take is held against the seconds that are simulated.
"""

import gc
import json
import os
import random
import sys
import time
from dataclasses import asdict, dataclass

from bench.machine import memory_mib
from lianjing.core.supervision import Watch

INTERVAL_S, MISSES = 90, 3
ALLOWED_S = INTERVAL_S * MISSES
SILENT = 1000
"""So many fall silent, at random times that leave room for their loss to be found."""
ROOM_S = ALLOWED_S + INTERVAL_S + 30
STEP = 7919
"""Paths beat in another order than that in which they were entered: prime, so that each has its turn."""
APART = 4
"""Every fourth path is told apart from its panel's others, by transport."""

Line = tuple[str, str, str]


@dataclass(frozen=True, slots=True)
class Watched:
    """What it took, and whether it was right."""

    beats: int
    busy_s: float
    """Processor time of messages and turns; making up the messages is left out."""
    simulated_s: int
    mib: float
    """By which the process grew."""
    enter_us: float
    """What a path costs that is entered."""
    slowest_turn_ms: float
    delays_ms: list[float]
    """From the moment at which a silent path's time was over until it was called lost."""
    wrongly: int
    """Living paths that were called lost, and silent ones that were not."""


class Crowd:
    """So many paths, each beating every INTERVAL_S seconds, evenly spread."""

    def __init__(self, paths: int, seconds: int) -> None:
        chance = random.Random(paths)
        self._paths, self._rate = paths, paths / INTERVAL_S
        self.silent_from = {
            number: chance.uniform(0, seconds - ROOM_S) for number in chance.sample(range(paths), SILENT)
        }
        self.last_beat = dict.fromkeys(self.silent_from, 0.0)

    def beats(self, second: int) -> list[tuple[Line, float]]:
        """What is heard in this second, in its order."""
        found = []
        for beat in range(int(second * self._rate), int((second + 1) * self._rate)):
            number, at = beat * STEP % self._paths, beat / self._rate
            if number in self.silent_from:
                if at >= self.silent_from[number]:
                    continue
                self.last_beat[number] = at
            found.append((line(number), at))
        return found


def line(number: int) -> Line:
    """Listener, account, transport."""
    return "dc09", f"{number:06X}", "tcp"


def measure(paths: int, seconds: int) -> Watched:
    """Enters the paths and lets them beat."""
    crowd = Crowd(paths, seconds)
    gc.collect()
    before, began = memory_mib(os.getpid()), time.process_time()
    watch = Watch(0.0)
    for number in range(paths):
        whole = line(number)
        watch.watch(number, whole if number % APART == 0 else whole[:2], INTERVAL_S, MISSES)
    enter_us = 1e6 * (time.process_time() - began) / paths
    beats, busy_s, slowest_s, lost = 0, 0.0, 0.0, {}
    for second in range(seconds):
        heard = crowd.beats(second)
        began = time.process_time()
        for whole, at in heard:
            # As `receive` does: it cannot know by what a panel's paths are told apart.
            watch.heard(whole[:2], at)
            watch.heard(whole, at)
        turned = time.process_time()
        while True:
            lost.update({found.path: found.at for found in watch.turn(second + 1.0).lost})
            if not watch.behind:
                break
        ended = time.process_time()
        beats, busy_s, slowest_s = beats + len(heard), busy_s + ended - began, max(slowest_s, ended - turned)
    delays = [1000 * (lost[number] - crowd.last_beat[number] - ALLOWED_S) for number in crowd.silent_from.keys() & lost]
    wrongly = len(crowd.silent_from.keys() ^ lost.keys()) + sum(delay < 0 for delay in delays)
    mib = memory_mib(os.getpid()) - before
    return Watched(beats, busy_s, seconds, mib, enter_us, 1000 * slowest_s, delays, wrongly)


if __name__ == "__main__":
    print(json.dumps(asdict(measure(*map(int, sys.argv[1:])))))
