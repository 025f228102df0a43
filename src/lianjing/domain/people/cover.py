"""最低在岗人数 and fatigue rules: what a roster is measured by."""

from collections.abc import Mapping
from dataclasses import asdict
from datetime import datetime
from typing import Any

from django.db import transaction

from lianjing.core.changes import difference
from lianjing.core.entering import enter, told
from lianjing.core.refusals import Refused
from lianjing.core.viewer import Viewer, require
from lianjing.domain.people.models import CoverRule, RosterRules
from lianjing.domain.people.roster_obstacles import RULE_NAMES, rules_of
from lianjing.domain.people.roster_policy import LONGEST_HOURS
from lianjing.domain.people.shifts import EDIT, SEE, company_to_plan
from lianjing.domain.records.changing import Actor, locked, write_down
from lianjing.terms.sentences import marked as _

FIELDS = frozenset({"post_kind", "place", "weekdays", "begins", "ends", "at_least"})
AT_LEAST = range(1, 1001)
RANGES: Mapping[str, range] = {
    "shift_hours_at_most": range(4, LONGEST_HOURS + 1),
    "rest_hours_at_least": range(49),
    "week_hours_at_most": range(20, 169),
    "days_in_a_row_at_most": range(1, 32),
}
"""What a fatigue rule may be set to."""


@transaction.atomic
def add_cover_rule(
    company_id: int, values: Mapping[str, Any], *, by: Viewer, at: datetime, source: str = ""
) -> CoverRule:
    """So many at a place, on ISO weekdays, between two times of day. Raises Missing, Forbidden, or Refused."""
    company = company_to_plan(company_id, by)
    rule = CoverRule(company=company)
    _save(rule, values)
    _before, after = difference({}, told(rule, FIELDS))
    write_down("roster.cover_added", rule, company.pk, Actor(by, at, source), after=after)
    return rule


@transaction.atomic
def change_cover_rule(
    rule_id: int, values: Mapping[str, Any], *, by: Viewer, at: datetime, source: str = ""
) -> CoverRule:
    """Changes one. Raises Missing, Forbidden or Refused."""
    rule = _rule_to_change(rule_id, by)
    had = told(rule, FIELDS)
    _save(rule, values)
    before, after = difference(had, told(rule, FIELDS))
    if after:
        write_down("roster.cover_changed", rule, rule.company_id, Actor(by, at, source), before=before, after=after)
    return rule


@transaction.atomic
def remove_cover_rule(rule_id: int, *, by: Viewer, at: datetime, source: str = "") -> None:
    """Takes one away; the records keep it. Raises Missing or Forbidden."""
    rule = _rule_to_change(rule_id, by)
    before, _after = difference(told(rule, FIELDS), dict.fromkeys(FIELDS))
    write_down("roster.cover_removed", rule, rule.company_id, Actor(by, at, source), before=before, after={})
    rule.delete()


@transaction.atomic
def set_fatigue_rules(
    company_id: int, values: Mapping[str, Any], *, by: Viewer, at: datetime, source: str = ""
) -> RosterRules:
    """A company's own figures; `source` among the values says where they come from. Raises Refused."""
    company = company_to_plan(company_id, by)
    for name, allowed in RANGES.items():
        if values.get(name) not in allowed:
            raise Refused(name, _("须在 %(low)d 至 %(high)d 之间。"), low=allowed.start, high=allowed.stop - 1)
    had = asdict(rules_of(company.pk))
    row = RosterRules.objects.filter(company=company).first() or RosterRules(company=company)
    before, after = difference({**had, "source": row.source}, _entered(row, values))
    if not row.source:
        raise Refused("source", _("请写明出处：本单位的哪项规定、哪份批复。"))
    row.save()
    if after:
        write_down("roster.rules_set", row, company.pk, Actor(by, at, source), before=before, after=after)
    return row


def _entered(row: RosterRules, values: Mapping[str, Any]) -> dict[str, Any]:
    names = (*RULE_NAMES, "source")
    enter(row, {name: values.get(name, "") for name in names})
    return {name: getattr(row, name) for name in names}


def _rule_to_change(rule_id: int, by: Viewer) -> CoverRule:
    rule = locked(CoverRule.objects.all(), rule_id, by, see=SEE)
    require(by, EDIT, rule.company_id)
    return rule


def _save(rule: CoverRule, values: Mapping[str, Any]) -> None:
    enter(rule, values)
    for name in ("begins", "ends"):
        if getattr(rule, name) is None:
            raise Refused(name, _("请填写。"))
    if not rule.weekdays or not set(rule.weekdays) <= set(range(1, 8)):
        raise Refused("weekdays", _("请选择至少一天。"))
    if rule.at_least not in AT_LEAST:
        raise Refused("at_least", _("须在 %(low)d 至 %(high)d 之间。"), low=AT_LEAST.start, high=AT_LEAST.stop - 1)
    rule.weekdays = sorted(set(rule.weekdays))
    rule.save()
