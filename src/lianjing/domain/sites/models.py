from django.db import models

from lianjing.domain.companies.models import Company
from lianjing.terms.codes import AddressKind


class Customer(models.Model):
    """户: who has the contract."""

    company = models.ForeignKey(Company, on_delete=models.PROTECT, related_name="customers")
    name = models.CharField(max_length=100)
    kind = models.CharField(max_length=32, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["company", "name"], name="sites_customer_name_once")]

    def __str__(self) -> str:
        return self.name


class Site(models.Model):
    """A protected premises. `company` repeats the customer's, so that every list of sites is scoped by one column."""

    company = models.ForeignKey(Company, on_delete=models.PROTECT, related_name="sites")
    customer = models.ForeignKey(Customer, on_delete=models.PROTECT, related_name="sites")
    name = models.CharField(max_length=100)
    address = models.CharField(max_length=200)
    police_station = models.CharField(max_length=100, blank=True)
    access_notes = models.CharField(max_length=300, blank=True)
    is_key_site = models.BooleanField(default=False)
    """治安重点单位."""
    test_until = models.DateTimeField(null=True, blank=True)
    """On test until then: its signals are kept and accounted, and open nothing."""

    class Meta:
        constraints = [models.UniqueConstraint(fields=["company", "name"], name="sites_site_name_once")]

    def __str__(self) -> str:
        return self.name


class Panel(models.Model):
    """报警控制器. `core.directory` reads this table by SQL: account, listener, key_sealed, plain_allowed, changed_at,
    removed_at."""

    site = models.ForeignKey(Site, on_delete=models.PROTECT, related_name="panels")
    listener = models.CharField(max_length=16, default="dc09")
    account = models.CharField(max_length=32)
    """As the panel sends it, in upper case; leading zeros count."""
    model = models.CharField(max_length=64, blank=True)
    key_sealed = models.TextField(blank=True, default="")
    """The AES key in hexadecimal, sealed with the data key; empty: the panel sends unencrypted. Never shown again."""
    key_set_at = models.DateTimeField(null=True, blank=True)
    plain_allowed = models.BooleanField(default=False)
    """Whether a panel with a key may send unencrypted too, as while it is being converted."""
    changed_at = models.DateTimeField(db_index=True)
    added_at = models.DateTimeField()
    """What the account sent before this, or after `removed_at`, is not this site's."""
    removed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["listener", "account"],
                condition=models.Q(removed_at__isnull=True),
                name="sites_one_live_panel_an_account",
            )
        ]
        indexes = [models.Index(fields=["account", "listener"], name="sites_panel_account")]

    def __str__(self) -> str:
        return f"{self.listener} {self.account}"


class Zone(models.Model):
    """防区, in words. `number` is normalised: no leading zeros, upper case."""

    panel = models.ForeignKey(Panel, on_delete=models.CASCADE, related_name="zones")
    kind = models.CharField(max_length=8, default=AddressKind.ZONE.value)
    """`zone`, or `user` for the names of people who arm and disarm."""
    number = models.CharField(max_length=16)
    name = models.CharField(max_length=60)
    detector = models.CharField(max_length=40, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["panel", "kind", "number"], name="sites_zone_number_once")]

    def __str__(self) -> str:
        return f"{self.number} {self.name}"


class Contact(models.Model):
    """Whom to call, in this order."""

    site = models.ForeignKey(Site, on_delete=models.CASCADE, related_name="contacts")
    place = models.PositiveSmallIntegerField()
    name = models.CharField(max_length=50)
    role = models.CharField(max_length=50, blank=True)
    phone = models.CharField(max_length=32)
    notes = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["site", "place"], name="sites_contact_place_once")]

    def __str__(self) -> str:
        return self.name
