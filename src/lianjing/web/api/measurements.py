"""Measured values of rooms: sensors send them, programs read them."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from hashlib import sha256
from typing import Any

from django.db import transaction
from django.http import HttpRequest
from django.utils.translation import gettext as _
from ninja import Router, Schema
from pydantic import AwareDatetime

from lianjing.core.refusals import Missing as NotThere
from lianjing.core.refusals import Refused
from lianjing.core.submissions.sending import claimed, href_of, stored
from lianjing.domain.facilities.actions.measurements import record_measurement
from lianjing.domain.facilities.measured_list import measured_lines, measurement_by_id
from lianjing.domain.facilities.models import Measurement
from lianjing.domain.facilities.policy import NewMeasurement, plain_figure
from lianjing.domain.facilities.quantities import QUANTITIES
from lianjing.domain.incidents.moving import BadChoice, Missing
from lianjing.terms.sentences import words
from lianjing.web.api.asked_fields import Figure
from lianjing.web.api.door import needs, now, source_of, viewer_of
from lianjing.web.api.narrowing import TextWanted, company_wanted
from lianjing.web.api.reading import page, page_size

router = Router()

KEY = "Idempotency-Key"


class MeasurementIn(Schema):
    """One value. `measured_at` with its zone, without it now."""

    place: int
    quantity: str
    value: Figure
    unit: str = ""
    measured_at: AwareDatetime | None = None
    measured_by: str = ""
    instrument: str = ""
    instrument_no: str = ""
    calibrated_until: date | None = None
    valid_until: date | None = None
    report_no: str = ""
    note: str = ""


@router.get("measurements", summary="Measured values of rooms, newest first")
@needs("facilities.see")
def list_measurements(
    request: HttpRequest,
    company: TextWanted = "",
    place: int | None = None,
    quantity: TextWanted = "",
    after: int | None = None,
    limit: int = 100,
) -> dict[str, Any]:
    """Those that are taken for true now. `place`: its id, `quantity`: a code such as `temperature`."""
    viewer, size = viewer_of(request), page_size(limit)
    if quantity and quantity not in QUANTITIES:
        raise BadChoice("quantity", _("没有这个测量项目。"))
    rows = measured_lines(viewer, company_wanted(viewer, company), place, quantity, after=after, limit=size)
    return page([_item(row) for row in rows], size)


@router.post("measurements", summary="Records a measured value; one without unit is refused")
@needs("facilities.edit")
def add_measurement(request: HttpRequest, body: MeasurementIn) -> dict[str, Any]:
    """The unit is that of the instrument: `℃`, `K` and `℉` of a temperature are brought into one. Out of its limits it
    raises a finding, within them it says that it is good again."""
    viewer, at = viewer_of(request), now()
    new = _new(body, viewer.name, at)

    def act() -> Measurement:
        return record_measurement(body.place, new, by=viewer, at=at, source=source_of(request))

    with _answered():
        row = _once(request, body, at, act)
    return _item(row)


def _once(request: HttpRequest, body: MeasurementIn, at: datetime, act: Callable[[], Measurement]) -> Measurement:
    """With a key that the sender gives, the same is recorded once: whoever lost the answer sends it again, and is told
    of the value that stands."""
    key, viewer = request.headers.get(KEY, ""), viewer_of(request)
    if not key:
        return act()
    digest = sha256(f"{request.path} {key} {body.model_dump_json()}".encode()).hexdigest()
    with transaction.atomic():
        mine = claimed(viewer.person.id, digest, at)
        if mine is not None:
            row = act()
            stored(mine, str(row.pk))
            return row
    earlier = measurement_by_id(viewer, int(href_of(viewer.person.id, digest)))
    if earlier is None:
        raise Missing(_("这个测量值已登记过，后来被收回。"))
    return earlier


def _new(body: MeasurementIn, name: str, at: datetime) -> NewMeasurement:
    return NewMeasurement(
        body.quantity,
        str(body.value),
        body.unit,
        body.measured_at or at,
        body.measured_by or name,
        body.instrument,
        body.instrument_no,
        body.calibrated_until,
        body.valid_until,
        body.report_no,
        body.note,
    )


@contextmanager
def _answered() -> Iterator[None]:
    """What the domain refuses, with the field as the body calls it: 422; what is not there: 404."""
    try:
        yield
    except NotThere as missing:
        raise Missing(_("没有这处场地。")) from missing
    except Refused as refused:
        field = "value" if refused.field == "figure" else refused.field
        raise BadChoice(field, words(refused, _)) from refused


def _item(row: Measurement) -> dict[str, Any]:
    return {
        "id": row.pk,
        "company": row.company.code,
        "place": row.place_id,
        "quantity": row.quantity,
        "value": plain_figure(row.value),
        "unit": QUANTITIES[row.quantity].unit if row.quantity in QUANTITIES else "",
        "as_read": row.as_read,
        "measured_at": row.measured_at.astimezone(UTC),
        "measured_by": row.measured_by,
        "instrument": row.instrument,
        "instrument_no": row.instrument_no,
        "calibrated_until": row.calibrated_until,
        "valid_until": row.valid_until,
        "report_no": row.report_no,
        "recorded_at": row.recorded_at,
    }
