"""Words for evidence: how it stands, what it shows, what was done with it."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as later

from lianjing.core.viewer import Viewer
from lianjing.domain.compliance.catalogue import catalogue
from lianjing.domain.compliance.local_texts import judged_entries
from lianjing.terms.evidence import AskedState, EvidenceState
from lianjing.terms.premises import Word
from lianjing.web.words import Words, label

STATES: tuple[type[Word], ...] = (EvidenceState,)
SIGNS: dict[EvidenceState, tuple[str, str]] = {
    EvidenceState.ACCEPTED: ("✓", "tone-ok"),
    EvidenceState.SUBMITTED: ("?", "tone-odd"),
    EvidenceState.UPCOMING: ("○", "soft"),
    EvidenceState.EXPIRED: ("✕", "tone-bad"),
    EvidenceState.REJECTED: ("✕", "tone-odd"),
    EvidenceState.WITHDRAWN: ("–", "faint"),
}
ASKED_SIGNS: dict[AskedState, tuple[str, str]] = {
    AskedState.OPEN: ("○", "soft"),
    AskedState.OVERDUE: ("✕", "tone-bad"),
    AskedState.DELIVERED: ("?", "tone-odd"),
    AskedState.ACCEPTED: ("✓", "tone-ok"),
}
ACTS: Words = {
    "evidence.submitted": later("提交证据"),
    "evidence.replaced": later("修改后重交"),
    "evidence.accepted": later("接受证据"),
    "evidence.rejected": later("退回证据"),
    "evidence.withdrawn": later("撤回证据"),
    "campaign.opened": later("发起征集"),
    "campaign.closed": later("结束征集"),
}
FIELDS: Words = {
    "shows": later("表明"),
    "clauses": later("条款"),
    "file_name": later("文件名"),
    "content_hash": later("内容校验值"),
    "replaces": later("接替"),
    "renews": later("续"),
    "asked": later("征集对象"),
    "campaign_text": later("说明"),
    "file_sha256": later("文件校验值"),
}


def state_mark(state: EvidenceState) -> tuple[str, str, str]:
    """Sign, tone and word."""
    sign, tone = SIGNS[state]
    return sign, tone, label(EvidenceState, state.value)


def asked_mark(state: AskedState) -> tuple[str, str, str]:
    sign, tone = ASKED_SIGNS[state]
    return sign, tone, label(AskedState, state.value)


def clause_options(viewer: Viewer, company_id: int) -> list[tuple[str, str]]:
    """Every clause of the company that is judged, with its title; those of local texts last."""
    found = judged_entries(viewer, company_id).values()
    return [(one.number, f"{one.number} {_(one.title)}") for one in found]


def clause_words(number: str) -> str:
    """8.3.1 日常监督和周期性考核; the number alone of what is no clause any more."""
    found = catalogue().clauses.get(number)
    return f"{number} {_(found.title)}" if found else number
