"""Is it well: health for people and balancers, figures for Prometheus."""

import time
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from ninja import Router
from ninja.errors import AuthenticationError
from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.metrics_core import GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from lianjing.core.access import may
from lianjing.core.outbox.pulse import WORK, last_beat
from lianjing.core.receiver_status import SILENT_AFTER, ReceiverStatus, read_status
from lianjing.core.viewer import Forbidden, Link, Viewer
from lianjing.domain.compliance.faults import clause_faults
from lianjing.domain.incidents.queries import queue_counts
from lianjing.domain.people.policy import token_digest
from lianjing.domain.records.queries import oldest_unsealed
from lianjing.domain.signals.account_watch import difference_lately
from lianjing.domain.signals.daily_account import account_of, today
from lianjing.domain.signals.queries import waiting_since
from lianjing.domain.signals.sequence_list import gaps_of_day
from lianjing.web.api.door import TokenBearer, needs, problem

router = Router()

REMEMBERED_SECONDS = 24 * 3600.0
_good_since: dict[str, float] = {}
"""When this process last let a digest of an Authorization header read the metrics."""


def _receiver() -> ReceiverStatus | None:
    return read_status(settings.ENVIRONMENT.status_path)


def _receiving(now: datetime) -> str:
    status = _receiver()
    if status is None or status.is_silent(now):
        return "silent"
    return "ok" if status.journal_ok else "journal away"


def _working(now: datetime) -> str:
    beat = last_beat(WORK)
    return "ok" if beat and now - beat <= SILENT_AFTER else "silent"


@router.get(
    "health", auth=None, summary="200 when signals are received, stored and treated; 503 with the part that is not"
)
@needs("public")
def health(request: HttpRequest) -> Any:
    now = timezone.now()
    parts = {"web": "ok", "receive": _receiving(now)}
    try:
        parts["work"] = _working(now)
        parts["database"] = "ok"
        difference = difference_lately()
    except DatabaseError:
        parts |= {"work": "unknown", "database": "away"}
    wrong = {name: state for name, state in parts.items() if state != "ok"}
    if wrong:
        told = ", ".join(f"{name}: {state}" for name, state in wrong.items())
        return problem(503, "Service Unavailable", told, parts=parts)
    # No reason to send panels and people elsewhere: every other node says the same. It opens a case instead.
    return {"status": "ok", "parts": parts, "account_difference": difference}


class _Figures(Collector):
    """Read when asked; nothing is kept in this process, so any web process gives the same answer."""

    def __init__(self, viewer: Viewer) -> None:
        self._viewer = viewer

    def collect(self) -> Iterable[Metric]:
        now = timezone.now()
        yield from self._received(now)
        try:
            treated = list(self._treated(now))
        except DatabaseError:
            # What can be told without the database is told: that is when it is wanted most.
            treated = []
        yield GaugeMetricFamily("lianjing_database_up", "1 while the database answers", value=int(bool(treated)))
        yield from treated

    def _received(self, now: datetime) -> Iterable[Metric]:
        status = _receiver()
        alive = status is not None and not status.is_silent(now)
        yield GaugeMetricFamily("lianjing_receiver_up", "1 while the receiver speaks", value=int(alive))
        journal = bool(alive and status and status.journal_ok)
        yield GaugeMetricFamily("lianjing_journal_up", "1 while signals can be made durable", value=int(journal))

    def _treated(self, now: datetime) -> Iterable[Metric]:
        beat = last_beat(WORK)
        age = (now - beat).total_seconds() if beat else float("inf")
        yield GaugeMetricFamily("lianjing_work_silent_seconds", "since the last pulse of work", value=age)
        yield _age("lianjing_waiting_seconds", "age of the oldest untreated signal", waiting_since(self._viewer), now)
        yield _age("lianjing_unsealed_seconds", "age of the oldest unsealed record", oldest_unsealed(self._viewer), now)
        cases = GaugeMetricFamily("lianjing_open_incidents", "cases that are not closed", labels=["grade"])
        for grade, count in queue_counts(self._viewer).items():
            cases.add_metric([str(grade)], count)
        yield cases
        faults = clause_faults(self._viewer)
        yield GaugeMetricFamily(
            "lianjing_clause_faults", "what of the clauses fails and is tried again", value=faults.count
        )
        account = account_of(self._viewer, today())
        if account is not None:
            yield GaugeMetricFamily(
                "lianjing_day_received", "decoded events today, repeats included", value=account.received
            )
            yield GaugeMetricFamily(
                "lianjing_day_balances", "1 while received equals the sum of fates", value=account.balances
            )
            yield GaugeMetricFamily(
                "lianjing_day_difference",
                "decoded events today without a fate and fates without an event, over all companies and classes",
                value=account.differing,
            )
            gaps = gaps_of_day(self._viewer, account.on)
            yield GaugeMetricFamily(
                "lianjing_day_sequence_missing", "sequence numbers of panels that never came", value=gaps.surely
            )


def _age(name: str, told: str, since: datetime | None, now: datetime) -> Metric:
    return GaugeMetricFamily(name, told, value=max(0.0, (now - since).total_seconds()) if since else 0.0)


@router.get("metrics", auth=None, summary="Prometheus text; needs a token unless LIANJING_METRICS_OPEN=1")
@needs("public")
def metrics(request: HttpRequest) -> HttpResponse:
    registry = CollectorRegistry(auto_describe=False)
    registry.register(_Figures(_metrics_viewer(request)))
    text = generate_latest(registry).decode() + _receivers_own()
    return HttpResponse(text, content_type="text/plain; version=0.0.4; charset=utf-8")


def _receivers_own() -> str:
    """The receiver's samples are ready to print, labels included."""
    status = _receiver()
    return "".join(f"{name} {value!r}\n" for name, value in status.samples.items()) if status else ""


def _metrics_viewer(request: HttpRequest) -> Viewer:
    if settings.ENVIRONMENT.metrics_open:
        return settings.METRICS_VIEWER
    asked = token_digest(request.headers.get("Authorization", ""))
    try:
        viewer = TokenBearer()(request)
    except DatabaseError:
        # The token cannot be looked up; one that was good a while ago still reads what needs no database.
        if time.monotonic() - _good_since.get(asked, float("-inf")) > REMEMBERED_SECONDS:
            raise
        return Link("metrics")
    if viewer is None:
        raise AuthenticationError
    if not may(viewer, "metrics.see"):
        raise Forbidden
    _good_since[asked] = time.monotonic()
    return viewer
