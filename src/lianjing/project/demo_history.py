"""A little history for the demo: real frames through the real chain, then handled by the demo people."""

import asyncio
import os
import time
from collections import defaultdict
from collections.abc import Iterator, Sequence
from itertools import count
from typing import TYPE_CHECKING

from django.utils import timezone

from lianjing.core.directory import Directory, open_directory
from lianjing.core.journal import Journal, open_journal
from lianjing.core.receiver_status import read_status
from lianjing.core.viewer import Person, System
from lianjing.domain.incidents import actions
from lianjing.domain.incidents.models import Incident
from lianjing.domain.people.models import User
from lianjing.domain.signals.models import Treatment
from lianjing.project.demo_data import panel_key
from lianjing.project.environment import Environment
from lianjing.protocols.dc09 import Connection
from lianjing.protocols.dc09.panel import ReplyKind, build_frame, parse_reply
from lianjing.terms.codes import EventClass
from lianjing.terms.frames import FrameEntry
from lianjing.workers import intake

if TYPE_CHECKING:
    from lianjing.domain.companies.models import Company
    from lianjing.domain.sites.models import Panel

SYSTEM = System("demo-data")

SENT = (
    # place of the site, SIA data; opening and closing first, then what became cases
    *((place, "Nri1/OP01") for place in range(20)),
    *((place, "Nri1/CL02") for place in range(20)),
    *((place, "Nri0/RP00") for place in range(0, 20, 3)),
    (3, "Nri1/BA002"),
    (3, "Nri1/BR002"),
    (6, "Nri1/FA007"),
    (9, "Nri1/AT00"),
    (9, "Nri1/AR00"),
    (11, "Nri1/TA009"),
    (1, "Nri1/PA006"),
    (0, "Nri1/BA001/BA002"),
    (8, "Nri1/BA005"),
    (14, "Nri1/YT00"),
    (17, "Nri1/BA004"),
    (4, "Nri1/AT00"),
)
CLOSED = {
    3: ("call", "false", "human_false", "forgot_to_disarm", "店员进门后忘记撤防"),
    6: ("video", "false", "device_false", "surroundings", "感烟探头积尘，已派单清洁"),
    9: ("call", "real", "real", "other", "片区停电 8 分钟，已恢复"),
    11: ("patrol", "false", "human_false", "works", "维修工打开主机箱，未事先报备"),
}
"""Sites whose cases the demo people have already closed: how, outcome, result, cause as a word and a text."""


def make_history(environment: Environment, company: "Company", panels: "Sequence[Panel]") -> None:
    """Only once: when the demo company has signals already, nothing is added."""
    if Treatment.objects.filter(company=company).exists():
        return
    # Each panel counts its own frames, or it would seem to have left numbers out.
    counters: dict[int, Iterator[int]] = defaultdict(lambda: count(1))
    frames = [_frame(panels[place], data, next(counters[place])) for place, data in SENT]
    if _receiver_runs(environment):
        asyncio.run(_send(environment, frames))
    else:
        asyncio.run(_store(environment, frames))
    _treat(company, len(frames))
    _close(company, panels)


def _frame(panel: "Panel", data: str, number: int) -> bytes:
    key = panel_key(panel)
    return build_frame(
        "SIA-DCS",
        f"#{panel.account}|{data}",
        panel.account,
        number,
        at=timezone.now(),
        key=bytes.fromhex(key) if key else None,
        pad=_pad,
    )


def _pad(length: int) -> bytes:
    return bytes(65 + byte % 26 for byte in os.urandom(length))


LEARNING_TRIES = 15


def _receiver_runs(environment: Environment) -> bool:
    status = read_status(environment.status_path)
    return status is not None and not status.is_silent(timezone.now()) and environment.dc09_bind is not None


async def _send(environment: Environment, frames: Sequence[bytes]) -> None:
    """Through the running receiver, as panels would."""
    assert environment.dc09_bind is not None  # noqa: S101 `_receiver_runs` has looked
    reader, writer = await asyncio.open_connection(*environment.dc09_bind)
    for frame in frames:
        for _ in range(LEARNING_TRIES):
            writer.write(frame)
            answer = await asyncio.wait_for(reader.readuntil(b"\r"), 10)
            if _is_ack(answer):
                break
            # The directory learns new panels within two seconds, on a busy machine later.
            await asyncio.sleep(1.0)
        else:
            raise RuntimeError(f"the receiver did not acknowledge a demo frame: {answer!r}")
    writer.close()
    await writer.wait_closed()


def _is_ack(answer: bytes) -> bool:
    """An encrypted answer cannot be opened without the key; that it is one is enough here."""
    return b'"*ACK"' in answer or parse_reply(answer).kind is ReplyKind.ACK


async def _store(environment: Environment, frames: Sequence[bytes]) -> None:
    """Without a receiver: its reading and its journal, in this process."""
    directory = open_directory(environment.database_url, environment.data_key)
    directory.start()
    journal = open_journal(environment.database_url, environment.journal_path, time_zone=environment.time_zone)
    journal.start()
    try:
        if not (directory.wait_first(10) and await journal.opened(10)):
            raise RuntimeError(f"the journal cannot be opened: {journal.fault}")
        for frame in frames:
            await _store_one(journal, directory, frame)
    finally:
        await journal.stop()
        directory.stop()


async def _store_one(journal: Journal, directory: Directory, frame: bytes) -> None:
    now = timezone.now()
    connection = Connection(lambda account: directory.profile("dc09", account), pad=os.urandom)
    for received in connection.receive_data(frame, now):
        await journal.store(FrameEntry("dc09", "tcp", "demo-data", now, received))


def _treat(company: "Company", wanted: int) -> None:
    deadline = time.monotonic() + 30
    while Treatment.objects.filter(company=company).exclude(fate="waiting").count() < wanted:
        intake.turn()
        if time.monotonic() > deadline:
            raise RuntimeError("the demo signals were not treated within 30 s; see the log of `work`")


def _close(company: "Company", panels: "Sequence[Panel]") -> None:
    operator: Person = User.objects.get(username="operator").as_viewer()
    for place, (how, outcome, result, kind, cause) in CLOSED.items():
        for incident in Incident.objects.filter(company=company, site_id=panels[place].site_id, holder=None):
            told = {"by": operator, "source": "demo-data"}
            actions.take_incident(incident.pk, at=timezone.now(), **told)
            if incident.event_class == EventClass.FIRE:
                actions.forward_incident(incident.pk, to="119", at=timezone.now(), **told)
            actions.verify_incident(incident.pk, how=how, outcome=outcome, at=timezone.now(), **told)
            why = {"result": result, "kind": kind, "cause": cause}
            actions.dispose_incident(incident.pk, **why, at=timezone.now(), **told)
            actions.close_incident(incident.pk, at=timezone.now(), **told)
