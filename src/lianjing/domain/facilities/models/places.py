"""The operation centre, its rooms, the offices; drawings and photos; what is on record of isolation and protection."""

from django.db import models

from lianjing.domain.companies.models import Company
from lianjing.domain.records.dated import Dated
from lianjing.terms.facilities import PlaceFactKind, PlaceFileKind, PlaceKind, PlaceStanding


class Place(Dated):
    """场地: an operation centre, a room of it or an office, in use from a day to a day. Never edited: one row for each
    state of knowledge, all naming the first; whatever belongs to the place names that one."""

    first = models.ForeignKey("self", null=True, blank=True, on_delete=models.PROTECT, related_name="versions")
    """The row with which it began; empty: this is it."""
    company = models.ForeignKey(Company, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=16, choices=PlaceKind.choices())
    name = models.CharField(max_length=60)
    centre = models.ForeignKey("self", null=True, blank=True, on_delete=models.PROTECT, related_name="rooms")
    """Of a room: the centre in which it lies, by its first row."""
    address = models.CharField(max_length=200, blank=True)
    area_m2 = models.DecimalField(max_digits=8, decimal_places=2, null=True)
    """面积; empty: nobody has measured it."""
    note = models.CharField(max_length=200, blank=True)

    class Meta:
        indexes = [models.Index(fields=["company", "id"], name="facilities_places")]

    def __str__(self) -> str:
        return self.name


class PlaceFact(Dated):
    """场地记录: what was found of a place: whether it is there and sound, how, shown by which report. It holds from
    the day on which it was found to the day up to which the finding is good. Corrected by another row."""

    company = models.ForeignKey(Company, on_delete=models.PROTECT, related_name="+")
    place = models.ForeignKey(Place, on_delete=models.PROTECT, related_name="facts")
    kind = models.CharField(max_length=16, choices=PlaceFactKind.choices())
    standing = models.CharField(max_length=8, choices=PlaceStanding.choices())
    value = models.CharField(max_length=200, blank=True)
    """In words: which wall and door, who may enter, which model."""
    tested_on = models.DateField(null=True)
    """When it was last tried."""
    number = models.CharField(max_length=64, blank=True)
    """Of the report."""
    origin = models.CharField(max_length=100, blank=True)
    """Who found it: laboratory, fire service, own test."""
    file = models.FileField(upload_to="facilities/%Y/", blank=True)
    file_sha256 = models.CharField(max_length=64, blank=True)
    note = models.CharField(max_length=200, blank=True)
    replaces = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="replaced_by")

    class Meta:
        indexes = [
            models.Index(fields=["company", "kind", "id"], name="facilities_facts"),
            models.Index(fields=["place", "kind", "id"], name="facilities_facts_of_place"),
        ]

    def __str__(self) -> str:
        return f"{self.place_id}: {self.kind} {self.standing}"


class PlaceFile(Dated):
    """A drawing or a photo of a place; one that is taken away is retracted."""

    company = models.ForeignKey(Company, on_delete=models.PROTECT, related_name="+")
    place = models.ForeignKey(Place, on_delete=models.PROTECT, related_name="files")
    kind = models.CharField(max_length=8, choices=PlaceFileKind.choices())
    title = models.CharField(max_length=100)
    file = models.FileField(upload_to="facilities/%Y/")
    sha256 = models.CharField(max_length=64)
    bytes = models.PositiveIntegerField()

    class Meta:
        indexes = [models.Index(fields=["company", "place", "id"], name="facilities_files")]

    def __str__(self) -> str:
        return self.title
