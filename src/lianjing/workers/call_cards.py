"""Has the call-card sheets looked at every fifteen minutes, by a process of its own (`lianjing call-cards`)."""

import logging
import subprocess
import time
from collections.abc import Sequence

log = logging.getLogger(__name__)

EVERY_S = 15 * 60.0
FIRST_S = 20.0
"""After a start there is more urgent work for the processor."""


class CallCards:
    """The loop's turn: starts `command` when it is due, and sees how the last one ended."""

    def __init__(self, command: Sequence[str], every_s: float = EVERY_S) -> None:
        self._command = list(command)
        self._every_s = every_s
        self._due = time.monotonic() + min(FIRST_S, every_s)
        self._running: subprocess.Popen[bytes] | None = None

    def turn(self) -> int:
        """Always 0: there is never more to do at once. One that runs on is left to; it is never started twice."""
        if self._running is not None and self._ended(self._running):
            self._running = None
        if self._running is None and time.monotonic() >= self._due:
            self._due = time.monotonic() + self._every_s
            self._running = subprocess.Popen(self._command)  # noqa: S603 our own command
        return 0

    def close(self) -> None:
        """Ends one that still runs: each sheet is replaced as a whole, so that nothing half done is left."""
        if self._running is not None and self._running.poll() is None:
            self._running.terminate()
            self._running.wait()

    def _ended(self, process: "subprocess.Popen[bytes]") -> bool:
        code = process.poll()
        if code:
            # `doctor` tells how old the sheets are.
            log.error("the call cards could not be set: exit %d", code)
        return code is not None
