from django.db import models

from lianjing.domain.companies.models import Company
from lianjing.domain.people.models import User
from lianjing.domain.signals.models import Lane, SystemEvent, Treatment
from lianjing.domain.sites.models import Site, Zone


class State(models.TextChoices):
    """Where a case stands: 复核 → 转发 → 处置 → 结案."""

    OPEN = "open", "未受理"
    TAKEN = "taken", "处理中"
    VERIFIED = "verified", "已复核"
    FORWARDED = "forwarded", "已转发"
    DISPOSED = "disposed", "已处置"
    CLOSED = "closed", "已结案"


class Incident(models.Model):
    """警情: a case that a person handles. What happened to it stands in the sealed records; here is how it stands."""

    company = models.ForeignKey(Company, null=True, on_delete=models.PROTECT)
    site = models.ForeignKey(Site, null=True, on_delete=models.PROTECT)
    lane = models.ForeignKey(Lane, on_delete=models.PROTECT)
    join_key = models.CharField(max_length=100)
    joinable = models.BooleanField(default=True)
    event_class = models.CharField(max_length=16)
    grade = models.PositiveSmallIntegerField()
    # NULL, not "": a column without a value of its own is added without writing the whole table anew.
    first_class = models.CharField(max_length=16, null=True)  # noqa: DJ001
    first_grade = models.PositiveSmallIntegerField(null=True)
    """Class and grade that it was opened with, since it has others (`Regrading`); empty: it never had any other."""
    state = models.CharField(max_length=12, choices=State, default=State.OPEN)
    confirmed_at = models.DateTimeField(null=True)
    """确认警情: since when two zones, or a person, have confirmed it; None: nothing has."""
    reasons = models.JSONField(default=list)
    """Why this grade, this level, why confirmed: sentences in plain Chinese, newest last."""
    untreated = models.BooleanField(default=False)
    """Its signal's treatment failed; the case was opened so that a person looks."""
    on_paper = models.BooleanField(default=False)
    """纸质补录: handled while the system was down, entered afterwards (`PaperEntry`)."""
    scheme = models.CharField(max_length=8)
    code = models.CharField(max_length=8)
    qualifier = models.CharField(max_length=4)
    """Scheme, code and qualifier of its most urgent alarm: what the queue says in words."""
    zone_words = models.JSONField(default=list)
    common_cause = models.CharField(max_length=60, blank=True)
    """Of a mass loss: what its lines have in common, such as "carrier:5g"; "several" when a person has joined two."""
    panel_count = models.PositiveIntegerField(default=0)
    """Of a case that folds events of many panels: of how many."""
    opened_at = models.DateTimeField()
    attention_at = models.DateTimeField()
    """Since when it waits for a reaction; a joined alarm starts this anew."""
    last_signal_at = models.DateTimeField()
    signal_count = models.PositiveIntegerField(default=0)
    unseen = models.PositiveIntegerField(default=0)
    """Alarms in it that nobody has looked at."""
    acknowledged = models.BooleanField(default=False)
    holder = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    taken_at = models.DateTimeField(null=True)
    queue_level = models.PositiveSmallIntegerField()
    """Its place in the queue before everything else: its grade, 9 on hold, 5 to 8 back from it (`queue_policy`)."""
    key_site = models.BooleanField(default=False)
    """Whether its site is a 治安重点单位: the order must not look it up."""
    escalate_at = models.DateTimeField(null=True)
    """When somebody else is told that nobody reacts; empty: nothing is due."""
    escalated_to = models.CharField(max_length=8, blank=True)
    """Who has been told last: leader, manager."""
    held_until = models.DateTimeField(null=True)
    """On hold until then; empty: it is not."""
    hold_reason = models.CharField(max_length=200, blank=True)
    return_level = models.PositiveSmallIntegerField(null=True)
    """Where in the queue it comes back to."""
    offered_to = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    """Who is asked to take it over; until he accepts it stays with its holder."""
    offered_at = models.DateTimeField(null=True)
    verified_how = models.CharField(max_length=12, blank=True)
    verified_outcome = models.CharField(max_length=12, blank=True)
    forwarded_to = models.CharField(max_length=12, blank=True)
    disposition = models.CharField(max_length=16, blank=True)
    cause = models.CharField(max_length=500, blank=True)
    closed_at = models.DateTimeField(null=True)
    closed_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    joined_into = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="joined")
    """并案: the case that has its signals now; never one that was joined into another itself. While this one stays
    `joinable`, signals with its key go there."""
    # The duty to report, and what was found (reporting_duty.py). Kept here: every move asks for it.
    confirmed_by = models.JSONField(default=list)
    """How zones have confirmed each other: `adjacent`, `principle`. Stays when a person judges otherwise."""
    scene = models.CharField(max_length=12, blank=True)
    """What whoever went there found, "" when nobody has said."""
    tasks_out = models.PositiveSmallIntegerField(default=0)
    """Tasks whose guard has neither reported nor been called back. Kept by `dispatch`."""
    police_told = models.JSONField(default=list)
    """The services that were told and have not refused."""
    receipt_owed = models.BooleanField(default=False)
    """A hold-up went to the police, and nobody has made sure that they have it."""
    duties_waived = models.JSONField(default=list)
    """Names of the duties to report that somebody has waived."""
    duties_brought = models.JSONField(default=list)
    """并案: names of the duties of cases that have become this one, which its own facts do not found."""
    cause_kind = models.CharField(max_length=20, blank=True)
    """The cause of the disposition, a word of its list (causes.py); `cause` is what was written besides."""
    cause_zone = models.ForeignKey(Zone, null=True, on_delete=models.SET_NULL, related_name="+")
    """The detector that it was about."""
    repair_wanted = models.BooleanField(default=False)
    repair_text = models.CharField(max_length=500, blank=True)
    """Something is to be mended; whoever builds work orders finds it here."""
    disposed_at = models.DateTimeField(null=True)
    disposed_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["join_key"], condition=models.Q(joinable=True), name="incidents_one_joinable_a_key"
            )
        ]
        indexes = [
            models.Index(
                fields=["queue_level", "acknowledged", "-key_site", "opened_at", "id"],
                name="incidents_queue",
                condition=~models.Q(state="closed"),
            ),
            models.Index(fields=["site", "-opened_at"], name="incidents_site"),
            models.Index(fields=["company", "state", "-id"], name="incidents_company_state"),
            models.Index(fields=["state", "-id"], name="incidents_state"),
            models.Index(
                fields=["escalate_at"], name="incidents_escalate", condition=models.Q(escalate_at__isnull=False)
            ),
            models.Index(
                fields=["queue_level"],
                name="incidents_escalated",
                condition=~models.Q(escalated_to="") & ~models.Q(state="closed"),
            ),
            models.Index(fields=["held_until"], name="incidents_held", condition=models.Q(held_until__isnull=False)),
            models.Index(fields=["opened_at"], name="incidents_opened"),
            models.Index(fields=["company", "disposition", "opened_at"], name="incidents_disposition"),
            models.Index(
                fields=["disposed_by", "disposed_at"],
                name="incidents_undetermined",
                condition=models.Q(disposition="undetermined"),
            ),
            models.Index(fields=["company", "-id"], name="incidents_repair", condition=models.Q(repair_wanted=True)),
        ]

    def __str__(self) -> str:
        return f"incident {self.pk}"


