"""How an edition may move, what may be entered, what its hash is over, how it stands on a day. No Django, no clock."""

import json
from calendar import monthrange
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from hashlib import sha256
from unicodedata import normalize

from lianjing.core.refusals import Refused
from lianjing.terms.documents import DocumentKind, EditionState, Force
from lianjing.terms.sentences import marked as _
from lianjing.terms.texts import storable

SEE, EDIT, APPROVE, READ = "documents.see", "documents.edit", "documents.approve", "documents.read"
CHANGED = "document.changed"
"""Topic: a document, one of its editions, its owner, its review or its status changed."""
READING = "document.reading"
"""Topic: somebody has to read an edition, or has confirmed it."""

CYCLES = (1, 60)
EARLIEST, LATEST = date(1990, 1, 1), date(2100, 1, 1)
MONTHS_AT_MOST = 1200
READ_WITHIN = 7
"""Days that a form offers for reading; ours."""
WITHDRAWN_WITHIN = 12
"""Months ahead in which the last day of a document that is withdrawn must lie; ours."""
REVIEW_SOON = 30
"""So many days before a review is due it is listed as such; ours."""
PERIODS = {
    DocumentKind.MANAGEMENT: 36,
    DocumentKind.TECHNICAL: 36,
    DocumentKind.EXTERNAL: 12,
    DocumentKind.RECORD: 36,
}
"""Months that an edition is kept after it ended, where the company has set nothing. Ours: no text that was read says
a figure for documents."""

NOT_EXTERNAL = _("只有外来文件登记现行状态。")
NOTHING_TO_REVIEW = _("今天没有现行版本，无从复审。")
NOT_IN_FORCE = _("没有现行版本，不能废止。")
END_PLANNED = _("已经定了废止的日期，请改日期或取消废止。")
NO_END = _("没有定下的废止日期，或那一天已经过去。")
"""Why something makes no sense on a document as it stands."""

S = EditionState


@dataclass(frozen=True, slots=True)
class Standing:
    """An edition as the table below sees it, for one person who wants to move it."""

    state: str
    is_author: bool = False
    is_person: bool = True


Check = Callable[[Standing], str]


def _not_author(one: Standing) -> str:
    if not one.is_person:
        return _("审查和批准须由人进行。")
    return _("这一版由您起草，不能自己审查或批准，请由他人进行。") if one.is_author else ""


@dataclass(frozen=True, slots=True)
class Move:
    """One row of the transition table."""

    permission: str
    states: frozenset[str]
    to: str
    checks: tuple[Check, ...] = ()
    elsewhere: str = ""
    """What to say in a state that `states` does not list."""


def _in(*states: EditionState) -> frozenset[str]:
    return frozenset(state.value for state in states)


MOVES: dict[str, Move] = {
    "change": Move(EDIT, _in(S.DRAFT), S.DRAFT, elsewhere=_("只有草稿能修改；已送审的请先退回，已发布的请另起一版。")),
    "submit": Move(EDIT, _in(S.DRAFT), S.IN_REVIEW, elsewhere=_("只有草稿能送审。")),
    "review": Move(EDIT, _in(S.IN_REVIEW), S.REVIEWED, (_not_author,), _("只有待审查的才能审查。")),
    "approve": Move(APPROVE, _in(S.REVIEWED), S.APPROVED, (_not_author,), _("经他人审查之后才能批准。")),
    "return": Move(
        EDIT, _in(S.IN_REVIEW, S.REVIEWED, S.APPROVED), S.DRAFT, elsewhere=_("已送审、还没有发布的才能退回。")
    ),
    "issue": Move(APPROVE, _in(S.APPROVED), S.ISSUED, elsewhere=_("批准之后才能发布施行。")),
    "recall": Move(APPROVE, _in(S.ISSUED), S.APPROVED, elsewhere=_("只有已发布、还没有施行的才能撤回。")),
    "discard": Move(EDIT, _in(S.DRAFT), S.DISCARDED, elsewhere=_("只有草稿能作废。")),
}
"""The one transition table: what is not in here cannot be done."""

NEXT_MOVES = {
    S.DRAFT.value: "submit",
    S.IN_REVIEW.value: "review",
    S.REVIEWED.value: "approve",
    S.APPROVED.value: "issue",
}
"""The one next step of an edition in work."""


def refusal(move_name: str, one: Standing) -> str:
    """Why `move_name` is impossible for this person now, as a sentence; "" when it is possible."""
    move = MOVES[move_name]
    if one.state not in move.states:
        return move.elsewhere
    return next(filter(None, (check(one) for check in move.checks)), "")


