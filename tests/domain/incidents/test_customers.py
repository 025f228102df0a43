"""Calling, asking and telling customers about a case."""

import re
from datetime import timedelta

import pytest

from lianjing.core.crypto import open_field
from lianjing.core.outbox.models import Message
from lianjing.core.viewer import Forbidden, Link
from lianjing.domain.deliveries.models import Delivery
from lianjing.domain.incidents.actions import (
    close_incident,
    dispose_incident,
    forward_incident,
    take_incident,
    verify_incident,
)
from lianjing.domain.incidents.asking import answer_link, ask_customer, note_link_opened, revoke_link
from lianjing.domain.incidents.calling import record_call
from lianjing.domain.incidents.case_timeline import timeline
from lianjing.domain.incidents.customer_policy import LinkFacts, answer_refusal, link_standing
from lianjing.domain.incidents.customer_side import calls_of, link_page, link_viewer, links_of, report_text
from lianjing.domain.incidents.informing import tell_customer
from lianjing.domain.incidents.models import CallAttempt, ConfirmationLink, CustomerReport, Incident, StepRun
from lianjing.domain.incidents.moving import BadChoice, Missing, Refused
from lianjing.domain.records.models import Record
from lianjing.domain.sites.models import Contact
from tests.cast import NOON, Cast, Sent, alarm

SOON = NOON + timedelta(seconds=30)


@pytest.fixture(autouse=True)
def _connected(settings: object) -> None:
    settings.DELIVERY_MISSING = {"sms": "", "wechat": "LIANJING_WECHAT_WEBHOOK", "email": "", "webhook": ""}
    settings.PUBLIC_URL = "https://desk.example.cn"


def taken(cast: Cast, code: str = "BA") -> Incident:
    case = alarm(Sent(code=code))
    return take_incident(case.pk, by=cast.viewer("olivia"), at=NOON)


def wang(cast: Cast) -> Contact:
    return Contact.objects.get(site=cast.shop, name="Wang")


def asked(cast: Cast, case: Incident, channel: str = "sms") -> tuple[ConfirmationLink, str]:
    """A link and its token, which is nowhere but in the sealed part of the message."""
    from django.conf import settings

    link = ask_customer(case.pk, contact=wang(cast).pk, channel=channel, by=cast.viewer("olivia"), at=SOON)
    address = open_field(settings.ENVIRONMENT.data_key, link.delivery.secret_sealed).decode()
    return link, re.fullmatch(r"https://desk\.example\.cn/c/([\w-]+)/", address)[1]


# Calls


def test_attempts_are_counted_for_each_person_with_times_and_outcome(cast: Cast) -> None:
    case, olivia = taken(cast), cast.viewer("olivia")
    for outcome, seconds in (("no_answer", 20), ("reached", 60)):
        ended = NOON + timedelta(seconds=seconds)
        began = ended - timedelta(seconds=12)
        told = {"contact": wang(cast).pk, "outcome": outcome, "started_at": began, "ended_at": ended}
        record_call(case.pk, **told, by=olivia, at=ended)
    record_call(case.pk, contact="派出所值班", outcome="busy", by=olivia, at=NOON + timedelta(minutes=2))
    lines = calls_of(olivia, case.pk)
    assert [(line.name, line.masked, line.outcome, line.seconds, line.nth) for line in lines] == [
        ("Wang", "100****5678", "no_answer", 12, 1),
        ("Wang", "100****5678", "reached", 12, 2),
        ("派出所值班", "", "busy", 0, 1),
    ]
    assert Record.objects.filter(action="incident.called").first().after == {
        "state": "taken",
        "contact": "Wang",
        "number": "100****5678",
        "direction": "out",
        "outcome": "no_answer",
        "started_at": "2026-11-22T04:00:08.000000+00:00",
        "ended_at": "2026-11-22T04:00:20.000000+00:00",
        "text": "",
    }
    assert [step.words for step in timeline(olivia, case)][-3:] == [
        "致电 Wang：无人接听",
        "致电 Wang：接通",
        "致电 派出所值班：占线",
    ]
    assert calls_of(cast.viewer("sam"), case.pk) == []


def test_a_wrong_person_marks_the_contact_for_checking(cast: Cast) -> None:
    case = taken(cast)
    record_call(case.pk, contact="Wang", outcome="wrong_person", by=cast.viewer("olivia"), at=SOON)
    assert wang(cast).doubted_on.isoformat() == "2026-11-22"
    assert Record.objects.get(action="site.contact_doubted").after["contact"] == "Wang"


