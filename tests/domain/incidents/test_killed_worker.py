"""A worker that dies between claim and commit: its signals are treated once, by another."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings

from lianjing.domain.incidents.models import Incident, IncidentSignal
from lianjing.domain.records.models import Record
from lianjing.domain.signals.models import Treatment
from tests.cast import Cast, Sent, journal, treat
from tests.databases import database_url

DIES = """
import os, django
django.setup()
from django.utils import timezone
from lianjing.core.viewer import System
from lianjing.domain.incidents import casework
from lianjing.workers import intake as worker

def die(*_, **__):
    print("claimed and written, not committed", flush=True)
    os.kill(os.getpid(), 9)

casework.write_records = die
worker.turn()
"""


@pytest.fixture
def committed_cast(clean_journal: Path) -> Cast:
    return Cast()


def test_a_worker_killed_before_its_commit_leaves_everything_to_the_next(committed_cast: Cast) -> None:
    signals = [journal(Sent(account=account)) for account in ("1001", "1002", "1001")]
    environment = {
        **{name: value for name, value in os.environ.items() if not name.startswith("LIANJING_")},
        "DJANGO_SETTINGS_MODULE": "lianjing.project.settings",
        "LIANJING_DATA": str(settings.ENVIRONMENT.data),
        "LIANJING_DATABASE_URL": database_url(),
    }
    died = subprocess.run([sys.executable, "-c", DIES], env=environment, capture_output=True, text=True, check=False)
    assert (died.returncode, died.stdout) == (-9, "claimed and written, not committed\n"), died.stderr
    assert Incident.objects.count() == 0
    treat()
    assert {t.signal_id: t.fate for t in Treatment.objects.all()} == dict.fromkeys(signals, "in_case")
    assert sorted(IncidentSignal.objects.values_list("treatment_id", flat=True)) == signals
    assert Record.objects.filter(action="incident.opened").count() == Incident.objects.count() == 2
