"""What people do to the contacts of a site. All records stand under the site, where they are looked for."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django.contrib.auth.hashers import check_password
from django.db import transaction
from django.db.models import F, Max

from lianjing.core.changes import CHANGED as UNTOLD
from lianjing.core.changes import difference
from lianjing.core.entering import enter, told
from lianjing.core.refusals import Refused
from lianjing.core.viewer import Viewer, require
from lianjing.domain.deliveries.policy import EMAIL
from lianjing.domain.records.changing import Actor, locked, write_down
from lianjing.domain.sites.actions.changing import editable_site
from lianjing.domain.sites.actions.sites import CHANGED
from lianjing.domain.sites.models import Contact, Site
from lianjing.domain.sites.site_policy import check_phone, check_words
from lianjing.domain.sites.word_digests import digest_of
from lianjing.terms.sentences import marked as _

CONTACT_FIELDS = frozenset({"name", "role", "phone", "email", "notes", "reachable_from", "reachable_until"})
UNTOLD_FIELDS = frozenset({"phone", "email"})
WORDS = ("pass_word", "duress_word")
CONTACTS_AT_MOST = 20
FAR = 10_000
"""Out of the way of all places, while two contacts change theirs."""


@transaction.atomic
def add_contact(site_id: int, values: Mapping[str, Any], *, by: Viewer, at: datetime, source: str = "") -> Contact:
    """Adds a contact, last in the calling order. `values`: of CONTACT_FIELDS, with name and phone, and WORDS in clear,
    which are kept as digests only.

    Raises Missing, Forbidden or Refused.
    """
    site = editable_site(site_id, by)
    last = site.contacts.aggregate(last=Max("place"))["last"] or 0
    if site.contacts.count() >= CONTACTS_AT_MOST:
        raise Refused("", _("一个场所最多 %(count)d 位联系人。"), count=CONTACTS_AT_MOST)
    contact = Contact(site=site, place=last + 1)
    _enter(contact, values)
    contact.save()
    after = {"contact": contact.name, "place": contact.place, "role": contact.role, **_words_told(values)}
    write_down("site.contact_added", site, site.company_id, Actor(by, at, source), after=after, topic=CHANGED)
    return contact


@transaction.atomic
def change_contact(
    site_id: int, contact_id: int, values: Mapping[str, Any], *, by: Viewer, at: datetime, source: str = ""
) -> Contact:
    """Changes what `values` names; an empty word leaves the one on file. A new name or number is unverified.

    Raises Missing, Forbidden or Refused.
    """
    site, contact = _contact(site_id, contact_id, by)
    had = told(contact, CONTACT_FIELDS)
    _enter(contact, values)
    has = told(contact, CONTACT_FIELDS)
    before, after = difference(had, has, UNTOLD_FIELDS)
    after |= _words_told(values)
    if {"name", "phone"} & after.keys():
        contact.verified_on = contact.doubted_on = None
    contact.save()
    if after:
        _write(site, contact, "site.contact_changed", before, after, Actor(by, at, source))
    return contact


@transaction.atomic
def clear_words(site_id: int, contact_id: int, *, by: Viewer, at: datetime, source: str = "") -> Contact:
    """Removes pass-word and duress word of a contact. Raises Missing or Forbidden."""
    site, contact = _contact(site_id, contact_id, by)
    gone = {name: UNTOLD for name in WORDS if getattr(contact, name)}
    if gone:
        contact.pass_word = contact.duress_word = ""
        contact.save(update_fields=WORDS)
        weakens = [_("联系人的口令或胁迫口令被删除")]
        _write(site, contact, "site.contact_words_removed", gone, {}, Actor(by, at, source), weakens)
    return contact


@transaction.atomic
def remove_contact(site_id: int, contact_id: int, *, by: Viewer, at: datetime, source: str = "") -> None:
    """Removes a contact; those behind him move up. Raises Missing or Forbidden."""
    site, contact = _contact(site_id, contact_id, by)
    gone, place = {"contact": contact.name, "place": contact.place, "role": contact.role}, contact.place
    contact.delete()
    for behind in site.contacts.filter(place__gt=place).order_by("place"):
        Contact.objects.filter(pk=behind.pk).update(place=F("place") - 1)
    weakens = [] if site.contacts.exists() else [_("场所已没有联系人")]
    actor = Actor(by, at, source)
    write_down(
        "site.contact_removed", site, site.company_id, actor, before=gone, after={}, weakens=weakens, topic=CHANGED
    )


@transaction.atomic
def move_contact(site_id: int, contact_id: int, up: bool, *, by: Viewer, at: datetime, source: str = "") -> bool:
    """Moves a contact one place in the calling order; False when he is at its end already.

    Raises Missing or Forbidden.
    """
    site, contact = _contact(site_id, contact_id, by)
    beyond = site.contacts.filter(place__lt=contact.place) if up else site.contacts.filter(place__gt=contact.place)
    other = beyond.order_by("-place" if up else "place").first()
    if other is None:
        return False
    mine, its = contact.place, other.place
    Contact.objects.filter(pk=contact.pk).update(place=FAR)
    Contact.objects.filter(pk=other.pk).update(place=mine)
    Contact.objects.filter(pk=contact.pk).update(place=its)
    _write(site, contact, "site.contact_moved", {"place": mine}, {"place": its}, Actor(by, at, source))
    return True


@transaction.atomic
def verify_contact(site_id: int, contact_id: int, on: date, *, by: Viewer, at: datetime, source: str = "") -> Contact:
    """Notes that name and number were right on that day. Raises Missing or Forbidden."""
    site, contact = _contact(site_id, contact_id, by)
    had = {"verified_on": contact.verified_on.isoformat() if contact.verified_on else None}
    contact.verified_on, contact.doubted_on = on, None
    contact.save(update_fields=["verified_on", "doubted_on"])
    after = {"verified_on": on.isoformat()}
    _write(site, contact, "site.contact_verified", had, after, Actor(by, at, source))
    return contact


@transaction.atomic
def doubt_contact(site_id: int, contact_id: int, on: date, *, by: Viewer, at: datetime, source: str = "") -> Contact:
    """Notes that somebody else answered at this number: it has to be put right. For whoever calls.

    Raises Missing or Forbidden.
    """
    rows = Contact.objects.filter(site_id=site_id).select_related("site")
    contact = locked(rows, contact_id, by, company="site__company_id", see="sites.see")
    require(by, "sites.contact_phone", contact.site.company_id)
    contact.doubted_on = on
    contact.save(update_fields=["doubted_on"])
    weakens = [_("联系人的号码不对，出警情时可能联系不到")]
    after = {"doubted_on": on.isoformat()}
    _write(contact.site, contact, "site.contact_doubted", {}, after, Actor(by, at, source), weakens)
    return contact


def _contact(site_id: int, contact_id: int, by: Viewer) -> tuple[Site, Contact]:
    """Both locked: the site too, since places are the site's."""
    site = editable_site(site_id, by)
    return site, locked(Contact.objects.filter(site=site), contact_id, by, company="site__company_id", see="sites.see")


