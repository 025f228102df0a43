"""What became of every signal, by which rule, and how far the search for new ones has come."""

from django.db import models

from lianjing.domain.companies.models import Company
from lianjing.domain.sites.models import Panel, Site, Zone


class Fate(models.TextChoices):
    """去向: what became of a decoded event. Every one ends in exactly one of them."""

    WAITING = "waiting"
    IN_CASE = "in_case"
    AUTOMATIC = "automatic"
    ON_TEST = "on_test"
    SUPPRESSED = "suppressed"
    DUPLICATE = "duplicate"


class Lane(models.Model):
    """A site, or an unknown account under its receiver: what one worker at a time treats in arrival order."""

    key = models.CharField(max_length=80, unique=True)
    site = models.ForeignKey(Site, null=True, on_delete=models.PROTECT)
    listener = models.CharField(max_length=16, blank=True)
    account = models.CharField(max_length=32, blank=True)

    def __str__(self) -> str:
        return self.key


class Treatment(models.Model):
    """What became of one journal signal, and by which rule. Class and grade are the company's reading of the code."""

    signal_id = models.BigIntegerField(primary_key=True)
    frame_id = models.BigIntegerField()
    received_at = models.DateTimeField()
    lane = models.ForeignKey(Lane, on_delete=models.PROTECT, db_index=False)
    company = models.ForeignKey(Company, null=True, on_delete=models.PROTECT)
    site = models.ForeignKey(Site, null=True, on_delete=models.PROTECT)
    panel = models.ForeignKey(Panel, null=True, on_delete=models.PROTECT)
    zone = models.ForeignKey(Zone, null=True, on_delete=models.SET_NULL)
    event_class = models.CharField(max_length=16)
    grade = models.PositiveSmallIntegerField()
    fate = models.CharField(max_length=12, choices=Fate, default=Fate.WAITING)
    rule = models.CharField(max_length=40, blank=True)
    treated_at = models.DateTimeField(null=True)
    same_as = models.ForeignKey(
        "self",
        null=True,
        on_delete=models.DO_NOTHING,
        db_column="same_as",
        db_constraint=False,
        db_index=False,
        related_name="seconds",
    )
    """The signal that told of the same event first, by another path (docs/decisions/0010)."""

    class Meta:
        indexes = [
            models.Index(fields=["lane", "received_at"], name="signals_lane_history"),
            models.Index(fields=["same_as"], name="signals_second_path", condition=models.Q(same_as__isnull=False)),
            models.Index(fields=["grade", "signal_id"], name="signals_claim", condition=models.Q(fate="waiting")),
            models.Index(fields=["lane", "signal_id"], name="signals_lane_wait", condition=models.Q(fate="waiting")),
            models.Index(fields=["site", "-received_at"], name="signals_site_history"),
            models.Index(fields=["received_at", "company", "fate"], name="signals_accounting"),
            models.Index(fields=["frame_id"], name="signals_frame"),
            models.Index(
                fields=["received_at", "company", "rule"],
                name="signals_ledger",
                condition=models.Q(fate="suppressed"),
            ),
            models.Index(fields=["rule", "signal_id"], name="signals_hidden", condition=models.Q(fate="suppressed")),
        ]

    def __str__(self) -> str:
        return f"signal {self.signal_id}: {self.fate}"


class Decision(models.Model):
    """Why a signal became what it did: every step of the pipeline in order, each with its sentence in plain Chinese."""

    signal_id = models.BigIntegerField(primary_key=True)
    rule = models.CharField(max_length=40)
    author = models.CharField(max_length=50)
    """Who answers for the rule: the person who set it, or 系统."""
    steps = models.JSONField()
    """[[step, sentence], …]; a sentence is empty where the step passed the signal on without a word."""
    decided_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"signal {self.signal_id}: {self.rule}"


class IntakeMark(models.Model):
    """One row: every journal signal up to `signal_id` has its treatment row; the search for new ones starts there."""

    signal_id = models.BigIntegerField(default=0)

    def __str__(self) -> str:
        return str(self.signal_id)


class FrameErasure(models.Model):
    """An order to erase frames. `core.journal.erasure` reads it by SQL: id, first_id, last_id, done_at."""

    first_id = models.BigIntegerField()
    last_id = models.BigIntegerField()
    record_id = models.BigIntegerField()
    """The sealed act that orders it."""
    ordered_at = models.DateTimeField()
    done_at = models.DateTimeField(null=True, db_index=True)

    def __str__(self) -> str:
        return f"frames {self.first_id} to {self.last_id}"
