"""What the police read of a company is written down once for every page, call and file, and shown to the company."""

import csv
import logging
import re
from datetime import timedelta
from io import StringIO
from typing import Any
from unittest.mock import patch

import pytest
from django.db import OperationalError
from django.test import Client

from lianjing.domain.people.actions import create_token
from lianjing.domain.people.models import Membership
from lianjing.domain.plans.actions import PlanPlace, add_plan
from lianjing.domain.records.models import Reading, Record, Way
from lianjing.domain.records.reading_log import Looked, note_reading
from lianjing.terms.roles import PERMISSIONS, Role
from lianjing.web.police_reading import ABOUT_NOBODY, UNTOLD
from lianjing.web.reading_rows import DOORS
from lianjing.web.reading_subjects import ITSELF, kind_of
from tests.cast import NOON, SYSTEM, alarm
from tests.house.test_doors import doors, operations
from tests.web.conftest import As
from tests.web.police.conftest import Area

CLAUSES = Looked("office:clauses", "compliance.see")


def rows() -> list[tuple[Any, ...]]:
    names = ("company_id", "door", "way", "subject_type", "subject_name", "count")
    return list(Reading.objects.order_by("id").values_list(*names))


def test_pages_calls_and_files_are_each_a_row_of_their_company(area: Area) -> None:
    case, company = alarm(), area.cast.company.pk
    token = create_token(area.shen, label="", by=SYSTEM, at=NOON, source="test")
    area.browser.get("/police/")
    area.browser.get("/office/clauses/")
    area.browser.get(f"/incidents/{case.pk}/")
    area.browser.get(f"/office/sites/{area.cast.shop.pk}/")
    area.browser.get(f"/police/companies/{company}/people/excel/")
    area.browser.get("/api/v1/compliance/clauses?company=harbour", HTTP_AUTHORIZATION=f"Bearer {token}")
    area.browser.get(f"/api/v1/incidents/{case.pk}", HTTP_AUTHORIZATION=f"Bearer {token}")
    assert rows() == [
        (company, "police:start", "page", "", "", 1),
        (company, "office:clauses", "page", "", "", 1),
        (company, "console:incident", "page", "incident", "Corner Shop", 1),
        (company, "office:site", "page", "site", "Corner Shop", 1),
        (company, "police:people_excel", "file", "", "", 1),
        (company, "api-1:list_clauses", "api", "", "", 1),
        (company, "api-1:get_incident", "api", "incident", "Corner Shop", 1),
    ]


def test_what_was_not_shown_is_no_reading(area: Area) -> None:
    for path in (f"/office/sites/{area.cast.mill.pk}/", "/office/people/", "/accounts/password/change/", "/banners/"):
        area.browser.get(path)
    area.browser.post("/queue/next/")
    assert rows() == []


def test_a_list_of_several_companies_is_a_row_of_each_and_a_named_one_of_that_alone(area: Area) -> None:
    type(area.cast.company).objects.update(area="330602")
    both = sorted([area.cast.company.pk, area.cast.other.pk])
    area.browser.get("/incidents/?state=all")
    assert [row[0] for row in rows()] == both
    Reading.objects.all().delete()
    area.browser.get(f"/office/clauses/?company={area.cast.other.pk}")
    area.browser.get(f"/incidents/?company={area.cast.company.pk}")
    area.browser.get("/office/clauses/")
    assert [row[0] for row in rows()] == [area.cast.other.pk, area.cast.company.pk, area.cast.company.pk]


def test_only_what_he_reads_as_police_is_written_down(area: Area, signed_on: As) -> None:
    Membership.objects.create(user=area.shen, company=area.cast.other, role="manager")
    area.browser.get(f"/office/clauses/?company={area.cast.other.pk}")
    signed_on("mia").get("/office/clauses/")
    assert rows() == []


