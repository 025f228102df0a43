"""Where evidence and its campaigns answer."""

from django.urls import URLPattern, URLResolver, path

from lianjing.web.office import campaigns, evidence, evidence_editing

evidence_urls: list[URLPattern | URLResolver] = [
    path("evidence/", evidence.evidence, name="evidence"),
    path("evidence/<int:company_id>/new/", evidence_editing.add, name="evidence_add"),
    path("evidence/pieces/<int:evidence_id>/", evidence.evidence_page, name="evidence_page"),
    path("evidence/pieces/<int:evidence_id>/file/", evidence.file, name="evidence_file"),
    path("evidence/pieces/<int:evidence_id>/edit/", evidence_editing.edit, name="evidence_edit"),
    path("evidence/pieces/<int:evidence_id>/renew/", evidence_editing.renew, name="evidence_renew"),
    path("evidence/pieces/<int:evidence_id>/accept/", evidence_editing.accept, name="evidence_accept"),
    path("evidence/pieces/<int:evidence_id>/reject/", evidence_editing.reject, name="evidence_reject"),
    path("evidence/pieces/<int:evidence_id>/withdraw/", evidence_editing.withdraw, name="evidence_withdraw"),
    path("evidence/campaigns/", campaigns.campaigns, name="campaigns"),
    path("evidence/campaigns/<int:company_id>/new/", campaigns.add, name="campaign_add"),
    path("evidence/campaigns/<int:campaign_id>/", campaigns.campaign, name="campaign"),
    path("evidence/campaigns/<int:campaign_id>/close/", campaigns.close, name="campaign_close"),
]
