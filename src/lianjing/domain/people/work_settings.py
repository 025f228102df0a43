"""What a company sets for its work-list: periods with their source, and how often it is mailed."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction

from lianjing.core.changes import difference
from lianjing.core.entering import enter, told
from lianjing.core.refusals import Refused
from lianjing.core.viewer import Viewer, require
from lianjing.domain.companies.models import Company
from lianjing.domain.people.facts import EDIT
from lianjing.domain.people.models import WorkListSetting
from lianjing.domain.records.changing import Actor, locked, write_down
from lianjing.terms.sentences import marked as _

FIELDS = frozenset({"appraisal_months", "training_months", "source", "digest", "weekday", "hour"})
MOST = {"appraisal_months": 120, "training_months": 120, "hour": 23, "weekday": 7}
LEAST = {"weekday": 1}


@transaction.atomic
def set_work_list(
    company_id: int, values: Mapping[str, Any], *, by: Viewer, at: datetime, source: str = ""
) -> WorkListSetting:
    """Sets what of FIELDS is given. Raises Missing, Forbidden, or Refused naming the field."""
    company = locked(Company.objects.all(), company_id, by, see="people.files", company="id")
    require(by, EDIT, company.pk)
    row = WorkListSetting.objects.filter(pk=company.pk).first() or WorkListSetting(company=company, since=at)
    had = told(row, FIELDS)
    for name, most in MOST.items():
        value = values.get(name, getattr(row, name))
        if not LEAST.get(name, 0) <= value <= most:
            raise Refused(name, _("应在 %(least)d 到 %(most)d 之间。"), least=LEAST.get(name, 0), most=most)
    enter(row, {name: values[name] for name in FIELDS if name in values})
    before, after = difference(had, told(row, FIELDS))
    if after or row._state.adding:
        # Another rhythm begins now: what it would have wanted last week is not made up for.
        row.since = at if {"digest", "weekday", "hour"} & set(after) else row.since
        row.save()
        write_down("staff.work_list_set", company, company.pk, Actor(by, at, source), before=before, after=after)
    return row
