from django.db import models
from django.db.models import Q

from lianjing.domain.companies.models import Company, Department
from lianjing.domain.people.models import StaffMember, User
from lianjing.terms.findings import Effect, FindingGrade, FindingSource, FindingState

ENDED = (FindingState.CLOSED.value, FindingState.DISMISSED.value)


class Finding(models.Model):
    """整改: something that is not as it must be, until it is put right and somebody else has seen that it is.

    Where it came from is named by kind and id in text: clauses, drills and cases stand above this app
    (docs/decisions/0027).
    """

    company = models.ForeignKey(Company, on_delete=models.PROTECT, related_name="findings")
    number = models.CharField(max_length=16)
    """R-2026-041: counted by company and year."""
    source_kind = models.CharField(max_length=12, choices=FindingSource.choices())
    source_ref = models.CharField(max_length=64, blank=True)
    """The id of the source in its app, the number of a clause."""
    source_words = models.CharField(max_length=200, blank=True)
    """What the source was called when the finding was raised."""
    watch_key = models.CharField(max_length=80, blank=True)
    """Of a source that says by itself whether it is good again ("clause:5.2"): one open finding for each."""
    verdict_good_since = models.DateTimeField(null=True)
    source_said = models.CharField(max_length=500, blank=True)
    """What shows that its source is good again, or why that stands in doubt; empty while it is simply bad."""
    """Of such a source: since when it is good again; empty: it is not."""
    previous = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="again")
    """The last one about the same source, when it has happened before."""
    clauses = models.CharField(max_length=420, blank=True)
    """Numbers of clauses, each between bars: "|5.1.1|5.2|"."""
    title = models.CharField(max_length=100)
    description = models.TextField(max_length=2000, blank=True)
    grade = models.CharField(max_length=12, choices=FindingGrade.choices())
    grade_rank = models.PositiveSmallIntegerField()
    """The grade as a number, for the order."""
    state = models.CharField(max_length=12, choices=FindingState.choices(), default=FindingState.IDENTIFIED.value)
    raised_at = models.DateTimeField()
    raised_by = models.CharField(max_length=150)
    confirmed_at = models.DateTimeField(null=True)
    confirmed_by = models.CharField(max_length=150, blank=True)
    owner = models.ForeignKey(StaffMember, null=True, on_delete=models.PROTECT, related_name="findings")
    """责任人."""
    department = models.ForeignKey(Department, null=True, on_delete=models.PROTECT, related_name="+")
    """责任部门, its first row."""
    due_on = models.DateField(null=True)
    cause = models.TextField(max_length=1000, blank=True)
    """根因."""
    measure = models.TextField(max_length=1000, blank=True)
    """措施."""
    revises_kind = models.CharField(max_length=12, blank=True)
    """What has to be revised: "plan", "document"; by kind and id as the source."""
    revises_ref = models.CharField(max_length=64, blank=True)
    revises_words = models.CharField(max_length=200, blank=True)
    needs_retest = models.BooleanField(default=False)
    """复测: nobody can verify it before it was tried again."""
    retested_on = models.DateField(null=True)
    done_at = models.DateTimeField(null=True)
    done_by = models.CharField(max_length=150, blank=True)
    done_user = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    """Who reported it as done: somebody else verifies it."""
    proof = models.TextField(max_length=1000, blank=True)
    proof_file = models.FileField(upload_to="findings/%Y/", blank=True)
    proof_sha256 = models.CharField(max_length=64, blank=True)
    verified_at = models.DateTimeField(null=True)
    verified_by = models.CharField(max_length=150, blank=True)
    verification = models.TextField(max_length=1000, blank=True)
    check_on = models.DateField(null=True)
    """When it is looked at whether the measure has worked; empty: not planned."""
    effect = models.CharField(max_length=12, choices=Effect.choices(), blank=True)
    effect_at = models.DateTimeField(null=True)
    effect_by = models.CharField(max_length=150, blank=True)
    effect_note = models.TextField(max_length=1000, blank=True)
    closed_at = models.DateTimeField(null=True)
    """Since when it is closed or dismissed."""
    closed_by = models.CharField(max_length=150, blank=True)
    dismissed_for = models.CharField(max_length=200, blank=True)
    next_on = models.DateField()
    """The day by which its next act is expected (`policy.next_day`): the order of the list."""

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["company", "number"], name="findings_number_once"),
            models.UniqueConstraint(
                fields=["company", "watch_key"],
                condition=Q(closed_at=None) & ~Q(watch_key=""),
                name="findings_one_open_a_source",
            ),
            models.CheckConstraint(
                condition=Q(closed_at=None) ^ Q(state__in=ENDED),
                name="findings_ended_has_its_time",
            ),
        ]
        indexes = [
            models.Index(
                fields=["company", "next_on", "grade_rank", "id"],
                name="findings_open",
                condition=Q(closed_at=None),
            ),
            models.Index(fields=["company", "-closed_at", "-id"], name="findings_ended"),
            models.Index(
                fields=["company", "check_on", "id"],
                name="findings_checks",
                condition=Q(check_on__isnull=False, effect=""),
            ),
            models.Index(fields=["company", "-id"], name="findings_newest"),
            models.Index(fields=["company", "source_kind", "source_ref"], name="findings_of_source"),
            models.Index(fields=["company", "watch_key", "-id"], name="findings_watched"),
            models.Index(
                fields=["company", "revises_kind", "revises_ref"],
                name="findings_revising",
                condition=~Q(revises_kind=""),
            ),
        ]

    def __str__(self) -> str:
        return self.number


class FindingCounter(models.Model):
    """How many findings a company has raised in a year."""

    company = models.ForeignKey(Company, on_delete=models.CASCADE, related_name="+")
    year = models.PositiveSmallIntegerField()
    last = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["company", "year"], name="findings_one_counter_a_year")]

    def __str__(self) -> str:
        return f"{self.company_id} {self.year}: {self.last}"


class Followed(models.Model):
    """How far somebody who raises findings has followed the bus."""

    name = models.CharField(max_length=32, primary_key=True)
    position = models.BigIntegerField(default=0)

    class Meta:
        verbose_name_plural = "followed"

    def __str__(self) -> str:
        return f"{self.name}: {self.position}"
