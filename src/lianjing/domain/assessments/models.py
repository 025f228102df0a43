from django.db import models
from django.db.models import F, Q

from lianjing.domain.companies.models import Company, Department, Post
from lianjing.domain.findings.models import Finding
from lianjing.domain.people.models import StaffMember, User
from lianjing.domain.records.dated import Dated
from lianjing.terms.assessments import (
    CyclePeriod,
    CycleState,
    OperationFigure,
    ScoredBy,
    SheetKind,
    SupervisionResult,
)


class SupervisionEntry(Dated):
    """日常监督: what somebody looked at in a department on a day, and what he found. Of one day, and never edited."""

    company = models.ForeignKey(Company, on_delete=models.PROTECT, related_name="supervision")
    department = models.ForeignKey(Department, on_delete=models.PROTECT, related_name="+")
    """Its first row."""
    post = models.ForeignKey(Post, null=True, on_delete=models.PROTECT, related_name="+")
    """Its first row; empty: the whole department."""
    looked_at = models.CharField(max_length=200)
    result = models.CharField(max_length=8, choices=SupervisionResult.choices())
    found = models.TextField(max_length=1000, blank=True)
    author = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    scan = models.FileField(upload_to="supervision/%Y/", blank=True)
    scan_sha256 = models.CharField(max_length=64, blank=True)
    finding = models.ForeignKey(Finding, null=True, on_delete=models.PROTECT, related_name="+")
    """The one that was raised with it."""

    class Meta:
        verbose_name_plural = "supervision entries"
        constraints = [
            models.CheckConstraint(
                condition=Q(valid_from__isnull=False, valid_until=F("valid_from")), name="assessments_entry_of_one_day"
            ),
        ]
        indexes = [
            models.Index(fields=["company", "-valid_from", "-id"], name="assessments_log"),
            models.Index(fields=["company", "department", "valid_from"], name="assessments_log_of"),
        ]

    def __str__(self) -> str:
        return f"{self.valid_from}: {self.looked_at}"


class SupervisionLimit(Dated):
    """How often a company wants its departments looked at, and how long an evaluation counts: its own setting, for
    every day. What was taken back is how it was judged before."""

    company = models.ForeignKey(Company, on_delete=models.PROTECT, related_name="+")
    gap_days = models.PositiveSmallIntegerField()
    """Workdays."""
    evaluation_months = models.PositiveSmallIntegerField()
    origin = models.CharField(max_length=200, blank=True)

    class Meta:
        indexes = [models.Index(fields=["company", "-id"], name="assessments_limits")]

    def __str__(self) -> str:
        return f"{self.company_id}: {self.gap_days}, {self.evaluation_months}"


class CriteriaSet(models.Model):
    """考核指标 of a company, in versions: one that is used is never edited, the next takes its place."""

    company = models.ForeignKey(Company, on_delete=models.PROTECT, related_name="criteria_sets")
    name = models.CharField(max_length=60)
    version = models.PositiveSmallIntegerField()
    added_at = models.DateTimeField()
    added_by = models.CharField(max_length=150)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["company", "name", "version"], name="assessments_criteria_version_once")
        ]

    def __str__(self) -> str:
        return f"{self.name} V{self.version}"


class Criterion(models.Model):
    """One line of a set: what is scored, how much it weighs, how it comes to its points."""

    criteria = models.ForeignKey(CriteriaSet, on_delete=models.CASCADE, related_name="lines")
    place = models.PositiveSmallIntegerField()
    name = models.CharField(max_length=60)
    looks_at = models.CharField(max_length=200, blank=True)
    weight = models.PositiveSmallIntegerField()
    """In per cent; all of a set are 100."""
    scale = models.PositiveSmallIntegerField()
    """Its full points."""
    scored_by = models.CharField(max_length=8, choices=ScoredBy.choices())
    figure = models.CharField(max_length=20, choices=OperationFigure.choices(), blank=True)
    full_at = models.DecimalField(max_digits=10, decimal_places=2, null=True)
    zero_at = models.DecimalField(max_digits=10, decimal_places=2, null=True)

    class Meta:
        verbose_name_plural = "criteria"
        ordering = ["place"]
        constraints = [models.UniqueConstraint(fields=["criteria", "place"], name="assessments_criterion_place_once")]

    def __str__(self) -> str:
        return self.name


