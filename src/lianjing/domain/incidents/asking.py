"""确认链接: a contact is asked by a link on his phone, and answers. Errors as in `actions.py`.

The answer is the customer's word and no more: it never closes a case, and 误报 not even moves it. 求助 raises it.
"""

import secrets
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from lianjing.core.outbox.write import News, emit
from lianjing.core.seals.canonical import instant
from lianjing.core.viewer import Link, Viewer
from lianjing.domain.deliveries.actions import NewDelivery, Unsendable, queue_delivery
from lianjing.domain.incidents.contacting import Whom, whom
from lianjing.domain.incidents.customer_policy import (
    ANSWERS,
    ASKING_CHANNELS,
    LINK_LASTS,
    SILENT,
    Answer,
    answer_refusal,
    is_threatened,
)
from lianjing.domain.incidents.customer_side import facts_of, public_address
from lianjing.domain.incidents.desk_figures import figures_of_company
from lianjing.domain.incidents.joined_cases import lock_case_that_stays, with_joined
from lianjing.domain.incidents.models import ConfirmationLink, Incident, State
from lianjing.domain.incidents.moving import (
    Actor,
    BadChoice,
    Missing,
    Refused,
    chosen,
    finish_move,
    start_move,
)
from lianjing.domain.incidents.regrading import graded, keep_regradings, regraded
from lianjing.domain.incidents.restarting import restart, withdraw_disposition
from lianjing.domain.incidents.waiting import end_hold, wait_from
from lianjing.domain.people.policy import token_digest
from lianjing.domain.records.actions import Deed, write_records
from lianjing.domain.signals.queries import code_words

ASKED, OPENED = "incident.customer_asked", "incident.customer_opened"
ANSWERED, REVOKED = "incident.customer_answered", "incident.customer_link_revoked"
REOPENED = "incident.reopened"
PURPOSE = "confirm"
ASKS = (
    "【%(company)s】%(site)s %(at)s 收到%(what)s。请点开确认是否误报：{link} %(minutes)d 分钟内有效。"
    "如有危险请直接拨打 110。"
)
"""To customers, in Chinese whoever sends it."""
HELP_WANTED = "%(at)s 客户 %(contact)s 在确认链接中求助；升为一级。"
CONFIRMS = "%(at)s 客户 %(contact)s 在确认链接中答复：确有警情。"


@transaction.atomic
def ask_customer(
    incident_id: int, *, contact: int | str | None, channel: str, by: Viewer, at: datetime, source: str = ""
) -> ConfirmationLink:
    """Sends the contact a link by which he confirms, calls it a false alarm, or calls for help; it lasts 30 minutes.

    Refused for a hold-up, and while the site has one: whoever reads it may be under threat. An earlier link of the
    same contact does not count any more.
    """
    incident = start_move("ask_customer", incident_id, by)
    _refuse_silent(incident)
    person = whom(incident, contact, on_file=True)
    chosen("channel", channel, ASKING_CHANNELS)
    base = public_address(incident)
    if not base:
        raise Refused(_("没有设置 LIANJING_PUBLIC_URL，手机打不开链接：请管理员设置。"))
    links = ConfirmationLink.objects.filter(incident__in=with_joined(incident.pk))
    links.filter(contact=person.contact, revoked_at=None).update(revoked_at=at)
    token = secrets.token_urlsafe(24)
    delivery = _send(incident, person, channel, f"{base}/c/{token}/", Actor(by, at, source))
    link = ConfirmationLink.objects.create(
        incident=incident,
        contact=person.contact,
        name=person.name,
        digest=token_digest(token),
        delivery=delivery,
        created_at=at,
        expires_at=at + LINK_LASTS,
    )
    after = {"contact": person.name, "channel": channel, "expires_at": instant(link.expires_at)}
    finish_move(incident, ASKED, Actor(by, at, source), after)
    return link


def _refuse_silent(incident: Incident) -> None:
    if is_threatened(incident.event_class, incident.verified_outcome):
        raise Refused(_("劫持、紧急求助类警情不能发确认链接：收到的人可能正受威胁。"))
    others = Incident.objects.filter(site_id=incident.site_id, event_class__in=SILENT).exclude(state=State.CLOSED)
    if incident.site_id is not None and others.exists():
        raise Refused(_("此场所另有未结的劫持、紧急求助类警情，不能发确认链接。"))


