"""Working the queue through the pages: hold, hand-over, duty, drafts, escalation, what breaks through."""

import json
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from lianjing.domain.incidents.actions import take_incident
from lianjing.domain.incidents.models import Draft, Incident
from lianjing.domain.people.duties import sign_on_duty
from lianjing.domain.people.models import Duty, Membership
from lianjing.terms.roles import Role
from lianjing.web.console.surroundings import live_parts, situation
from tests.cast import NOON, Cast, Sent, alarm, make_site
from tests.web.console.conftest import As

HTMX = {"HTTP_HX_REQUEST": "true"}


@pytest.fixture
def case(cast: Cast) -> Incident:
    """Olivia's."""
    return take_incident(alarm(Sent(at=timezone.now())).pk, by=cast.viewer("olivia"), at=timezone.now())


@pytest.fixture
def olivia(signed_on: As) -> Client:
    return signed_on("olivia")


def fresh(case: Incident) -> Incident:
    return Incident.objects.get(pk=case.pk)


def page_of(client: Client, path: str) -> str:
    answer = client.get(path)
    assert answer.status_code == 200
    return answer.content.decode()


def test_a_case_is_put_off_shown_so_and_gone_on_with(case: Incident, olivia: Client) -> None:
    form = {"lasts": "15", "reason": "owner calls back", "return_level": "0"}
    answer = olivia.post(f"/incidents/{case.pk}/hold/", form, **HTMX)
    page = answer.content.decode()
    assert (answer.status_code, "挂起至" in page, "owner calls back" in page) == (200, True, True)
    assert fresh(case).return_level == 6
    queue = page_of(olivia, "/")
    assert ("data-held-until=" in queue, "挂起 <b>1</b>" in queue) == (True, True)
    assert olivia.post(f"/incidents/{case.pk}/wake/").status_code == 302
    assert "挂起到时" in page_of(olivia, f"/incidents/{case.pk}/")


def test_a_hold_without_a_time_is_refused_and_keeps_what_was_typed(case: Incident, olivia: Client) -> None:
    answer = olivia.post(f"/incidents/{case.pk}/hold/", {"reason": "lunch", "return_level": "7"}, **HTMX)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert ("请选择挂起多久" in page, "lunch" in page) == (True, True)


def test_until_an_instant_of_the_centres_day(case: Incident, olivia: Client) -> None:
    until = timezone.localtime() + timedelta(hours=2)
    form = {"until": f"{until:%Y-%m-%dT%H:%M}", "reason": "shop opens", "return_level": "8"}
    assert olivia.post(f"/incidents/{case.pk}/hold/", form).status_code == 302
    held = fresh(case)
    assert (timezone.localtime(held.held_until).hour, held.return_level) == (until.hour, 8)


def test_a_case_is_handed_to_a_colleague_who_sees_it_everywhere(
    case: Incident, cast: Cast, olivia: Client, signed_on: As
) -> None:
    assert "现在没有别人为本单位值班" in page_of(olivia, f"/incidents/{case.pk}/")
    sign_on_duty(cast.company.pk, by=cast.viewer("oscar"), at=timezone.now())
    assert 'value="oscar"' in page_of(olivia, f"/incidents/{case.pk}/")
    assert olivia.post(f"/incidents/{case.pk}/offer/", {"to": "oscar"}).status_code == 302
    oscar = signed_on("oscar")
    for path in ("/tests/", "/queue/offers/"):
        assert "Olivia 请您接手" in page_of(oscar, path)
    assert "请您接手" not in page_of(signed_on("leo"), "/tests/")
    assert oscar.post(f"/incidents/{case.pk}/accept/").status_code == 302
    assert fresh(case).holder == cast.users["oscar"]


def test_who_is_not_on_duty_cannot_be_asked(case: Incident, cast: Cast, olivia: Client) -> None:
    sign_on_duty(cast.company.pk, by=cast.viewer("oscar"), at=timezone.now())
    answer = olivia.post(f"/incidents/{case.pk}/offer/", {"to": "leo"}, **HTMX)
    assert (answer.status_code, "请选择一位正在值班的同事" in answer.content.decode()) == (422, True)


