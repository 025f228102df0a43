"""What the product itself has noticed, and how far lines are followed."""

from django.db import models

from lianjing.domain.companies.models import Company
from lianjing.domain.sites.models import Panel, Site, TransmissionPath, Zone


class SystemEvent(models.Model):
    """系统事件: what the product itself noticed (a lost line, a late test), as opposed to what a panel sent.

    What it says stands in code table "LJ" under `kind`. Its case is opened by `incidents`; a folded one has none of
    its own but joins that of the event that folds it.
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
    """When its case was opened or joined; for a folded one, when the case of what folds it was told of it."""
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
