"""The outside forms. Keep them stable: others' programs are written against them."""

from datetime import date, datetime
from typing import Annotated, Any

from django.utils.translation import gettext as _
from ninja import Field, Schema
from pydantic import AwareDatetime, ValidationInfo, field_validator

from lianjing.domain.incidents.moving import BadChoice
from lianjing.terms.texts import storable


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


class FiguresOut(Schema):
    """The identity: `received` is the sum of the others; `difference` is what is left."""

    received: int
    in_cases: int
    automatic: int
    on_test: int
    suppressed: int
    duplicates: int
    waiting: int
    difference: int
    balances: bool


class ClassFiguresOut(FiguresOut):
    event_class: str = Field(serialization_alias="class")


class CompanyFiguresOut(FiguresOut):
    company: str | None
    name: str
    by_class: list[ClassFiguresOut]


class AccountOut(FiguresOut):
    on: date
    heartbeats: int
    not_understood: int
    unreadable: int
    by_company: list[CompanyFiguresOut]
    by_class: list[ClassFiguresOut]


class HeadOut(Schema):
    number: int
    hash: str
    sealed_at: datetime


Number = Annotated[int, Field(ge=0, lt=2**63)]


class ActionIn(Schema):
    """What an action may need: see the description of each action."""

    @field_validator("*")
    @classmethod
    def only_text(cls, value: Any, info: ValidationInfo) -> Any:
        """JSON can write what no database keeps, such as "\\ud800"."""
        if isinstance(value, str) and not storable(value):
            raise BadChoice(info.field_name or "", _("内容含有不可用的字符。"))
        return value

    text: str = ""
    note: str = ""
    how: str = ""
    outcome: str = ""
    to: str = ""
    result: str = ""
    cause: str = ""
    reason: str = ""
    step: str = ""
    force: bool = False
    up_to: int | None = None
    minutes: int | None = Field(None, ge=1, le=1440)
    until: AwareDatetime | None = None
    return_level: int | None = None
    into: Number = 0
    signals: list[Number] = Field(default_factory=list)
    kind: str = ""
    zone: int | None = None
    repair: bool = False
    repair_text: str = ""
    guard: str = ""
    instructions: str = ""
    callback: str = ""
    task: int = 0
    service: str = ""
    adapter: str = ""
    message: str = ""
    number: str = ""
    words: str = ""
    contact: int | str | None = None
    channel: str = ""
    direction: str = ""
    started_at: datetime | None = None
    ended_at: datetime | None = None
