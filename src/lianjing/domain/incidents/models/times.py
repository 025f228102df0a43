from django.db import models

from lianjing.domain.companies.models import Company
from lianjing.domain.incidents.models.cases import Incident
from lianjing.domain.people.models import User
from lianjing.domain.sites.models import Site


class CaseTimes(models.Model):
    """里程碑: when a case reached what, by the server's clock, with what figures are grouped by.

    Written by `timekeeping.py` alone. `*_ms` lie between two milestones (`milestones.LAPSES`): kept beside them,
    because a month of cases is counted while somebody waits.
    """

    incident = models.OneToOneField(Incident, primary_key=True, on_delete=models.CASCADE, related_name="times")
    company = models.ForeignKey(Company, null=True, on_delete=models.PROTECT)
    site = models.ForeignKey(Site, null=True, on_delete=models.PROTECT)
    site_kind = models.CharField(max_length=16, blank=True)
    event_class = models.CharField(max_length=16)
    grade = models.PositiveSmallIntegerField()
    """Class and grade as the case was opened: what it was to be handled as."""
    hour = models.PositiveSmallIntegerField()
    weekday = models.PositiveSmallIntegerField()
    """Of `queued_at`, in the centre's zone; Monday is 0."""
    operator = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    """Who took it first."""
    on_paper = models.BooleanField(default=False)
    """纸质补录: entered afterwards, so its times are by hand; no figure of times counts it."""
    received_at = models.DateTimeField()
    queued_at = models.DateTimeField()
    since = models.DateTimeField(null=True)
    """Since when it is on record as it is now; None: since it was queued. What it said before is a `FormerTimes`."""
    viewed_at = models.DateTimeField(null=True)
    acted_at = models.DateTimeField(null=True)
    contacted_at = models.DateTimeField(null=True)
    verified_at = models.DateTimeField(null=True)
    dispatched_at = models.DateTimeField(null=True)
    police_at = models.DateTimeField(null=True)
    accepted_at = models.DateTimeField(null=True)
    police_accepted_at = models.DateTimeField(null=True)
    arrived_at = models.DateTimeField(null=True)
    left_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)
    picked_up_at = models.DateTimeField(null=True)
    """When somebody last took it."""
    holds = models.PositiveSmallIntegerField(default=0)
    quick_holds = models.PositiveSmallIntegerField(default=0)
    """Of the holds, those within five seconds of the pick-up."""
    viewed_slot = models.PositiveIntegerField(null=True)
    """Ten minutes of the epoch in which it was viewed: how many one person had in each."""
    closer = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    closed_slot = models.PositiveIntegerField(null=True)
    """Minute of the epoch in which it was closed: many in one are no handling."""
    cause_key = models.BigIntegerField(null=True)
    """Digest of the cause as it was written, empty where nobody wrote any: the same words again and again are no
    judgement."""
    intake_ms = models.PositiveIntegerField(null=True)
    acknowledge_ms = models.PositiveIntegerField(null=True)
    act_ms = models.PositiveIntegerField(null=True)
    act_after_ms = models.PositiveIntegerField(null=True)
    contact_ms = models.PositiveIntegerField(null=True)
    verify_ms = models.PositiveIntegerField(null=True)
    dispatch_ms = models.PositiveIntegerField(null=True)
    police_ms = models.PositiveIntegerField(null=True)
    accept_ms = models.PositiveIntegerField(null=True)
    police_accept_ms = models.PositiveIntegerField(null=True)
    travel_ms = models.PositiveIntegerField(null=True)
    on_scene_ms = models.PositiveIntegerField(null=True)
    total_ms = models.PositiveIntegerField(null=True)

    class Meta:
        verbose_name_plural = "case times"
        indexes = [
            models.Index(fields=["company", "queued_at"], name="incidents_times_company"),
            models.Index(fields=["queued_at"], name="incidents_times_queued"),
            models.Index(
                fields=["company", "closed_at"],
                name="incidents_times_dispatched",
                condition=models.Q(dispatched_at__isnull=False) | models.Q(police_at__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"times of {self.incident_id}"


class FormerTimes(models.Model):
    """What the times of a case said until it was joined with another one, or was opened again: on a past day they say
    so still. Written by `timekeeping.py` alone; a case to which neither happened has none."""

    incident = models.ForeignKey(Incident, on_delete=models.CASCADE, related_name="former_times", db_index=False)
    company = models.ForeignKey(Company, null=True, on_delete=models.PROTECT, related_name="+", db_index=False)
    since = models.DateTimeField(null=True)
    until = models.DateTimeField()
    """The last instant before this one they were true; both as in `CaseTimes.since`."""
    queued_at = models.DateTimeField()
    viewed_at = models.DateTimeField(null=True)
    acted_at = models.DateTimeField(null=True)
    contacted_at = models.DateTimeField(null=True)
    verified_at = models.DateTimeField(null=True)
    dispatched_at = models.DateTimeField(null=True)
    police_at = models.DateTimeField(null=True)
    accepted_at = models.DateTimeField(null=True)
    police_accepted_at = models.DateTimeField(null=True)
    arrived_at = models.DateTimeField(null=True)
    left_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name_plural = "former times"
        indexes = [models.Index(fields=["company", "queued_at"], name="incidents_former_company")]

    def __str__(self) -> str:
        return f"times of {self.incident_id} until {self.until}"
