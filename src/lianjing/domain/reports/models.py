from django.db import models

from lianjing.domain.companies.models import Company
from lianjing.domain.reports import policy


class ResponseLimits(models.Model):
    """处警时限: within how many seconds a company wants its cases acted on; without a row the defaults hold."""

    company = models.OneToOneField(Company, primary_key=True, on_delete=models.CASCADE)
    danger_first_s = models.PositiveSmallIntegerField(default=policy.DEFAULT_LIMITS.danger_first_s)
    danger_last_s = models.PositiveSmallIntegerField(default=policy.DEFAULT_LIMITS.danger_last_s)
    """Of hold-up and fire 80 % within the first, 98.5 % within the last."""
    other_first_s = models.PositiveSmallIntegerField(default=policy.DEFAULT_LIMITS.other_first_s)
    other_last_s = models.PositiveSmallIntegerField(default=policy.DEFAULT_LIMITS.other_last_s)

    class Meta:
        verbose_name_plural = "response limits"

    def __str__(self) -> str:
        return f"response limits of company {self.company_id}"
