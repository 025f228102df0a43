"""Where a signal's key leads: to the open case of that key, or to the one that this case was joined into (并案)."""

from collections.abc import Collection

from django.db.models import Exists, OuterRef, QuerySet
from django.db.models.functions import Coalesce

from lianjing.domain.incidents.models import Incident


def cases_to_join(keys: Collection[str]) -> dict[str, Incident]:
    """The case that signals of each key may join, locked; one object a case, under however many keys. One query, one
    more when a case has taken in others."""
    leading = Incident.objects.filter(joinable=True, join_key__in=keys)
    led_to = leading.order_by().values(case=Coalesce("joined_into_id", "pk"))
    locked = Incident.objects.filter(pk__in=led_to).select_for_update(of=("self",), no_key=True).order_by("pk")
    others = Incident.objects.filter(joined_into=OuterRef("pk"), joinable=True)
    cases = {case.pk: case for case in locked.annotate(leads_here=Exists(others))}
    if any(case.joined_into_id for case in cases.values()):
        # It was joined into another while we waited for its lock: look again where its key leads now.
        return cases_to_join(keys)
    own = {case.join_key: case for case in cases.values() if case.joinable and case.join_key in keys}
    if not any(case.leads_here for case in cases.values()):  # type: ignore[attr-defined]
        return own
    return own | _passed(leading, cases)


def _passed(leading: "QuerySet[Incident]", cases: dict[int, Incident]) -> dict[str, Incident]:
    passed = leading.filter(joined_into__in=list(cases)).values_list("join_key", "joined_into_id")
    return {key: cases[pk] for key, pk in passed if pk is not None}


def shut(cases: Collection[Incident]) -> None:
    """Nothing joins these any more, by their own key or by one that was passed to them. `joinable` is theirs to set."""
    pks = [case.pk for case in cases]
    if pks:
        Incident.objects.bulk_update(cases, ["joinable"])
        Incident.objects.filter(joined_into__in=pks, joinable=True).update(joinable=False)
