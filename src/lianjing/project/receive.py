"""The `receive` process: listeners, journal and directory put together. No Django: it starts in half a second."""

import argparse
import asyncio
import gc
import json
import logging
import os
import resource
import signal
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import uvloop

from lianjing.core.directory import Directory, open_directory
from lianjing.core.journal import Journal, open_journal
from lianjing.core.journal.erasure import OrdersUnread, next_order
from lianjing.core.supervision import Supervision, open_supervision
from lianjing.project.environment import BadSetting, Environment
from lianjing.receivers.desk import Counters, Shared, metrics
from lianjing.receivers.limits import Limits
from lianjing.receivers.listeners import LISTENERS, Listener
from lianjing.receivers.peers import Peers
from lianjing.receivers.status import report_forever, write_status

log = logging.getLogger(__name__)

READY_S = 2.0
"""How long to wait for database and panels before listening without them (unanswered, but seen)."""
ERASURES_S = 15.0
"""How often to look for orders of retention. One is repeated until it is marked as done, which costs little."""
TURN_S = 0.002
"""How long one thread may keep the other waiting. Python's 5 ms, met at every statement of the journal's writer, made
a commit ten times as slow."""
YOUNG_OBJECTS = 50_000
STATUS_FRESH = timedelta(seconds=3)
"""The status is written every second."""
SPARE_FILES = 200
"""Descriptors kept for databases, logs and listening sockets."""

Binds = Mapping[str, tuple[str, int] | None]


@dataclass(frozen=True, slots=True)
class Receiving:
    """What the process is told. `binds` maps a listener's name to its address, None for off."""

    database_url: str
    journal_path: Path
    status_path: Path
    data_key: bytes
    binds: Binds
    time_zone: str = "Asia/Shanghai"
    limits: Limits = field(default_factory=Limits)


class AlreadyRunning(Exception):
    """Two receivers on one data folder would share one status file and one journal."""


