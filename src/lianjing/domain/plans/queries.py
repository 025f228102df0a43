"""Reading plans: the one that a case runs along, and what the editor shows."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext as _

from lianjing.core.viewer import Viewer, visible
from lianjing.domain.plans.look_up import Look, Offer, PlanScope, choose
from lianjing.domain.plans.models import Plan, PlanVersion, VersionState
from lianjing.domain.plans.policy import Step, read_steps, steps_as_json
from lianjing.domain.plans.templates import template_of
from lianjing.domain.sites.models import Contract, ContractState, Site
from lianjing.terms.codes import EventClass, Grade
from lianjing.terms.premises import ContractStanding, SiteKind

SEE = "plans.see"
PLANS_AT_MOST = 500


@dataclass(frozen=True, slots=True)
class ChosenPlan:
    """The plan for a case. `version` None: the template of `template` runs, approved by nobody."""

    title: str
    steps: Sequence[Step]
    version: PlanVersion | None
    template: str
    looks: Sequence[Look] = field(default_factory=list)


def plan_for(viewer: Viewer, company_id: int | None, site: Site | None, event_class: str, grade: int) -> ChosenPlan:
    """The plan for a case of this class and grade, with every place that was looked at: one query, none without a
    company."""
    versions = {version.pk: version for version in _fitting(viewer, company_id, site, event_class)}
    found = choose([_offer(version) for version in versions.values()], grade)
    if found.version is None:
        template = template_of(event_class, grade)
        return ChosenPlan(template.title, template.steps, None, template.key, found.looks)
    version = versions[found.version]
    return ChosenPlan(version.plan.title, read_steps(version.steps), version, "", found.looks)


def _fitting(viewer: Viewer, company_id: int | None, site: Site | None, event_class: str) -> list[PlanVersion]:
    if company_id is None:
        return []
    fits = Q(plan__scope=PlanScope.CLASS)
    if site is not None:
        fits |= Q(plan__scope=PlanScope.KIND, plan__site_kind=site.kind) | Q(plan__site=site) | _contract(site)
    rows = visible(PlanVersion.objects.all(), viewer, SEE, company_field="plan__company_id").filter(
        fits, state=VersionState.IN_FORCE, plan__company=company_id, plan__event_class=event_class
    )
    return list(rows.select_related("plan__site", "plan__contract").order_by("pk"))


def _contract(site: Site) -> Q:
    """Contracts of the customer that cover the site and have not ended."""
    named = Contract.sites.through.objects.filter(contract_id=OuterRef("plan__contract_id"))
    ended = ContractState.objects.filter(
        contract_id=OuterRef("plan__contract_id"), ends_on=None, state=ContractStanding.ENDED.value
    )
    covers = ~Exists(named) | Exists(named.filter(site_id=site.pk))
    on_file = Q(plan__contract__customer=site.customer_id, plan__contract__removed_at=None)
    return on_file & covers & ~Exists(ended)


def _offer(version: PlanVersion) -> Offer:
    plan = version.plan
    return Offer(version.pk, version.number, PlanScope(plan.scope), plan.grade, place_name(plan))


def place_name(plan: Plan) -> str:
    """The site, contract or kind of site that the plan was written for; "" for one of a class as a whole."""
    if plan.site is not None:
        return plan.site.name
    if plan.contract is not None:
        return plan.contract.number
    kind = SiteKind.of(plan.site_kind) if plan.site_kind else None
    return _(kind.zh) if kind else ""


def look_words(sentence: str, figures: Mapping[str, Any]) -> str:
    """A look in the reader's language."""
    told = {name: _(value) if name in ("place", "grade") else value for name, value in figures.items()}
    return " ".join((_(sentence) % told).split())


# The editor's pages


@dataclass(frozen=True, slots=True)
class PlanLine:
    """A plan with its versions, newest first."""

    plan: Plan
    versions: Sequence[PlanVersion]

    def in_state(self, state: str) -> PlanVersion | None:
        return next((version for version in self.versions if version.state == state), None)


