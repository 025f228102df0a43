"""Controlled documents of the demo company: a handful of each kind, in every standing. All invented, and said to be."""

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any

from lianjing.project import demo_company as demo

if TYPE_CHECKING:
    from lianjing.core.viewer import Viewer
    from lianjing.domain.companies.models import Company
    from lianjing.domain.documents.models import Document

DAY = timedelta(days=1)
YEAR = 365 * DAY
"""Within the cycle after which a document is reviewed."""
ENTERED = 20 * DAY
"""So long ago all of it was entered."""


@dataclass(frozen=True, slots=True)
class Told:
    """A document. `begins`: in force since so many days; None: not yet. `review`: days until its review is due; where
    that is more than a cycle after it began it was reviewed."""

    kind: str
    number: str
    title: str
    text: str
    owner: str = "M01"
    begins: int | None = 300
    review: int = 120
    state: str = "issued"
    kept: tuple[str, int, str] = ("", 0, "")
    """Of records: where they are kept, how many months, by what."""
    status: tuple[str, str, str] = ("", "", "")
    """Of standards: what became of it, its successor, since when."""
    readers: tuple[str, ...] = field(default=())
    """Staff numbers; "*": everybody."""


SHIFT = """# 交接班制度

1. 接班人员提前 10 分钟到岗。
2. 交班人员逐项交代未办结的警情、失联线路和临时提示。
3. 双方核对钥匙柜和设备后签字。
"""
RULES = """# {0}

## 目的

规定{0}的要求和责任。

## 要求

1. 值守人员每班不少于两人，不得离岗。
2. 警情处置全程留痕。
"""
DOCUMENTS = (
    Told("management", "GL-01", "保安服务管理制度", RULES.format("保安服务管理"), readers=("*",)),
    Told("management", "GL-02", "岗位责任制度", RULES.format("岗位责任"), begins=500, review=40),
    Told("management", "GL-03", "交接班制度", SHIFT, "W02", 420, -12, readers=("W01", "W02", "W03")),
    Told("management", "GL-04", "客户信息保密制度", RULES.format("客户信息保密"), begins=None, state="in_review"),
    Told("technical", "JS-01", "报警复核与转发流程", "# 复核\n\n先看图像，再联系客户。", "W02", 200, readers=("W01",)),
    Told("technical", "JS-02", "接警平台运行维护规程", "# 维护\n\n每季度核对备份和时钟。", "D01", 260),
    Told(
        "technical", "JS-03", "UPS 放电试验作业指导书", "# 放电试验\n\n每年一次，记录电压。", "D01", None, state="draft"
    ),
    Told(
        *("external", "GB 50348-2018", "安全防范工程技术标准", "纸质原件。", "D01"),
        status=("current", "", ""),
    ),
    Told(
        *("external", "GB/T 20988-2007", "信息安全技术 信息系统灾难恢复规范", "纸质原件。", "D01"),
        status=("superseded", "GB/T 20988-2025", "2026-01-01"),
    ),
    Told(
        *("external", "GB/T 28181-2016", "公共安全视频监控联网系统信息传输、交换、控制技术要求", "纸质原件。", "D01"),
        status=("superseded", "GB/T 28181-2022", "2023-07-01"),
    ),
    Told(
        *("record", "JL-01", "警情处置记录", "由接警系统生成，封存。", "W02"),
        kept=("接警系统，封存记录", 24, "单位规定；国务院令第564号第二十五条：不少于 30 日"),
    ),
    Told("record", "JL-02", "交接班记录", "双方签字。", "W02", kept=("值守室文件柜", 12, "单位规定")),
    Told(
        *("record", "JL-03", "维护保养记录", "每次维护一份。", "D01"),
        kept=("技术部档案柜", 36, "DB11/T 855-2025 第 6.8 条（转引，未核对原文）"),
    ),
)


