"""The work-list: each line leads to the form that settles it."""

import re
from datetime import date, timedelta
from typing import Any

from django.utils import timezone

from lianjing.domain.people.fact_policy import NewFact
from lianjing.domain.records.models import Record
from lianjing.terms.staffing import StaffFactKind as Kind
from tests.cast import Cast
from tests.domain.facilities.equipped import certified, piece
from tests.domain.facilities.rooms import centre, measured
from tests.staff import HIRED, put_on_file
from tests.web.conftest import As


def text(answer: Any) -> str:
    return str(answer.content.decode())


def test_each_line_of_the_work_list_leads_to_the_form_that_settles_it(cast: Cast, signed_on: As) -> None:
    over = NewFact(Kind.HEALTH, "passed", HIRED, date(2026, 3, 1))
    member = put_on_file(cast, "001", without=(Kind.HEALTH, Kind.POLICE_EXAM), more=(over,))
    put_on_file(cast, "002", more=(NewFact(Kind.BAR, "crime"),))
    health = member.facts.get(kind="health")
    page = text(signed_on("mia").get("/office/worklist/"))
    form = f"/office/people/{member.pk}/facts/new/?kind="
    assert f'href="{form}health&amp;from={health.pk}">登记新的</a>' in page
    assert f'href="{form}police_exam">登记</a>' in page
    assert re.findall(r'class="segments dues".*?</nav>', page, re.S)[0].count("<b") == 8
    assert "✕ 不得上岗" in page
    assert "健康证明已于 2026-03-01 到期。" in page
    only = text(signed_on("mia").get("/office/worklist/?tab=missing&kind=police_exam"))
    assert ("没有公安机关考试。" in only, "健康证明已于" in only) == (True, False)
    leader = text(signed_on("leo").get("/office/worklist/"))
    assert ("facts/new" in leader, "✕ 不得上岗" in leader, f'href="/office/people/{member.pk}/"' in leader) == (
        False,
        False,
        True,
    )


def test_an_empty_work_list_says_that_all_is_well(cast: Cast, signed_on: As) -> None:
    assert "没有待办" in text(signed_on("mia").get("/office/worklist/?tab=nonsense&after=x"))
    assert "这里没有待办。" in text(signed_on("mia").get("/office/worklist/?tab=over"))


def test_equipment_and_premises_that_are_due_stand_beside_it_for_whoever_sees_them(cast: Cast, signed_on: As) -> None:
    today = timezone.localdate()
    one = piece(cast)
    certified(cast, one, valid_until=today - timedelta(days=2))
    hall = centre(cast)
    measured(cast, hall, "380", quantity="supply_voltage", unit="V", valid_until=today + timedelta(days=1))
    page = text(signed_on("mia").get("/office/worklist/"))
    for said in ("✕ 已过期 2 天", "◐ 还有 1 天", f'href="/office/inventory/{one.pk}/certificates/new/"'):
        assert said in page
    assert f'href="/office/premises/places/{hall.pk}/values/new/?quantity=supply_voltage"' in page
    assert 'id="facilities"' not in text(signed_on("sam").get("/office/worklist/"))


def test_the_manager_sets_rhythm_periods_and_his_own_address(cast: Cast, signed_on: As) -> None:
    mia, url = signed_on("mia"), f"/office/worklist/{cast.company.pk}/settings/"
    told = {"digest": "daily", "weekday": "1", "hour": "7", "appraisal_months": "6", "training_months": "0"}
    refused = mia.post(url, told | {"hour": "24", "source": "Kept"})
    assert (refused.status_code, "应在 0 到 23 之间。" in text(refused), "Kept" in text(refused)) == (422, True, True)
    assert mia.post(url, told | {"source": "考核制度"}).status_code == 302
    page = text(mia.get("/office/worklist/"))
    for said in ("每天 7 点发邮件", "考核 6 个月、培训 0 个月后提示", "考核制度"):
        assert said in page
    assert mia.post("/office/worklist/email/", {"email": "mia at home"}).status_code == 422
    assert mia.post("/office/worklist/email/", {"email": "mia@example.cn"}).status_code == 302
    cast.users["mia"].refresh_from_db()
    assert cast.users["mia"].email == "mia@example.cn"
    record = Record.objects.get(action="user.email_set")
    assert record.after == {"user": "mia", "email": "changed"}
    assert signed_on("leo").get(url).status_code == 403
