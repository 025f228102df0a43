"""权限复核: somebody goes through every account of a company and signs who keeps his role."""

from django.db import models

from lianjing.domain.companies.models import Company
from lianjing.domain.people.models.accounts import User
from lianjing.terms.roles import Role
from lianjing.terms.staffing import AccessDecision


class AccessReview(models.Model):
    """One review, as it was signed. It is never changed: another one is made."""

    company = models.ForeignKey(Company, on_delete=models.PROTECT, related_name="+")
    signed_at = models.DateTimeField()
    signed_by = models.CharField(max_length=150)
    signer = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    note = models.CharField(max_length=200, blank=True)

    class Meta:
        indexes = [models.Index(fields=["company", "-signed_at"], name="people_access_reviews")]

    def __str__(self) -> str:
        return f"access review {self.pk} of {self.company_id}"


class AccessReviewLine(models.Model):
    """One role of one account, as it stood when it was signed, and what was decided."""

    review = models.ForeignKey(AccessReview, on_delete=models.PROTECT, related_name="lines")
    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    role = models.CharField(max_length=16, choices=[(role.value, role.value) for role in Role])
    username = models.CharField(max_length=150)
    name = models.CharField(max_length=150)
    is_active = models.BooleanField()
    has_second_factor = models.BooleanField()
    last_sign_on_at = models.DateTimeField(null=True)
    tokens = models.PositiveIntegerField()
    """Of the API, valid ones."""
    decision = models.CharField(max_length=8, choices=AccessDecision.choices())
    note = models.CharField(max_length=200, blank=True)
    withdrawn_at = models.DateTimeField(null=True)
    """When the role was taken from him; None while he still has it, or keeps it."""
    withdrawn_by = models.CharField(max_length=150, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["review", "user", "role"], name="people_one_line_a_role"),
        ]

    def __str__(self) -> str:
        return f"{self.review_id}: {self.username} {self.role} {self.decision}"
