"""What people do to sites and to the notes about them."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction

from lianjing.core.changes import difference
from lianjing.core.entering import enter, once, told
from lianjing.core.pinyin import initials_of
from lianjing.core.refusals import Refused
from lianjing.core.viewer import Viewer
from lianjing.domain.records.changing import Actor, locked, write_down
from lianjing.domain.sites.actions.changing import editable_site, require_edit
from lianjing.domain.sites.models import Customer, Site, SiteNote
from lianjing.domain.sites.site_policy import check_place, weakening
from lianjing.terms.sentences import marked as _

SITE_FIELDS = frozenset(
    {
        "code",
        "name",
        "kind",
        "address",
        "division",
        "longitude",
        "latitude",
        "police_station",
        "access_notes",
        "key_location",
        "is_key_site",
    }
)
HOW_TO_GET_IN = frozenset({"access_notes", "key_location"})
"""Records say that it changed, and not to what."""
CHANGED = "site.changed"


@transaction.atomic
def add_site(customer_id: int, values: Mapping[str, Any], *, by: Viewer, at: datetime, source: str = "") -> Site:
    """Registers a site of a customer. `values`: of SITE_FIELDS, code and name at least; positions in WGS-84.

    Raises Missing, Forbidden or Refused.
    """
    customer = locked(Customer.objects.all(), customer_id, by, see="sites.see")
    require_edit(by, customer.company_id)
    site = Site(company_id=customer.company_id, customer=customer, added_at=at)
    _save(site, values)
    _before, after = difference({}, told(site, SITE_FIELDS), HOW_TO_GET_IN)
    after["customer"] = customer.code
    write_down("site.added", site, site.company_id, Actor(by, at, source), after=after, topic=CHANGED)
    return site


@transaction.atomic
def change_site(site_id: int, values: Mapping[str, Any], *, by: Viewer, at: datetime, source: str = "") -> Site:
    """Changes what `values` names. Nothing is written when nothing differs. Raises Missing, Forbidden or Refused."""
    site = editable_site(site_id, by)
    had = told(site, SITE_FIELDS)
    _save(site, values)
    has = told(site, SITE_FIELDS)
    before, after = difference(had, has, HOW_TO_GET_IN)
    if after:
        weakens = weakening(had, has)
        actor = Actor(by, at, source)
        write_down(CHANGED, site, site.company_id, actor, before=before, after=after, weakens=weakens, topic=CHANGED)
    return site


@transaction.atomic
def add_note(
    site_id: int,
    text: str,
    until: datetime | None,
    *,
    by: Viewer,
    at: datetime,
    must_acknowledge: bool = False,
    source: str = "",
) -> SiteNote:
    """Writes a note that whoever handles a case of the site sees until then; `must_acknowledge`: and confirms first.

    Raises Missing, Forbidden or Refused.
    """
    site = editable_site(site_id, by)
    if until is not None and until <= at:
        raise Refused("until", _("失效时间已经过了。"))
    note = SiteNote(site=site, until=until, must_acknowledge=must_acknowledge, written_at=at, written_by=by.name)
    enter(note, {"text": text})
    note.save()
    after = {"note": note.text, "until": until.isoformat() if until else None}
    after |= {"must_acknowledge": True} if must_acknowledge else {}
    write_down("site.note_added", site, site.company_id, Actor(by, at, source), after=after, topic=CHANGED)
    return note


@transaction.atomic
def remove_note(site_id: int, note_id: int, *, by: Viewer, at: datetime, source: str = "") -> None:
    """Takes a note away before its time. Raises Missing or Forbidden."""
    site = editable_site(site_id, by)
    note = locked(SiteNote.objects.filter(site=site), note_id, by, company="site__company_id", see="sites.see")
    actor, gone = Actor(by, at, source), {"note": note.text}
    note.delete()
    write_down("site.note_removed", site, site.company_id, actor, before=gone, after={}, topic=CHANGED)


def _save(site: Site, values: Mapping[str, Any]) -> None:
    check_place({**told(site, SITE_FIELDS), **values})
    enter(site, values)
    site.initials = initials_of(site.name)
    with once("code", _("场所编号 %(code)s 已经有了。"), code=site.code):
        site.save()
