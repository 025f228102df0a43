from django.db import models

from lianjing.domain.companies.models import Company
from lianjing.domain.people.models.accounts import User
from lianjing.domain.people.models.staff import StaffFact, StaffMember
from lianjing.terms.staffing import PostKind

DUTY_KINDS = [(kind.value, kind.zh) for kind in (PostKind.WATCH, PostKind.PATROL)]


class ShiftKind(models.Model):
    """班次: what a shift is called and when it is. One that ends before it begins ends on the next day."""

    company = models.ForeignKey(Company, on_delete=models.PROTECT, related_name="shift_kinds")
    code = models.CharField(max_length=8)
    name = models.CharField(max_length=20)
    begins = models.TimeField()
    ends = models.TimeField()
    is_active = models.BooleanField(default=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["company", "code"], name="people_shift_code_once")]

    def __str__(self) -> str:
        return self.name


class Team(models.Model):
    """班组: people who work the same shifts at the same place, in a cycle."""

    company = models.ForeignKey(Company, on_delete=models.PROTECT, related_name="teams")
    name = models.CharField(max_length=50)
    post_kind = models.CharField(max_length=16, choices=DUTY_KINDS)
    place = models.CharField(max_length=50)
    """The desk (席位) or the district (片区)."""
    cycle = models.JSONField(default=list)
    """Codes of shifts day by day, "" for a day off: 四班三运转 is A A B B C C "" ""."""
    anchor_on = models.DateField()
    """The day on which this team is at the first day of the cycle."""
    is_active = models.BooleanField(default=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["company", "name"], name="people_team_name_once")]

    def __str__(self) -> str:
        return self.name


class TeamMember(models.Model):
    """Somebody belongs to a team from a day to a day."""

    team = models.ForeignKey(Team, on_delete=models.CASCADE, related_name="members")
    member = models.ForeignKey(StaffMember, on_delete=models.PROTECT, related_name="teams")
    starts_on = models.DateField()
    ends_on = models.DateField(null=True, blank=True)

    class Meta:
        indexes = [models.Index(fields=["member", "starts_on"], name="people_teams_of")]

    def __str__(self) -> str:
        return f"{self.member_id} in {self.team_id}"


class RosterState(models.TextChoices):
    DRAFT = "draft", "草稿"
    PUBLISHED = "published", "已发布"
    CANCELLED = "cancelled", "已取消"


