"""Which room answers where."""

from django.urls import URLPattern, URLResolver, include, path

urlpatterns: list[URLPattern | URLResolver] = [
    path("api/v1/", include("lianjing.web.api.urls")),
    path("police/", include("lianjing.web.police.urls")),
    path("patrol/", include("lianjing.web.patrol.urls")),
    path("learn/", include("lianjing.web.learn.urls")),
    path("c/", include("lianjing.web.customer.urls")),
    path("office/", include("lianjing.web.office.urls")),
    path("", include("lianjing.web.console.urls")),
]
