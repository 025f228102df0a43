"""Tables of `signals`. The journal's own tables are read only here: `receive` alone writes them (core.journal)."""

from django.db import models

from lianjing.domain.companies.models import Company
from lianjing.domain.sites.models import Panel, Site, TransmissionPath, Zone


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


class SystemEvent(models.Model):
    """系统事件: what the product itself noticed (a lost line, a late test), as opposed to what a panel sent.

    What it says stands in code table "LJ" under `kind`. Its case is opened by `incidents`; a folded one has none of
    its own but belongs to the event that folds it.
    """

    company = models.ForeignKey(Company, null=True, on_delete=models.PROTECT)
    site = models.ForeignKey(Site, null=True, on_delete=models.PROTECT)
    panel = models.ForeignKey(Panel, null=True, on_delete=models.SET_NULL)
    zone = models.ForeignKey(Zone, null=True, on_delete=models.SET_NULL)
    kind = models.CharField(max_length=24)
    subject = models.CharField(max_length=100)
    """What it is about, such as "path:12": of one kind and subject one event is open at most."""
    event_class = models.CharField(max_length=16)
    grade = models.PositiveSmallIntegerField()
    reasons = models.JSONField(default=list)
    """Sentences in plain Chinese, with figures and times."""
    raised_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    folded_into = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="folded")
    case_told_at = models.DateTimeField(null=True)
    """When its case was opened or joined; for a folded one, when that was found needless."""
    end_told_at = models.DateTimeField(null=True)
    """When its case was told of its end."""

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "subject"], condition=models.Q(ended_at=None), name="signals_one_open_event"
            )
        ]
        indexes = [
            models.Index(fields=["site", "-raised_at"], name="signals_event_site"),
            models.Index(fields=["company", "-raised_at"], name="signals_event_company"),
            models.Index(fields=["folded_into", "id"], name="signals_event_folded"),
            models.Index(fields=["id"], name="signals_event_untold", condition=models.Q(case_told_at=None)),
            models.Index(
                fields=["ended_at"],
                name="signals_event_end_untold",
                condition=models.Q(end_told_at=None, ended_at__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.subject}"


class LineMark(models.Model):
    """One row: what became of lines is known up to this line event of the journal."""

    event_id = models.BigIntegerField(default=0)

    def __str__(self) -> str:
        return str(self.event_id)


class PendingLoss(models.Model):
    """A lost path of which no system event tells yet: it may come back, or turn out to be one of many."""

    path = models.OneToOneField(TransmissionPath, primary_key=True, on_delete=models.CASCADE, related_name="pending")
    due_at = models.DateTimeField(db_index=True)
    """When it is told, if it is still lost."""

    class Meta:
        verbose_name_plural = "pending losses"

    def __str__(self) -> str:
        return f"path {self.path_id}"


# Their tables stand in a room of their own; Django finds them here.
from lianjing.domain.signals.account_tables import (  # noqa: E402, F401
    AccountChange,
    AccountFigure,
    AccountLook,
    AccountPortion,
    SequenceGap,
    SequenceMark,
    SequenceTrack,
)
