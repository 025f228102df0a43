from django.db import models
from django.db.models import F, Q

from lianjing.domain.companies.models import Company
from lianjing.domain.findings.models import Finding
from lianjing.domain.incidents.models import Incident
from lianjing.domain.people.models import StaffMember, User
from lianjing.domain.plans.models import Plan, PlanVersion
from lianjing.domain.records.dated import Dated
from lianjing.terms.drills import (
    DrillKind,
    DrillRole,
    DrillState,
    DrivenBy,
    ObservationKind,
    ProgrammeState,
    ReviewConclusion,
)


class Programme(models.Model):
    """年度演练计划: an edition of what a company means to drill in a year. Only a draft changes."""

    company = models.ForeignKey(Company, on_delete=models.PROTECT, related_name="drill_programmes", db_index=False)
    year = models.PositiveSmallIntegerField()
    number = models.PositiveSmallIntegerField()
    """Edition of the year."""
    state = models.CharField(max_length=12, choices=ProgrammeState.choices(), default=ProgrammeState.DRAFT.value)
    writers = models.JSONField(default=list)
    """Ids of all who wrote at it: none of them approves it."""
    drafted_at = models.DateTimeField()
    drafted_by = models.CharField(max_length=150)
    content_hash = models.CharField(max_length=64, blank=True)
    """SHA-256 of what was approved."""
    approved_at = models.DateTimeField(null=True)
    approved_by = models.CharField(max_length=150, blank=True)
    replaced_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["company", "year", "number"], name="drills_edition_once"),
            models.UniqueConstraint(
                fields=["company", "year"], condition=Q(state="draft"), name="drills_one_draft_a_year"
            ),
            models.UniqueConstraint(
                fields=["company", "year"], condition=Q(state="approved"), name="drills_one_programme_a_year"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.year}-{self.number}"


class PlannedDrill(models.Model):
    """A line of a programme. `line` keeps its number through the editions of the year."""

    programme = models.ForeignKey(Programme, on_delete=models.CASCADE, related_name="lines", db_index=False)
    line = models.PositiveSmallIntegerField()
    month = models.PositiveSmallIntegerField()
    kind = models.CharField(max_length=16, choices=DrillKind.choices())
    title = models.CharField(max_length=60)
    event_class = models.CharField(max_length=16, blank=True)
    grade = models.PositiveSmallIntegerField(null=True)
    """None: any grade."""

    class Meta:
        constraints = [models.UniqueConstraint(fields=["programme", "line"], name="drills_line_once")]

    def __str__(self) -> str:
        return f"{self.line}: {self.title}"


