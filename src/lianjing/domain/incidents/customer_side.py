"""What was said with the customer about a case: calls, links and reports; and the page behind a link."""

from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.utils import timezone, translation

from lianjing.core.crypto import Unopenable, open_field
from lianjing.core.viewer import Link, Viewer, visible
from lianjing.domain.incidents.case_timeline import Step
from lianjing.domain.incidents.choice_words import choice_words, disposition_words
from lianjing.domain.incidents.customer_policy import LinkFacts, link_standing
from lianjing.domain.incidents.joined_cases import case_that_stays, with_joined
from lianjing.domain.incidents.models import CallAttempt, ConfirmationLink, CustomerReport, Incident, State
from lianjing.domain.people.policy import token_digest
from lianjing.domain.signals.queries import address_words, code_words

SHOWN = 100
SEE = "incidents.see"
OF_CASE = "incident__company_id"


@dataclass(frozen=True, slots=True)
class CallLine:
    """An attempt to reach somebody; `nth` counts those to the same person, from 1."""

    id: int
    contact_id: int | None
    name: str
    masked: str
    direction: str
    started_at: datetime
    ended_at: datetime
    outcome: str
    note: str
    by_name: str
    nth: int

    @property
    def seconds(self) -> int:
        return int((self.ended_at - self.started_at).total_seconds())


def calls_of(viewer: Viewer, incident_id: int) -> list[CallLine]:
    """All attempts of a case, oldest first."""
    rows = visible(CallAttempt.objects.filter(incident_id=incident_id), viewer, SEE, company_field=OF_CASE)
    counted: dict[object, int] = {}
    lines = []
    for row in rows.select_related("by").order_by("started_at", "id")[:SHOWN]:
        who = row.contact_id or row.name
        counted[who] = counted.get(who, 0) + 1
        lines.append(_call(row, counted[who]))
    return lines


def _call(row: CallAttempt, nth: int) -> CallLine:
    return CallLine(
        id=row.pk,
        contact_id=row.contact_id,
        name=row.name,
        masked=row.masked,
        direction=row.direction,
        started_at=row.started_at,
        ended_at=row.ended_at,
        outcome=row.outcome,
        note=row.note,
        by_name=row.by.shown_name if row.by else "",
        nth=nth,
    )


@dataclass(frozen=True, slots=True)
class LinkLine:
    """A link that was sent, and how it stands: open, answered, ended, expired or revoked."""

    id: int
    contact_id: int | None
    name: str
    standing: str
    created_at: datetime
    expires_at: datetime
    opened_at: datetime | None
    answered_at: datetime | None
    answer: str
    simulated_href: str
    """Where the simulated phone of a demo opens it; "" for every real one: of those only a digest is known."""


def links_of(viewer: Viewer, incident: Incident, at: datetime) -> list[LinkLine]:
    """The links of a case and of what was joined into it, newest first."""
    links = ConfirmationLink.objects.filter(incident__in=with_joined(incident.pk))
    rows = visible(links, viewer, SEE, company_field=OF_CASE)
    return [_link(row, incident, at) for row in rows.select_related("delivery").order_by("-pk")[:SHOWN]]


def _link(row: ConfirmationLink, incident: Incident, at: datetime) -> LinkLine:
    return LinkLine(
        id=row.pk,
        contact_id=row.contact_id,
        name=row.name,
        standing=link_standing(facts_of(row, incident), at),
        created_at=row.created_at,
        expires_at=row.expires_at,
        opened_at=row.opened_at,
        answered_at=row.answered_at,
        answer=row.answer,
        simulated_href=_simulated(row),
    )


def _simulated(row: ConfirmationLink) -> str:
    if not row.delivery.simulated or not row.delivery.secret_sealed:
        return ""
    try:
        return open_field(settings.ENVIRONMENT.data_key, row.delivery.secret_sealed).decode()
    except Unopenable:
        return ""


def reports_of(viewer: Viewer, incident_id: int) -> list[CustomerReport]:
    """Who was told, newest first."""
    rows = visible(CustomerReport.objects.filter(incident_id=incident_id), viewer, SEE, company_field=OF_CASE)
    return list(rows.select_related("by", "delivery").order_by("-told_at", "-pk")[:SHOWN])


