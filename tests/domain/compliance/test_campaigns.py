"""Campaigns: asked, delivered, overdue, reminded, closed."""

from datetime import date, datetime, timedelta
from typing import Any

import pytest

from lianjing.core.refusals import Missing, Refused
from lianjing.core.viewer import Forbidden
from lianjing.domain.compliance.campaigning import Ask, close_campaign, open_campaign
from lianjing.domain.compliance.evidence_list import campaign_by_id, my_requests
from lianjing.domain.compliance.evidence_policy import asked_state
from lianjing.domain.compliance.evidencing import reject_evidence, withdraw_evidence
from lianjing.domain.compliance.models import Campaign, EvidenceRequest
from lianjing.domain.compliance.reminder_policy import reminder_day
from lianjing.domain.compliance.reminding import send_reminders
from lianjing.domain.deliveries.models import Delivery
from lianjing.domain.records.models import Record
from lianjing.domain.sites.equipment_entries import RowsRefused
from tests.cast import NOON, SYSTEM, Cast
from tests.domain.compliance.evidence import submitted

TODAY = date(2026, 11, 22)
DUE = TODAY + timedelta(days=10)
DAY = timedelta(days=1)


def asks(cast: Cast, *told: tuple[str, str]) -> list[Ask]:
    return [Ask(cast.users[name].pk, clause, DUE) for name, clause in told]


def opened(cast: Cast, *told: tuple[str, str], by: str = "mia", at: datetime = NOON) -> Campaign:
    wanted = asks(cast, *(told or (("leo", "8.3.1"), ("leo", "6.1"), ("mia", "6.2"))))
    return open_campaign(cast.company.pk, "年终自查", "请附签字页", wanted, by=cast.viewer(by), at=at)


def progress(cast: Cast, campaign: Campaign, today: date = TODAY) -> tuple[int, int, int, int]:
    found = campaign_by_id(cast.viewer("mia"), campaign.pk, today)
    assert found
    told = found[0].progress
    return told.asked, told.delivered, told.accepted, told.overdue


def test_a_submission_delivers_whatever_its_author_was_asked_for_its_clauses(cast: Cast) -> None:
    campaign = opened(cast)
    assert progress(cast, campaign) == (3, 0, 0, 0)
    row = submitted(cast, clauses=("8.3.1", "6.2"))
    assert progress(cast, campaign) == (3, 1, 0, 0)
    assert [one.row.clause for one in my_requests(cast.viewer("leo"), cast.company.pk, TODAY)] == ["6.1"]
    reject_evidence(row.pk, "没有签字", by=cast.viewer("mia"), at=NOON)
    assert progress(cast, campaign, DUE) == (3, 0, 0, 0)
    assert progress(cast, campaign, DUE + DAY) == (3, 0, 0, 3)
    again = submitted(cast, text="b")
    assert progress(cast, campaign, DUE + DAY) == (3, 1, 0, 2)
    withdraw_evidence(again.pk, "错了", by=cast.viewer("leo"), at=NOON)
    assert progress(cast, campaign) == (3, 0, 0, 0)


def test_a_closed_campaign_is_answered_and_closed_no_more(cast: Cast) -> None:
    campaign = opened(cast)
    close_campaign(campaign.pk, by=cast.viewer("mia"), at=NOON)
    submitted(cast)
    assert progress(cast, campaign) == (3, 0, 0, 0)
    assert my_requests(cast.viewer("leo"), cast.company.pk, TODAY) == []
    with pytest.raises(Refused):
        close_campaign(campaign.pk, by=cast.viewer("mia"), at=NOON)
    told = Record.objects.filter(subject_type="campaign").order_by("pk")
    assert [one.action for one in told] == ["campaign.opened", "campaign.closed"]
    assert told[0].after["asked"][0] == "Leo 8.3.1 2026-12-02"


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"user_id": 0}, "asked"),
        ({"clause": "9.9"}, "clause"),
        ({"due_on": TODAY - DAY}, "due_on"),
        ({"due_on": date(2101, 1, 1)}, "due_on"),
    ],
)
def test_a_line_that_cannot_be_is_refused_and_nothing_is_kept(cast: Cast, change: dict[str, Any], field: str) -> None:
    line = Ask(**{"user_id": cast.users["leo"].pk, "clause": "6.1", "due_on": TODAY, **change})
    with pytest.raises(RowsRefused) as refused:
        open_campaign(cast.company.pk, "x", "", [*asks(cast, ("mia", "6.1")), line], by=cast.viewer("mia"), at=NOON)
    assert [(one.row, one.field) for one in refused.value.problems] == [(1, field)]
    assert (Campaign.objects.count(), EvidenceRequest.objects.count()) == (0, 0)