class Drill(models.Model):
    """演练: one that is prepared and held. What happened in it has instants; nothing is changed after its review."""

    company = models.ForeignKey(Company, on_delete=models.PROTECT, related_name="drills", db_index=False)
    number = models.CharField(max_length=16)
    """D-2026-02: counted by company and year."""
    year = models.PositiveSmallIntegerField()
    line = models.PositiveSmallIntegerField()
    """Its line of the year's programme."""
    kind = models.CharField(max_length=16, choices=DrillKind.choices())
    title = models.CharField(max_length=60)
    driven_by = models.CharField(max_length=16, choices=DrivenBy.choices(), default=DrivenBy.SCRIPT.value)
    state = models.CharField(max_length=12, choices=DrillState.choices(), default=DrillState.PLANNED.value)
    planned_on = models.DateField()
    planned_at = models.DateTimeField()
    planned_by = models.CharField(max_length=150)
    place = models.CharField(max_length=100, blank=True)
    aim = models.TextField(max_length=1000, blank=True)
    scenario = models.TextField(max_length=2000, blank=True)
    script = models.JSONField(default=list)
    """Injects in their order: `minute, text, expected`."""
    safety = models.TextField(max_length=1000, blank=True)
    stop_word = models.CharField(max_length=20, blank=True)
    """Whoever hears it stops at once: it is no drill any more."""
    indicators = models.PositiveSmallIntegerField()
    """Edition of the indicators that it is scored by."""
    prepared_at = models.DateTimeField(null=True)
    prepared_by = models.CharField(max_length=150, blank=True)
    began_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    held_at = models.DateTimeField(null=True)
    """When its end was recorded: known since then."""
    held_by = models.CharField(max_length=150, blank=True)
    held_user = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    """Who recorded it as held: another takes that back."""
    from_paper = models.BooleanField(default=False)
    """补录: it was held before anybody planned it here, and is entered from paper."""
    evaluation = models.TextField(max_length=2000, blank=True)
    evaluated_at = models.DateTimeField(null=True)
    evaluated_by = models.CharField(max_length=150, blank=True)
    reviewed_at = models.DateTimeField(null=True)
    archived_at = models.DateTimeField(null=True)
    archived_by = models.CharField(max_length=150, blank=True)
    archive_sha256 = models.CharField(max_length=64, blank=True)
    """Of everything about it, as it was archived."""
    cancelled_at = models.DateTimeField(null=True)
    cancelled_by = models.CharField(max_length=150, blank=True)
    cancelled_for = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["company", "number"], name="drills_number_once"),
            models.UniqueConstraint(
                fields=["company", "year", "line"],
                condition=~Q(state="cancelled"),
                name="drills_one_a_line",
            ),
            models.CheckConstraint(condition=Q(ended_at=None) | Q(ended_at__gte=F("began_at")), name="drills_ends"),
            models.CheckConstraint(
                condition=Q(cancelled_at=None) ^ Q(state="cancelled"), name="drills_cancelled_has_its_time"
            ),
        ]
        indexes = [
            models.Index(fields=["company", "-planned_on", "-id"], name="drills_newest"),
            models.Index(fields=["company", "ended_at"], name="drills_held"),
            models.Index(fields=["company", "state", "-planned_on", "-id"], name="drills_by_state"),
        ]

    def __str__(self) -> str:
        return self.number


class ExercisedPlan(models.Model):
    """A plan that a drill exercises, in the version that was in force when it was prepared."""

    drill = models.ForeignKey(Drill, on_delete=models.CASCADE, related_name="exercised", db_index=False)
    plan = models.ForeignKey(Plan, on_delete=models.PROTECT, related_name="drills")
    version = models.ForeignKey(PlanVersion, null=True, on_delete=models.PROTECT, related_name="+")
    """None: not prepared yet."""
    content_hash = models.CharField(max_length=64, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["drill", "plan"], name="drills_plan_once")]

    def __str__(self) -> str:
        return f"{self.drill_id}: {self.plan_id}"


class Participant(models.Model):
    """Somebody of the company in a drill, in one role."""

    drill = models.ForeignKey(Drill, on_delete=models.CASCADE, related_name="participants", db_index=False)
    member = models.ForeignKey(StaffMember, on_delete=models.PROTECT, related_name="drills")
    role = models.CharField(max_length=12, choices=DrillRole.choices())
    task = models.CharField(max_length=100, blank=True)
    """What he plays or looks at."""

    class Meta:
        constraints = [models.UniqueConstraint(fields=["drill", "member"], name="drills_one_role_a_person")]

    def __str__(self) -> str:
        return f"{self.drill_id}: {self.member_id} {self.role}"


class Observation(models.Model):
    """What somebody saw during a drill, and when. A mistaken one is taken back and stays on file."""

    drill = models.ForeignKey(Drill, on_delete=models.PROTECT, related_name="observations", db_index=False)
    seen_at = models.DateTimeField()
    kind = models.CharField(max_length=8, choices=ObservationKind.choices())
    inject = models.PositiveSmallIntegerField(null=True)
    """The inject of the script that it is about."""
    text = models.CharField(max_length=300, blank=True)
    recorded_at = models.DateTimeField()
    recorded_by = models.CharField(max_length=150)
    taken_back_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["drill", "seen_at", "id"], name="drills_observed")]

    def __str__(self) -> str:
        return f"{self.drill_id}: {self.kind} {self.seen_at}"


