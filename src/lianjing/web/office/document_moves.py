"""What is done to a document and its editions: a form each, and back to its page. Which are offered follows from the
transition table."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as later
from django.views.decorators.http import require_http_methods

from lianjing.core.access import needs, viewer_of
from lianjing.core.days import centre_day
from lianjing.core.refusals import Refused
from lianjing.core.viewer import Viewer
from lianjing.domain.documents import actions, deciding, distributing, keeping
from lianjing.domain.documents.models import Document, Edition
from lianjing.domain.documents.permissions import may_move, standing_of
from lianjing.domain.documents.policy import (
    APPROVE,
    EDIT,
    END_PLANNED,
    MOVES,
    NEXT_MOVES,
    NO_END,
    NOT_EXTERNAL,
    NOT_IN_FORCE,
    NOTHING_TO_REVIEW,
    REVIEW_SOON,
    refusal,
)
from lianjing.domain.documents.queries import DocumentPage, document_page, edition_by_id
from lianjing.domain.findings.queries import owner_offers
from lianjing.terms.documents import DocumentKind, Force
from lianjing.web.acting import found, submitted, who
from lianjing.web.office import document_forms as forms
from lianjing.web.office.acting import FormPage, done, refused, show_form
from lianjing.web.office.document_forms import DocumentForm

TAB = "documents"
Told = dict[str, Any]


def _issue(pk: int, told: Told, actor: Told) -> object:
    return deciding.issue_edition(pk, deciding.Issue(told["effective_on"], told["review_by"]), **actor)


@dataclass(frozen=True, slots=True)
class Asked:
    """One act on the screen: its key, its words, what it asks, and what it says when it is done."""

    key: str
    words: Promise
    form: type[DocumentForm]
    act: Callable[[int, Told, Told], object]
    said: Promise
    lead: Promise | str = ""
    permission: str = EDIT
    """Of what is done to a document; an edition's stands in the transition table."""


EDITION_ACTS: dict[str, Asked] = {
    "submit": Asked(
        "S",
        later("送审"),
        forms.AskNothing,
        lambda pk, _told, actor: deciding.submit_edition(pk, **actor),
        later("已送审，等他人审查。"),
        later("送审后正文和附件不再改动；审查和批准的就是这一份。"),
    ),
    "review": Asked(
        "V",
        later("审查"),
        forms.NoteForm,
        lambda pk, told, actor: deciding.review_edition(pk, told["note"], **actor),
        later("审查意见已记下，等批准。"),
        later("只有逐条看过才审查通过；不行的请退回。"),
    ),
    "approve": Asked(
        "P",
        later("批准"),
        forms.AskNothing,
        lambda pk, _told, actor: deciding.approve_edition(pk, **actor),
        later("已批准，等发布施行。"),
        later("批准的是送审时的那一份；内容与校验值不符时不能批准。"),
    ),
    "issue": Asked(
        "I", later("发布施行"), forms.IssueForm, _issue, later("已发布。"), later("发布后按发放对象要求阅读确认。")
    ),
    "return": Asked(
        "B",
        later("退回起草"),
        forms.ReasonForm,
        lambda pk, told, actor: deciding.return_edition(pk, told["reason"], **actor),
        later("已退回起草。"),
    ),
    "recall": Asked(
        "R",
        later("撤回发布"),
        forms.ReasonForm,
        lambda pk, told, actor: deciding.recall_edition(pk, told["reason"], **actor),
        later("已撤回，上一版继续施行。"),
    ),
    "discard": Asked(
        "X",
        later("作废草稿"),
        forms.ReasonForm,
        lambda pk, told, actor: actions.discard_draft(pk, told["reason"], **actor),
        later("草稿已作废，记录留存。"),
    ),
}
"""In the order in which they are offered."""


def _owner(pk: int, told: Told, actor: Told) -> object:
    department = int(told["department"]) if told["department"] else None
    return keeping.set_owner(pk, told["owner"], department, told["since"], **actor)