def _send(incident: Incident, person: Whom, channel: str, link: str, actor: Actor) -> Any:
    site = incident.site
    told = {
        "company": incident.company.name if incident.company else "",
        "site": site.name if site else "",
        "at": timezone.localtime(incident.opened_at, timezone.get_default_timezone()).strftime("%H:%M"),
        "what": code_words(incident.scheme, incident.code, incident.qualifier),
        "minutes": int(LINK_LASTS.total_seconds() // 60),
    }
    new = NewDelivery(
        company=incident.company,
        channel=channel,
        address=person.address(channel),
        body=ASKS % told,
        purpose=PURPOSE,
        about=f"incident:{incident.pk}",
        subject=f"请确认：{told['site']}",
        secret=link,
        not_after=actor.at + LINK_LASTS,
    )
    try:
        return queue_delivery(new, by=actor.by, at=actor.at, source=actor.source)
    except Unsendable as wrong:
        raise BadChoice("contact" if wrong.field == "address" else wrong.field, str(wrong)) from wrong


@transaction.atomic
def revoke_link(incident_id: int, *, link_id: int, by: Viewer, at: datetime, source: str = "") -> ConfirmationLink:
    """Takes a link back: from now on it opens nothing. Refused when it is taken back already."""
    incident = start_move("ask_customer", incident_id, by)
    link = ConfirmationLink.objects.filter(incident__in=with_joined(incident.pk), pk=link_id).first()
    if link is None:
        raise Missing(_("没有这个链接。"))
    if not ConfirmationLink.objects.filter(pk=link.pk, revoked_at=None).update(revoked_at=at):
        raise Refused(_("这个链接已经收回。"))
    finish_move(incident, REVOKED, Actor(by, at, source), {"contact": link.name})
    return link


# By the link itself


def _mine(token: str, by: Viewer) -> tuple[Incident, ConfirmationLink]:
    """The link and its case, or the one that this was joined into, both locked, when `by` holds it. Raises Missing."""
    found = ConfirmationLink.objects.filter(digest=token_digest(token)).first()
    if found is None or not isinstance(by, Link) or by.subject != f"incident:{found.incident_id}":
        raise Missing(_("链接无效。"))
    # The case first, as every act on it does: two that lock both in another order would wait for each other.
    incident = lock_case_that_stays(found.incident_id)
    return incident, ConfirmationLink.objects.select_for_update(of=("self",), no_key=True).get(pk=found.pk)


@transaction.atomic
def note_link_opened(token: str, *, by: Viewer, at: datetime, source: str = "") -> bool:
    """Notes when the link was opened first; False when it was before. Raises Missing."""
    incident, link = _mine(token, by)
    if link.opened_at is not None:
        return False
    link.opened_at = at
    link.save(update_fields=["opened_at"])
    _write(OPENED, incident, {"contact": link.name}, Actor(by, at, source))
    return True


@transaction.atomic
def answer_link(token: str, answer: str, *, by: Viewer, at: datetime, source: str = "") -> ConfirmationLink:
    """The customer's word: real, false or help. Raises Missing, or Refused with a sentence for him.

    help: the case goes to grade one and to the top, unseen, with a tone; a closed one is opened again. real: it counts
    as confirmed. false: it is shown to whoever handles the case, and changes nothing.
    """
    chosen("answer", answer, ANSWERS)
    incident, link = _mine(token, by)
    if refused := answer_refusal(facts_of(link, incident), answer, at):
        raise Refused(_(refused))
    before, had = {"grade": incident.grade, "state": incident.state}, graded(incident)
    actor, closed = Actor(by, at, source), incident.state == State.CLOSED
    link.answer, link.answered_at = answer, at
    link.save(update_fields=["answer", "answered_at"])
    if answer == Answer.HELP:
        _raise(incident, link, actor)
    elif answer == Answer.REAL:
        incident.confirmed_at = incident.confirmed_at or at
        incident.reasons = [*incident.reasons, CONFIRMS % _told(link, at)]
    anew = regraded(incident, had, at)
    incident.save()
    keep_regradings(anew)
    if closed:
        _write(REOPENED, incident, {"state": incident.state, "text": "客户求助"}, actor, before)
    after = {"contact": link.name, "answer": answer, "grade": incident.grade, "state": incident.state}
    _write(ANSWERED, incident, after, actor, before, alarm=answer == Answer.HELP)
    return link


def _raise(incident: Incident, link: ConfirmationLink, actor: Actor) -> None:
    at, duress = actor.at, incident.verified_outcome == "duress"
    if incident.state == State.CLOSED:
        restart(incident, actor)
    elif incident.state == State.DISPOSED:
        # What was decided, and why nobody need be told, is no longer so.
        withdraw_disposition(incident)
        incident.duties_waived = []
        incident.state = State.FORWARDED.value if incident.forwarded_to else State.VERIFIED.value
    incident.grade = 1
    incident.confirmed_at = incident.confirmed_at or at
    end_hold(incident, incident.grade)
    wait_from(incident, at, figures_of_company(incident.company))
    incident.reasons = [*incident.reasons, HELP_WANTED % _told(link, at)]
    if duress:
        incident.verified_how, incident.verified_outcome = "call", "duress"
    else:
        incident.verified_how, incident.verified_outcome = "platform", "real"


def _told(link: ConfirmationLink, at: datetime) -> dict[str, str]:
    local = timezone.localtime(at, timezone.get_default_timezone())
    return {"at": local.strftime("%H:%M:%S"), "contact": link.name}


def _write(
    topic: str,
    incident: Incident,
    after: dict[str, Any],
    actor: Actor,
    before: dict[str, Any] | None = None,
    *,
    alarm: bool = False,
) -> None:
    deed = Deed(topic, "incident", incident.pk, incident.company_id, after, before)
    write_records([deed], by=actor.by, at=actor.at, source=actor.source)
    payload = {"incident": incident.pk, "grade": incident.grade, "alarm": alarm}
    emit([News(topic, incident.company_id, payload)], at=actor.at)
