"""The plan on the page of a case: one key for the next step, silence where somebody may be under threat."""

import re

import pytest
from django.test import Client

from lianjing.domain.incidents.models import Incident, StepRun
from lianjing.domain.sites.actions.sites import add_note
from lianjing.domain.sites.models import Contact
from lianjing.domain.sites.word_digests import digest_of
from tests.cast import NOON, Cast, Sent, alarm, journal
from tests.web.console.conftest import As

RIGHT, DURESS = "sunflower", "red rose"


@pytest.fixture
def olivia(signed_on: As) -> Client:
    return signed_on("olivia")


def post(client: Client, case: Incident, move: str, **form: str) -> tuple[int, str]:
    answer = client.post(f"/incidents/{case.pk}/{move}/", form, HTTP_HX_REQUEST="true")
    return answer.status_code, answer.content.decode()


def taken(client: Client, sent: Sent | None = None) -> tuple[Incident, str]:
    case = alarm(sent)
    return case, post(client, case, "take")[1]


def now(page: str) -> str:
    """The title of the step that is due."""
    found = re.search(r'aria-current="step".*?</i> (.*?)</b>', page, re.S)
    return found[1] if found else ""


def state_words(page: str) -> list[str]:
    return re.findall(r'<span class="standing">(?:<span class="key">D</span>)?(\w+)', page)


def test_the_plan_stands_on_the_page_with_a_word_for_every_step(cast: Cast, olivia: Client) -> None:
    case, page = taken(olivia)
    assert "处置预案 · 入侵" in page
    assert "模板，未批准" in page
    assert now(page) == "看现场图像"
    post(olivia, case, "step", step="watch", outcome="skipped")
    _, page = post(olivia, case, "step", step="call", outcome="no_answer")
    assert state_words(page) == ["跳过", "完成", "不适用", "现在", *["待做"] * 3, *["不适用"] * 3, "待做"]


def test_a_step_with_one_outcome_is_done_by_its_key_alone(cast: Cast, olivia: Client) -> None:
    case, page = taken(olivia, Sent(code="HA"))
    assert 'data-opens="step"' not in page
    assert '<input type="hidden" name="step" value="police"><input type="hidden" name="outcome" value="done">' in page
    status, page = post(olivia, case, "step", step="police", outcome="done")
    assert (status, now(page), Incident.objects.get().forwarded_to) == (200, "派巡逻在外围待命", "110")


def test_what_the_plan_refuses_is_a_sentence_and_nothing_is_lost(cast: Cast, olivia: Client) -> None:
    case, _ = taken(olivia)
    status, page = post(olivia, case, "step", step="watch", outcome="asleep", note="typed here")
    assert (status, "请选择一项" in page, "typed here" in page) == (422, True, True)
    status, page = post(olivia, case, "step", step="dance", outcome="done")
    assert (status, "预案里没有步骤“dance”。" in page) == (422, True)
    status, page = post(olivia, case, "dispose", result="real", cause="x")
    assert status == 409
    post(olivia, case, "verify", how="call", outcome="real")
    status, page = post(olivia, case, "dispose", result="real", cause="thief")
    assert (status, "警情经复核属实，应立即报告 110" in page, "thief" in page) == (409, True, True)
    post(olivia, case, "waive_police", reason="police_there")
    post(olivia, case, "reopen_step", step="police")
    status, page = post(olivia, case, "dispose", result="real", cause="thief")
    assert (status, "必做步骤“报 110”还没有完成（差 1 步）。" in page, "thief" in page) == (409, True, True)
    assert 'data-why="必做步骤“报 110”还没有完成（差 1 步）。"' in page


def test_the_step_before_can_be_taken_back(cast: Cast, olivia: Client) -> None:
    case, _ = taken(olivia)
    post(olivia, case, "step", step="watch", outcome="nobody")
    _, page = post(olivia, case, "reopen_step", step="watch")
    assert (now(page), StepRun.objects.get().undone_at is not None) == ("看现场图像", True)
    assert post(olivia, case, "reopen_step", step="dance")[0] == 422


# Silence


def with_words(cast: Cast, client: Client) -> Incident:
    Contact.objects.filter(site=cast.shop).update(pass_word=digest_of(RIGHT), duress_word=digest_of(DURESS))
    case, _ = taken(client)
    post(client, case, "step", step="watch", outcome="nobody")
    post(client, case, "step", step="call", outcome="reached")
    return case


@pytest.mark.parametrize("word", [RIGHT, DURESS])
def test_a_duress_word_is_answered_like_the_right_one(cast: Cast, olivia: Client, word: str) -> None:
    case = with_words(cast, olivia)
    _, answer = post(olivia, case, "word", word=word)
    assert re.search(r'<p class="word-answer.*?</p>', answer)[0] == (  # type: ignore[index]
        '<p class="word-answer ok" role="alert">✓ 口令已核对：是 Wang 的口令。</p>'
    )
    assert word not in answer


def test_after_a_duress_word_the_page_names_no_duress_and_the_plan_is_silent(cast: Cast, olivia: Client) -> None:
    case = with_words(cast, olivia)
    _, page = post(olivia, case, "step", step="word", word=DURESS)
    assert now(page) == "照常道别，随后报 110"
    assert "口令已核对" in page
    forms = re.compile(r'<div class="moves" data-block="moves">.*?</main>', re.S)
    assert "胁迫" not in forms.sub("", page)  # a form offers it among the outcomes of any case
    assert DURESS not in page
    assert ("tel:" in page, "不要致电现场" in page) == (False, True)


def test_a_word_that_could_not_be_checked_is_said_beside_its_field(cast: Cast, olivia: Client) -> None:
    case = with_words(cast, olivia)
    for _ in range(10):
        status, page = post(olivia, case, "step", step="word", word="rubbish")
        post(olivia, case, "reopen_step", step="word")
    assert (status, "请班长处理" in page, 'value="rubbish"' in page) == (422, True, False)


def test_a_hold_up_shows_no_number_to_dial_until_somebody_has_looked(cast: Cast, olivia: Client) -> None:
    case, page = taken(olivia, Sent(code="HA"))
    assert ("tel:" in page, "不要致电现场" in page) == (False, True)
    post(olivia, case, "step", step="police", outcome="done")
    _, page = post(olivia, case, "step", step="seen", outcome="false")
    assert ("tel:" in page, "不要致电现场" in page) == (True, False)


# Round about


def test_a_notice_that_must_be_read_is_the_next_thing(cast: Cast, olivia: Client) -> None:
    add_note(cast.shop.pk, "the dog bites", None, must_acknowledge=True, by=cast.viewer("leo"), at=NOON)
    case, page = taken(olivia)
    assert re.search(r'id="do-read_notices" class="go"', page)
    assert post(olivia, case, "step", step="watch", outcome="nobody")[0] == 409
    status, page = post(olivia, case, "read_notices")
    assert (status, "须先确认的提示" in page, "the dog bites" in page) == (200, False, True)


def test_the_page_tells_who_armed_what_else_is_open_and_where_it_is(cast: Cast, olivia: Client) -> None:
    cast.shop.longitude, cast.shop.latitude = 120.58, 30.01
    cast.shop.save()
    journal(Sent(code="CL", zone="001"))
    alarm(Sent(code="YT", zone="000"))
    _, page = taken(olivia)
    assert "■ 布防" in page
    assert "该场所其他未结警情 1" in page
    assert 'data-east="120.58" data-north="30.01"' in page
