from django.db import models

from lianjing.domain.records.policy import Act


class Seal(models.Model):
    """A signed head of the log: everything up to here, in this order, is fixed."""

    number = models.BigIntegerField(primary_key=True)
    previous_hash = models.CharField(max_length=64)
    root = models.CharField(max_length=64)
    leaf_count = models.PositiveIntegerField()
    sealed_at = models.DateTimeField()
    public_key = models.CharField(max_length=64)
    signature = models.CharField(max_length=128)
    hash = models.CharField(max_length=64)

    def __str__(self) -> str:
        return f"#{self.number}"


class Record(models.Model):
    """One act. Actor and company stand here by id and by name at the time, without foreign keys: they may be gone."""

    at = models.DateTimeField(db_index=True)
    actor_id = models.BigIntegerField(null=True)
    actor_name = models.CharField(max_length=150)
    company_id = models.BigIntegerField(null=True)
    action = models.CharField(max_length=64)
    subject_type = models.CharField(max_length=32)
    subject_id = models.CharField(max_length=64)
    before = models.JSONField(null=True)
    after = models.JSONField(null=True)
    source = models.CharField(max_length=64)
    salt = models.CharField(max_length=64)
    leaf_hash = models.CharField(max_length=64)
    seal = models.ForeignKey(Seal, null=True, on_delete=models.PROTECT, related_name="records")
    leaf_index = models.PositiveIntegerField(null=True)
    erased_by = models.BigIntegerField(null=True)
    """The record of the act that erased this one's content; the leaf hash stays, so the log still verifies."""

    class Meta:
        indexes = [
            models.Index(
                fields=["subject_type", "-at"], name="records_heads_left", condition=models.Q(action="head.left")
            ),
            models.Index(fields=["id"], name="records_erasure_orders", condition=models.Q(action="retention.erased")),
            models.Index(fields=["erased_by"], name="records_erased", condition=models.Q(erased_by__isnull=False)),
            models.Index(fields=["id"], name="records_unsealed", condition=models.Q(seal__isnull=True)),
            models.Index(fields=["subject_type", "subject_id", "id"], name="records_subject"),
            # Both or none: with the first alone SQLite sorts all records of a company to find its newest.
            models.Index(fields=["company_id", "action", "at"], name="records_company_acts"),
            models.Index(fields=["company_id", "-id"], name="records_company_newest"),
        ]
        constraints = [models.UniqueConstraint(fields=["seal", "leaf_index"], name="records_one_place_in_a_seal")]

    def __str__(self) -> str:
        return f"{self.id}: {self.action}"

    @property
    def act(self) -> Act:
        """The sealed content; what is left of it once it was erased."""
        return Act(**{name: getattr(self, name) for name in Act.__dataclass_fields__})


class JournalLeaf(models.Model):
    """The Merkle root of one journal commit, as a leaf of a seal."""

    batch_id = models.BigIntegerField(primary_key=True)
    leaf_hash = models.CharField(max_length=64)
    seal = models.ForeignKey(Seal, on_delete=models.PROTECT, related_name="journal_leaves")
    leaf_index = models.PositiveIntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["seal", "leaf_index"], name="journal_leaf_one_place_in_a_seal")]

    def __str__(self) -> str:
        return f"journal batch {self.batch_id}"


class Hold(models.Model):
    """While it stands, retention erases nothing: of one company, or of all."""

    company_id = models.BigIntegerField(null=True)
    reason = models.CharField(max_length=200)
    until = models.DateTimeField(null=True)
    placed_at = models.DateTimeField()
    placed_by = models.CharField(max_length=150)
    lifted_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return self.reason


class Way(models.TextChoices):
    """How something was looked at."""

    PAGE = "page", "页面"
    API = "api", "接口"
    FILE = "file", "导出"


class Reading(models.Model):
    """查阅: somebody of the police looked at something of a company. Looked at again within minutes it is the same row.

    Who and which company stand here by id and by name at the time, as in records.
    """

    user_id = models.BigIntegerField()
    user_name = models.CharField(max_length=150)
    company_id = models.BigIntegerField()
    door = models.CharField(max_length=64)
    """Name of the address: which page, call or export it was."""
    permission = models.CharField(max_length=32)
    """The row of the permission table by which he came in."""
    way = models.CharField(max_length=4, choices=Way)
    subject_type = models.CharField(max_length=32, blank=True)
    subject_id = models.CharField(max_length=64, blank=True)
    subject_name = models.CharField(max_length=150, blank=True)
    """What it was about, as it was called then; empty: the page is about the company as a whole."""
    first_at = models.DateTimeField()
    last_at = models.DateTimeField()
    count = models.PositiveIntegerField(default=1)

    class Meta:
        indexes = [
            models.Index(fields=["company_id", "-id"], name="records_readings_of"),
            models.Index(fields=["user_id", "-id"], name="records_readings_by"),
            models.Index(fields=["user_id", "last_at"], name="records_readings_fold"),
        ]

    def __str__(self) -> str:
        return f"{self.user_id}: {self.door} @ {self.company_id}"
