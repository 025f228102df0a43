"""Where the desk answers, with sign-on and the language switch, which every desk shares."""

from allauth.account import views as sign_on
from allauth.mfa.base import views as second_step
from allauth.mfa.recovery_codes import views as recovery_codes
from allauth.mfa.totp.views import deactivate_totp
from django.urls import URLPattern, URLResolver, include, path
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST
from django.views.i18n import set_language

from lianjing.core.access import needs
from lianjing.domain.incidents.policy import MOVES
from lianjing.terms.roles import PUBLIC, SETTING_UP, SIGNED_ON
from lianjing.web import banners, second_factor
from lianjing.web.console import (
    accounting,
    board,
    call_cards,
    customers,
    deliveries,
    desk,
    drafts,
    duty,
    escalated,
    figures,
    frames,
    handing_over,
    head,
    listing,
    mass_closing,
    media,
    moves,
    panels,
    paper,
    pass_words,
    signals,
    stream,
    suppressions,
    testing,
    watch,
)

open_to_all = needs(PUBLIC)
signed_on = needs(SIGNED_ON)
setting_up = needs(SETTING_UP)

desk_urls: list[URLPattern | URLResolver] = [
    path("", desk.front, name="desk"),
    path("queue/", desk.queue_rows, name="queue"),
    path("queue/next/", moves.take_next, name="take_next"),
    path("incidents/", listing.incidents, name="incidents"),
    path("incidents/<int:incident_id>/", desk.incident, name="incident"),
    *[path(f"incidents/<int:incident_id>/{name}/", moves.move_view(name), name=name) for name in MOVES],
    path("incidents/<int:incident_id>/draft/", drafts.draft, name="draft"),
    path("queue/offers/", duty.offers, name="offers"),
    path("duty/", duty.duty, name="duty"),
    path("duty/leave/", duty.leave, name="duty_leave"),
    path("duty/standing/", duty.standing, name="duty_standing"),
    path("escalated/", escalated.escalated_page, name="escalated"),
    path("incidents/<int:incident_id>/media/", media.add, name="media_add"),
    path("incidents/<int:incident_id>/media/<int:media_id>/", media.show_media, name="media"),
    path("incidents/<int:incident_id>/media/<int:media_id>/file/", media.file, name="media_file"),
    path("incidents/<int:incident_id>/media/<int:media_id>/small/", media.small, name="media_small"),
    path("incidents/<int:incident_id>/links/<int:link_id>/revoke/", customers.revoke, name="revoke_link"),
    path("incidents/<int:incident_id>/deliveries/<int:delivery_id>/again/", customers.send_again, name="send_again"),
    path("incidents/<int:incident_id>/report/", customers.report_paper, name="report"),
    path("deliveries/", deliveries.delivery_list, name="deliveries"),
    path("deliveries/<int:delivery_id>/again/", deliveries.send_again, name="delivery_again"),
    path("incidents/<int:incident_id>/word/", pass_words.check_word, name="check_word"),
    path("signals/", signals.signal_page_list, name="signals"),
    path("signals/<int:signal_id>/", signals.signal_detail, name="signal"),
    path("suppressions/", suppressions.ledger_page, name="ledger"),
    path("suppressions/new/", suppressions.add, name="suppression_new"),
    path("suppressions/<int:rule_id>/end/", suppressions.end, name="suppression_end"),
    path("tests/", testing.test_list, name="tests"),
    path("tests/past/", testing.past_list, name="tests_past"),
    path("tests/new/", testing.start, name="test_new"),
    path("tests/<int:test_id>/", testing.test_detail, name="test"),
    path("tests/<int:test_id>/live/", testing.live, name="test_live"),
    path("tests/<int:test_id>/extend/", testing.extend, name="test_extend"),
    path("tests/<int:test_id>/end/", testing.end, name="test_end"),
    path("watch/", watch.watch, name="watch"),
    path("frames/", frames.frame_list, name="frames"),
    path("frames/<int:frame_id>/", frames.frame_detail, name="frame"),
    path("panels/", panels.panel_list, name="panels"),
    path("panels/<int:panel_id>/key/", panels.set_key, name="panel_key"),
    path("panels/<int:panel_id>/key/remove/", panels.remove_key, name="panel_key_remove"),
    path("panels/<int:panel_id>/plain/", panels.plain, name="panel_plain"),
    path("panels/<slug:listener>/<str:account>/", panels.panel_detail, name="panel"),
    path("accounting/", accounting.accounting, name="accounting"),
    path("accounting/csv/", accounting.accounting_csv, name="accounting_csv"),
    path("call-cards/", call_cards.call_cards, name="call_cards"),
    path("call-cards/<int:company_id>/<slug:name>/", call_cards.call_card_sheet, name="call_card_sheet"),
    path("paper/", paper.paper, name="paper"),
    path("figures/", figures.figures, name="figures"),
    path("figures/csv/", figures.figures_csv, name="figures_csv"),
    path("figures/excel/", figures.figures_excel, name="figures_excel"),
    path("figures/limits/<int:company_id>/", figures.set_limits, name="figures_limits"),
    path("records/head/", head.head, name="head"),
    path("board/", board.whole, name="board"),
    path("board/live/", board.live, name="board_live"),
    path("handover/", handing_over.all_of_them, name="hand_overs"),
    path("handover/new/", handing_over.draw_up, name="hand_over_new"),
    path("handover/<int:hand_over_id>/", handing_over.one_of_them, name="hand_over"),
    path("handover/<int:hand_over_id>/redraw/", handing_over.redraw, name="hand_over_redraw"),
    path("handover/<int:hand_over_id>/sign/", handing_over.sign, name="hand_over_sign"),
    path("handover/<int:hand_over_id>/remark/", handing_over.add_remark, name="hand_over_remark"),
    path("mass-close/", mass_closing.mass_close, name="mass_close"),
    path("console/events", stream.events, name="events"),
    path("console/session", stream.session, name="session"),
]

