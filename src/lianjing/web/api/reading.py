"""Lists: signals, frames, the daily account."""

from collections.abc import Iterable
from typing import Annotated, Any, Literal

from django.http import HttpRequest
from ninja import Router
from pydantic import Field

from lianjing.core.viewer import Forbidden
from lianjing.domain.incidents.queries import incident_of_signals
from lianjing.domain.records.queries import last_seal
from lianjing.domain.signals import queries
from lianjing.domain.signals.account_figures import Figures
from lianjing.domain.signals.daily_account import Account, ClassRow, account_of, rows_of_account, today
from lianjing.domain.signals.queries import PAGE_LIMIT, FrameFilter
from lianjing.domain.signals.signal_page import reasons_of
from lianjing.web.api.asked_fields import Day
from lianjing.web.api.door import needs, viewer_of
from lianjing.web.api.schemas import AccountOut, FrameOut, HeadOut

router = Router()

AccountWanted = Annotated[str, Field(max_length=32, pattern=r"^[^\x00]*$")]
KindWanted = Literal["", "signal", "heartbeat", "unsupported", "unreadable"]


def page_size(limit: int) -> int:
    return max(1, min(limit, PAGE_LIMIT))


def page(items: list[dict[str, Any]], limit: int) -> dict[str, Any]:
    """One page. `next` is the id to continue after; null on the last page."""
    return {"items": items, "next": str(items[-1]["id"]) if len(items) == limit else None}


@router.get("signals", summary="Decoded events, newest first; durable ones, treated or not")
@needs("signals.see")
def list_signals(
    request: HttpRequest, account: AccountWanted = "", after: int | None = None, limit: int = 100
) -> dict[str, Any]:
    viewer, size = viewer_of(request), page_size(limit)
    lines = queries.signals(viewer, account=account or None, after=after, limit=size)
    ids = [line.id for line in lines]
    cases, told = incident_of_signals(viewer, ids), reasons_of(viewer, ids)
    items = [
        {
            "id": line.id,
            "account": line.account,
            "protocol": line.protocol,
            "scheme": line.scheme,
            "code": line.code,
            "qualifier": line.qualifier,
            "phase": line.phase,
            "class": line.event_class,
            "grade": line.grade,
            "words": line.what,
            "zone": line.zone,
            "zone_words": line.where,
            "received_at": line.received_at,
            "stored_at": line.stored_at,
            "device_at": line.device_at,
            "repeats": line.repeats,
            "same_as": line.second_path.first_signal if line.second_path else None,
            "fate": line.fate,
            "rule": line.rule,
            "author": told[line.id].author if line.id in told else "",
            "reasons": list(told[line.id].sentences) if line.id in told else [],
            "incident": cases.get(line.id),
            "frame": line.frame_id,
            "raw": line.raw,
        }
        for line in lines
    ]
    return page(items, size)


@router.get("frames", summary="Frames as they arrived, newest first")
@needs("frames.see")
def list_frames(
    request: HttpRequest, account: AccountWanted = "", kind: KindWanted = "", after: int | None = None, limit: int = 100
) -> dict[str, Any]:
    size = page_size(limit)
    lines = queries.frames(viewer_of(request), FrameFilter(kind=kind, account=account), after=after, limit=size)
    return page([FrameOut.model_validate(line, from_attributes=True).model_dump() for line in lines], size)


@router.get("records/head", response=HeadOut | None, summary="Number and hash of the last seal, to be kept elsewhere")
@needs("records.verify")
def records_head(request: HttpRequest) -> Any:
    seal = last_seal(viewer_of(request))
    return seal and {"number": seal.number, "hash": seal.hash, "sealed_at": seal.sealed_at}


@router.get(
    "accounting",
    response=AccountOut,
    by_alias=True,
    summary="The day's account: received = sum of the fates, in all, by company and by class",
)
@needs("accounting.see")
def accounting(request: HttpRequest, on: Day | None = None) -> Any:
    viewer = viewer_of(request)
    account = account_of(viewer, on or today())
    if account is None:
        raise Forbidden
    rows = rows_of_account(viewer, account)
    companies = [
        {
            **_figures(company.figures),
            "balances": company.balances,
            "company": company.code,
            "name": company.name,
            "by_class": _classes(company.classes),
        }
        for company in rows.companies
    ]
    besides = {name: getattr(account, name) for name in ("on", "heartbeats", "not_understood", "unreadable")}
    return {
        **_figures(account),
        **besides,
        "balances": account.balances,
        "by_company": companies,
        "by_class": _classes(rows.classes),
    }


def _classes(rows: Iterable[ClassRow]) -> list[dict[str, Any]]:
    return [{**_figures(row.figures), "event_class": row.event_class} for row in rows]


def _figures(told: Figures | Account) -> dict[str, Any]:
    names = ("received", "in_cases", "automatic", "on_test", "suppressed", "duplicates", "waiting", "difference")
    return {name: getattr(told, name) for name in (*names, "balances")}
