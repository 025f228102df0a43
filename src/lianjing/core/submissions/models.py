from django.db import models


class Submission(models.Model):
    """A form that somebody has sent and that was stored. `digest` is that of its one-time key and of all that it said;
    the row stands in the transaction of what was stored, so it is there if and only if that is."""

    user_id = models.BigIntegerField()
    digest = models.CharField(max_length=64)
    href = models.CharField(max_length=500, blank=True)
    """Where the answer led: the page that shows what was stored."""
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user_id", "digest"], name="submissions_once")]
        indexes = [models.Index(fields=["user_id", "at"], name="submissions_age")]

    def __str__(self) -> str:
        return f"{self.user_id}: {self.href}"
