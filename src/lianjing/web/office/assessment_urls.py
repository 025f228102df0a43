"""Where supervision and assessments answer."""

from django.urls import URLPattern, URLResolver, path

from lianjing.web.office import assessment_moves as moves
from lianjing.web.office import assessments, supervision

assessment_urls: list[URLPattern | URLResolver] = [
    path("supervision/", supervision.supervision, name="supervision"),
    path("supervision/new/<int:company_id>/", supervision.add, name="supervision_add"),
    path("supervision/limits/<int:company_id>/", supervision.limits, name="supervision_limits"),
    path("supervision/<int:entry_id>/retract/", supervision.retract, name="supervision_retract"),
    path("supervision/<int:entry_id>/file/", supervision.file, name="supervision_file"),
    path("assessments/", assessments.assessment_list, name="assessments"),
    path("assessments/new/<int:company_id>/", moves.add, name="assessment_add"),
    path("assessments/criteria/new/<int:company_id>/", moves.criteria_add, name="criteria_add"),
    path("assessments/<int:cycle_id>/", assessments.assessment, name="assessment"),
    path("assessments/<int:cycle_id>/export/", assessments.export, name="assessment_export"),
    path("assessments/<int:cycle_id>/open/", moves.start, name="assessment_open"),
    path("assessments/<int:cycle_id>/score/", moves.score, name="assessment_score"),
    path("assessments/<int:cycle_id>/analyse/", moves.analyse, name="assessment_analyse"),
    path("assessments/<int:cycle_id>/close/", moves.close, name="assessment_close"),
    path("assessments/<int:cycle_id>/cancel/", moves.cancel, name="assessment_cancel"),
    path("assessments/<int:cycle_id>/finding/", moves.finding, name="assessment_finding"),
    path("assessments/sheets/<int:sheet_id>/", moves.sheet, name="score_sheet"),
    path("assessments/sheets/<int:sheet_id>/evaluator/", moves.evaluator, name="score_sheet_evaluator"),
    path("assessments/sheets/<int:sheet_id>/return/", moves.send_back, name="score_sheet_return"),
]
