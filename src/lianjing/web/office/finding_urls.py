"""Where findings answer."""

from django.urls import URLPattern, URLResolver, path

from lianjing.web.office import findings
from lianjing.web.office.finding_moves import VIEWS

finding_urls: list[URLPattern | URLResolver] = [
    path("findings/", findings.finding_list, name="findings"),
    path("findings/export/", findings.export, name="findings_export"),
    path("findings/new/<int:company_id>/", findings.add, name="finding_add"),
    path("findings/clauses/<int:company_id>/", findings.raise_wanting, name="findings_clauses"),
    path("findings/clause/<int:company_id>/", findings.raise_clause, name="finding_for_clause"),
    path("findings/<int:finding_id>/", findings.finding, name="finding"),
    path("findings/<int:finding_id>/proof/", findings.proof, name="finding_proof"),
    *(path(f"findings/<int:finding_id>/{name}/", view, name=f"finding_{name}") for name, view in VIEWS.items()),
]
