"""`lianjing doctor --watch`: looks again and again, and says in plain words what is down."""

import sys
import time
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Protocol

CLEAR = "\x1b[2J\x1b[H"

MEANS = {
    "data folder": "nothing can be stored: make room, or signals will not be acknowledged",
    "database": "no case can be shown or handled until it is back",
    "tables": "the program and its tables do not fit each other",
    "receiver": "NO SIGNAL IS BEING RECEIVED; panels repeat what was not acknowledged",
    "registrations": "panels, keys or lines that were registered lately do not count yet",
    "work": "signals are stored, but DO NOT BECOME CASES",
    "journal": "new alarms may pass as treated",
    "sealed records": "acts are recorded, but not sealed in time",
    "heads of the log": "a rewritten log might not show",
    "backup": "there is no recent copy to go back to",
    "users": "nobody can sign on",
    "second factor": "who is named cannot sign on",
    "panel keys": "encrypted signals of these panels cannot be read",
    "call cards": "the sheets for the day when everything is down are old or missing",
}
"""What it means to people when a check is wrong."""


class Finding(Protocol):
    """What a check has found."""

    @property
    def good(self) -> bool: ...

    @property
    def what(self) -> str: ...

    @property
    def told(self) -> str: ...


def watch(look: Callable[[], Sequence[Finding]], interval: float) -> int:
    """Until Ctrl-C. Then 0 when the last look found nothing wrong, 1 when it did."""
    good = True
    try:
        while True:
            findings = look()
            good = all(finding.good for finding in findings)
            _show(report(findings, datetime.now().astimezone()))
            time.sleep(interval)
    except KeyboardInterrupt:
        print()
        return 0 if good else 1


def report(findings: Sequence[Finding], at: datetime) -> str:
    """What is down and what that means; one line when nothing is."""
    wrong = [finding for finding in findings if not finding.good]
    clock = f"{at:%Y-%m-%d %H:%M:%S}"
    if not wrong:
        return f"{clock}  all is well ({len(findings)} checks)"
    lines = [f"{clock}  {len(wrong)} of {len(findings)} checks WRONG"]
    for finding in wrong:
        lines += [f"  DOWN  {finding.what}: {MEANS.get(finding.what, 'see below')}", f"        {finding.told}"]
    return "\n".join(lines)


def _show(text: str) -> None:
    """On a screen each look takes the place of the one before; in a file they follow each other."""
    print((CLEAR if sys.stdout.isatty() else "") + text, flush=True)
