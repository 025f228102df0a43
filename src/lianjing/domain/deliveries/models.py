from django.db import models

from lianjing.domain.companies.models import Company
from lianjing.domain.deliveries.policy import Channel, State


class Delivery(models.Model):
    """送达: one message to one address. The address, and what must not be read on the way, are kept encrypted."""

    company = models.ForeignKey(Company, null=True, on_delete=models.PROTECT)
    channel = models.CharField(max_length=8, choices=[(c.value, c.value) for c in Channel])
    address_sealed = models.TextField()
    """With the data key (core/crypto)."""
    address_shown = models.CharField(max_length=100)
    """The same with its middle masked."""
    subject = models.CharField(max_length=200, blank=True)
    body = models.TextField()
    secret_sealed = models.TextField(blank=True)
    """What stands for `{link}` in the body, such as the customer's link; erased once it was sent."""
    purpose = models.CharField(max_length=32)
    about = models.CharField(max_length=40)
    """"incident:12"."""
    state = models.CharField(max_length=8, choices=[(s.value, s.value) for s in State], default=State.QUEUED.value)
    attempts = models.PositiveSmallIntegerField(default=0)
    next_at = models.DateTimeField(null=True)
    """When it is due; while it is being sent, when that counts as broken off; None: nothing more will happen."""
    not_after = models.DateTimeField(null=True)
    """From then on it is of no use, as a link that has expired: it is given up in place of being sent."""
    maybe_twice = models.BooleanField(default=False)
    """可能重复: sending broke off half-way once, and was begun again."""
    simulated = models.BooleanField(default=False)
    """模拟: of a demo company. It goes nowhere, and says so wherever it is shown."""
    last_error = models.CharField(max_length=300, blank=True)
    provider_id = models.CharField(max_length=100, blank=True)
    created_at = models.DateTimeField()
    created_by = models.CharField(max_length=50)
    sent_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name_plural = "deliveries"
        indexes = [
            models.Index(
                fields=["channel", "next_at"], name="deliveries_due", condition=models.Q(next_at__isnull=False)
            ),
            models.Index(fields=["next_at"], name="deliveries_overdue", condition=models.Q(next_at__isnull=False)),
            models.Index(fields=["created_at"], name="deliveries_lost", condition=models.Q(state=State.GIVEN_UP.value)),
            models.Index(fields=["about", "id"], name="deliveries_about"),
            models.Index(fields=["company", "state", "-id"], name="deliveries_company_state"),
            models.Index(fields=["state", "-id"], name="deliveries_state"),
        ]

    def __str__(self) -> str:
        return f"delivery {self.pk} {self.channel} {self.state}"
