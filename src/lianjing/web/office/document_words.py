"""Words for controlled documents: marks of states and days, what was done, what the next step is."""

from datetime import date
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as later

from lianjing.domain.documents.models import Distribution, Edition, InForce, StandardStatus
from lianjing.domain.documents.policy import REVIEW_SOON
from lianjing.terms.documents import DocumentKind, EditionState, Force, StandardState
from lianjing.terms.premises import Word
from lianjing.web.words import Words, label

ACTS: Words = {
    "document.added": later("登记文件"),
    "document.drafted": later("起草版本"),
    "document.draft_changed": later("修改草稿"),
    "document.discarded": later("作废草稿"),
    "document.submitted": later("送审"),
    "document.reviewed": later("审查通过"),
    "document.approved": later("批准"),
    "document.returned": later("退回起草"),
    "document.issued": later("发布"),
    "document.recalled": later("撤回发布"),
    "document.withdrawn": later("废止"),
    "document.end_changed": later("改废止日期"),
    "document.end_called_off": later("取消废止"),
    "document.file_taken": later("下载附件"),
    "document.owner_set": later("改责任人"),
    "document.reviewed_again": later("登记复审"),
    "document.status_recorded": later("登记现行状态"),
    "document.distributed": later("发放"),
    "document.distribution_ended": later("停止发放"),
    "document.read": later("阅读确认"),
    "document.erased": later("期满销毁"),
    "document.period_set": later("设置保存期限"),
}
FIELDS: Words = {
    "content_sha256": later("内容校验值"),
    "wording": later("正文"),
    "summary": later("摘要"),
    "change_note": later("修订说明"),
    "kept_where": later("存放处"),
    "kept_months": later("保存月数"),
    "kept_basis": later("保存依据"),
    "effective_on": later("施行日期"),
    "review_by": later("首次复审"),
    "reviewed_on": later("复审日期"),
    "next_review": later("下次复审"),
    "status": later("现行状态"),
    "successor": later("替代文件"),
    "whom": later("发放对象"),
    "reader": later("阅读人"),
    "days": later("天数"),
    "months": later("月数"),
    "basis": later("依据"),
}
OWN_FIELDS: Words = {
    "origin": later("出处"),
    "confidence": later("可信程度"),
    "edition": later("版本号"),
    "file_name": later("附件"),
    "remark": later("意见"),
    "until": later("施行到（含）"),
}
TABLES: dict[str, tuple[type[Word], ...]] = {"status": (StandardState,)}
KINDS: tuple[type[Word], ...] = (DocumentKind,)
STATES: tuple[type[Word], ...] = (EditionState,)
TAB_WORDS: dict[str, Promise] = {
    "all": later("全部"),
    "in_force": later("现行"),
    "work": later("在办"),
    "review": later("应复审"),
    "unread": later("逾期未读"),
    "replaced": later("外来文件有新版"),
    "gone": later("没有现行版本"),
}
FORCE_MARKS = {
    Force.UPCOMING: ("○", "tone-odd"),
    Force.IN_FORCE: ("✓", "tone-ok"),
    Force.SUPERSEDED: ("–", "faint"),
    Force.WITHDRAWN: ("✕", "faint"),
}
NO_FORCE = ("?", "tone-odd")
STATUS_MARKS = {
    StandardState.CURRENT: ("✓", "tone-ok"),
    StandardState.SUPERSEDED: ("◐", "tone-odd"),
    StandardState.ABOLISHED: ("✕", "tone-bad"),
}


def force_mark(force: Force | None) -> dict[str, str]:
    """✓ 现行; of an edition that is not issued nothing."""
    if force is None:
        return {}
    sign, tone = FORCE_MARKS[force]
    return {"sign": sign, "tone": tone, "words": label(Force, force.value)}


def state_mark(edition: Edition, force: Force | None) -> dict[str, str]:
    """How an edition stands: in work, or by its days."""
    if force is not None:
        return force_mark(force)
    tone = "faint" if edition.state == EditionState.DISCARDED else "tone-odd"
    return {"sign": "○", "tone": tone, "words": label(EditionState, edition.state)}


def kind_words(kind: str) -> str:
    return label(DocumentKind, kind)


def review_words(review_on: date | None, today: date) -> tuple[str, str]:
    """By when it is to be reviewed, with its tone; nothing where nothing is in force."""
    if review_on is None:
        return "", ""
    left = (review_on - today).days
    if left < 0:
        return _("✕ 逾期 %(days)d 天") % {"days": -left}, "tone-bad"
    if left <= REVIEW_SOON:
        return _("◐ 还有 %(days)d 天") % {"days": left}, "tone-odd"
    return "", "soft"


def last_day(term: InForce | None) -> date | None:
    """Of an edition that is to be withdrawn."""
    return term.valid_until if term is not None and term.ended == Force.WITHDRAWN else None


def status_words(status: StandardStatus | None) -> dict[str, str]:
    """◐ 已被代替：GB/T 20988-2025."""
    if status is None:
        return {"sign": "?", "tone": "tone-odd", "words": _("没有核对是否现行")}
    state = StandardState(status.state)
    sign, tone = STATUS_MARKS[state]
    words = label(StandardState, state.value)
    if status.successor:
        words = _("%(state)s：%(successor)s") % {"state": words, "successor": status.successor}
    return {"sign": sign, "tone": tone, "words": words}


def term_words(term: InForce | None) -> str:
    """2026-01-01 — 2026-11-21."""
    return f"{term.valid_from} — {term.valid_until or _('长期')}" if term is not None else ""


def whom_words(row: Distribution) -> str:
    """Whom it is given to."""
    if row.member is not None:
        return f"{row.member.name} {row.member.staff_no}"
    if row.post is not None:
        return _("岗位：%(name)s") % {"name": row.post.title}
    if row.department is not None:
        return _("部门：%(name)s") % {"name": row.department.name}
    return _("全体在职人员")


def waits_for(work: Edition | None, force: Force | None, told: dict[str, Any]) -> str:
    """What the document waits for, in one sentence: the loud one of its page."""
    if work is not None:
        figures = {"label": work.label, "name": work.author.shown_name}
        return {
            EditionState.DRAFT: _("版本“%(label)s”由%(name)s起草，等送审。"),
            EditionState.IN_REVIEW: _("版本“%(label)s”等起草人以外的人审查。"),
            EditionState.REVIEWED: _("版本“%(label)s”已审查，等起草人以外的人批准。"),
            EditionState.APPROVED: _("版本“%(label)s”已批准，等发布施行。"),
        }[EditionState(work.state)] % figures
    if force is Force.IN_FORCE:
        return _in_force_words(told)
    return _("没有现行版本。") if force is None else _("还没有施行。")


def _in_force_words(told: dict[str, Any]) -> str:
    """A review that is late goes before an end that is near."""
    if told["days_tone"] == "tone-bad":
        return _("现行版本该复审了。")
    if told["last_day"]:
        return _("现行，到 %(day)s 为止，以后废止。") % {"day": told["last_day"]}
    if told["review_on"] is None:
        return _("现行到今天为止。")
    return _("现行，%(day)s 前复审。") % {"day": told["review_on"]}
