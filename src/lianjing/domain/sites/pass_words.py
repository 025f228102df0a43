"""口令: checked against their digests, never read."""

from dataclasses import dataclass
from enum import StrEnum

from django.contrib.auth.hashers import check_password

from lianjing.core.viewer import Viewer, visible
from lianjing.domain.sites.models import Contact


class WordIs(StrEnum):
    """What a word turned out to be."""

    RIGHT = "right"
    DURESS = "duress"
    WRONG = "wrong"


@dataclass(frozen=True, slots=True)
class Checked:
    """The answer, and whose word it is; nobody's when it is wrong."""

    word_is: WordIs
    contact: Contact | None = None


def check_pass_word(viewer: Viewer, site_id: int, word: str) -> Checked:
    """Whose pass-word or duress word of the site `word` is. A duress word is one, whoever else has it as pass-word."""
    rows = visible(Contact.objects.filter(site_id=site_id), viewer, "sites.see", company_field="site__company_id")
    contacts = list(rows.order_by("place"))
    word = word.strip()
    for contact in contacts:
        if word and contact.duress_word and check_password(word, contact.duress_word):
            return Checked(WordIs.DURESS, contact)
    for contact in contacts:
        if word and contact.pass_word and check_password(word, contact.pass_word):
            return Checked(WordIs.RIGHT, contact)
    return Checked(WordIs.WRONG)
