"""Filters of the office's templates (`{% load office %}`): how contracts stand, terms, divisions, hours."""

from datetime import date, time

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from lianjing.domain.sites.contract_list import ContractLine
from lianjing.domain.sites.models import Contract
from lianjing.domain.sites.queries import ContactLine
from lianjing.domain.sites.service import ContractFact
from lianjing.domain.sites.site_list import VERIFIED_WITHIN
from lianjing.terms.divisions import division_words
from lianjing.web.office.service_words import Told, due_told, service_told, standing_told, term_words

register = template.Library()


def _mark(told: Told) -> SafeString:
    return format_html('<span class="nowrap {}" title="{}">{} {}</span>', told.tone, told.more, told.sign, told.words)


@register.filter
def service_mark(fact: ContractFact | None) -> SafeString:
    """✓ 服务中: how a site is served."""
    return _mark(service_told(fact))


@register.filter
def service_sentence(fact: ContractFact | None) -> str:
    return service_told(fact).more


@register.filter
def standing_mark(state: str) -> SafeString:
    """✓ 服务中: in which state a contract is."""
    return _mark(standing_told(state))


@register.filter
def due_mark(line: ContractLine) -> SafeString | str:
    """◐ 还有 12 天到期: when the end of a term is near or past."""
    told = due_told(line)
    return _mark(told) if told else ""


@register.filter
def term(contract: Contract) -> str:
    return term_words(contract.starts_on, contract.ends_on)


@register.filter
def division(code: str) -> str:
    return division_words(code) or code


@register.filter
def hours(contact: ContactLine) -> str:
    """08:00–18:00; "" for always."""
    if contact.reachable_from is None or contact.reachable_until is None:
        return ""
    return f"{contact.reachable_from:%H:%M}–{contact.reachable_until:%H:%M}" + (
        _("（次日）") if _crosses(contact.reachable_from, contact.reachable_until) else ""
    )


def _crosses(begins: time, ends: time) -> bool:
    return ends <= begins


@register.filter
def is_stale(verified_on: date | None, today: date) -> bool:
    """Whether nobody has made sure of a number lately."""
    return verified_on is None or verified_on < today - VERIFIED_WITHIN
