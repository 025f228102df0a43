from typing import Any

from django.conf import settings
from django.contrib.auth.models import AbstractUser
from django.db import models
from django.db.models import Exists, OuterRef, Value
from django.db.models.functions import Left

from lianjing.core.viewer import INSTALLATION, Person
from lianjing.domain.companies.models import Company
from lianjing.domain.people.policy import must_have_second_factor
from lianjing.terms.roles import Role
from lianjing.terms.staffing import PostKind


class User(AbstractUser):
    """Somebody who signs on. What he may do stands in his memberships, not in Django's own permissions."""

    display_name = models.CharField(max_length=50, blank=True)
    second_factor_required = models.BooleanField(default=False)

    def __str__(self) -> str:
        return self.shown_name

    @property
    def shown_name(self) -> str:
        return self.display_name or self.username

    def as_viewer(self) -> Person:
        """With the roles of his memberships, and as police for every company that lies in one of his areas."""
        roles: dict[int | None, set[Role]] = {}
        for company_id, role in self._held():
            roles.setdefault(company_id, set()).add(Role(role))
        return Person(self.pk, self.shown_name, {company: frozenset(held) for company, held in roles.items()})

    def _held(self) -> Any:
        """(company, role); one query, for this is asked by every request. An area without a company is held, too."""
        police = Value(Role.POLICE.value, output_field=models.CharField())
        areas = PoliceArea.objects.filter(user=self).order_by()
        lies_in = [Left(OuterRef("area"), digits) for digits in (2, 4, 6)]
        companies = (
            Company.objects.filter(Exists(areas.filter(begins__in=lies_in))).order_by().values_list("pk", police)
        )
        nowhere = Value(INSTALLATION, output_field=models.BigIntegerField())
        memberships = self.memberships.order_by().values_list("company_id", "role")
        return memberships.union(companies, areas.values_list(nowhere, police))

    def must_have_second_factor(self, viewer: Person) -> bool:
        """By one of his roles, as `viewer` holds them, or in person."""
        held = {role for roles in viewer.roles.values() for role in roles}
        return must_have_second_factor(held, settings.SECOND_FACTOR_ROLES, in_person=self.second_factor_required)

    def owes_second_factor(self, viewer: Person) -> bool:
        """Whether he must have a second factor and has not set it up. Reads nothing for whoever need not."""
        return self.must_have_second_factor(viewer) and not self.authenticator_set.filter(type="totp").exists()


class Membership(models.Model):
    """A role that a user holds for a company; without company: for the installation (only `admin`)."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="memberships")
    company = models.ForeignKey(Company, null=True, on_delete=models.CASCADE, related_name="memberships")
    role = models.CharField(max_length=16, choices=[(r.value, r.value) for r in Role])
    given_at = models.DateTimeField(null=True)
    """When he got it; None: before that was noted."""

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["user", "company", "role"], name="people_one_role_once"),
            models.CheckConstraint(
                condition=models.Q(company__isnull=False) | models.Q(role=Role.ADMIN.value),
                name="people_only_admin_holds_the_installation",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user_id}: {self.role} @ {self.company_id}"


class PoliceArea(models.Model):
    """辖区: somebody of the police is in charge of it. What companies he reads follows from where they lie."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="police_areas")
    begins = models.CharField(max_length=6)
    """What the codes of GB/T 2260 in it begin with: 33, 3306 or 330602."""

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "begins"], name="people_one_area_once")]

    def __str__(self) -> str:
        return f"{self.user_id}: {self.begins}"


class ApiToken(models.Model):
    """A program's key to the API. Only its digest is kept; the token itself is shown once."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="api_tokens")
    label = models.CharField(max_length=100, blank=True)
    digest = models.CharField(max_length=64, unique=True)
    created_at = models.DateTimeField()
    last_used_at = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"token {self.pk} of {self.user_id}"


class DutySource(models.TextChoices):
    """Where somebody on duty works: only a browser that is gone can be noticed."""

    BROWSER = "browser", "浏览器"
    PROGRAM = "program", "程序"


class Duty(models.Model):
    """值班: somebody stands duty for a company, from `since` on; `until` is empty while he does."""

    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="duties")
    company = models.ForeignKey(Company, on_delete=models.PROTECT, related_name="duties")
    desk = models.CharField(max_length=50, blank=True)
    """What the desk is called at which he sits; empty: he signed on by taking a case."""
    post_kind = models.CharField(max_length=16, default=PostKind.WATCH.value)
    """What he does: watch at a desk, or patrol."""
    source = models.CharField(max_length=8, choices=DutySource)
    since = models.DateTimeField()
    until = models.DateTimeField(null=True)
    seen_at = models.DateTimeField(null=True)
    """When the event stream of one of his browsers was last heard; empty: none has connected yet."""

    class Meta:
        verbose_name_plural = "duties"
        constraints = [
            models.UniqueConstraint(fields=["user"], condition=models.Q(until=None), name="people_one_open_duty")
        ]
        indexes = [
            models.Index(fields=["company", "since"], name="people_on_duty", condition=models.Q(until=None)),
            models.Index(fields=["seen_at"], name="people_duty_seen", condition=models.Q(until=None, source="browser")),
        ]

    def __str__(self) -> str:
        return f"duty {self.pk} of {self.user_id}"


class DeskProfile(models.Model):
    """What "next" gives somebody for a company: without a row everything, up to the company's limit."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="desk_profiles")
    company = models.ForeignKey(Company, on_delete=models.CASCADE, related_name="+")
    skills = models.JSONField(default=list)
    """Classes of events that he handles; none named: all."""
    regions = models.JSONField(default=list)
    """Beginnings of division codes (GB/T 2260) of the sites that he handles; none named: all."""
    load_limit = models.PositiveSmallIntegerField(null=True)
    """So many cases at once; empty: as the company has it."""

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "company"], name="people_one_profile_a_company")]

    def __str__(self) -> str:
        return f"profile of {self.user_id} @ {self.company_id}"
