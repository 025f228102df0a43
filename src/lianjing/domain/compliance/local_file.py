"""Reads the file of a local standard: everything is checked, and each fault is named with its place. No Django."""

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from lianjing.domain.compliance.local_text import FORMAT, KEY_LIMIT, LocalText, cited_as, text_of
from lianjing.terms.sentences import Figures
from lianjing.terms.sentences import marked as _
from lianjing.terms.texts import storable
from lianjing.terms.verdicts import ClauseKind, Confidence, Relation

MOST_BYTES, MOST_CLAUSES, MOST_MAPPINGS, MOST_FAULTS = 2_000_000, 2_000, 50, 100
ASKS_MORE = frozenset({Relation.SUPERSET.value, Relation.INTERSECTS.value})


@dataclass(frozen=True, slots=True)
class FileFault:
    """What is wrong, and where: `clauses[3].mappings[0].relation`, "" for the file as a whole."""

    place: str
    sentence: str
    figures: Figures = field(default_factory=dict)


class BadFile(Exception):
    """Nothing was taken; `faults` are all that were found."""

    def __init__(self, faults: list[FileFault]) -> None:
        super().__init__(faults)
        self.faults = faults[:MOST_FAULTS]


Check = Callable[[Any, str], Iterator[FileFault]]


def read_local(content: bytes) -> tuple[LocalText, dict[str, Any]]:
    """The text, and what is stored of it. Raises BadFile."""
    told = _parsed(content)
    faults = list(_whole(told))
    if faults:
        raise BadFile(faults)
    return text_of(told), told


def _parsed(content: bytes) -> dict[str, Any]:
    if len(content) > MOST_BYTES:
        raise BadFile([FileFault("", _("文件超过 %(most)d 字节。"), {"most": MOST_BYTES})])
    try:
        told = json.loads(content.decode("utf-8-sig"), object_pairs_hook=_once)
    except UnicodeDecodeError as wrong:
        raise BadFile([FileFault("", _("不是 UTF-8 编码的文本。"))]) from wrong
    except json.JSONDecodeError as wrong:
        told_where = {"line": wrong.lineno, "column": wrong.colno}
        raise BadFile([FileFault("", _("第 %(line)d 行第 %(column)d 列：不是 JSON。"), told_where)]) from wrong
    except (ValueError, RecursionError) as wrong:
        raise BadFile([FileFault("", _("不是可以读取的 JSON：%(why)s"), {"why": str(wrong)[:200]})]) from wrong
    if not isinstance(told, dict):
        raise BadFile([FileFault("", _("最外层应是一个对象 { }。"))])
    return told


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        names = [name for name, _value in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        raise ValueError(f"“{twice}”写了两次")
    return found


# What may stand where


def _text(most: int, *, empty: bool = False, lines: bool = False) -> Check:
    def check(value: Any, place: str) -> Iterator[FileFault]:
        if not isinstance(value, str):
            yield FileFault(place, _("应是文字，现为 %(value)s。"), {"value": shown(value)})
        elif not value.strip() and not empty:
            yield FileFault(place, _("没有填写。"))
        elif len(value) > most:
            yield FileFault(place, _("最多 %(limit)d 个字，现有 %(count)d 个。"), {"limit": most, "count": len(value)})
        elif not storable(value) or (not lines and ("\n" in value or value != value.strip())):
            yield FileFault(place, _("“%(value)s”含有换行、首尾空格或不能保存的字符。"), {"value": shown(value)})

    return check


def _one_of(*words: str) -> Check:
    def check(value: Any, place: str) -> Iterator[FileFault]:
        if value not in words:
            told = {"value": shown(value), "choices": "、".join(words)}
            yield FileFault(place, _("“%(value)s”不是可选的值，可选：%(choices)s。"), told)

    return check


def _day(value: Any, place: str) -> Iterator[FileFault]:
    try:
        if not isinstance(value, str) or len(value) != 10:
            raise ValueError
        date.fromisoformat(value)
    except ValueError:
        yield FileFault(place, _("“%(value)s”不是日期，请写成 2026-01-01 的样子。"), {"value": shown(value)})


def shown(value: Any) -> str:
    return (value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, default=str))[:40]


HEAD: dict[str, Check] = {
    "format": _one_of(FORMAT),
    "number": _text(40),
    "edition": _text(20),
    "title": _text(100),
    "issuer": _text(100),
    "valid_from": _day,
}
CLAUSE: dict[str, Check] = {
    "number": _text(20),
    "title": _text(60),
    "kind": _one_of(*(kind.value for kind in ClauseKind)),
    "text": _text(5_000, empty=True, lines=True),
}
MAPPING: dict[str, Check] = {"to": _text(90), "relation": _one_of(*(relation.value for relation in Relation))}
BASIS: dict[str, Check] = {"standard": _text(60)}
MAY = {
    "head": {"valid_until": _day, "about": _text(500, empty=True, lines=True), "clauses": None},
    "clause": {"basis": None, "mappings": None},
    "mapping": {"why": _text(500, empty=True, lines=True)},
    "basis": {
        "name": _text(100),
        "clause": _text(60, empty=True),
        "asks": _text(500, empty=True, lines=True),
        "confidence": _one_of(*(confidence.value for confidence in Confidence)),
    },
}


