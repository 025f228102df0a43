"""Writing plans: draft → approved by another → in force. One transaction each; each leaves a sealed record.

All take `by` (viewer), `at` (aware UTC datetime) and `source`, and raise `Missing` when the viewer cannot see it,
`Forbidden` when his role may not, and `Refused` with a sentence when it cannot be done so.
"""

from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Any

from django.db import IntegrityError, transaction

from lianjing.core.outbox.write import News, emit
from lianjing.core.refusals import Missing, Refused
from lianjing.core.seals.canonical import canonical_json
from lianjing.core.viewer import Forbidden, Viewer, person_id, require, visible
from lianjing.domain.companies.models import Company
from lianjing.domain.plans.lint import ERROR, lint
from lianjing.domain.plans.look_up import PlanScope
from lianjing.domain.plans.models import Plan, PlanVersion, VersionState
from lianjing.domain.plans.permissions import APPROVE, EDIT
from lianjing.domain.plans.policy import TITLE_LIMIT, BadSteps, read_steps, steps_as_json
from lianjing.domain.plans.queries import SEE, template_steps
from lianjing.domain.records.actions import Deed, write_records
from lianjing.domain.records.changing import reason_given
from lianjing.domain.sites.models import Contract, Site
from lianjing.terms.codes import EventClass, Grade
from lianjing.terms.premises import SiteKind
from lianjing.terms.sentences import marked as _
from lianjing.terms.texts import storable


@dataclass(frozen=True, slots=True)
class PlanPlace:
    """For which cases a plan is: the class and grade (None: any), and the site, contract or kind of site, or none."""

    event_class: str
    grade: int | None = None
    site_id: int | None = None
    contract_id: int | None = None
    site_kind: str = ""


@transaction.atomic
def add_plan(
    company_id: int, place: PlanPlace, title: str, *, by: Viewer, at: datetime, source: str = ""
) -> PlanVersion:
    """A plan with its first draft, which says what the template of its class says (以模板起草)."""
    require(by, EDIT, company_id)
    if not Company.objects.filter(pk=company_id).exists():
        raise Missing(f"company {company_id}")
    plan = _placed(company_id, place, by)
    plan.title, plan.written_at = _title(title), at
    try:
        with transaction.atomic():
            plan.save()
    except IntegrityError as twice:
        raise Refused("", _("这个范围已经有预案，请在它那里起草新版。")) from twice
    version = _draft(plan, 1, template_steps(plan.event_class, plan.grade), by, at)
    _write_down("plan.drafted", version, by, at, source)
    return version


def _placed(company_id: int, place: PlanPlace, by: Viewer) -> Plan:
    if place.event_class not in list(EventClass):
        raise Refused("event_class", _("没有这个类别。"))
    if place.grade is not None and place.grade not in list(Grade):
        raise Refused("grade", _("没有这个级别。"))
    plan = Plan(company_id=company_id, event_class=place.event_class, grade=place.grade, scope=PlanScope.CLASS.value)
    named = [bool(place.site_id), bool(place.contract_id), bool(place.site_kind)]
    if sum(named) > 1:
        raise Refused("", _("场所、合同、场所类型只能选一项。"))
    if place.site_id:
        plan.site = visible(Site.objects.filter(company=company_id), by, SEE).filter(pk=place.site_id).first()
        plan.scope = PlanScope.SITE.value
        if plan.site is None:
            raise Refused("site", _("没有这个场所。"))
    if place.contract_id:
        contracts = visible(Contract.objects.filter(company=company_id), by, SEE)
        plan.contract = contracts.filter(pk=place.contract_id).first()
        plan.scope = PlanScope.CONTRACT.value
        if plan.contract is None:
            raise Refused("contract", _("没有这份合同。"))
    if place.site_kind:
        if place.site_kind not in list(SiteKind):
            raise Refused("site_kind", _("没有这个场所类型。"))
        plan.site_kind, plan.scope = place.site_kind, PlanScope.KIND.value
    named_place = place.site_id or place.contract_id or place.site_kind or ""
    plan.place = f"{plan.scope}:{named_place}:{plan.event_class}:{plan.grade or ''}"
    return plan


def _title(title: str) -> str:
    text = title.strip()
    if not text:
        raise Refused("title", _("请填写预案名称。"))
    if not storable(text):
        raise Refused("title", _("含有不能保存的字符。"))
    if len(text) > TITLE_LIMIT:
        raise Refused("title", _("预案名称最多 %(limit)d 个字。"), limit=TITLE_LIMIT)
    return text


@transaction.atomic
def draft_version(
    plan_id: int, *, by: Viewer, at: datetime, from_template: bool = False, source: str = ""
) -> PlanVersion:
    """A new draft of a plan, which says what its latest version says, or what the template says."""
    plan = _locked_plan(plan_id, by, EDIT)
    latest = plan.versions.order_by("-number").first()
    if plan.versions.filter(state=VersionState.DRAFT).exists():
        raise Refused("", _("此预案已有一份草稿，请在草稿上修改。"))
    number = latest.number + 1 if latest else 1
    steps = template_steps(plan.event_class, plan.grade) if from_template or latest is None else latest.steps
    version = _draft(plan, number, steps, by, at)
    _write_down("plan.drafted", version, by, at, source)
    return version