def plan_lines(viewer: Viewer, company_id: int) -> list[PlanLine]:
    """Every plan of a company by class, scope and grade: two queries."""
    rows = visible(Plan.objects.filter(company=company_id), viewer, SEE).select_related("site", "contract")
    plans = list(rows.order_by("event_class", "scope", "grade", "pk")[:PLANS_AT_MOST])
    versions: dict[int, list[PlanVersion]] = defaultdict(list)
    found = PlanVersion.objects.filter(plan__in=plans).exclude(state=VersionState.SUPERSEDED)
    for version in found.defer("steps").select_related("written_by", "approved_by").order_by("-number"):
        versions[version.plan_id].append(version)
    return [PlanLine(plan, versions[plan.pk]) for plan in plans]


def plan_line(viewer: Viewer, plan_id: int) -> PlanLine | None:
    """One plan with all of its versions; None when there is none for the viewer."""
    rows = visible(Plan.objects.all(), viewer, SEE).select_related("site", "contract", "company")
    plan = rows.filter(pk=plan_id).first()
    if plan is None:
        return None
    versions = plan.versions.select_related("written_by", "approved_by").order_by("-number")
    return PlanLine(plan, list(versions[:PLANS_AT_MOST]))


def version_by_id(viewer: Viewer, version_id: int) -> PlanVersion | None:
    """A version with its plan; None when there is none for the viewer."""
    rows = visible(PlanVersion.objects.all(), viewer, SEE, company_field="plan__company_id")
    return rows.select_related("plan__site", "plan__contract").filter(pk=version_id).first()


@dataclass(frozen=True, slots=True)
class Coverage:
    """What runs for one class and grade where no site, contract or kind has a plan of its own."""

    event_class: str
    grade: int
    in_force: PlanLine | None
    waiting: PlanLine | None
    """A plan of this class and grade with a draft or an approved version that is not in force yet."""


def coverage(viewer: Viewer, lines: Sequence[PlanLine]) -> list[list[Coverage]]:
    """The matrix of classes and grades, a row a class; `lines` are the company's plans as the viewer sees them."""
    general = [line for line in lines if line.plan.scope == PlanScope.CLASS]
    return [[_covered(general, event_class, grade) for grade in Grade] for event_class in EventClass]


def _covered(lines: Sequence[PlanLine], event_class: str, grade: int) -> Coverage:
    mine = [line for line in lines if line.plan.event_class == event_class and line.plan.grade in (grade, None)]
    mine.sort(key=lambda line: line.plan.grade is None)
    in_force = next((line for line in mine if line.in_state(VersionState.IN_FORCE)), None)
    waiting = next((line for line in mine if line.in_state("draft") or line.in_state("approved")), None)
    return Coverage(str(event_class), int(grade), in_force, waiting)


def steps_of(viewer: Viewer, version: PlanVersion) -> list[Step]:
    """What a version of a plan that the viewer was shown says."""
    return read_steps(version.steps)


def template_steps(event_class: str, grade: int | None = None) -> list[dict[str, Any]]:
    """The starter plan of a class and grade (None: any) as a draft begins with it."""
    return steps_as_json(template_of(event_class, grade).steps)


def site_with_code(viewer: Viewer, company_id: int, code: str) -> int | None:
    """The id of a company's site by its 场所编号; None when there is none for the viewer."""
    rows = visible(Site.objects.filter(company=company_id, code=code), viewer, SEE)
    return rows.values_list("pk", flat=True).first()


def contract_with_number(viewer: Viewer, company_id: int, number: str) -> int | None:
    """The id of a company's contract by its number; None when there is none for the viewer."""
    rows = visible(Contract.objects.filter(company=company_id, number=number), viewer, SEE)
    return rows.values_list("pk", flat=True).first()
