"""Setting a company's figures for its desks."""

from datetime import datetime
from typing import Any

from django.db import transaction

from lianjing.core.refusals import Refused
from lianjing.core.viewer import Viewer, require
from lianjing.domain.companies.models import Company
from lianjing.domain.incidents.desk_figures import DEFAULTS, figures_by_company
from lianjing.domain.incidents.models import DeskSettings
from lianjing.domain.incidents.queue_policy import RANGES, DeskFigures, wrong_figures
from lianjing.domain.records.actions import Deed, write_records

EDIT = "desk.settings"


def desk_figures_of(viewer: Viewer, company_id: int) -> DeskFigures:
    """A company's figures, set or not. Raises Forbidden."""
    require(viewer, EDIT, company_id)
    return figures_by_company([company_id])[company_id]


@transaction.atomic
def set_desk_figures(company_id: int, given: DeskFigures, *, by: Viewer, at: datetime, source: str = "") -> bool:
    """Sets all figures; they hold for what happens from now on. False: nothing changed.

    Raises Forbidden, or Refused for the first figure that goes too far.
    """
    require(by, EDIT, company_id)
    # The company's row is the lock: a first setting has no row of its own yet.
    Company.objects.select_for_update(no_key=True).get(pk=company_id)
    for wrong in wrong_figures(given):
        raise Refused(wrong.name, wrong.sentence, **wrong.figures)
    had, wanted = _plain(desk_figures_of(by, company_id)), _plain(given)
    changed = {name: value for name, value in wanted.items() if had[name] != value}
    if not changed:
        return False
    own = {name: list(limits) for name, limits in given.limits.items() if limits != DEFAULTS.limits[name]}
    columns = {"limits": own, **{name: getattr(given, name) for name in RANGES}}
    DeskSettings.objects.update_or_create(company_id=company_id, defaults=columns)
    before = {name: had[name] for name in changed}
    deed = Deed("desk.settings_changed", "company", company_id, company_id, changed, before)
    write_records([deed], by=by, at=at, source=source)
    return True


def _plain(figures: DeskFigures) -> dict[str, Any]:
    limits = {str(name): list(each) for name, each in figures.limits.items()}
    return {**limits, **{name: getattr(figures, name) for name in RANGES}}
