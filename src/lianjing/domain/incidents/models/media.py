"""Pictures and clips of a case."""

from django.db import models

from lianjing.domain.incidents.models.cases import Incident
from lianjing.domain.people.models import User


class MediaKind(models.TextChoices):
    """What it is."""

    PICTURE = "picture", "图片"
    CLIP = "clip", "录像"


class MediaSource(models.TextChoices):
    """Who brought it."""

    OPERATOR = "operator", "值守员"
    GUARD = "guard", "巡逻员"
    LINK = "link", "客户"


class CaseMedia(models.Model):
    """影像: a picture or a clip as it came, byte for byte, known by its SHA-256."""

    incident = models.ForeignKey(Incident, on_delete=models.PROTECT, related_name="media")
    kind = models.CharField(max_length=8, choices=MediaKind)
    source = models.CharField(max_length=8, choices=MediaSource)
    mime = models.CharField(max_length=20)
    """By its content, never by its name."""
    file = models.FileField(upload_to="media/%Y/%m/")
    small = models.FileField(upload_to="media/%Y/%m/", blank=True)
    """The picture made small, for lists; empty for clips and what no browser shows."""
    sha256 = models.CharField(max_length=64)
    size = models.PositiveBigIntegerField()
    width = models.PositiveIntegerField(null=True)
    height = models.PositiveIntegerField(null=True)
    caption = models.CharField(max_length=200, blank=True)
    taken_at = models.DateTimeField(null=True)
    """As the camera says; None when it says nothing."""
    uploaded_at = models.DateTimeField()
    uploaded_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["incident", "sha256"], name="incidents_media_once")]

    def __str__(self) -> str:
        return f"{self.incident_id}: {self.kind} {self.pk}"
