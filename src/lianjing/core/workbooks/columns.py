"""What a sheet and a column of a workbook are, and by which names people call them. No Django.

The tables of sheets stand with the apps that they are about; reading, writing, the template and the documentation
(docs/operations/import.md) are made from them.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from unicodedata import normalize

from lianjing.core.workbooks import cells
from lianjing.core.workbooks.cells import Reader, choice
from lianjing.terms.premises import Word


@dataclass(frozen=True, slots=True)
class Column:
    """One column. Its header reads "`zh` `key`"."""

    key: str
    zh: str
    read: Reader
    told: str
    """What goes in, for the template; translatable."""
    field: str = ""
    """Field of the model that it sets as it is; empty: the sheet has code of its own for it."""
    also: tuple[str, ...] = ()
    """Other names under which it is known, keys or Chinese."""
    words: type[Word] | None = None
    """Choices."""
    many: bool = False
    """Holds several of the choices, with commas between them."""
    is_flag: bool = False
    secret: bool = False
    """Is never exported, and told as changed at most."""
    private: bool = False
    """Goes into no record, and is shown in part only."""
    wide: int = 14

    @property
    def header(self) -> str:
        return f"{self.zh} {self.key}"


@dataclass(frozen=True, slots=True)
class Sheet:
    """One sheet. Its first columns, `keys` of them, say which row of the system is meant."""

    key: str
    zh: str
    told: str
    columns: tuple[Column, ...]
    keys: int = 1
    needed: tuple[str, ...] = ()
    """Columns without which nothing new can be made."""
    also: tuple[str, ...] = ()

    def column(self, key: str) -> Column:
        return next(column for column in self.columns if column.key == key)

    @property
    def title(self) -> str:
        return f"{self.zh} {self.key}"


Sheets = Mapping[str, Sheet]
"""By key, in the order in which people fill them in."""


def flag(key: str, zh: str, told: str, field: str = "", also: tuple[str, ...] = ()) -> Column:
    return Column(key, zh, cells.yes_no, told, field, also, is_flag=True, wide=10)


def word(key: str, zh: str, words: type[Word], told: str, field: str = "", also: tuple[str, ...] = ()) -> Column:
    return Column(key, zh, choice(words), told, field, also, words=words, wide=14)


EXPLANATIONS = "说明"
"""Title of the sheet that tells people what goes where; an import passes over it."""
PASSED_OVER = frozenset({EXPLANATIONS, "填写说明", "readme", "notes", "explanations"})

_ASCII = re.compile(r"[a-z_0-9]+")


def _tokens(title: str) -> tuple[list[str], str]:
    """A title's words in Latin letters, and the rest without blanks."""
    plain = normalize("NFKC", str(title)).lower()
    latin = [word for word in _ASCII.findall(plain) if not word.isdigit()]
    return latin, re.sub(r"[\s*:|/()\[\]-]", "", plain)


def sheet_named(title: str, sheets: Sheets) -> Sheet | None:
    """The sheet that a title means: by key, in Chinese, or both."""
    return next(iter(_named(title, {key: (sheet.zh, *sheet.also) for key, sheet in sheets.items()}, sheets)), None)


def sheet_in(name: str, sheets: Sheets) -> Sheet | None:
    """The one sheet whose key is among the words of a file name, such as `zones-2026 (1)`."""
    found = {word for word in re.split(r"[^a-z]+", name.lower()) if word in sheets}
    return sheets[found.pop()] if len(found) == 1 else None


def column_named(sheet: Sheet, title: str) -> Column | None:
    """The column that a header cell means: by key, in Chinese, or both."""
    known = {column.key: column for column in sheet.columns}
    found = _named(title, {column.key: (column.zh, *column.also) for column in sheet.columns}, known)
    return found[0] if len(found) == 1 else None


def _named(title: str, names: Mapping[str, tuple[str, ...]], known: Mapping[str, "object"]) -> list:  # type: ignore[type-arg]
    latin, whole_title = _tokens(title)
    for key in known:
        if latin == [key]:
            return [known[key]]
    for key, others in names.items():
        if any(whole_title == re.sub(r"[\s*:|/()\[\]-]", "", other.lower()) for other in others):
            return [known[key]]
    by_key = list(dict.fromkeys(word for word in latin if word in known))
    if by_key:
        return [known[key] for key in by_key]
    return [known[key] for key, others in names.items() if set(latin) & {o for o in others if o.isascii()}][:2]


def is_passed_over(title: str) -> bool:
    return _tokens(title)[1] in PASSED_OVER
