"""Judged clauses as programs and pages get them: sentences whole, and where each record is looked at."""

from collections.abc import Callable, Mapping
from datetime import date, datetime
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse

from lianjing.core.viewer import Viewer
from lianjing.domain.compliance.forecast import Turn
from lianjing.domain.compliance.judging import Evidence
from lianjing.domain.compliance.late_entries import Late, late_verdicts
from lianjing.domain.compliance.local_judging import all_judged
from lianjing.domain.compliance.queries import Judged
from lianjing.domain.compliance.verdict_reading import since_when
from lianjing.domain.compliance.work_reading import Work, works
from lianjing.domain.signals.days import today
from lianjing.terms.sentences import marked as _
from lianjing.terms.sentences import words

Translate = Callable[[str], str]
NEEDS = {
    "person": "people.see",
    "people": "people.see",
    "contracts": "contracts.see",
    "contract": "contracts.see",
    "company_fact": "company.see",
    "department": "company.see",
    "post": "company.see",
    "plan": "plans.see",
    "document": "documents.see",
    "classification": "classes.see",
    "case": "incidents.see",
    "evidence": "compliance.see",
    "service_limit": "compliance.see",
    "capability": "compliance.see",
    "access_review": "access.review",
    "equipment": "facilities.see",
    "supervision": "assessments.see",
    "assessment": "assessments.see",
    "programme": "drills.see",
    "drill": "drills.see",
    "supervision_limits": "assessments.see",
    "review_term": "drills.see",
    "finding": "findings.see",
    "workdays": "sites.see",
    **dict.fromkeys(("place", "place_fact", "measurement", "room_limit"), "facilities.see"),
}
"""Kinds of evidence that have a page, and who gets in there."""
KINDS = {
    "person": _("人员"),
    "people": _("人员名单"),
    "contracts": _("合同清单"),
    "contract": _("合同"),
    "cases": _("警情"),
    "company_fact": _("单位资质"),
    "department": _("部门"),
    "post": _("岗位"),
    "plan": _("处置预案"),
    "document": _("文件"),
    "classification": _("分类分级表"),
    "case": _("警情"),
    "record": _("封存记录"),
    "evidence": _("证据"),
    "service_limit": _("限值"),
    "capability": _("能力记录"),
    "access_review": _("权限复核"),
    "equipment": _("装备"),
    "supervision": _("日常监督"),
    "assessment": _("考核"),
    "programme": _("演练计划"),
    "drill": _("演练"),
    "supervision_limits": _("限值"),
    "review_term": _("期限"),
    "finding": _("整改"),
    "workdays": _("工作日历"),
    "place": _("服务场地"),
    "place_fact": _("场地记录"),
    "measurement": _("测量值"),
    "room_limit": _("场地限值"),
}
"""Kinds of evidence in words."""
PAGES = {
    **{kind: kind for kind in ("post", "department", "plan", "contract", "document", "assessment", "drill", "finding")},
    "evidence": "evidence_page",
    "equipment": "equipment",
    "classification": "classes_version",
}
"""Kinds with a page for each."""
WHOLE_PAGES = {
    "access_review": "access_review",
    "workdays": "workdays",
    "equipment": "inventory",
    "supervision_limits": "supervision",
    "review_term": "reviews",
}
"""Kinds that are looked at on the one page of the company."""
PREMISES = frozenset({"place", "place_fact", "measurement", "room_limit"})
REGISTERS = "police.registers"
OWN_NAMES = frozenset(
    {
        *("person", "plan", "document", "evidence", "contract", "equipment", "supervision", "assessment", "drill"),
        *("finding", "place"),
    }
)
"""What is called by a name of its own, which nobody translates."""


def items_of(
    viewer: Viewer, company_id: int, on: date, known: datetime | None, translate: Translate = str
) -> list[dict[str, Any]]:
    """Every clause, judged now; besides what `item_of` says `since`, the day since when the verdict stands, `owner`,
    who sees to it, and `late`, how a past day was judged when it ended. Since when a verdict of another day or of other
    knowledge stood is not known: null."""
    judged = all_judged(viewer, company_id, on, known)
    late = late_verdicts(viewer, company_id, on, judged) if known is None else {}
    since = since_when(viewer, company_id, judged) if known is None and on == today() else {}
    owners = works(viewer, company_id)
    items = (item_of(one, viewer, company_id, on, translate) for one in judged)
    return [
        item
        | {"since": since.get(item["clause"]), "owner": _owner(owners, item, translate)}
        | {"late": _late(late.get(item["clause"]), viewer, company_id, on, translate)}
        for item in items
    ]


def _late(
    late: Late | None, viewer: Viewer, company_id: int, on: date, translate: Translate = str
) -> dict[str, Any] | None:
    return late_item(late, viewer, company_id, on, translate) if late is not None else None


def late_item(late: Late, viewer: Viewer, company_id: int, on: date, translate: Translate = str) -> dict[str, Any]:
    """How a past day was judged when it ended: `verdict_then, label_then, sentence_then, figures_then`, the `entries`
    since, and how many `more` there are. An entry is as evidence, with `act` (`recorded`, `taken_back`), `by`, `at`."""
    return {
        "verdict_then": late.then.verdict.value,
        "label_then": translate(late.then.verdict.zh),
        "sentence_then": joined([words(sentence, translate) for sentence in late.then.sentences]),
        "figures_then": dict(late.then.figures),
        "entries": [
            evidence_item(one.what, viewer, company_id, on, translate)
            | {"act": "taken_back" if one.is_taken_back else "recorded", "by": one.by, "at": one.at}
            for one in late.entries
        ],
        "more": late.more,
    }


