"""What may be submitted as evidence, how it stands on a day, and what its hash is over. No Django, no clock."""

import json
from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import date
from hashlib import sha256

from lianjing.core.refusals import Refused
from lianjing.terms.evidence import AskedState, EvidenceState
from lianjing.terms.sentences import marked as _
from lianjing.terms.texts import storable
from lianjing.terms.verdicts import Verdict

TITLE_AT_MOST, NOTE_AT_MOST, NAME_AT_MOST = 100, 500, 150
CLAUSES_AT_MOST = 40
EARLIEST, LATEST = date(1990, 1, 1), date(2100, 1, 1)
SHOWS = (Verdict.MET, Verdict.MOSTLY, Verdict.NOT_MET)
ACCEPTED, REJECTED = "accepted", "rejected"


@dataclass(frozen=True, slots=True)
class NewEvidence:
    """A piece of evidence as its author tells it. `same_file`: he knows that the file was submitted before."""

    title: str
    shows: str
    clauses: tuple[str, ...]
    valid_from: date | None
    valid_until: date | None = None
    note: str = ""
    file_name: str = ""
    same_file: bool = False


def checked(new: NewEvidence, judged: Collection[str]) -> NewEvidence:
    """The same, trimmed, its clauses in order. Raises Refused naming the part. `judged`: clauses of the catalogue."""
    told = replace(new, title=new.title.strip(), note=new.note.strip(), file_name=_name(new.file_name))
    _check_text("title", told.title, TITLE_AT_MOST, needed=True)
    _check_text("note", told.note, NOTE_AT_MOST)
    if told.shows not in SHOWS:
        raise Refused("shows", _("请选择一项。"))
    _check_clauses(told.clauses, judged)
    _check_days(told)
    return replace(told, clauses=tuple(sorted(set(told.clauses))))


def _check_text(field: str, text: str, limit: int, *, needed: bool = False) -> None:
    if needed and not text:
        raise Refused(field, _("请填写。"))
    if not storable(text):
        raise Refused(field, _("含有不能保存的字符。"))
    if len(text) > limit:
        raise Refused(field, _("最多 %(limit)d 个字，现有 %(count)d 个。"), limit=limit, count=len(text))


def _check_clauses(clauses: Collection[str], judged: Collection[str]) -> None:
    if not clauses:
        raise Refused("clauses", _("请选择证据所支持的条款。"))
    if len(clauses) > CLAUSES_AT_MOST:
        raise Refused(
            "clauses", _("最多选 %(limit)d 条，现有 %(count)d 条。"), limit=CLAUSES_AT_MOST, count=len(clauses)
        )
    for clause in clauses:
        if clause not in judged:
            raise Refused("clauses", _("没有需要判定的条款“%(clause)s”。"), clause=clause)


def _check_days(new: NewEvidence) -> None:
    if new.valid_from is None:
        raise Refused("valid_from", _("请填写生效日期。"))
    for field, day in (("valid_from", new.valid_from), ("valid_until", new.valid_until)):
        if day is not None and not EARLIEST <= day <= LATEST:
            raise Refused(field, _("日期 %(day)s 不在 1990 年至 2100 年之间。"), day=str(day))
    if new.valid_until is not None and new.valid_until < new.valid_from:
        sentence = _("失效日期 %(until)s 早于生效日期 %(begins)s。")
        raise Refused("valid_until", sentence, until=str(new.valid_until), begins=str(new.valid_from))


def _name(file_name: str) -> str:
    """The last part of a path, without what no text holds; long ones keep their ending."""
    name = file_name.replace("\\", "/").rpartition("/")[2].strip()
    name = "".join(sign for sign in name if sign.isprintable() and storable(sign))
    return name[-NAME_AT_MOST:]


def content_hash(new: NewEvidence, file_sha256: str, author_id: int) -> str:
    """SHA-256 over all that the author said, as canonical JSON."""
    told = {
        "author": author_id,
        "clauses": sorted(new.clauses),
        "file": file_sha256,
        "note": new.note,
        "shows": str(new.shows),
        "title": new.title,
        "valid_from": str(new.valid_from or ""),
        "valid_until": str(new.valid_until or ""),
    }
    return sha256(json.dumps(told, ensure_ascii=False, sort_keys=True).encode()).hexdigest()


def state_on(decision: str, valid_from: date | None, valid_until: date | None, on: date) -> EvidenceState:
    """How a piece that was not withdrawn stands on a day; its first and its last day count."""
    if decision != ACCEPTED:
        return EvidenceState.REJECTED if decision == REJECTED else EvidenceState.SUBMITTED
    if valid_until is not None and valid_until < on:
        return EvidenceState.EXPIRED
    if valid_from is not None and valid_from > on:
        return EvidenceState.UPCOMING
    return EvidenceState.ACCEPTED


def asked_state(answer: str | None, due_on: date, today: date) -> AskedState:
    """What became of a request. `answer`: the decision on what was submitted, "" while there is none; None: nothing
    was submitted, or it was rejected or withdrawn. The due day itself is not late."""
    if answer == ACCEPTED:
        return AskedState.ACCEPTED
    if answer == "":
        return AskedState.DELIVERED
    return AskedState.OVERDUE if due_on < today else AskedState.OPEN
