"""The demo company's evidence for clauses that no record can show, and a campaign that asks for more. All invented."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from io import BytesIO
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from lianjing.core.scans import Scan
    from lianjing.domain.companies.models import Company

ACCEPTED, REJECTED, WAITING = "accepted", "rejected", ""


@dataclass(frozen=True, slots=True)
class DemoPiece:
    """Days are counted from today; `until` None: open-ended."""

    title: str
    clauses: tuple[str, ...]
    since: int
    until: int | None
    decision: str = ACCEPTED
    shows: str = "met"
    is_picture: bool = False
    author: str = "leader"


PIECES = (
    DemoPiece("管理性文件受控清单", ("8.2 a",), -210, 155),
    DemoPiece("技术性文件受控清单", ("8.2 b",), -340, 24),
    DemoPiece("外来文件有效版本清单", ("8.2 c",), -377, -12),
    DemoPiece("记录清单与保管期限表", ("8.2 d",), -90, None, shows="mostly"),
    DemoPiece("运营中心平面图和门禁照片", ("6.1",), -120, 245, is_picture=True),
    DemoPiece("保密制度、保密协议和权限复核", ("令564-26", "令564-30"), -60, 305),
    DemoPiece("人员花名册（盖章）", ("5.2",), -30, 335),
    DemoPiece("三季度部门考核记录", ("8.3.1",), -40, 50, WAITING),
    DemoPiece("部门互评表", ("8.3.2",), -40, 50, REJECTED),
)
ASKED = (("leader", "8.3.1", 7), ("leader", "8.3.2", 7), ("leader", "8.4.1 a", -3), ("manager", "8.3.3", 14))


def make_evidence(company: "Company", at: datetime, today: date) -> None:
    """Only once. The leader submits, the manager accepts: never one person both."""
    from lianjing.domain.compliance.models import Evidence
    from lianjing.domain.people.models import User

    if Evidence.objects.filter(company=company).exists():
        return
    people = {user.username: user.as_viewer() for user in User.objects.filter(username__in=("leader", "manager"))}
    _ask(company, people, at - timedelta(days=20), today)
    for piece in PIECES:
        _submit(company, piece, people, at, today)


def _ask(company: "Company", people: dict[str, Any], at: datetime, today: date) -> None:
    from lianjing.domain.compliance.campaigning import Ask, open_campaign

    asks = [Ask(people[name].id, clause, today + timedelta(days=days)) for name, clause, days in ASKED]
    text = "请附签字页；没有的先写明原因。（演示数据）"
    open_campaign(company.pk, "年终自查（演示）", text, asks, by=people["manager"], at=at, source="demo-data")


def _submit(company: "Company", piece: DemoPiece, people: dict[str, Any], at: datetime, today: date) -> None:
    from lianjing.domain.compliance.evidence_policy import NewEvidence
    from lianjing.domain.compliance.evidencing import accept_evidence, reject_evidence, submit_evidence

    when = at + timedelta(days=max(piece.since, -15)) if piece.decision == ACCEPTED else at
    who = {"at": when, "source": "demo-data"}
    until = None if piece.until is None else today + timedelta(days=piece.until)
    file = _picture(piece) if piece.is_picture else _paper(piece)
    new = NewEvidence(
        f"{piece.title}（演示）",
        piece.shows,
        piece.clauses,
        today + timedelta(days=piece.since),
        until,
        "演示数据，文件内容是虚构的。",
        f"{piece.title}.{file.ending}",
    )
    row = submit_evidence(company.pk, new, file, by=people[piece.author], **who)
    if piece.decision == ACCEPTED:
        accept_evidence(row.pk, by=people["manager"], **who)
    elif piece.decision == REJECTED:
        reject_evidence(row.pk, "缺互评部门负责人签字", by=people["manager"], **who)


def _paper(piece: DemoPiece) -> "Scan":
    """One page that says that it is a demo. Another one for each clause."""
    from lianjing.core.scans import scan_of

    line = f"DEMO - invented evidence for clause {PIECES.index(piece) + 1}"
    text = f"BT /F1 24 Tf 72 720 Td ({line}) Tj ET".encode("ascii")
    parts = (
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R"
        b" /Resources << /Font << /F1 5 0 R >> >> >>",
        b"<< /Length %d >>\nstream\n%s\nendstream" % (len(text), text),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
    )
    made, places = bytearray(b"%PDF-1.4\n"), []
    for number, part in enumerate(parts, 1):
        places.append(len(made))
        made += b"%d 0 obj\n%s\nendobj\n" % (number, part)
    start = len(made)
    made += b"xref\n0 %d\n0000000000 65535 f \n" % (len(parts) + 1)
    made += b"".join(b"%010d 00000 n \n" % place for place in places)
    made += b"trailer << /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (len(parts) + 1, start)
    return scan_of(bytes(made))


def _picture(_piece: DemoPiece) -> "Scan":
    from PIL import Image, ImageDraw

    from lianjing.core.scans import scan_of

    picture = Image.new("RGB", (640, 360), "#e8edf2")
    drawing = ImageDraw.Draw(picture)
    drawing.rectangle((40, 40, 360, 320), outline="#42536a", width=6)
    drawing.rectangle((360, 120, 600, 320), outline="#42536a", width=3)
    drawing.text((60, 60), "DEMO: operation centre", fill="#161d26")
    drawing.text((380, 140), "DEMO: offices", fill="#161d26")
    made = BytesIO()
    picture.save(made, "PNG")
    return scan_of(made.getvalue())
