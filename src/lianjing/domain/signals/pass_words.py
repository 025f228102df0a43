"""核对口令: who calls says his word, and the operator learns whose it is. Every check is recorded, and few are free.

A duress word raises event DW at once. Digests take a tenth of a second each, so they are compared outside of any
transaction: who else writes does not wait. That a check begins is recorded before, so that guesses made at the same
time are counted too.
"""

from datetime import datetime, timedelta

from django.db import transaction

from lianjing.core.viewer import Viewer, require, visible
from lianjing.domain.records.actions import Deed, write_records
from lianjing.domain.records.queries import count_records
from lianjing.domain.signals.system_events import NewEvent, end_events, raise_events
from lianjing.domain.sites.models import Site
from lianjing.domain.sites.pass_words import Checked, WordIs, check_pass_word
from lianjing.domain.sites.refusals import Missing, Refused

PERMISSION = "sites.contact_phone"
"""Who calls people may check their words."""

WITHIN = timedelta(minutes=10)
WRONG_AT_MOST = 5
"""More wrong words at one site within that time, and no more are looked at until it has passed."""

BEGUN, KNOWN, WRONG = "site.word_asked", "site.word_known", "site.word_wrong"
DURESS = "DW"


def _(sentence: str) -> str:
    """Marks a sentence for translation; who shows it translates it."""
    return sentence


def check_word(site_id: int, word: str, *, by: Viewer, at: datetime, source: str = "") -> Checked:
    """Whose word it is. Raises Missing, Forbidden, or Refused after too many wrong ones.

    Not to be called inside a transaction.
    """
    if not word.strip():
        raise Refused("word", _("请填写对方报出的口令。"))
    site = _begin(site_id, by, at, source)
    found = check_pass_word(by, site_id, word)
    _finish(site, found, by, at, source)
    return found


@transaction.atomic
def _begin(site_id: int, by: Viewer, at: datetime, source: str) -> Site:
    """Locks the site: two checks at once are counted one after the other."""
    rows = visible(Site.objects.all(), by, "sites.see")
    site = rows.select_for_update().filter(pk=site_id).first()
    if site is None:
        raise Missing(f"site {site_id}")
    require(by, PERMISSION, site.company_id)
    begun = count_records(by, ("site", site.pk), BEGUN, at - WITHIN)
    known = count_records(by, ("site", site.pk), KNOWN, at - WITHIN)
    if begun - known >= WRONG_AT_MOST:
        minutes = int(WITHIN.total_seconds() // 60)
        raise Refused(
            "word",
            _("%(minutes)d 分钟内已有 %(count)d 次口令不对，暂不再核对。请按预案用其他方式确认身份。"),
            minutes=minutes,
            count=WRONG_AT_MOST,
        )
    write_records([Deed(BEGUN, "site", site.pk, site.company_id)], by=by, at=at, source=source)
    return site


@transaction.atomic
def _finish(site: Site, found: Checked, by: Viewer, at: datetime, source: str) -> None:
    action, after = WRONG, None
    if found.contact is not None:
        action, after = KNOWN, {"result": found.word_is.value, "contact": found.contact.name}
    write_records([Deed(action, "site", site.pk, site.company_id, after)], by=by, at=at, source=source)
    if found.contact is not None and found.word_is is WordIs.DURESS:
        _alarm(site, found.contact.name, by, at)


def _alarm(site: Site, name: str, by: Viewer, at: datetime) -> None:
    """An earlier one of the site ends, so that each duress word is an event of its own."""
    subject = f"site:{site.pk}"
    end_events([(DURESS, subject)], by=by, at=at)
    reason = f"联系人 {name} 报出了胁迫口令（{by.name} 核对）：可能正受人胁迫，不要追问，按劫持处置"
    raise_events([NewEvent(DURESS, subject, at, site.company_id, site_id=site.pk, reasons=[reason])], by=by, at=at)
