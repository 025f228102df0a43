"""What a company sets for its desks, and what is being typed at them."""

from django.db import models

from lianjing.domain.companies.models import Company
from lianjing.domain.incidents.models.cases import Incident
from lianjing.domain.people.models import User


class DeskSettings(models.Model):
    """A company's figures for its desks; without a row the defaults of `queue_policy` hold."""

    company = models.OneToOneField(Company, primary_key=True, on_delete=models.CASCADE, related_name="desk_settings")
    limits = models.JSONField(default=dict)
    """By class: seconds to amber, to red, to the leader. A class that is not named has the default."""
    gone_seconds = models.PositiveSmallIntegerField(default=60)
    load_limit = models.PositiveSmallIntegerField(default=5)
    undetermined_limit = models.PositiveSmallIntegerField(default=3)
    reaction_seconds = models.PositiveSmallIntegerField(default=15)

    class Meta:
        verbose_name_plural = "desk settings"

    def __str__(self) -> str:
        return f"desk settings of company {self.company_id}"


class Draft(models.Model):
    """草稿: what somebody has typed into a form of a case and not sent. Never a pass-word: those have no such form."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+")
    incident = models.ForeignKey(Incident, on_delete=models.CASCADE, related_name="drafts")
    form = models.CharField(max_length=40)
    """The form's move; where it stands for one of several steps or contacts, ":" and which."""
    values = models.JSONField(default=dict)
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["incident", "user", "form"], name="incidents_one_draft_a_form")]

    def __str__(self) -> str:
        return f"draft of {self.user_id} for {self.incident_id}: {self.form}"
