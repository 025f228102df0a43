"""The register of equipment of the demo company: made-up makers and numbers, each marked as demo data."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from lianjing.core.viewer import Viewer
    from lianjing.domain.companies.models import Company
    from lianjing.domain.facilities.models import Equipment

DEMO = "演示数据"
CYCLE = "本单位装备维护规定 4.2（演示）"
DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Told:
    """A piece. Days are counted from today: `served` back to its first day, `paper` ahead to the end of its
    certificate, `maintained` back to each maintenance."""

    number: str
    kind: str
    name: str
    model: str
    where: str
    served: int
    life: int = 96
    cycle: int | None = None
    paper: tuple[str, int] | None = None
    maintained: tuple[int, ...] = ()
    warranty: int | None = None
    more: dict[str, Any] = field(default_factory=dict)


def _pieces() -> Iterator[Told]:
    yield Told("RX-01", "receiver", "主接警接收机", "示例 R-8", "机柜 1", 900, 96, 3, ("test", 410), (700, 300, 60))
    yield Told("RX-02", "receiver", "备接警接收机", "示例 R-8", "机柜 2", 900, 96, 3, ("test", 24), (320, 75))
    yield Told("SV-01", "server", "接警平台服务器", "示例 S-2U", "机柜 1", 880, 60, 3, None, (200, 20), 215)
    yield Told("SV-02", "server", "数据库服务器", "示例 S-2U", "机柜 1", 880, 60, 3, None, (200, 20), 215)
    yield Told("SV-03", "server", "异地备份服务器", "示例 S-2U", "同城备用机房", 420, 60, 3, None, (40,), 675)
    yield Told("SW-01", "network", "核心交换机", "示例 N-48", "机柜 1", 1500, 60, 6, ("network_access", 300), (90,))
    yield Told("LK-01", "link", "电信专线 100M", "", "电信机房—中心", 1400, 120, 1, None, (12,))
    yield Told("LK-02", "link", "联通备用专线 50M", "", "联通机房—中心", 700, 120, 1, None, (12,))
    yield Told("UPS-01", "ups", "中心 UPS", "示例 U-20K", "电源间", 1200, 72, 3, ("test", 150), (400, 240, 150, 60))
    yield Told("UPS-02", "ups", "备用 UPS", "示例 U-10K", "电源间", 2150, 72, 3, None, (260, 130))
    yield Told("GE-01", "generator", "柴油发电机", "示例 G-50", "院内", 1600, 180, 6, None, (100,))
    for place, plate in enumerate(("浙D·演001", "浙D·演002", "浙D·演003", "浙D·演004"), 1):
        paper = ("vehicle_test", (300, 83, 5, 200)[place - 1])
        called = f"V-{place:02d}", "vehicle", f"巡逻车 {place} 号", "示例皮卡", ""
        yield Told(*called, 700 + place, 120, 6, paper, (50,), None, {"plate": plate})
    for place in range(1, 13):
        paper = ("radio_approval", 900)
        yield Told(f"DJ-{place:02d}", "radio", f"对讲机 {place}", "示例 T-8", "值班室", 500, 60, 6, paper, (80,))
    for place, where in enumerate(("大厅", "大厅入口", "机房", "电源间", "走廊", "院门"), 1):
        yield Told(f"CM-{place:02d}", "camera", f"摄像机 {where}", "示例 C-4M", where, 1100, 72, 3, ("ccc", 520), (33,))
    yield Told("NVR-01", "recorder", "中心录像机", "示例 V-16", "机柜 2", 1100, 72, 3, ("ccc", 520), (33,))
    for place in range(1, 5):
        yield Told(f"WS-{place:02d}", "workstation", f"接警席 {place}", "示例 W-1", "大厅", 640, 60, None, None, (), 89)
    yield Told("AC-01", "access", "中心门禁", "示例 A-4", "大厅入口", 1100, 96, 6, ("ccc", 700), (33,))
    yield Told("IN-01", "instrument", "接地电阻测试仪", "示例 E-1", "工具间", 800, 120, None, ("calibration", 40))
    yield Told("RX-00", "receiver", "旧接收机", "示例 R-4", "库房", 3300, 96, None, None, (), None, {"ended": 900})


def make_equipment_register(company: "Company", by: "Viewer", at: datetime, today: date) -> None:
    """Only once."""
    from lianjing.domain.facilities.actions.equipment_papers import need_certificate
    from lianjing.domain.facilities.models import Equipment

    if Equipment.objects.filter(company=company).exists():
        return
    who = {"by": by, "at": at}
    for told in _pieces():
        _papers(_piece(company, told, today, who), told, today, who)
    need_certificate(company.pk, "radio", "radio_approval", "本单位装备管理规定 3.1（演示）", **who)
    _link(company, who)


def _piece(company: "Company", told: Told, today: date, who: dict[str, Any]) -> "Equipment":
    from lianjing.domain.facilities.actions.equipment import add_equipment
    from lianjing.domain.facilities.equipment_policy import NewEquipment

    ended = told.more.get("ended")
    new = NewEquipment(
        told.number,
        told.kind,
        told.name,
        "演示厂家" if told.model else "",
        told.model,
        f"演示-{told.number}" if told.model else "",
        place_words=told.where,
        plate=told.more.get("plate", ""),
        commissioned_on=today - told.served * DAY,
        decommissioned_on=today - ended * DAY if ended else None,
        warranty_until=today + told.warranty * DAY if told.warranty is not None else None,
        life_months=told.life,
        cycle_months=told.cycle,
        cycle_source=CYCLE if told.cycle else "",
        notes=DEMO,
    )
    return add_equipment(company.pk, new, **who)


def _papers(piece: "Equipment", told: Told, today: date, who: dict[str, Any]) -> None:
    from lianjing.domain.facilities.actions.equipment_papers import record_certificate, record_maintenance
    from lianjing.domain.facilities.equipment_policy import NewCertificate, NewMaintenance

    if told.paper is not None:
        kind, left = told.paper
        begins = today - min(told.served, 600) * DAY
        paper = NewCertificate(kind, f"演证-{told.number}", "演示机构", begins, today + left * DAY)
        record_certificate(piece.pk, paper, **who)
    for back in told.maintained:
        done = NewMaintenance(today - back * DAY, "维护组（演示）", "检查、清洁、功能测试", "normal")
        record_maintenance(piece.pk, done, **who)


def _link(company: "Company", who: dict[str, Any]) -> None:
    """What was recorded of the UPS in words is about the piece of the register from now on."""
    from lianjing.domain.compliance.limit_policy import NewCapability
    from lianjing.domain.compliance.limit_recording import correct_capability
    from lianjing.domain.compliance.models import CapabilityFact

    row = CapabilityFact.objects.filter(company=company, subject="中心 UPS", retracted_at=None).first()
    if row is not None:
        told = {name: getattr(row, name) for name in ("heading", "item", "subject", "unit", "origin", "note")}
        new = NewCapability(figure=str(row.figure), valid_from=row.valid_from, equipment="UPS-01", **told)
        correct_capability(row.pk, new, "装备已在台账登记（演示）", **who)
