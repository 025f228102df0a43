"""What is due by the clock."""

from datetime import datetime

from lianjing.core.viewer import Viewer
from lianjing.domain.signals.testing import end_due_tests, warn_of_ends, write_test_reports


def look_after_tests(*, by: Viewer, at: datetime) -> int:
    """Ends, warnings and reports of tests that are due; returns how many."""
    return end_due_tests(by=by, at=at) + warn_of_ends(by=by, at=at) + write_test_reports(by=by, at=at)
