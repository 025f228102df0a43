"""What the changes of sites and their equipment have in common: the row that may be changed."""

from lianjing.core.viewer import Viewer, require
from lianjing.domain.records.changing import locked
from lianjing.domain.sites.models import Panel, Site

EDIT = "sites.edit"


def require_edit(by: Viewer, company_id: int | None) -> None:
    """Raises Forbidden."""
    require(by, EDIT, company_id)


def editable_site(site_id: int, by: Viewer) -> Site:
    """The site, locked, when `by` may change it. Raises Missing or Forbidden."""
    site = locked(Site.objects.all(), site_id, by, see="sites.see")
    require_edit(by, site.company_id)
    return site


def panel_to_change(panel_id: int, by: Viewer) -> Panel:
    """A panel in use, with its site, locked. Raises Missing or Forbidden."""
    rows = Panel.objects.filter(removed_at=None).select_related("site")
    panel = locked(rows, panel_id, by, see="sites.see", company="site__company_id")
    require_edit(by, panel.site.company_id)
    return panel
