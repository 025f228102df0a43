from django.db import models

from lianjing.domain.companies.models import Company
from lianjing.domain.people.models.staff import StaffFact, StaffMember


class CourseState(models.TextChoices):
    DRAFT = "draft", "草稿"
    OPEN = "open", "开放"
    CLOSED = "closed", "停用"


class Course(models.Model):
    """培训课程: what is to be read, for how many hours it counts, and what must be answered."""

    company = models.ForeignKey(Company, on_delete=models.PROTECT, related_name="courses")
    code = models.CharField(max_length=32)
    title = models.CharField(max_length=100)
    subjects = models.JSONField(default=list)
    """Words of terms.staffing.Subject."""
    content = models.TextField(blank=True, max_length=50_000)
    """Markdown."""
    hours = models.DecimalField(max_digits=5, decimal_places=1)
    pass_mark = models.PositiveSmallIntegerField(default=80)
    """Of a hundred."""
    valid_months = models.PositiveSmallIntegerField(null=True, blank=True)
    """So long a pass counts; empty: for good."""
    state = models.CharField(max_length=8, choices=CourseState, default=CourseState.DRAFT)
    changed_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["company", "code"], name="people_course_code_once")]

    def __str__(self) -> str:
        return self.title


class Question(models.Model):
    """考题: one or more of the options are right, and all of them must be named."""

    course = models.ForeignKey(Course, on_delete=models.CASCADE, related_name="questions")
    place = models.PositiveSmallIntegerField()
    text = models.CharField(max_length=500)
    options = models.JSONField(default=list)
    right = models.JSONField(default=list)
    """Places of the right options, from 0."""

    class Meta:
        constraints = [models.UniqueConstraint(fields=["course", "place"], name="people_question_place_once")]

    def __str__(self) -> str:
        return self.text


class TrainingGroup(models.Model):
    """培训分组: people who are assigned courses together."""

    company = models.ForeignKey(Company, on_delete=models.PROTECT, related_name="training_groups")
    name = models.CharField(max_length=50)
    members = models.ManyToManyField(StaffMember, blank=True, related_name="training_groups")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["company", "name"], name="people_training_group_once")]

    def __str__(self) -> str:
        return self.name


class Assignment(models.Model):
    """A course that somebody must pass by a day."""

    company = models.ForeignKey(Company, on_delete=models.PROTECT, related_name="+")
    course = models.ForeignKey(Course, on_delete=models.PROTECT, related_name="assignments")
    member = models.ForeignKey(StaffMember, on_delete=models.PROTECT, related_name="assignments")
    group = models.ForeignKey(TrainingGroup, null=True, on_delete=models.SET_NULL, related_name="+")
    due_on = models.DateField()
    """Last day on which it is in time."""
    assigned_at = models.DateTimeField()
    assigned_by = models.CharField(max_length=150)
    passed_at = models.DateTimeField(null=True)
    withdrawn_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["course", "member"],
                condition=models.Q(passed_at=None, withdrawn_at=None),
                name="people_one_open_assignment",
            )
        ]
        indexes = [
            models.Index(fields=["member", "due_on"], name="people_assignments_of"),
            models.Index(
                fields=["company", "due_on"],
                name="people_assignments_open",
                condition=models.Q(passed_at=None, withdrawn_at=None),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.member_id}: {self.course_id} by {self.due_on}"


class Attempt(models.Model):
    """One sitting of the questions, with the paper as it was: questions may change afterwards."""

    assignment = models.ForeignKey(Assignment, on_delete=models.PROTECT, related_name="attempts")
    started_at = models.DateTimeField()
    submitted_at = models.DateTimeField(null=True)
    paper = models.JSONField(default=list)
    answers = models.JSONField(default=list)
    score = models.PositiveSmallIntegerField(null=True)
    """Of a hundred, rounded down."""
    passed = models.BooleanField(null=True)
    evidence = models.OneToOneField(StaffFact, null=True, on_delete=models.PROTECT, related_name="attempt")

    class Meta:
        indexes = [models.Index(fields=["assignment", "-id"], name="people_attempts_of")]

    def __str__(self) -> str:
        return f"attempt {self.pk} of {self.assignment_id}"
