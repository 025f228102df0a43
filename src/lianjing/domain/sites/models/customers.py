from django.db import models

from lianjing.domain.companies.models import Company
from lianjing.domain.records.dated import Dated
from lianjing.terms.premises import ContractStanding, SiteKind


class Customer(models.Model):
    """户主: who has contracts."""

    company = models.ForeignKey(Company, on_delete=models.PROTECT, related_name="customers")
    code = models.CharField(max_length=32)
    """客户编号, the company's own; imports find the customer by it."""
    name = models.CharField(max_length=100)
    kind = models.CharField(max_length=16, choices=SiteKind.choices(), default=SiteKind.OTHER.value)
    initials = models.CharField(max_length=100, blank=True)
    """Pinyin initials of the name, lower case, for the search."""
    notes = models.CharField(max_length=500, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["company", "code"], name="sites_customer_code_once")]
        indexes = [models.Index(fields=["company", "name", "id"], name="sites_customer_list")]

    def __str__(self) -> str:
        return self.name


class OnFile(models.Manager["Contract"]):
    """Contracts that nobody has removed."""

    def get_queryset(self) -> models.QuerySet["Contract"]:
        return super().get_queryset().filter(removed_at=None)


class Contract(models.Model):
    """服务合同. Its states are dated intervals; it covers the sites named, or all of the customer's when none is.

    A removed one is left as number, days and states: on which days it served stays true.
    """

    company = models.ForeignKey(Company, on_delete=models.PROTECT, related_name="contracts")
    customer = models.ForeignKey(Customer, on_delete=models.PROTECT, related_name="contracts")
    number = models.CharField(max_length=64)
    service_items = models.CharField(max_length=300, blank=True)
    service_plan = models.CharField(max_length=300, blank=True)
    """服务方案."""
    fee = models.DecimalField(max_digits=12, decimal_places=2, null=True, blank=True)
    """Yuan a year."""
    signed_on = models.DateField(null=True, blank=True)
    starts_on = models.DateField(null=True, blank=True)
    ends_on = models.DateField(null=True, blank=True)
    """Last day of the term; None: without end."""
    sites = models.ManyToManyField("sites.Site", blank=True, related_name="contracts")
    scan = models.FileField(upload_to="contracts/%Y/", blank=True)
    scan_sha256 = models.CharField(max_length=64, blank=True)
    removed_at = models.DateTimeField(null=True, blank=True)
    removed_by = models.CharField(max_length=150, blank=True)

    objects = OnFile()
    ever = models.Manager["Contract"]()
    """Those that were removed, too."""

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["company", "number"], condition=models.Q(removed_at=None), name="sites_contract_number_once"
            )
        ]
        indexes = [
            models.Index(fields=["customer"], name="sites_contract_customer"),
            models.Index(fields=["company", "ends_on"], name="sites_contract_ending"),
        ]

    def __str__(self) -> str:
        return self.number


class ContractState(models.Model):
    """From when to when a contract stood in a state. `ends_on` is the last day; the present interval has none."""

    contract = models.ForeignKey(Contract, on_delete=models.CASCADE, related_name="states")
    state = models.CharField(max_length=12, choices=ContractStanding.choices())
    starts_on = models.DateField()
    ends_on = models.DateField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["contract"], condition=models.Q(ends_on=None), name="sites_one_present_contract_state"
            ),
            models.UniqueConstraint(fields=["contract", "starts_on"], name="sites_one_contract_state_a_day"),
        ]
        indexes = [models.Index(fields=["state", "starts_on", "ends_on"], name="sites_contract_in_service")]

    def __str__(self) -> str:
        return f"{self.contract_id}: {self.state} {self.starts_on}"


class ContractSpan(Dated):
    """合同履历: what was known of a contract when: in which state it is on these days (`valid_from` to `valid_until`),
    and what was agreed meanwhile.

    What stands says the same as the contract and its states; what was taken back is why a past day was once judged
    otherwise (docs/decisions/0026).
    """

    company = models.ForeignKey(Company, on_delete=models.PROTECT, related_name="+")
    contract = models.ForeignKey(Contract, on_delete=models.CASCADE, related_name="spans")
    state = models.CharField(max_length=12, choices=ContractStanding.choices())
    term_from = models.DateField(null=True, blank=True)
    term_until = models.DateField(null=True, blank=True)
    signed_on = models.DateField(null=True, blank=True)
    has_scan = models.BooleanField(default=False)
    sites = models.ManyToManyField("sites.Site", blank=True, related_name="+")

    class Meta:
        indexes = [
            models.Index(fields=["company", "state", "valid_from"], name="sites_contract_spans"),
            models.Index(fields=["company", "recorded_at"], name="sites_contract_spans_late"),
        ]

    def __str__(self) -> str:
        return f"{self.contract_id}: {self.state} {self.valid_from} – {self.valid_until}"
