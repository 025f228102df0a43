from django.db import models

from lianjing.domain.companies.models import Company, Post
from lianjing.domain.people.models.accounts import User
from lianjing.domain.records.dated import Dated
from lianjing.terms.staffing import Sex, StaffFactKind


class StaffMember(models.Model):
    """从业人员: somebody who works, or worked, for a company. All that changes with time is a StaffFact of his."""

    company = models.ForeignKey(Company, on_delete=models.PROTECT, related_name="staff")
    staff_no = models.CharField(max_length=32)
    """工号, the company's own; imports find the person by it."""
    name = models.CharField(max_length=50)
    initials = models.CharField(max_length=100, blank=True)
    """Pinyin initials of the name, lower case, for the search."""
    identity_sealed = models.CharField(max_length=200, blank=True)
    """公民身份号码 under the data key; shown whole only by `reveal_identity`, which records why."""
    identity_tail = models.CharField(max_length=4, blank=True)
    """Its last four characters: what a masked number shows of it."""
    identity_digest = models.CharField(max_length=64, blank=True)
    """Keyed digest of it, by which the same person entered twice is noticed."""
    sex = models.CharField(max_length=8, choices=Sex.choices(), blank=True)
    """As the identity number says."""
    phone = models.CharField(max_length=32, blank=True)
    notes = models.CharField(max_length=500, blank=True)
    user = models.OneToOneField(User, null=True, blank=True, on_delete=models.PROTECT, related_name="staff_member")
    """The account with which he signs on."""
    added_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["company", "staff_no"], name="people_staff_no_once"),
            models.UniqueConstraint(
                fields=["company", "identity_digest"],
                condition=~models.Q(identity_digest=""),
                name="people_identity_once",
            ),
        ]
        indexes = [models.Index(fields=["company", "name", "id"], name="people_staff_list")]

    def __str__(self) -> str:
        return self.name


class StaffFact(Dated):
    """A dated fact about a person: an employment, a certificate, an exam. What the columns hold follows from the kind
    (`fact_kinds.SPECS`)."""

    member = models.ForeignKey(StaffMember, on_delete=models.PROTECT, related_name="facts")
    company = models.ForeignKey(Company, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=24, choices=StaffFactKind.choices())
    value = models.CharField(max_length=40, blank=True)
    number = models.CharField(max_length=64, blank=True)
    issuer = models.CharField(max_length=100, blank=True)
    details = models.JSONField(default=dict)
    replaces = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="replaced_by")
    scan = models.FileField(upload_to="staff/%Y/", blank=True)
    scan_sha256 = models.CharField(max_length=64, blank=True)

    class Meta:
        indexes = [
            models.Index(fields=["member", "kind", "id"], name="people_facts_of"),
            models.Index(fields=["company", "kind", "valid_from"], name="people_facts_of_company"),
            # Whether anything has changed is answered from the index alone (known_facts).
            models.Index(
                fields=["company", "member", "id", "retracted_at", "recorded_at"], name="people_facts_versions"
            ),
            models.Index(
                fields=["company", "valid_until"],
                name="people_facts_ending",
                condition=models.Q(retracted_at=None, valid_until__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.member_id}: {self.kind} {self.value}"


class Photo(models.Model):
    """证件照 of a person; the last one counts."""

    member = models.OneToOneField(StaffMember, on_delete=models.CASCADE, related_name="photo")
    file = models.FileField(upload_to="photos/%Y/")
    sha256 = models.CharField(max_length=64)
    kept_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"photo of {self.member_id}"


class Appointment(Dated):
    """任命: a person holds a post, or stands in for who does."""

    company = models.ForeignKey(Company, on_delete=models.PROTECT, related_name="+")
    post = models.ForeignKey(Post, on_delete=models.PROTECT, related_name="appointments")
    member = models.ForeignKey(StaffMember, on_delete=models.PROTECT, related_name="appointments")
    is_deputy = models.BooleanField(default=False)

    class Meta:
        indexes = [models.Index(fields=["post", "valid_from"], name="people_appointments")]

    def __str__(self) -> str:
        return f"{self.member_id} → {self.post_id}"


class GateSetting(models.Model):
    """值班门禁: what a company asks of whoever signs on for duty.

    Without a row nothing is asked but an active account: a company that has no staff on file could let nobody in. The
    first person entered makes the row, and it stays.
    """

    company = models.OneToOneField(Company, on_delete=models.CASCADE, related_name="gate")
    since = models.DateTimeField()
    asks_eligibility = models.BooleanField(default=True)
    asks_training = models.BooleanField(default=True)
    asks_roster = models.BooleanField(default=True)
    """Asked from the first published roster of the company on."""
    early_minutes = models.PositiveSmallIntegerField(default=30)
    """So long before a shift begins one may sign on."""
    late_minutes = models.PositiveSmallIntegerField(default=60)
    """So long after it has ended one may still: a hand-over takes time."""

    def __str__(self) -> str:
        return f"gate of {self.company_id}"
