"""Where the desk answers, with sign-on and the language switch, which every desk shares."""

from allauth.account import views as sign_on
from django.urls import URLPattern, URLResolver, include, path
from django.views.decorators.http import require_POST
from django.views.i18n import set_language

from lianjing.core.access import needs
from lianjing.domain.incidents.policy import MOVES
from lianjing.terms.roles import PUBLIC, SIGNED_ON
from lianjing.web.console import accounting, desk, frames, head, listing, moves, stream

open_to_all = needs(PUBLIC)
signed_on = needs(SIGNED_ON)

desk_urls: list[URLPattern | URLResolver] = [
    path("", desk.desk, name="desk"),
    path("queue/", desk.queue_rows, name="queue"),
    path("queue/next/", moves.take_next, name="take_next"),
    path("incidents/", listing.incidents, name="incidents"),
    path("incidents/<int:incident_id>/", desk.incident, name="incident"),
    *[path(f"incidents/<int:incident_id>/{name}/", moves.move_view(name), name=name) for name in MOVES],
    path("frames/", frames.frame_list, name="frames"),
    path("frames/<int:frame_id>/", frames.frame_detail, name="frame"),
    path("accounting/", accounting.accounting, name="accounting"),
    path("records/head/", head.head, name="head"),
    path("console/events", stream.events, name="events"),
    path("console/session", stream.session, name="session"),
]

# Only the pages of allauth that make sense where an administrator makes the accounts.
sign_on_urls: list[URLPattern | URLResolver] = [
    path("login/", open_to_all(sign_on.login), name="account_login"),
    path("logout/", open_to_all(sign_on.logout), name="account_logout"),
    path("inactive/", open_to_all(sign_on.account_inactive), name="account_inactive"),
    path("signup/", open_to_all(sign_on.signup), name="account_signup"),
    path("reauthenticate/", signed_on(sign_on.reauthenticate), name="account_reauthenticate"),
    path("password/change/", signed_on(sign_on.password_change), name="account_change_password"),
]

urlpatterns: list[URLPattern | URLResolver] = [
    path("", include((desk_urls, "console"))),
    path("accounts/", include(sign_on_urls)),
    path("language/", open_to_all(require_POST(set_language)), name="set_language"),
]
