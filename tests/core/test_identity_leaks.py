"""The watch over the suite's logs can fail: a planted number is found, and what only looks like one is not."""

import logging
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.identity_leaks import Watch, every_logger, identity_numbers_in

ROOT = Path(__file__).parent.parent.parent
SOUND = "11010519491231002X"
"""The example that GB 11643 gives itself."""


@pytest.mark.parametrize(
    ("text", "found"),
    [
        (f"saved {SOUND}.", [SOUND]),
        (f"saved {SOUND.lower()},", [SOUND.lower()]),
        (f'{{"identity": "{SOUND}"}}', [SOUND]),
        (f"编号{SOUND}号", [SOUND]),
        ("110105194912310021", []),
        (f"1{SOUND}", []),
        (f"{SOUND}9", []),
        ("**************002X", []),
        ("a 1764440074123456789 b", []),
    ],
)
def test_a_number_with_the_right_check_digit_is_found_wherever_it_stands(text: str, found: list[str]) -> None:
    assert identity_numbers_in(text) == found


def _planted(watch: Watch, name: str, *log: object, level: int = logging.DEBUG, **more: object) -> list[str]:
    """What a watch of its own finds, on a logger that hands nothing to the suite's."""
    logger = logging.getLogger(name)
    logger.propagate, kept = False, logger.propagate
    logger.addHandler(watch)
    logger.setLevel(logging.DEBUG)
    suites = [handler for handler in logger.handlers if handler is not watch]
    for handler in suites:
        logger.removeHandler(handler)
    try:
        logger.log(level, *log, **more)  # type: ignore[arg-type]
    finally:
        logger.removeHandler(watch)
        for handler in suites:
            logger.addHandler(handler)
        logger.propagate = kept
        logger.setLevel(logging.NOTSET)
    return watch.found


@pytest.mark.parametrize("level", [logging.DEBUG, logging.INFO, logging.CRITICAL])
def test_whoever_logs_a_number_is_named_without_repeating_it(level: int) -> None:
    (found,) = _planted(Watch(), "test.leaks", "member %s saved", SOUND, level=level)
    assert found.startswith(f"test.leaks ({logging.getLevelName(level)}) at ")
    assert SOUND not in found


def test_a_number_among_extras_or_in_a_traceback_is_found_too() -> None:
    assert len(_planted(Watch(), "test.leaks", "saved", extra={"identity": SOUND})) == 1
    try:
        raise ValueError(SOUND)
    except ValueError:
        assert len(_planted(Watch(), "test.leaks", "failed", exc_info=True)) == 1


def test_what_holds_no_number_is_let_pass() -> None:
    assert _planted(Watch(), "test.leaks", "member %d saved", 110105194912310020) == []


def test_the_suites_watch_hangs_on_every_logger_that_hands_nothing_up() -> None:
    assert [
        logger.name for logger in every_logger() if not any(isinstance(one, Watch) for one in logger.handlers)
    ] == []


def test_the_suite_fails_when_a_test_logs_a_number(tmp_path: Path) -> None:
    (tmp_path / "conftest.py").write_text("from tests.conftest import _no_identity_number_in_any_log, _watch\n")
    body = f"logging.getLogger('any').debug('%s', '{SOUND}')"
    (tmp_path / "test_leaks.py").write_text(f"import logging\n\ndef test_leaks():\n    {body}\n")
    words = ["-q", "-p", "no:cacheprovider", "--ds=tests.settings", f"--rootdir={tmp_path}", "--show-capture=no"]
    ran = subprocess.run(
        [sys.executable, "-m", "pytest", *words, str(tmp_path / "test_leaks.py")],
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        cwd=tmp_path,
        capture_output=True,
        text=True,
    )
    assert (ran.returncode, "1 passed, 1 error" in ran.stdout) == (1, True), ran.stdout + ran.stderr
    assert "an identity number was logged by any (DEBUG)" in ran.stdout
    assert f"by {SOUND}" not in ran.stdout
