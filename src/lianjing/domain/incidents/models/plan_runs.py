"""The plan that a case runs along, and what was done of it."""

from django.db import models

from lianjing.domain.incidents.models.cases import Incident
from lianjing.domain.people.models import User
from lianjing.domain.plans.models import PlanVersion


class PlanRun(models.Model):
    """The plan of one case, as it stood when the case was taken: later versions do not change it.

    `event_class` and `grade` are those of its look-up; once the case has become more urgent the next act looks again.
    """

    incident = models.OneToOneField(Incident, on_delete=models.PROTECT, related_name="plan_run")
    version = models.ForeignKey(PlanVersion, null=True, on_delete=models.PROTECT, related_name="runs")
    """None: the template of `template` runs, which nobody has approved."""
    template = models.CharField(max_length=16, blank=True)
    title = models.CharField(max_length=60)
    event_class = models.CharField(max_length=16)
    grade = models.PositiveSmallIntegerField()
    steps = models.JSONField()
    looks = models.JSONField(default=list)
    """How it was found: sentences, each with its figures."""
    started_at = models.DateTimeField()
    wait_step = models.CharField(max_length=24, blank=True)
    """Key of the step that waits, while the plan stands there; `wait_until`: how long it asks to."""
    wait_until = models.DateTimeField(null=True)
    wait_told = models.BooleanField(default=False)

    class Meta:
        indexes = [
            models.Index(
                fields=["wait_until"],
                name="incidents_waits",
                condition=models.Q(wait_until__isnull=False, wait_told=False),
            )
        ]

    def __str__(self) -> str:
        return f"{self.incident_id}: {self.title}"


class StepRun(models.Model):
    """An outcome of a step. What was taken back keeps its row."""

    run = models.ForeignKey(PlanRun, on_delete=models.CASCADE, related_name="done")
    step = models.CharField(max_length=24)
    outcome = models.CharField(max_length=24)
    note = models.CharField(max_length=500, blank=True)
    by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    undone_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["run", "id"], name="incidents_steps", condition=models.Q(undone_at=None))]

    def __str__(self) -> str:
        return f"{self.run_id}: {self.step} {self.outcome}"


class NoticeRead(models.Model):
    """须确认的提示: who has read which notice of the site, in which case."""

    incident = models.ForeignKey(Incident, on_delete=models.PROTECT, related_name="notices_read")
    note_id = models.BigIntegerField()
    by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["incident", "note_id"], name="incidents_notice_read_once")]

    def __str__(self) -> str:
        return f"{self.incident_id}: note {self.note_id}"
