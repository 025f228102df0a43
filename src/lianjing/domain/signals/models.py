"""Tables of `signals`. The journal's own tables are read only here: `receive` alone writes them (core.journal)."""

from django.db import models

from lianjing.domain.companies.models import Company
from lianjing.domain.sites.models import Panel, Site, Zone


class Batch(models.Model):
    """One durable commit of the journal."""

    committed_at = models.DateTimeField()
    frame_count = models.IntegerField()
    signal_count = models.IntegerField()
    root = models.BinaryField()

    class Meta:
        managed = False
        db_table = "journal_batch"
        verbose_name_plural = "batches"

    def __str__(self) -> str:
        return f"batch {self.pk}"


class Frame(models.Model):
    """What arrived, byte for byte, and how it was read and answered."""

    batch = models.ForeignKey(Batch, on_delete=models.DO_NOTHING, db_constraint=False)
    received_at = models.DateTimeField()
    stored_at = models.DateTimeField()
    device_at = models.DateTimeField(null=True)
    listener = models.TextField()
    transport = models.TextField()
    peer = models.TextField()
    kind = models.TextField()
    raw = models.BinaryField()
    token = models.TextField()
    account = models.TextField()
    receiver = models.TextField()
    line = models.TextField()
    sequence = models.TextField()
    reading = models.JSONField()
    reason = models.TextField()
    answer = models.BinaryField(null=True)
    repeat_key = models.BinaryField(null=True)
    repeat_of = models.ForeignKey(
        "self",
        null=True,
        on_delete=models.DO_NOTHING,
        db_column="repeat_of",
        db_constraint=False,
        related_name="repeats",
    )
    event_count = models.IntegerField()
    digest = models.BinaryField()

    class Meta:
        managed = False
        db_table = "journal_frame"

    def __str__(self) -> str:
        return f"frame {self.pk}"

    @property
    def unknown_codes(self) -> tuple[str, ...]:
        """Codes of its events that no table lists."""
        return tuple(event["code"] for event in self.reading.get("events") or () if not event["known"])


class FrameOfAccount(models.Model):
    """Where an account's frames are, up to the frame of AccountMark: later ones are few, and found by looking."""

    pk = models.CompositePrimaryKey("account", "frame_id")
    account = models.TextField()
    frame_id = models.BigIntegerField()

    class Meta:
        managed = False
        db_table = "journal_account"
        verbose_name_plural = "frames of accounts"

    def __str__(self) -> str:
        return f"{self.account} {self.frame_id}"


class AccountMark(models.Model):
    """Up to which frame FrameOfAccount is complete: one row."""

    frame_id = models.BigIntegerField()

    class Meta:
        managed = False
        db_table = "journal_account_mark"

    def __str__(self) -> str:
        return f"up to {self.frame_id}"


class Signal(models.Model):
    """One decoded event of a frame that is not a repeat."""

    frame = models.ForeignKey(Frame, on_delete=models.DO_NOTHING, db_constraint=False, related_name="signals")
    ordinal = models.IntegerField()
    received_at = models.DateTimeField()
    listener = models.TextField()
    account = models.TextField()
    scheme = models.TextField()
    code = models.TextField()
    qualifier = models.TextField()
    event_class = models.TextField()
    grade = models.IntegerField()
    phase = models.TextField()
    address_kind = models.TextField()
    area = models.TextField()
    address = models.TextField()
    text = models.TextField()
    known = models.BooleanField()

    class Meta:
        managed = False
        db_table = "journal_signal"

    def __str__(self) -> str:
        return f"signal {self.pk}"


class LineDay(models.Model):
    """A path's life on one day: first and last sign, polls, longest silence."""

    pk = models.CompositePrimaryKey("listener", "account", "transport", "day")
    listener = models.TextField()
    account = models.TextField()
    transport = models.TextField()
    day = models.DateField()
    first_seen_at = models.DateTimeField()
    last_seen_at = models.DateTimeField()
    heartbeat_count = models.IntegerField()
    longest_gap_s = models.IntegerField()

    class Meta:
        managed = False
        db_table = "journal_line_day"

    def __str__(self) -> str:
        return f"{self.listener} {self.account} {self.transport} {self.day}"


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
        ]

    def __str__(self) -> str:
        return f"signal {self.signal_id}: {self.fate}"


class IntakeMark(models.Model):
    """One row: every journal signal up to `signal_id` has its treatment row; the search for new ones starts there."""

    signal_id = models.BigIntegerField(default=0)

    def __str__(self) -> str:
        return str(self.signal_id)


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
