"""Disks that are really full: a small file system of the test's own, and a bound on the size of a process's files."""

import errno
import subprocess
import tempfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Protocol

CHUNK = 1 << 16


class Disk(Protocol):
    """Where something writes, until there is no room."""

    def fill(self) -> None:
        """From now on nothing more can be written."""

    def make_room(self) -> None:
        """It can again."""


class SmallDisk:
    """A mounted file system of a few megabytes."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._ballast = folder / "ballast"

    def fill(self) -> None:
        with self._ballast.open("wb", buffering=0) as file:
            for size in (CHUNK, 1):
                while _fits(file.write, bytes(size)):
                    pass

    def make_room(self) -> None:
        self._ballast.unlink()


class BoundedFiles:
    """Processes whose files may not grow past a size: the kernel refuses to write as on a full disk.

    For where nothing may be mounted. `size` in bytes; `user` is the command that acts as the user of the processes.
    """

    def __init__(self, processes: Callable[[], Iterable[int]], size: int, *user: str) -> None:
        self._processes, self._size, self._user = processes, size, user

    def fill(self) -> None:
        self._bound(str(self._size))

    def make_room(self) -> None:
        self._bound("unlimited")

    def _bound(self, size: str) -> None:
        for process in self._processes():
            # The hard limit stays: only a privileged process could raise it again.
            words = [*self._user, "prlimit", "--pid", str(process), f"--fsize={size}:"]
            done = subprocess.run(words, capture_output=True, check=False, cwd="/")
            assert done.returncode == 0 or not Path(f"/proc/{process}").exists(), done.stderr


@contextmanager
def small_disk(megabytes: int) -> Iterator[SmallDisk]:
    """Raises PermissionError where this user may not mount."""
    with tempfile.TemporaryDirectory(prefix="lianjing-small-disk-") as folder:
        size = f"size={megabytes}m"
        done = subprocess.run(["mount", "-t", "tmpfs", "-o", size, "tmpfs", folder], capture_output=True, check=False)
        if done.returncode:
            raise PermissionError(done.stderr.decode())
        try:
            # For PostgreSQL, which runs as a user of its own.
            Path(folder).chmod(0o755)
            yield SmallDisk(Path(folder))
        finally:
            subprocess.run(["umount", folder], check=True)


def may_mount() -> bool:
    try:
        with small_disk(1):
            return True
    except (PermissionError, FileNotFoundError):
        return False


def _fits(write: Callable[[bytes], object], data: bytes) -> bool:
    try:
        write(data)
    except OSError as wrong:
        if wrong.errno != errno.ENOSPC:
            raise
        return False
    return True
