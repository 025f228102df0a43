"""交接班: drawing up what is handed over, and both signatures. One transaction each, each with its sealed record."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from lianjing.core.outbox.write import News, emit
from lianjing.core.viewer import Forbidden, Person, Token, Viewer, person_id, require, visible
from lianjing.domain.incidents.hand_over_lists import content_for
from lianjing.domain.incidents.hand_over_policy import (
    ADDED_LIMIT,
    REMARKS_LIMIT,
    adding_refusal,
    signing_refusal,
)
from lianjing.domain.incidents.hand_over_standing import SIGN, digest_of, signing_of
from lianjing.domain.incidents.models import HandOver, HandOverRemark
from lianjing.domain.incidents.moving import Actor, Missing, Refused, written
from lianjing.domain.incidents.policy import Refusal
from lianjing.domain.people.duty_list import duty_of
from lianjing.domain.people.models import User
from lianjing.domain.records.actions import Deed, write_records
from lianjing.domain.records.queries import last_seal
from lianjing.domain.signals.permissions import roles_for


@transaction.atomic
def draw_up_hand_over(company_id: int, *, by: Viewer, at: datetime, remarks: str = "", source: str = "") -> HandOver:
    """Draws up what the person hands over for the company now: figures and lists as they stand, frozen.

    What he has drawn up before and not signed is drawn up anew in its place, `remarks` (up to 2,000 characters)
    included. Raises `Forbidden`, or `BadChoice` for remarks that cannot be kept.
    """
    require(by, SIGN, company_id)
    narrowed = _narrowed(by, company_id)
    words = written("remarks", remarks, limit=REMARKS_LIMIT)
    # Of two requests of one person the second finds what the first has drawn up.
    User.objects.select_for_update(no_key=True).get(pk=narrowed.id)
    drafts = HandOver.objects.select_for_update(no_key=True).filter(company_id=company_id, outgoing_id=narrowed.id)
    one = drafts.filter(outgoing_signed_at=None).first() or HandOver(company_id=company_id, outgoing_id=narrowed.id)
    duty, head = duty_of(by), last_seal(by)
    one.desk = duty.desk if duty is not None and duty.company_id == company_id else ""
    one.drawn_up_at, one.remarks = at, words
    one.content = content_for(narrowed, at)
    one.open_count = one.content["lists"]["open"]["count"]
    one.head_number, one.head_hash = (head.number, head.hash) if head else (None, "")
    one.digest = digest_of(one)
    one.save()
    counts = {name: listed["count"] for name, listed in one.content["lists"].items()}
    after = {"digest": one.digest, "head": one.head_number, **counts}
    return _tell("handover.drawn_up", one, Actor(by, at, source), after)


@transaction.atomic
def sign_hand_over(
    hand_over_id: int, *, digest: str, by: Viewer, at: datetime, remark: str = "", source: str = ""
) -> HandOver:
    """Signs for the outgoing person, who comes first, or as the incoming one, who is anybody else entitled.

    `digest`: of what his page showed; when it is another one by now, what he read is not what he would sign. `remark`:
    the incoming person may add one as he signs. Raises `Missing`, `Forbidden`, `Refused`, or `BadChoice` ("remark").
    """
    one = _locked(hand_over_id, by)
    require(by, SIGN, one.company_id)
    actor, user_id = Actor(by, at, source), _person(by).id
    _unless(signing_refusal(signing_of(one, user_id), at))
    if digest != one.digest:
        raise Refused(_("内容在您打开之后又重新汇总过，请看过再签。"))
    words = written("remark", remark, limit=ADDED_LIMIT)
    side = "incoming" if one.outgoing_signed_at else "outgoing"
    if side == "outgoing":
        one.outgoing_signed_at = at
    else:
        one.incoming_id, one.incoming_signed_at = user_id, at
    one.save()
    if words:
        HandOverRemark.objects.create(hand_over=one, text=words, written_at=at, written_by_id=user_id)
    return _tell("handover.signed", one, actor, {"side": side, "digest": one.digest, "text": words})


@transaction.atomic
def add_hand_over_remark(hand_over_id: int, text: str, *, by: Viewer, at: datetime, source: str = "") -> HandOver:
    """Adds a remark of up to 500 characters to a hand-over that is signed already; the rest stays as it was signed.

    Raises `Missing`, `Forbidden`, `Refused`, or `BadChoice` ("text").
    """
    words = written("text", text, required=True, limit=ADDED_LIMIT)
    one = _locked(hand_over_id, by)
    require(by, SIGN, one.company_id)
    user_id = _person(by).id
    _unless(adding_refusal(signing_of(one, user_id, added=one.added.count())))
    HandOverRemark.objects.create(hand_over=one, text=words, written_at=at, written_by_id=user_id)
    return _tell("handover.remarked", one, Actor(by, at, source), {"text": words})


def _locked(hand_over_id: int, by: Viewer) -> HandOver:
    rows = visible(HandOver.objects.all(), by, "handovers.see")
    one = rows.select_for_update(of=("self",), no_key=True).filter(pk=hand_over_id).first()
    if one is None:
        raise Missing(_("没有这份交接班。"))
    return one


def _unless(refused: Refusal | None) -> None:
    if refused is not None:
        raise Refused(_(refused.sentence) % refused.figures)


def _person(by: Viewer) -> Person:
    person = by.person if isinstance(by, Token) else by
    if not isinstance(person, Person) or person_id(by) is None:
        raise Forbidden(_("只有人员能交接班。"))
    return person


def _narrowed(by: Viewer, company_id: int) -> Person:
    """The person with his roles for this company alone: a hand-over is of one company, whoever else he works for."""
    person = _person(by)
    return Person(person.id, person.name, {company_id: roles_for(person, company_id)})


def _tell(topic: str, one: HandOver, actor: Actor, after: dict[str, Any]) -> HandOver:
    deed = Deed(topic, "handover", one.pk, one.company_id, after=after)
    write_records([deed], by=actor.by, at=actor.at, source=actor.source)
    emit([News(topic, one.company_id, {"handover": one.pk})], at=actor.at)
    return one
