"""One box for everything: name, initials, number, address, account, phone."""

from django.db.models import Q

from lianjing.core.viewer import Viewer, visible
from lianjing.domain.sites.models import Contact, Panel, Site
from lianjing.domain.sites.policy import normal_account

TEXT_LIMIT = 64
DIALLED_DIGITS = 3
"""So many digits and more are looked for in phone numbers too."""


def sites_matching(viewer: Viewer, text: str) -> Q:
    """For sites. Accounts by their beginning; parts of phone numbers only for those who may see them whole."""
    found = _named(text) | Q(address__icontains=text)
    accounts = Panel.objects.filter(removed_at=None, account__startswith=normal_account(text))
    return found | Q(pk__in=accounts.values("site_id")) | _phones(viewer, text)


def customers_matching(viewer: Viewer, text: str) -> Q:
    """For customers: by themselves, or by one of their sites."""
    sites = visible(Site.objects.all(), viewer, "sites.see").filter(sites_matching(viewer, text))
    return _named(text) | Q(pk__in=sites.values("customer_id"))


def _named(text: str) -> Q:
    return Q(name__icontains=text) | Q(code__istartswith=text) | Q(initials__contains=text.lower())


def _phones(viewer: Viewer, text: str) -> Q:
    digits = "".join(character for character in text if character.isdigit())
    if len(digits) < DIALLED_DIGITS or len(digits) != len(text.replace(" ", "").replace("-", "")):
        return Q()
    contacts = visible(Contact.objects.all(), viewer, "sites.see", company_field="site__company_id")
    parts = visible(contacts, viewer, "sites.contact_phone", company_field="site__company_id")
    seen = parts.filter(phone__contains=digits)
    return Q(pk__in=contacts.filter(phone=digits).values("site_id")) | Q(pk__in=seen.values("site_id"))
