"""What the page of a site tells."""

from lianjing.core.viewer import Viewer, visible
from lianjing.domain.sites.models import Site


def site_by_id(viewer: Viewer, site_id: int) -> Site | None:
    """With its customer and company; None when there is none for the viewer."""
    rows = visible(Site.objects.all(), viewer, "sites.see")
    return rows.select_related("customer", "company").filter(pk=site_id).first()
