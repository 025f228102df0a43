"""Addresses that only take a form: whoever opens one again, as by a switch of language, comes to the page above it."""

from django.http import HttpRequest, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.utils.deprecation import MiddlewareMixin

NOT_ALLOWED = 405


class PageAbove(MiddlewareMixin):
    """Leads a reader on from a bare "405"; programs, which ask for no HTML, still get it."""

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        reads = request.method == "GET" and "text/html" in request.headers.get("Accept", "")
        if response.status_code != NOT_ALLOWED or not reads or request.path.startswith("/api/"):
            return response
        above = request.path.rstrip("/").rpartition("/")[0]
        return HttpResponseRedirect(f"{above}/")
