"""Reading the classification of events and faults, as it was in force at any moment; and how codes were read."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q

from lianjing.core.viewer import Viewer, visible
from lianjing.domain.signals.classification_policy import ClassRow, graded_pairs, read_rows
from lianjing.domain.signals.default_classes import shipped_rows
from lianjing.domain.signals.models import ClassesState, Classification, CodeOverride, ReadingChange

SEE = "classes.see"
VERSIONS_AT_MOST = 100
CHANGES_AT_MOST = 100


@dataclass(frozen=True, slots=True)
class ClassesTerm:
    """A version of a company's own, from an instant to another."""

    id: int
    number: int
    rows: tuple[ClassRow, ...]
    since: datetime
    until: datetime | None

    def holds_at(self, moment: datetime) -> bool:
        return self.since <= moment and (self.until is None or self.until > moment)

    @property
    def pairs(self) -> set[tuple[str, int]]:
        return graded_pairs(self.rows)


def classes_terms(
    viewer: Viewer, company_id: int, within: tuple[datetime, datetime], see: str = SEE
) -> list[ClassesTerm]:
    """Every own version that was in force at some time from the first moment to the second."""
    first, last = within
    rows = visible(Classification.objects.filter(company_id=company_id), viewer, see).filter(
        Q(in_force_until=None) | Q(in_force_until__gt=first),
        in_force_since__lte=last,
        state__in=(ClassesState.IN_FORCE, ClassesState.SUPERSEDED),
    )
    told = rows.order_by("number").values_list("pk", "number", "rows", "in_force_since", "in_force_until")
    return [ClassesTerm(pk, number, read_rows(kept), since, until) for pk, number, kept, since, until in told if since]


def classes_at(viewer: Viewer, company_id: int, moment: datetime, see: str = SEE) -> ClassesTerm | None:
    """The company's own version in force at the moment; None: it was the shipped one."""
    found = classes_terms(viewer, company_id, (moment, moment), see)
    return next((one for one in found if one.holds_at(moment)), None)


def rows_of(viewer: Viewer, version: Classification | None) -> Sequence[ClassRow]:
    """What a version says that the viewer was shown; None: the shipped one."""
    return shipped_rows() if version is None else read_rows(version.rows)


def class_versions(viewer: Viewer, company_id: int) -> list[Classification]:
    """All of a company's own versions, newest first."""
    rows = visible(Classification.objects.filter(company_id=company_id), viewer, SEE)
    rows = rows.select_related("written_by", "approved_by").order_by("-number")
    return list(rows[:VERSIONS_AT_MOST])


def classification_by_id(viewer: Viewer, version_id: int) -> Classification | None:
    """A version; None when there is none for the viewer."""
    return visible(Classification.objects.all(), viewer, SEE).filter(pk=version_id).first()


def code_readings(viewer: Viewer, company_id: int) -> list[CodeOverride]:
    """The company's own readings of codes as they stand, by code."""
    rows = visible(CodeOverride.objects.filter(company_id=company_id), viewer, SEE)
    return list(rows.order_by("scheme", "code")[:500])


def reading_changes(viewer: Viewer, company_id: int) -> list[ReadingChange]:
    """The latest changes of readings, newest first."""
    rows = visible(ReadingChange.objects.filter(company_id=company_id), viewer, SEE).select_related("classification")
    return list(rows.order_by("-changed_at", "-pk")[:CHANGES_AT_MOST])


def readings_at(
    viewer: Viewer, company_id: int, moment: datetime, see: str = SEE
) -> dict[tuple[str, str], tuple[str, int]]:
    """Class and grade of each code that the company read otherwise than the table did, at the moment."""
    rows = visible(ReadingChange.objects.filter(company_id=company_id, changed_at__lte=moment), viewer, see)
    found: dict[tuple[str, str], tuple[str, int]] = {}
    for change in rows.order_by("changed_at", "pk"):
        place = change.scheme, change.code
        if change.grade is None:
            found.pop(place, None)
        else:
            found[place] = change.event_class, change.grade
    return found
