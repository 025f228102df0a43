from lianjing.core.viewer import Viewer, visible
from lianjing.domain.companies.models import Company


def companies(viewer: Viewer) -> list[Company]:
    """The companies that the viewer works for, by code."""
    return list(visible(Company.objects.all(), viewer, "status.see", company_field="id").order_by("code"))


def companies_with(viewer: Viewer, permission: str) -> list[Company]:
    """Those of them for which the viewer holds the permission."""
    scope = viewer.scope(permission)
    return [company for company in companies(viewer) if scope.holds(company.pk)]


def company_called(viewer: Viewer, code_or_name: str) -> Company | None:
    """The company with this code, or else with this name; None when there is none, or several of that name."""
    rows = visible(Company.objects.all(), viewer, "status.see", company_field="id")
    wanted = code_or_name.strip()
    found = list(rows.filter(code=wanted)) or list(rows.filter(name=wanted)[:2])
    return found[0] if len(found) == 1 else None
