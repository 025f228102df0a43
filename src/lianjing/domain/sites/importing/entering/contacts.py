"""The sheet `contacts`. Pass-words and duress words are compared with their digests."""

from collections.abc import Iterator

from lianjing.core.workbooks.planning import Change
from lianjing.core.workbooks.reading import Row
from lianjing.domain.sites.importing import standing
from lianjing.domain.sites.importing.columns import CONTACTS
from lianjing.domain.sites.importing.entering.scene import Scene
from lianjing.domain.sites.importing.words import WORDS, GivenWord, wrapped
from lianjing.domain.sites.models import Contact, Site
from lianjing.terms.sentences import marked as _


def enter_contacts(scene: Scene) -> None:
    rows = scene.book.rows("contacts")
    wrapped(rows)
    by_site: dict[str, tuple[Site, list[Row]]] = {}
    for row in rows:
        site = scene.site_of("contacts", row)
        if site is not None:
            by_site.setdefault(site.code, (site, []))[1].append(row)
    stands = standing.contacts(scene.viewer, [site.pk for site, _rows in by_site.values() if site.pk])
    for site, of_site in by_site.values():
        _check_among(scene, of_site)
        for row, contact in _told_apart(scene, site, of_site, stands.get(site.pk, []) if site.pk else []):
            _enter(scene, row, contact)


def _told_apart(scene: Scene, site: Site, rows: list[Row], stands: list[Contact]) -> Iterator[tuple[Row, Contact]]:
    """Whom each row means: by order; without one, by name; a new one comes after all others."""
    by_place = {contact.place: contact for contact in stands}
    for contact in stands:
        contact.site = site
    ordered = [row.values["order"] for row in rows if "order" in row.values]
    last = max([*by_place, *ordered], default=0)
    for row in rows:
        if "order" in row.broken:
            continue
        place = row.values.get("order")
        if place is None:
            found = _by_name(scene, site, row, [c for c in stands if c.place not in ordered])
            if row.broken and found is None:
                continue
            last += found is None
            place = found.place if found else last
        if scene.is_new_here("contacts", row, (site.code, place), str(place)):
            yield row, by_place.get(place) or Contact(site=site, place=place)


def _by_name(scene: Scene, site: Site, row: Row, stands: list[Contact]) -> Contact | None:
    name = row.values.get("name")
    if name is None:
        if "name" not in row.broken and not ({"role", "phone"} & set(row.values)):
            scene.needs("contacts", row, "name")
        return None
    found = [contact for contact in stands if contact.name == name]
    if len(found) > 1:
        told = _("本场所有 %(count)d 位联系人叫 %(name)s：请填写顺序。")
        scene.fault("contacts", row, "order", told, count=len(found), name=name)
    elif not scene.is_new_here("contacts", row, (site.code, name), name):
        return None
    return found[0] if len(found) == 1 else None


def _enter(scene: Scene, row: Row, contact: Contact) -> None:
    if contact.pk is None and "name" not in row.values:
        fallback = row.values.get("role") or row.values.get("phone")
        if fallback is None:
            scene.needs("contacts", row, "name")
        contact.name = fallback or ""
    change = scene.change(CONTACTS, row, f"{contact.site.code}/{contact.place}", contact)
    for column in WORDS:
        _enter_word(row, contact, change, column)
    _forget_verified(row, contact, change)
    _check_apart(scene, row, contact)
    _check_hours(scene, row, contact)
    scene.settle(row, change)


def _forget_verified(row: Row, contact: Contact, change: Change) -> None:
    """A new name or number is not what somebody verified, or doubted."""
    if contact.pk and contact.doubted_on and {"name", "phone"} & set(change.fields):
        change.note("doubted_on", contact.doubted_on, None)
        contact.doubted_on = None
        change.fields.append("doubted_on")
    if (
        contact.pk
        and contact.verified_on
        and "verified_on" not in row.values
        and {"name", "phone"} & set(change.fields)
    ):
        change.note("verified_on", contact.verified_on, None)
        contact.verified_on = None
        change.fields.append("verified_on")


def _enter_word(row: Row, contact: Contact, change: Change, column: str) -> None:
    given: GivenWord | None = row.values.get(column)
    stands = getattr(contact, column)
    if given is None or given.fits(stands):
        return
    change.note(column, "on file" if stands else "none", "changed")
    setattr(contact, column, given.digest)
    change.fields.append(column)


def _check_apart(scene: Scene, row: Row, contact: Contact) -> None:
    """One word must not mean two things, of one contact or among those of a site that the file gives."""
    given = {column: row.values[column] for column in WORDS if column in row.values}
    if len(given) == 2 and given["pass_word"].plain == given["duress_word"].plain:
        scene.fault("contacts", row, "duress_word", _("胁迫口令不能与口令相同。"))
    for column, other in (WORDS, WORDS[::-1]):
        if len(given) == 1 and column in given and given[column].fits(getattr(contact, other)):
            scene.fault("contacts", row, column, _("胁迫口令不能与口令相同。"))


def _check_among(scene: Scene, rows: list[Row]) -> None:
    duress = {row.values["duress_word"].plain: row.number for row in rows if "duress_word" in row.values}
    for row in rows:
        word = row.values.get("pass_word")
        if word is not None and duress.get(word.plain, row.number) != row.number:
            told = _("这个口令是第 %(row)d 行的胁迫口令，请换一个。")
            scene.fault("contacts", row, "pass_word", told, row=duress[word.plain])


def _check_hours(scene: Scene, row: Row, contact: Contact) -> None:
    if {"reachable_from", "reachable_until"} & set(row.broken):
        return
    if (contact.reachable_from is None) != (contact.reachable_until is None):
        column = "reachable_from" if contact.reachable_from is None else "reachable_until"
        if {"reachable_from", "reachable_until"} & set(row.values):
            scene.fault("contacts", row, column, _("可联系时段的起止要一起填。"))
