"""Identity numbers do not belong in logs: a handler that looks at all that the suite logs, and names who logged one."""

import logging
import re
import traceback

from lianjing.domain.people.identity_policy import check_digit

EIGHTEEN = re.compile(r"(?<![0-9])(\d{17})([\dXx])(?![0-9A-Za-z])")


def identity_numbers_in(text: str) -> list[str]:
    """Runs of eighteen signs whose last is the check digit of the others; nineteen and more are something else."""
    return [body + last for body, last in EIGHTEEN.findall(text) if check_digit(body) == last.upper()]


class Watch(logging.Handler):
    """Sees every record of every logger below which it hangs, whatever its level."""

    def __init__(self) -> None:
        super().__init__(level=logging.NOTSET)
        self.found: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        if identity_numbers_in(_whole(record)):
            self.found.append(f"{record.name} ({record.levelname}) at {record.pathname}:{record.lineno}")


def _whole(record: logging.LogRecord) -> str:
    """The message, what was handed over with it, and the traceback."""
    try:
        said = record.getMessage()
    except (TypeError, ValueError):
        said = f"{record.msg} {record.args}"
    extras = {name: value for name, value in record.__dict__.items() if name not in _OWN}
    trace = "".join(traceback.format_exception(*record.exc_info)) if record.exc_info else record.exc_text or ""
    return f"{said} {extras} {trace}"


_OWN = frozenset(logging.makeLogRecord({}).__dict__) | {"message"}


def every_logger() -> list[logging.Logger]:
    """The root, and those that hand nothing up to it."""
    named = [logger for logger in logging.Logger.manager.loggerDict.values() if isinstance(logger, logging.Logger)]
    return [logging.getLogger(), *(logger for logger in named if not logger.propagate)]
