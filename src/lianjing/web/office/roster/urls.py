"""Where the roster answers."""

from django.urls import URLPattern, URLResolver, path

from lianjing.web.office.roster import calendar, entries, kinds, leave, measures, mine, planning, swaps, teams

roster_urls: list[URLPattern | URLResolver] = [
    path("roster/", calendar.calendar, name="roster"),
    path("roster/publish/", calendar.publish, name="roster_publish"),
    path("roster/discard/", calendar.discard, name="roster_discard"),
    path("roster/plan/", planning.plan, name="roster_plan"),
    path("roster/entries/new/", entries.add, name="roster_add"),
    path("roster/entries/<int:entry_id>/", entries.entry, name="roster_entry"),
    path("roster/entries/<int:entry_id>/edit/", entries.edit, name="roster_entry_edit"),
    path("roster/entries/<int:entry_id>/cancel/", entries.cancel, name="roster_entry_cancel"),
    path("roster/kinds/", kinds.kinds, name="roster_kinds"),
    path("roster/kinds/<int:kind_id>/", kinds.edit, name="roster_kind_edit"),
    path("roster/kinds/<int:kind_id>/use/", kinds.use, name="roster_kind_use"),
    path("roster/teams/", teams.team_list, name="roster_teams"),
    path("roster/teams/new/", teams.add, name="roster_team_add"),
    path("roster/teams/pattern/", teams.pattern, name="roster_pattern"),
    path("roster/teams/<int:team_id>/", teams.team, name="roster_team"),
    path("roster/teams/<int:team_id>/edit/", teams.edit, name="roster_team_edit"),
    path("roster/teams/members/<int:membership_id>/leave/", teams.leave, name="roster_team_leave"),
    path("roster/cover/", measures.cover, name="roster_cover"),
    path("roster/cover/<int:rule_id>/", measures.cover_edit, name="roster_cover_edit"),
    path("roster/cover/<int:rule_id>/remove/", measures.cover_remove, name="roster_cover_remove"),
    path("roster/rules/", measures.rules, name="roster_rules"),
    path("roster/leave/", leave.leave, name="roster_leave"),
    path("roster/leave/<int:request_id>/decide/", leave.decide, name="roster_leave_decide"),
    path("roster/leave/granted/<int:fact_id>/cancel/", leave.cancel, name="roster_leave_cancel"),
    path("roster/swaps/", swaps.swaps, name="roster_swaps"),
    path("roster/swaps/<int:swap_id>/decide/", swaps.decide, name="roster_swap_decide"),
    path("roster/mine/", mine.mine, name="roster_mine"),
    path("roster/mine/swap/<int:entry_id>/", mine.swap, name="roster_swap"),
    path("roster/mine/swaps/<int:swap_id>/answer/", mine.answer, name="roster_swap_answer"),
    path("roster/mine/swaps/<int:swap_id>/withdraw/", mine.withdraw, name="roster_swap_withdraw"),
    path("roster/mine/leave/<int:request_id>/withdraw/", mine.leave_withdraw, name="roster_leave_withdraw"),
]
