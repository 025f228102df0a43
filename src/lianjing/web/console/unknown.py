"""未登记账号: what accounts that no site has sent, in words, with the way to register one."""

from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext as _

from lianjing.core.viewer import Viewer
from lianjing.domain.signals.panel_list import PanelLine
from lianjing.domain.signals.queries import code_words
from lianjing.domain.signals.unknown_accounts import UnknownFacts, unknown_facts
from lianjing.web.words import LISTENERS, PANEL_ODDITIES, word


@dataclass(frozen=True, slots=True)
class UnknownRow:
    """An account in words. `register_href` is empty for who may not register panels."""

    line: PanelLine
    facts: UnknownFacts
    listener_words: str
    count_words: str
    sends: list[str]
    odd_words: list[str]
    register_href: str


def unknown_rows(viewer: Viewer, lines: Sequence[PanelLine]) -> list[UnknownRow]:
    facts = unknown_facts(viewer, [(line.listener, line.account) for line in lines])
    may_register = viewer.scope("sites.edit").everything
    return [_row(line, facts[line.listener, line.account], may_register=may_register) for line in lines]


def _row(line: PanelLine, facts: UnknownFacts, *, may_register: bool) -> UnknownRow:
    return UnknownRow(
        line=line,
        facts=facts,
        listener_words=word(LISTENERS, line.listener),
        count_words=_count(facts),
        sends=_sends(facts),
        odd_words=[word(PANEL_ODDITIES, name) for name in line.odd if name != "unknown-account"],
        register_href=register_href(line.listener, line.account) if may_register else "",
    )


def register_href(listener: str, account: str) -> str:
    """The form of a new panel, filled in."""
    return f"{reverse('office:panel_new')}?{urlencode({'account': account, 'listener': listener})}"


def _count(facts: UnknownFacts) -> str:
    if not facts.count:
        return _("只有心跳")
    return _("%(count)d 条以上") % {"count": facts.count} if facts.is_more else str(facts.count)


def _sends(facts: UnknownFacts) -> list[str]:
    told = [f"{code_words(scheme, code, qualifier)} × {count}" for scheme, code, qualifier, count in facts.sends]
    left = facts.kinds - len(told)
    return [*told, _("另有 %(count)d 种") % {"count": left}] if left > 0 else told
