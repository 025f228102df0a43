"""Whom an act on a case is about: a contact of its site, or somebody by name. Steps of actions, and no actions."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from lianjing.core.phones import masked_phone
from lianjing.domain.incidents.models import Incident
from lianjing.domain.incidents.moving import BadChoice, written
from lianjing.domain.sites.models import Contact

NAME_LIMIT = 50


@dataclass(frozen=True, slots=True)
class Whom:
    """Somebody by name; with `contact` somebody on file at the site."""

    name: str
    contact: Contact | None = None

    @property
    def masked(self) -> str:
        return masked_phone(self.contact.phone) if self.contact else ""

    def address(self, channel: str) -> str:
        """Where he is reached by a channel; "" when nothing is on file. WeChat gateways find people by number."""
        if self.contact is None:
            return ""
        return self.contact.email if channel == "email" else self.contact.phone


def whom(incident: Incident, contact: int | str | None, *, on_file: bool = False) -> Whom:
    """The contact of this number at the case's site; a name means the contact of that name, or somebody not on file.

    Raises BadChoice for a number of another site, for no name, and, with `on_file`, for whoever is not on file.
    """
    if isinstance(contact, str) and contact.strip().isdecimal():
        contact = int(contact)
    rows = Contact.objects.filter(site_id=incident.site_id)
    if isinstance(contact, int):
        found = rows.filter(pk=contact).first() if incident.site_id and contact < 2**63 else None
        if found is None:
            raise BadChoice("contact", _("这位联系人不在此场所。"))
        return Whom(found.name, found)
    name = written("contact", contact or "", required=True, limit=NAME_LIMIT)
    named = list(rows.filter(name=name)[:2]) if incident.site_id else []
    if len(named) == 1:
        return Whom(name, named[0])
    if on_file:
        raise BadChoice("contact", _("请选择此场所的一位联系人。"))
    return Whom(name)
