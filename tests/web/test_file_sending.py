"""How files leave: under their name, kept by no cache; what somebody uploaded runs in no page of ours."""

from io import BytesIO

import pytest
from django.http import Http404

from lianjing.core.scans import KeptScan
from lianjing.web.file_sending import Csv, kept_file, workbook

PAPER = KeptScan(b"%PDF-", "application/pdf", "pdf", True)
OTHER = KeptScan(b"%PDF-", "application/pdf", "pdf", False)


@pytest.mark.parametrize(
    ("kept", "shown", "name", "guarded"),
    [
        (PAPER, False, "attachment; filename*=UTF-8''A-1.pdf", True),
        (PAPER, True, "inline; filename*=UTF-8''A-1.pdf", False),
        (OTHER, False, "attachment; filename*=UTF-8''%E6%A0%A1%E9%AA%8C%E5%80%BC%E4%B8%8D%E7%AC%A6-A-1.pdf", True),
        (OTHER, True, "attachment; filename*=UTF-8''%E6%A0%A1%E9%AA%8C%E5%80%BC%E4%B8%8D%E7%AC%A6-A-1.pdf", True),
    ],
)
def test_a_kept_file_is_handed_out_and_one_that_was_altered_says_so(
    kept: KeptScan, shown: bool, name: str, guarded: bool
) -> None:
    answer = kept_file(kept, "A-1", shown=shown)
    assert (answer["Content-Disposition"], answer["Cache-Control"]) == (name, "no-store")
    assert (answer.get("Content-Security-Policy") == "sandbox") is guarded


def test_what_is_not_there_is_not_found() -> None:
    with pytest.raises(Http404):
        kept_file(None, "A-1")


def test_no_cell_of_a_csv_is_a_formula_and_numbers_stay_numbers() -> None:
    sheet = Csv("a.csv")
    sheet.line("=1+1", "-x", "", -3, "陈")
    assert sheet.response.content.decode() == "\ufeff'=1+1,'-x,,-3,陈\r\n"
    assert sheet.response["Content-Type"] == "text/csv; charset=utf-8"


def test_a_workbook_goes_under_its_name() -> None:
    answer = workbook(BytesIO(b"PK"), "统计.xlsx")
    assert (answer.content, answer["Content-Disposition"]) == (
        b"PK",
        "attachment; filename*=utf-8''%E7%BB%9F%E8%AE%A1.xlsx",
    )