def make_documents(company: "Company", at: datetime, today: date) -> None:
    """Only once. The leader writes, the manager reviews and approves: never one person both."""
    from lianjing.domain.documents.models import Document
    from lianjing.domain.people.models import User

    if Document.objects.filter(company=company).exists():
        return
    people = {name: User.objects.get(username=name).as_viewer() for name in demo.USERS}
    made = {told.number: _make(company, told, people, at, today) for told in DOCUMENTS}
    _second_edition(made["JS-02"], people, at, today)
    _read(people, at)


def _make(company: "Company", told: Told, people: "dict[str, Viewer]", at: datetime, today: date) -> "Document":
    from lianjing.domain.documents.actions import NewDocument, Wording, add_document
    from lianjing.domain.documents.keeping import record_review
    from lianjing.domain.documents.models import Edition

    leader: dict[str, Any] = {"by": people["leader"], "at": at - ENTERED, "source": "demo-data"}
    where, months, basis = told.kept
    wording = Wording("第1版", f"{told.text}\n（演示）", kept_where=where, kept_months=months or None, kept_basis=basis)
    new = NewDocument(told.kind, told.number, f"{told.title}（演示）", told.owner)
    document = add_document(company.pk, new, wording, **leader)
    edition = Edition.objects.get(document=document)
    begins = today - told.begins * DAY if told.begins is not None else today
    due = today + told.review * DAY
    first = min(due, begins + YEAR) if told.begins is not None else None
    _move(edition.pk, told.state, people, at - ENTERED, (begins, first))
    if first is not None and first < due:
        record_review(document.pk, due - YEAR, due, "仍适用。（演示）", **leader)
    _beside(document, told, leader)
    return document


def _move(
    edition_id: int, state: str, people: "dict[str, Viewer]", at: datetime, days: tuple[date, date | None]
) -> None:
    from lianjing.domain.documents import deciding

    leader: dict[str, Any] = {"by": people["leader"], "at": at, "source": "demo-data"}
    manager = leader | {"by": people["manager"]}
    steps = {
        "in_review": lambda: deciding.submit_edition(edition_id, **leader),
        "reviewed": lambda: deciding.review_edition(edition_id, "逐条看过，适用。（演示）", **manager),
        "approved": lambda: deciding.approve_edition(edition_id, **manager),
        "issued": lambda: deciding.issue_edition(edition_id, deciding.Issue(*days), **manager),
    }
    names = ["draft", *steps]
    for name in names[1 : names.index(state) + 1]:
        steps[name]()


def _beside(document: "Document", told: Told, leader: dict[str, Any]) -> None:
    from lianjing.domain.documents.distributing import Whom, distribute_document
    from lianjing.domain.documents.keeping import NewStatus, record_status

    state, successor, since = told.status
    if state:
        day = date.fromisoformat(since) if since else None
        confidence = "2nd" if successor == "GB/T 28181-2022" else "OK"
        status = NewStatus(state, day, "公开目录（演示）", successor, confidence)
        record_status(document.pk, status, **leader)
    for number in told.readers:
        distribute_document(document.pk, Whom("" if number == "*" else number), 14, **leader)


def _second_edition(document: "Document", people: "dict[str, Viewer]", at: datetime, today: date) -> None:
    """One that is approved and comes in force soon."""
    from lianjing.domain.documents.actions import Wording, draft_edition

    text = "# 维护\n\n每月核对备份，每周核对时钟。\n（演示）"
    wording = Wording("第2版", text, change_note="备份核对由每季度改为每月。（演示）")
    edition = draft_edition(document.pk, wording, by=people["leader"], at=at - 3 * DAY, source="demo-data")
    _move(edition.pk, "issued", people, at - 3 * DAY, (today + 10 * DAY, today + 375 * DAY))


def _read(people: "dict[str, Viewer]", at: datetime) -> None:
    """Some have read some of it."""
    from lianjing.domain.documents.distributing import confirm_reading
    from lianjing.domain.documents.queries import my_unread

    for name, count in (("operator", 1), ("leader", 9), ("guard", 1)):
        for reading in my_unread(people[name])[:count]:
            confirm_reading(reading.pk, by=people[name], at=at - 5 * DAY, source="demo-data")
