from lianjing.core.viewer import Viewer, visible
from lianjing.domain.companies.models import Company


def companies(viewer: Viewer) -> list[Company]:
    """The companies that the viewer works for, by code."""
    return list(visible(Company.objects.all(), viewer, "status.see", company_field="id").order_by("code"))