@pytest.mark.parametrize(("direction", "seconds"), [("in", 600), ("out", 60)])
def test_a_call_long_before_the_first_signal_is_none_about_this_case(cast: Cast, direction: str, seconds: int) -> None:
    case, olivia = taken(cast), cast.viewer("olivia")
    told = {"contact": "Wang", "outcome": "reached", "direction": direction, "ended_at": SOON}
    began = NOON - timedelta(seconds=seconds)
    with pytest.raises(BadChoice, match="通话早于这件警情") as refused:
        record_call(case.pk, **told, started_at=began - timedelta(seconds=1), by=olivia, at=SOON)
    assert (refused.value.field, CallAttempt.objects.count()) == ("started_at", 0)
    assert record_call(case.pk, **told, started_at=began, by=olivia, at=SOON).direction == direction


def test_a_call_that_cannot_be_is_refused_and_nothing_is_kept(cast: Cast) -> None:
    case, olivia = taken(cast), cast.viewer("olivia")
    banker = Contact.objects.get(site=cast.bank)
    wrong = [
        {"contact": banker.pk, "outcome": "reached"},
        {"contact": "", "outcome": "reached"},
        {"contact": "Wang", "outcome": "shouted"},
        {"contact": "Wang", "outcome": "reached", "started_at": SOON + timedelta(minutes=1)},
        {"contact": "Wang", "outcome": "reached", "ended_at": SOON + timedelta(minutes=1)},
        {"contact": "Wang", "outcome": "reached", "started_at": SOON - timedelta(hours=5)},
        {"contact": "Wang", "outcome": "reached", "note": "x" * 501},
        {"contact": 2**70, "outcome": "reached"},
    ]
    for told in wrong:
        with pytest.raises(BadChoice):
            record_call(case.pk, **told, by=olivia, at=SOON)
    with pytest.raises(Refused):
        record_call(case.pk, contact="Wang", outcome="reached", by=cast.viewer("oscar"), at=SOON)
    with pytest.raises(Forbidden):
        record_call(case.pk, contact="Wang", outcome="reached", by=cast.viewer("polly"), at=SOON)
    with pytest.raises(Missing):
        record_call(case.pk, contact="Wang", outcome="reached", by=cast.viewer("sam"), at=SOON)
    assert CallAttempt.objects.count() == 0


# Links


def test_only_a_digest_of_a_link_is_kept(cast: Cast) -> None:
    link, token = asked(cast, taken(cast))
    stored = str(list(ConfirmationLink.objects.values())) + str(list(Record.objects.values()))
    stored += str(list(Delivery.objects.values())) + str(list(Message.objects.values()))
    assert token not in stored
    assert "10012345678" not in stored
    assert link.delivery.body == (
        "【Harbour Alarm】Corner Shop 12:00 收到入侵报警。请点开确认是否误报：{link} 30 分钟内有效。"
        "如有危险请直接拨打 110。"
    )


def test_a_false_alarm_by_link_is_shown_and_changes_nothing(cast: Cast) -> None:
    case = taken(cast)
    _link, token = asked(cast, case)
    viewer = link_viewer(token)
    assert note_link_opened(token, by=viewer, at=SOON) is True
    assert note_link_opened(token, by=viewer, at=SOON) is False
    before = Incident.objects.filter(pk=case.pk).values().get()
    answer_link(token, "false", by=viewer, at=SOON)
    assert Incident.objects.filter(pk=case.pk).values().get() == before
    olivia = cast.viewer("olivia")
    [line] = links_of(olivia, case, SOON)
    assert (line.standing, line.answer) == ("answered", "false")
    assert [(step.actor, step.words) for step in timeline(olivia, case)][-2:] == [
        ("客户", "Wang 打开了确认链接"),
        ("客户", "客户 Wang 答复：误报"),
    ]


def test_help_raises_the_case_to_the_top_with_a_tone(cast: Cast) -> None:
    case = taken(cast)
    _link, token = asked(cast, case)
    later = SOON + timedelta(minutes=1)
    answer_link(token, "help", by=link_viewer(token), at=later)
    case.refresh_from_db()
    assert (case.grade, case.acknowledged, case.attention_at) == (1, False, later)
    assert (case.confirmed_at, case.verified_outcome, case.state) == (later, "real", "taken")
    assert case.reasons[-1] == "12:01:30 客户 Wang 在确认链接中求助；升为一级。"
    news = Message.objects.get(topic="incident.customer_answered")
    assert news.payload == {"incident": case.pk, "grade": 1, "alarm": True}


