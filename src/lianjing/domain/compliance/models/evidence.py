"""证据: files that say how a clause stands where no record of ours can, and campaigns that ask people for them."""

from django.db import models

from lianjing.domain.companies.models import Company
from lianjing.domain.people.models import User
from lianjing.domain.records.dated import Dated
from lianjing.terms.verdicts import Verdict


class Evidence(Dated):
    """A piece of evidence. `recorded_by` is its author; one that is withdrawn or replaced is retracted.

    It is never edited: another one takes its place, so what was accepted is what was submitted, byte for byte.
    """

    SHOWS = (Verdict.MET, Verdict.MOSTLY, Verdict.NOT_MET)

    company = models.ForeignKey(Company, on_delete=models.PROTECT, related_name="+")
    title = models.CharField(max_length=100)
    shows = models.CharField(max_length=8, choices=[(one.value, one.zh) for one in SHOWS])
    note = models.CharField(max_length=500, blank=True)
    file = models.FileField(upload_to="evidence/%Y/")
    file_name = models.CharField(max_length=150, blank=True)
    """As its author called it; the file itself lies under another name."""
    file_sha256 = models.CharField(max_length=64)
    bytes = models.PositiveIntegerField()
    content_hash = models.CharField(max_length=64)
    """Over everything that its author said, the file's hash among it (`evidence_policy.content_hash`)."""
    author = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    decision = models.CharField(max_length=8, blank=True, choices=[("accepted", "accepted"), ("rejected", "rejected")])
    decided_at = models.DateTimeField(null=True)
    decided_by = models.CharField(max_length=150, blank=True)
    reviewer = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    reason = models.CharField(max_length=200, blank=True)
    """Why it was rejected."""
    replaces = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="replaced_by")
    """The one in whose place its author put it, before anybody had accepted that."""
    renews = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="renewed_by")
    """The accepted one that it follows; both count on their days."""

    class Meta:
        verbose_name_plural = "evidence"
        indexes = [
            models.Index(fields=["company", "-id"], name="compliance_evidence_newest"),
            models.Index(
                fields=["company", "valid_until"],
                name="compliance_evidence_ending",
                condition=models.Q(retracted_at=None, decision="accepted", valid_until__isnull=False),
            ),
            models.Index(fields=["company", "file_sha256"], name="compliance_evidence_file"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(reviewer=None) | ~models.Q(reviewer=models.F("author")),
                name="compliance_reviewed_by_another",
            )
        ]

    def __str__(self) -> str:
        return self.title


class EvidenceClause(models.Model):
    """One of the clauses that a piece of evidence serves, by its number in the catalogue."""

    evidence = models.ForeignKey(Evidence, on_delete=models.CASCADE, related_name="clauses")
    clause = models.CharField(max_length=40)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["clause", "evidence"], name="compliance_clause_served_once")]

    def __str__(self) -> str:
        return f"{self.evidence_id}: {self.clause}"


class Campaign(models.Model):
    """证据征集: a manager asks several people for evidence."""

    company = models.ForeignKey(Company, on_delete=models.PROTECT, related_name="+")
    title = models.CharField(max_length=100)
    text = models.TextField(max_length=1000, blank=True)
    opened_at = models.DateTimeField()
    opened_by = models.CharField(max_length=150)
    closed_at = models.DateTimeField(null=True)
    closed_by = models.CharField(max_length=150, blank=True)

    class Meta:
        indexes = [models.Index(fields=["company", "-id"], name="compliance_campaigns")]

    def __str__(self) -> str:
        return self.title


class EvidenceRequest(models.Model):
    """One person is asked for one clause until one day."""

    campaign = models.ForeignKey(Campaign, on_delete=models.PROTECT, related_name="requests")
    company = models.ForeignKey(Company, on_delete=models.PROTECT, related_name="+")
    asked = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    clause = models.CharField(max_length=40)
    due_on = models.DateField()
    evidence = models.ForeignKey(Evidence, null=True, on_delete=models.PROTECT, related_name="answers")
    """What he submitted last."""
    reminded_on = models.DateField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["campaign", "asked", "clause"], name="compliance_asked_once"),
        ]
        indexes = [models.Index(fields=["asked", "due_on"], name="compliance_asked")]

    def __str__(self) -> str:
        return f"{self.campaign_id}: {self.clause}"
