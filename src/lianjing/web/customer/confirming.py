"""确认 / 误报 / 求助, each by two taps: the first chooses, the second says it. Works without a script."""

from typing import Any

from django.core.cache import cache
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from lianjing.core.access import needs
from lianjing.core.viewer import Link
from lianjing.domain.incidents.asking import answer_link, note_link_opened
from lianjing.domain.incidents.customer_policy import ANSWERS, Answer
from lianjing.domain.incidents.customer_side import LinkPage, link_page, link_viewer
from lianjing.domain.incidents.moving import BadChoice, Refused
from lianjing.terms.roles import PUBLIC
from lianjing.web.pages import show

TOKEN_AT_MOST = 64
MISSES = 20
"""So many links that are none, of one address within `MISSES_SECONDS`, and it is told to wait."""
MISSES_SECONDS = 300
VISITS = 60
"""So many visits by one link within `VISITS_SECONDS`: far more than a person makes."""
VISITS_SECONDS = 60


@needs(PUBLIC)
@require_http_methods(["GET", "HEAD", "POST"])
def confirm(request: HttpRequest, token: str) -> HttpResponse:
    """`?choose=` is the first tap; the second posts `answer`."""
    viewer = link_viewer(token) if len(token) <= TOKEN_AT_MOST else None
    if viewer is None:
        return _unknown(request)
    if _counted(f"link-visits:{viewer.subject}:{token[:12]}", VISITS_SECONDS) > VISITS:
        return _page(request, {"waiting": True}, status=429)
    if request.method == "POST":
        return _answer(request, viewer, token)
    if request.method == "GET":
        note_link_opened(token, by=viewer, at=timezone.now(), source=_source(request))
    return _standing(request, viewer, token, chosen=request.GET.get("choose", ""))


def _answer(request: HttpRequest, viewer: Link, token: str) -> HttpResponse:
    try:
        answer_link(token, request.POST.get("answer", ""), by=viewer, at=timezone.now(), source=_source(request))
    except (Refused, BadChoice) as refused:
        return _standing(request, viewer, token, refused=str(refused), status=409)
    return HttpResponseRedirect(reverse("customer:confirm", args=[token]))


def _standing(
    request: HttpRequest, viewer: Link, token: str, *, chosen: str = "", refused: str = "", status: int = 200
) -> HttpResponse:
    page = link_page(viewer, token, timezone.now())
    if page is None:
        return _unknown(request)
    may_help = page.standing in ("open", "answered", "ended") and page.answer != Answer.HELP
    may_choose = page.standing == "open"
    chosen = chosen if chosen in ANSWERS and (may_choose or (may_help and chosen == Answer.HELP)) else ""
    context = {"link": page, "may_choose": may_choose, "may_help": may_help, "chosen": chosen, "refused": refused}
    context["said"] = _said(page)
    return _page(request, context, status)


def _said(page: LinkPage) -> str:
    """How the link stands, in one plain sentence; "" while it waits for an answer."""
    if page.answer == Answer.HELP:
        return _("已收到求助，值守人员正在处理。请先保证自身安全，能通话时拨打 110。")
    if page.standing == "revoked":
        return _("这个链接已由接警中心收回，不能再答复。")
    if page.standing == "expired":
        return _("这个链接已经过期，不能再答复。如现场有危险，请直接拨打 110。")
    if page.answer == Answer.REAL:
        return _("已收到您的答复：确有警情。值守人员正在处理。")
    if page.answer == Answer.FALSE:
        return _("已收到您的答复：误报。值守人员会核对后结束。")
    return _("这件警情已经处理完毕，谢谢。") if page.standing == "ended" else ""


def _unknown(request: HttpRequest) -> HttpResponse:
    """A link that is none. Whoever tries many is told to wait; a link that is one always opens, since behind a proxy
    or a carrier many phones share an address."""
    if _counted(f"link-misses:{request.META.get('REMOTE_ADDR', '')}", MISSES_SECONDS) > MISSES:
        return _page(request, {"waiting": True}, status=429)
    return _page(request, {"unknown": True}, status=404)


def _counted(key: str, seconds: int) -> int:
    """How often this has happened within the window, this time included."""
    cache.add(key, 0, seconds)
    try:
        return int(cache.incr(key))
    except ValueError:  # it ran out between the two
        cache.set(key, 1, seconds)
        return 1


def _page(request: HttpRequest, context: dict[str, Any], status: int = 200) -> HttpResponse:
    response = show(request, "customer/confirm.html", context, status)
    response["X-Robots-Tag"] = "noindex, nofollow"
    # The address is the key: nothing outside is told of it.
    response["Referrer-Policy"] = "same-origin"
    return response


def _source(request: HttpRequest) -> str:
    return f"link {request.META.get('REMOTE_ADDR', '')}"