def test_help_opens_a_closed_case_again_and_nothing_else_does(cast: Cast) -> None:
    case, olivia = taken(cast), cast.viewer("olivia")
    _link, token = asked(cast, case)
    verify_incident(case.pk, how="call", outcome="false", by=olivia, at=SOON)
    dispose_incident(case.pk, result="human_false", cause="cleaner", by=olivia, at=SOON)
    close_incident(case.pk, by=olivia, at=SOON)
    viewer = link_viewer(token)
    for answer in ("real", "false"):
        with pytest.raises(Refused):
            answer_link(token, answer, by=viewer, at=SOON)
    answer_link(token, "help", by=viewer, at=SOON)
    case.refresh_from_db()
    assert (case.state, case.grade, case.holder, case.disposition) == ("open", 1, None, "")
    assert Record.objects.get(action="incident.reopened").before == {"grade": 2, "state": "closed"}


def test_a_closed_case_that_help_opens_is_led_through_everything_again(cast: Cast) -> None:
    case, told = taken(cast), {"by": cast.viewer("olivia"), "at": SOON}
    _link, token = asked(cast, case)
    verify_incident(case.pk, how="call", outcome="false", **told)
    repair = {"repair": True, "repair_text": "loose magnet"}
    dispose_incident(case.pk, result="device_false", kind="detector", **repair, **told)
    close_incident(case.pk, **told)
    answer_link(token, "help", by=link_viewer(token), at=SOON)
    case.refresh_from_db()
    assert StepRun.objects.filter(run__incident=case, undone_at=None).count() == 0
    assert (case.cause_kind, case.cause, case.repair_wanted, case.repair_text) == ("", "", False, "")
    assert (case.disposed_at, case.disposed_by, case.closed_at, case.joinable) == (None, None, None, True)
    assert (case.verified_how, case.verified_outcome) == ("platform", "real")
    assert case.times.closed_at is None


def test_help_takes_back_what_was_decided_of_a_case_that_is_not_closed_yet(cast: Cast) -> None:
    case, told = taken(cast), {"by": cast.viewer("olivia"), "at": SOON}
    _link, token = asked(cast, case)
    verify_incident(case.pk, how="call", outcome="false", **told)
    dispose_incident(case.pk, result="device_false", kind="detector", repair=True, **told)
    answer_link(token, "help", by=link_viewer(token), at=SOON)
    case.refresh_from_db()
    assert (case.state, case.cause_kind, case.repair_wanted, case.disposed_at) == ("verified", "", False, None)


def test_nobody_answers_twice_but_anybody_can_still_call_for_help(cast: Cast) -> None:
    case = taken(cast)
    _link, token = asked(cast, case)
    viewer = link_viewer(token)
    answer_link(token, "false", by=viewer, at=SOON)
    with pytest.raises(Refused):
        answer_link(token, "real", by=viewer, at=SOON)
    answer_link(token, "help", by=viewer, at=SOON)
    with pytest.raises(Refused):
        answer_link(token, "help", by=viewer, at=SOON)


def test_a_link_opens_nothing_for_a_stranger_or_after_its_end(cast: Cast) -> None:
    case, olivia = taken(cast), cast.viewer("olivia")
    link, token = asked(cast, case)
    strangers = (Link("incident:999"), cast.viewer("ada"), olivia)
    for stranger in strangers:
        with pytest.raises(Missing):
            answer_link(token, "real", by=stranger, at=SOON)
        assert link_page(stranger, token, SOON) is None
    assert link_viewer("made-up") is None
    with pytest.raises(Refused):
        answer_link(token, "help", by=link_viewer(token), at=link.expires_at)
    _again, newer = asked(cast, case)
    with pytest.raises(Refused):
        answer_link(token, "real", by=link_viewer(token), at=SOON)
    revoke_link(case.pk, link_id=_again.pk, by=olivia, at=SOON)
    with pytest.raises(Refused):
        answer_link(newer, "help", by=link_viewer(newer), at=SOON)


def test_no_link_for_a_hold_up_nor_while_the_site_has_one(cast: Cast) -> None:
    burglary = taken(cast)
    hold_up = taken(cast, code="PA")
    for case in (burglary, hold_up):
        with pytest.raises(Refused):
            asked(cast, case)
    assert ConfirmationLink.objects.count() == Delivery.objects.count() == 0


