from django.db import models

from lianjing.domain.companies.models import Company
from lianjing.domain.sites.models.premises import Drawing, Site
from lianjing.terms.codes import AddressKind
from lianjing.terms.premises import Listener, PathCategory, PathKind, Principle, ZoneKind


class Panel(models.Model):
    """报警控制器. `core.directory` reads this table by SQL: account, listener, key_sealed, plain_allowed, changed_at,
    removed_at."""

    site = models.ForeignKey(Site, on_delete=models.PROTECT, related_name="panels")
    listener = models.CharField(max_length=16, choices=Listener.choices(), default=Listener.DC09.value)
    account = models.CharField(max_length=32)
    """As the panel sends it, in upper case; leading zeros count."""
    backup_of = models.ForeignKey("self", null=True, blank=True, on_delete=models.SET_NULL, related_name="backups")
    """A second communicator of that panel, with an account of its own."""
    model = models.CharField(max_length=64, blank=True)
    receiver_line = models.CharField(max_length=16, blank=True)
    """Line of the receiver that it is expected on, for people; the account decides."""
    key_sealed = models.TextField(blank=True, default="")
    """The AES key in hexadecimal, sealed with the data key; empty: the panel sends unencrypted. Never shown again."""
    key_set_at = models.DateTimeField(null=True, blank=True)
    plain_allowed = models.BooleanField(default=False)
    """Whether a panel with a key may send unencrypted too, as while it is being converted."""
    test_interval = models.PositiveIntegerField(null=True, blank=True)
    """Minutes between two periodic tests; None: none are expected."""
    changed_at = models.DateTimeField(db_index=True)
    added_at = models.DateTimeField()
    """What the account sent before this, or after `removed_at`, is not this site's."""
    activated_at = models.DateTimeField(null=True, blank=True)
    """When its first real signal came; until then the panel is pending: heard and shown, not supervised."""
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


class TransmissionPath(models.Model):
    """传输路径, in the order in which the panel tries them. Told apart by transport; "" hears all of the panel's."""

    panel = models.ForeignKey(Panel, on_delete=models.CASCADE, related_name="paths")
    place = models.PositiveSmallIntegerField()
    kind = models.CharField(max_length=8, choices=PathKind.choices())
    transport = models.CharField(max_length=3, blank=True, choices=[("tcp", "TCP"), ("udp", "UDP")])
    interval_s = models.PositiveIntegerField(null=True, blank=True)
    """Seconds between two signs of life; None: the path is not supervised."""
    misses = models.PositiveSmallIntegerField(default=3)
    """After so many intervals without any the path counts as lost."""
    category = models.CharField(max_length=4, blank=True, choices=PathCategory.choices())
    last_heard_at = models.DateTimeField(null=True, blank=True)
    lost_at = models.DateTimeField(null=True, blank=True)
    """Since when it is lost; None while it lives. Written by the supervision of lines."""

    class Meta:
        constraints = [models.UniqueConstraint(fields=["panel", "place"], name="sites_path_place_once")]
        indexes = [
            models.Index(fields=["lost_at"], name="sites_path_lost", condition=models.Q(lost_at__isnull=False)),
        ]

    def __str__(self) -> str:
        return f"{self.panel_id}: {self.kind}"


class SupervisedSpan(models.Model):
    """From when until when a panel in use had a supervised path: what `TransmissionPath.interval_s` said in the past.

    Nobody enters it for another time than the one at which it is done, so each instant is also when it was known.
    Written by `supervised_spans.py` alone.
    """

    company = models.ForeignKey(Company, on_delete=models.PROTECT, related_name="+", db_index=False)
    """That of the panel's site, for ever: a panel moves within its company."""
    panel = models.ForeignKey(Panel, on_delete=models.PROTECT, related_name="supervised_spans", db_index=False)
    since = models.DateTimeField()
    until = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["panel"], condition=models.Q(until=None), name="sites_one_open_span_a_panel"
            )
        ]
        # All that its readers want, so that they look at no row.
        indexes = [models.Index(fields=["company", "until", "since", "panel"], name="sites_supervised")]

    def __str__(self) -> str:
        return f"{self.panel_id}: {self.since} – {self.until or '…'}"


class Area(models.Model):
    """分区 of a panel, armed and disarmed by itself. `number` is normalised like a zone's."""

    panel = models.ForeignKey(Panel, on_delete=models.CASCADE, related_name="areas")
    number = models.CharField(max_length=16)
    name = models.CharField(max_length=60, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["panel", "number"], name="sites_area_number_once")]

    def __str__(self) -> str:
        return f"{self.number} {self.name}"


class Zone(models.Model):
    """防区 in words, or a user of the panel. `number` is normalised: no leading zeros, upper case."""

    panel = models.ForeignKey(Panel, on_delete=models.CASCADE, related_name="zones")
    address_kind = models.CharField(max_length=8, default=AddressKind.ZONE.value)
    """`zone`, or `user` for the names of people who arm and disarm."""
    number = models.CharField(max_length=16)
    name = models.CharField(max_length=60, blank=True)
    kind = models.CharField(max_length=12, choices=ZoneKind.choices(), default=ZoneKind.INTRUSION.value)
    principle = models.CharField(max_length=12, choices=Principle.choices(), blank=True)
    detector = models.CharField(max_length=40, blank=True)
    """Make and model, for people."""
    area = models.CharField(max_length=16, blank=True)
    """Number of its area, normalised; empty: the panel has one area."""
    always_on = models.BooleanField(default=False)
    """24 小时防区: counts armed or not."""
    disabled_at = models.DateTimeField(null=True, blank=True)
    """Since when its intrusion signals open no cases. Never for hold-up and fire."""
    disabled_by = models.CharField(max_length=50, blank=True)
    """Name of who disabled it."""
    disabled_reason = models.CharField(max_length=500, blank=True)
    neighbours = models.ManyToManyField("self", blank=True)
    """Zones that somebody walks into next; of the same site."""
    drawing = models.ForeignKey(Drawing, null=True, blank=True, on_delete=models.SET_NULL, related_name="zones")
    x = models.FloatField(null=True, blank=True)
    y = models.FloatField(null=True, blank=True)
    """Place on the drawing, as shares of its width and height from the upper left."""
    camera = models.CharField(max_length=200, blank=True)
    """Which camera sees it, in words or as a link."""

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["panel", "address_kind", "number"], name="sites_zone_number_once")
        ]
        indexes = [
            models.Index(
                fields=["-disabled_at"], name="sites_zone_disabled", condition=models.Q(disabled_at__isnull=False)
            )
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.name}"
