"""The roster of the demo company: teams round the clock, and the demo accounts on duty at any hour of any day."""

from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING

from lianjing.project.demo_staff import ACCOUNTS

if TYPE_CHECKING:
    from lianjing.core.viewer import Viewer
    from lianjing.domain.companies.models import Company

DAYS = 14
DESK, DISTRICT = "1 号席", "越城片区"
PLACES = {"watch": DESK, "patrol": DISTRICT}
ALL_DAY = "全天（演示）"
WHY = "演示账号：任何时刻都能值班"


def make_roster(company: "Company", by: "Viewer", at: datetime, today: date) -> None:
    """Teams and rules once; shifts for the next two weeks, as far as they are not planned yet."""
    who = {"by": by, "at": at, "source": "demo-data"}
    _demo_accounts(company, today, who)
    team_ids = _teams(company, today, who)
    _plan(company, team_ids, today, who)


def _demo_accounts(company: "Company", today: date, who: "dict[str, object]") -> None:
    """A shift of its own each day: they are there to look around, so the rules of rest say why not."""
    from django.utils import timezone

    from lianjing.domain.people.models import RosterEntry, StaffMember
    from lianjing.domain.people.roster_entries import NewEntry, add_entry

    zone = timezone.get_default_timezone()
    members = {m.staff_no: m.pk for m in StaffMember.objects.filter(company=company, user__isnull=False)}
    for staff_no, post in ACCOUNTS.values():
        member = members[staff_no]
        entries = RosterEntry.objects.filter(member_id=member, day__gte=today)
        planned = set(entries.values_list("day", flat=True))
        for day in (today + timedelta(days=ahead) for ahead in range(DAYS)):
            if day in planned:
                continue
            begins = datetime.combine(day, time(), zone)
            ends = datetime.combine(day + timedelta(days=1), time(), zone)
            new = NewEntry(member, post, PLACES[post], ALL_DAY, begins, ends)
            add_entry(company.pk, new, WHY, **who)  # type: ignore[arg-type]


def _teams(company: "Company", today: date, who: "dict[str, object]") -> list[int]:
    """Two watch each shift at the desk, two patrol in the district, with the cover that asks for as many."""
    from lianjing.domain.people.cover import add_cover_rule
    from lianjing.domain.people.models import StaffMember, Team
    from lianjing.domain.people.shifts import take_over_pattern
    from lianjing.domain.people.teams import join_team

    found = list(Team.objects.filter(company=company).values_list("pk", flat=True))
    if found:
        return found
    for post, letter, name in (("watch", "W", "值守"), ("patrol", "P", "巡逻")):
        values = {"post_kind": post, "place": PLACES[post], "name": name, "first_on": today}
        teams = take_over_pattern(company.pk, "four_three_2", values, **who)  # type: ignore[arg-type]
        members = StaffMember.objects.filter(company=company, staff_no__startswith=letter, user=None)
        ids = list(members.order_by("staff_no").values_list("pk", flat=True))
        for place, team in enumerate(teams):
            join_team(team.pk, ids[place::4], (today, None), **who)  # type: ignore[arg-type]
            found.append(team.pk)
        rule = {"post_kind": post, "place": PLACES[post], "weekdays": list(range(1, 8)), "at_least": 2}
        add_cover_rule(company.pk, rule | {"begins": time(), "ends": time()}, **who)  # type: ignore[arg-type]
    return found


def _plan(company: "Company", team_ids: list[int], today: date, who: "dict[str, object]") -> None:
    from lianjing.domain.people.planning import Plan, plan_teams, publish_roster

    last = today + timedelta(days=DAYS - 1)
    draft = plan_teams(company.pk, Plan(tuple(team_ids), today, last), **who)  # type: ignore[arg-type]
    if draft.free:
        publish_roster(company.pk, today, last, **who)  # type: ignore[arg-type]
