"""Plans of the demo company: one in force, one that waits for its approval; everything else runs by template."""

from datetime import datetime
from typing import TYPE_CHECKING

from lianjing.terms.premises import SiteKind

if TYPE_CHECKING:
    from lianjing.domain.companies.models import Company


def make_plans(company: "Company", at: datetime) -> None:
    """Only once: when the company has a plan already, nothing is added. The leader writes, the manager approves."""
    from lianjing.domain.people.models import User
    from lianjing.domain.plans.actions import PlanPlace, add_plan, approve_version, put_in_force
    from lianjing.domain.plans.models import Plan

    if Plan.objects.filter(company=company).exists():
        return
    leader, manager = (User.objects.get(username=name).as_viewer() for name in ("leader", "manager"))
    writes = {"by": leader, "at": at, "source": "demo-data"}
    approves = {"by": manager, "at": at, "source": "demo-data"}
    version = add_plan(company.pk, PlanPlace("intrusion"), "入侵处置", **writes)
    approve_version(version.pk, **approves)
    put_in_force(version.pk, **approves)
    add_plan(company.pk, PlanPlace("hold_up", site_kind=SiteKind.BANK.value), "银行劫持", **writes)
