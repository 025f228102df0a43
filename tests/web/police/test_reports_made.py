"""When a company last made its report: by itself; a download by the police is none."""

import re
from datetime import timedelta

from lianjing.core.viewer import System, Viewer
from lianjing.domain.compliance.reporting import ReportFile, note_reports
from lianjing.domain.compliance.reports_made import last_reports, reports_made
from tests.cast import NOON, SYSTEM
from tests.web.conftest import As
from tests.web.police.conftest import Area


def test_a_download_by_the_police_is_no_report_of_the_company(area: Area) -> None:
    pk = area.cast.company.pk
    file = ReportFile(pk, NOON.date(), None, "pdf", "0" * 64, 1, "0" * 64, "")

    def made(by: Viewer, days: int) -> None:
        note_reports([file], by=by, at=NOON + timedelta(days=days))

    made(area.shen.as_viewer(), 3)
    assert last_reports(SYSTEM, [pk]) == {}
    made(area.cast.viewer("mia"), 1)
    assert last_reports(SYSTEM, [pk]) == {pk: NOON + timedelta(days=1)}
    made(SYSTEM, 2)
    made(area.cast.viewer("polly"), 4)
    assert last_reports(SYSTEM, [pk]) == {pk: NOON + timedelta(days=2)}
    assert [(one.by, one.by_police) for one in reports_made(SYSTEM, pk)] == [
        ("Polly", True),
        ("test", False),
        ("Mia", False),
        ("沈警官", True),
    ]


def test_the_company_sees_which_files_the_police_took_and_who_else_made_one(area: Area, signed_on: As) -> None:
    file = ReportFile(area.cast.company.pk, NOON.date(), None, "pdf", "0" * 64, 1, "0" * 64, "")
    for by in (area.shen.as_viewer(), System("command line"), area.cast.viewer("mia")):
        note_reports([file], by=by, at=NOON)
    page = signed_on("mia").get("/office/clauses/report/").content.decode().split("<tbody>")[1]
    told = [re.sub(r"<.*?>", " ", row).split()[2:4] for row in page.split("<tr>")[1:]]
    assert told == [["Mia", "2026-11-22"], ["命令行", "2026-11-22"], ["沈警官", "公安下载"]]
