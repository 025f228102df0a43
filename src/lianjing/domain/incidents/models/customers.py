from django.db import models

from lianjing.domain.deliveries.models import Delivery
from lianjing.domain.incidents.customer_policy import CALL_OUTCOMES, DIRECTIONS, Answer
from lianjing.domain.incidents.models.cases import Incident
from lianjing.domain.people.models import User
from lianjing.domain.sites.models import Contact


class CallAttempt(models.Model):
    """拨打: one attempt to reach somebody about a case, and what came of it."""

    incident = models.ForeignKey(Incident, on_delete=models.PROTECT, related_name="calls")
    contact = models.ForeignKey(Contact, null=True, on_delete=models.SET_NULL, related_name="+")
    name = models.CharField(max_length=50)
    """As it was then: a contact may be removed."""
    masked = models.CharField(max_length=32, blank=True)
    direction = models.CharField(max_length=3, choices=[(d, d) for d in DIRECTIONS])
    started_at = models.DateTimeField()
    ended_at = models.DateTimeField()
    outcome = models.CharField(max_length=16, choices=[(o, o) for o in CALL_OUTCOMES])
    note = models.CharField(max_length=500, blank=True)
    by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        indexes = [models.Index(fields=["incident", "started_at"], name="incidents_calls")]

    def __str__(self) -> str:
        return f"{self.incident_id}: {self.name} {self.outcome}"


class ConfirmationLink(models.Model):
    """确认链接: by which a contact answers from his phone. Of the link only a digest is kept."""

    incident = models.ForeignKey(Incident, on_delete=models.PROTECT, related_name="links")
    contact = models.ForeignKey(Contact, null=True, on_delete=models.SET_NULL, related_name="+")
    name = models.CharField(max_length=50)
    digest = models.CharField(max_length=64, unique=True)
    delivery = models.ForeignKey(Delivery, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    opened_at = models.DateTimeField(null=True)
    answered_at = models.DateTimeField(null=True)
    answer = models.CharField(max_length=8, choices=[(a.value, a.value) for a in Answer], blank=True)
    revoked_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["incident", "id"], name="incidents_links")]

    def __str__(self) -> str:
        return f"link {self.pk} of {self.incident_id}"


class CustomerReport(models.Model):
    """警情通报: who was told what, when and how."""

    incident = models.ForeignKey(Incident, on_delete=models.PROTECT, related_name="reports")
    contact = models.ForeignKey(Contact, null=True, on_delete=models.SET_NULL, related_name="+")
    name = models.CharField(max_length=50)
    channel = models.CharField(max_length=8)
    """`phone`, or a channel of deliveries."""
    text = models.CharField(max_length=500)
    told_at = models.DateTimeField()
    by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    delivery = models.ForeignKey(Delivery, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        indexes = [models.Index(fields=["incident", "told_at"], name="incidents_reports")]

    def __str__(self) -> str:
        return f"{self.incident_id}: {self.name} by {self.channel}"