class BindFailed(Exception):
    """An address that cannot be listened on; the text says which and why."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """`receive` takes its settings from the environment (`lianjing doctor` lists them)."""
    parser.description = "Receive signals of alarm panels, store them, and only then acknowledge them."


def run(args: argparse.Namespace) -> int:
    """Runs until SIGTERM or SIGINT. 0 after a clean end, 2 for a setting that cannot be used."""
    try:
        environment = Environment()
        logging.basicConfig(level=environment.log_level, format="%(asctime)s %(levelname)s %(name)s %(message)s")
        return receive(receiving_from(environment))
    except (BadSetting, BindFailed, AlreadyRunning) as wrong:
        print(f"receive: {wrong}", file=sys.stderr)
        return 2


def receiving_from(environment: Environment) -> Receiving:
    """The settings of this process out of the settings of the installation."""
    return Receiving(
        environment.database_url,
        environment.journal_path,
        environment.status_path,
        environment.data_key,
        {kind.name: getattr(environment, kind.setting) for kind in LISTENERS},
        environment.time_zone,
        environment.limits,
    )


def receive(settings: Receiving) -> int:
    """Serves until a signal comes. Raises BindFailed or AlreadyRunning before anything is accepted."""
    if (other := _other_receiver(settings.status_path)) is not None:
        raise AlreadyRunning(f"process {other} already receives for the data folder {settings.status_path.parent}")
    sys.setswitchinterval(TURN_S)
    # Frames live for one commit and hold no cycles: what is there at the start is left out of every later collection.
    gc.collect()
    gc.freeze()
    gc.set_threshold(YOUNG_OBJECTS)
    uvloop.run(Receiver(settings).serve())
    return 0


class Receiver:
    """One run: opens everything in order, closes it in the opposite one."""

    def __init__(self, settings: Receiving) -> None:
        self._settings = settings
        self._counters = Counters()
        self._journal: Journal = open_journal(
            settings.database_url, settings.journal_path, time_zone=settings.time_zone
        )
        self._directory: Directory = open_directory(settings.database_url, settings.data_key)
        self._supervision: Supervision = open_supervision(
            settings.database_url, self._journal, [name for name, bind in settings.binds.items() if bind is not None]
        )
        self._listeners: list[Listener] = []

    async def serve(self) -> None:
        """Listens until SIGTERM or SIGINT; then stores and answers what was read, and saves the line figures."""
        ending = asyncio.Event()
        for number in (signal.SIGTERM, signal.SIGINT):
            asyncio.get_running_loop().add_signal_handler(number, ending.set)
        self._journal.start()
        self._directory.start()
        eraser = asyncio.create_task(self._carry_out_erasures())
        reporter = asyncio.create_task(report_forever(self._settings.status_path, self.status))
        try:
            await asyncio.gather(self._journal.opened(READY_S), asyncio.to_thread(self._directory.wait_first, READY_S))
            await self._listen()
            self._supervision.start()
            await ending.wait()
        finally:
            await asyncio.gather(*(listener.close() for listener in self._listeners))
            reporter.cancel()
            eraser.cancel()
            await self._supervision.stop()
            await self._journal.stop()
            await asyncio.to_thread(self._directory.stop)
            self._report_end()

    async def _listen(self) -> None:
        limits = within_open_files(self._settings.limits)
        shared = Shared(self._journal, self._directory, self._counters, limits, Peers(limits))
        for kind in LISTENERS:
            bind = self._settings.binds.get(kind.name)
            if bind is None:
                continue
            listener = kind.make(shared)
            try:
                port = await listener.open(*bind)
            except OSError as wrong:
                raise BindFailed(f"{kind.name}: cannot listen on {bind[0]}:{bind[1]}: {wrong}") from wrong
            self._listeners.append(listener)
            # Read by whoever started us with port 0, so it goes to standard output, not to the log.
            print(f"{kind.name} listening on {bind[0]}:{port}", flush=True)

    async def _carry_out_erasures(self) -> None:
        """What retention has ordered; nobody else writes the journal."""
        while True:
            await asyncio.sleep(ERASURES_S)
            try:
                order = await asyncio.to_thread(next_order, self._settings.database_url)
            except OrdersUnread as wrong:
                log.warning("erasure: %s", wrong)
            else:
                if order is not None:
                    self._journal.erase(*order)

    def status(self) -> dict[str, Any]:
        """What receive.status.json says; `metrics` holds Prometheus samples by name with labels."""
        counters, directory_fault = self._counters, self._directory.fault
        return {
            "at": datetime.now(UTC).isoformat(timespec="milliseconds"),
            "pid": os.getpid(),
            "journal_ok": self._journal.healthy,
            "fault": self._journal.fault,
            "directory_ok": directory_fault is None,
            "directory_fault": directory_fault,
            "supervision_fault": self._supervision.fault,
            "frames": counters.frames,
            "acked": counters.answered,
            "unstored": counters.unstored,
            "unreadable": counters.of_kind("unreadable"),
            "unsupported": counters.of_kind("unsupported"),
            "heartbeats": counters.of_kind("heartbeat"),
            "connections": counters.connections,
            "refused": counters.refused.total(),
            "metrics": {**metrics(counters), **self._journal_metrics()},
        }

    def _journal_metrics(self) -> dict[str, float]:
        gauges = ("waiting", "lines")
        figures = self._journal.figures()
        samples: dict[str, float] = {
            f"lianjing_journal_{name}{'' if name in gauges else '_total'}": value for name, value in figures.items()
        }
        samples["lianjing_journal_healthy"] = int(self._journal.healthy)
        samples["lianjing_directory_panels"] = len(self._directory)
        for name, value in self._supervision.figures().items():
            samples[f"lianjing_lines_{name}{'_total' if name == 'outages' else ''}"] = value
        return samples

    def _report_end(self) -> None:
        try:
            write_status(self._settings.status_path, self.status())
        except OSError as wrong:
            log.error("status file: %s", wrong)


def _other_receiver(status_path: Path) -> int | None:
    """The process that wrote the status file a moment ago, if it lives. The journal's lock is the real guard."""
    try:
        told = json.loads(status_path.read_text())
        pid, at = int(told["pid"]), datetime.fromisoformat(told["at"])
        os.kill(pid, 0)
    except (OSError, ValueError, KeyError, TypeError):
        return None
    return pid if datetime.now(UTC) - at < STATUS_FRESH and pid != os.getpid() else None


def within_open_files(limits: Limits) -> Limits:
    """As many connections as this process may have open files, after asking for as many as it may ask for."""
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
    return replace(limits, connections=max(1, min(limits.connections, most - SPARE_FILES)))


if __name__ == "__main__":
    sys.exit(run(argparse.Namespace()))
