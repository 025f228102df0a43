"""Papers, departments and posts of the demo company; one paper ends soon."""

from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

from lianjing.terms.staffing import CompanyFactKind, DepartmentKind, PostKind, RuleSet

if TYPE_CHECKING:
    from lianjing.core.viewer import Viewer
    from lianjing.domain.companies.fact_policy import NewCompanyFact
    from lianjing.domain.companies.models import Company

YEAR = timedelta(days=365)
PROVINCE, MARKET = "浙江省公安厅（演示）", "绍兴市市场监督管理局（演示）"
DEPARTMENTS = (
    ("综合管理部", DepartmentKind.MANAGEMENT, "制度、人员、合同与考核。", (("负责人", PostKind.OTHER, "M01", ""),)),
    (
        "技术部",
        DepartmentKind.TECHNICAL,
        "方案设计、安装调试与技术支持。",
        (("技术负责人", PostKind.DESIGN_INSTALL, "D01", "D02"),),
    ),
    (
        "运行维护部",
        DepartmentKind.OPERATION,
        "接警值守、现场处置与系统维护。",
        (("值班长", PostKind.WATCH, "W02", "W03"), ("巡逻队长", PostKind.PATROL, "P02", "")),
    ),
)


def make_organisation(company: "Company", by: "Viewer", at: datetime, today: date) -> None:
    """Only once: when the company has papers on file, nothing is added. People are on file already."""
    from lianjing.domain.companies.models import CompanyFact
    from lianjing.domain.companies.recording import record_company_fact

    if CompanyFact.objects.filter(company=company).exists():
        return
    for fact in _papers(today):
        record_company_fact(company.pk, fact, by=by, at=at, source="demo-data")
    _departments(company, today, by, at)


def _papers(today: date) -> "list[NewCompanyFact]":
    from lianjing.domain.companies.fact_policy import NewCompanyFact

    began = today - 3 * YEAR
    licence = {"scope": ["technical", "patrol"]}
    business = {"capital": "3000000", "registered_on": str(began + timedelta(days=40))}
    person = {"years": "9", "checked_on": str(today - timedelta(days=100)), "result": "passed"}
    return [
        NewCompanyFact(
            CompanyFactKind.GUARD_LICENCE, "", began, None, "浙公保服演示001", "浙江省公安厅（演示）", licence
        ),
        NewCompanyFact(
            CompanyFactKind.BUSINESS_LICENCE, "", began, None, "91330000MADEM0001H", "绍兴市市场监督管理局", business
        ),
        NewCompanyFact(
            CompanyFactKind.LEGAL_REPRESENTATIVE, "林国华", began, details=person | {"approved_on": str(began)}
        ),
        NewCompanyFact(CompanyFactKind.MANAGER, "林国华", began, details=person | {"position": "总经理"}),
        *(
            NewCompanyFact(CompanyFactKind.RULE_SET, rules.value, began, details={"edition": "第 2 版"})
            for rules in RuleSet
        ),
        NewCompanyFact(
            CompanyFactKind.INSURANCE, "公众责任险", began, today + timedelta(days=25), "演示-0001", "演示保险公司"
        ),
    ]


def _departments(company: "Company", today: date, by: "Viewer", at: datetime) -> None:
    from lianjing.domain.companies.departments import add_department, add_post, write_duties
    from lianjing.domain.companies.versions import Span
    from lianjing.domain.people.appointments import Appointed, appoint

    who = {"by": by, "at": at, "source": "demo-data"}
    span = Span(today - YEAR)
    for name, kind, duty, posts in DEPARTMENTS:
        department = add_department(company.pk, {"name": name, "kind": kind.value, "parent": None}, span, **who)  # type: ignore[arg-type]
        write_duties(department, duty, today - YEAR, **who)  # type: ignore[arg-type]
        for title, post_kind, holder, deputy in posts:
            values = {"title": title, "is_key": True, "post_kind": post_kind.value, "places": 1}
            post = add_post(department.pk, values, span, **who)  # type: ignore[arg-type]
            write_duties(post, f"{title}：{duty}", today - YEAR, **who)  # type: ignore[arg-type]
            appoint(post.pk, Appointed(holder, span), **who)  # type: ignore[arg-type]
            if deputy:
                appoint(post.pk, Appointed(deputy, span, is_deputy=True), **who)  # type: ignore[arg-type]
