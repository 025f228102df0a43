"""What is kept of panels from signal to signal."""

from django.db import models

from lianjing.domain.companies.models import Company
from lianjing.domain.sites.models import Panel, Site, Zone


class Runaway(models.Model):
    """How fast one panel, zone and class has reported lately: sliding window and token bucket."""

    key = models.CharField(max_length=80, primary_key=True)
    panel = models.ForeignKey(Panel, on_delete=models.CASCADE)
    zone = models.ForeignKey(Zone, null=True, on_delete=models.CASCADE)
    event_class = models.CharField(max_length=16)
    recent = models.JSONField(default=list)
    """Instants of the latest ones, in seconds of the epoch, as many as the window can need."""
    tokens = models.FloatField()
    at = models.DateTimeField()
    running_since = models.DateTimeField(null=True, db_index=True)
    hidden = models.PositiveIntegerField(default=0)
    """How many were not shown since then."""

    def __str__(self) -> str:
        return self.key


class ArmingState(models.Model):
    """布撤防状态 of one area of a panel, as its latest report says; nothing but a report changes it."""

    panel = models.ForeignKey(Panel, on_delete=models.CASCADE, related_name="arming")
    area = models.CharField(max_length=16, blank=True)
    armed = models.BooleanField()
    partly = models.BooleanField(default=False)
    """留守布防 and the like."""
    since = models.DateTimeField()
    user = models.CharField(max_length=16, blank=True)
    user_name = models.CharField(max_length=60, blank=True)
    signal_id = models.BigIntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["panel", "area"], name="signals_one_arming_an_area")]

    def __str__(self) -> str:
        return f"{self.panel_id}/{self.area}: {'armed' if self.armed else 'disarmed'}"


class ArmingDue(models.Model):
    """By when a schedule wants an area opened or closed; a worker looks when `due_at` has come."""

    site = models.ForeignKey(Site, on_delete=models.CASCADE)
    area = models.CharField(max_length=16, blank=True)
    must = models.CharField(max_length=5)
    """`open` or `close`."""
    key = models.CharField(max_length=100)
    begins_at = models.DateTimeField()
    due_at = models.DateTimeField()
    settled_at = models.DateTimeField(null=True)
    outcome = models.CharField(max_length=12, blank=True)
    """`in_time`, `late` (an event was raised), `void` (schedule or service ended)."""

    class Meta:
        constraints = [models.UniqueConstraint(fields=["site", "key"], name="signals_arming_due_once")]
        indexes = [models.Index(fields=["due_at"], name="signals_arming_due", condition=models.Q(settled_at=None))]

    def __str__(self) -> str:
        return f"site {self.site_id} must {self.must} by {self.due_at}"


class Condition(models.Model):
    """A reported condition that has not ended: what restore supervision and delay-for-restore look after."""

    signal_id = models.BigIntegerField(primary_key=True)
    company = models.ForeignKey(Company, on_delete=models.PROTECT)
    site = models.ForeignKey(Site, on_delete=models.PROTECT)
    panel = models.ForeignKey(Panel, on_delete=models.CASCADE)
    zone = models.ForeignKey(Zone, null=True, on_delete=models.SET_NULL)
    key = models.CharField(max_length=64)
    """Of what condition, as its restoral names it too: code family, area, address."""
    event_class = models.CharField(max_length=16)
    is_mains = models.BooleanField(default=False)
    began_at = models.DateTimeField()
    present_at = models.DateTimeField(null=True)
    """Held until then: presented to a person if it has not ended; None: presented, or not to be."""
    overdue_at = models.DateTimeField(null=True)
    """When its restoral is overdue; None: told already."""
    ended_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["panel", "key"], name="signals_condition_open", condition=models.Q(ended_at=None)),
            models.Index(fields=["present_at"], name="signals_condition_hold", condition=models.Q(ended_at=None)),
            models.Index(fields=["overdue_at"], name="signals_condition_due", condition=models.Q(ended_at=None)),
            models.Index(fields=["company", "began_at"], name="signals_unrestored", condition=models.Q(ended_at=None)),
        ]

    def __str__(self) -> str:
        return f"{self.panel_id}: {self.key}"


class PanelWatch(models.Model):
    """What is kept of a panel's habits: its last test, when the next is due, how far its clock is off."""

    panel = models.OneToOneField(Panel, primary_key=True, on_delete=models.CASCADE, related_name="watch")
    last_signal_at = models.DateTimeField(null=True)
    last_test_at = models.DateTimeField(null=True)
    test_due_at = models.DateTimeField(null=True, db_index=True)
    """When the next test is late; None: none is expected, or it was told."""
    test_late_since = models.DateTimeField(null=True, db_index=True)
    skew_s = models.IntegerField(null=True)
    """Its clock minus ours, at the latest signal that told it."""
    skew_at = models.DateTimeField(null=True)
    skewed_since = models.DateTimeField(null=True, db_index=True)

    class Meta:
        verbose_name_plural = "panel watches"

    def __str__(self) -> str:
        return f"panel {self.panel_id}"
