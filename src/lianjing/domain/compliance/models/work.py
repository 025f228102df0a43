"""Who sees to a clause, and how far he is: kept apart from the verdict."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from lianjing.domain.companies.models import Company
from lianjing.domain.compliance.models.verdicts import NUMBER_LIMIT
from lianjing.domain.people.models import StaffMember
from lianjing.terms.verdicts import WorkStatus

NOTE_LIMIT = 500


class ClauseWork(models.Model):
    """One row a clause of a company: its owner is somebody on the staff list, or a user."""

    company = models.ForeignKey(Company, on_delete=models.CASCADE, related_name="+")
    clause = models.CharField(max_length=NUMBER_LIMIT)
    member = models.ForeignKey(StaffMember, null=True, on_delete=models.PROTECT, related_name="+")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    status = models.CharField(max_length=8, choices=WorkStatus.choices(), default=WorkStatus.NONE.value)
    due_on = models.DateField(null=True)
    note = models.CharField(max_length=NOTE_LIMIT, blank=True)
    changed_at = models.DateTimeField()
    changed_by = models.CharField(max_length=150)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["company", "clause"], name="compliance_one_work_a_clause"),
            models.CheckConstraint(condition=Q(member=None) | Q(user=None), name="compliance_one_owner"),
        ]

    def __str__(self) -> str:
        return f"{self.company_id}: {self.clause} {self.status}"
