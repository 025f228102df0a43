"""How contracts stand, in words: sign, word and tone together."""

from dataclasses import dataclass
from datetime import date

from django.http import HttpRequest
from django.utils.translation import gettext as _

from lianjing.domain.sites.contract_list import ContractLine
from lianjing.domain.sites.service import ContractFact
from lianjing.terms.premises import ContractStanding
from lianjing.web.office.filters import Choice, choice
from lianjing.web.words import label

SIGNS = {
    ContractStanding.DRAFT: ("○", "soft"),
    ContractStanding.SIGNED: ("◔", "tone-odd"),
    ContractStanding.IN_SERVICE: ("✓", "tone-ok"),
    ContractStanding.SUSPENDED: ("◐", "tone-odd"),
    ContractStanding.ENDED: ("✕", "tone-bad"),
}


@dataclass(frozen=True, slots=True)
class Told:
    """A state as it is shown; `more` is the sentence behind it."""

    sign: str
    tone: str
    words: str
    more: str = ""


def standing_told(state: str) -> Told:
    sign, tone = SIGNS[ContractStanding(state)]
    return Told(sign, tone, label(ContractStanding, state))


def service_told(fact: ContractFact | None) -> Told:
    """How a site is served, and what that means for its alarms."""
    if fact is None:
        return Told("–", "soft", _("无合同"), _("没有合同：信号照常处理"))
    if fact.over_since is not None and fact.standing != ContractStanding.ENDED:
        more = _("合同期限 %(day)s 已满：只有紧急求助、火灾和医疗建立警情") % {"day": fact.over_since.isoformat()}
        return Told("◐", "tone-odd", _("期限已满"), more)
    told = standing_told(fact.standing)
    if fact.since is None:
        return Told(told.sign, told.tone, told.words, _since_unknown(fact.standing))
    since = {"day": fact.since.isoformat()}
    more = {
        ContractStanding.SUSPENDED: _("%(day)s 起暂停：只有紧急求助、火灾和医疗建立警情") % since,
        ContractStanding.ENDED: _("%(day)s 起终止：信号照收照存，不再建立警情") % since,
    }.get(ContractStanding(fact.standing), _("%(day)s 起") % since)
    return Told(told.sign, told.tone, told.words, more)


def _since_unknown(standing: str) -> str:
    if standing == ContractStanding.SUSPENDED:
        return _("已暂停：只有紧急求助、火灾和医疗建立警情")
    return _("已终止：信号照收照存，不再建立警情")


def due_told(line: ContractLine) -> Told | None:
    """What is to be said of the end of the term; None while there is nothing."""
    if line.days_left is None or line.state in (ContractStanding.DRAFT, ContractStanding.ENDED):
        return None
    if line.days_left < 0:
        return Told("✕", "tone-bad", _("已过期 %(days)d 天") % {"days": -line.days_left})
    if line.days_left <= 90:
        return Told("◐", "tone-odd", _("还有 %(days)d 天到期") % {"days": line.days_left})
    return None


def service_choice(request: HttpRequest) -> Choice:
    options = [
        ("in_service", _("服务中")),
        ("pending", _("待开通")),
        ("ended", _("已终止")),
        ("none", _("无合同")),
    ]
    return choice(request, "service", _("全部服务状态"), options)


def term_words(starts_on: date | None, ends_on: date | None) -> str:
    """ "2026-01-01 至 2026-12-31"; open ends in words."""
    if starts_on is None and ends_on is None:
        return _("不定期")
    starts = starts_on.isoformat() if starts_on else _("签订起")
    return _("%(starts)s 至 %(ends)s") % {"starts": starts, "ends": ends_on.isoformat() if ends_on else _("长期")}
