"""Lines of the manager's home about what is practised: supervision, assessments, drills, reviews of plans."""

from collections.abc import Iterator

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from lianjing.domain.assessments.due_list import next_assessment_due, supervision_late
from lianjing.domain.assessments.queries import cycles_due, sheets_waiting
from lianjing.domain.drills.due_list import drills_due, retests_due, reviews_waiting
from lianjing.domain.plans.review_list import due_counts
from lianjing.terms.sentences import words
from lianjing.web.office.home_line import Asked, Line, href_of, named

PLANS_SOON = 30
"""Days ahead in which a review of a plan that ends is told of."""
PRACTICE_SOON = 7
"""Days ahead in which a drill, a review or a re-test is told of."""


def _assessments(asked: Asked) -> Iterator[Line]:
    """What waits for this person to score, and assessments whose next act is late."""
    waiting, late = sheets_waiting(asked.viewer, asked.on)
    href = href_of("assessments")
    if waiting:
        said = _("等您评分 %(count)d 张，逾期 %(late)d 张") % {"count": waiting, "late": late}
        yield Line(_("考核评分"), waiting, said, "g1" if late else "g2", href, _("去评分"))
    over = cycles_due(asked.viewer, asked.on)
    if over:
        said = _("过了期限：%(names)s") % {"names": named([one.name for one in over])}
        yield Line(_("考核"), len(over), said, "g2", href, _("看考核"))


def _supervision(asked: Asked) -> Iterator[Line]:
    """Departments that nobody has looked at in time; of the first few companies."""
    for company in asked.few:
        found = supervision_late(asked.viewer, company.pk, asked.on)
        if found:
            said = _("超过间隔没有记录：%(names)s") % {"names": named([one.name for one in found])}
            href = href_of("supervision", company=company.pk)
            yield Line(_("日常监督"), len(found), asked.name_of(company) + said, "g2", href, _("看日志"))
    yield from asked.left(_("日常监督"), "supervision")


def _drills(asked: Asked) -> Iterator[Line]:
    """Drills, reviews and re-tests that are late or near; of the first few companies."""
    for company in asked.few:
        near = (asked.viewer, company.pk, asked.on)
        pages = (
            (pgettext("menu", "演练"), drills_due(*near, PRACTICE_SOON), "drills", _("看计划")),
            (_("复盘"), reviews_waiting(*near, asked.at, PRACTICE_SOON), "reviews", _("去复盘")),
            (_("复测"), retests_due(*near, PRACTICE_SOON), "findings", _("看整改")),
        )
        for title, found, page, action in pages:
            if found:
                late = sum(one.is_late(asked.on) for one in found)
                said = _("超期 %(late)d · 7 天内 %(soon)d：%(names)s")
                told = {"late": late, "soon": len(found) - late, "names": named([one.name for one in found])}
                href = href_of(page, company=company.pk)
                yield Line(
                    title, len(found), asked.name_of(company) + said % told, "g1" if late else "g2", href, action
                )
    yield from asked.left(pgettext("menu", "演练"), "drills")


def _next_assessment(asked: Asked) -> Iterator[Line]:
    """Of the first few companies: that another assessment is due and nobody has begun it."""
    for company in asked.few:
        for one in next_assessment_due(asked.viewer, company.pk, asked.on):
            said, href = asked.name_of(company) + words(one, _), href_of("assessments", company=company.pk)
            yield Line(_("考核"), 1, said, "g1" if one.is_late(asked.on) else "g2", href, _("看考核"))


def practice_lines(asked: Asked) -> Iterator[Line]:
    """Supervision, assessments, drills and what comes of them."""
    for make in (_supervision, _assessments, _next_assessment, _drills):
        yield from make(asked)


def plan_review_lines(asked: Asked) -> Iterator[Line]:
    """Plans in force that nobody has found lawful for today, and yearly reviews that are late or near; of the first few
    companies, and how many are not counted."""
    for company in asked.few:
        told = due_counts(asked.viewer, company.pk, asked.at, PLANS_SOON)
        wanting = told.unreviewed + told.late
        figures = {"unreviewed": told.unreviewed, "late": told.late, "soon": told.ending + told.ahead}
        said = _("没有有效评审 %(unreviewed)d · 年度评审超期 %(late)d · 30 天内到期 %(soon)d") % figures
        if wanting or figures["soon"]:
            href = href_of("plan_cover", company=company.pk) + "#reviews"
            yield Line(
                _("预案评审"), wanting or figures["soon"], asked.name_of(company) + said, "g2", href, _("去评审")
            )
    yield from asked.left(_("预案评审"), "plan_cover")
