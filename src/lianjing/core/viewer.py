"""Whose eyes: the first parameter of every query (docs/decisions/0006).

A viewer is never None: code that has nobody to name has no business reading.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, TypeVar

from django.db.models import Model, QuerySet

from lianjing.terms.roles import PERMISSIONS, Role

INSTALLATION: None = None
"""Key of `Person.roles` for roles that are held for the whole installation instead of one company."""


class Forbidden(Exception):
    """The viewer may not do this at all. What he may not see is reported as missing instead, never with this."""


@dataclass(frozen=True, slots=True)
class Scope:
    """The companies whose rows a permission opens to somebody."""

    everything: bool
    companies: frozenset[int]

    def __bool__(self) -> bool:
        return self.everything or bool(self.companies)

    def holds(self, company_id: int | None) -> bool:
        return self.everything or (company_id is not None and company_id in self.companies)


NOTHING = Scope(False, frozenset())
EVERYTHING = Scope(True, frozenset())


@dataclass(frozen=True, slots=True)
class Person:
    """A signed-on user and the roles that he holds, by company id (None: the installation)."""

    id: int
    name: str
    roles: Mapping[int | None, frozenset[Role]]

    @property
    def is_admin(self) -> bool:
        return Role.ADMIN in self.roles.get(INSTALLATION, frozenset())

    def scope(self, permission: str) -> Scope:
        holders = PERMISSIONS[permission].roles
        if self.is_admin and Role.ADMIN in holders:
            return EVERYTHING
        return Scope(False, frozenset(c for c, held in self.roles.items() if c is not None and held & holders))


@dataclass(frozen=True, slots=True)
class Token:
    """A program that calls the API for a person; it can do no more than he can."""

    id: int
    person: Person

    @property
    def name(self) -> str:
        return self.person.name

    def scope(self, permission: str) -> Scope:
        return self.person.scope(permission)


@dataclass(frozen=True, slots=True)
class Link:
    """Whoever holds a link to one subject, e.g. "incident:12". Opens no list."""

    subject: str
    name: str = "link"

    def scope(self, permission: str) -> Scope:
        return NOTHING


@dataclass(frozen=True, slots=True)
class System:
    """The product itself, with the reason. Built only in `workers` and `project` (a house test checks)."""

    reason: str

    @property
    def name(self) -> str:
        return self.reason

    def scope(self, permission: str) -> Scope:
        return EVERYTHING


Viewer = Person | Token | Link | System

M = TypeVar("M", bound=Model)


def visible(
    rows: "QuerySet[M, Any]", viewer: Viewer, permission: str, company_field: str = "company_id"
) -> "QuerySet[M, Any]":
    """The rows of `rows` that `permission` opens to `viewer`. Rows of no company are the installation admin's."""
    scope = viewer.scope(permission)
    if scope.everything:
        return rows
    return rows.filter(**{f"{company_field}__in": scope.companies})


def require(viewer: Viewer, permission: str, company_id: int | None) -> None:
    """Raises `Forbidden` unless `viewer` holds `permission` for that company."""
    if not viewer.scope(permission).holds(company_id):
        raise Forbidden(PERMISSIONS[permission].zh)


def person_id(viewer: Viewer) -> int | None:
    """The person behind a viewer, None for the system and for links."""
    if isinstance(viewer, Person):
        return viewer.id
    return viewer.person.id if isinstance(viewer, Token) else None
