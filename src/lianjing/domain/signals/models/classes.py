"""Classes and grades as a company has written them down, and since when it reads which code as what."""

from django.db import models

from lianjing.domain.companies.models import Company
from lianjing.domain.people.models import User


class ClassesState(models.TextChoices):
    """How a version lives: 草稿 → 已批准 → 执行中 → 已替换."""

    DRAFT = "draft", "草稿"
    APPROVED = "approved", "已批准"
    IN_FORCE = "in_force", "执行中"
    SUPERSEDED = "superseded", "已替换"


class Classification(models.Model):
    """分类分级表: one version of a company's classes of events and faults, with the grades of each. The shipped one is
    no row (`default_classes.py`); it counts as version 1."""

    company = models.ForeignKey(Company, on_delete=models.PROTECT, related_name="classifications", db_index=False)
    number = models.PositiveIntegerField()
    rows = models.JSONField(default=list)
    content_hash = models.CharField(max_length=64)
    state = models.CharField(max_length=12, choices=ClassesState, default=ClassesState.DRAFT)
    writers = models.JSONField(default=list)
    """Ids of all who wrote at it: none of them approves it."""
    written_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    written_at = models.DateTimeField()
    approved_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    approved_at = models.DateTimeField(null=True)
    in_force_since = models.DateTimeField(null=True)
    in_force_until = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["company", "number"], name="signals_classes_number_once"),
            models.UniqueConstraint(
                fields=["company"], condition=models.Q(state="draft"), name="signals_one_draft_of_classes"
            ),
            models.UniqueConstraint(
                fields=["company"], condition=models.Q(state="in_force"), name="signals_one_classes_in_force"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.company_id}: {self.number}"


class ReadingChange(models.Model):
    """A company began, or ceased, to read a code as another class and grade than the table does."""

    company = models.ForeignKey(Company, on_delete=models.CASCADE, related_name="+", db_index=False)
    scheme = models.CharField(max_length=8)
    code = models.CharField(max_length=8)
    event_class = models.CharField(max_length=16, blank=True)
    grade = models.PositiveSmallIntegerField(null=True)
    """Empty: as the table has it, from then on."""
    classification = models.ForeignKey(Classification, null=True, on_delete=models.PROTECT, related_name="+")
    """The version in force then; empty: the shipped one."""
    changed_at = models.DateTimeField()
    changed_by = models.CharField(max_length=150)

    class Meta:
        indexes = [models.Index(fields=["company", "-changed_at", "-id"], name="signals_reading_changes")]

    def __str__(self) -> str:
        return f"{self.scheme} {self.code}: {self.event_class} {self.grade}"
