"""What something that is about to be recorded would mean for clause 5.2: a calm line beside its form."""

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any

from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as marked

from lianjing.core.access import viewer_of
from lianjing.domain.compliance.cover_ahead import cover_told
from lianjing.domain.compliance.effects import Agreed, if_it_serves, if_it_stops, in_post, joining, without
from lianjing.domain.compliance.looking_ahead import Span
from lianjing.domain.people.models import StaffMember
from lianjing.domain.sites.contract_list import ContractPage
from lianjing.domain.sites.models import Customer
from lianjing.terms.premises import ContractStanding
from lianjing.terms.sentences import Phrase, words
from lianjing.terms.staffing import PostKind, StaffFactKind
from lianjing.web.office.forms import OfficeForm

ASKED_ANEW = {
    "hx-trigger": "change",
    "hx-select": "#effect",
    "hx-target": "#effect",
    "hx-swap": "outerHTML",
}
PLACES = frozenset({StaffFactKind.EMPLOYMENT, StaffFactKind.POST_KIND})
"""By what somebody is in a post."""
PLANNED = marked("排班不改变 5.2 的人数：按在职、岗位和 5.1 计；当天不合格的人排不上班，排后才不合格的标“✕ 不合格”。")
AWAY = marked("请假不改变 5.2 的人数：请假的人仍在职；缺的是当班的人，看最低在岗。")
LEADS = {
    ContractStanding.DRAFT: marked("签约并投入服务后"),
    ContractStanding.SIGNED: marked("投入服务后"),
    ContractStanding.SUSPENDED: marked("恢复服务后"),
}


def effect(told: Iterable[Phrase]) -> dict[str, Any]:
    """Context of office/clauses/_effect.html."""
    return {"effect": [words(one, _) for one in told]}


def asks_anew(request: HttpRequest, form: OfficeForm, *names: str, query: str = "") -> None:
    """Something else in these fields asks for another line, and nothing else of the form is sent; without scripts the
    line is that of what was first shown."""
    sent = {"hx-get": f"{request.path}?{query}", "hx-params": ",".join(names), "hx-include": "closest form"}
    for name in names:
        form.fields[name].widget.attrs |= {**ASKED_ANEW, **sent}


def day_asked(request: HttpRequest, name: str, otherwise: date | None = None) -> date:
    """The day in the query or the form, when it can be read; never one that is over."""
    today = timezone.localdate()
    try:
        asked = date.fromisoformat(request.POST.get(name) or request.GET.get(name, ""))
    except ValueError:
        asked = otherwise or today
    return max(asked, today)


def of_new_contract(request: HttpRequest, customer: Customer) -> dict[str, Any]:
    """From the day on which its term begins."""
    sites = frozenset(int(pk) for pk in request.POST.getlist("sites") if pk.isascii() and pk.isdigit())
    on = day_asked(request, "starts_on")
    lead = LEADS[ContractStanding.DRAFT]
    agreed = Agreed(customer.pk, sites)
    return effect(if_it_serves(viewer_of(request), customer.company_id, agreed, on, lead)) | {"effect_on": on}


def of_contract(request: HttpRequest, page: ContractPage) -> dict[str, Any]:
    """What its next state would mean: of one that is not in service that it would be, of one that is that it ends."""
    row, state, today = page.line.contract, ContractStanding(page.line.state), timezone.localdate()
    if state == ContractStanding.ENDED:
        return {}
    sites = frozenset(site.pk for site in page.sites) if page.names_sites else frozenset[int]()
    asked, agreed = (viewer_of(request), row.company_id), Agreed(row.customer_id, sites, row.pk)
    if state != ContractStanding.IN_SERVICE:
        on = max(row.starts_on or today, today)
        return effect(if_it_serves(*asked, agreed, on, LEADS[state])) | {"effect_on": on}
    if (row.starts_on or today) > today or (row.ends_on or today) < today:
        return {}
    return effect(if_it_stops(*asked, agreed, today, marked("暂停或终止后"))) | {"effect_on": today}


def of_leaving(request: HttpRequest, member: StaffMember) -> dict[str, Any]:
    """From the day after his last one."""
    last = day_asked(request, "last_day")
    on = min(last, date.max.replace(month=1)) + timedelta(days=1)
    return effect(without(viewer_of(request), member.company_id, member.pk, on, marked("他离职后"))) | {"effect_on": on}


def of_hiring(request: HttpRequest, company_id: int) -> dict[str, Any]:
    """From the day on which he begins, in the post that is chosen."""
    on = day_asked(request, "hired_on")
    told = joining(viewer_of(request), company_id, _post_asked(request, "post_kind"), on)
    return effect(told) | {"effect_on": on}


def of_fact(request: HttpRequest, member: StaffMember, kind: StaffFactKind) -> dict[str, Any]:
    """From the day after it ends, if no other follows; while no end is told, of employment and post from the day on
    which they begin."""
    if not (request.POST.get("valid_until") or request.GET.get("valid_until")):
        return _of_beginning(request, member, kind) if kind in PLACES else {}
    last = day_asked(request, "valid_until")
    on = min(last, date.max.replace(month=1)) + timedelta(days=1)
    told = without(viewer_of(request), member.company_id, member.pk, on, marked("到期而没有接续时"))
    return effect(told) | {"effect_on": on}


def _of_beginning(request: HttpRequest, member: StaffMember, kind: StaffFactKind) -> dict[str, Any]:
    on = day_asked(request, "valid_from")
    post = _post_asked(request, "value") if kind == StaffFactKind.POST_KIND else None
    return effect(in_post(viewer_of(request), member.company_id, member.pk, post, on)) | {"effect_on": on}


def _post_asked(request: HttpRequest, name: str) -> PostKind | None:
    return PostKind.of(request.POST.get(name) or request.GET.get(name, ""))


def of_days(request: HttpRequest, company_id: int, first: date, last: date, beside: str) -> dict[str, Any]:
    """How table 1 stands on the days of a roster, with what the page does to it: nothing."""
    told = cover_told(viewer_of(request), company_id, Span(first, last))
    return effect([*told, Phrase(beside)] if told else [])
