from django.db import models

from lianjing.domain.companies.models import Company
from lianjing.domain.sites.models.customers import Customer
from lianjing.terms.premises import SiteKind


class Site(models.Model):
    """A protected premises. `company` repeats the customer's, so that every list of sites is scoped by one column."""

    company = models.ForeignKey(Company, on_delete=models.PROTECT, related_name="sites")
    customer = models.ForeignKey(Customer, on_delete=models.PROTECT, related_name="sites")
    code = models.CharField(max_length=32)
    """场所编号, the company's own; imports find the site by it."""
    name = models.CharField(max_length=100)
    kind = models.CharField(max_length=16, choices=SiteKind.choices(), default=SiteKind.OTHER.value)
    initials = models.CharField(max_length=100, blank=True)
    """Pinyin initials of the name, lower case, for the search."""
    address = models.CharField(max_length=200, blank=True)
    division = models.CharField(max_length=6, blank=True)
    """行政区划代码, GB/T 2260."""
    longitude = models.FloatField(null=True, blank=True)
    latitude = models.FloatField(null=True, blank=True)
    """WGS-84, in degrees; GCJ-02 is converted where it comes in."""
    police_station = models.CharField(max_length=100, blank=True)
    access_notes = models.CharField(max_length=500, blank=True)
    key_location = models.CharField(max_length=100, blank=True)
    is_key_site = models.BooleanField(default=False)
    """治安重点单位."""
    added_at = models.DateTimeField(null=True, blank=True)
    """Since when it is known; empty: nobody wrote down when."""

    class Meta:
        constraints = [models.UniqueConstraint(fields=["company", "code"], name="sites_site_code_once")]
        indexes = [
            models.Index(fields=["company", "name", "id"], name="sites_site_list"),
            models.Index(fields=["customer"], name="sites_site_customer"),
        ]

    def __str__(self) -> str:
        return self.name


class SiteNote(models.Model):
    """临时提示: what whoever handles a case of the site must know until then; without `until` it stays."""

    site = models.ForeignKey(Site, on_delete=models.CASCADE, related_name="notes")
    text = models.CharField(max_length=500)
    until = models.DateTimeField(null=True, blank=True)
    must_acknowledge = models.BooleanField(default=False)
    """Whoever handles a case says that he has read it before he does anything else."""
    written_at = models.DateTimeField()
    written_by = models.CharField(max_length=50)

    class Meta:
        indexes = [models.Index(fields=["site", "until"], name="sites_note_until")]

    def __str__(self) -> str:
        return self.text[:40]


class Drawing(models.Model):
    """平面图: a picture on which zones have their places."""

    site = models.ForeignKey(Site, on_delete=models.CASCADE, related_name="drawings")
    name = models.CharField(max_length=60)
    image = models.FileField(upload_to="drawings/%Y/")
    width = models.PositiveIntegerField()
    height = models.PositiveIntegerField()
    added_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.name


class Contact(models.Model):
    """Whom to call, in this order. Pass-word and duress word are kept as digests: they can be checked, never read."""

    site = models.ForeignKey(Site, on_delete=models.CASCADE, related_name="contacts")
    place = models.PositiveSmallIntegerField()
    name = models.CharField(max_length=50)
    role = models.CharField(max_length=50, blank=True)
    phone = models.CharField(max_length=32)
    email = models.CharField(max_length=190, blank=True)
    notes = models.CharField(max_length=200, blank=True)
    pass_word = models.CharField(max_length=128, blank=True)
    duress_word = models.CharField(max_length=128, blank=True)
    reachable_from = models.TimeField(null=True, blank=True)
    reachable_until = models.TimeField(null=True, blank=True)
    """Hours of the day; until before from crosses midnight; both empty: always."""
    verified_on = models.DateField(null=True, blank=True)
    """When somebody last made sure that name and number are right."""
    doubted_on = models.DateField(null=True, blank=True)
    """When somebody else answered at this number; None: nothing speaks against it since it was last put right."""

    class Meta:
        constraints = [models.UniqueConstraint(fields=["site", "place"], name="sites_contact_place_once")]
        indexes = [models.Index(fields=["phone"], name="sites_contact_phone")]

    def __str__(self) -> str:
        return self.name
