"""Handing a case over to 110, 119 or 120: what is told, what they answer, and what cannot be skipped."""

from datetime import timedelta
from typing import Any

import pytest

from lianjing.core.outbox.models import Message
from lianjing.core.viewer import Forbidden
from lianjing.domain.deliveries.models import Delivery
from lianjing.domain.incidents import actions
from lianjing.domain.incidents import police_reporting as police
from lianjing.domain.incidents.models import Incident, PoliceNotice, PoliceWaiver
from lianjing.domain.incidents.moving import BadChoice, Missing, Refused
from lianjing.domain.incidents.police_notices import duty_lines, notices_of
from lianjing.domain.records.models import Record
from lianjing.domain.sites.models import Drawing, Zone
from lianjing.project.environment import BadSetting, Environment
from tests.cast import NOON, Cast, Sent, alarm

WAYS = {"how": "call", "outcome": "false"}


def taken(cast: Cast, sent: Sent | None = None, who: str = "olivia") -> tuple[Incident, dict[str, Any]]:
    by = {"by": cast.viewer(who), "at": NOON, "source": "10.0.0.5"}
    case = alarm(sent)
    actions.take_incident(case.pk, **by)
    return case, by


def confirmed(cast: Cast) -> tuple[Incident, dict[str, Any]]:
    """Two zones of different principle have alarmed."""
    alarm()
    return taken(cast, Sent(zone="004", at=NOON + timedelta(seconds=30)))


def notice_of(case: Incident) -> PoliceNotice:
    return PoliceNotice.objects.get(incident=case)


def topics(case: Incident) -> list[str]:
    rows = Record.objects.filter(subject_type="incident", subject_id=case.pk, action__startswith="incident.police")
    return list(rows.order_by("pk").values_list("action", flat=True))


def test_a_hand_over_goes_from_prepared_to_closed_and_every_step_is_recorded_and_told(cast: Cast) -> None:
    case, by = taken(cast)
    police.prepare_notice(case.pk, **by)
    police.send_notice(case.pk, **by)
    police.accept_notice(case.pk, number="0311-7", **by)
    police.note_police_dispatched(case.pk, **by)
    police.note_police_arrived(case.pk, **by)
    after = police.note_police_closed(case.pk, note="two arrested", **by)
    notice = notice_of(case)
    assert (after.state, after.forwarded_to, after.police_told) == ("forwarded", "110", ["110"])
    assert (notice.state, notice.number, notice.note) == ("closed", "0311-7", "two arrested")
    instants = [notice.sent_at, notice.accepted_at, notice.dispatched_at, notice.arrived_at, notice.closed_at]
    assert instants == [NOON] * 5
    steps = ["prepared", "sent", "accepted", "dispatched", "arrived", "closed"]
    assert topics(case) == [f"incident.police_{step}" for step in steps]
    told = Message.objects.filter(topic__startswith="incident.police").order_by("pk")
    assert [message.payload for message in told] == [{"incident": case.pk}] * 6


def test_the_message_says_what_where_and_whom_to_ring_in_plain_chinese(cast: Cast) -> None:
    cast.shop.longitude, cast.shop.latitude, cast.shop.access_notes = 120.5785, 30.0121, "back door。"
    cast.shop.police_station, cast.shop.is_key_site = "Fushan", True
    cast.shop.save()
    floor = Drawing.objects.create(site=cast.shop, name="一层", width=10, height=10, added_at=NOON)
    Zone.objects.filter(number="4", panel__site=cast.shop).update(drawing=floor)
    case, by = confirmed(cast)
    police.prepare_notice(case.pk, **by)
    assert notice_of(case).message.splitlines() == [
        "何事：入侵报警（两处探测相互印证）",
        "时间：2026年11月22日 12:00:00",
        "单位：Corner Shop（治安重点单位）",
        "地址：1 Corner Shop Road",
        "楼层：一层",
        "报警位置：3 front door、4 hall",
        "复核：front door 12:00:00 与hall 12:00:30，不同探测原理",
        "现场联系人：Wang（owner）10012345678",
        "进入方法：back door",
        "坐标：WGS-84 东经 120.578500，北纬 30.012100；GCJ-02（高德、腾讯）东经 120.582582，北纬 30.009466",
        "辖区派出所：Fushan",
        "报警单位：Harbour Alarm",
        f"本单位警情编号：{case.pk}",
    ]


