"""Operators at work: each takes the most urgent case, notes, verifies, disposes, closes, through the web process."""

import threading
import time

from bench.visitor import Answer, Visitor

PAUSE_S = 0.1
"""Between two writes: a brisk operator would take far longer."""
STEPS: tuple[tuple[str, dict[str, str]], ...] = (
    ("note", {"text": "已电话联系，无人接听"}),
    ("verify", {"how": "call", "outcome": "false"}),
    ("dispose", {"result": "human_false", "cause": "误操作"}),
    ("close", {}),
)


class Hand(threading.Thread):
    """One operator, from `start` to `stop`. Raises at `stop` what went wrong."""

    def __init__(self, visitor: Visitor) -> None:
        super().__init__(daemon=True)
        self._visitor = visitor
        self._ending = threading.Event()
        self.took_ms: list[float] = []
        self.closed = 0
        self._wrong: Exception | None = None

    def stop(self) -> None:
        self._ending.set()
        self.join(120)
        if self._wrong is not None:
            raise self._wrong

    def run(self) -> None:
        try:
            while not self._ending.is_set():
                self._one_case()
        except Exception as wrong:  # noqa: BLE001 told at `stop`, in the thread that can end the measurement
            self._wrong = wrong

    def _one_case(self) -> None:
        taken = self._write("/queue/next/")
        if taken.status == 204:
            return
        for move, fields in STEPS:
            if self._ending.is_set():
                return
            done = self._write(f"{taken.location}{move}/", **fields)
            if done.status == 409 and move == "close":
                # An alarm has joined meanwhile: the page demands that it be seen first.
                self._write(f"{taken.location}acknowledge/")
                done = self._write(f"{taken.location}{move}/")
            if done.status == 409 and move == "dispose":
                # A hold-up or a fire does not end before help was called.
                for to in ("110", "119"):
                    self._write(f"{taken.location}forward/", to=to)
                done = self._write(f"{taken.location}{move}/", **fields)
            if done.status != 200:
                raise RuntimeError(f"{move} of {taken.location}: {done.status}")
        self.closed += 1

    def _write(self, path: str, **fields: str) -> Answer:
        answer = self._visitor.post(path, **fields)
        if answer.status == 200:
            self.took_ms.append(answer.took_ms)
        time.sleep(PAUSE_S)
        return answer
