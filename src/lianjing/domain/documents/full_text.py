"""Searching Chinese without a dictionary: a text is found by the pairs of neighbouring signs in it.

`值守人员` is found by 值守, 守人 and 人员. Single signs are kept too, so that one sign finds as well. Which pairs a
text has is an index of the database (the migration makes it); whether they stand in the asked order is looked at
afterwards, in the few that have them all.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator

from django.db import connections
from django.db.models import QuerySet
from django.db.models.expressions import RawSQL

from lianjing.domain.documents.models import EditionText

TERMS_AT_MOST = 6
AROUND = 32
"""Signs that an excerpt shows on each side of what was found."""
_SIGNS = str.maketrans(
    {
        sign: plain
        for plain, signs in {
            '"': "“”„‟«»「」『』〝〞〟",
            "'": "‘’‚‛‹›",
            "-": "‐‑‒–—―−─",
            ",": "、،",
            ".": "。",
            "~": "〜∼",
            "·": "•‧・∙⋅",
            "<": "《〈",
            ">": "》〉",
            "[": "【〔〖",
            "]": "】〕〗",
        }.items()
        for sign in signs
    }
)
"""What people write for one another: quotes and brackets of either script, all the dashes. Widths are one already."""
_TABLE = EditionText._meta.db_table
INDEX = "documents_full_text"
_IN_INDEX = {
    "sqlite": f"SELECT rowid FROM {INDEX} WHERE {INDEX} MATCH %s",  # noqa: S608 our names
    "postgresql": f"SELECT edition_id FROM {_TABLE} WHERE string_to_array(grams, ' ') @> string_to_array(%s, ' ')",  # noqa: S608
}


def kept_text(text: str) -> str:
    """As it is kept and shown: one width, one blank between words."""
    return " ".join(unicodedata.normalize("NFKC", text).split())


def folded(kept: str) -> str:
    """As it is compared: in small letters, with one kind of each punctuation mark. Sign by sign: what stands in it at a
    place stands there in the kept text."""
    signs = kept.translate(_SIGNS)
    small = signs.casefold()
    return small if len(small) == len(signs) else "".join(map(_small, signs))


def _small(sign: str) -> str:
    small = sign.casefold()
    return small if len(small) == 1 else sign


def grams_of(text: str) -> list[str]:
    """The single signs and the pairs of neighbours, each once. Only letters, digits and Han signs count."""
    found: dict[str, None] = {}
    for run in _runs(text):
        found.update(dict.fromkeys(run))
        found.update(dict.fromkeys(_pairs(run)))
    return list(found)


def _runs(text: str) -> list[str]:
    return "".join(sign if sign.isalnum() else " " for sign in folded(kept_text(text))).split()


def _pairs(run: str) -> list[str]:
    return [run[place : place + 2] for place in range(len(run) - 1)]


def asked_terms(text: str) -> list[str]:
    """The words that are asked for, each to be found as it stands; what has no letter in it is left out."""
    return [term for term in folded(kept_text(text)).split() if _runs(term)][:TERMS_AT_MOST]


def matching(rows: "QuerySet[EditionText]", text: str) -> "QuerySet[EditionText]":
    """Those in which every word of `text` stands."""
    terms = asked_terms(text)
    if not terms:
        return rows.none()
    rows = rows.filter(pk__in=_in_index(terms))
    for term in terms:
        if not _is_exact(term):
            rows = rows.filter(folded__contains=term)
    return rows


def standing_in(rows: "QuerySet[EditionText]", text: str) -> "QuerySet[EditionText]":
    """The same of a few that are known: without the index, which would look for all."""
    for term in asked_terms(text):
        rows = rows.filter(folded__contains=term)
    return rows


def _is_exact(term: str) -> bool:
    """What the index says is all there is to it: one sign, or one pair."""
    return len(term) <= 2 and term.isalnum()


def _in_index(terms: Iterable[str]) -> RawSQL:
    asked = sorted({gram for term in terms for run in _runs(term) for gram in (_pairs(run) or [run])})
    vendor = connections["default"].vendor
    told = " ".join(f'"{gram}"' for gram in asked) if vendor == "sqlite" else " ".join(asked)
    return RawSQL(_IN_INDEX[vendor], [told])  # noqa: S611 no word of it is the asker's: only the parameter


def excerpt(text: str, asked: str) -> tuple[tuple[str, bool], ...]:
    """The place of the first word that is found, and what of it was asked for: parts, each with whether it was."""
    terms, small = asked_terms(asked), folded(text)
    places = [place for place in map(small.find, terms) if place >= 0]
    if not places:
        return ()
    begins, until = max(0, min(places) - AROUND), min(len(text), min(places) + AROUND * 3)
    parts = list(_parts(text[begins:until], small[begins:until], terms))
    head = [("…", False)] if begins else []
    tail = [("…", False)] if until < len(text) else []
    return (*head, *parts, *tail)


def _parts(shown: str, small: str, terms: list[str]) -> Iterator[tuple[str, bool]]:
    """A long word goes before a short one that begins it."""
    told = 0
    for found in re.finditer("|".join(map(re.escape, sorted(terms, key=len, reverse=True))), small):
        yield from ((part, False) for part in (shown[told : found.start()],) if part)
        yield shown[found.start() : found.end()], True
        told = found.end()
    yield from ((part, False) for part in (shown[told:],) if part)
