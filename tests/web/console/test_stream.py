"""The event stream: in order, only one's own, resumed without loss, and the same rows as a fresh page."""

import asyncio
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from lianjing.core.outbox.models import Message
from lianjing.core.outbox.stamp import stamp
from lianjing.core.viewer import Person
from lianjing.domain.incidents.actions import take_incident
from lianjing.domain.people.actions import require_second_factor
from lianjing.web.console import broadcast, stream
from tests.cast import NOON, SYSTEM, Cast, Sent, alarm
from tests.web.console.conftest import As
from tests.web.console.listening import Ear, listen

pytestmark = pytest.mark.usefixtures("clean_journal")


def stamped(*sent: Sent) -> list[int]:
    """Alarms whose news stand on the bus; the cases' ids."""
    ids = [alarm(s).pk for s in sent]
    stamp()
    return ids


def positions_of(case_id: int) -> list[int]:
    found = Message.objects.filter(payload__incident=case_id).order_by("position")
    return [position for position in found.values_list("position", flat=True) if position is not None]


def test_a_returning_stream_hears_what_it_missed_and_nothing_else(cast: Cast) -> None:
    first, second, third = stamped(Sent(), Sent(account="1002"), Sent(account="1002", code="FA"))
    (heard,) = listen(Ear(cast.viewer("olivia"), after=positions_of(first)[-1], count=2))
    assert [event.data["id"] for event in heard] == [second, third]
    assert [event.position for event in heard] == [positions_of(second)[-1], positions_of(third)[-1]]


def test_an_alarm_reaches_everybody_who_listens_as_the_row_of_a_fresh_page(cast: Cast, signed_on: As) -> None:
    ears = [Ear(cast.viewer(name), after=0, count=1) for name in ("olivia", "leo", "ada")]
    heard = listen(*ears, then=alarm)
    rows = {events[0].data["html"] for events in heard}
    assert rows == {signed_on("olivia").get("/queue/").content.decode().strip()}
    assert heard[0][0].data["alert"] is True


def test_another_companys_case_is_not_heard(cast: Cast) -> None:
    _, own = stamped(Sent(), Sent(account="2001"))
    (heard,) = listen(Ear(cast.viewer("sam"), after=0, count=1))
    assert [event.data["id"] for event in heard] == [own]


def test_news_that_come_together_are_one_event_and_sound_only_while_nobody_has_it(cast: Cast) -> None:
    (case,) = stamped(Sent())
    take_incident(case, by=cast.viewer("olivia"), at=NOON + timedelta(seconds=5))
    stamp()
    (heard,) = listen(Ear(cast.viewer("olivia"), after=0, count=1))
    assert heard[0].position == positions_of(case)[-1]
    assert heard[0].data["alert"] is False


def test_a_restoral_that_joins_a_case_does_not_sound(cast: Cast) -> None:
    (case,) = stamped(Sent())
    before = positions_of(case)[-1]
    stamped(Sent(code="BR", at=NOON + timedelta(seconds=5)))
    (heard,) = listen(Ear(cast.viewer("olivia"), after=before, count=1))
    assert (heard[0].data["id"], heard[0].data["alert"]) == (case, False)


