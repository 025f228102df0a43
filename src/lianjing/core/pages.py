"""HTML to PDF, in a process of its own: setting pages takes whole seconds of a core, for which no desk may wait.

One process is kept ready, since the library alone takes a second to come; who needs a page soon says so before.
"""

import atexit
import subprocess
import sys
from threading import Lock
from types import TracebackType

LONGEST_S = 120
Process = subprocess.Popen[bytes]


class CannotSet(Exception):
    """The page was not set; the text says why. Pango is a library of the system and may be missing."""


class Setter:
    """`with Setter() as setter: setter.pdf(page)`: one page description, once. Nothing survives the block."""

    def __enter__(self) -> "Setter":
        self._process = _SPARE.take()
        return self

    def __exit__(self, _kind: type[BaseException] | None, _is: BaseException | None, _at: TracebackType | None) -> None:
        _end(self._process)

    def pdf(self, page: str) -> bytes:
        """Raises CannotSet."""
        try:
            content, told = self._process.communicate(page.encode(), timeout=LONGEST_S)
        except subprocess.TimeoutExpired as late:
            raise CannotSet(f"not within {LONGEST_S} s") from late
        except OSError as gone:
            raise CannotSet(str(gone)) from gone
        if self._process.returncode or not content:
            raise CannotSet(told.decode(errors="replace").strip().rpartition("\n")[2])
        return content


def get_ready() -> None:
    """A page will be wanted soon."""
    _SPARE.fill()


class _Spare:
    """At most one process that waits for its page; it ends by itself when none comes, and with us."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._waiting: Process | None = None

    def take(self) -> Process:
        with self._lock:
            ours, self._waiting = self._waiting, None
        return ours if ours is not None and ours.poll() is None else _start()

    def fill(self) -> None:
        with self._lock:
            if self._waiting is None or self._waiting.poll() is not None:
                self._waiting = _start()

    def empty(self) -> None:
        with self._lock:
            ours, self._waiting = self._waiting, None
        if ours is not None:
            _end(ours)


def _start() -> Process:
    pipe = subprocess.PIPE
    words = [sys.executable, "-m", "lianjing.core.set_page"]
    return subprocess.Popen(words, stdin=pipe, stdout=pipe, stderr=pipe)  # noqa: S603 our own module


def _end(process: Process) -> None:
    """Ends it, and leaves neither a process nor a pipe behind."""
    if process.poll() is None:
        process.kill()
    process.wait()
    for pipe in (process.stdin, process.stdout, process.stderr):
        if pipe is not None:
            pipe.close()


_SPARE = _Spare()
atexit.register(_SPARE.empty)