def test_a_record_holds_the_digest_of_the_message_and_no_telephone_number(cast: Cast) -> None:
    case, by = taken(cast)
    police.prepare_notice(case.pk, message="call Wang 10012345678", **by)
    record = Record.objects.get(action="incident.police_prepared")
    assert "10012345678" not in str(record.after)
    assert len(record.after["message_sha256"]) == 64


def test_others_than_the_holder_read_the_message_with_masked_numbers(cast: Cast) -> None:
    case, by = taken(cast)
    police.prepare_notice(case.pk, message="Wang 10012345678，东经 120.578500", **by)
    case = Incident.objects.get(pk=case.pk)
    read = {name: notices_of(cast.viewer(name), case)[0].message for name in ("olivia", "oscar", "polly")}
    assert read["olivia"] == "Wang 10012345678，东经 120.578500"
    assert read["oscar"] == read["polly"] == "Wang 100****5678，东经 120.578500"
    assert notices_of(cast.viewer("sam"), case) == []


def test_a_prepared_message_may_be_changed_and_a_sent_one_not(cast: Cast) -> None:
    case, by = taken(cast)
    police.prepare_notice(case.pk, message="first", **by)
    police.prepare_notice(case.pk, message="second", **by)
    assert notice_of(case).message == "second"
    police.send_notice(case.pk, **by)
    with pytest.raises(Refused, match="已向 110 报过"):
        police.prepare_notice(case.pk, message="third", **by)


def test_forwarding_to_110_as_of_old_is_a_hand_over_by_telephone(cast: Cast) -> None:
    case, by = taken(cast)
    actions.forward_incident(case.pk, to="110", **by)
    actions.forward_incident(case.pk, to="110", **by)
    notice = notice_of(case)
    assert (notice.state, notice.adapter, notice.sent_at) == ("sent", "manual", NOON)
    told = Record.objects.filter(action="incident.forwarded").order_by("pk")
    assert [record.after.get("notice") for record in told] == [notice.pk, None]


def test_forwarding_sends_what_was_prepared(cast: Cast) -> None:
    case, by = taken(cast)
    police.prepare_notice(case.pk, message="mine", **by)
    actions.forward_incident(case.pk, to="110", **by)
    assert (notice_of(case).state, notice_of(case).message) == ("sent", "mine")


def test_a_step_out_of_turn_is_refused_and_says_how_it_stands(cast: Cast) -> None:
    case, by = taken(cast)
    with pytest.raises(Refused, match="还没有警情单"):
        police.send_notice(case.pk, **by)
    police.prepare_notice(case.pk, **by)
    with pytest.raises(Refused, match="给 110 的警情单现在是“已拟好”"):
        police.note_police_arrived(case.pk, **by)


def test_two_services_are_told_side_by_side(cast: Cast) -> None:
    case, by = taken(cast, Sent(code="FA"))
    for service in ("119", "110"):
        police.prepare_notice(case.pk, service=service, **by)
        police.send_notice(case.pk, service=service, **by)
    police.accept_notice(case.pk, service="119", **by)
    states = dict(PoliceNotice.objects.filter(incident=case).values_list("service", "state"))
    assert states == {"119": "accepted", "110": "sent"}
    assert Incident.objects.get(pk=case.pk).police_told == ["110", "119"]


def test_confirmed_zones_cannot_be_disposed_of_before_110_is_told(cast: Cast) -> None:
    case, by = confirmed(cast)
    actions.verify_incident(case.pk, **WAYS, **by)
    with pytest.raises(Refused, match=r"两种不同原理的探测器先后报警，应立即报告 110.*尚未报告"):
        actions.dispose_incident(case.pk, result="human_false", kind="pet", **by)
    police.prepare_notice(case.pk, **by)
    with pytest.raises(Refused, match="尚未报告"):
        actions.dispose_incident(case.pk, result="human_false", kind="pet", **by)
    police.send_notice(case.pk, **by)
    assert actions.dispose_incident(case.pk, result="human_false", kind="pet", **by).state == "disposed"


