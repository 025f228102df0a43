"""Where a link leads."""

from django.urls import URLPattern, URLResolver, path

from lianjing.web.customer import confirming

app_name = "customer"
urlpatterns: list[URLPattern | URLResolver] = [
    path("<str:token>/", confirming.confirm, name="confirm"),
]