def _status(pk: int, told: Told, actor: Told) -> object:
    new = keeping.NewStatus(told["state"], told["since"], told["origin"], told["successor"], told["confidence"])
    return keeping.record_status(pk, new, **actor)


def _distribute(pk: int, told: Told, actor: Told) -> object:
    post, department = (int(told[name]) if told[name] else None for name in ("post", "department"))
    return distributing.distribute_document(
        pk, distributing.Whom(told["staff_no"], post, department), told["days"], **actor
    )


DOCUMENT_ACTS: dict[str, Asked] = {
    "distribute": Asked("D", later("发放"), forms.DistributeForm, _distribute, later("已发放，等阅读确认。")),
    "reviewed": Asked(
        "W",
        later("登记复审"),
        forms.ReviewForm,
        lambda pk, told, actor: keeping.record_review(pk, told["reviewed_on"], told["next_on"], told["note"], **actor),
        later("复审已记下。"),
    ),
    "status": Asked("T", later("登记现行状态"), forms.StatusForm, _status, later("现行状态已记下。")),
    "owner": Asked("O", later("改责任人"), forms.OwnerForm, _owner, later("责任人已改。")),
    "withdraw": Asked(
        "Q",
        later("废止"),
        forms.WithdrawForm,
        lambda pk, told, actor: deciding.withdraw_document(pk, told["last_day"], told["reason"], **actor),
        later("废止已记下，版本按保存期限留存。"),
        later("最后一天在一年之内；那一天过去以前可以改日期或取消。阅读和复审的要求到那一天为止。"),
        permission=APPROVE,
    ),
    "end": Asked(
        "L",
        later("改废止日期"),
        forms.EndForm,
        lambda pk, told, actor: deciding.change_end(pk, told["last_day"], told["reason"], **actor),
        later("废止日期已改。"),
        permission=APPROVE,
    ),
    "stay": Asked(
        "C",
        later("取消废止"),
        forms.ReasonForm,
        lambda pk, told, actor: deciding.call_off_end(pk, told["reason"], **actor),
        later("已取消废止，继续施行。"),
        permission=APPROVE,
    ),
}


@dataclass(frozen=True, slots=True)
class Offer:
    """An act that this person may do now. `is_next`: the one that the edition waits for."""

    key: str
    words: str
    href: str
    is_next: bool = False


def offers(viewer: Viewer, page: DocumentPage) -> list[Offer]:
    """What this person may do now, the next step first."""
    document, work, told = page.document, page.work, list[Offer]()
    if work is not None:
        told += _of_edition(viewer, work)
    upcoming = next((one.edition for one in page.editions if one.force is Force.UPCOMING), None)
    if upcoming is not None and may_move(viewer, "recall", document.company_id):
        told.append(_offer("recall", EDITION_ACTS["recall"], upcoming.pk, "edition"))
    if not viewer.scope(EDIT).holds(document.company_id):
        return told
    if work is None:
        told.append(Offer("N", str(later("起草新版")), reverse("office:edition_add", args=[document.pk])))
    names = [name for name in DOCUMENT_ACTS if not _why_not(name, page)]
    told += [
        _offer(name, DOCUMENT_ACTS[name], document.pk, "document", name == "reviewed" and _waits_for_review(page))
        for name in names
        if viewer.scope(DOCUMENT_ACTS[name].permission).holds(document.company_id)
    ]
    return sorted(told, key=lambda one: not one.is_next)


def _waits_for_review(page: DocumentPage) -> bool:
    """Nothing else is in work, and its review is late or near."""
    due = page.review_on
    return page.work is None and due is not None and due <= page.on + timedelta(days=REVIEW_SOON)


