"""The daily account: what is counted already, who looked when, and numbers that panels have left out."""

from django.db import models

from lianjing.domain.companies.models import Company
from lianjing.domain.sites.models import Panel


class AccountPortion(models.Model):
    """A portion of frames, by number, whose account is settled and kept in AccountFigure (`account_portions.py`)."""

    number = models.BigIntegerField(primary_key=True)
    version = models.PositiveIntegerField(default=0)
    """How often it was counted; 0: not yet."""
    counted_at = models.DateTimeField(db_index=True)

    def __str__(self) -> str:
        return f"portion {self.number}"


class AccountFigure(models.Model):
    """What a portion adds to the account of one day, company and class; class "" holds what is outside the identity."""

    portion = models.ForeignKey(AccountPortion, on_delete=models.CASCADE, related_name="figures")
    on = models.DateField()
    company = models.ForeignKey(Company, null=True, on_delete=models.PROTECT, db_index=False)
    event_class = models.CharField(max_length=16, blank=True)
    received = models.BigIntegerField(default=0)
    in_cases = models.BigIntegerField(default=0)
    automatic = models.BigIntegerField(default=0)
    on_test = models.BigIntegerField(default=0)
    suppressed = models.BigIntegerField(default=0)
    duplicates = models.BigIntegerField(default=0)
    events = models.BigIntegerField(default=0)
    """Events as the frames say, of all companies together."""
    heartbeats = models.BigIntegerField(default=0)
    not_understood = models.BigIntegerField(default=0)
    unreadable = models.BigIntegerField(default=0)

    class Meta:
        indexes = [models.Index(fields=["on", "company"], name="signals_account_figure")]

    def __str__(self) -> str:
        return f"{self.on} {self.company_id} {self.event_class}: {self.received}"


class AccountChange(models.Model):
    """A treated signal of this portion has changed since: the portion has to be counted anew.

    Written by triggers of `signals_treatment`, whoever changes it and by whatever way.
    """

    portion = models.BigIntegerField(db_index=True)

    def __str__(self) -> str:
        return f"portion {self.portion} has changed"


class AccountLook(models.Model):
    """What the latest look at a day's account found: the worker's, once a minute."""

    on = models.DateField(primary_key=True)
    looked_at = models.DateTimeField()
    received = models.BigIntegerField()
    accounted = models.BigIntegerField()
    differing = models.BigIntegerField()
    """Differences of all rows without their signs; 0: every row balances."""

    def __str__(self) -> str:
        return f"{self.on}: {self.received} = {self.accounted}"


class SequenceMark(models.Model):
    """One row: the sequence numbers of frames up to this one were looked at."""

    frame_id = models.BigIntegerField(default=0)

    def __str__(self) -> str:
        return str(self.frame_id)


class SequenceTrack(models.Model):
    """How far an account has counted (`sequence_policy.Track`), from one look to the next."""

    listener = models.CharField(max_length=16)
    account = models.CharField(max_length=32)
    kept = models.JSONField()
    settles_at = models.DateTimeField(null=True, db_index=True)
    """When what is still open is told, should nothing more come; None: nothing is open."""

    class Meta:
        constraints = [models.UniqueConstraint(fields=["listener", "account"], name="signals_one_track_an_account")]

    def __str__(self) -> str:
        return f"{self.listener} {self.account}"


class SequenceGap(models.Model):
    """序号缺口: numbers between two frames of an account that never came. Whose: as of when it was noticed."""

    listener = models.CharField(max_length=16)
    account = models.CharField(max_length=32)
    company = models.ForeignKey(Company, null=True, on_delete=models.PROTECT, db_index=False)
    panel = models.ForeignKey(Panel, null=True, on_delete=models.SET_NULL, db_index=False)
    on = models.DateField()
    """The centre's day on which the frame behind it came."""
    first = models.PositiveSmallIntegerField()
    last = models.PositiveSmallIntegerField()
    missing = models.PositiveSmallIntegerField()
    arrived = models.PositiveSmallIntegerField(default=0)
    """How many of them came all the same, later."""
    possible = models.BooleanField(default=False)
    """可能缺: heartbeats or a counter that began elsewhere may explain it."""
    after_at = models.DateTimeField()
    at = models.DateTimeField()
    """When the frames before it and behind it came."""

    class Meta:
        indexes = [
            models.Index(fields=["on", "company"], name="signals_gap_day"),
            models.Index(fields=["panel", "-at"], name="signals_gap_panel"),
            models.Index(fields=["account", "listener", "-at"], name="signals_gap_account"),
        ]

    def __str__(self) -> str:
        return f"{self.listener} {self.account}: {self.first:04d} to {self.last:04d}"
