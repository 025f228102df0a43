"""What is kept of verdicts: how each clause stands today, its turns, and how many stood how on a day.

All of it is reckoned from the live records and can be made again; what only these tables know is when a verdict turned.
"""

from django.core.serializers.json import DjangoJSONEncoder
from django.db import models

from lianjing.domain.companies.models import Company
from lianjing.terms.verdicts import Verdict

NUMBER_LIMIT = 40
"""Characters of a clause's number."""


class ClauseReader(models.Model):
    """The one row that says up to which position the bus has been read for wakes."""

    position = models.BigIntegerField(default=0)

    def __str__(self) -> str:
        return str(self.position)


class JudgedCompany(models.Model):
    """How far a company's clauses are kept. Its lock orders those who write; `revision` tells them of each other."""

    company = models.OneToOneField(Company, primary_key=True, on_delete=models.CASCADE, related_name="judged")
    revision = models.PositiveIntegerField(default=0)
    swept_on = models.DateField(null=True)
    """The centre's day of the last full sweep; empty: it is due."""
    rules = models.CharField(max_length=64, blank=True)
    """Fingerprint of the clauses and rules of that sweep: with other ones it is due again."""
    looked_back_to = models.DateField(null=True)
    """The earliest month's end that was judged in retrospect."""
    failures = models.PositiveIntegerField(default=0)
    """How often in a row judging it has failed altogether; 0: it was judged last time."""
    retry_at = models.DateTimeField(null=True)
    """Not before then it is tried again."""
    defect = models.CharField(max_length=200, blank=True)
    """Name of the last failure."""

    class Meta:
        indexes = [
            models.Index(fields=["swept_on", "company"], name="compliance_sweep_due"),
            models.Index(fields=["company"], name="compliance_put_off", condition=models.Q(failures__gt=0)),
        ]

    def __str__(self) -> str:
        return f"{self.company_id}: swept {self.swept_on}"


class WaitingClause(models.Model):
    """A clause that something has woken: however often, it waits once."""

    company = models.ForeignKey(Company, on_delete=models.CASCADE, related_name="+")
    clause = models.CharField(max_length=NUMBER_LIMIT)
    first_woken_at = models.DateTimeField()
    woken_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["company", "clause"], name="compliance_waits_once")]
        indexes = [models.Index(fields=["first_woken_at"], name="compliance_waiting")]

    def __str__(self) -> str:
        return f"{self.company_id}: {self.clause}"


class StandingVerdict(models.Model):
    """How a clause stands on the centre's day `on`, by what was known when it was judged."""

    company = models.ForeignKey(Company, on_delete=models.CASCADE, related_name="+")
    clause = models.CharField(max_length=NUMBER_LIMIT)
    verdict = models.CharField(max_length=16, choices=Verdict.choices(), blank=True)
    """Empty: the rule has not given an answer yet."""
    sentences = models.JSONField()
    figures = models.JSONField(encoder=DjangoJSONEncoder)
    on = models.DateField()
    judged_at = models.DateTimeField()
    revision = models.PositiveIntegerField(default=0)
    """Of the company's kept verdicts, since it was judged last."""
    since = models.DateField(null=True)
    """The day since when it stands so; empty: it stood so when it was judged for the first time."""
    defect = models.CharField(max_length=200, blank=True)
    """Why the rule gave no answer; verdict, sentences and `on` are those of the last answer it gave."""

    class Meta:
        constraints = [models.UniqueConstraint(fields=["company", "clause"], name="compliance_stands_once")]

    def __str__(self) -> str:
        return f"{self.company_id}: {self.clause} {self.verdict}"


class VerdictTurn(models.Model):
    """A verdict became another one."""

    company = models.ForeignKey(Company, on_delete=models.CASCADE, related_name="+")
    clause = models.CharField(max_length=NUMBER_LIMIT)
    from_verdict = models.CharField(max_length=16, choices=Verdict.choices())
    to_verdict = models.CharField(max_length=16, choices=Verdict.choices())
    day = models.DateField()
    """Of the centre: since when the new one stands."""
    at = models.DateTimeField()

    class Meta:
        indexes = [
            models.Index(fields=["company", "-day", "-id"], name="compliance_turns"),
            models.Index(fields=["company", "clause", "-id"], name="compliance_clause_turns"),
        ]

    def __str__(self) -> str:
        return f"{self.company_id}: {self.clause} {self.from_verdict} → {self.to_verdict}"


class VerdictCount(models.Model):
    """How many clauses stood how on a day: a point of the year's line."""

    company = models.ForeignKey(Company, on_delete=models.CASCADE, related_name="+")
    on = models.DateField()
    met = models.PositiveSmallIntegerField(default=0)
    mostly = models.PositiveSmallIntegerField(default=0)
    not_met = models.PositiveSmallIntegerField(default=0)
    insufficient = models.PositiveSmallIntegerField(default=0)
    not_applicable = models.PositiveSmallIntegerField(default=0)
    in_retrospect = models.BooleanField(default=False)
    """Judged later, by what was known at the end of that day."""
    judged_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["company", "on"], name="compliance_counted_once")]
        indexes = [
            models.Index(fields=["judged_at"], name="compliance_in_retrospect", condition=models.Q(in_retrospect=True))
        ]

    def __str__(self) -> str:
        return f"{self.company_id} {self.on}: {self.met}/{self.not_met}"


class UntakenTurn(models.Model):
    """A message about a turn that failed to raise its finding, or that came behind one that did: it is tried again.

    Company and clause stand here by id and number: the message may be about one that there is not.
    """

    position = models.BigIntegerField(unique=True)
    """Of the message on the bus."""
    company_id = models.BigIntegerField()
    clause = models.CharField(max_length=NUMBER_LIMIT)
    from_verdict = models.CharField(max_length=16, choices=Verdict.choices(), blank=True)
    to_verdict = models.CharField(max_length=16, choices=Verdict.choices())
    tries = models.PositiveIntegerField(default=0)
    due_at = models.DateTimeField()
    failed_at = models.DateTimeField(null=True)
    defect = models.CharField(max_length=200, blank=True)
    """Name of the last failure; empty: it only waits behind another one."""

    class Meta:
        indexes = [
            models.Index(fields=["due_at", "position"], name="compliance_untaken_due"),
            models.Index(fields=["company_id", "clause", "position"], name="compliance_untaken_of"),
        ]

    def __str__(self) -> str:
        return f"{self.position}: {self.company_id} {self.clause}"
