"""A company's figures for its desks, as the rules take them."""

from collections.abc import Iterable, Mapping

from lianjing.domain.companies.models import Company
from lianjing.domain.incidents.models import DeskSettings
from lianjing.domain.incidents.queue_policy import AGE_LIMITS, AgeLimits, DeskFigures

DEFAULTS = DeskFigures()


def figures_of_row(row: DeskSettings | None) -> DeskFigures:
    """What the company has set; the defaults where it has set nothing."""
    if row is None:
        return DEFAULTS
    limits = {name: AgeLimits(*row.limits.get(name, usual)) for name, usual in AGE_LIMITS.items()}
    return DeskFigures(limits, row.gone_seconds, row.load_limit, row.undetermined_limit, row.reaction_seconds)


def figures_of_company(company: Company | None) -> DeskFigures:
    """Asks nothing when `company` was read with its `desk_settings`."""
    return figures_of_row(getattr(company, "desk_settings", None))


def figures_by_company(company_ids: Iterable[int | None]) -> Mapping[int | None, DeskFigures]:
    """The figures of each of these companies, None included: one query."""
    ids = set(company_ids)
    stored = DeskSettings.objects.in_bulk([pk for pk in ids if pk is not None])
    return {pk: figures_of_row(stored.get(pk) if pk is not None else None) for pk in ids}
