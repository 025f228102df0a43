"""What people set for the treatment of signals: readings of codes, limits, tests, suppression."""

from django.db import models

from lianjing.domain.companies.models import Company
from lianjing.domain.sites.models import Panel, Site, Zone


class CodeOverride(models.Model):
    """A company's own class and grade for a code, above the table of `terms`."""

    company = models.ForeignKey(Company, on_delete=models.CASCADE)
    scheme = models.CharField(max_length=8)
    code = models.CharField(max_length=8)
    event_class = models.CharField(max_length=16)
    grade = models.PositiveSmallIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["company", "scheme", "code"], name="signals_one_override_a_code"),
            models.CheckConstraint(condition=models.Q(grade__gte=1, grade__lte=4), name="signals_override_grade"),
        ]

    def __str__(self) -> str:
        return f"{self.scheme} {self.code}: {self.event_class} {self.grade}"


class TreatmentLimits(models.Model):
    """A company's figures for the pipeline; without a row the defaults hold."""

    company = models.OneToOneField(Company, primary_key=True, on_delete=models.CASCADE)
    mains_delay_min = models.PositiveSmallIntegerField(default=30)
    """So long a loss of mains is held before a person sees it."""
    mains_overdue_h = models.PositiveSmallIntegerField(default=24)
    alarm_overdue_min = models.PositiveSmallIntegerField(default=60)
    """When a restoral of mains, or of an alarm, is overdue."""
    runaway_count = models.PositiveSmallIntegerField(default=10)
    runaway_window_s = models.PositiveSmallIntegerField(default=600)
    """More than so many of one panel, zone and class in so many seconds are a runaway."""
    runaway_burst = models.PositiveSmallIntegerField(default=20)
    runaway_per_hour = models.PositiveSmallIntegerField(default=12)
    """Size of the bucket, and how many come back to it in an hour: what slips through the window is caught here."""
    confirm_min = models.PositiveSmallIntegerField(default=30)
    """Two zones confirm each other within so many minutes."""
    skew_s = models.PositiveIntegerField(default=120)
    """A panel's clock that is off by more is listed."""
    sweep_days = models.PositiveSmallIntegerField(default=30)
    """A new panel takes the orphans of so many days into its history."""

    class Meta:
        verbose_name_plural = "treatment limits"

    def __str__(self) -> str:
        return f"limits of company {self.company_id}"


class TestPeriod(models.Model):
    """测试: until `ends_at` (or `ended_at`) signals of what is named are recorded and listed, and open nothing.

    Panel, zones, areas and classes narrow it down; none of them means the whole site.
    """

    company = models.ForeignKey(Company, on_delete=models.PROTECT)
    site = models.ForeignKey(Site, on_delete=models.PROTECT, related_name="tests")
    panel = models.ForeignKey(Panel, null=True, on_delete=models.PROTECT)
    zones = models.ManyToManyField(Zone, blank=True)
    by_zones = models.BooleanField(default=False)
    """It names zones: should they be deleted meanwhile, it covers none, and not the whole site."""
    areas = models.JSONField(default=list)
    classes = models.JSONField(default=list)
    reason = models.CharField(max_length=200)
    asked_by = models.CharField(max_length=50)
    """Name of who asked for it."""
    checked_how = models.CharField(max_length=12)
    """`pass_word`, or `leader`: who answers for it without one."""
    started_by = models.CharField(max_length=50)
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    warned_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    ended_by = models.CharField(max_length=50, blank=True)
    """Empty: it ended by itself."""
    report = models.JSONField(null=True)
    """What reported and what did not, as of the end (`test_reports.py`)."""
    reported_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["site", "starts_at"], name="signals_test_site"),
            models.Index(fields=["ends_at"], name="signals_test_due", condition=models.Q(ended_at=None)),
            models.Index(fields=["ended_at"], name="signals_test_unreported", condition=models.Q(reported_at=None)),
        ]

    def __str__(self) -> str:
        return f"test {self.pk} of site {self.site_id}"


class SuppressionRule(models.Model):
    """抑制规则: what it fits is recorded and not shown until it expires. Hold-up and fire it never hides.

    Exactly one of site, panel and zone is set: were a zone deleted, its rule fits nothing, instead of the whole panel.
    """

    company = models.ForeignKey(Company, on_delete=models.PROTECT)
    site = models.ForeignKey(Site, null=True, on_delete=models.PROTECT)
    panel = models.ForeignKey(Panel, null=True, on_delete=models.PROTECT)
    zone = models.ForeignKey(Zone, null=True, on_delete=models.SET_NULL)
    event_class = models.CharField(max_length=16, blank=True)
    code = models.CharField(max_length=8, blank=True)
    reason = models.CharField(max_length=200)
    author = models.CharField(max_length=50)
    starts_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    ended_by = models.CharField(max_length=50, blank=True)

    class Meta:
        indexes = [
            models.Index(
                fields=["company", "expires_at"], name="signals_suppression", condition=models.Q(ended_at=None)
            )
        ]

    def __str__(self) -> str:
        return f"suppression {self.pk}"
