"""Lines that fall silent, as the receiver writes them into the journal, and what the worker does about them."""

from datetime import datetime, timedelta
from itertools import count

from lianjing.domain.incidents.events import open_event_cases
from lianjing.domain.signals.line_policy import Folding
from lianjing.domain.signals.line_supervision import anything_of_lines, follow_lines
from lianjing.domain.signals.models import ArmingState, LineEvent, SystemEvent
from lianjing.domain.sites.models import Customer, Panel, Site, TransmissionPath
from tests.cast import NOON, SYSTEM, Cast

SECOND, MINUTE, HOUR = timedelta(seconds=1), timedelta(minutes=1), timedelta(hours=1)
WAITED = NOON + 10 * SECOND
FOLDING = Folding()
_places = count(1)


def path(account: str, kind: str = "wired_ip", **told: object) -> TransmissionPath:
    usual = {"transport": "", "interval_s": 90, "place": next(_places)}
    return TransmissionPath.objects.create(panel=Panel.objects.get(account=account), kind=kind, **usual | told)


def noted(kind: str, *paths: TransmissionPath, at: datetime = NOON) -> None:
    """What the receiver writes into the journal."""
    last = LineEvent.objects.count()
    LineEvent.objects.bulk_create(
        LineEvent(
            id=last + number,
            path_id=path.pk,
            listener=path.panel.listener,
            account=path.panel.account,
            transport=path.transport,
            kind=kind,
            at=at,
            last_heard_at=at - 275 * SECOND,
            standing=False,
        )
        for number, path in enumerate(paths, 1)
    )


def follow(at: datetime = NOON, folding: Folding = FOLDING) -> None:
    """What the worker does, until there is nothing to do."""
    while anything_of_lines(SYSTEM, at) and follow_lines(folding, by=SYSTEM, at=at):
        pass
    open_event_cases(by=SYSTEM, at=at)


def lose(*paths: TransmissionPath, at: datetime = NOON, told_at: datetime | None = None) -> None:
    noted("lost", *paths, at=at)
    follow(at)
    follow(told_at or at + 10 * SECOND)


def hear(*paths: TransmissionPath, at: datetime = NOON + MINUTE) -> None:
    noted("heard", *paths, at=at)
    follow(at)


def arm(account: str, armed: bool = True) -> None:
    ArmingState.objects.create(panel=Panel.objects.get(account=account), armed=armed, since=NOON, signal_id=1)


def standing() -> list[tuple[str, int]]:
    """Kinds and grades of the events that are open and in no other."""
    rows = SystemEvent.objects.filter(ended_at=None, folded_into=None).order_by("pk")
    return list(rows.values_list("kind", "grade"))


def make_many(cast: Cast, number: int, kind: str = "4g", *, of: str = "harbour", **site: object) -> list:
    """So many homes of a company with one path each."""
    company = {"harbour": cast.company, "hill": cast.other}[of]
    first = Panel.objects.count()
    customer = Customer.objects.create(company=company, code=f"many-{first}", name="many")
    sites = Site.objects.bulk_create(
        Site(
            company=company, customer=customer, code=f"{kind}{first + i}", name=f"Home {first + i}", kind="home", **site
        )
        for i in range(number)
    )
    panels = Panel.objects.bulk_create(
        Panel(site=s, account=f"F{first + i:05d}", added_at=NOON, activated_at=NOON, changed_at=NOON)
        for i, s in enumerate(sites)
    )
    return TransmissionPath.objects.bulk_create(
        TransmissionPath(panel=panel, place=1, kind=kind, interval_s=90) for panel in panels
    )
