"""The contacts of the case page: whom to dial, what came of it, links, reports, and how messages stand."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from lianjing.core.viewer import Person
from lianjing.domain.deliveries.actions import LINK
from lianjing.domain.deliveries.channels import ChannelState, channel_states
from lianjing.domain.deliveries.queries import DeliveryLine, deliveries_about
from lianjing.domain.incidents.case_page import IncidentPage
from lianjing.domain.incidents.case_timeline import Step
from lianjing.domain.incidents.customer_policy import (
    ASKING_CHANNELS,
    CALL_OUTCOMES,
    TELLING_CHANNELS,
    is_threatened,
    suggested_outcome,
)
from lianjing.domain.incidents.customer_side import (
    CallLine,
    LinkLine,
    calls_of,
    links_of,
    public_address,
    report_text,
    reports_of,
)
from lianjing.domain.incidents.customer_words import answer_words, outcome_words, way_words
from lianjing.domain.incidents.models import CustomerReport
from lianjing.domain.sites.policy import within_hours
from lianjing.domain.sites.queries import ContactLine
from lianjing.domain.sites.site_list import VERIFIED_WITHIN
from lianjing.web.tags import clock


@dataclass(frozen=True, slots=True)
class Way:
    """A channel that can be chosen, or the sentence why not. `key` chooses it in its form."""

    name: str
    words: str
    why_not: str
    simulated: bool


@dataclass(frozen=True, slots=True)
class CallRow:
    """An attempt in words: 第 2 次 · 02:14:37 · 0:12 · 无人接听."""

    line: CallLine
    words: str
    lasted: str


@dataclass(frozen=True, slots=True)
class LinkRow:
    line: LinkLine
    words: str
    answer_words: str
    suggests: str
    """The outcome that the operator may take over with one press; "" for none."""
    may_revoke: bool


@dataclass(slots=True)
class ContactRow:
    """A contact with all that was tried."""

    contact: ContactLine
    hours: str
    off_hours: bool
    trust: str
    trust_good: bool
    calls: list[CallRow] = field(default_factory=list)
    links: list[LinkRow] = field(default_factory=list)
    ways: list[Way] = field(default_factory=list)


def customer_side(viewer: Person, page: IncidentPage, at: datetime) -> dict[str, Any]:
    """Calls, links, reports and messages of the case: four queries."""
    incident = page.incident
    calls = calls_of(viewer, incident.pk)
    links = links_of(viewer, incident, at)
    reports = reports_of(viewer, incident.pk)
    sent = deliveries_about(viewer, f"incident:{incident.pk}")
    states = channel_states(incident.company)
    return {
        "people": [_person(contact, page, calls, links, states, at) for contact in page.contacts],
        "other_calls": [_call(line) for line in calls if not _of_a_contact(line, page.contacts)],
        "call_outcomes": [(outcome, outcome_words(outcome)) for outcome in CALL_OUTCOMES],
        "call_counts": _counts_words(calls, page.timeline),
        "may_call": page.moves["call"].allowed,
        "silent": page.plan.silent,
        "ask_refused": _ask_refused(page),
        "tell_ways": [_way(name, states) for name in TELLING_CHANNELS],
        "draft": report_text(viewer, incident, page.timeline) if page.moves["tell"].allowed else "",
        "reports": [(report, told_words(report, sent)) for report in reports],
        "deliveries": [DeliveryRow(line) for line in sent],
    }


@dataclass(frozen=True, slots=True)
class DeliveryRow:
    """A message, with its state in words."""

    line: DeliveryLine

    @property
    def channel(self) -> str:
        return way_words(self.line.channel)

    @property
    def text(self) -> str:
        """What was written; the link that went with it is known to nobody."""
        return self.line.body.replace(LINK, _("［链接］"))

    @property
    def state(self) -> str:
        return state_words(self.line.state)

    @property
    def tone(self) -> str:
        return {"sent": "ok", "failed": "odd", "given_up": "bad"}.get(self.line.state, "quiet")

    @property
    def sign(self) -> str:
        return {"sent": "✓", "failed": "◐", "given_up": "✕"}.get(self.line.state, "…")


def state_words(state: str) -> str:
    """How a message stands."""
    return {
        "queued": _("待发送"),
        "sending": _("发送中"),
        "sent": _("已送出"),
        "failed": _("没有送出，稍后重试"),
        "given_up": _("没有送达，已停止重试"),
    }.get(state, state)


def _counts_words(calls: Sequence[CallLine], timeline: Sequence[Step]) -> str:
    """How often somebody was called, before and after help was called in; "" when nobody was."""
    out = [line.started_at for line in calls if line.direction == "out"]
    if not out:
        return ""
    sent = next((step.at for step in timeline if step.action == "incident.forwarded"), None)
    if sent is None:
        return _("拨打 %(count)d 次") % {"count": len(out)}
    before = sum(at < sent for at in out)
    return _("拨打 %(count)d 次：转发前 %(before)d，转发后 %(after)d") % {
        "count": len(out),
        "before": before,
        "after": len(out) - before,
    }


def _person(
    contact: ContactLine,
    page: IncidentPage,
    calls: Sequence[CallLine],
    links: Sequence[LinkLine],
    states: Sequence[ChannelState],
    at: datetime,
) -> ContactRow:
    local = timezone.localtime(at, timezone.get_default_timezone())
    trust, good = _trust(contact, local.date())
    return ContactRow(
        contact=contact,
        hours=_hours(contact.reachable_from, contact.reachable_until),
        off_hours=not within_hours(contact.reachable_from, contact.reachable_until, local.time()),
        trust=trust,
        trust_good=good,
        calls=[_call(line) for line in calls if line.contact_id == contact.id],
        links=[_link(line, page) for line in links if line.contact_id == contact.id],
        ways=[_way(name, states, contact) for name in ASKING_CHANNELS],
    )


def _of_a_contact(line: CallLine, contacts: Sequence[ContactLine]) -> bool:
    return line.contact_id in {contact.id for contact in contacts}


def _call(line: CallLine) -> CallRow:
    minutes, seconds = divmod(line.seconds, 60)
    words = outcome_words(line.outcome)
    return CallRow(
        line, _("来电，%(words)s") % {"words": words} if line.direction == "in" else words, f"{minutes}:{seconds:02d}"
    )


def _link(line: LinkLine, page: IncidentPage) -> LinkRow:
    allowed = page.moves["ask_customer"].allowed
    suggests = suggested_outcome(page.incident.event_class, line.answer)
    if not page.moves["verify"].allowed or page.incident.verified_outcome == suggests:
        suggests = ""
    words = {
        "open": _("链接已发，等待答复，%(until)s 前有效"),
        "answered": _("链接已答复"),
        "ended": _("警情已结案，链接只能求助"),
        "expired": _("链接已过期，没有答复"),
        "revoked": _("链接已收回"),
    }[line.standing] % {"until": clock(line.expires_at)}
    if line.answer:
        words = _("客户答复")
    elif line.standing == "open" and line.opened_at:
        words = _("链接已打开，等待答复，%(until)s 前有效") % {"until": clock(line.expires_at)}
    may_revoke = allowed and line.standing == "open"
    return LinkRow(line, words, answer_words(line.answer), suggests, may_revoke)


def _way(name: str, states: Sequence[ChannelState], contact: ContactLine | None = None) -> Way:
    state = next((each for each in states if each.channel == name), None)
    if state is None:
        return Way(name, way_words(name), "", simulated=False)
    why_not = state.why_not
    if contact is not None and name == "email" and not contact.has_email:
        why_not = why_not or _("没有登记邮箱。")
    return Way(name, way_words(name), why_not, state.simulated)


def _ask_refused(page: IncidentPage) -> str:
    """Why nobody can be asked by a link at all; the action looks again."""
    if not page.moves["ask_customer"].allowed:
        return page.moves["ask_customer"].why_not
    if is_threatened(page.incident.event_class, page.incident.verified_outcome):
        return _("劫持、紧急求助类警情不能发确认链接：收到的人可能正受威胁。")
    return "" if public_address(page.incident) else _("没有设置 LIANJING_PUBLIC_URL，手机打不开链接：请管理员设置。")


def told_words(report: CustomerReport, sent: Sequence[DeliveryLine]) -> str:
    """By which way, and whether it got there."""
    line = next((each for each in sent if each.id == report.delivery_id), None)
    words = way_words(report.channel)
    if line is None:
        return words
    told = f"{words} · {state_words(line.state)}"
    return f"{told} · {_('模拟')}" if line.simulated else told


def _hours(begin: time | None, end: time | None) -> str:
    return f"{begin:%H:%M}–{end:%H:%M}" if begin and end else ""


def _trust(contact: ContactLine, today: date) -> tuple[str, bool]:
    if contact.doubted_on:
        return _("号码存疑：接听的不是本人"), False
    if contact.verified_on is None:
        return _("号码从未核实"), False
    told = {"day": contact.verified_on.isoformat()}
    if contact.verified_on < today - VERIFIED_WITHIN:
        return _("%(day)s 核实，已超过 180 天") % told, False
    return _("%(day)s 核实") % told, True
