"""核对口令: who calls says his word, and whose it is becomes known. Every check is recorded, and few guesses are free.

A duress word raises event DW at once. That a check begins is recorded in a transaction of its own, before: guesses made
at the same time are counted too, and a check that fails half-way still counts.
"""

from datetime import datetime

from django.db import transaction

from lianjing.core.refusals import Missing, Refused
from lianjing.core.viewer import Viewer, require, visible
from lianjing.domain.records.actions import Deed, write_records
from lianjing.domain.records.models import Record
from lianjing.domain.signals.system_events import NewEvent, raise_events
from lianjing.domain.signals.testing_policy import WORD_TRIES, WORD_WINDOW
from lianjing.domain.sites.models import Site
from lianjing.domain.sites.pass_words import Checked, WordIs, check_pass_word
from lianjing.terms.sentences import marked as _

PERMISSION = "sites.contact_phone"
"""Who calls people may check their words."""

BEGUN, KNOWN, WRONG = "site.word_asked", "site.word_known", "site.word_wrong"
DURESS_WORD = "DW"


def check_word(site_id: int, word: str, *, by: Viewer, at: datetime, source: str = "") -> Checked:
    """Whose word it is, for who handles a case or takes a call. Raises Missing, Forbidden, or Refused."""
    site = visible(Site.objects.all(), by, "sites.see").filter(pk=site_id).first()
    if site is None:
        raise Missing(f"site {site_id}")
    require(by, PERMISSION, site.company_id)
    if not word.strip():
        raise Refused("word", _("请填写对方报出的口令。"))
    return hear_word(site, word, "核对口令时", by=by, at=at, source=source)


def hear_word(site: Site, word: str, occasion: str, *, by: Viewer, at: datetime, source: str = "") -> Checked:
    """Whose word it is; the caller has looked whether `by` may ask. `occasion` begins the sentence of a duress event.

    Raises Refused after WORD_TRIES wrong words at the site in WORD_WINDOW. Not to be called inside a transaction.
    """
    _begin(site, by, at, source)
    found = check_pass_word(by, site.pk, word)
    _finish(site, found, occasion, by, at, source)
    return found


@transaction.atomic
def _begin(site: Site, by: Viewer, at: datetime, source: str) -> None:
    """Locks the site: two checks at once are counted one after the other."""
    Site.objects.select_for_update(no_key=True).get(pk=site.pk)
    lately = Record.objects.filter(subject_type="site", subject_id=str(site.pk), at__gt=at - WORD_WINDOW)
    if lately.filter(action=BEGUN).count() - lately.filter(action=KNOWN).count() >= WORD_TRIES:
        minutes = int(WORD_WINDOW.total_seconds() // 60)
        raise Refused(
            "word",
            _("%(minutes)d 分钟内口令错了 %(tries)d 次，暂不再核对，请班长处理。"),
            minutes=minutes,
            tries=WORD_TRIES,
        )
    write_records([Deed(BEGUN, "site", site.pk, site.company_id)], by=by, at=at, source=source)


@transaction.atomic
def _finish(site: Site, found: Checked, occasion: str, by: Viewer, at: datetime, source: str) -> None:
    action, after = WRONG, None
    if found.contact is not None:
        action, after = KNOWN, {"result": found.word_is.value, "contact": found.contact.name}
    write_records([Deed(action, "site", site.pk, site.company_id, after)], by=by, at=at, source=source)
    if found.contact is not None and found.word_is is WordIs.DURESS:
        _raise_duress(site, f"{occasion}，联系人{found.contact.name}报出的是胁迫口令。接线人：{by.name}。", by, at)


def _raise_duress(site: Site, reason: str, by: Viewer, at: datetime) -> None:
    """One event an occasion: one that nobody has ended must not swallow the next."""
    event = NewEvent(
        kind=DURESS_WORD,
        subject=f"site:{site.pk}:{at.timestamp():.6f}",
        raised_at=at,
        company_id=site.company_id,
        site_id=site.pk,
        reasons=[reason],
    )
    raise_events([event], by=by, at=at)
