"""Where a company lies: by that the police of its area read it (decision 0028)."""

from datetime import datetime

from django.db import transaction

from lianjing.core.refusals import Refused
from lianjing.core.viewer import Viewer
from lianjing.domain.companies.area_policy import division
from lianjing.domain.companies.changing import CHANGED, company_to_change
from lianjing.domain.companies.models import Company
from lianjing.domain.records.changing import Actor, write_down
from lianjing.terms.sentences import marked as _


@transaction.atomic
def set_area(company_id: int, code: str, *, by: Viewer, at: datetime, source: str = "") -> Company:
    """Says in which division (six digits of GB/T 2260) the company lies; "" takes it from every area. From then on the
    police of its areas, and no others, read it. Raises Missing, Forbidden or Refused."""
    company = company_to_change(company_id, by)
    area = division(code)
    if code.strip() and not area:
        raise Refused("area", _("“%(code)s”不是行政区划代码：请写 6 位数字，如 330602。"), code=code.strip()[:20])
    before = {"area": company.area}
    if area != company.area:
        company.area = area
        company.save(update_fields=["area"])
        actor = Actor(by, at, source)
        write_down("company.area_set", company, company.pk, actor, after={"area": area}, before=before, topic=CHANGED)
    return company