def _owner(owners: Mapping[str, Work], item: dict[str, Any], translate: Translate) -> str | None:
    work = owners.get(item["clause"])
    if work is None or not work.owner:
        return None
    return work.owner if work.is_named else translate(work.owner)


def item_of(judged: Judged, viewer: Viewer, company_id: int, on: date, translate: Translate = str) -> dict[str, Any]:
    """One clause: `clause, title, verdict, label, sentence, figures, evidence`."""
    clause, found = judged.clause, judged.judgement
    return {
        "clause": clause.number,
        "title": translate(clause.title),
        "verdict": found.verdict.value,
        "label": translate(found.verdict.zh),
        "sentence": joined([words(sentence, translate) for sentence in found.sentences]),
        "figures": dict(found.figures),
        "evidence": [evidence_item(one, viewer, company_id, on, translate) for one in found.evidence],
    }


def turn_item(turn: Turn, viewer: Viewer, company_id: int, translate: Translate = str) -> dict[str, Any]:
    """One turn: `clause, title, on, from, to, sentence, evidence, not_listed, looks_back`."""
    causes = [evidence_item(one, viewer, company_id, turn.on, translate) for one in turn.causes]
    return {
        "clause": turn.clause.number,
        "title": translate(turn.clause.title),
        "on": turn.on,
        "from": turn.before.verdict.value,
        "to": turn.after.verdict.value,
        "sentence": joined([words(sentence, translate) for sentence in turn.after.sentences]),
        "evidence": causes,
        "not_listed": turn.more_causes,
        "looks_back": turn.looks_back,
    }


def joined(sentences: list[str]) -> str:
    """Sentences one after the other; where a language parts them by blanks, so."""
    return "".join(one + " " if one.endswith(".") else one for one in sentences).strip()


def evidence_item(
    one: Evidence, viewer: Viewer, company_id: int, on: date, translate: Translate = str
) -> dict[str, Any]:
    """`kind, id, name, sentence, href`; without a page that the viewer may open `href` is null."""
    named = viewer.scope(NEEDS[one.kind]).holds(company_id) if one.kind in NEEDS else False
    register = _register(one, company_id, on) if one.kind in ("person", "people") and not named else None
    if register and viewer.scope(REGISTERS).holds(company_id):
        return _item(one, register, translate)
    return _item(one, page_of(one, company_id, on) if named else None, translate)


def _item(one: Evidence, href: str | None, translate: Translate) -> dict[str, Any]:
    return {
        "kind": one.kind,
        "id": one.id,
        "name": one.name if one.kind in OWN_NAMES and one.id is not None else translate(one.name),
        "sentence": words(one, translate) if one.sentence else "",
        "href": href,
    }


def _register(one: Evidence, company_id: int, on: date) -> str:
    """Where whoever may not open people's files finds them: in the register of that day, without what is private."""
    him = {"person": str(one.id)} if one.id is not None else {"eligible": "no"}
    wanted = ({"kind": one.key} if one.kind == "people" else him) | {"on": str(on)}
    return f"{reverse('police:people', args=[company_id])}?{urlencode(wanted)}"


def page_of(one: Evidence, company_id: int, on: date) -> str | None:
    """Where a record that decides is shown."""
    # Also today: a report that is read later still leads to its day.
    day = {"on": str(on)}
    if one.kind == "person" and one.id is not None:
        return f"{reverse('office:person', args=[one.id])}?{urlencode(day)}"
    if one.kind in PAGES and one.id is not None:
        return reverse(f"office:{PAGES[one.kind]}", args=[one.id])
    if one.kind == "case" and one.id is not None:
        return reverse("console:incident", args=[one.id])
    told = {"company": str(company_id)}
    return _premises(one.key, told | day) if one.kind in PREMISES else _list_of(one, told, on)


def _list_of(one: Evidence, told: dict[str, str], on: date) -> str | None:
    """Where a record stands that has no page of its own; None: nowhere."""
    day = {"on": str(on)}
    if one.kind in ("department", "post"):
        return _list("departments", {**told, "on": str(on)})
    if one.kind == "company_fact":
        return _list("company", {**told, "on": str(on)}) + f"#{one.key}"
    if one.kind in WHOLE_PAGES:
        return _list(WHOLE_PAGES[one.kind], told)
    if one.kind in ("service_limit", "capability"):
        place = "capabilities" if one.kind == "capability" else f"h{one.key}"
        return _list("service_limits", {**told, "on": str(on)}) + f"#{place}"
    if one.kind == "people":
        return _list("people", {**told, "kind": one.key, **day})
    if one.kind == "contracts":
        return _list("contracts", {**told, "state": "in_service", **day})
    return _system_page(one, told, on)


def _system_page(one: Evidence, told: dict[str, str], on: date) -> str | None:
    """Pages of the management system that show a month or a year."""
    if one.kind == "supervision":
        return _list("supervision", {**told, "month": f"{on:%Y-%m}", "department": str(one.id)})
    return _list("drills", {**told, "year": str(on.year)}) if one.kind == "programme" else None


def _premises(key: str, asked: dict[str, str]) -> str:
    """The place, or its values of one quantity ("2", "2/temperature"); of a limit the list of all."""
    place, _slash, quantity = key.partition("/")
    if not place.isdigit():
        return _list("premises", asked) + "#limits"
    if quantity:
        return reverse("office:measured", args=[int(place), quantity])
    return reverse("office:place", args=[int(place)])


def _list(name: str, query: dict[str, str]) -> str:
    return f"{reverse(f'office:{name}')}?{urlencode(query)}"