class RosterEntry(models.Model):
    """排班: one person, one shift. Those that are not cancelled never overlap for one person."""

    company = models.ForeignKey(Company, on_delete=models.PROTECT, related_name="roster")
    member = models.ForeignKey(StaffMember, on_delete=models.PROTECT, related_name="roster")
    team = models.ForeignKey(Team, null=True, on_delete=models.SET_NULL, related_name="roster")
    post_kind = models.CharField(max_length=16, choices=DUTY_KINDS)
    place = models.CharField(max_length=50)
    shift = models.CharField(max_length=20)
    """What the shift was called when it was planned."""
    day = models.DateField()
    """The centre's day on which it begins."""
    begins_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    state = models.CharField(max_length=10, choices=RosterState, default=RosterState.DRAFT)
    planned_at = models.DateTimeField()
    published_at = models.DateTimeField(null=True)
    cancelled_at = models.DateTimeField(null=True)
    reason = models.CharField(max_length=200, blank=True)
    """Why it was planned against a rule, moved or cancelled."""

    class Meta:
        indexes = [
            models.Index(fields=["company", "day", "place"], name="people_roster_days"),
            models.Index(fields=["member", "begins_at"], name="people_roster_of"),
            models.Index(fields=["company", "begins_at", "ends_at"], name="people_roster_now"),
        ]
        constraints = [
            models.CheckConstraint(condition=models.Q(ends_at__gt=models.F("begins_at")), name="people_shift_ends"),
            models.UniqueConstraint(
                fields=["member", "begins_at"],
                condition=~models.Q(state="cancelled"),
                name="people_one_shift_at_a_time",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.member_id} {self.day} {self.shift}"


class CoverRule(models.Model):
    """最低在岗人数: so many at a place, on these weekdays, between these times of day."""

    company = models.ForeignKey(Company, on_delete=models.PROTECT, related_name="cover_rules")
    post_kind = models.CharField(max_length=16, choices=DUTY_KINDS)
    place = models.CharField(max_length=50)
    weekdays = models.JSONField(default=list)
    """ISO weekdays, 1 Monday to 7 Sunday."""
    begins = models.TimeField()
    ends = models.TimeField()
    """Not after `begins`: on the next day. Equal: the whole day round."""
    at_least = models.PositiveSmallIntegerField()

    class Meta:
        indexes = [models.Index(fields=["company", "post_kind"], name="people_cover")]

    def __str__(self) -> str:
        return f"{self.place} ≥ {self.at_least}"


class RosterRules(models.Model):
    """Fatigue rules of a company: defaults of ours until it sets its own."""

    company = models.OneToOneField(Company, on_delete=models.CASCADE, related_name="roster_rules")
    shift_hours_at_most = models.PositiveSmallIntegerField(default=12)
    rest_hours_at_least = models.PositiveSmallIntegerField(default=11)
    week_hours_at_most = models.PositiveSmallIntegerField(default=60)
    days_in_a_row_at_most = models.PositiveSmallIntegerField(default=6)
    source = models.CharField(max_length=200, blank=True)
    """Where its own figures come from."""

    class Meta:
        verbose_name_plural = "roster rules"

    def __str__(self) -> str:
        return f"roster rules of {self.company_id}"


class SwapState(models.TextChoices):
    ASKED = "asked", "待对方同意"
    AGREED = "agreed", "待批准"
    APPROVED = "approved", "已批准"
    REFUSED = "refused", "已拒绝"
    WITHDRAWN = "withdrawn", "已撤回"


class Swap(models.Model):
    """换班: somebody gives a shift to a colleague, for one of his or for nothing; a leader approves."""

    company = models.ForeignKey(Company, on_delete=models.PROTECT, related_name="swaps")
    entry = models.ForeignKey(RosterEntry, on_delete=models.PROTECT, related_name="swaps")
    giver = models.ForeignKey(StaffMember, on_delete=models.PROTECT, related_name="swaps_asked")
    """Whose shift it was when it was asked for: once approved, the shift is the other's."""
    to = models.ForeignKey(StaffMember, on_delete=models.PROTECT, related_name="swaps_offered")
    in_return = models.ForeignKey(RosterEntry, null=True, on_delete=models.PROTECT, related_name="+")
    state = models.CharField(max_length=10, choices=SwapState, default=SwapState.ASKED)
    asked_at = models.DateTimeField()
    asked_by = models.CharField(max_length=150)
    reason = models.CharField(max_length=200, blank=True)
    answered_at = models.DateTimeField(null=True)
    decided_at = models.DateTimeField(null=True)
    decided_by = models.CharField(max_length=150, blank=True)
    decision = models.CharField(max_length=200, blank=True)

    class Meta:
        indexes = [models.Index(fields=["company", "state", "-id"], name="people_swaps")]
        constraints = [
            models.UniqueConstraint(
                fields=["entry"],
                condition=models.Q(state__in=["asked", "agreed"]),
                name="people_one_open_swap",
            )
        ]

    def __str__(self) -> str:
        return f"swap {self.pk}: {self.state}"


class LeaveState(models.TextChoices):
    ASKED = "asked", "待批准"
    GRANTED = "granted", "已批准"
    REFUSED = "refused", "已拒绝"
    WITHDRAWN = "withdrawn", "已撤回"


class LeaveRequest(models.Model):
    """请假申请. Granted, it becomes a dated fact of the person: that, and not this, says that he is on leave."""

    company = models.ForeignKey(Company, on_delete=models.PROTECT, related_name="leave_requests")
    member = models.ForeignKey(StaffMember, on_delete=models.PROTECT, related_name="leave_requests")
    kind = models.CharField(max_length=40)
    """假别."""
    first_on = models.DateField()
    last_on = models.DateField()
    reason = models.CharField(max_length=200, blank=True)
    state = models.CharField(max_length=10, choices=LeaveState, default=LeaveState.ASKED)
    asked_at = models.DateTimeField()
    asked_by = models.CharField(max_length=150)
    decided_at = models.DateTimeField(null=True)
    decided_by = models.CharField(max_length=150, blank=True)
    decision = models.CharField(max_length=200, blank=True)
    fact = models.OneToOneField(StaffFact, null=True, on_delete=models.PROTECT, related_name="leave_request")

    class Meta:
        indexes = [
            models.Index(fields=["company", "state", "-id"], name="people_leave_asked"),
            models.Index(fields=["member", "-id"], name="people_leave_of"),
        ]
        constraints = [
            models.CheckConstraint(condition=models.Q(last_on__gte=models.F("first_on")), name="people_leave_ends")
        ]

    def __str__(self) -> str:
        return f"leave {self.pk}: {self.state}"


class DutyPass(models.Model):
    """放行: a manager lets somebody stand duty whom the gate refuses, for a reason and until a time."""

    company = models.ForeignKey(Company, on_delete=models.PROTECT, related_name="duty_passes")
    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="duty_passes")
    reason = models.CharField(max_length=200)
    refused_for = models.JSONField(default=list)
    """What the gate said when it was given."""
    given_at = models.DateTimeField()
    given_by = models.CharField(max_length=150)
    until = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name_plural = "duty passes"
        indexes = [models.Index(fields=["user", "company", "until"], name="people_duty_passes")]

    def __str__(self) -> str:
        return f"pass of {self.user_id} until {self.until}"
