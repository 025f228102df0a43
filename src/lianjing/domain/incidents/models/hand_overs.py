from django.db import models

from lianjing.domain.companies.models import Company
from lianjing.domain.people.models import User


class HandOver(models.Model):
    """交接班: what one shift hands to the next, as it stood when it was drawn up, with both signatures.

    Before the first signature it may be drawn up anew; after it nothing changes any more, and what somebody has to add
    is a `HandOverRemark`.
    """

    company = models.ForeignKey(Company, on_delete=models.PROTECT, related_name="hand_overs")
    desk = models.CharField(max_length=50, blank=True)
    outgoing = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    drawn_up_at = models.DateTimeField()
    content = models.JSONField()
    """Figures and lists in the words in which they are signed."""
    open_count = models.PositiveIntegerField()
    """Open cases in it, for lists that do not read the whole content."""
    remarks = models.CharField(max_length=2000, blank=True)
    """What the outgoing person has to say beyond the lists."""
    head_number = models.BigIntegerField(null=True)
    head_hash = models.CharField(max_length=64, blank=True)
    """The head of the log of records at that moment: on paper it proves that no record was cut off later."""
    digest = models.CharField(max_length=64)
    """SHA-256 of all of the above in canonical JSON; the sealed records of drawing up and signing name it."""
    outgoing_signed_at = models.DateTimeField(null=True)
    incoming = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    incoming_signed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["company", "outgoing"],
                condition=models.Q(outgoing_signed_at=None),
                name="incidents_one_draft_a_person",
            )
        ]
        indexes = [
            models.Index(fields=["company", "-id"], name="incidents_handover_list"),
            models.Index(
                fields=["company", "id"],
                name="incidents_handover_unsigned",
                condition=models.Q(incoming_signed_at=None),
            ),
        ]

    def __str__(self) -> str:
        return f"hand-over {self.pk}"


class HandOverRemark(models.Model):
    """What somebody adds to a hand-over that is signed already."""

    hand_over = models.ForeignKey(HandOver, on_delete=models.PROTECT, related_name="added")
    text = models.CharField(max_length=500)
    written_at = models.DateTimeField()
    written_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")

    def __str__(self) -> str:
        return self.text[:40]
