"""The journal's own tables, read only here: `receive` alone writes them (core.journal)."""

from django.db import models


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


class LineEvent(models.Model):
    """What became of a supervised line: it was lost, heard again, or is no longer watched."""

    path_id = models.BigIntegerField()
    listener = models.TextField()
    account = models.TextField()
    transport = models.TextField()
    kind = models.TextField()
    at = models.DateTimeField()
    last_heard_at = models.DateTimeField(null=True)
    standing = models.BooleanField()
    """A loss that nothing has ended yet."""

    class Meta:
        managed = False
        db_table = "journal_line_event"

    def __str__(self) -> str:
        return f"path {self.path_id}: {self.kind}"
