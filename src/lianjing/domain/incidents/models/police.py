"""Handing a case over to 110, 119 or 120."""

from django.db import models

from lianjing.domain.incidents.models.cases import Incident
from lianjing.domain.people.models import User


class NoticeState(models.TextChoices):
    """Where a hand-over stands."""

    PREPARED = "prepared", "已拟好"
    SENT = "sent", "已报出"
    ACCEPTED = "accepted", "已接警"
    REJECTED = "rejected", "不受理"
    DISPATCHED = "dispatched", "已出警"
    ARRIVED = "arrived", "已到场"
    CLOSED = "closed", "已办结"


class PoliceNotice(models.Model):
    """警情单: a case as it is told to 110, 119 or 120, and what they answer."""

    incident = models.ForeignKey(Incident, on_delete=models.PROTECT, related_name="police_notices")
    service = models.CharField(max_length=3)
    state = models.CharField(max_length=10, choices=NoticeState, default=NoticeState.PREPARED)
    adapter = models.CharField(max_length=8, default="manual")
    """How it goes out: `manual` by telephone, or the name of a channel."""
    message = models.TextField()
    """What they are told, in Chinese; holds a telephone number, so records only have its digest."""
    number = models.CharField(max_length=60, blank=True)
    """接警编号: theirs."""
    reject_reason = models.CharField(max_length=12, blank=True)
    note = models.CharField(max_length=500, blank=True)
    prepared_at = models.DateTimeField()
    prepared_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    sent_at = models.DateTimeField(null=True)
    accepted_at = models.DateTimeField(null=True)
    rejected_at = models.DateTimeField(null=True)
    dispatched_at = models.DateTimeField(null=True)
    arrived_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)
    received_confirmed_at = models.DateTimeField(null=True)
    """收悉: since when we know that they have it (GB 55029-2022, 6.0.4)."""
    received_confirmed_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["incident", "service"],
                condition=~models.Q(state__in=["rejected", "closed"]),
                name="incidents_one_open_notice",
            )
        ]

    def __str__(self) -> str:
        return f"{self.incident_id}: {self.service} {self.state}"


class PoliceWaiver(models.Model):
    """不报告: why a case is not reported though it should be, and which duties that covers."""

    incident = models.ForeignKey(Incident, on_delete=models.PROTECT, related_name="police_waivers")
    duties = models.JSONField(default=list)
    reason = models.CharField(max_length=20)
    text = models.CharField(max_length=500, blank=True)
    waived_at = models.DateTimeField()
    waived_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")

    def __str__(self) -> str:
        return f"{self.incident_id}: {self.reason}"
