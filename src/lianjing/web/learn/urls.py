"""Where training answers whoever takes it."""

from django.urls import URLPattern, URLResolver, include, path

from lianjing.web.learn import documents, papers, trainings

learn_urls: list[URLPattern | URLResolver] = [
    path("", trainings.home, name="home"),
    path("due/", trainings.due, name="due"),
    path("documents/", documents.home, name="documents"),
    path("documents/<int:reading_id>/", documents.document, name="document"),
    path("documents/<int:reading_id>/file/", documents.file, name="document_file"),
    path("documents/<int:reading_id>/confirm/", documents.confirm, name="document_confirm"),
    path("<int:assignment_id>/", trainings.training, name="training"),
    path("<int:assignment_id>/start/", trainings.start, name="start"),
    path("papers/<int:attempt_id>/", papers.paper, name="paper"),
    path("papers/<int:attempt_id>/keep/", papers.keep, name="keep"),
    path("papers/<int:attempt_id>/submit/", papers.submit, name="submit"),
]

urlpatterns: list[URLPattern | URLResolver] = [path("", include((learn_urls, "learn")))]