def test_one_signs_on_at_a_desk_and_off_when_no_case_is_left(case: Incident, cast: Cast, olivia: Client) -> None:
    own = {"desk": "1 号席", "company": str(cast.company.pk)}
    assert olivia.post("/duty/", own).status_code == 302
    page = page_of(olivia, "/duty/")
    assert ("为Harbour Alarm值班" in page, "1 号席" in page, "Corner Shop" in page) == (True, True, True)
    refused = olivia.post("/duty/leave/")
    assert (refused.status_code, f"您名下还有警情 #{case.pk}" in refused.content.decode()) == (409, True)
    olivia.post(f"/incidents/{case.pk}/release/")
    assert olivia.post("/duty/leave/").status_code == 302
    assert "您没有在值班" in page_of(olivia, "/duty/")


def test_duty_is_for_those_of_the_company(cast: Cast, signed_on: As) -> None:
    other = {"desk": "", "company": str(cast.other.pk)}
    assert signed_on("olivia").post("/duty/", other).status_code == 422
    Membership.objects.create(user=cast.users["olivia"], company=cast.other, role=Role.GUARD)
    assert signed_on("olivia").post("/duty/", other).status_code == 422
    assert signed_on("mia").get("/duty/").status_code == 403
    assert Duty.objects.count() == 0


def send_draft(client: Client, case: Incident, form: str, values: dict[str, str]) -> int:
    sent = json.dumps({"form": form, "values": values})
    return client.post(f"/incidents/{case.pk}/draft/", sent, content_type="application/json").status_code


def test_a_draft_comes_back_and_is_shown_to_who_has_the_case_next(
    case: Incident, cast: Cast, olivia: Client, signed_on: As
) -> None:
    assert send_draft(olivia, case, "verify", {"how": "call", "note": "voices inside", "extra": "x"}) == 204
    assert Draft.objects.get().values == {"how": "call", "note": "voices inside"}
    assert 'data-kept="verify"' in page_of(olivia, f"/incidents/{case.pk}/")
    oscar = signed_on("oscar")
    assert "voices inside" not in page_of(oscar, f"/incidents/{case.pk}/")
    olivia.post(f"/incidents/{case.pk}/release/")
    oscar.post(f"/incidents/{case.pk}/take/")
    page = page_of(oscar, f"/incidents/{case.pk}/")
    assert ("Olivia 未提交的草稿" in page, "电话，voices inside" in page) == (True, True)


def test_a_draft_that_was_taken_over_ends_with_the_form_it_went_into(
    case: Incident, cast: Cast, olivia: Client, signed_on: As
) -> None:
    send_draft(olivia, case, "note", {"text": "voices"})
    olivia.post(f"/incidents/{case.pk}/release/")
    oscar = signed_on("oscar")
    oscar.post(f"/incidents/{case.pk}/take/")
    oscar.post(f"/incidents/{case.pk}/note/", {"text": "voices inside", "adopted": str(Draft.objects.get().pk)})
    assert Draft.objects.count() == 0


def test_a_draft_ends_when_its_form_is_sent(case: Incident, olivia: Client) -> None:
    send_draft(olivia, case, "note", {"text": "half a sen"})
    olivia.post(f"/incidents/{case.pk}/note/", {"text": "half a sentence"})
    assert Draft.objects.count() == 0


def test_what_was_typed_at_a_step_of_the_plan_outlives_the_browser(
    case: Incident, olivia: Client, signed_on: As
) -> None:
    assert send_draft(olivia, case, "step:watch", {"outcome": "person", "note": "two men", "word": "rose"}) == 204
    assert Draft.objects.get().values == {"outcome": "person", "note": "two men"}, "a word that was said is no draft"
    assert 'data-kept="step:watch"' in page_of(olivia, f"/incidents/{case.pk}/")
    olivia.post(f"/incidents/{case.pk}/release/")
    oscar = signed_on("oscar")
    oscar.post(f"/incidents/{case.pk}/take/")
    page = page_of(oscar, f"/incidents/{case.pk}/")
    assert ("看现场图像" in page, "看到可疑人员，two men" in page, 'data-adopts="step:watch"' in page) == (True,) * 3
    oscar.post(f"/incidents/{case.pk}/step/", {"step": "watch", "outcome": "nobody"})
    page = page_of(oscar, f"/incidents/{case.pk}/")
    assert ("two men" in page, 'data-adopts="step:watch"' in page) == (True, False), "its step is done"


