"""Reviews of the demo company's plans, and its classification of events and faults; all of it made up, and says so."""

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from lianjing.domain.companies.models import Company

NOTE = "演示数据：不是真实的评审。"


def make_plan_reviews(company: "Company", at: datetime) -> None:
    """Only once. One plan is reviewed by law and yearly, another one is in force without a review; the classification
    was written by the leader, is in force by the manager's hand, and a new draft waits."""
    from django.utils import timezone

    from lianjing.domain.people.models import User
    from lianjing.domain.plans.actions import PlanPlace, add_plan, approve_version, put_in_force
    from lianjing.domain.plans.models import PlanReview, PlanVersion
    from lianjing.domain.plans.plan_reviewing import record_review
    from lianjing.domain.plans.review_policy import NewReview
    from lianjing.domain.signals.classifying import approve_classes, draft_classes, put_classes_in_force

    if PlanReview.objects.filter(company=company).exists():
        return
    leader, manager = (User.objects.get(username=name).as_viewer() for name in ("leader", "manager"))
    writes = {"by": leader, "at": at, "source": "demo-data"}
    approves = {"by": manager, "at": at, "source": "demo-data"}
    standing = PlanVersion.objects.filter(plan__company=company, state="in_force").first()
    today = timezone.localdate(at)
    if standing is not None:
        legal = NewReview(
            "legal", "fits", today, today + timedelta(days=25), ("564", "421"), reviewers="法律顾问（演示）", note=NOTE
        )
        record_review(standing.pk, legal, **approves)
        record_review(standing.pk, NewReview("yearly", "no_change", today, note=NOTE), **approves)
    medical = add_plan(company.pk, PlanPlace("medical"), "医疗求助处置（演示）", **writes)
    approve_version(medical.pk, **approves)
    put_in_force(medical.pk, **approves)
    version = draft_classes(company.pk, **writes)
    approve_classes(version.pk, **approves)
    put_classes_in_force(version.pk, **approves)
    draft_classes(company.pk, **writes)
