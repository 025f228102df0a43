"""演练报告: one drill as a document for print."""

from threading import BoundedSemaphore
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from lianjing.core.access import needs, viewer_of
from lianjing.core.pages import CannotSet, Setter
from lianjing.core.refusals import Refused
from lianjing.domain.drills.drill_page import DrillPage
from lianjing.domain.drills.policy import SEE
from lianjing.domain.records.handing_out import record_taken
from lianjing.terms.drills import DrivenBy, ObservationKind
from lianjing.web.acting import who
from lianjing.web.file_sending import download
from lianjing.web.office.acting import refused
from lianjing.web.office.drill import href_of, page_of
from lianjing.web.office.drill_words import conclusion_words, kind_words, late_words, role_words, state_words
from lianjing.web.words import label

AT_ONCE, WAITS_S = 2, 20.0
_places = BoundedSemaphore(AT_ONCE)


@needs(SEE)
@require_safe
def report(request: HttpRequest, drill_id: int) -> HttpResponse:
    """The report as PDF, in Chinese, as it stands, and on record that it was taken; an archived one names the digest
    that it is held to."""
    page = page_of(request, drill_id)
    if page.drill.held_at is None:
        return refused(request, href_of(drill_id), Refused("", _("演练还没有举行，没有报告。")))
    if not _places.acquire(timeout=WAITS_S):
        return refused(request, href_of(drill_id), Refused("", _("正在制作的报告太多，请过一会儿再试。")))
    try:
        content = _pdf_of(page, viewer_of(request).name)
    except CannotSet:
        return refused(request, href_of(drill_id), Refused("", _("本机缺少排版所需的组件，做不了 PDF。")))
    finally:
        _places.release()
    drill = page.drill
    record_taken("drill_report", {drill.company_id: 1}, SEE, **who(request), number=drill.number)
    return download(content, "application/pdf", f"演练报告-{page.drill.number}.pdf")


def _pdf_of(page: DrillPage, made_by: str) -> bytes:
    """Raises CannotSet."""
    with translation.override("zh-hans"), Setter() as setter:
        return setter.pdf(page_html(page, made_by))


def page_html(page: DrillPage, made_by: str) -> str:
    one, review = page.drill, page.review
    context: dict[str, Any] = {
        "page": page,
        "drill": one,
        "review": review,
        "kind": kind_words(one.kind),
        "driven": label(DrivenBy, one.driven_by),
        "state": state_words(one)["words"],
        "late": late_words(one),
        "roles": [(role_words(part.role), part) for part in page.participants],
        "seen": [(ObservationKind(each.row.kind), each) for each in page.observations],
        "groups": [(one.title, [(each, page.scores.get(each.key)) for each in one.indicators]) for one in page.groups],
        "conclusion": conclusion_words(review.conclusion) if review else "",
        "findings": page.findings,
        "made_by": made_by,
        "made_at": timezone.now(),
    }
    return render_to_string("drill_report.html", context)
