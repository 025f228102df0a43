"""The outcome of an import as a program reads it, and its parts as people do."""

from collections.abc import Callable
from typing import Any

from lianjing.core.workbooks.faults import Fault
from lianjing.core.workbooks.planning import Change, Outcome, What
from lianjing.terms.sentences import words

MOST_CHANGES = 1000
MOST_ERRORS = 10_000

Translate = Callable[[str], str]


def as_json(outcome: Outcome, *, dry_run: bool, translate: Translate = str) -> dict[str, Any]:
    """One object. A file with errors changes nothing: only a dry run counts what its other rows would do."""
    plan = outcome.plan
    counted = dry_run or outcome.applied
    shown = plan.changes[:MOST_CHANGES]
    return {
        "dry_run": dry_run,
        "applied": outcome.applied,
        "created": plan.count(What.CREATED) if counted else 0,
        "changed": plan.count(What.CHANGED) if counted else 0,
        "unchanged": plan.unchanged.total() if counted else 0,
        "removed": plan.count(What.REMOVED) if counted else 0,
        "sheets": {key: counts(outcome, key) for key, rows in plan.rows.items() if rows},
        "errors": [error(fault, translate) for fault in plan.faults[:MOST_ERRORS]],
        "errors_left_out": max(0, len(plan.faults) - MOST_ERRORS),
        "hints": [error(hint, translate) for hint in plan.hints[:MOST_CHANGES]],
        "changes": [change_told(change) for change in shown],
        "changes_left_out": len(plan.changes) - len(shown),
    }


def counts(outcome: Outcome, sheet: str) -> dict[str, int]:
    """Of one sheet, what its rows would do."""
    plan = outcome.plan
    return {
        "rows": plan.rows[sheet],
        "created": plan.count(What.CREATED, sheet),
        "changed": plan.count(What.CHANGED, sheet),
        "unchanged": plan.unchanged[sheet],
        "removed": plan.count(What.REMOVED, sheet),
        "errors": sum(fault.sheet == sheet for fault in plan.faults),
    }


def error(fault: Fault, translate: Translate = str) -> dict[str, Any]:
    return {"sheet": fault.sheet, "row": fault.row, "column": fault.column, "message": words(fault, translate)}


def change_told(change: Change) -> dict[str, Any]:
    """One row's change; secrets as "changed", telephone numbers in part."""
    return {
        "sheet": change.sheet,
        "row": change.row,
        "key": change.key,
        "what": change.what.value,
        "before": change.before,
        "after": change.after,
        "weakens": change.weakens,
    }
