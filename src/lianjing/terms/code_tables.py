"""Looks up what a code means (代码表). The tables are `tables/contact_id.tsv`, `tables/sia.tsv`,
`tables/heng_bo.tsv` and `tables/lianjing.tsv`, one row a code.

Sources: code sets, names and address kinds of SIA DC-05-2016 (Contact ID) and SIA DC-03-2017 (two-letter codes); the
description of the protocol of Heng-Bo hosts for their own codes (github.com/captainwong/ademco_hb, docs); class, grade
and the Chinese words are ours, set by how urgently a person must act.
"""

import csv
from collections.abc import Iterator
from functools import lru_cache
from importlib.resources import files

from lianjing.terms.codes import AddressKind, CodeMeaning, EventClass, Grade, Phase, Scheme

_RESTORED = "3"  # Contact ID qualifiers (DC-05): 1 new or opening, 3 restoral or closing, 6 still present
_STILL_PRESENT = "6"
_SETTING = "2"  # Heng-Bo's third state of a setting, neither begun nor ended
_OLD_EVENT = "O"  # DC-03 block "O": kept by the panel and sent late

# Families of a Contact ID code that no table lists, longest prefix first; what follows the last row is "system".
_CONTACT_ID_FAMILIES = (
    ("10", EventClass.MEDICAL, Grade.FIRST),
    ("11", EventClass.FIRE, Grade.FIRST),
    ("12", EventClass.HOLD_UP, Grade.FIRST),
    ("13", EventClass.INTRUSION, Grade.SECOND),
    ("14", EventClass.INTRUSION, Grade.SECOND),
    ("15", EventClass.FAULT, Grade.THIRD),
    ("16", EventClass.FAULT, Grade.THIRD),
    ("1", EventClass.INTRUSION, Grade.SECOND),
    ("2", EventClass.FAULT, Grade.THIRD),
    ("3", EventClass.FAULT, Grade.THIRD),
    ("4", EventClass.OPEN_CLOSE, Grade.FOURTH),
    ("5", EventClass.BYPASS, Grade.FOURTH),
    ("6", EventClass.TEST, Grade.FOURTH),
)


def meaning(scheme: Scheme, code: str, qualifier: str) -> CodeMeaning:
    """What `code` says when it comes with `qualifier`. Never fails: a code of no table gets `known=False`.

    `code` is "130" (Contact ID event code without its qualifier) or "BA"; `qualifier` is "1", "3", "6" or "N", "O".
    """
    return _TABLE.get((scheme, code, qualifier)) or _unknown(scheme, code, qualifier)


@lru_cache
def codes(scheme: Scheme) -> frozenset[str]:
    """Every code that the scheme's table lists."""
    return frozenset(code for table, code, _ in _TABLE if table is scheme)


def _unknown(scheme: Scheme, code: str, qualifier: str) -> CodeMeaning:
    event_class, grade = _family(scheme, code)
    row = CodeMeaning(
        scheme=scheme,
        code=code,
        event_class=event_class,
        grade=grade,
        phase=Phase.RAISED,
        address_kind=AddressKind.ZONE,
        zh=f"未识别的代码 {code}",
        en=f"Unknown code {code}",
        known=False,
    )
    if scheme is Scheme.OTHER:
        return row._replace(zh=f"没有译码的报文 {code}", en=f"Undecoded message {code}", address_kind=AddressKind.NONE)
    if scheme is Scheme.SIA:
        return _sia(row, qualifier)
    return _contact_id(row, qualifier, (f"{row.zh}（恢复）", f"{row.en} (restored)"))


def _family(scheme: Scheme, code: str) -> tuple[EventClass, Grade]:
    """An unknown Contact ID code is judged by its neighbours. The SIA table has every alarm letter, so none is left."""
    for prefix, event_class, grade in _CONTACT_ID_FAMILIES if scheme is Scheme.CONTACT_ID else ():
        if code.startswith(prefix):
            return event_class, grade
    # What nobody can read may be a hold-up.
    return EventClass.SYSTEM, Grade.SECOND if scheme is Scheme.OTHER else Grade.THIRD


def _contact_id(row: CodeMeaning, qualifier: str, ended: tuple[str, str] = ("", "")) -> CodeMeaning:
    """`row` as qualifier 1 says it, turned to `qualifier`. `ended` are the table's own words (zh, en) for qualifier 3.

    An end asks nobody to hurry (grade 4). "Still present" repeats what was reported when it began; should that report
    have been lost, grade 3 keeps it in sight without making it a new alarm.
    """
    if qualifier == _RESTORED:
        return row._replace(
            phase=Phase.NOTED if row.phase is Phase.NOTED else Phase.RESTORED,
            grade=Grade.FOURTH,
            zh=ended[0] or f"{row.zh}恢复",
            en=ended[1] or f"{row.en} restored",
        )
    if qualifier == _STILL_PRESENT:
        return row._replace(
            phase=Phase.NOTED,
            grade=max(row.grade, Grade.THIRD),
            zh=f"{row.zh}（仍存在）",
            en=f"{row.en} (still present)",
        )
    return row


def _sia(row: CodeMeaning, qualifier: str) -> CodeMeaning:
    """An old event is one that could not be sent in time: it counts as new, and the words say that it is late."""
    if qualifier == _OLD_EVENT:
        return row._replace(zh=f"{row.zh}（补报）", en=f"{row.en} (sent late)")
    return row


_Key = tuple[Scheme, str, str]


def _rows(scheme: Scheme, name: str) -> Iterator[tuple[CodeMeaning, tuple[str, str]]]:
    text = files("lianjing.terms").joinpath("tables", name).read_text(encoding="utf-8")
    for row in csv.DictReader(text.splitlines(), delimiter="\t", quoting=csv.QUOTE_NONE):
        known = CodeMeaning(
            scheme=scheme,
            code=row["code"],
            event_class=EventClass(row["class"]),
            grade=Grade(int(row["grade"])),
            phase=Phase(row["phase"]),
            address_kind=AddressKind(row["address"]),
            zh=row["zh"],
            en=row["en"],
        )
        yield known, (row.get("zh_ended") or "", row.get("en_ended") or "")


def _load() -> dict[_Key, CodeMeaning]:
    table: dict[_Key, CodeMeaning] = {}
    for scheme, name in ((Scheme.CONTACT_ID, "contact_id.tsv"), (Scheme.HENG_BO, "heng_bo.tsv")):
        for row, ended in _rows(scheme, name):
            for qualifier in ("1", _RESTORED, _STILL_PRESENT):
                table[row.scheme, row.code, qualifier] = _contact_id(row, qualifier, ended)
    for row, _ in _rows(Scheme.HENG_BO, "heng_bo.tsv"):
        table[row.scheme, row.code, _SETTING] = row
    for row, _ in _rows(Scheme.LIANJING, "lianjing.tsv"):
        table[row.scheme, row.code, ""] = row
    for row, _ in _rows(Scheme.SIA, "sia.tsv"):
        for qualifier in ("N", _OLD_EVENT):
            table[row.scheme, row.code, qualifier] = _sia(row, qualifier)
    return table


_TABLE = _load()
