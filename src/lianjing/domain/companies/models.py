from django.db import models

from lianjing.domain.records.dated import Dated
from lianjing.terms.premises import CustomerUnit
from lianjing.terms.staffing import CompanyFactKind, DepartmentKind, PostKind

SETTINGS = [("counted_unit", "一户指"), ("manager_years", "要求年限"), ("access_months", "权限复核周期（月）")]


class Company(models.Model):
    """从业单位: an operating company. Several live in one installation, strictly apart."""

    code = models.SlugField(max_length=32, unique=True)
    name = models.CharField(max_length=100)
    is_demo = models.BooleanField(default=False)
    """Demo data says that it is demo data, on every screen and in every export."""
    counted_unit = models.CharField(max_length=8, choices=CustomerUnit.choices(), default=CustomerUnit.CONTRACT.value)
    """What counts as one 户."""
    manager_years = models.PositiveSmallIntegerField(default=5)
    """So many years of experience its province asks of legal representative and managers; 0: it does not ask."""
    manager_years_source = models.CharField(max_length=200, blank=True)
    """Where that figure comes from; empty: ours."""
    area = models.CharField(max_length=6, blank=True, db_index=True)
    """行政区划 by GB/T 2260, six digits: the police of which areas read it; empty: of none."""

    class Meta:
        verbose_name_plural = "companies"

    def __str__(self) -> str:
        return self.name


class CompanySetting(Dated):
    """What a company has set when: the unit it counts by, the years its province asks for. A setting is for every day;
    what stands repeats the company's columns, what was taken back is how it was judged before."""

    company = models.ForeignKey(Company, on_delete=models.PROTECT, related_name="settings")
    name = models.CharField(max_length=24, choices=SETTINGS)
    value = models.CharField(max_length=16)
    origin = models.CharField(max_length=200, blank=True)

    class Meta:
        indexes = [models.Index(fields=["company", "name"], name="companies_settings")]

    def __str__(self) -> str:
        return f"{self.company_id}: {self.name} = {self.value}"


class CompanyFact(Dated):
    """A dated fact about a company: a licence, a manager, a branch, a filing. What `value` and `details` hold follows
    from the kind (`company_facts.SPECS`)."""

    company = models.ForeignKey(Company, on_delete=models.PROTECT, related_name="facts")
    kind = models.CharField(max_length=24, choices=CompanyFactKind.choices())
    value = models.CharField(max_length=100, blank=True)
    """Name of the person, the branch or the insurer; the rule set; whatever the kind is about."""
    number = models.CharField(max_length=64, blank=True)
    issuer = models.CharField(max_length=100, blank=True)
    details = models.JSONField(default=dict)
    about = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="filings")
    """Of a filing: the branch or the service elsewhere that was filed."""
    replaces = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="replaced_by")
    scan = models.FileField(upload_to="company/%Y/", blank=True)
    scan_sha256 = models.CharField(max_length=64, blank=True)

    class Meta:
        indexes = [
            models.Index(fields=["company", "kind", "id"], name="companies_facts"),
            models.Index(
                fields=["company", "valid_until"],
                name="companies_facts_ending",
                condition=models.Q(retracted_at=None, valid_until__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.company_id}: {self.kind} {self.value or self.number}"


class Department(Dated):
    """部门, in a tree. Clause 8.1.1 asks for one of each of three kinds.

    One that is renamed or moved has a row for each time; whatever belongs to it points to the first of them.
    """

    first = models.ForeignKey("self", null=True, blank=True, on_delete=models.PROTECT, related_name="versions")
    """The row with which it began; empty: this is it."""
    company = models.ForeignKey(Company, on_delete=models.PROTECT, related_name="departments")
    parent = models.ForeignKey("self", null=True, blank=True, on_delete=models.PROTECT, related_name="children")
    kind = models.CharField(max_length=12, choices=DepartmentKind.choices())
    name = models.CharField(max_length=50)

    class Meta:
        indexes = [models.Index(fields=["company", "name"], name="companies_departments")]

    def __str__(self) -> str:
        return self.name


class Post(Dated):
    """岗位 of a department. A key post (关键岗位) must never be without a holder. Rows as of a department."""

    first = models.ForeignKey("self", null=True, blank=True, on_delete=models.PROTECT, related_name="versions")
    """The row with which it began; empty: this is it."""
    company = models.ForeignKey(Company, on_delete=models.PROTECT, related_name="posts")
    department = models.ForeignKey(Department, on_delete=models.PROTECT, related_name="posts")
    title = models.CharField(max_length=50)
    is_key = models.BooleanField(default=False)
    post_kind = models.CharField(max_length=16, choices=PostKind.choices(), default=PostKind.OTHER.value)
    places = models.PositiveSmallIntegerField(default=1)
    """定员: how many hold it at the same time."""

    class Meta:
        indexes = [models.Index(fields=["company", "department"], name="companies_posts")]

    def __str__(self) -> str:
        return self.title


class DutyText(Dated):
    """职责: what a department or a post is there for, in writing; each version of a text is a row of its own."""

    company = models.ForeignKey(Company, on_delete=models.PROTECT, related_name="+")
    department = models.ForeignKey(Department, null=True, on_delete=models.PROTECT, related_name="duty_texts")
    post = models.ForeignKey(Post, null=True, on_delete=models.PROTECT, related_name="duty_texts")
    version = models.PositiveIntegerField()
    text = models.TextField(max_length=5000)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["department", "version"], name="companies_one_duty_version_dept"),
            models.UniqueConstraint(fields=["post", "version"], name="companies_one_duty_version_post"),
            models.CheckConstraint(
                condition=models.Q(department__isnull=True) ^ models.Q(post__isnull=True),
                name="companies_duty_of_one",
            ),
        ]

    def __str__(self) -> str:
        return f"duties {self.department_id or self.post_id} v{self.version}"