@dataclass(frozen=True, slots=True)
class Content:
    """All that an edition says, as its hash is over it."""

    number: str
    title: str
    kind: str
    label: str
    text: str
    file_sha256: str
    summary: str
    change_note: str
    kept_where: str
    kept_months: int | None
    kept_basis: str


def content_hash(content: Content) -> str:
    """SHA-256 over canonical JSON."""
    told = {name: getattr(content, name) for name in Content.__dataclass_fields__}
    return sha256(json.dumps(told, ensure_ascii=False, sort_keys=True).encode()).hexdigest()


def check_complete(content: Content) -> None:
    """Raises Refused for an edition that says too little to be submitted."""
    if not content.text and not content.file_sha256 and content.kind != DocumentKind.RECORD and not content.kept_where:
        raise Refused("", _("没有正文，也没有附件，不能送审。"))
    if content.kind != DocumentKind.RECORD:
        return
    if not content.kept_where:
        raise Refused("", _("记录须写明存放处，请先修改草稿。"))
    if content.kept_months is None:
        raise Refused("", _("记录须写明保存多少个月，请先修改草稿。"))


def written(field: str, value: str, limit: int, *, required: bool = False) -> str:
    """What was written, stripped. Raises Refused when it is missing, too long or cannot be stored."""
    text = value.strip()
    if not storable(text):
        raise Refused(field, _("含有不能保存的字符。"))
    if required and not text:
        raise Refused(field, _("请填写。"))
    if len(text) > limit:
        raise Refused(field, _("最多 %(limit)d 个字，现有 %(count)d 个。"), limit=limit, count=len(text))
    return text


def check_months(field: str, months: int | None, least: int = 1, most: int = MONTHS_AT_MOST) -> None:
    if months is not None and not least <= months <= most:
        raise Refused(field, _("请填 %(least)d 到 %(most)d 个月。"), least=least, most=most)


def check_day(field: str, day: date | None) -> date:
    """The day itself. Raises Refused for none, or one that cannot be meant."""
    if day is None:
        raise Refused(field, _("请填写。"))
    if not EARLIEST <= day <= LATEST:
        raise Refused(field, _("日期 %(day)s 不在 1990 年至 2100 年之间。"), day=str(day))
    return day


@dataclass(frozen=True, slots=True)
class Term:
    """From when to when an edition is in force, both ends included."""

    label: str
    begins: date
    until: date | None


def check_begins(begins: date, terms: Iterable[Term]) -> None:
    """Raises Refused for a day on which, or after which, another edition has begun: two would be in force on it."""
    for term in terms:
        if begins <= term.begins:
            sentence = _("版本“%(label)s”自 %(begins)s 起施行：新版须从这一天以后施行，否则同一天会有两个现行版本。")
            raise Refused("effective_on", sentence, label=term.label, begins=str(term.begins))
        if term.until is not None and begins <= term.until:
            sentence = _("版本“%(label)s”到 %(until)s 为止施行：同一天不能有两个现行版本，请填以后的日期。")
            raise Refused("effective_on", sentence, label=term.label, until=str(term.until))


def check_last_day(last_day: date, today: date) -> None:
    """Raises Refused for an end so far ahead that nobody can plan it."""
    latest = months_after(today, WITHDRAWN_WITHIN)
    if last_day > latest:
        raise Refused("last_day", _("最后一天不能晚于 %(latest)s（一年之内）；更晚的到时再废止。"), latest=str(latest))


def next_review(field: str, last: date, asked: date | None, cycle_months: int) -> date:
    """By when it is reviewed next: what was asked for, or a whole cycle after `last`. Raises Refused for a day later
    than that."""
    latest = months_after(last, cycle_months)
    due = check_day(field, asked or latest)
    if due > latest:
        sentence = _("复审周期 %(months)d 个月，从 %(day)s 起最迟 %(latest)s。")
        raise Refused(field, sentence, months=cycle_months, day=str(last), latest=str(latest))
    return due


def force_on(begins: date, until: date | None, ended: str, on: date) -> Force:
    """How an issued edition stands on a day; its first and its last day count."""
    if on < begins:
        return Force.UPCOMING
    if until is None or on <= until:
        return Force.IN_FORCE
    return Force.WITHDRAWN if ended == Force.WITHDRAWN else Force.SUPERSEDED


def months_after(day: date, months: int) -> date:
    """The same day so many months later; the last one of a shorter month."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def normal_number(number: str) -> str:
    """A number as it is compared: "gb 50348—2018", "ＧＢ50348-2018" and "GB50348-2018" are the same."""
    text = normalize("NFKC", number).upper().translate(str.maketrans("—–", "--"))
    return "".join(text.split())
