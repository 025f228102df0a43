from django.db import models


class Message(models.Model):
    """One thing that happened. `position` is empty until the stamper has seen the row committed."""

    topic = models.CharField(max_length=64)
    company_id = models.BigIntegerField(null=True)
    payload = models.JSONField()
    at = models.DateTimeField()
    position = models.BigIntegerField(null=True, unique=True)

    class Meta:
        indexes = [
            models.Index(fields=["id"], name="outbox_unstamped", condition=models.Q(position__isnull=True)),
            models.Index(fields=["at"], name="outbox_age"),
        ]

    def __str__(self) -> str:
        return f"{self.position}: {self.topic}"


class Head(models.Model):
    """The one row that holds the last position given out; its lock lets one stamper work at a time."""

    position = models.BigIntegerField(default=0)

    def __str__(self) -> str:
        return str(self.position)


class Pulse(models.Model):
    """When a process last showed that all its loops turn."""

    name = models.CharField(max_length=32, primary_key=True)
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.name} {self.at}"
