"""Where drills and reviews answer."""

from django.urls import URLPattern, URLResolver, path

from lianjing.web.office import drill, drill_report, drill_reviews, drill_run, drills

drill_urls: list[URLPattern | URLResolver] = [
    path("drills/", drills.drill_list, name="drills"),
    path("drills/programme/<int:company_id>/<int:year>/", drills.draft, name="programme_draft"),
    path("drills/programme/<int:programme_id>/approve/", drills.approve, name="programme_approve"),
    path("drills/programme/<int:programme_id>/line/", drills.add_line, name="programme_line"),
    path("drills/line/<int:line_id>/", drills.change_line, name="programme_line_change"),
    path("drills/line/<int:line_id>/remove/", drills.remove_line, name="programme_line_remove"),
    path("drills/line/<int:line_id>/plan/", drills.plan, name="drill_plan"),
    path("drills/line/<int:line_id>/late/", drills.enter_late, name="drill_late"),
    path("drills/<int:drill_id>/", drill.drill, name="drill"),
    path("drills/<int:drill_id>/describe/", drill.describe, name="drill_describe"),
    path("drills/<int:drill_id>/people/", drill.cast, name="drill_cast"),
    path("drills/<int:drill_id>/plans/", drill.plans, name="drill_plans"),
    path("drills/<int:drill_id>/prepare/", drill.prepare, name="drill_prepare"),
    path("drills/<int:drill_id>/unprepare/", drill.unprepare, name="drill_unprepare"),
    path("drills/<int:drill_id>/cancel/", drill.cancel, name="drill_cancel"),
    path("drills/<int:drill_id>/retract/", drill.retract, name="drill_retract"),
    path("drills/<int:drill_id>/hold/", drill.hold, name="drill_hold"),
    path("drills/<int:drill_id>/attach/", drill.attach, name="drill_attach"),
    path("drills/<int:drill_id>/archive/", drill.archive, name="drill_archive"),
    path("drills/files/<int:attachment_id>/", drill.attachment, name="drill_file"),
    path("drills/<int:drill_id>/report/", drill_report.report, name="drill_report"),
    path("drills/<int:drill_id>/run/", drill_run.run, name="drill_run"),
    path("drills/<int:drill_id>/begin/", drill_run.begin, name="drill_begin"),
    path("drills/<int:drill_id>/end/", drill_run.end, name="drill_end"),
    path("drills/<int:drill_id>/observe/", drill_run.observe, name="drill_observe"),
    path("drills/<int:drill_id>/observe/late/", drill_run.observe_late, name="drill_observe_late"),
    path("drills/<int:drill_id>/observe/<int:observation_id>/back/", drill_run.take_back, name="drill_take_back"),
    path("drills/<int:drill_id>/score/", drill_run.score, name="drill_score"),
    path("drills/<int:drill_id>/evaluate/", drill_run.evaluate, name="drill_evaluate"),
    path("drills/<int:drill_id>/review/", drill_reviews.drill_review, name="drill_review"),
    path("reviews/", drill_reviews.review_list, name="reviews"),
    path("reviews/<int:review_id>/", drill_reviews.review, name="review"),
    path("reviews/case/<int:incident_id>/", drill_reviews.incident_review, name="incident_review"),
    path("reviews/term/<int:company_id>/", drill_reviews.term, name="review_term"),
    path("findings/<int:finding_id>/retest/", drill_reviews.retest, name="finding_retest"),
]
