"""Limits and capabilities of the demo company. No figure of GA 1383 was found: these are made up, and say so."""

from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from lianjing.core.viewer import Viewer
    from lianjing.domain.companies.models import Company

SOURCE = {"edition": "演示版本（不是 GA 1383 的数值）", "confidence": "MEM", "note": "演示数据"}
LIMITS = (
    {"heading": "5.2.1", "measure": "acknowledge", "share": "950", "figure": "60", "unit": "秒"},
    {"heading": "5.2.1", "measure": "verify", "share": "950", "figure": "5", "unit": "分钟"},
    {"heading": "5.2.2", "measure": "police", "share": "1000", "figure": "10", "unit": "分钟"},
    {"heading": "5.2.3", "measure": "reach", "share": "800", "figure": "30", "unit": "分钟"},
    {"heading": "5.2.4", "measure": "inform", "share": "950", "figure": "30", "unit": "分钟"},
    {"heading": "5.3.1", "measure": "availability", "comparison": "at_least", "figure": "99", "unit": "%"},
    {"heading": "4.2.2", "measure": "recorded", "item": "报警响应时间", "figure": "2", "unit": "秒"},
    {
        "heading": "4.2.3",
        "measure": "recorded",
        "item": "备用电源时间",
        "comparison": "at_least",
        "figure": "8",
        "unit": "小时",
    },
    {"heading": "4.2.4", "measure": "recorded", "comparison": "none"},
)
CAPABILITIES = (
    ("4.2.2", "报警响应时间", "报警控制器", "1.4", "秒", "演示检测机构", 300, "演检 001"),
    ("4.2.3", "备用电源时间", "中心 UPS", "510", "分钟", "本单位自测（演示）", 60, ""),
)


def make_limits(company: "Company", by: "Viewer", at: datetime, today: date) -> None:
    """Only once."""
    from lianjing.domain.compliance.limit_policy import NewCapability, NewLimit
    from lianjing.domain.compliance.limit_recording import record_capability, record_limit
    from lianjing.domain.compliance.models import ServiceLimit

    if ServiceLimit.objects.filter(company=company).exists():
        return
    began = today - timedelta(days=400)
    for told in LIMITS:
        clause = {"source_clause": told["heading"], "comparison": "at_most"}
        record_limit(company.pk, NewLimit(**{**SOURCE, **clause, **told}, valid_from=began), by=by, at=at)
    for heading, item, subject, figure, unit, origin, days, number in CAPABILITIES:
        found = NewCapability(
            heading, item, subject, figure, unit, origin, today - timedelta(days=days), number=number, note="演示数据"
        )
        record_capability(company.pk, found, by=by, at=at)
