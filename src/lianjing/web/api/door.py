"""Who comes in: bearer tokens, permissions, refusals as problem+json (RFC 9457)."""

import logging
from collections.abc import Callable
from datetime import datetime
from functools import wraps
from typing import Any, TypeVar, cast

from django.db import DatabaseError, DataError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from ninja import NinjaAPI
from ninja.errors import AuthenticationError, HttpError, ValidationError
from ninja.security import HttpBearer

from lianjing.core.access import may, pass_through
from lianjing.core.viewer import Forbidden, Token
from lianjing.domain.incidents.moving import BadChoice, Missing, Refused
from lianjing.domain.people.queries import token_viewer
from lianjing.terms.roles import PERMISSIONS
from lianjing.web.api.asked_fields import mistakes

log = logging.getLogger(__name__)

F = TypeVar("F", bound=Callable[..., Any])


class TokenBearer(HttpBearer):
    """`Authorization: Bearer TOKEN`; the token's person is the viewer."""

    def authenticate(self, request: HttpRequest, token: str) -> Token | None:
        return token_viewer(token)


def needs(permission: str) -> Callable[[F], F]:
    """The API's door: names the row of the permission table, refuses whoever holds it for no company."""
    if permission not in PERMISSIONS:
        raise LookupError(f"no such permission: {permission}")

    def guard(operation: F) -> F:
        @wraps(operation)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
            if PERMISSIONS[permission].roles and not may(viewer_of(request), permission):
                raise Forbidden(_("您的角色不能执行此操作。"))
            pass_through(request, permission)
            return operation(request, *args, **kwargs)

        guarded.permission = permission  # type: ignore[attr-defined]
        return cast(F, guarded)

    return guard


def viewer_of(request: HttpRequest) -> Token:
    return cast(Token, request.auth)  # type: ignore[attr-defined]


def source_of(request: HttpRequest) -> str:
    return f"api {request.META.get('REMOTE_ADDR', '')}"


def problem(status: int, title: str, detail: str, **more: Any) -> HttpResponse:
    """RFC 9457."""
    body = {"type": "about:blank", "title": title, "status": status, "detail": detail, **more}
    return JsonResponse(
        body, status=status, content_type="application/problem+json", json_dumps_params={"ensure_ascii": False}
    )


def install_refusals(api: NinjaAPI) -> None:
    """Every way to say no, in one form."""

    @api.exception_handler(AuthenticationError)
    def unknown(request: HttpRequest, _exc: AuthenticationError) -> HttpResponse:
        answer = problem(401, "Unauthorized", _("需要有效的令牌：Authorization: Bearer TOKEN。"))
        answer["WWW-Authenticate"] = "Bearer"
        return answer

    @api.exception_handler(Forbidden)
    def forbidden(request: HttpRequest, exc: Forbidden) -> HttpResponse:
        return problem(403, "Forbidden", str(exc) or _("您的角色不能执行此操作。"))

    @api.exception_handler(Missing)
    def missing(request: HttpRequest, exc: Missing) -> HttpResponse:
        return problem(404, "Not Found", str(exc))

    @api.exception_handler(Refused)
    def refused(request: HttpRequest, exc: Refused) -> HttpResponse:
        return problem(409, "Conflict", str(exc))

    @api.exception_handler(BadChoice)
    def bad_choice(request: HttpRequest, exc: BadChoice) -> HttpResponse:
        return problem(422, "Unprocessable Content", str(exc), field=exc.field)

    @api.exception_handler(ValidationError)
    def invalid(request: HttpRequest, exc: ValidationError) -> HttpResponse:
        found = mistakes(exc.errors)
        told = " ".join(f"{one['field']}：{one['message']}" if one["field"] else one["message"] for one in found[:3])
        return problem(422, "Unprocessable Content", told, field=found[0]["field"] if found else "", errors=found)

    @api.exception_handler(DataError)
    @api.exception_handler(OverflowError)
    def unusable(request: HttpRequest, exc: Exception) -> HttpResponse:
        return problem(422, "Unprocessable Content", _("请求内容不符合要求。"))

    @api.exception_handler(DatabaseError)
    def away(request: HttpRequest, exc: DatabaseError) -> HttpResponse:
        log.error("the database failed under %s", request.path, exc_info=exc)
        return problem(503, "Service Unavailable", _("数据库暂时不可用，请稍后再试。"))

    @api.exception_handler(HttpError)
    def other(request: HttpRequest, exc: HttpError) -> HttpResponse:
        return problem(exc.status_code, str(exc), str(exc))


def now() -> datetime:
    return timezone.now()


class RefusalsAsProblems:
    """Middleware: what Django itself refuses under /api/ (no such address, wrong method) is said in the API's form."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self._get_response(request)
        if not request.path.startswith("/api/") or "json" in response.get("Content-Type", ""):
            return response
        if response.status_code == 404:
            return problem(404, "Not Found", _("没有这个地址：%(path)s。") % {"path": request.path})
        if response.status_code == 405:
            answer = problem(405, "Method Not Allowed", _("这个地址不接受 %(method)s。") % {"method": request.method})
            answer["Allow"] = response.get("Allow", "")
            return answer
        if response.status_code == 415:
            return problem(415, "Unsupported Media Type", response.content.decode())
        return response
