from django.db import models
from django.db.models import F, Q

from lianjing.domain.companies.models import Company, Department, Post
from lianjing.domain.people.models import StaffMember, User
from lianjing.domain.records.dated import Dated
from lianjing.terms.documents import DocumentKind, EditionState, Force, StandardState
from lianjing.terms.verdicts import Confidence

IN_WORK = tuple(state.value for state in EditionState if state.is_in_work)
STANDS = Q(retracted_at=None)


class Document(models.Model):
    """受控文件: what its editions are editions of. Number and title are its identity and never change.

    The columns from `owner` on say how it stands now, for the list; what held on another day is in the rows below. By
    when it is to be reviewed is no column: it turns with the day, when another edition begins or the last one ends.
    """

    company = models.ForeignKey(Company, on_delete=models.PROTECT, related_name="documents")
    kind = models.CharField(max_length=12, choices=DocumentKind.choices())
    number = models.CharField(max_length=64)
    number_key = models.CharField(max_length=80)
    """The number as it is compared (`policy.normal_number`): "t-01" and "Ｔ-01" are one."""
    title = models.CharField(max_length=200)
    cycle_months = models.PositiveSmallIntegerField(default=12)
    """复审周期: so many months after it came in force, or was reviewed, it is due."""
    created_at = models.DateTimeField()
    created_by = models.CharField(max_length=150)
    owner = models.ForeignKey(StaffMember, on_delete=models.PROTECT, related_name="documents")
    department = models.ForeignKey(Department, null=True, on_delete=models.PROTECT, related_name="+")
    """Its first row."""
    replaced_on = models.DateField(null=True)
    """Of an external one: since when another edition has taken its place, or it was abolished."""

    class Meta:
        constraints = [models.UniqueConstraint(fields=["company", "number_key"], name="documents_number_once")]
        indexes = [
            models.Index(fields=["number", "id"], name="documents_list"),
            models.Index(fields=["company", "kind", "number"], name="documents_by_kind"),
            models.Index(
                fields=["company", "replaced_on"],
                name="documents_replaced",
                condition=Q(replaced_on__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return self.number


class Edition(models.Model):
    """版本: written, or a file. From its submission on what it says does not change; an approved one is frozen."""

    company = models.ForeignKey(Company, on_delete=models.PROTECT, related_name="+")
    document = models.ForeignKey(Document, on_delete=models.PROTECT, related_name="editions")
    label = models.CharField(max_length=32)
    state = models.CharField(max_length=12, choices=EditionState.choices(), default=EditionState.DRAFT.value)
    text = models.TextField(max_length=200_000, blank=True)
    """Markdown."""
    file = models.FileField(upload_to="documents/%Y/", blank=True)
    """PDF or Word."""
    file_name = models.CharField(max_length=150, blank=True)
    file_sha256 = models.CharField(max_length=64, blank=True)
    summary = models.TextField(max_length=2000, blank=True)
    """摘要: by which a file whose text cannot be read is found."""
    change_note = models.TextField(max_length=1000, blank=True)
    kept_where = models.CharField(max_length=200, blank=True)
    """存放处, of what is kept elsewhere."""
    kept_months = models.PositiveSmallIntegerField(null=True)
    """Of records: so long each of them is kept."""
    kept_basis = models.CharField(max_length=200, blank=True)
    author = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    writers = models.JSONField(default=list)
    """Ids of everybody who wrote in it, the author first: none of them reviews or approves it."""
    drafted_at = models.DateTimeField()
    submitted_at = models.DateTimeField(null=True)
    submitted_hash = models.CharField(max_length=64, blank=True)
    """Over all that it says, when it was submitted: what is reviewed and approved must be that."""
    reviewer = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    reviewed_at = models.DateTimeField(null=True)
    review_note = models.CharField(max_length=500, blank=True)
    approver = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    approved_at = models.DateTimeField(null=True)
    approved_hash = models.CharField(max_length=64, blank=True)
    erased_at = models.DateTimeField(null=True)
    """Its time was over: text and file are gone, hash and records stay."""

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["document", "label"],
                condition=~Q(state=EditionState.DISCARDED.value),
                name="documents_label_once",
            ),
            models.UniqueConstraint(
                fields=["document"], condition=Q(state__in=IN_WORK), name="documents_one_edition_in_work"
            ),
            models.CheckConstraint(
                condition=Q(approver=None) | ~Q(approver=F("author")), name="documents_approved_by_another"
            ),
            models.CheckConstraint(
                condition=Q(reviewer=None) | ~Q(reviewer=F("author")), name="documents_reviewed_by_another"
            ),
        ]
        indexes = [models.Index(fields=["company", "state"], name="documents_editions_in_work")]

    def __str__(self) -> str:
        return self.label


class EditionText(models.Model):
    """What an edition is found by: its words as they are shown and as they are compared, and the pairs of neighbouring
    signs in them.

    A full-text index over `grams`, and on SQLite the triggers that keep it, are made by a migration of their own.
    """

    edition = models.OneToOneField(Edition, primary_key=True, on_delete=models.CASCADE, related_name="found_by")
    company = models.ForeignKey(Company, on_delete=models.CASCADE, related_name="+")
    text = models.TextField()
    folded = models.TextField()
    """Sign by sign the same text in small letters, with one kind of each punctuation mark."""
    grams = models.TextField()

    def __str__(self) -> str:
        return str(self.edition_id)


class InForce(Dated):
    """施行: an edition is in force from a day to a day. On any day one of a document, by index and by the action that
    ends the one before on the eve."""

    company = models.ForeignKey(Company, on_delete=models.PROTECT, related_name="+")
    document = models.ForeignKey(Document, on_delete=models.PROTECT, related_name="in_force")
    edition = models.ForeignKey(Edition, on_delete=models.PROTECT, related_name="in_force")
    review_by = models.DateField()
    """By when it must be reviewed for the first time."""
    ended = models.CharField(max_length=12, choices=Force.choices(), blank=True)
    """Why it ends: superseded or withdrawn."""

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["document"], condition=STANDS & Q(valid_until=None), name="documents_one_in_force"
            ),
            models.UniqueConstraint(
                fields=["document", "valid_from"], condition=STANDS, name="documents_one_begins_a_day"
            ),
            models.CheckConstraint(
                condition=Q(valid_from__isnull=False) & (Q(valid_until=None) | Q(valid_until__gte=F("valid_from"))),
                name="documents_in_force_has_days",
            ),
        ]
        indexes = [
            models.Index(fields=["document", "valid_from"], name="documents_in_force"),
            models.Index(fields=["company", "valid_from"], name="documents_in_force_company"),
        ]

    def __str__(self) -> str:
        return f"{self.edition_id} {self.valid_from}"


