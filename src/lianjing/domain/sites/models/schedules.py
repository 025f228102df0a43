from django.db import models

from lianjing.domain.records.dated import Dated
from lianjing.domain.sites.models.premises import Site
from lianjing.terms.premises import MomentKind


class ScheduleMoment(models.Model):
    """布撤防时刻: one line of a site's schedule. What it means is in `schedule.py`."""

    site = models.ForeignKey(Site, on_delete=models.CASCADE, related_name="moments")
    area = models.CharField(max_length=16, blank=True)
    """Number of an area, normalised; empty: all areas of the site."""
    kind = models.CharField(max_length=12, choices=MomentKind.choices())
    days = models.CharField(max_length=100)
    """Canonical text, such as "1-5", "workday" or "2026-10-01..2026-10-07"."""
    begins = models.TimeField()
    ends = models.TimeField()
    """Not after `begins`: on the next day."""
    tolerance = models.PositiveSmallIntegerField(default=15)
    """Minutes."""
    users = models.CharField(max_length=200, blank=True)
    """Numbers of the users who may, parted by commas; for temporary opening only."""

    class Meta:
        indexes = [models.Index(fields=["site"], name="sites_moment_site")]

    def __str__(self) -> str:
        return f"{self.kind} {self.days} {self.begins}-{self.ends}"


class WorkdayOverride(models.Model):
    """调休: a date that the installation counts otherwise than the calendar library, or that it does not know yet."""

    on = models.DateField(primary_key=True)
    is_workday = models.BooleanField()
    reason = models.CharField(max_length=60, blank=True)

    def __str__(self) -> str:
        return f"{self.on}: {self.is_workday}"


class WorkdayEntry(Dated):
    """What was entered about a date, and from when until when it was taken for true: beside what stands
    (`WorkdayOverride`). Holds on that one date (docs/decisions/0026)."""

    is_workday = models.BooleanField()
    reason = models.CharField(max_length=60, blank=True)

    class Meta:
        verbose_name_plural = "workday entries"
        constraints = [
            models.UniqueConstraint(
                fields=["valid_from"], condition=models.Q(retracted_at=None), name="sites_one_word_a_date"
            )
        ]

    def __str__(self) -> str:
        return f"{self.valid_from}: {self.is_workday}"
