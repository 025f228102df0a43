"""`lianjing doctor --watch` says in plain words what is down."""

import signal
import time
from datetime import UTC, datetime

from lianjing.project.doctor import Finding
from lianjing.project.doctor_watch import report, watch

AT = datetime(2026, 11, 22, 4, 0, tzinfo=UTC)


def test_what_is_down_stands_with_what_it_means_and_the_rest_is_left_out() -> None:
    findings = [Finding(True, "database", "sqlite"), Finding(False, "work", "not running")]
    assert report(findings, AT).splitlines() == [
        "2026-11-22 04:00:00  1 of 2 checks WRONG",
        "  DOWN  work: signals are stored, but DO NOT BECOME CASES",
        "        not running",
    ]
    assert report(findings[:1], AT) == "2026-11-22 04:00:00  all is well (1 checks)"


def test_it_looks_again_until_ctrl_c_and_answers_by_the_last_look(capsys) -> None:
    looks = [[Finding(True, "users", "3 active")], [Finding(False, "users", "nobody")], None]

    def look() -> list[Finding]:
        found = looks.pop(0)
        if found is None:
            signal.raise_signal(signal.SIGINT)
        return found or []

    began = time.monotonic()
    assert watch(look, 0.2) == 1
    assert time.monotonic() - began >= 0.4
    assert capsys.readouterr().out.count("checks") == 2
    looks[:] = [[Finding(True, "users", "3 active")], None]
    assert watch(look, 0.2) == 0