def test_a_report_to_the_customer_half_written_and_a_note_of_a_call_are_kept(case: Incident, olivia: Client) -> None:
    assert send_draft(olivia, case, "tell", {"text": "Dear Mr Wang"}) == 204
    assert send_draft(olivia, case, "call:17", {"note": "rings"}) == 204
    page = page_of(olivia, f"/incidents/{case.pk}/")
    assert ('data-kept="tell"' in page, 'data-kept="call:17"' in page) == (True, True)
    sent = {"contact": "Wang", "outcome": "busy", "draft": "call:17"}
    assert olivia.post(f"/incidents/{case.pk}/call/", sent).status_code == 302
    assert Draft.objects.get().form == "tell"


def test_what_is_no_draft_is_not_kept(case: Incident, olivia: Client, signed_on: As) -> None:
    assert send_draft(olivia, case, "word", {"word": "1234"}) == 400
    assert send_draft(olivia, case, "note", {"text": "x" * 3000}) == 422
    assert send_draft(olivia, case, "step:" + "x" * 40, {"note": "x"}) == 400
    assert olivia.post(f"/incidents/{case.pk}/draft/", "[", content_type="application/json").status_code == 400
    assert send_draft(signed_on("sam"), case, "note", {"text": "x"}) == 404
    assert send_draft(signed_on("mia"), case, "note", {"text": "x"}) == 403
    assert Draft.objects.count() == 0


def test_a_case_names_the_other_open_cases_of_its_site(case: Incident, signed_on: As) -> None:
    other = alarm(Sent(code="TA"))
    page = page_of(signed_on("oscar"), f"/incidents/{other.pk}/")
    assert ("该场所其他未结警情 1" in page, f'href="/incidents/{case.pk}/"' in page) == (True, True)
    assert "本场所另有警情由 Olivia 处理" in page


def test_a_hold_up_breaks_through_on_every_page_until_somebody_has_looked(cast: Cast, signed_on: As) -> None:
    hold_up = alarm(Sent(code="HA"))
    alarm(Sent(account="1002"))
    leo = signed_on("leo")
    for path in ("/", "/tests/", "/accounting/", "/duty/"):
        page = page_of(leo, path)
        assert page.count('class="breaking-row') == 1
        assert f'href="/incidents/{hold_up.pk}/" id="breaking-first"' in page.replace(f' data-id="{hold_up.pk}"', "")
    leo.post(f"/incidents/{hold_up.pk}/take/")
    assert "breaking-row" not in page_of(leo, "/tests/")


def test_the_last_of_many_hold_ups_is_never_hidden_and_the_others_are_counted(cast: Cast, signed_on: As) -> None:
    for number in range(6):
        make_site(cast.company, f"Shop {number}", f"30{number:02d}")
        last = alarm(Sent(account=f"30{number:02d}", code="HA", at=NOON + timedelta(minutes=number)))
    page = page_of(signed_on("leo"), "/tests/")
    assert page.count('class="breaking-row g1"') == 4
    assert (f'data-id="{last.pk}"' in page, "另有 2 起紧急或火警无人反应" in page) == (True, True)


def test_what_breaks_through_is_said_in_the_language_of_its_reader(cast: Cast) -> None:
    alarm(Sent(code="HA"))
    seen = situation(cast.viewer("leo"), NOON)
    said = {language: "紧急" in live_parts(seen, language)["breaking"] for language in ("en", "zh-hans")}
    assert said == {"en": False, "zh-hans": True}


def test_what_nobody_reacts_to_stands_before_leaders_and_on_the_managers_telephone(cast: Cast, signed_on: As) -> None:
    case = alarm()
    Incident.objects.filter(pk=case.pk).update(escalated_to="leader")
    assert "无人反应，已升级" in page_of(signed_on("leo"), "/tests/")
    assert 'class="banner escalated"' not in page_of(signed_on("olivia"), "/tests/")
    assert "没有无人反应的警情" in page_of(signed_on("mia"), "/escalated/?part")
    assert "Corner Shop" in page_of(signed_on("leo"), "/escalated/?part")
    Incident.objects.filter(pk=case.pk).update(escalated_to="manager")
    page = page_of(signed_on("mia"), "/escalated/")
    assert ("已升级到经理" in page, f'href="/incidents/{case.pk}/"' in page) == (True, True)
    assert "Corner Shop" not in page_of(signed_on("sam"), "/escalated/?part")
    assert signed_on("olivia").get("/escalated/").status_code == 403
