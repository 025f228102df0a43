"""What a manager does with campaigns: ask several people for evidence, and close."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction

from lianjing.core.days import centre_day
from lianjing.core.entering import enter
from lianjing.core.refusals import Missing, Refused
from lianjing.core.viewer import Viewer, require, visible
from lianjing.domain.companies.models import Company
from lianjing.domain.compliance.evidence_list import askable
from lianjing.domain.compliance.evidence_policy import LATEST
from lianjing.domain.compliance.local_texts import judged_entries
from lianjing.domain.compliance.models import Campaign, EvidenceRequest
from lianjing.domain.records.changing import Actor, locked, write_down
from lianjing.domain.sites.equipment_entries import Problem, RowsRefused, problem
from lianjing.terms.sentences import marked as _

SEE, REVIEW = "compliance.see", "compliance.review"
OPENED, CLOSED = "campaign.opened", "campaign.closed"
ASKED_AT_MOST = 200


@dataclass(frozen=True, slots=True)
class Ask:
    """Who is asked for which clause until which day."""

    user_id: int
    clause: str
    due_on: date


@transaction.atomic
def open_campaign(
    company_id: int, title: str, text: str, asks: Sequence[Ask], *, by: Viewer, at: datetime, source: str = ""
) -> Campaign:
    """Asks several people of the company for evidence. They are told by mail (`reminding`) and on their page.

    Raises Missing, Forbidden, Refused, or RowsRefused with what is wrong with single lines of `asks`.
    """
    if not visible(Company.objects.filter(pk=company_id), by, SEE, company_field="id").exists():
        raise Missing(f"company {company_id}")
    require(by, REVIEW, company_id)
    row = Campaign(company_id=company_id, opened_at=at, opened_by=by.name)
    enter(row, {"title": title})
    row.text = _text(text)
    if not asks:
        raise Refused("", _("请至少写一行：请谁、为哪一条、到哪一天。"))
    if len(asks) > ASKED_AT_MOST:
        raise Refused("", _("一次最多 %(limit)d 行，现有 %(count)d 行。"), limit=ASKED_AT_MOST, count=len(asks))
    people = askable(by, company_id)
    if problems := _problems(asks, people, centre_day(at), judged_entries(by, company_id)):
        raise RowsRefused(problems)
    row.save()
    EvidenceRequest.objects.bulk_create(
        EvidenceRequest(campaign=row, company_id=company_id, asked_id=one.user_id, clause=one.clause, due_on=one.due_on)
        for one in asks
    )
    told = {"title": row.title, "campaign_text": row.text, "asked": [_line(one, people) for one in asks]}
    write_down(OPENED, row, company_id, Actor(by, at, source), after=told, topic=OPENED)
    return row


@transaction.atomic
def close_campaign(campaign_id: int, *, by: Viewer, at: datetime, source: str = "") -> Campaign:
    """Closes a campaign: nobody is reminded any more, what was delivered stays.

    Raises Missing, Forbidden or Refused.
    """
    row = locked(Campaign.objects.all(), campaign_id, by, see=SEE)
    require(by, REVIEW, row.company_id)
    if row.closed_at is not None:
        raise Refused("", _("这次征集已经结束。"))
    row.closed_at, row.closed_by = at, by.name
    row.save(update_fields=["closed_at", "closed_by"])
    write_down(CLOSED, row, row.company_id, Actor(by, at, source), after={"title": row.title}, topic=CLOSED)
    return row


def _text(text: str) -> str:
    told, limit = text.strip(), Campaign._meta.get_field("text").max_length or 0
    if "\0" in told:
        raise Refused("text", _("含有不能保存的字符。"))
    if len(told) > limit:
        raise Refused("text", _("最多 %(limit)d 个字，现有 %(count)d 个。"), limit=limit, count=len(told))
    return told


def _problems(asks: Sequence[Ask], people: Mapping[int, str], today: date, judged: Collection[str]) -> list[Problem]:
    """What is wrong with single lines."""
    seen: set[tuple[int, str]] = set()
    found = []
    for place, one in enumerate(asks):
        if one.user_id not in people:
            found.append(problem(place, "asked", _("这个人不是本单位能提交证据的用户。")))
        if one.clause not in judged:
            found.append(problem(place, "clause", _("没有需要判定的条款“%(clause)s”。"), clause=one.clause))
        if one.due_on < today or one.due_on > LATEST:
            sentence = _("截止日期 %(day)s 应在今天（%(today)s）至 2100 年之间。")
            found.append(problem(place, "due_on", sentence, day=str(one.due_on), today=str(today)))
        if (one.user_id, one.clause) in seen:
            found.append(problem(place, "clause", _("同一个人、同一条款已在上面写过。")))
        seen.add((one.user_id, one.clause))
    return found


def _line(one: Ask, people: Mapping[int, str]) -> str:
    return f"{people[one.user_id]} {one.clause} {one.due_on}"