@pytest.mark.parametrize("name", ["olivia", "gus", "polly", "sam", "ada"])
def test_only_people_of_the_company_who_may_submit_are_asked(cast: Cast, name: str) -> None:
    with pytest.raises(RowsRefused):
        opened(cast, (name, "6.1"))


def test_only_a_manager_asks_and_only_in_his_company(cast: Cast) -> None:
    with pytest.raises(Forbidden):
        opened(cast, by="leo")
    with pytest.raises(Missing):
        opened(cast, by="sam")
    campaign = opened(cast)
    for name in ("leo", "polly", "sam"):
        assert campaign_by_id(cast.viewer(name), campaign.pk, TODAY) is None


def test_the_due_day_itself_is_not_late() -> None:
    days = (DUE - DAY, DUE, DUE + DAY)
    assert [asked_state(None, DUE, day).value for day in days] == ["open", "open", "overdue"]
    assert [asked_state(one, DUE, DUE + DAY).value for one in ("", "accepted")] == ["delivered", "accepted"]


# Reminders


def test_reminders_are_due_at_once_before_and_after_and_once_each() -> None:
    told, reminded = [], None
    for days in range(100):
        today = TODAY + days * DAY
        if reminder_day(TODAY, DUE, reminded, today):
            reminded = today
            told.append(days)
    assert told == [0, 3, 9, 11, 18, 25, 32, 39, 46, 53, 60, 67]


def test_one_that_was_missed_is_made_up_for_once() -> None:
    assert reminder_day(TODAY, DUE, TODAY, DUE + 4 * DAY) == DUE + DAY
    assert reminder_day(TODAY, DUE, DUE + 4 * DAY, DUE + 4 * DAY) is None
    assert reminder_day(TODAY, TODAY, None, TODAY) == TODAY


def remind(cast: Cast, at: datetime = NOON) -> int:
    return send_reminders(cast.company.pk, by=SYSTEM, at=at)


@pytest.fixture
def reachable(cast: Cast) -> Cast:
    """A company whose mail goes nowhere, and Leo has an address."""
    cast.company.is_demo = True
    cast.company.save()
    cast.users["leo"].email = "leo@harbour.example"
    cast.users["leo"].save()
    return cast


def test_one_mail_a_person_names_everything_that_is_open(reachable: Cast) -> None:
    opened(reachable)
    assert [remind(reachable), remind(reachable), remind(reachable, NOON + DAY)] == [1, 0, 0]
    mail = Delivery.objects.get()
    assert (mail.channel, mail.purpose, mail.subject) == ("email", "evidence", "请提交证据：2 项（2026-11-22）")
    assert mail.body.splitlines()[2:4] == [
        "- 2026-12-02 截止：8.3.1 日常监督和周期性考核（年终自查）",
        "- 2026-12-02 截止：6.1 运营中心与办公场所隔离（年终自查）",
    ]


def test_nobody_is_reminded_at_night_of_what_he_delivered_or_what_is_closed(reachable: Cast) -> None:
    campaign = opened(reachable)
    night = NOON - timedelta(hours=5)
    assert remind(reachable, night) == 0
    submitted(reachable, clauses=("8.3.1", "6.1"))
    assert remind(reachable) == 0
    close_campaign(campaign.pk, by=reachable.viewer("mia"), at=NOON)
    assert remind(reachable, NOON + 9 * DAY) == 0
    assert Delivery.objects.count() == 0


def test_what_is_overdue_says_for_how_long(reachable: Cast) -> None:
    opened(reachable, ("leo", "8.3.1"))
    remind(reachable, NOON + 11 * DAY)
    assert "- 已逾期 1 天（2026-12-02 截止）：8.3.1" in Delivery.objects.get().body