def test_not_reporting_needs_a_reason_which_is_recorded(cast: Cast) -> None:
    case, by = confirmed(cast)
    actions.verify_incident(case.pk, **WAYS, **by)
    with pytest.raises(BadChoice):
        police.waive_police(case.pk, reason="other", **by)
    with pytest.raises(BadChoice):
        police.waive_police(case.pk, reason=" ", **by)
    police.waive_police(case.pk, reason="verified_false", note="cleaner on video", **by)
    assert actions.dispose_incident(case.pk, result="human_false", kind="cleaning", **by).state == "disposed"
    waiver, record = PoliceWaiver.objects.get(), Record.objects.get(action="incident.police_waived")
    assert (waiver.duties, waiver.reason, waiver.text) == (["principle"], "verified_false", "cleaner on video")
    assert record.after["text"] == "cleaner on video"


def test_a_reason_of_ones_own_is_kept_as_it_was_written(cast: Cast) -> None:
    case, by = confirmed(cast)
    police.waive_police(case.pk, reason="the police called us first", **by)
    assert PoliceWaiver.objects.values_list("reason", "text").get() == ("other", "the police called us first")


def test_there_is_nothing_to_waive_without_a_duty(cast: Cast) -> None:
    case, by = taken(cast)
    with pytest.raises(Refused, match="没有尚未履行的报告义务"):
        police.waive_police(case.pk, reason="drill", **by)


def test_what_they_do_not_take_must_be_reported_again(cast: Cast) -> None:
    case, by = taken(cast)
    actions.verify_incident(case.pk, how="video", outcome="real", **by)
    actions.forward_incident(case.pk, to="110", **by)
    with pytest.raises(BadChoice):
        police.reject_notice(case.pk, reason="other", **by)
    police.reject_notice(case.pk, reason="address", **by)
    with pytest.raises(Refused, match="视频里有可疑的人"):
        actions.dispose_incident(case.pk, result="real", kind="burglary", **by)
    police.prepare_notice(case.pk, **by)
    police.send_notice(case.pk, **by)
    assert actions.dispose_incident(case.pk, result="real", kind="burglary", **by).state == "disposed"


@pytest.mark.parametrize("receipt", [police.accept_notice, police.confirm_notice])
def test_a_hold_up_is_closed_only_when_the_police_are_known_to_have_it(cast: Cast, receipt: Any) -> None:
    case, by = taken(cast, Sent(code="PA"))
    actions.forward_incident(case.pk, to="110", **by)
    actions.dispose_incident(case.pk, result="real", kind="robbery", **by)
    with pytest.raises(Refused, match="请先确认警方收悉"):
        actions.close_incident(case.pk, **by)
    receipt(case.pk, **by)
    assert actions.close_incident(case.pk, **by).state == "closed"


def test_a_waiver_ends_when_the_case_is_reopened(cast: Cast) -> None:
    case, by = confirmed(cast)
    actions.verify_incident(case.pk, **WAYS, **by)
    police.waive_police(case.pk, reason="verified_false", **by)
    actions.dispose_incident(case.pk, result="human_false", kind="pet", **by)
    actions.close_incident(case.pk, **by)
    actions.reopen_incident(case.pk, reason="the owner is missing things", by=cast.viewer("leo"), at=NOON)
    reopened = Incident.objects.get(pk=case.pk)
    assert [line.stands for line in duty_lines(cast.viewer("leo"), reopened)] == [True]


def test_only_the_holder_hands_over_and_strangers_find_nothing(cast: Cast) -> None:
    case, _ = taken(cast)
    with pytest.raises(Refused, match="Olivia 正在处理"):
        police.prepare_notice(case.pk, by=cast.viewer("oscar"), at=NOON)
    with pytest.raises(Forbidden):
        police.prepare_notice(case.pk, by=cast.viewer("mia"), at=NOON)
    for stranger in ("sam", "gus"):
        with pytest.raises(Missing):
            police.prepare_notice(case.pk, by=cast.viewer(stranger), at=NOON)


