"""Setting a company's figures for the treatment of its signals."""

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction

from lianjing.core.refusals import Refused
from lianjing.core.viewer import Viewer, require
from lianjing.domain.companies.models import Company
from lianjing.domain.records.actions import Deed, write_records
from lianjing.domain.signals.limit_policy import BY_NAME, FIGURES, out_of_range, weakenings
from lianjing.domain.signals.models import TreatmentLimits

EDIT = "limits.edit"


def defaults() -> dict[str, int]:
    """What holds where a company has set nothing."""
    return {figure.name: TreatmentLimits._meta.get_field(figure.name).default for figure in FIGURES}


def figures_of(viewer: Viewer, company_id: int) -> dict[str, int]:
    """A company's figures, set or not. Raises Forbidden."""
    require(viewer, EDIT, company_id)
    row = TreatmentLimits.objects.filter(pk=company_id).first()
    return _figures(row) if row else defaults()


def _figures(row: TreatmentLimits) -> dict[str, int]:
    return {figure.name: getattr(row, figure.name) for figure in FIGURES}


@transaction.atomic
def set_limits(company_id: int, given: Mapping[str, int], *, by: Viewer, at: datetime, source: str = "") -> bool:
    """Sets the figures that are named in `given`; the pipeline takes them with its next batch. False: nothing changed.

    Raises Forbidden, or Refused for the first figure that goes too far.
    """
    require(by, EDIT, company_id)
    # The company's row is the lock: a first setting has no row of its own yet.
    Company.objects.select_for_update(no_key=True).get(pk=company_id)
    for wrong in out_of_range(given):
        figure = wrong.figure
        raise Refused(figure.name, wrong.sentence, low=figure.low, high=figure.high, unit=figure.unit)
    had = figures_of(by, company_id)
    changed = {name: value for name, value in given.items() if name in BY_NAME and had[name] != value}
    if not changed:
        return False
    TreatmentLimits.objects.update_or_create(company_id=company_id, defaults=changed)
    weaker = weakenings(had, changed)
    after = {**changed, **({"weakens": weaker} if weaker else {})}
    deed = Deed("limits.set", "company", company_id, company_id, after, {name: had[name] for name in changed})
    write_records([deed], by=by, at=at, source=source)
    return True
