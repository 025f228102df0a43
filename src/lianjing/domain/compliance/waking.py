"""Which clauses a message of the bus wakes, and by which rules a company was judged. Pure."""

from collections.abc import Mapping
from functools import cache
from hashlib import sha256

from lianjing import __version__
from lianjing.domain.compliance.catalogue import catalogue
from lianjing.domain.compliance.registry import rules


@cache
def woken_by() -> Mapping[str, frozenset[str]]:
    """For each topic that wakes anything: the numbers of the clauses."""
    found: dict[str, set[str]] = {}
    for number, rule in rules().items():
        for topic in rule.wakes_on:
            found.setdefault(topic, set()).add(number)
    return {topic: frozenset(numbers) for topic, numbers in found.items()}


@cache
def fingerprint() -> str:
    """Another one after a clause or a rule came or went, and with another version of the product."""
    told = [__version__, *(f"{one.number} {one.number in rules()}" for one in catalogue().judged)]
    return sha256("\n".join(told).encode()).hexdigest()
