"""What a finding waits for that revises a plan: the revised plan in force, and, after a review, its re-test (8.4.3)."""

from collections.abc import Iterator

from lianjing.domain.drills.models import Improvement
from lianjing.domain.findings.conditions import Condition
from lianjing.domain.findings.models import Finding
from lianjing.domain.plans.models import Plan, PlanVersion, VersionState
from lianjing.terms.sentences import marked as _


def conditions(finding: Finding) -> Iterator[Condition]:
    """Told of every finding that names a plan to be revised. Three queries at most, none for others."""
    if finding.revises_kind != "plan":
        return
    improvement = Improvement.objects.select_related("plan").filter(finding=finding).first()
    plan = improvement.plan if improvement is not None else _named(finding)
    if plan is None:
        return
    told: dict[str, object] = {"title": plan.title}
    is_revised = _is_revised(plan, finding)
    passed = improvement.retests.filter(has_passed=True).order_by("-pk").first() if improvement is not None else None
    untested = improvement is not None and passed is None
    yield Condition(_("预案“%(title)s”的修订版已执行"), "" if is_revised else _unrevised(untested), told)
    if improvement is not None:
        lacking = _("预案“%(title)s”的修订版还没有复测通过，不能复核和关闭。") if untested else ""
        yield Condition(_("修订版已复测通过"), lacking, told, passed.tested_on if passed else None)


def _named(finding: Finding) -> Plan | None:
    if not finding.revises_ref.isdigit():
        return None
    return Plan.objects.filter(company=finding.company_id, pk=int(finding.revises_ref)).first()


def _is_revised(plan: Plan, finding: Finding) -> bool:
    """The version in force came after the finding was raised."""
    versions = PlanVersion.objects.filter(plan=plan, state=VersionState.IN_FORCE)
    return versions.filter(in_force_since__gt=finding.raised_at).exists()


def _unrevised(untested: bool) -> str:
    if untested:
        return _("预案“%(title)s”的修订版还没有执行，也还没有复测通过，不能复核和关闭。")
    return _("预案“%(title)s”的修订版还没有执行，不能复核和关闭。")
