"""The demo company's second machine room, its copies, and an exercise in which it took over."""

from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any

from lianjing.terms.staffing import CompanyFactKind as Kind

if TYPE_CHECKING:
    from lianjing.core.viewer import Viewer
    from lianjing.domain.companies.models import Company

EDITION = {"standard": "GB/T 20988-2007"}


def make_continuity(company: "Company", by: "Viewer", at: datetime, today: date) -> None:
    """Only once."""
    from lianjing.domain.companies.fact_policy import NewCompanyFact
    from lianjing.domain.companies.models import CompanyFact
    from lianjing.domain.companies.recording import record_company_fact

    if CompanyFact.objects.filter(company=company, kind=Kind.SECOND_SITE.value).exists():
        return
    for kind, value, begins, issuer, details in _facts(today):
        new = NewCompanyFact(kind, value, begins, issuer=issuer, details=details)
        record_company_fact(company.pk, new, by=by, at=at, source="demo-data")


def _facts(today: date) -> "list[tuple[Kind, str, date, str, dict[str, Any]]]":
    began = today - timedelta(days=800)
    return [
        (
            Kind.SECOND_SITE,
            "same_city",
            began,
            "",
            {"place": "绍兴市越城区演示路 8 号（演示）", "distance_km": "12.5"},
        ),
        (Kind.DATA_COPY, "报警日志与数据库", began, "", {"cycle": "real_time", "kept_at": "second_site"}),
        (Kind.DATA_COPY, "每日备份", began, "", {"cycle": "daily", "kept_at": "elsewhere", "place": "演示银行保管箱"}),
        (
            Kind.FAILOVER_EXERCISE,
            "partly",
            today - timedelta(days=420),
            "",
            {"minutes": 48, "note": "语音线路没有切过去（演示）"},
        ),
        (Kind.FAILOVER_EXERCISE, "passed", today - timedelta(days=150), "", {"minutes": 11}),
        (Kind.RECOVERY_LEVEL, "4", today - timedelta(days=140), "演示测评机构", {**EDITION}),
        (
            Kind.RECOVERY_LEVEL_ASKED,
            "4",
            began,
            "演示公司",
            {**EDITION, "note": "演示：本单位自定，规范没有写明等级"},
        ),
    ]