def _enter(contact: Contact, values: Mapping[str, Any]) -> None:
    enter(contact, {name: value for name, value in values.items() if name in CONTACT_FIELDS})
    check_phone(contact.phone)
    if contact.email and not EMAIL.fullmatch(contact.email):
        raise Refused("email", _("邮箱请写成 name@example.cn 的样子。"))
    if (contact.reachable_from is None) != (contact.reachable_until is None):
        missing = "reachable_from" if contact.reachable_from is None else "reachable_until"
        raise Refused(missing, _("可联系时段的起止要一起填。"))
    _enter_words(contact, *(str(values.get(name) or "").strip() for name in WORDS))


def _enter_words(contact: Contact, pass_word: str, duress_word: str) -> None:
    check_words(pass_word, duress_word)
    if pass_word and contact.duress_word and not duress_word and check_password(pass_word, contact.duress_word):
        raise Refused("pass_word", _("口令必须与胁迫口令不同。"))
    if duress_word and contact.pass_word and not pass_word and check_password(duress_word, contact.pass_word):
        raise Refused("duress_word", _("胁迫口令必须与口令不同。"))
    others = Contact.objects.filter(site_id=contact.site_id).exclude(pk=contact.pk)
    if pass_word and any(other.duress_word and check_password(pass_word, other.duress_word) for other in others):
        raise Refused("pass_word", _("请换一个口令：它会与本场所的其他口令混淆。"))
    if duress_word and any(other.pass_word and check_password(duress_word, other.pass_word) for other in others):
        raise Refused("duress_word", _("请换一个口令：它会与本场所的其他口令混淆。"))
    contact.pass_word = digest_of(pass_word) if pass_word else contact.pass_word
    contact.duress_word = digest_of(duress_word) if duress_word else contact.duress_word


def _words_told(values: Mapping[str, Any]) -> dict[str, str]:
    return {name: UNTOLD for name in WORDS if str(values.get(name) or "").strip()}


def _write(
    site: Site,
    contact: Contact,
    action: str,
    before: Mapping[str, Any],
    after: Mapping[str, Any],
    actor: Actor,
    weakens: list[str] | None = None,
) -> None:
    """Who it is about stands in both halves under `contact`."""
    write_down(
        action,
        site,
        site.company_id,
        actor,
        before=before,
        after={"contact": contact.name, **after},
        weakens=weakens or (),
        topic=CHANGED,
    )