class Ownership(Dated):
    """责任人: who answers for a document, from a day to a day."""

    company = models.ForeignKey(Company, on_delete=models.PROTECT, related_name="+")
    document = models.ForeignKey(Document, on_delete=models.PROTECT, related_name="ownerships")
    member = models.ForeignKey(StaffMember, on_delete=models.PROTECT, related_name="+")
    department = models.ForeignKey(Department, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        indexes = [
            models.Index(fields=["document", "valid_from"], name="documents_ownerships"),
            models.Index(fields=["company", "valid_from"], name="documents_owner_company"),
        ]

    def __str__(self) -> str:
        return f"{self.document_id}: {self.member_id}"


class DocumentReview(Dated):
    """复审: somebody has looked whether it still fits; `valid_from` is the day."""

    company = models.ForeignKey(Company, on_delete=models.PROTECT, related_name="+")
    document = models.ForeignKey(Document, on_delete=models.PROTECT, related_name="reviews")
    next_on = models.DateField()
    note = models.CharField(max_length=500)

    class Meta:
        indexes = [
            models.Index(fields=["document", "valid_from"], name="documents_reviews"),
            models.Index(fields=["company", "valid_from"], name="documents_review_company"),
        ]

    def __str__(self) -> str:
        return f"{self.document_id} {self.valid_from}"


class StandardStatus(Dated):
    """外来文件的现行状态: what became of a standard since a day, where that was read, and how sure it is."""

    company = models.ForeignKey(Company, on_delete=models.PROTECT, related_name="+")
    document = models.ForeignKey(Document, on_delete=models.PROTECT, related_name="statuses")
    state = models.CharField(max_length=12, choices=StandardState.choices())
    successor = models.CharField(max_length=64, blank=True)
    confidence = models.CharField(max_length=3, choices=[(one.value, one.value) for one in Confidence])
    origin = models.CharField(max_length=200)

    class Meta:
        indexes = [
            models.Index(fields=["document", "valid_from"], name="documents_statuses"),
            models.Index(fields=["company", "valid_from"], name="documents_status_company"),
        ]

    def __str__(self) -> str:
        return f"{self.document_id}: {self.state}"


class RetentionPeriod(Dated):
    """保存期限 of a kind: how long editions are kept after they ended, and on what that rests."""

    company = models.ForeignKey(Company, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=12, choices=DocumentKind.choices())
    months = models.PositiveSmallIntegerField()
    basis = models.CharField(max_length=200)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["company", "kind"], condition=STANDS, name="documents_one_period_a_kind")
        ]

    def __str__(self) -> str:
        return f"{self.kind}: {self.months}"


class Distribution(models.Model):
    """发放: who has to read it: a person, who holds a post, who is in a department, or everybody at work."""

    company = models.ForeignKey(Company, on_delete=models.PROTECT, related_name="+")
    document = models.ForeignKey(Document, on_delete=models.PROTECT, related_name="distributions")
    member = models.ForeignKey(StaffMember, null=True, on_delete=models.PROTECT, related_name="+")
    post = models.ForeignKey(Post, null=True, on_delete=models.PROTECT, related_name="+")
    department = models.ForeignKey(Department, null=True, on_delete=models.PROTECT, related_name="+")
    days = models.PositiveSmallIntegerField()
    """So many days after an edition came in force it ought to be read."""
    added_at = models.DateTimeField()
    added_by = models.CharField(max_length=150)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["company", "document"], name="documents_distributions")]

    def __str__(self) -> str:
        return f"{self.document_id}"


class Reading(models.Model):
    """阅读: a person has to read an edition, and has confirmed it."""

    company = models.ForeignKey(Company, on_delete=models.PROTECT, related_name="+")
    document = models.ForeignKey(Document, on_delete=models.PROTECT, related_name="+")
    edition = models.ForeignKey(Edition, on_delete=models.PROTECT, related_name="readings")
    member = models.ForeignKey(StaffMember, on_delete=models.PROTECT, related_name="readings")
    due_on = models.DateField()
    asked_at = models.DateTimeField()
    reminded_on = models.DateField(null=True)
    confirmed_at = models.DateTimeField(null=True)
    confirmed_hash = models.CharField(max_length=64, blank=True)
    """Of the edition as he confirmed it."""
    dropped_at = models.DateTimeField(null=True)
    """Since when he need not any more: another edition, another distribution, gone."""

    class Meta:
        constraints = [models.UniqueConstraint(fields=["edition", "member"], name="documents_read_once")]
        indexes = [
            models.Index(fields=["member", "confirmed_at", "due_on"], name="documents_my_readings"),
            models.Index(
                fields=["company", "due_on"],
                name="documents_unread",
                condition=Q(confirmed_at=None, dropped_at=None),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.edition_id}: {self.member_id}"