def _object(value: Any, place: str, must: Mapping[str, Check], may: Mapping[str, Check | None]) -> Iterator[FileFault]:
    """An object with these names and no others."""
    before = f"{place}." if place else ""
    if not isinstance(value, dict):
        yield FileFault(place, _("应是一个对象 { }，现为 %(value)s。"), {"value": shown(value)})
        return
    for name in must.keys() - value.keys():
        yield FileFault(before + name, _("没有填写。"))
    for name, inner in value.items():
        check = must.get(name) or may.get(name)
        if name not in must and name not in may:
            yield FileFault(before + shown(name), _("没有这样的栏目。"))
        elif check is not None:
            yield from check(inner, before + name)


def _list(value: Any, place: str, most: int) -> Iterator[FileFault]:
    if not isinstance(value, list):
        yield FileFault(place, _("应是一个列表 [ ]，现为 %(value)s。"), {"value": shown(value)})
    elif len(value) > most:
        yield FileFault(place, _("共 %(count)d 项，最多 %(most)d 项。"), {"count": len(value), "most": most})


def _whole(told: dict[str, Any]) -> Iterator[FileFault]:
    broken = list(_object(told, "", HEAD, MAY["head"]))
    yield from broken
    if not broken and told.get("valid_until") and told["valid_until"] < told["valid_from"]:
        figures = {"until": told["valid_until"], "since": told["valid_from"]}
        yield FileFault("valid_until", _("%(until)s 早于实施日期 %(since)s。"), figures)
    clauses = told.get("clauses", [])
    broken = list(_list(clauses, "clauses", MOST_CLAUSES))
    if not broken and not clauses:
        broken = [FileFault("clauses", _("没有条款。"))]
    if broken:
        yield from broken
        return
    for place, clause in enumerate(clauses):
        yield from _clause(clause, f"clauses[{place}]")
    yield from _twice(clauses)
    yield from _too_long(told, clauses)


def _clause(clause: Any, place: str) -> Iterator[FileFault]:
    broken = list(_object(clause, place, CLAUSE, MAY["clause"]))
    yield from broken
    if not isinstance(clause, dict):
        return
    for name, must, most in (("mappings", MAPPING, MOST_MAPPINGS), ("basis", BASIS, MOST_MAPPINGS)):
        rows = clause.get(name, [])
        wrong = list(_list(rows, f"{place}.{name}", most))
        if not wrong:
            may = MAY["mapping" if name == "mappings" else "basis"]
            wrong = [fault for at, row in enumerate(rows) for fault in _object(row, f"{place}.{name}[{at}]", must, may)]
        broken += wrong
        yield from wrong
    if not broken:
        yield from _fits(clause, place)


def _fits(clause: Mapping[str, Any], place: str) -> Iterator[FileFault]:
    """Whether kind, text and mappings go together."""
    kind, mappings = ClauseKind(clause["kind"]), clause.get("mappings", [])
    if kind != ClauseKind.HEADING and not clause["text"].strip():
        yield FileFault(f"{place}.text", _("没有填写：除标题外都要写原文。"))
    if not kind.is_judged and mappings:
        yield FileFault(f"{place}.mappings", _("%(kind)s没有判定，不能有对应的条款。"), {"kind": kind.zh})
    relations = {one["relation"] for one in mappings}
    if kind == ClauseKind.COMPUTED and (not relations or relations & ASKS_MORE):
        sentence = _("计算得出的条款只能由 equal 或 subset 对应的条款判定；要自有证据的，性质写 attested。")
        yield FileFault(f"{place}.kind", sentence)
    targets = [one["to"] for one in mappings]
    for at, target in enumerate(targets):
        if target in targets[:at]:
            yield FileFault(f"{place}.mappings[{at}].to", _("“%(to)s”对应了两次。"), {"to": target})


def _twice(clauses: list[Any]) -> Iterator[FileFault]:
    seen: dict[str, int] = {}
    for place, clause in enumerate(clauses):
        number = clause.get("number") if isinstance(clause, dict) else None
        if not isinstance(number, str):
            continue
        if number in seen:
            told = {"number": shown(number), "first": f"clauses[{seen[number]}]"}
            yield FileFault(f"clauses[{place}].number", _("条款号“%(number)s”与 %(first)s 重复。"), told)
        seen.setdefault(number, place)


def _too_long(told: dict[str, Any], clauses: list[Any]) -> Iterator[FileFault]:
    """By its key a clause is named everywhere, in columns of so many signs."""
    numbers = [clause.get("number") if isinstance(clause, dict) else None for clause in clauses]
    for place, number in enumerate(numbers):
        if all(isinstance(part, str) for part in (number, told.get("number"), told.get("edition"))):
            key = f"{cited_as(told['number'], told['edition'])} {number}"
            if len(key) > KEY_LIMIT:
                figures = {"key": key, "limit": KEY_LIMIT, "count": len(key)}
                sentence = _("“%(key)s”共 %(count)d 个字，最多 %(limit)d 个：请缩短标准号、版本或条款号。")
                yield FileFault(f"clauses[{place}].number", sentence, figures)