@pytest.mark.parametrize(
    ("fields", "field"),
    [({"service": "911"}, "service"), ({"message": "x" * 2001}, "message"), ({"adapter": "pigeon"}, "adapter")],
)
def test_bad_input_names_its_field_and_leaves_nothing(cast: Cast, fields: dict[str, str], field: str) -> None:
    case, by = taken(cast)
    with pytest.raises(BadChoice) as bad:
        police.prepare_notice(case.pk, **fields, **by)
    assert (bad.value.field, PoliceNotice.objects.count()) == (field, 0)


DESKS = {("", "110", "email"): "duty@110.example", ("harbour", "119", "http"): "https://fire.example/in"}


@pytest.fixture
def desks(settings: Any) -> None:
    settings.POLICE_DESKS = DESKS
    settings.DELIVERY_MISSING = {"email": "", "webhook": ""}
    settings.WEBHOOK_HOSTS = frozenset({"fire.example"})


@pytest.mark.parametrize(("service", "adapter", "channel"), [("110", "email", "email"), ("119", "http", "webhook")])
def test_a_notice_goes_out_by_its_channel_in_the_transaction_of_the_act(
    cast: Cast, desks: None, service: str, adapter: str, channel: str
) -> None:
    case, by = taken(cast)
    police.prepare_notice(case.pk, service=service, adapter=adapter, message="come at once", **by)
    assert not Delivery.objects.exists()
    police.send_notice(case.pk, **by)
    delivery = Delivery.objects.get()
    assert (delivery.channel, delivery.body, delivery.about) == (channel, "come at once", f"incident:{case.pk}")
    assert (delivery.purpose, notice_of(case).state) == ("police_notice", "sent")


@pytest.mark.parametrize("service", ["119", "120"])
def test_a_channel_without_an_address_of_the_service_is_refused(cast: Cast, desks: None, service: str) -> None:
    case, by = taken(cast)
    with pytest.raises(BadChoice) as bad:
        police.prepare_notice(case.pk, service=service, adapter="email", **by)
    assert bad.value.field == "adapter"


def test_a_channel_that_was_closed_meanwhile_sends_nothing_and_says_to_ring_up(
    cast: Cast, desks: None, settings: Any
) -> None:
    case, by = taken(cast)
    police.prepare_notice(case.pk, adapter="email", **by)
    settings.DELIVERY_MISSING = {"email": "LIANJING_SMTP_URL"}
    with pytest.raises(Refused, match="请改用电话"):
        police.send_notice(case.pk, **by)
    assert (notice_of(case).state, Delivery.objects.count()) == ("prepared", 0)


def test_the_desks_of_the_settings_are_read_and_shown_without_addresses() -> None:
    read = Environment({"LIANJING_POLICE_DESKS": "110=a@b.cn, harbour/119=https://x.cn/in?key=1"})
    assert read.police_desks == {("", "110", "email"): "a@b.cn", ("harbour", "119", "http"): "https://x.cn/in?key=1"}
    shown = next(setting.value for setting in read.settings if setting.name == "LIANJING_POLICE_DESKS")
    assert shown == "110=***,harbour/119=***"
    for wrong in ("911=a@b.cn", "110", "110=nowhere"):
        with pytest.raises(BadSetting):
            Environment({"LIANJING_POLICE_DESKS": wrong})


def test_the_message_of_a_hold_up_says_that_nobody_may_ring_there(cast: Cast) -> None:
    case = actions.take_incident(alarm(Sent(code="PA")).pk, by=cast.viewer("olivia"), at=NOON)
    police.prepare_notice(case.pk, by=cast.viewer("olivia"), at=NOON)
    told = notice_of(case).message.splitlines()
    assert "联系人（可能受威胁，确认现场安全之前不要致电）：Wang（owner）10012345678" in told
