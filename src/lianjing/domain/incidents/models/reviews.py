"""Dispositions that a leader must look at."""

from django.db import models

from lianjing.domain.companies.models import Company
from lianjing.domain.incidents.models.cases import Incident
from lianjing.domain.people.models import User


class DispositionReview(models.Model):
    """复查: somebody has found "无法判断" more often in a shift than the limit allows; a leader looks at the case."""

    company = models.ForeignKey(Company, on_delete=models.PROTECT, related_name="+")
    incident = models.ForeignKey(Incident, on_delete=models.PROTECT, related_name="reviews")
    operator = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    count = models.PositiveIntegerField()
    """The how manieth of his shift it was."""
    raised_at = models.DateTimeField()
    reviewed_at = models.DateTimeField(null=True)
    reviewed_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    remark = models.CharField(max_length=500, blank=True)

    class Meta:
        indexes = [
            models.Index(fields=["company", "-id"], name="incidents_review_open", condition=models.Q(reviewed_at=None))
        ]

    def __str__(self) -> str:
        return f"{self.incident_id}: {self.count}"
