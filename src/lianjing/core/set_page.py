"""A process of its own that sets one page description: HTML on standard input, PDF on standard output.

Started by `core/pages.py`. It imports nothing of ours, so it is ready as soon as the library is.
"""

import gc
import os
import select
import sys

NICE = 5
"""Whoever answers signals and desks goes first."""
WAITS_S = 900.0
"""One that is kept ready and not asked ends by itself."""


def _nothing_else(url: str) -> None:
    """A page holds text only; what somebody has typed must not fetch anything."""
    raise ValueError(f"a page fetches nothing: {url}")


def main() -> int:
    os.nice(NICE)
    gc.disable()  # It sets one page and ends: there is nothing to collect for.
    from weasyprint import HTML

    asked, _, _ = select.select([sys.stdin], [], [], WAITS_S)
    page = sys.stdin.buffer.read().decode() if asked else ""
    if not page:
        return 0
    content: bytes = HTML(string=page, url_fetcher=_nothing_else).write_pdf()
    sys.stdout.buffer.write(content)
    return 0


if __name__ == "__main__":
    sys.exit(main())
