"""The page of figures, its files and its limits."""

import csv
from io import BytesIO, StringIO

import pytest
from django.test import Client
from openpyxl import load_workbook

from lianjing.domain.people.actions import create_token
from lianjing.domain.reports.models import ResponseLimits
from tests.cast import NOON, SYSTEM, Cast
from tests.domain.reports.day import DAY, live
from tests.web.console.conftest import As

PAGE = f"/figures/?from={DAY}&to={DAY}"


@pytest.fixture(autouse=True)
def _long_after(monkeypatch: pytest.MonkeyPatch) -> None:
    """The day is in the past, whenever the test runs."""
    from lianjing.web import asked_figures

    monkeypatch.setattr(asked_figures, "today", lambda: DAY)


def test_the_page_shows_the_day_with_its_chart_and_groups(cast: Cast, signed_on: As) -> None:
    live(cast)
    text = signed_on("leo").get(f"{PAGE}&by=operator&by=grade&show=first_action").content.decode()
    assert "首次处置动作" in text
    assert 'data-chart="{' in text
    assert "Olivia" in text
    # 11 cases were acted on; P50 45 s, P80 70 s, the others 185 s.
    row = text.split("t4−t1")[-1].split("</tr>")[0]
    assert [cell.split("<")[0] for cell in row.split('<td class="num">')[1:]] == [
        "11",
        "45.0",
        "70.0",
        "3:05",
        "3:05",
        "3:05",
    ]


def test_an_operator_is_told_that_these_are_his_own(cast: Cast, signed_on: As) -> None:
    live(cast)
    text = signed_on("olivia").get(PAGE).content.decode()
    assert "您本人受理的案件" in text
    assert "误报最多的场所" not in text


@pytest.mark.parametrize(
    ("query", "sentence"),
    [
        ("from=2026-11-23&to=2026-11-01", "开始日期不能晚于结束日期"),
        ("from=yesterday", "“yesterday”不是日期"),
        ("from=2020-01-01", "一次最多统计 366 天"),
        ("by=shoe", "最多按四项分组"),
        ("by=hour,grade,operator,weekday,site_kind", "最多按四项分组"),
        ("company=hill", "没有这家公司"),
    ],
)
def test_what_cannot_be_asked_is_said_in_a_sentence(cast: Cast, signed_on: As, query: str, sentence: str) -> None:
    answer = signed_on("leo").get(f"/figures/?{query}")
    assert (answer.status_code, sentence in answer.content.decode()) == (400, True)
    assert signed_on("leo").get(f"/figures/csv/?{query}").status_code == 400


def test_the_files_hold_numbers_and_every_figures_groups(cast: Cast, signed_on: As) -> None:
    live(cast)
    told = signed_on("leo").get(PAGE.replace("/?", "/csv/?") + "&by=operator").content.decode("utf-8-sig")
    rows = list(csv.reader(StringIO(told)))
    place = next(place for place, row in enumerate(rows) if row[:1] == ["首次处置动作"])
    assert rows[place][1:7] == ["11", "45.0", "70.0", "185.0", "185.0", "185.0"]
    assert sum(row[:1] == ["Olivia"] for row in rows) == 14
    content = signed_on("leo").get(PAGE.replace("/?", "/excel/?")).content
    page = load_workbook(BytesIO(content)).worksheets[0]
    first = [[cell.value for cell in row] for row in page.iter_rows(max_row=3)]
    assert first[0][:4] == ["指标", "n", "P50", "P80"]
    assert first[2][:4] == ["受理时间", 12, 8, 20]


def test_a_manager_sets_limits_and_what_makes_no_sense_stays_in_the_form(cast: Cast, signed_on: As) -> None:
    given = {"danger_first_s": 20, "danger_last_s": 40, "other_first_s": 60, "other_last_s": 120}
    path = f"/figures/limits/{cast.company.pk}/"
    mia = signed_on("mia")
    assert mia.post(path, given).status_code == 302
    assert ResponseLimits.objects.get().danger_last_s == 40
    wrong = mia.post(path, given | {"danger_first_s": 50})
    assert (wrong.status_code, 'value="50"' in wrong.content.decode()) == (422, True)
    assert "80 % 的时限不能长于 98.5 % 的时限" in wrong.content.decode()
    assert ResponseLimits.objects.get().danger_first_s == 20
    assert signed_on("leo").post(path, given).status_code == 403
    assert mia.post(f"/figures/limits/{cast.other.pk}/", given).status_code == 403


def test_the_api_says_the_same(cast: Cast, client: Client) -> None:
    live(cast)
    token = create_token(cast.users["leo"], label="", by=SYSTEM, at=NOON, source="test")
    headers = {"HTTP_AUTHORIZATION": f"Bearer {token}"}
    told = client.get(f"/api/v1/kpis?from={DAY}&to={DAY}&by=operator", **headers).json()
    acknowledge = next(row for row in told["times"] if row["key"] == "acknowledge")
    figures = {"n": 12, "p50": 8.0, "p80": 20.0, "p95": 40.0, "p98_5": 40.0, "max": 40.0}
    assert {name: acknowledge[name] for name in figures} == figures
    assert [(group["words"]["operator"], group["cases"]) for group in told["groups"]] == [("Olivia", 6), ("Oscar", 6)]
    assert next(row for row in told["times"] if row["key"] == "travel")["p50"] is None
    refused = client.get("/api/v1/kpis?by=shoe", **headers)
    assert (refused.status_code, refused.json()["field"]) == (422, "by")
    assert client.get("/api/v1/kpis?from=x", **headers).status_code == 422
