"""A table that is edited as a whole: rows of text fields, choices and ticks, with room for new ones.

Not Django's formsets: two hundred rows of their widgets take a second to render, these some milliseconds. What was
typed stays; what is wrong stands below its row, and once more in a list at the top.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.http import QueryDict
from django.utils.functional import Promise
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from lianjing.domain.sites.equipment_entries import RowsRefused

TEXT, CHOICE, TICK = "text", "choice", "tick"
MOST_ROWS = 1200
BLANK_ROWS = 3
"""Empty rows at the end, for whoever has no scripts; with them a row is added by key."""
NEW = "new"
"""Stands in the names of the row that the page copies."""
_NAME = re.compile(r"r(\d{1,5})-(\w{1,20})")


@dataclass(frozen=True, slots=True)
class Column:
    """A column. `start` stands in new rows; `hint` is told to readers and on hovering, never only there."""

    name: str
    label: str | Promise
    kind: str = TEXT
    choices: Sequence[tuple[str, str]] = ()
    start: str = ""
    limit: int = 100
    size: str = ""
    """Class of the column's width: `narrow`, `short`, `wide`."""
    suggestions: str = ""
    """Id of a list of suggestions on the page."""


@dataclass(slots=True)
class Row:
    """A row as it stands or was typed; `id` 0 is a new one."""

    values: dict[str, str]
    id: int = 0
    removed: bool = False
    problems: dict[str, str] = field(default_factory=dict)
    note: str = ""
    """Shown beside the row, such as that it is disabled."""


class Table:
    """Columns and rows, with what the page needs to show them."""

    def __init__(self, columns: Sequence[Column], rows: Iterable[Row], *, removable: bool = True) -> None:
        self.columns, self.removable = columns, removable
        self.rows = list(rows)
        self._options: dict[tuple[str, str], SafeString] = {}

    @classmethod
    def read(cls, columns: Sequence[Column], data: QueryDict) -> "Table":
        """The rows that were sent, in their order; new ones in which nobody has typed anything are left out."""
        sent: dict[int, dict[str, str]] = {}
        for key in data:
            if (told := _NAME.fullmatch(key)) and len(sent) < MOST_ROWS + 1:
                sent.setdefault(int(told[1]), {})[told[2]] = str(data[key])
        rows = (_row(columns, sent[number]) for number in sorted(sent))
        return cls(columns, [row for row in rows if row.id or not _is_blank(row, columns)])

    @property
    def kept(self) -> list[Row]:
        """Those that are not to be removed."""
        return [row for row in self.rows if not row.removed]

    @property
    def removed_ids(self) -> list[int]:
        return [row.id for row in self.rows if row.removed and row.id]

    def refuse(self, refused: RowsRefused) -> None:
        """Puts each sentence beside its row; its rows are counted over `kept`."""
        kept = self.kept
        for problem in refused.problems:
            row = kept[min(problem.row, len(kept) - 1)] if kept else Row({})
            row.problems.setdefault(problem.field, _(problem.sentence) % problem.figures)

    @property
    def problems(self) -> list[tuple[str, str]]:
        """For the list at the top: where the row is, and what is wrong with it."""
        return [
            (f"r{number}", _("第 %(row)d 行：%(problem)s") % {"row": number + 1, "problem": sentence})
            for number, row in enumerate(self.rows)
            for sentence in row.problems.values()
        ]

    def shown(self) -> list[dict[str, Any]]:
        """Rows for the template, the blank ones at the end."""
        blank = [Row(self._start()) for _number in range(BLANK_ROWS)]
        return [self._shown(str(number), row) for number, row in enumerate([*self.rows, *blank])]

    def pattern(self) -> dict[str, Any]:
        """The row that the page copies for a new one."""
        return self._shown(NEW, Row(self._start()))

    def _start(self) -> dict[str, str]:
        return {column.name: column.start for column in self.columns}

    def _shown(self, number: str, row: Row) -> dict[str, Any]:
        cells = [
            {"html": self._cell(number, column, row), "size": column.size, "label": column.label}
            for column in self.columns
        ]
        told = {"number": number, "row": row, "cells": cells, "is_new": not row.id}
        return told | {"place": int(number) + 1 if number != NEW else "", "problems": list(row.problems.values())}

    def _cell(self, number: str, column: Column, row: Row) -> SafeString:
        value, wrong = row.values.get(column.name, ""), column.name in row.problems
        name = f"r{number}-{column.name}"
        label = f"{column.label} {int(number) + 1 if number != NEW else ''}".strip()
        state = format_html(' aria-invalid="true" aria-describedby="r{}-problem"', number) if wrong else SafeString("")
        if column.kind == TICK:
            ticked = SafeString(" checked") if value else SafeString("")
            return format_html('<input type="checkbox" name="{}" aria-label="{}"{}{}>', name, label, ticked, state)
        if column.kind == CHOICE:
            options = self._choice(column, value)
            return format_html('<select name="{}" aria-label="{}"{}>{}</select>', name, label, state, options)
        suggestions = format_html(' list="{}"', column.suggestions) if column.suggestions else SafeString("")
        return format_html(
            '<input type="text" name="{}" value="{}" aria-label="{}" autocomplete="off" spellcheck="false"{}{}>',
            name,
            value,
            label,
            suggestions,
            state,
        )

    def _choice(self, column: Column, value: str) -> SafeString:
        kept = self._options.get((column.name, value))
        if kept is None:
            known = any(value == choice for choice, _words in column.choices)
            choices = [*column.choices] if known else [*column.choices, (value, value or "—")]
            kept = self._options[column.name, value] = format_html_join(
                "",
                '<option value="{}"{}>{}</option>',
                ((c, SafeString(" selected") if c == value else SafeString(""), words) for c, words in choices),
            )
        return kept


def _row(columns: Sequence[Column], sent: Mapping[str, str]) -> Row:
    identity = sent.get("id", "")
    return Row(
        values={column.name: sent.get(column.name, "").strip()[: 2 * column.limit] for column in columns},
        id=int(identity) if identity.isascii() and identity.isdigit() and len(identity) < 19 else 0,
        removed=bool(sent.get("remove")),
    )


def _is_blank(row: Row, columns: Sequence[Column]) -> bool:
    """What stands there from the start, and ticks, make no row."""
    return not any(row.values[column.name] not in ("", column.start) for column in columns if column.kind != TICK)
