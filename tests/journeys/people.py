"""People on file in a running program, changed by the domain's own actions in a process beside it."""

import subprocess
import sys
from pathlib import Path

from tests.program import Program

ROOT = Path(__file__).parent.parent.parent
PRELUDE = """
import django
django.setup()
from datetime import timedelta
from django.utils import timezone
from lianjing.domain.people.facts import record_fact
from lianjing.core.viewer import System
from lianjing.domain.people.actions import NewUser, add_user
from lianjing.domain.people.models import RosterEntry, StaffFact, StaffMember, User
from lianjing.domain.people.staff import NewMember, add_member, link_account
from lianjing.terms.roles import Role
from tests.program import PASSWORD
from tests.domain.people.gate_staff import SOUND, certificate, end_certificate
now, today = timezone.now(), timezone.localdate()
manager = User.objects.get(username="manager").as_viewer()
company = next(iter(manager.roles))

def hire(name, words, *facts):
    add_user(NewUser(name, words, Role.OPERATOR, company), PASSWORD, by=System("test"), at=now, source="test")
    new = NewMember({"staff_no": name, "name": words}, "", facts)
    member = add_member(company, new, by=manager, at=now)
    return link_account(member.pk, name, by=manager, at=now)

def member(name):
    return StaffMember.objects.get(user__username=name)

def plan(name, place):
    times = {"begins_at": now - timedelta(hours=1), "ends_at": now + timedelta(hours=7)}
    RosterEntry.objects.create(
        company_id=company, member=member(name), post_kind="watch", place=place, shift="早班", day=today,
        state="published", planned_at=now, published_at=now, **times
    )
"""


def in_office(program: Program, script: str) -> None:
    """Runs it where `hire`, `member`, `plan` and the staff of the gate's tests are known."""
    done = subprocess.run(
        [sys.executable, "-c", PRELUDE + script],
        env={**program.environment, "DJANGO_SETTINGS_MODULE": "lianjing.project.settings", "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stderr
