"""The outside forms. Keep them stable: others' programs are written against them."""

from datetime import date, datetime
from typing import Any

from ninja import Schema


class FrameOut(Schema):
    id: int
    received_at: datetime
    stored_at: datetime
    listener: str
    transport: str
    peer: str
    kind: str
    account: str
    raw: str
    reading: dict[str, Any]
    reason: str
    answer: str | None
    repeat_of: int | None
    repeats: int


class AccountOut(Schema):
    on: date
    received: int
    in_cases: int
    automatic: int
    on_test: int
    suppressed: int
    duplicates: int
    waiting: int
    heartbeats: int
    not_understood: int
    unreadable: int
    balances: bool


class HeadOut(Schema):
    number: int
    hash: str
    sealed_at: datetime


class ActionIn(Schema):
    """What an action may need: see the description of each action."""

    text: str = ""
    note: str = ""
    how: str = ""
    outcome: str = ""
    to: str = ""
    result: str = ""
    cause: str = ""
    reason: str = ""
    force: bool = False
    up_to: int | None = None