def test_the_same_again_within_minutes_is_the_same_row(area: Area) -> None:
    by, pk = area.shen.as_viewer(), area.cast.company.pk
    for minutes in (0, 4, 8, 14):
        note_reading(CLAUSES, [pk], by=by, at=NOON + timedelta(minutes=minutes))
    found = Reading.objects.order_by("id").values_list("count", "first_at", "last_at")
    assert list(found) == [
        (3, NOON, NOON + timedelta(minutes=8)),
        (1, NOON + timedelta(minutes=14), NOON + timedelta(minutes=14)),
    ]


def test_others_and_other_things_are_rows_of_their_own(area: Area) -> None:
    by, pk = area.shen.as_viewer(), area.cast.company.pk
    note_reading(CLAUSES, [pk], by=by, at=NOON)
    note_reading(CLAUSES, [pk], by=area.cast.viewer("polly"), at=NOON)
    note_reading(Looked("office:clauses", "compliance.see", Way.API), [pk], by=by, at=NOON)
    note_reading(Looked("office:site", "sites.see", Way.PAGE, "site", "1", "A"), [pk], by=by, at=NOON)
    note_reading(Looked("office:site", "sites.see", Way.PAGE, "site", "2", "B"), [pk], by=by, at=NOON)
    assert [row[-1] for row in rows()] == [1, 1, 1, 1, 1]


def test_a_thousand_companies_cost_few_statements(area: Area, django_assert_max_num_queries: Any) -> None:
    by = area.shen.as_viewer()
    with django_assert_max_num_queries(5):
        note_reading(CLAUSES, range(1, 1001), by=by, at=NOON)
    assert Reading.objects.count() == 1000


def test_who_is_not_of_the_police_is_not_written_down(area: Area, signed_on: As) -> None:
    mia = signed_on("mia")
    with patch("lianjing.web.police_reading.note_reading") as written:
        mia.get("/office/clauses/")
    written.assert_not_called()


def test_a_page_is_shown_when_it_cannot_be_written_down_and_that_is_told_and_made_up_for(
    area: Area, caplog: pytest.LogCaptureFixture
) -> None:
    with (
        patch("lianjing.web.police_reading.note_reading", side_effect=OperationalError("locked")),
        caplog.at_level(logging.ERROR),
    ):
        assert area.browser.get("/office/clauses/").status_code == 200
    assert "沈警官" in caplog.text
    assert "office:clauses" in caplog.text
    assert rows() == []
    area.browser.get("/police/")
    assert [row[1] for row in rows()] == ["office:clauses", "police:start"]


def test_the_manager_reads_who_read_what_when_and_by_whom_it_is_narrowed(area: Area, signed_on: As) -> None:
    area.browser.get("/office/clauses/")
    note_reading(CLAUSES, [area.cast.other.pk], by=area.shen.as_viewer(), at=NOON)
    note_reading(
        Looked("police:people", "police.registers"), [area.cast.company.pk], by=area.cast.viewer("polly"), at=NOON
    )
    mia = signed_on("mia")
    page = mia.get("/office/police-readings/").content.decode()
    table = page.split("<tbody>")[1]
    assert [word in table for word in ("沈警官", "规范条款", "Polly", "人员登记")] == [True] * 4
    assert table.count("<tr>") == 2
    narrowed = mia.get("/office/police-readings/?on=2026-11-22").content.decode().split("<tbody>")[1]
    assert ("Polly" in narrowed, "沈警官" in narrowed) == (True, False)
    by_person = mia.get(f"/office/police-readings/?person={area.shen.pk}").content.decode().split("<tbody>")[1]
    assert ("Polly" in by_person, "沈警官" in by_person) == (False, True)
    bad = mia.get("/office/police-readings/?on=soon")
    assert (bad.status_code, "日期请写成" in bad.content.decode()) == (422, True)
    lines = list(csv.reader(StringIO(mia.get("/office/police-readings/csv/").content.decode().lstrip("\ufeff"))))
    assert [(line[1], line[2], line[-1]) for line in lines[1:]] == [
        ("Polly", "人员登记", "1"),
        ("沈警官", "规范条款", "1"),
    ]
    assert [line[3] for line in lines[1:] if line[3].startswith("'")] == []
    record = Record.objects.get(action="register.exported")
    told = (record.company_id, record.actor_id, record.after)
    assert told == (area.cast.company.pk, area.cast.users["mia"].pk, {"register": "readings", "lines": 2})