class Score(models.Model):
    """Points for one indicator; another judgement takes its place, and the first stays on file."""

    drill = models.ForeignKey(Drill, on_delete=models.PROTECT, related_name="scores", db_index=False)
    indicator = models.CharField(max_length=32)
    points = models.PositiveSmallIntegerField(null=True)
    """1 to 5; None: does not apply."""
    note = models.CharField(max_length=200, blank=True)
    recorded_at = models.DateTimeField()
    recorded_by = models.CharField(max_length=150)
    replaced_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["drill", "indicator"], condition=Q(replaced_at=None), name="drills_one_score_an_indicator"
            )
        ]

    def __str__(self) -> str:
        return f"{self.drill_id}: {self.indicator}"


class Attachment(models.Model):
    """A picture or PDF of a drill, with its digest."""

    drill = models.ForeignKey(Drill, on_delete=models.PROTECT, related_name="attachments")
    title = models.CharField(max_length=60)
    file = models.FileField(upload_to="drills/%Y/")
    file_sha256 = models.CharField(max_length=64)
    bytes = models.PositiveIntegerField()
    recorded_at = models.DateTimeField()
    recorded_by = models.CharField(max_length=150)

    def __str__(self) -> str:
        return self.title


class Review(models.Model):
    """复盘: what somebody concludes from a drill that was held, or from a real case."""

    company = models.ForeignKey(Company, on_delete=models.PROTECT, related_name="+", db_index=False)
    drill = models.OneToOneField(Drill, null=True, on_delete=models.PROTECT, related_name="review")
    incident = models.ForeignKey(Incident, null=True, on_delete=models.PROTECT, related_name="looked_back")
    """A case that was opened again and closed is looked back on anew: the earlier review stays, and counts no more."""
    went_well = models.TextField(max_length=2000, blank=True)
    went_badly = models.TextField(max_length=2000, blank=True)
    conclusion = models.CharField(max_length=12, choices=ReviewConclusion.choices())
    reason = models.TextField(max_length=1000, blank=True)
    """Why nothing has to be changed."""
    recorded_at = models.DateTimeField()
    recorded_by = models.CharField(max_length=150)
    author = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(drill=None) ^ Q(incident=None), name="drills_review_is_of_one_thing")
        ]
        indexes = [models.Index(fields=["company", "-id"], name="drills_reviews")]

    def __str__(self) -> str:
        return f"{self.drill_id or self.incident_id}: {self.conclusion}"


class Improvement(models.Model):
    """改进项: a finding of a review, which revises a plan. How far it has come, the finding itself says."""

    review = models.ForeignKey(Review, on_delete=models.PROTECT, related_name="improvements")
    finding = models.OneToOneField(Finding, on_delete=models.PROTECT, related_name="improvement")
    plan = models.ForeignKey(Plan, on_delete=models.PROTECT, related_name="improvements")

    def __str__(self) -> str:
        return f"{self.review_id}: {self.finding_id}"


class Retest(models.Model):
    """复测: the revised plan was tried again, in a later drill or otherwise."""

    improvement = models.ForeignKey(Improvement, on_delete=models.PROTECT, related_name="retests")
    drill = models.ForeignKey(Drill, null=True, on_delete=models.PROTECT, related_name="retests")
    version = models.ForeignKey(PlanVersion, on_delete=models.PROTECT, related_name="+")
    """The version of the plan that was tried."""
    tested_on = models.DateField()
    has_passed = models.BooleanField()
    note = models.CharField(max_length=500)
    recorded_at = models.DateTimeField()
    recorded_by = models.CharField(max_length=150)

    def __str__(self) -> str:
        return f"{self.improvement_id}: {self.tested_on}"


class ReviewTerm(Dated):
    """Within how many days a company looks back on what happened; its own figure, as long as no text names one."""

    company = models.ForeignKey(Company, on_delete=models.PROTECT, related_name="+")
    days = models.PositiveSmallIntegerField()

    def __str__(self) -> str:
        return f"{self.company_id}: {self.days}"


class DrillCounter(models.Model):
    """How many drills a company has planned in a year."""

    company = models.ForeignKey(Company, on_delete=models.CASCADE, related_name="+")
    year = models.PositiveSmallIntegerField()
    last = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["company", "year"], name="drills_one_counter_a_year")]

    def __str__(self) -> str:
        return f"{self.company_id} {self.year}: {self.last}"
