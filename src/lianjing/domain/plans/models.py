from django.db import models

from lianjing.domain.companies.models import Company
from lianjing.domain.people.models import User
from lianjing.domain.records.dated import Dated
from lianjing.domain.sites.models import Contract, Site
from lianjing.terms.plans import FollowUp, ReviewConclusion, ReviewKind
from lianjing.terms.premises import SiteKind


class Plan(models.Model):
    """处置预案: for which cases; what it says stands in its versions. The look-up finds it by class and scope."""

    company = models.ForeignKey(Company, on_delete=models.PROTECT, related_name="plans", db_index=False)
    event_class = models.CharField(max_length=16)
    grade = models.PositiveSmallIntegerField(null=True, blank=True)
    """None: any grade."""
    scope = models.CharField(max_length=8)
    """`look_up.PlanScope`."""
    site = models.ForeignKey(Site, null=True, blank=True, on_delete=models.PROTECT, related_name="plans")
    contract = models.ForeignKey(Contract, null=True, blank=True, on_delete=models.CASCADE, related_name="plans")
    site_kind = models.CharField(max_length=16, blank=True, choices=SiteKind.choices())
    title = models.CharField(max_length=60)
    place = models.CharField(max_length=80)
    """Scope, what it names, class and grade as one text: one plan a place."""
    written_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["company", "place"], name="plans_one_plan_a_place")]
        indexes = [models.Index(fields=["company", "event_class", "grade"], name="plans_by_class")]

    def __str__(self) -> str:
        return self.title


class VersionState(models.TextChoices):
    """How a version lives: 草稿 → 已批准 → 执行中 → 已替换."""

    DRAFT = "draft", "草稿"
    APPROVED = "approved", "已批准"
    IN_FORCE = "in_force", "执行中"
    SUPERSEDED = "superseded", "已替换"


class PlanVersion(models.Model):
    """What a plan says. Only a draft changes; what was approved is held to its hash."""

    plan = models.ForeignKey(Plan, on_delete=models.CASCADE, related_name="versions")
    number = models.PositiveIntegerField()
    steps = models.JSONField(default=list)
    content_hash = models.CharField(max_length=64)
    """SHA-256 of class, grade and steps in their canonical form."""
    state = models.CharField(max_length=12, choices=VersionState, default=VersionState.DRAFT)
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
            models.UniqueConstraint(fields=["plan", "number"], name="plans_version_number_once"),
            models.UniqueConstraint(fields=["plan"], condition=models.Q(state="draft"), name="plans_one_draft_a_plan"),
            models.UniqueConstraint(
                fields=["plan"], condition=models.Q(state="in_force"), name="plans_one_in_force_a_plan"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.plan_id}: {self.number}"


class PlanReview(Dated):
    """预案评审: what somebody found of a version, on which day, until when it counts. It is never edited: another takes
    its place, or it is taken back."""

    company = models.ForeignKey(Company, on_delete=models.PROTECT, related_name="+", db_index=False)
    plan = models.ForeignKey(Plan, on_delete=models.PROTECT, related_name="reviews", db_index=False)
    version = models.ForeignKey(PlanVersion, on_delete=models.PROTECT, related_name="reviews")
    content_hash = models.CharField(max_length=64)
    """Of what was reviewed: the version's."""
    kind = models.CharField(max_length=8, choices=ReviewKind.choices())
    conclusion = models.CharField(max_length=12, choices=ReviewConclusion.choices())
    bases = models.JSONField(default=list)
    """Laws and papers it was held against, as they were named (`basis.py`)."""
    reviewer = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    reviewers = models.CharField(max_length=200, blank=True)
    """Who else took part, such as a lawyer."""
    note = models.TextField(max_length=1000, blank=True)
    follow_up = models.CharField(max_length=8, blank=True, choices=FollowUp.choices())
    file = models.FileField(upload_to="plan_reviews/%Y/", blank=True)
    file_sha256 = models.CharField(max_length=64, blank=True)
    replaces = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="replaced_by")

    class Meta:
        indexes = [
            models.Index(fields=["plan", "-valid_from", "-id"], name="plans_reviews"),
            models.Index(fields=["company", "plan"], name="plans_reviews_company"),
        ]

    def __str__(self) -> str:
        return f"{self.version_id}: {self.kind} {self.valid_from}"