def test_each_sees_his_own_and_nobody_elses(area: Area, signed_on: As) -> None:
    area.browser.get("/office/clauses/")
    assert "规范条款" in area.browser.get("/police/readings/").content.decode().split("<tbody>")[1]
    assert "还没有查阅记录" in signed_on("polly").get("/police/readings/").content.decode()
    assert signed_on("polly").get("/office/police-readings/").status_code == 403
    assert "还没有查阅记录" in signed_on("sam").get("/office/police-readings/").content.decode()


def test_a_thousand_rows_are_paged(area: Area, signed_on: As, django_assert_max_num_queries: Any) -> None:
    told = {"user_id": 1, "user_name": "沈", "company_id": area.cast.company.pk, "door": "office:clauses"}
    told |= {"permission": "compliance.see", "way": "page", "first_at": NOON, "last_at": NOON}
    Reading.objects.bulk_create(Reading(**told) for _ in range(120))
    mia = signed_on("mia")
    with django_assert_max_num_queries(12):
        first = mia.get("/office/police-readings/").content.decode()
    assert first.split("<tbody>")[1].count("<tr>") == 50
    assert 'rel="next"' in first


def test_every_address_that_the_police_may_open_says_whose_it_is() -> None:
    """What an address names must be known to web/reading_subjects.py, or its reading would be told of every company."""
    open_ones = [
        (name, path)
        for name, path, view in doors()
        if Role.POLICE in PERMISSIONS[view.permission].roles and view.permission not in ABOUT_NOBODY
        if name not in UNTOLD
    ]
    parts = {name: re.findall(r"<\w+:(\w+)>", path) for name, path in open_ones}
    unknown = {
        name for name, named in parts.items() if named and not any(kind_of(one) or one == ITSELF for one in named)
    }
    assert unknown == set()


def test_every_page_call_and_file_that_the_police_may_open_has_words_of_its_own() -> None:
    told = [(name, view.permission) for name, _path, view in doors() if name not in UNTOLD]
    told += [(f"api-1:{call.__name__}", call.permission) for method, _path, call in operations() if method == "GET"]
    theirs = {name for name, row in told if Role.POLICE in PERMISSIONS[row].roles and row not in ABOUT_NOBODY}
    assert theirs - set(DOORS) == set()


def test_what_was_looked_at_is_told_in_words_also_where_a_code_was_kept(area: Area, signed_on: As) -> None:
    pk, by = area.cast.company.pk, area.shen.as_viewer()
    note_reading(Looked("office:plan", "plans.see", Way.PAGE, "plan", "3", "intrusion"), [pk], by=by, at=NOON)
    note_reading(
        Looked("office:company_fact_scan", "company.see", Way.FILE, "fact", "4", "guard_licence"), [pk], by=by, at=NOON
    )
    page = signed_on("mia").get("/office/police-readings/").content.decode().split("<tbody>")[1]
    told = [page.count(word) for word in ("入侵", "保安服务许可证", "intrusion", "guard_licence")]
    assert told == [1, 1, 0, 0]


def test_a_plan_is_called_by_its_title(area: Area) -> None:
    version = add_plan(
        area.cast.company.pk, PlanPlace("hold_up"), "前门被撬", by=area.cast.viewer("leo"), at=NOON, source=""
    )
    area.browser.get(f"/office/plans/{version.plan_id}/")
    assert [row[1:5] for row in rows()] == [("office:plan", "page", "plan", "前门被撬")]


def test_an_anonymous_visit_is_nobodys_reading(area: Area) -> None:
    Client().get("/office/clauses/")
    assert rows() == []
