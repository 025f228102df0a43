"""Goes through the sheets of a file, lowest first, and compares each row with what stands: one module a sheet."""

from collections.abc import Callable
from datetime import date, datetime

from lianjing.core.viewer import Viewer
from lianjing.core.workbooks.planning import Plan
from lianjing.core.workbooks.reading import Book
from lianjing.domain.sites.importing.entering.contacts import enter_contacts
from lianjing.domain.sites.importing.entering.contracts import enter_contracts
from lianjing.domain.sites.importing.entering.customers import enter_customers
from lianjing.domain.sites.importing.entering.numbered import enter_areas, enter_users
from lianjing.domain.sites.importing.entering.panels import enter_panels
from lianjing.domain.sites.importing.entering.scene import Scene
from lianjing.domain.sites.importing.entering.schedules import enter_schedules
from lianjing.domain.sites.importing.entering.sites import enter_sites
from lianjing.domain.sites.importing.entering.zones import enter_zones

ORDER: tuple[Callable[[Scene], None], ...] = (
    enter_customers,
    enter_sites,
    enter_contracts,
    enter_panels,
    enter_areas,
    enter_zones,
    enter_users,
    enter_contacts,
    enter_schedules,
)


def plan_of(viewer: Viewer, company_id: int, book: Book, *, at: datetime, today: date) -> Plan:
    """What a file would make of what stands in a company. Reads, and writes nothing."""
    scene = Scene(viewer, company_id, at, today, book)
    scene.plan.rows.update({key: len(read.rows) for key, read in book.sheets.items()})
    for enter in ORDER:
        enter(scene)
    scene.close()
    return scene.plan
