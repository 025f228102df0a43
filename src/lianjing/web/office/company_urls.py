"""Where licences, departments and posts answer."""

from django.urls import URLPattern, URLResolver, path

from lianjing.web.office import company, company_records, departments, posts

company_urls: list[URLPattern | URLResolver] = [
    path("company/", company.company, name="company"),
    path("company/<int:company_id>/new/", company_records.add, name="company_fact_add"),
    path("company/<int:company_id>/area/", company_records.area, name="company_area"),
    path("company/<int:company_id>/years/", company_records.years, name="company_years"),
    path("company/facts/<int:fact_id>/edit/", company_records.edit, name="company_fact_edit"),
    path("company/facts/<int:fact_id>/retract/", company_records.retract, name="company_fact_retract"),
    path("company/facts/<int:fact_id>/scan/", company_records.scan, name="company_fact_scan"),
    path("departments/", departments.departments, name="departments"),
    path("departments/<int:company_id>/new/", departments.add, name="department_add"),
    path("departments/<int:department_id>/", departments.department, name="department"),
    path("departments/<int:department_id>/edit/", departments.edit, name="department_edit"),
    path("departments/<int:department_id>/close/", departments.close, name="department_close"),
    path("departments/<int:department_id>/retract/", departments.retract, name="department_retract"),
    path("departments/<int:department_id>/duties/", departments.duties, name="department_duties"),
    path("departments/<int:department_id>/posts/new/", posts.add, name="post_add"),
    path("posts/<int:post_id>/", posts.post, name="post"),
    path("posts/<int:post_id>/edit/", posts.edit, name="post_edit"),
    path("posts/<int:post_id>/close/", posts.close, name="post_close"),
    path("posts/<int:post_id>/retract/", posts.retract, name="post_retract"),
    path("posts/<int:post_id>/duties/", posts.duties, name="post_duties"),
    path("posts/<int:post_id>/appoint/", posts.give, name="post_appoint"),
    path("appointments/<int:appointment_id>/end/", posts.end, name="appointment_end"),
    path("appointments/<int:appointment_id>/retract/", posts.take_back, name="appointment_retract"),
    path("duties/<int:duty_id>/retract/", departments.duties_retract, name="duties_retract"),
]
