"""How the receiver fares, in a file that is readable when the database is not."""

import asyncio
import json
import logging
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

log = logging.getLogger(__name__)

EVERY_S = 1.0


def write_status(path: Path, content: Mapping[str, Any]) -> None:
    """Replaces the file as a whole: a reader sees the old or the new one. Raises OSError."""
    draft = path.with_name(f".{path.name}.new")
    draft.write_text(json.dumps(content, ensure_ascii=False, indent=1), encoding="utf-8")
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
