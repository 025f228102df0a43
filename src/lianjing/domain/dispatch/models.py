from django.db import models

from lianjing.domain.companies.models import Company
from lianjing.domain.dispatch.policy import OPEN_TASK
from lianjing.domain.incidents.models import Incident
from lianjing.domain.people.models import User


class TaskState(models.TextChoices):
    """Where a task stands: 接受 → 出发 → 到达 → 有结果 → 离开."""

    ASSIGNED = "assigned", "待接受"
    ACCEPTED = "accepted", "已接受"
    ON_THE_WAY = "on_the_way", "在途"
    ARRIVED = "arrived", "已到达"
    DONE = "done", "已有结果"
    LEFT = "left", "已离开"
    REFUSED = "refused", "已拒绝"
    CANCELLED = "cancelled", "已撤回"


class Task(models.Model):
    """现场任务: what a guard is sent to do about a case. Units, keys and tours will refer to it."""

    incident = models.ForeignKey(Incident, on_delete=models.PROTECT, related_name="tasks")
    company = models.ForeignKey(Company, on_delete=models.PROTECT, related_name="+")
    guard = models.ForeignKey(User, on_delete=models.PROTECT, related_name="tasks")
    state = models.CharField(max_length=10, choices=TaskState, default=TaskState.ASSIGNED)
    instructions = models.CharField(max_length=500, blank=True)
    callback = models.CharField(max_length=32, blank=True)
    """The telephone number at which the guard reaches the desk."""
    sent_at = models.DateTimeField()
    accepted_at = models.DateTimeField(null=True)
    on_the_way_at = models.DateTimeField(null=True)
    arrived_at = models.DateTimeField(null=True)
    done_at = models.DateTimeField(null=True)
    left_at = models.DateTimeField(null=True)
    refused_at = models.DateTimeField(null=True)
    cancelled_at = models.DateTimeField(null=True)
    reason = models.CharField(max_length=500, blank=True)
    """Why it was refused or cancelled."""
    result = models.CharField(max_length=12, blank=True)
    """What was found: a word of `incidents.reporting_duty.SCENES`."""
    result_words = models.CharField(max_length=500, blank=True)
    created_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["incident", "guard"],
                condition=models.Q(state__in=sorted(OPEN_TASK)),
                name="dispatch_one_open_task",
            )
        ]
        indexes = [
            models.Index(fields=["guard", "-id"], name="dispatch_of_guard"),
            models.Index(fields=["incident", "-id"], name="dispatch_of_incident"),
            models.Index(fields=["company", "state", "-id"], name="dispatch_company_state"),
        ]

    def __str__(self) -> str:
        return f"task {self.pk}: {self.state}"
