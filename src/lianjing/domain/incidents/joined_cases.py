"""What was begun in a case goes on in the one that it was joined into. Its rows keep their case, since a guard was sent
to its address; whoever asks for what a case has out asks for what the cases have that were joined into it, too."""

from django.db.models import Q, QuerySet

from lianjing.domain.incidents.models import Incident


def with_joined(incident_id: int) -> "QuerySet[Incident]":
    """Numbers of the case and of those that were joined into it, for `incident__in`."""
    return Incident.objects.filter(Q(pk=incident_id) | Q(joined_into=incident_id)).order_by().values("pk")


def case_that_stays(incident: Incident) -> Incident:
    """The case itself, or the one that it was joined into: that one never was joined itself."""
    return incident.joined_into or incident


def lock_case_that_stays(incident_id: int) -> Incident:
    """As `case_that_stays`, locked to the end of the transaction.

    Asked for before it is locked: two that lock both cases in another order would wait for each other. Who waited here
    for a joining looks once more.
    """
    into = Incident.objects.filter(pk=incident_id).values_list("joined_into_id", flat=True).get()
    case = Incident.objects.select_for_update(of=("self",), no_key=True).get(pk=into or incident_id)
    if case.joined_into_id is None:
        return case
    return Incident.objects.select_for_update(of=("self",), no_key=True).get(pk=case.joined_into_id)
