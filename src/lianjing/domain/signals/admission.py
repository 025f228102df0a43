"""Which signals of the journal wait for admission."""

from django.db.models import Exists, F, OuterRef, QuerySet, Window
from django.db.models.functions import RowNumber

from lianjing.core.viewer import Viewer, require
from lianjing.domain.signals.models import IntakeMark, Signal, Treatment
from lianjing.terms.codes import Grade

LOOK_AHEAD = 200_000
"""So many journal signals are searched for urgent ones when more arrived than are admitted in a turn."""


def untreated() -> "QuerySet[Signal]":
    """Signals without a treatment row. For those who may see them already."""
    return Signal.objects.filter(~Exists(Treatment.objects.filter(signal_id=OuterRef("pk"))))


def after_mark() -> "QuerySet[Signal]":
    """The same, without looking where all are surely admitted."""
    mark = IntakeMark.objects.filter(pk=1).values_list("signal_id", flat=True).first() or 0
    return untreated().filter(pk__gt=mark)


def new_signals(viewer: Viewer, limit: int) -> list[Signal]:
    """Journal signals without treatment, in order of arrival. Runs as the system."""
    require(viewer, "signals.see", None)
    return list(after_mark().order_by("pk")[:limit])


def urgent_behind(viewer: Viewer, last: Signal, limit: int) -> list[Signal]:
    """What of the journal signals after `last` must not wait its turn, in order of arrival: alarms of grade 1 and 2,
    the most urgent first when there are more than `limit`, and before each the other signals of its account, which
    have to be treated first. Runs as the system."""
    require(viewer, "signals.see", None)
    ahead = untreated().filter(pk__gt=last.pk, pk__lte=last.pk + LOOK_AHEAD)
    urgent = list(ahead.filter(grade__lte=Grade.SECOND).order_by("grade", "pk").values_list("pk", "account")[:limit])
    if not urgent:
        return []
    last_of = {account: pk for pk, account in sorted(urgent)}
    arrival = Window(RowNumber(), partition_by=F("account"), order_by=F("pk").asc())
    before = ahead.filter(account__in=last_of, pk__lte=max(last_of.values())).annotate(arrival=arrival)
    # The first of each account, then the second: one that has sent a flood must not keep the others waiting.
    found = before.order_by("arrival", "pk")[:limit]
    return sorted((one for one in found if one.pk <= last_of[one.account]), key=lambda one: one.pk)
