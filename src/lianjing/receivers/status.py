"""How the receiver fares, in a file that is readable when the database is not."""

import asyncio
import errno
import json
import logging
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

log = logging.getLogger(__name__)

EVERY_S = 1.0
FILE_BYTES = 8192
"""More than a status takes; the rest is blanks, which JSON allows."""


def write_status(path: Path, content: Mapping[str, Any]) -> None:
    """Replaces the file as a whole: a reader sees the old or the new one. Raises OSError.

    On a full disk nothing new can be made, and that is just what has to be told: then the file, which always has the
    same size, is written over in place.
    """
    told = json.dumps(content, ensure_ascii=False, indent=1).encode().ljust(FILE_BYTES)
    draft = path.with_name(f".{path.name}.new")
    try:
        draft.write_bytes(told)
    except OSError as wrong:
        draft.unlink(missing_ok=True)
        if wrong.errno not in (errno.ENOSPC, errno.EDQUOT):
            raise
        with path.open("r+b") as file:
            file.write(told)
        return
    draft.replace(path)


async def report_forever(path: Path, content: Callable[[], Mapping[str, Any]]) -> None:
    """Writes `content()` every second, in a thread: a disk that hangs must not hold answers up.

    A file that cannot be written grows old, and that is how its readers notice.
    """
    failing = False
    while True:
        try:
            await asyncio.to_thread(write_status, path, content())
            failing = False
        except OSError as wrong:
            if not failing:
                log.error("status file: %s", wrong)
            failing = True
        await asyncio.sleep(EVERY_S)
