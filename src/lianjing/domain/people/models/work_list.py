from django.db import models

from lianjing.domain.companies.models import Company


class DigestEvery(models.TextChoices):
    OFF = "off", "不发送"
    DAILY = "daily", "每天"
    WEEKLY = "weekly", "每周"


class WorkListSetting(models.Model):
    """待办: how often a company wants to be reminded, and of what; without a row our defaults hold.

    令564 art. 18 and 19 ask for periodic training and appraisal and name no period: the months are ours, until the
    company sets its own with their source.
    """

    company = models.OneToOneField(Company, primary_key=True, on_delete=models.CASCADE, related_name="work_list")
    appraisal_months = models.PositiveSmallIntegerField(default=12)
    """So long after an appraisal the next one is due; 0: no reminder."""
    training_months = models.PositiveSmallIntegerField(default=12)
    source = models.CharField(max_length=200, blank=True)
    """Where its own figures come from."""
    digest = models.CharField(max_length=8, choices=DigestEvery, default=DigestEvery.WEEKLY)
    weekday = models.PositiveSmallIntegerField(default=1)
    """ISO weekday of the weekly digest, 1 Monday to 7 Sunday."""
    hour = models.PositiveSmallIntegerField(default=8)
    """Of the centre's day."""
    since = models.DateTimeField()
    """What would have been due before is not made up for."""
    digest_for = models.DateField(null=True)
    """The due day of the last digest: for one day there is never a second."""

    def __str__(self) -> str:
        return f"work-list of {self.company_id}"
