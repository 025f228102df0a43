"""The specification's clauses and, behind them, those of local texts: judged by what they are mapped to."""

from datetime import date, datetime

from lianjing.core.viewer import Viewer
from lianjing.domain.compliance.catalogue import catalogue
from lianjing.domain.compliance.local_day import LocalDay, entries_of, own_of, own_rule
from lianjing.domain.compliance.local_texts import local_texts
from lianjing.domain.compliance.queries import Judged, judged_clauses
from lianjing.domain.compliance.sharing import one_sweep


def all_judged(viewer: Viewer, company_id: int, on: date, known: datetime | None = None) -> list[Judged]:
    """As `judged_clauses`, and behind them what local texts ask of the company. [] for who may not see it."""
    found = judged_clauses(viewer, company_id, on, known)
    return found + local_judged(viewer, company_id, on, known, found)


def one_judged(viewer: Viewer, company_id: int, number: str, on: date, known: datetime | None = None) -> Judged | None:
    """One clause; of a local text with what it is mapped to. None: there is none that is judged, for the viewer."""
    place = (viewer, company_id, on, known)
    found = judged_clauses(*place, only=(number,)) if number in catalogue().clauses else all_judged(*place)
    return next((one for one in found if one.clause.number == number), None)


def local_judged(
    viewer: Viewer, company_id: int, on: date, known: datetime | None, found: list[Judged]
) -> list[Judged]:
    """What local texts ask, `found` being how the specification's clauses stand."""
    texts = local_texts(viewer, company_id, on, known)
    if not texts:
        return []
    stands = {one.clause.number: one.judgement for one in found}
    clauses = entries_of(texts)
    asked = (viewer, company_id, on, known)
    with one_sweep():
        day = LocalDay(clauses, stands.get, lambda entry: own_of(entry, own_rule(entry).facts(*asked)))
        judged = [(entry, day.of(key)) for key, (_clause, entry) in clauses.items() if entry.kind.is_judged]
    return [Judged(entry, judgement, True) for entry, judgement in judged if judgement is not None]
