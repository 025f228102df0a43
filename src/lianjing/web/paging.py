"""Lists that are paged by a cursor: what was shown last."""

from django.http import HttpRequest

PAGE = 50


def asked_id(request: HttpRequest, name: str = "after") -> int | None:
    """A positive number from the query, None when there is none or it is no number."""
    text = request.GET.get(name, "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else None


def href(request: HttpRequest, **changes: object) -> str:
    """The present address with some of its query changed; an empty value drops the name."""
    query = request.GET.copy()
    for name, value in changes.items():
        query.pop(name, None)
        if value not in (None, ""):
            query[name] = str(value)
    return f"{request.path}?{query.urlencode()}" if query else request.path


def pager(request: HttpRequest, last: int | str | None) -> dict[str, str]:
    """Links to what follows (when the page is full) and back to the beginning."""
    return {
        "next_href": href(request, after=last) if last is not None else "",
        "first_page_href": href(request, after=None) if request.GET.get("after") else "",
    }
