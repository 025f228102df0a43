"""Setting what figures are measured against, and handing out sheets with personal data."""

from dataclasses import asdict
from datetime import datetime

from django.db import transaction

from lianjing.core.refusals import Refused
from lianjing.core.viewer import Viewer, require
from lianjing.domain.companies.models import Company
from lianjing.domain.records.actions import Deed, write_records
from lianjing.domain.reports.call_cards import SEE as SEE_CARDS
from lianjing.domain.reports.card_files import SheetFile
from lianjing.domain.reports.models import ResponseLimits
from lianjing.domain.reports.policy import Limits, wrong_limits
from lianjing.domain.reports.responses import limits_of

SET = "figures.set_limits"


@transaction.atomic
def set_response_limits(company_id: int, limits: Limits, *, by: Viewer, at: datetime, source: str = "") -> bool:
    """Sets a company's limits of response; False when they are those that it has. Raises Forbidden, or Refused."""
    require(by, SET, company_id)
    Company.objects.select_for_update(no_key=True).get(pk=company_id)
    if (wrong := wrong_limits(limits)) is not None:
        raise Refused("", wrong)
    before, own = limits_of(by, company_id)
    if own and before == limits:
        return False
    ResponseLimits.objects.update_or_create(company_id=company_id, defaults=asdict(limits))
    deed = Deed("figures.limits_set", "company", company_id, company_id, asdict(limits), asdict(before))
    write_records([deed], by=by, at=at, source=source)
    return True


@transaction.atomic
def note_sheet_taken(company_id: int, sheet: SheetFile, *, by: Viewer, at: datetime, source: str = "") -> None:
    """Records that somebody takes a call-card sheet, with names and numbers, out of the house. Raises Forbidden."""
    require(by, SEE_CARDS, company_id)
    told = {"sheet": sheet.name, "sites": sheet.sites, "sha256": sheet.digest}
    write_records([Deed("callcards.taken", "company", company_id, company_id, told)], by=by, at=at, source=source)