class Regrading(models.Model):
    """A case got another class or grade: since when it has these. What it was opened with stands in the case."""

    incident = models.ForeignKey(Incident, on_delete=models.PROTECT, related_name="regradings")
    company = models.ForeignKey(Company, null=True, on_delete=models.PROTECT, related_name="+", db_index=False)
    event_class = models.CharField(max_length=16)
    grade = models.PositiveSmallIntegerField()
    at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["company", "at"], name="incidents_regraded")]

    def __str__(self) -> str:
        return f"{self.incident_id}: {self.event_class} {self.grade}"


class IncidentSignal(models.Model):
    """A signal that belongs to a case. A signal is in one case at most."""

    incident = models.ForeignKey(Incident, on_delete=models.PROTECT, related_name="signals")
    treatment = models.OneToOneField(Treatment, on_delete=models.PROTECT, related_name="place_in_case")
    is_alarm = models.BooleanField()
    """False for what only informs, such as a restoral."""
    seen_at = models.DateTimeField(null=True)
    seen_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        indexes = [
            models.Index(fields=["incident"], name="incidents_unseen", condition=models.Q(seen_at=None, is_alarm=True))
        ]

    def __str__(self) -> str:
        return f"{self.incident_id}: {self.treatment_id}"


class IncidentEvent(models.Model):
    """A system event that opened a case or joined one."""

    incident = models.ForeignKey(Incident, on_delete=models.PROTECT, related_name="events")
    event = models.OneToOneField(SystemEvent, on_delete=models.PROTECT, related_name="place_in_case")

    def __str__(self) -> str:
        return f"{self.incident_id}: event {self.event_id}"
