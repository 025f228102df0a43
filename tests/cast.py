"""The same people everywhere: a company with its staff, a stranger's company, and what their panels send."""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from itertools import count

from lianjing.core.viewer import Person, System
from lianjing.domain.companies.models import Company
from lianjing.domain.incidents.intake import treat_waiting
from lianjing.domain.incidents.models import Incident
from lianjing.domain.people.models import Membership, User
from lianjing.domain.signals.actions import admit_signals
from lianjing.domain.signals.admission import new_signals
from lianjing.domain.signals.models import Batch, Frame, Signal, TestPeriod
from lianjing.domain.sites.models import Contact, Customer, Panel, Site, Zone
from lianjing.terms.code_tables import meaning
from lianjing.terms.codes import Scheme
from lianjing.terms.roles import Role

NOON = datetime(2026, 11, 22, 4, 0, tzinfo=UTC)
"""12:00 in the centre's zone."""

SYSTEM = System("test")
PASSWORD = "a-long-test-password"  # for people who exist in tests only


def make_company(code: str, name: str) -> Company:
    return Company.objects.create(code=code, name=name)


def make_user(name: str, company: Company | None, role: Role) -> User:
    user = User.objects.create_user(username=name, password=PASSWORD, display_name=name.title())
    Membership.objects.create(user=user, company=company, role=role)
    return user


def make_site(company: Company, name: str, account: str) -> Site:
    customer = Customer.objects.create(company=company, code=f"C{account}", name=f"{name} Ltd")
    site = Site.objects.create(
        company=company, customer=customer, code=f"S{account}", name=name, address=f"1 {name} Road"
    )
    panel = Panel.objects.create(
        site=site,
        account=account,
        added_at=NOON - timedelta(days=30),
        activated_at=NOON - timedelta(days=30),
        changed_at=NOON,
    )
    Zone.objects.create(panel=panel, number="3", name="front door", principle="magnetic")
    Zone.objects.create(panel=panel, number="4", name="hall", principle="pir")
    Contact.objects.create(site=site, place=1, name="Wang", role="owner", phone="10012345678")
    return site


@dataclass
class Cast:
    """Olivia and Oscar take alarms, Leo leads, Mia manages; Sam works elsewhere; Ada runs the installation."""

    company: Company = field(default_factory=lambda: make_company("harbour", "Harbour Alarm"))
    other: Company = field(default_factory=lambda: make_company("hill", "Hill Alarm"))

    def __post_init__(self) -> None:
        self.users = {
            "olivia": make_user("olivia", self.company, Role.OPERATOR),
            "oscar": make_user("oscar", self.company, Role.OPERATOR),
            "leo": make_user("leo", self.company, Role.LEADER),
            "gus": make_user("gus", self.company, Role.GUARD),
            "mia": make_user("mia", self.company, Role.MANAGER),
            "polly": make_user("polly", self.company, Role.POLICE),
            "sam": make_user("sam", self.other, Role.LEADER),
            "ada": make_user("ada", None, Role.ADMIN),
        }
        self.shop = make_site(self.company, "Corner Shop", "1001")
        self.bank = make_site(self.company, "Harbour Bank", "1002")
        self.mill = make_site(self.other, "Hill Mill", "2001")

    def viewer(self, name: str) -> Person:
        return self.users[name].as_viewer()


def put_on_test(site: Site, until: datetime, **narrowed: object) -> TestPeriod:
    """A test of the whole site from before noon, as an operator would have started it."""
    told = {"reason": "yearly test", "asked_by": "Wang", "checked_how": "pass_word", "started_by": "Olivia"}
    return TestPeriod.objects.create(
        company=site.company, site=site, starts_at=NOON - timedelta(hours=1), ends_at=until, **told, **narrowed
    )


_numbers = count(1)


@dataclass(frozen=True)
class Sent:
    """What a panel sends, as the journal would hold it."""

    account: str = "1001"
    code: str = "BA"
    zone: str = "003"
    scheme: Scheme = Scheme.SIA
    qualifier: str = "N"
    at: datetime = NOON
    area: str = "1"
    listener: str = "dc09"
    transport: str = "tcp"
    peer: str = "127.0.0.1:5000"
    receiver: str = ""
    line: str = "0"
    sequence: str = "0001"
    device_at: datetime | None = None
    encrypted: bool = False
    dialect: tuple[str, ...] = ()
    extras: tuple[tuple[str, str], ...] = ()
    reason: str = ""


def journal(sent: Sent, *, repeat_of: int | None = None) -> int:
    """Puts a frame with one event into the journal's tables; returns the signal's id (the frame's for a repeat)."""
    event = _event(sent)
    frame = _frame(sent, "signal", {"events": [event]}, event_count=1, repeat_of_id=repeat_of)
    if repeat_of is not None:
        return frame.pk
    place = {"id": frame.pk, "frame": frame, "ordinal": 0, "received_at": sent.at}
    Signal.objects.create(**place, listener=sent.listener, account=sent.account, **event)
    return frame.pk


def refused(sent: Sent, kind: str = "unsupported") -> int:
    """A frame that could not be read, for `sent.reason`; its id."""
    return _frame(sent, kind, {}, event_count=0).pk


def _event(sent: Sent) -> dict[str, object]:
    read = meaning(sent.scheme, sent.code, sent.qualifier)
    return {
        "scheme": sent.scheme.value,
        "code": sent.code,
        "qualifier": sent.qualifier,
        "event_class": read.event_class.value,
        "grade": int(read.grade),
        "phase": read.phase.value,
        "address_kind": read.address_kind.value,
        "area": sent.area,
        "address": sent.zone,
        "text": "",
        "known": read.known,
    }


def _frame(sent: Sent, kind: str, read: dict[str, object], **columns: object) -> Frame:
    number = next(_numbers)
    Batch.objects.create(id=number, committed_at=sent.at, frame_count=1, signal_count=1, root=b"\0" * 32)
    reading = {
        "token": "SIA-DCS",
        "encrypted": sent.encrypted,
        "dialect": list(sent.dialect),
        "extras": [list(extra) for extra in sent.extras],
        **read,
    }
    return Frame.objects.create(
        id=number,
        batch_id=number,
        received_at=sent.at,
        stored_at=sent.at,
        device_at=sent.device_at,
        listener=sent.listener,
        transport=sent.transport,
        peer=sent.peer,
        kind=kind,
        raw=b"\nraw\\frame\r",
        token="SIA-DCS",
        account=sent.account,
        receiver=sent.receiver,
        line=sent.line,
        sequence=sent.sequence,
        reading=reading,
        reason=sent.reason,
        answer=b"answer",
        repeat_key=sha256(b"%d" % number).digest(),
        digest=b"\0" * 32,
        **columns,
    )


def treat(at: datetime = NOON) -> None:
    """What the intake worker does, until nothing waits."""
    admit_signals(new_signals(SYSTEM, 1000), by=SYSTEM, at=at)
    while treat_waiting(by=SYSTEM, at=at):
        pass


def alarm(sent: Sent | None = None) -> Incident:
    """A signal that becomes, or joins, a case: the case."""
    sent = sent or Sent()
    signal_id = journal(sent)
    treat(sent.at + timedelta(milliseconds=100))
    return Incident.objects.get(signals__treatment_id=signal_id)
