"""Where the pages about people answer."""

from django.urls import URLPattern, URLResolver, path

from lianjing.web.office import people, people_editing, people_facts, worklist

people_urls: list[URLPattern | URLResolver] = [
    path("people/", people.people_list, name="people"),
    path("people/new/", people_editing.add, name="staff_add"),
    path("people/<int:member_id>/", people.person, name="person"),
    path("people/<int:member_id>/edit/", people_editing.edit, name="staff_edit"),
    path("people/<int:member_id>/identity/", people.reveal, name="staff_reveal"),
    path("people/<int:member_id>/identity/set/", people_editing.identity, name="staff_identity"),
    path("people/<int:member_id>/account/", people_editing.account, name="staff_account"),
    path("people/<int:member_id>/leave/", people_editing.leave, name="staff_leave"),
    path("people/<int:member_id>/photo/", people_editing.photo, name="staff_photo"),
    path("people/<int:member_id>/photo/keep/", people_editing.photo_keep, name="staff_photo_keep"),
    path("people/<int:member_id>/facts/new/", people_facts.add, name="fact_add"),
    path("people/facts/<int:fact_id>/correct/", people_facts.correct, name="fact_correct"),
    path("people/facts/<int:fact_id>/retract/", people_facts.retract, name="fact_retract"),
    path("people/facts/<int:fact_id>/scan/", people_facts.scan, name="fact_scan"),
    path("worklist/", worklist.worklist, name="worklist"),
    path("worklist/email/", worklist.my_email, name="my_email"),
    path("worklist/<int:company_id>/settings/", worklist.settings, name="worklist_settings"),
]
