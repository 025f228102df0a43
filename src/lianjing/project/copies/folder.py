"""The folder of scans and drawings, which lies beside the databases."""

import shutil
from collections.abc import Mapping
from pathlib import Path

from lianjing.project.copies.store import NotEmpty

FILES = "files"
"""Name of the folder in the data folder (MEDIA_ROOT), and of what is of it in a backup."""


class FolderCopy:
    """Copies the folder in two looks, one before the databases are copied and one after.

    A file is written before its row and removed after it: so every file that a copied row names was there at one of
    both looks. Names are never used twice, so a file that was copied stays as it is.
    """

    def __init__(self, data: Path, target: Path) -> None:
        self._source, self._target = data / FILES, target / FILES
        self.copies: dict[str, Path] = {}

    def look(self) -> None:
        for path in sorted(self._source.rglob("*")) if self._source.is_dir() else ():
            name = f"{FILES}/{path.relative_to(self._source).as_posix()}"
            if name not in self.copies and path.is_file() and not path.is_symlink():
                self._copy(path, name)

    def _copy(self, path: Path, name: str) -> None:
        target = self._target / path.relative_to(self._source)
        target.parent.mkdir(parents=True, exist_ok=True)
        try:
            shutil.copyfile(path, target)
        except FileNotFoundError:
            # Removed since the look: no row names it any more.
            return
        target.chmod(0o600)
        self.copies[name] = target


def is_of_folder(name: str) -> bool:
    """Whether a file of a backup belongs to the folder; the others are the databases'."""
    return name.startswith(f"{FILES}/")


def require_no_files(data: Path) -> None:
    """Raises NotEmpty."""
    place = data / FILES
    if place.is_dir() and any(path.is_file() for path in place.rglob("*")):
        raise NotEmpty(f"{place} is there already: move it away, or set LIANJING_DATA to a new folder")


def put_files_back(unpacked: Path, data: Path, files: Mapping[str, str]) -> None:
    """Moves the folder into its place, in one step: both lie in the data folder."""
    if any(is_of_folder(name) for name in files):
        place = data / FILES
        if place.is_dir():
            shutil.rmtree(place)
        (unpacked / FILES).replace(place)