# Behind a link


def facts_of(link: ConfirmationLink, incident: Incident) -> LinkFacts:
    """The link as the rules see it."""
    return LinkFacts(link.expires_at, link.revoked_at is not None, link.answer, incident.state == State.CLOSED)


def link_viewer(token: str) -> Link | None:
    """The eyes of whoever holds this link; None when there is no such link."""
    found = ConfirmationLink.objects.filter(digest=token_digest(token)).values_list("incident_id", "name").first()
    return Link(f"incident:{found[0]}", f"{found[1]}（链接）") if found else None


@dataclass(frozen=True, slots=True)
class LinkPage:
    """All that a phone gets to see: which premises, what, when. Nobody's name or number."""

    company_name: str
    site_name: str
    what: str
    opened_at: datetime
    standing: str
    answer: str
    answered_at: datetime | None
    expires_at: datetime


def link_page(viewer: Viewer, token: str, at: datetime) -> LinkPage | None:
    """The page behind a link, for whoever holds it."""
    rows = ConfirmationLink.objects.select_related("incident__site", "incident__company", "incident__joined_into")
    link = rows.filter(digest=token_digest(token)).first()
    if link is None or not isinstance(viewer, Link) or viewer.subject != f"incident:{link.incident_id}":
        return None
    incident = link.incident
    return LinkPage(
        company_name=incident.company.name if incident.company else "",
        site_name=incident.site.name if incident.site else "",
        what=code_words(incident.scheme, incident.code, incident.qualifier),
        opened_at=incident.opened_at,
        standing=link_standing(facts_of(link, case_that_stays(incident)), at),
        answer=link.answer,
        answered_at=link.answered_at,
        expires_at=link.expires_at,
    )


def public_address(incident: Incident) -> str:
    """How phones reach this server; "" when nobody has said. A demo's simulated phone is this machine."""
    if settings.PUBLIC_URL:
        return str(settings.PUBLIC_URL)
    bind = settings.ENVIRONMENT.web_bind
    is_demo = incident.company is not None and incident.company.is_demo
    return f"http://{bind[0]}:{bind[1]}" if is_demo and bind else ""


# What the customer is told

CAME = {"incident.task_arrived": "巡逻人员", "incident.police_arrived": "民警"}


def report_text(viewer: Viewer, incident: Incident, steps: list[Step]) -> str:
    """A draft of 警情通报 in plain Chinese, whoever reads the desk: where, when, what, what was found and done.

    `steps` is the case's time line, as the viewer sees it.
    """
    with translation.override("zh-hans"):
        return "".join(_report_sentences(incident, steps))


def _report_sentences(incident: Incident, steps: list[Step]) -> list[str]:
    site, company = incident.site, incident.company
    what = code_words(incident.scheme, incident.code, incident.qualifier)
    zones = "、".join(address_words(w["kind"], w["number"], w["name"]) for w in incident.zone_words[:3])
    place = f"{site.name}（{site.address}）" if site and site.address else (site.name if site else "")
    said = [f"您好，这里是{company.name if company else ''}接警中心。"]
    said.append(f"{_moment(incident.opened_at)}，{place}收到{what}{f'（{zones}）' if zones else ''}。")
    # That somebody spoke under threat is told to the police and to nobody else.
    if incident.verified_outcome not in ("", "duress"):
        how = choice_words(incident.verified_how)
        said.append(f"经{how}复核：{choice_words(incident.verified_outcome)}。")
    said += [f"{_clock(step.at)} {step.words}。" for step in steps if step.action == "incident.forwarded"]
    said += [f"{_clock(step.at)} {CAME[step.action]}到达现场。" for step in steps if step.action in CAME]
    if incident.disposition:
        cause = f"，{incident.cause.rstrip('。')}" if incident.cause else ""
        said.append(f"处置结果：{disposition_words(incident.disposition)}{cause}。")
    else:
        said.append("目前仍在处理，有结果再告知您。")
    return said


def _moment(at: datetime) -> str:
    return timezone.localtime(at, timezone.get_default_timezone()).strftime("%m 月 %d 日 %H:%M:%S")


def _clock(at: datetime) -> str:
    return timezone.localtime(at, timezone.get_default_timezone()).strftime("%H:%M")