def test_a_slow_count_does_not_hold_back_an_alarm(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    async def slow(self: broadcast.Broadcast, viewer: Person, language: str) -> dict[str, Any]:
        await asyncio.sleep(60)
        return {}

    monkeypatch.setattr(broadcast.Broadcast, "status", slow)
    (heard,) = listen(Ear(cast.viewer("olivia"), after=0, count=1), then=alarm)
    assert heard[0].data["alert"] is True


def test_a_closed_case_leaves_the_queue(cast: Cast) -> None:
    (case,) = stamped(Sent())
    cast.shop.incident_set.update(state="closed")
    (heard,) = listen(Ear(cast.viewer("olivia"), after=0, count=1))
    assert (heard[0].data["id"], heard[0].data["html"]) == (case, None)


def test_each_ear_hears_its_own_language(cast: Cast) -> None:
    stamped(Sent())
    viewer = cast.viewer("olivia")
    chinese, english = listen(Ear(viewer, 0, 1), Ear(viewer, 0, 1, language="en"))
    assert "入侵" in chinese[0].data["html"]
    assert "Burglary" in english[0].data["html"]


def test_twenty_streams_share_one_reading(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[Any] = []
    real: Callable[..., Any] = broadcast.queue_rows
    monkeypatch.setattr(broadcast, "queue_rows", lambda viewer, ids: asked.append(ids) or real(viewer, ids))
    viewer = cast.viewer("olivia")
    heard = listen(*[Ear(viewer, 0, 1) for _ in range(20)], then=alarm)
    assert len(heard) == 20
    assert len(asked) <= 2


def test_a_position_from_the_future_starts_over(cast: Cast) -> None:
    stamped(Sent())
    (heard,) = listen(Ear(cast.viewer("olivia"), after=10_000, count=1))
    assert (heard[0].kind, heard[0].data) == ("reset", {"position": heard[0].position})


def test_a_stream_whose_bus_was_emptied_starts_over(cast: Cast) -> None:
    stamped(Sent(), Sent(account="1002"))
    Message.objects.filter(position__lt=positions_of(stamped(Sent(account="1002", code="FA"))[0])[0]).delete()
    (heard,) = listen(Ear(cast.viewer("olivia"), after=0, count=1))
    assert heard[0].kind == "reset"


def test_a_session_that_has_ended_ends_the_stream(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    async def gone(self: stream.Listener) -> bool:
        return False

    monkeypatch.setattr(stream, "SESSION_SECONDS", 0.0)
    monkeypatch.setattr(stream.Listener, "still_here", gone)
    (heard,) = listen(Ear(cast.viewer("olivia"), after=0, count=1))
    assert heard[0].kind == "over"


def test_the_status_tells_counts_and_the_parts_of_the_page(cast: Cast) -> None:
    stamped(Sent())
    (heard,) = listen(Ear(cast.viewer("olivia"), after=None, count=1, kinds=("status",)))
    assert heard[0].data["counts"] == {"1": 0, "2": 1, "3": 0, "4": 0}
    assert set(heard[0].data["parts"]) == {"tally", "truth", "banners", "breaking"}
    assert heard[0].data["faulty"] is True


def test_a_line_without_news_still_ticks(cast: Cast) -> None:
    (heard,) = listen(Ear(cast.viewer("olivia"), after=None, count=1, kinds=("tick",)))
    assert heard[0].data["now"] > 0


def test_the_session_is_looked_up_again_with_its_roles(cast: Cast, signed_on: As) -> None:
    browser = signed_on("olivia")
    listener = stream.Listener(_request_of(browser), cast.viewer("olivia"), "zh-hans")
    assert listener._look() is True
    cast.users["olivia"].memberships.all().delete()
    assert listener._look() is False
    browser.logout()
    assert listener._look() is False


def test_whoever_must_now_set_up_a_second_factor_hears_no_more(cast: Cast, signed_on: As) -> None:
    listener = stream.Listener(_request_of(signed_on("olivia")), cast.viewer("olivia"), "zh-hans")
    require_second_factor(cast.users["olivia"], True, by=SYSTEM, at=NOON, source="test")
    assert listener._look() is False


def _request_of(browser: Client) -> Any:
    return browser.get("/queue/").wsgi_request


def test_the_stream_is_an_event_stream_that_no_proxy_keeps(signed_on: As) -> None:
    response = signed_on("olivia").get("/console/events?after=0&language=en")
    assert response["Content-Type"] == "text/event-stream"
    assert response["Cache-Control"] == "no-store"
    assert response["X-Accel-Buffering"] == "no"


def test_the_last_event_id_is_newer_than_the_address(rf: Any) -> None:
    assert stream.asked_position(rf.get("/console/events?after=5", HTTP_LAST_EVENT_ID="9")) == 9
    assert stream.asked_position(rf.get("/console/events?after=5")) == 5
    assert stream.asked_position(rf.get("/console/events?after=-1")) is None
