"""Files between their dry run and the word to import them: on disk, for whoever brought them, for some hours."""

import json
import secrets
import time
from dataclasses import asdict, dataclass
from pathlib import Path

from django.conf import settings

from lianjing.core.crypto import open_field, seal_field
from lianjing.core.workbooks.planning import File

KEPT_S = 2 * 3600
MOST_KEPT = 20
"""Files of one person; of more, the oldest goes."""
ID_BITS = 53


@dataclass(frozen=True, slots=True)
class Upload:
    """A file that somebody has brought, and for which company."""

    id: int
    user_id: int
    company_id: int
    name: str

    @property
    def file(self) -> File:
        """Exactly the bytes that were brought. Raises FileNotFoundError when they are gone meanwhile."""
        sealed = _path(self.id, "file").read_text()
        return File(self.name, open_field(settings.ENVIRONMENT.data_key, sealed))


def keep(user_id: int, company_id: int, file: File) -> Upload:
    """Keeps a file, and forgets those that were kept too long."""
    folder = _folder()
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    _tidy(folder, user_id)
    upload = Upload(secrets.randbits(ID_BITS), user_id, company_id, file.name)
    # It may hold identity numbers and pass-words: whoever reads the disk reads nothing.
    _write(_path(upload.id, "file"), seal_field(settings.ENVIRONMENT.data_key, file.content).encode())
    _write(_path(upload.id, "json"), json.dumps(asdict(upload)).encode())
    return upload


def kept(user_id: int, upload_id: int) -> Upload | None:
    """The person's own file; None when it is somebody else's, or was kept too long."""
    told = _path(upload_id, "json")
    try:
        if time.time() - told.stat().st_mtime > KEPT_S:
            return None
        upload = Upload(**json.loads(told.read_bytes()))
    except (OSError, ValueError, TypeError):
        return None
    return upload if upload.user_id == user_id and _path(upload_id, "file").exists() else None


def forget(upload: Upload) -> None:
    _remove(upload.id)


def _folder() -> Path:
    return Path(settings.ENVIRONMENT.data) / "imports"


def _path(upload_id: int, kind: str) -> Path:
    return _folder() / f"{int(upload_id)}.{kind}"


def _write(path: Path, content: bytes) -> None:
    path.touch(mode=0o600)
    path.write_bytes(content)


def _remove(upload_id: int) -> None:
    for kind in ("json", "file"):
        _path(upload_id, kind).unlink(missing_ok=True)


def _tidy(folder: Path, user_id: int) -> None:
    """Whoever brings a file clears away what is over, his own beyond a number too."""
    mine = []
    for path in folder.glob("*.*"):
        try:
            age = time.time() - path.stat().st_mtime
            if age > KEPT_S:
                path.unlink(missing_ok=True)
            elif path.suffix == ".json" and json.loads(path.read_bytes()).get("user_id") == user_id:
                mine.append((age, int(path.stem)))
        except (OSError, ValueError):
            continue
    for _age, upload_id in sorted(mine)[MOST_KEPT - 1 :]:
        _remove(upload_id)