def _draft(plan: Plan, number: int, steps: list[dict[str, Any]], by: Viewer, at: datetime) -> PlanVersion:
    writer = _person(by)
    return PlanVersion.objects.create(
        plan=plan,
        number=number,
        steps=steps,
        content_hash=_hash_of(plan, steps),
        writers=[writer],
        written_by_id=writer,
        written_at=at,
    )


def _hash_of(plan: Plan, steps: list[dict[str, Any]]) -> str:
    """What an approved version is held to."""
    told = {"class": plan.event_class, "grade": plan.grade, "place": plan.place, "steps": steps}
    return sha256(canonical_json(told).encode()).hexdigest()


@transaction.atomic
def save_draft(version_id: int, steps: object, *, by: Viewer, at: datetime, source: str = "") -> PlanVersion:
    """Saves what a draft says, with all that may be wrong with it; `steps`: as JSON has them. Whoever saves becomes one
    of its writers. Nothing is written when nothing differs."""
    version = _locked_version(version_id, by, EDIT)
    if version.state != VersionState.DRAFT:
        raise Refused("", _("只有草稿能修改；请另起一版。"))
    try:
        told = steps_as_json(read_steps(steps))
    except BadSteps as bad:
        raise Refused("", bad.sentence, **bad.figures) from bad
    if told == version.steps:
        return version
    writer = _person(by)
    version.steps, version.content_hash = told, _hash_of(version.plan, told)
    version.writers = sorted({*version.writers, writer})
    version.written_by_id, version.written_at = writer, at
    version.save()
    _write_down("plan.changed", version, by, at, source)
    return version


@transaction.atomic
def approve_version(version_id: int, *, by: Viewer, at: datetime, source: str = "") -> PlanVersion:
    """Approves a draft without errors; by somebody who has not written at it."""
    version = _locked_version(version_id, by, APPROVE)
    if version.state != VersionState.DRAFT:
        raise Refused("", _("只有草稿能批准。"))
    if _person(by) in version.writers:
        raise Refused("", _("写过这一版的人不能批准它，请另一人批准。"))
    errors = [f for f in lint(read_steps(version.steps), version.plan.event_class) if f.level == ERROR]
    if errors:
        raise Refused("", _("还有 %(count)d 处错误，不能批准。"), count=len(errors))
    version.state, version.approved_by_id, version.approved_at = VersionState.APPROVED, _person(by), at
    version.save()
    _write_down("plan.approved", version, by, at, source)
    return version


@transaction.atomic
def put_in_force(version_id: int, *, by: Viewer, at: datetime, source: str = "") -> PlanVersion:
    """Cases that are taken from now on run along this version; cases that run already keep theirs."""
    version = _locked_version(version_id, by, APPROVE)
    if version.state != VersionState.APPROVED:
        raise Refused("", _("只有已批准、尚未执行的版本能执行。"))
    former = PlanVersion.objects.filter(plan=version.plan, state=VersionState.IN_FORCE)
    former.update(state=VersionState.SUPERSEDED, in_force_until=at)
    version.state, version.in_force_since = VersionState.IN_FORCE, at
    version.save()
    _write_down("plan.in_force", version, by, at, source)
    return version


@transaction.atomic
def withdraw_version(version_id: int, reason: str, *, by: Viewer, at: datetime, source: str = "") -> PlanVersion:
    """Takes a version out of force, or lays aside one that is not: what is more general runs instead. Raises Refused
    without a reason."""
    version = _locked_version(version_id, by, APPROVE)
    if version.state == VersionState.SUPERSEDED:
        raise Refused("", _("这一版已经不用了。"))
    why = reason_given(reason)
    version.state, version.in_force_until = VersionState.SUPERSEDED, at
    version.save()
    _write_down("plan.withdrawn", version, by, at, source, why)
    return version


def _person(by: Viewer) -> int:
    known = person_id(by)
    if known is None:
        raise Forbidden(EDIT)
    return known


def _locked_plan(plan_id: int, by: Viewer, permission: str) -> Plan:
    plan = visible(Plan.objects.all(), by, SEE).select_for_update(no_key=True).filter(pk=plan_id).first()
    if plan is None:
        raise Missing(f"plan {plan_id}")
    require(by, permission, plan.company_id)
    return plan


def _locked_version(version_id: int, by: Viewer, permission: str) -> PlanVersion:
    """The version, under its plan's lock: two versions of one plan never change at once."""
    rows = visible(PlanVersion.objects.all(), by, SEE, company_field="plan__company_id")
    plan_id = rows.filter(pk=version_id).values_list("plan_id", flat=True).first()
    if plan_id is None:
        raise Missing(f"plan version {version_id}")
    plan = _locked_plan(plan_id, by, permission)
    version = PlanVersion.objects.get(pk=version_id)
    version.plan = plan
    return version


def _write_down(topic: str, version: PlanVersion, by: Viewer, at: datetime, source: str, reason: str = "") -> None:
    plan = version.plan
    after: dict[str, Any] = {
        "version": version.number,
        "title": plan.title,
        "plan_place": plan.place,
        "hash": version.content_hash,
    }
    after |= {"reason": reason} if reason else {}
    write_records([Deed(topic, "plan", plan.pk, plan.company_id, after)], by=by, at=at, source=source)
    emit([News(topic, plan.company_id, {"plan": plan.pk, "version": version.number})], at=at)
