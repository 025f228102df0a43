"""The editor of a draft: a table of its steps, saved as a whole, with what is wrong with it beside."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from lianjing.core.access import needs, viewer_of
from lianjing.core.refusals import Refused
from lianjing.domain.plans.actions import save_draft
from lianjing.domain.plans.models import PlanVersion, VersionState
from lianjing.domain.plans.permissions import EDIT
from lianjing.domain.plans.policy import DETAIL_LIMIT, KEY_LIMIT, SERVICES, TITLE_LIMIT, Step
from lianjing.domain.plans.queries import steps_of, version_by_id
from lianjing.web.acting import doors, found, who
from lianjing.web.durations import MOST_TEXT, duration_text, seconds_of
from lianjing.web.office.acting import done
from lianjing.web.office.plan_words import branches_of, branches_text, findings_of, preview, where_words
from lianjing.web.office.plans import TAB
from lianjing.web.office.surroundings import surroundings
from lianjing.web.office.tables import CHOICE, TICK, Column, Row, Table
from lianjing.web.pages import show
from lianjing.web.words import STEP_KINDS

BRANCHES_LIMIT = 400


def _columns() -> list[Column]:
    kinds = [(kind, str(words)) for kind, words in STEP_KINDS.items()]
    return [
        Column("place", _("次序"), limit=6, size="narrow"),
        Column("key", _("代号"), limit=KEY_LIMIT, size="narrow"),
        Column("kind", _("类型"), CHOICE, kinds, start="note", size="short"),
        Column("title", _("做什么"), limit=TITLE_LIMIT, size="wide"),
        Column("detail", _("怎样做"), limit=DETAIL_LIMIT, size="wide"),
        Column("required", _("必做"), TICK, size="tick"),
        Column("branches", _("结果 → 去哪一步"), limit=BRANCHES_LIMIT, size="wide"),
        Column("next", _("下一步"), limit=KEY_LIMIT, size="narrow", suggestions="step-keys"),
        Column("service", _("报给"), CHOICE, [("", "—"), *((one, one) for one in SERVICES)], size="narrow"),
        Column("wait", _("等多久"), limit=MOST_TEXT, size="narrow"),
    ]


@needs(EDIT)
@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: HttpRequest, version_id: int) -> HttpResponse:
    """Saves a draft even with errors in it: they are listed, and keep it from being approved."""
    viewer = viewer_of(request)
    version = found(version_by_id(viewer, version_id))
    if not viewer.scope(EDIT).holds(version.plan.company_id):
        version = found(None)
    told = ""
    if request.method == "POST":
        table = Table.read(_columns(), request.POST)
        told = _save(request, version, table)
        if not told and not table.problems:
            return done(request, reverse("office:plan_edit", args=[version_id]), _("草稿已保存。"))
    else:
        table = Table(_columns(), [_row(number, step) for number, step in enumerate(steps_of(viewer, version), 1)])
    return _show(request, version, table, told)


def _show(request: HttpRequest, version: PlanVersion, table: Table, told: str) -> HttpResponse:
    steps = steps_of(viewer_of(request), version)
    findings = findings_of(steps, version.plan.event_class)
    context = surroundings(request, TAB) | {"version": version, "plan": version.plan, "table": table, "told": told}
    context |= {"where": where_words(version.plan), "findings": findings, "steps": preview(steps, findings)}
    context |= {"columns": _columns(), "keys": [step.key for step in steps], "stand": version.content_hash}
    return show(request, "office/plan_edit.html", context, 422 if told or table.problems else 200)


def _save(request: HttpRequest, version: PlanVersion, table: Table) -> str:
    """Saves the table; "" or why not. What is wrong with single rows stands in the table afterwards."""
    if version.state != VersionState.DRAFT:
        return _("只有草稿能修改；请另起一版。")
    if request.POST.get("stand", "") != version.content_hash:
        return _("您打开此页之后，有人改动过这份草稿。请核对下面所填，再保存一次。")
    table.rows.sort(key=_place)
    steps = [_step(row) for row in table.kept]
    if table.problems:
        return ""
    try:
        with doors():
            save_draft(version.pk, steps, **who(request))
    except Refused as refused:
        return _(refused.sentence) % refused.figures
    return ""


def _row(number: int, step: Step) -> Row:
    values = {
        "place": str(number),
        "key": step.key,
        "kind": step.kind.value,
        "title": step.title,
        "detail": step.detail,
        "required": "1" if step.required else "",
        "branches": branches_text(step.branches),
        "next": step.next,
        "service": step.service,
        "wait": duration_text(step.wait_s) if step.wait_s else "",
    }
    return Row(values, id=number)


def _place(row: Row) -> float:
    """Rows without a place come last, in the order in which they stand; 2.5 lies between 2 and 3."""
    try:
        return float(row.values["place"])
    except ValueError:
        return float("inf")


def _step(row: Row) -> dict[str, Any]:
    """A row as a step's JSON; what cannot be read becomes a problem of the row."""
    told = row.values
    branches = branches_of(told["branches"])
    if branches is None:
        row.problems["branches"] = _("分支请写成“real 属实 → police；false 误报 → tell”的样子。")
    seconds = seconds_of(told["wait"], "s") if told["wait"] else 0
    if seconds is None:
        row.problems["wait"] = _("等多久请写成 90 秒、3 分、1 小时 的样子。")
    return {
        "key": told["key"],
        "kind": told["kind"],
        "title": told["title"],
        "detail": told["detail"],
        "required": bool(told["required"]),
        "branches": [{"outcome": b.outcome, "words": b.words, "next": b.next} for b in branches or ()],
        "next": told["next"],
        "service": told["service"],
        "wait_s": seconds or 0,
    }