class AssessmentCycle(models.Model):
    """周期性考核: departments scored over a period, analysed, and put right by findings. Its moves are instants."""

    company = models.ForeignKey(Company, on_delete=models.PROTECT, related_name="assessments")
    name = models.CharField(max_length=60)
    period = models.CharField(max_length=12, choices=CyclePeriod.choices())
    first_on = models.DateField()
    last_on = models.DateField()
    criteria = models.ForeignKey(CriteriaSet, on_delete=models.PROTECT, related_name="+")
    responsible = models.ForeignKey(StaffMember, on_delete=models.PROTECT, related_name="+")
    """Who answers for it, and scores as the assessor."""
    sheets_due_on = models.DateField()
    analysis_due_on = models.DateField()
    self_share = models.PositiveSmallIntegerField()
    mutual_share = models.PositiveSmallIntegerField()
    assessor_share = models.PositiveSmallIntegerField()
    turn = models.PositiveIntegerField()
    """Counts the company's assessments: by it the round robin turns."""
    state = models.CharField(max_length=12, choices=CycleState.choices(), default=CycleState.DRAFT.value)
    drafted_at = models.DateTimeField()
    drafted_by = models.CharField(max_length=150)
    opened_at = models.DateTimeField(null=True)
    scored_at = models.DateTimeField(null=True)
    """Since when scores and figures are fixed."""
    scored_by = models.CharField(max_length=150, blank=True)
    analysis = models.TextField(max_length=4000, blank=True)
    measures = models.TextField(max_length=4000, blank=True)
    analysed_at = models.DateTimeField(null=True)
    analysed_by = models.CharField(max_length=150, blank=True)
    closed_at = models.DateTimeField(null=True)
    closed_by = models.CharField(max_length=150, blank=True)
    cancelled_for = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(first_on__lte=F("last_on")), name="assessments_cycle_days"),
            models.UniqueConstraint(fields=["company", "turn"], name="assessments_turn_once"),
        ]
        indexes = [
            models.Index(fields=["company", "-id"], name="assessments_newest"),
            models.Index(fields=["company", "scored_at"], name="assessments_scored"),
        ]

    def __str__(self) -> str:
        return self.name


class CycleDepartment(models.Model):
    """A department that an assessment covers, as it was called then, with what it has come to."""

    cycle = models.ForeignKey(AssessmentCycle, on_delete=models.CASCADE, related_name="departments")
    department = models.ForeignKey(Department, on_delete=models.PROTECT, related_name="+")
    name = models.CharField(max_length=50)
    score = models.DecimalField(max_digits=4, decimal_places=1, null=True)
    """Of a hundred, fixed when the assessment is scored."""

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["cycle", "department"], name="assessments_department_once"),
        ]

    def __str__(self) -> str:
        return self.name


class ScoreSheet(models.Model):
    """评分表: the points that one evaluator gives one department. One that was submitted is not changed; sent back, it
    stays on file and another takes its place."""

    cycle = models.ForeignKey(AssessmentCycle, on_delete=models.CASCADE, related_name="sheets")
    kind = models.CharField(max_length=8, choices=SheetKind.choices())
    department = models.ForeignKey(Department, on_delete=models.PROTECT, related_name="+")
    """Who is scored."""
    by_department = models.ForeignKey(Department, null=True, on_delete=models.PROTECT, related_name="+")
    """Whose person scores; empty: the assessor."""
    evaluator = models.ForeignKey(StaffMember, null=True, on_delete=models.PROTECT, related_name="+")
    submitted_at = models.DateTimeField(null=True)
    submitted_by = models.CharField(max_length=150, blank=True)
    returned_at = models.DateTimeField(null=True)
    returned_by = models.CharField(max_length=150, blank=True)
    return_reason = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["cycle", "kind", "department"],
                condition=Q(returned_at=None),
                name="assessments_one_sheet_a_kind",
            ),
            models.CheckConstraint(
                condition=~Q(kind=SheetKind.MUTUAL.value) | ~Q(department=F("by_department")),
                name="assessments_nobody_himself",
            ),
        ]
        indexes = [
            models.Index(fields=["evaluator", "cycle"], name="assessments_to_score", condition=Q(submitted_at=None)),
        ]

    def __str__(self) -> str:
        return f"{self.cycle_id}: {self.kind} {self.department_id}"


class Score(models.Model):
    """The points of one criterion on a sheet, with what shows them."""

    sheet = models.ForeignKey(ScoreSheet, on_delete=models.CASCADE, related_name="scores")
    criterion = models.ForeignKey(Criterion, on_delete=models.PROTECT, related_name="+")
    points = models.DecimalField(max_digits=5, decimal_places=1)
    evidence = models.CharField(max_length=300, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["sheet", "criterion"], name="assessments_score_once")]

    def __str__(self) -> str:
        return f"{self.criterion_id}: {self.points}"


class FixedFigure(models.Model):
    """What a figure of operations was when the assessment was scored, where it came from, and its points."""

    cycle = models.ForeignKey(AssessmentCycle, on_delete=models.CASCADE, related_name="figures")
    department = models.ForeignKey(Department, on_delete=models.PROTECT, related_name="+")
    criterion = models.ForeignKey(Criterion, on_delete=models.PROTECT, related_name="+")
    value = models.DecimalField(max_digits=12, decimal_places=2, null=True)
    """Empty: there was none, and the assessor has scored it by hand."""
    count = models.PositiveIntegerField(default=0)
    """Of how many it was made."""
    points = models.DecimalField(max_digits=5, decimal_places=1)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["cycle", "department", "criterion"], name="assessments_figure_once"),
        ]

    def __str__(self) -> str:
        return f"{self.criterion_id}: {self.value}"
