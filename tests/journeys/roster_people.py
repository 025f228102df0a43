"""Puts another roster into the demo company of a running program: `python -m tests.journeys.roster_people MANY`.

The demo's operator, leader and guard work in shifts of twelve hours instead of all day long, with MANY more people.
"""

import os
import sys
from datetime import timedelta


def put(many: int) -> None:
    from django.utils import timezone

    from lianjing.core.viewer import Person
    from lianjing.domain.companies.models import Company
    from lianjing.domain.people.models import RosterEntry, StaffMember
    from lianjing.domain.people.planning import Plan, plan_teams, publish_roster
    from lianjing.domain.people.shifts import take_over_pattern
    from lianjing.domain.people.teams import join_team
    from lianjing.terms.roles import Role
    from tests.domain.people.roster.staff import guard

    company, now = Company.objects.get(is_demo=True), timezone.now()
    acts = {"by": Person(0, "Seed", {company.pk: frozenset({Role.MANAGER})}), "at": now, "source": "seed"}
    first = timezone.localdate(now) + timedelta(days=1)
    values = {"name": "白夜", "post_kind": "watch", "place": "1 号席", "first_on": first}
    teams = take_over_pattern(company.pk, "three_two", values, **acts)
    for place, username in enumerate(("operator", "leader", "guard")):
        member = StaffMember.objects.get(user__username=username)
        RosterEntry.objects.filter(member=member).update(state="cancelled")
        join_team(teams[place].pk, [member.pk], (first, None), **acts)
    for place in range(many):
        member = guard(company, f"{'赵钱孙李周吴郑王'[place % 8]}{'一二三四五六七八九'[place // 8 % 9]}{place}")
        join_team(teams[place % 3].pk, [member.pk], (first, None), **acts)
    plan = Plan(tuple(team.pk for team in teams), first, first + timedelta(days=27))
    plan_teams(company.pk, plan, **acts)
    publish_roster(company.pk, plan.first, plan.last, **acts)


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "lianjing.project.settings")
    import django

    django.setup()
    put(int(sys.argv[1]))
