"""Finds the rules: every class of a rule in a module of `clauses`; by evidence what is attested and has none."""

import inspect
from functools import cache
from importlib import import_module
from pkgutil import iter_modules
from typing import Any

from lianjing.domain.compliance import clauses
from lianjing.domain.compliance.catalogue import catalogue
from lianjing.domain.compliance.judging import Rule
from lianjing.terms.verdicts import ClauseKind


class TwoRules(Exception):
    """Two classes say that they judge the same clause."""


@cache
def rules() -> dict[str, Rule[Any]]:
    """Each rule by its clause. A module of a clause's own goes before the rule by evidence."""
    # Here: what reads rows can be imported only when Django is set up.
    from lianjing.domain.compliance.attested_rule import AttestedRule

    attested = [one for one in catalogue().judged if one.kind is ClauseKind.ATTESTED]
    return {**{one.number: AttestedRule(one) for one in attested}, **own_rules()}


@cache
def own_rules() -> dict[str, Rule[Any]]:
    """Those that have a module of their own."""
    found: dict[str, Rule[Any]] = {}
    for module in iter_modules(clauses.__path__, f"{clauses.__name__}."):
        for _, kind in inspect.getmembers(import_module(module.name), inspect.isclass):
            if kind.__module__ != module.name or not issubclass(kind, Rule) or inspect.isabstract(kind):
                continue
            if kind.clause in found:
                raise TwoRules(kind.clause)
            found[kind.clause] = kind()
    return found
