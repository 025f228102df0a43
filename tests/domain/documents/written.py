"""Documents for tests: written by Leo, reviewed and approved by Mia, in force as far as is wanted."""

from datetime import date, timedelta
from io import BytesIO
from typing import Any
from zipfile import ZipFile, ZipInfo

from lianjing.domain.documents.actions import NewDocument, Wording, add_document
from lianjing.domain.documents.deciding import Issue, approve_edition, issue_edition, review_edition, submit_edition
from lianjing.domain.documents.models import Document, Edition
from lianjing.domain.people.models import StaffMember
from tests.cast import NOON, Cast
from tests.staff import put_on_file

TODAY = date(2026, 11, 22)
DAY = timedelta(days=1)
PDF = b"%PDF-1.4 written\n%%EOF\n"
TEXT = "# 值守制度\n\n值守人员每班两人，不得离岗。"
TYPES = (
    '<Types><Override ContentType="application/'
    'vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/></Types>'
)
W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"


def docx(words: str = "交接班须双方签字", types: str = TYPES, xml: str = "", **more: bytes) -> bytes:
    """A Word file with one paragraph, the same bytes at any time. `more`: further parts by name."""
    made = BytesIO()
    with ZipFile(made, "w") as packed:
        packed.writestr(ZipInfo("[Content_Types].xml"), types)
        body = f'<w:document xmlns:w="{W}"><w:body><w:p><w:r><w:t>{words}</w:t></w:r></w:p></w:body></w:document>'
        packed.writestr(ZipInfo("word/document.xml"), xml or body)
        for name, content in more.items():
            packed.writestr(ZipInfo(name), content)
    return made.getvalue()


def owner(cast: Cast) -> StaffMember:
    """Olivia is on file, and answers for it."""
    found = StaffMember.objects.filter(company=cast.company, staff_no="001").first()
    if found is None:
        found = put_on_file(cast)
        found.user = cast.users["olivia"]
        found.save()
    return found


def document(cast: Cast, number: str = "GL-01", title: str = "值守管理制度", **told: Any) -> Document:
    """With a draft by Leo."""
    staff_no = told.pop("owner_no", "") or owner(cast).staff_no
    new = NewDocument(
        told.pop("kind", "management"), number, title, staff_no, cycle_months=told.pop("cycle_months", 12)
    )
    paper, at = told.pop("paper", None), told.pop("at", NOON)
    wording = Wording(**({"label": "第1版", "text": TEXT} | told))
    return add_document(cast.company.pk, new, wording, paper, by=cast.viewer("leo"), at=at)


def only(one: Document) -> Edition:
    return Edition.objects.filter(document=one).latest("pk")


def moved_to(cast: Cast, state: str, one: Document | None = None, **told: Any) -> Edition:
    """The newest edition, as far as `state` on the straight way."""
    effective_on, at = told.pop("effective_on", TODAY), told.get("at", NOON)
    review_by = told.pop("review_by", None)
    edition = only(one or document(cast, **told))
    mia: dict[str, Any] = {"by": cast.viewer("mia"), "at": at}
    steps = {
        "in_review": lambda: submit_edition(edition.pk, by=cast.viewer("leo"), at=at),
        "reviewed": lambda: review_edition(edition.pk, "逐条看过", **mia),
        "approved": lambda: approve_edition(edition.pk, **mia),
        "issued": lambda: issue_edition(edition.pk, Issue(effective_on, review_by), **mia),
    }
    names = ["draft", *steps]
    for name in names[names.index(edition.state) + 1 : names.index(state) + 1]:
        edition = steps[name]()
    assert edition.state == state
    return edition