# Only the pages of allauth that make sense where an administrator makes the accounts.
sign_on_urls: list[URLPattern | URLResolver] = [
    path("login/", open_to_all(sign_on.login), name="account_login"),
    path("logout/", open_to_all(sign_on.logout), name="account_logout"),
    path("inactive/", open_to_all(sign_on.account_inactive), name="account_inactive"),
    path("signup/", open_to_all(sign_on.signup), name="account_signup"),
    path("reauthenticate/", setting_up(sign_on.reauthenticate), name="account_reauthenticate"),
    path("password/change/", signed_on(sign_on.password_change), name="account_change_password"),
]

# The names are allauth's: it leads from one to the other by them.
second_factor_urls: list[URLPattern | URLResolver] = [
    path("", signed_on(second_factor.overview), name="mfa_index"),
    path("set-up/", setting_up(never_cache(second_factor.set_up)), name="mfa_activate_totp"),
    path("remove/", signed_on(deactivate_totp), name="mfa_deactivate_totp"),
    path("code/", open_to_all(second_step.authenticate), name="mfa_authenticate"),
    path("code-again/", signed_on(second_step.reauthenticate), name="mfa_reauthenticate"),
    path("recovery-codes/", signed_on(never_cache(recovery_codes.view_recovery_codes)), name="mfa_view_recovery_codes"),
    path("recovery-codes/new/", signed_on(recovery_codes.generate_recovery_codes), name="mfa_generate_recovery_codes"),
]

urlpatterns: list[URLPattern | URLResolver] = [
    path("", include((desk_urls, "console"))),
    path("accounts/", include(sign_on_urls)),
    path("accounts/second-factor/", include(second_factor_urls)),
    path("banners/", banners.banners, name="banners"),
    path("language/", open_to_all(require_POST(set_language)), name="set_language"),
]
