"""Where controlled documents answer."""

from django.urls import URLPattern, URLResolver, path

from lianjing.web.office import document_editing as editing
from lianjing.web.office import documents
from lianjing.web.office.document_moves import DOCUMENT_VIEWS, EDITION_VIEWS

ONE, EDITION = "documents/<int:document_id>/", "documents/editions/<int:edition_id>/"
document_urls: list[URLPattern | URLResolver] = [
    path("documents/", documents.document_list, name="documents"),
    path("documents/new/<int:company_id>/", editing.add, name="document_add"),
    path("documents/standards/", editing.standards, name="documents_standards"),
    path("documents/retention/", editing.retention, name="documents_retention"),
    path("documents/retention/<int:company_id>/", editing.period, name="documents_period"),
    path(ONE, documents.document, name="document"),
    path(f"{ONE}editions/", editing.add_edition, name="edition_add"),
    path(f"{ONE}distributions/<int:distribution_id>/end/", documents.end, name="document_distribution_end"),
    *(path(f"{ONE}{name}/", view, name=f"document_{name}") for name, view in DOCUMENT_VIEWS.items()),
    path(f"{EDITION}change/", editing.change, name="edition_change"),
    path(f"{EDITION}diff/", documents.diff, name="edition_diff"),
    path(f"{EDITION}readings/", documents.readings, name="edition_readings"),
    path(f"{EDITION}file/", documents.file, name="edition_file"),
    path(f"{EDITION}erase/", editing.erase, name="edition_erase"),
    *(path(f"{EDITION}{name}/", view, name=f"edition_{name}") for name, view in EDITION_VIEWS.items()),
]
