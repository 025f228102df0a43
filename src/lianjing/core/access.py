"""The door of every view: which row of the permission table it needs (terms.roles.PERMISSIONS)."""

from collections.abc import Callable
from functools import wraps
from typing import Any, Protocol, TypeVar, cast

from asgiref.sync import iscoroutinefunction, sync_to_async
from django.conf import settings
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import resolve_url

from lianjing.core.viewer import INSTALLATION, Person, Viewer
from lianjing.terms.roles import PERMISSIONS, PUBLIC, SETTING_UP, Role


class _Account(Protocol):
    def as_viewer(self) -> Person: ...
    def owes_second_factor(self, viewer: Person) -> bool: ...


V = TypeVar("V", bound=Callable[..., Any])


def viewer_of(request: HttpRequest) -> Person:
    """The signed-on person, his roles read once a request. Raises PermissionDenied for nobody."""
    known = getattr(request, "_lianjing_viewer", None)
    if known is None:
        if not request.user.is_authenticated:
            raise PermissionDenied
        known = cast(_Account, request.user).as_viewer()
        request._lianjing_viewer = known  # type: ignore[attr-defined]
    return cast(Person, known)


def may(viewer: Viewer, permission: str) -> bool:
    """Whether the viewer holds the permission for any company at all, or for an area without any yet."""
    return bool(viewer.scope(permission)) or _holds_by_area(viewer, permission)


def _holds_by_area(viewer: Viewer, permission: str) -> bool:
    row = PERMISSIONS[permission]
    return row.of_area and isinstance(viewer, Person) and bool(viewer.roles.get(INSTALLATION, frozenset()) & row.roles)


def is_police_only(viewer: Person) -> bool:
    """Whether he is nothing but police: his desk is another one."""
    return {role for held in viewer.roles.values() for role in held} == {Role.POLICE}


def pass_through(request: HttpRequest, permission: str) -> None:
    """Notes by which row the request came in: what the police read is written down by it (web/police_reading.py)."""
    request._lianjing_permission = permission  # type: ignore[attr-defined]


def came_in_by(request: HttpRequest) -> str:
    """The row of the innermost door that the request has passed; "" when it passed none."""
    return getattr(request, "_lianjing_permission", "")


def is_held_back(request: HttpRequest) -> bool:
    """Whether the signed-on person must first set up the second factor that he must have."""
    return cast(_Account, request.user).owes_second_factor(viewer_of(request))


def _to_set_up(request: HttpRequest) -> HttpResponse:
    """A part of a page cannot show the set-up: htmx is told to leave the page."""
    where = resolve_url(settings.SECOND_FACTOR_URL)
    if "HX-Request" in request.headers:
        return HttpResponse(headers={"HX-Redirect": where})
    return HttpResponseRedirect(where)


def _refusal(request: HttpRequest, permission: str) -> HttpResponse | None:
    if not request.user.is_authenticated:
        return redirect_to_login(request.get_full_path())
    if permission != SETTING_UP and is_held_back(request):
        return _to_set_up(request)
    if permission in PERMISSIONS and not may(viewer_of(request), permission):
        raise PermissionDenied
    pass_through(request, permission)
    return None


def needs(permission: str) -> Callable[[V], V]:
    """Guards a view with one row of the permission table; the row's name stays on the view for the house test."""
    if permission not in PERMISSIONS:
        raise LookupError(f"no such permission: {permission}")

    def guard(view: V) -> V:
        if permission == PUBLIC:
            guarded: Callable[..., Any] = view
        elif iscoroutinefunction(view):

            @wraps(view)
            async def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
                refused = await sync_to_async(_refusal)(request, permission)
                return refused or await view(request, *args, **kwargs)
        else:

            @wraps(view)
            def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
                return _refusal(request, permission) or view(request, *args, **kwargs)

        guarded.permission = permission  # type: ignore[attr-defined]
        return cast(V, guarded)

    return guard
