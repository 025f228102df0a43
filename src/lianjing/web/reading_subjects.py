"""From an address to what it is about: whose it is, and what it is called. For the log of what the police read.

Addresses call their parts after the tables (`site_id`, `contract_id`), and most tables have a company and a name: what
is so is found by itself, so that a new page needs nothing. What is not so stands in KINDS.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from django.apps import apps
from django.db.models import Model

from lianjing.domain.companies.models import CompanyFact
from lianjing.domain.drills.models import Attachment, Review
from lianjing.domain.facilities.models import Measurement, RoomLimit
from lianjing.domain.incidents.models import Incident
from lianjing.domain.plans.models import PlanReview
from lianjing.domain.signals.models import TestPeriod, Treatment
from lianjing.domain.sites.models import Drawing, Panel


@dataclass(frozen=True, slots=True)
class Kind:
    """How rows of a model say whose they are (`company`) and what they are called (`name`)."""

    model: type[Model]
    company: str
    name: str


KINDS: dict[str, Kind] = {
    "incident_id": Kind(Incident, "company_id", "site__name"),
    "panel_id": Kind(Panel, "site__company_id", "account"),
    "drawing_id": Kind(Drawing, "site__company_id", "name"),
    "fact_id": Kind(CompanyFact, "company_id", "kind"),
    "signal_id": Kind(Treatment, "company_id", "site__name"),
    "measurement_id": Kind(Measurement, "company_id", "place__name"),
    "room_limit_id": Kind(RoomLimit, "company_id", "quantity"),
    "attachment_id": Kind(Attachment, "drill__company_id", "title"),
    "plan_review_id": Kind(PlanReview, "company_id", "plan__title"),
    "review_id": Kind(Review, "company_id", "drill__title"),
    "test_id": Kind(TestPeriod, "company_id", "site__name"),
}
"""By the name of the part of the address; of several parts the first one here decides."""
ITSELF = "company_id"
NAMES = ("name", "title", "number")


@dataclass(frozen=True, slots=True)
class Subject:
    """What an address is about; of the company as a whole nothing is told besides. `company_id` 0: it is nobody's."""

    company_id: int
    kind: str = ""
    id: str = ""
    name: str = ""

    @property
    def told(self) -> tuple[str, str, str]:
        return (self.kind, self.id, self.name)


def subject_of(parts: Mapping[str, Any]) -> Subject | None:
    """None: the address names nothing that we know."""
    for part in (*KINDS, *parts):
        kind = kind_of(part) if part in parts else None
        if kind is not None:
            row = kind.model._default_manager.filter(pk=parts[part]).values_list(kind.company, kind.name).first()
            company_id, name = row or (None, "")
            return Subject(company_id or 0, part.removesuffix("_id"), str(parts[part]), str(name or ""))
    return Subject(int(parts[ITSELF])) if ITSELF in parts else None


@lru_cache
def kind_of(part: str) -> Kind | None:
    """The table after which a part of an address is called, when it has a company and a name."""
    if part in KINDS or part == ITSELF or not part.endswith("_id"):
        return KINDS.get(part)
    called = part.removesuffix("_id").replace("_", "")
    for model in apps.get_models():
        fields = {field.name for field in model._meta.concrete_fields}
        name = next((one for one in NAMES if one in fields), None)
        if (
            model.__module__.startswith("lianjing.")
            and model._meta.model_name == called
            and "company" in fields
            and name
        ):
            return Kind(model, "company_id", name)
    return None
