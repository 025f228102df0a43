"""Where access reviews answer."""

from django.urls import URLPattern, URLResolver, path

from lianjing.web.office import access_review

access_urls: list[URLPattern | URLResolver] = [
    path("access-review/", access_review.access_review, name="access_review"),
    path("access-review/<int:company_id>/new/", access_review.review_new, name="access_review_new"),
    path("access-review/<int:company_id>/months/", access_review.months, name="access_review_months"),
    path("access-review/signed/<int:review_id>/", access_review.review, name="access_review_signed"),
    path("access-review/lines/<int:line_id>/withdraw/", access_review.role_withdraw, name="role_withdraw"),
]