def _why_not(name: str, page: DocumentPage) -> str:
    """Why an act makes no sense on the document as it stands, unmarked; "": it does."""
    is_planned = page.planned_end is not None
    if name == "status":
        return "" if page.document.kind == DocumentKind.EXTERNAL else NOT_EXTERNAL
    if name == "reviewed":
        return "" if page.in_force is not None else NOTHING_TO_REVIEW
    if name in ("end", "stay"):
        return "" if is_planned else NO_END
    if name == "withdraw" and not is_planned:
        return "" if page.newest is not None else NOT_IN_FORCE
    return END_PLANNED if name == "withdraw" else ""


def _of_edition(viewer: Viewer, edition: Edition) -> list[Offer]:
    standing = standing_of(viewer, edition)
    told = [
        _offer(name, asked, edition.pk, "edition", NEXT_MOVES.get(edition.state) == name)
        for name, asked in EDITION_ACTS.items()
        if may_move(viewer, name, edition.company_id) and not refusal(name, standing)
    ]
    if may_move(viewer, "change", edition.company_id) and not refusal("change", standing):
        told.append(Offer("E", str(later("修改草稿")), reverse("office:edition_change", args=[edition.pk])))
    return told


def _offer(name: str, asked: Asked, pk: int, kind: str, is_next: bool = False) -> Offer:
    return Offer(asked.key, str(asked.words), reverse(f"office:{kind}_{name}", args=[pk]), is_next)


def why_not_next(viewer: Viewer, edition: Edition | None) -> str:
    """Why the step that the edition waits for is not this person's, where the table says so; unmarked."""
    name = NEXT_MOVES.get(edition.state, "") if edition is not None else ""
    if edition is None or not name or not may_move(viewer, name, edition.company_id):
        return ""
    return refusal(name, standing_of(viewer, edition))


def _page(request: HttpRequest, document: Document, pk: int, asked: Asked) -> HttpResponse:
    viewer, href = viewer_of(request), reverse("office:document", args=[document.pk])
    form = asked.form(document, viewer, request.POST if request.method == "POST" else None)

    def act(told: Told) -> object:
        return asked.act(pk, told, who(request))

    if request.method == "POST" and submitted(form, act):
        return done(request, href, str(asked.said))
    title = _("%(act)s：%(number)s") % {"act": asked.words, "number": document.number}
    page = FormPage(TAB, title, str(asked.words), href, str(asked.lead), "office/documents/form.html")
    people = owner_offers(viewer, document.company_id, centre_day()) if {"owner", "staff_no"} & set(form.fields) else []
    return show_form(request, page, form, {"document": document, "people": people})


def _edition_view(name: str) -> Callable[..., HttpResponse]:
    asked = EDITION_ACTS[name]

    @needs(MOVES[name].permission)
    @require_http_methods(["GET", "HEAD", "POST"])
    def view(request: HttpRequest, edition_id: int) -> HttpResponse:
        viewer = viewer_of(request)
        edition = found(edition_by_id(viewer, edition_id))
        if not may_move(viewer, name, edition.company_id):
            raise PermissionDenied
        why_not = refusal(name, standing_of(viewer, edition))
        if why_not and request.method != "POST":
            return refused(request, reverse("office:document", args=[edition.document_id]), Refused("", why_not))
        return _page(request, edition.document, edition_id, asked)

    return view


def _document_view(name: str) -> Callable[..., HttpResponse]:
    asked = DOCUMENT_ACTS[name]

    @needs(asked.permission)
    @require_http_methods(["GET", "HEAD", "POST"])
    def view(request: HttpRequest, document_id: int) -> HttpResponse:
        viewer = viewer_of(request)
        page = found(document_page(viewer, document_id, centre_day()))
        if not viewer.scope(asked.permission).holds(page.document.company_id):
            raise PermissionDenied
        why_not = _why_not(name, page)
        if why_not and request.method != "POST":
            return refused(request, reverse("office:document", args=[document_id]), Refused("", why_not))
        return _page(request, page.document, document_id, asked)

    return view


EDITION_VIEWS = {name: _edition_view(name) for name in EDITION_ACTS}
DOCUMENT_VIEWS = {name: _document_view(name) for name in DOCUMENT_ACTS}
"""By act, for the addresses."""