def test_a_way_that_is_not_connected_or_has_no_address_is_refused_with_the_reason(cast: Cast, settings: object) -> None:
    case = taken(cast)
    with pytest.raises(BadChoice, match="LIANJING_WECHAT_WEBHOOK"):
        asked(cast, case, "wechat")
    with pytest.raises(BadChoice, match="没有可用的地址"):
        asked(cast, case, "email")
    settings.PUBLIC_URL = ""
    with pytest.raises(Refused, match="LIANJING_PUBLIC_URL"):
        asked(cast, case)


@pytest.mark.parametrize(
    ("revoked", "minutes", "closed", "answer", "standing", "refused"),
    [
        (False, 0, False, "", "open", {"real": "", "false": "", "help": ""}),
        (False, 0, False, "false", "answered", {"real": "您已答复过了。", "false": "您已答复过了。", "help": ""}),
        (False, 0, True, "", "ended", {"real": "这件警情已处理完毕。", "false": "这件警情已处理完毕。", "help": ""}),
        (False, 30, False, "", "expired", dict.fromkeys(("real", "false", "help"), "链接已失效。")),
        (True, 0, False, "", "revoked", dict.fromkeys(("real", "false", "help"), "链接已失效。")),
    ],
)
def test_what_a_link_can_still_say(
    revoked: bool, minutes: int, closed: bool, answer: str, standing: str, refused: dict[str, str]
) -> None:
    at = NOON + timedelta(minutes=minutes)
    facts = LinkFacts(NOON + timedelta(minutes=30), revoked, answer, closed)
    assert link_standing(facts, at) == standing
    assert {each: answer_refusal(facts, each, at) for each in refused} == refused


# Reports


def test_a_report_is_written_from_the_case_and_kept_for_each_who_was_told(cast: Cast) -> None:
    case, olivia = taken(cast), cast.viewer("olivia")
    verify_incident(case.pk, how="call", outcome="false", by=olivia, at=SOON)
    case = dispose_incident(case.pk, result="human_false", cause="保洁误入", by=olivia, at=SOON)
    text = report_text(olivia, case, timeline(olivia, case))
    assert text == (
        "您好，这里是Harbour Alarm接警中心。11 月 22 日 12:00:00，Corner Shop（1 Corner Shop Road）收到入侵报警"
        "（front door）。经电话复核：误报。处置结果：人为误报，保洁误入。"
    )
    told = {"text": text, "by": olivia, "at": SOON}
    tell_customer(case.pk, contacts=[wang(cast).pk, "物业李工"], channel="phone", **told)
    [by_sms] = tell_customer(case.pk, contacts=["Wang"], channel="sms", **told)
    kept = CustomerReport.objects.order_by("pk").values_list("name", "channel", "text", "delivery_id")
    assert list(kept) == [
        ("Wang", "phone", text, None),
        ("物业李工", "phone", text, None),
        ("Wang", "sms", text, by_sms.delivery_id),
    ]
    assert Delivery.objects.get().body == text
    assert Record.objects.filter(action="incident.customer_told").count() == 3


def test_of_several_all_are_told_or_none(cast: Cast) -> None:
    case, olivia = taken(cast), cast.viewer("olivia")
    with pytest.raises(BadChoice):
        tell_customer(case.pk, contacts=["Wang", "nobody"], channel="sms", text="…", by=olivia, at=SOON)
    with pytest.raises(BadChoice):
        tell_customer(case.pk, contacts=[], channel="phone", text="…", by=olivia, at=SOON)
    assert CustomerReport.objects.count() == Delivery.objects.count() == 0


def test_a_hold_up_is_told_by_telephone_only_until_it_is_disposed_of(cast: Cast) -> None:
    case, olivia = taken(cast, code="PA"), cast.viewer("olivia")
    told = {"contacts": ["Wang"], "text": "…", "by": olivia, "at": SOON}
    with pytest.raises(Refused):
        tell_customer(case.pk, channel="sms", **told)
    tell_customer(case.pk, channel="phone", **told)
    forward_incident(case.pk, to="110", by=olivia, at=SOON)
    verify_incident(case.pk, how="video", outcome="false", by=olivia, at=SOON)
    dispose_incident(case.pk, result="human_false", cause="pressed by mistake", by=olivia, at=SOON)
    tell_customer(case.pk, channel="sms", **told)
    assert [report.channel for report in CustomerReport.objects.order_by("pk")] == ["phone", "sms"]
