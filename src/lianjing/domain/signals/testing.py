"""What people and the clock do to tests. One transaction each: permission → policy → save → sealed record → outbox.

All take `by`, `at` and `source` and raise Missing when the viewer cannot see it, Forbidden when his role may not, and
Refused with a sentence when it is not possible so.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.db import transaction
from django.db.models import F

from lianjing.core.outbox.write import News, emit
from lianjing.core.refusals import Missing, Refused
from lianjing.core.seals.canonical import instant
from lianjing.core.viewer import Viewer, require, visible
from lianjing.domain.records.actions import Deed, write_records
from lianjing.domain.signals.models import TestPeriod
from lianjing.domain.signals.pass_words import hear_word
from lianjing.domain.signals.permissions import roles_for
from lianjing.domain.signals.test_reports import SETTLED, as_json, is_settled, report_of
from lianjing.domain.signals.testing_policy import (
    WARN_BEFORE,
    WantedTest,
    end_refusal,
    endangers,
    start_refusal,
    warns,
)
from lianjing.domain.sites.models import Area, Panel, Site, Zone
from lianjing.domain.sites.pass_words import WordIs
from lianjing.domain.sites.policy import normal_number
from lianjing.terms.codes import EventClass
from lianjing.terms.sentences import marked as _

PERMISSION = "tests.start"
STARTED, EXTENDED, ENDED = "test.started", "test.extended", "test.ended"
WARNED, REPORTED = "test.warned", "test.reported"

WEAKENS = "测试期间，范围内的信号只记录，不立警情"
WEAKENS_DANGER = "其中包括紧急、火警和医疗报警"
"""For the record, in one language whoever acts."""

PASS_WORD, LEADER = "pass_word", "leader"
TOGETHER = 100


class DuressGiven(Exception):
    """The word was a duress word: no test has begun, and an event of the first grade has been raised."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A test as somebody asks for it. Panel, zones, areas and classes narrow it down."""

    site_id: int
    ends_at: datetime | None
    reason: str = ""
    panel_id: int | None = None
    zone_ids: Sequence[int] = ()
    areas: Sequence[str] = ()
    classes: Sequence[str] = ()
    asked_by: str = ""
    """Name of who asks, where no pass-word tells it."""
    word: str = field(default="", repr=False)
    danger_told: bool = False
    """He knows that hold-up and fire open no case meanwhile."""


@dataclass(frozen=True, slots=True)
class _Scope:
    panel: Panel | None
    zones: list[Zone]
    areas: list[str]
    classes: list[str]

    @property
    def danger(self) -> bool:
        return endangers(self.classes, [zone.kind for zone in self.zones])

    @property
    def told(self) -> dict[str, object]:
        named = {"panel": self.panel.pk if self.panel else None, "zones": [zone.pk for zone in self.zones]}
        named |= {"areas": self.areas, "classes": self.classes}
        return {name: value for name, value in named.items() if value}


def start_test(asked: Asked, *, by: Viewer, at: datetime, source: str = "") -> TestPeriod:
    """From now until `ends_at` signals of what is named are recorded and listed, and open no case.

    Who asks is known by his pass-word. Raises DuressGiven for a duress word, whatever else is wrong: then nothing has
    begun, and the event is raised. After `WORD_TRIES` wrong words in `WORD_WINDOW` no word is checked any more.
    """
    site = visible(Site.objects.all(), by, "sites.see").filter(pk=asked.site_id).first()
    if site is None:
        raise Missing
    require(by, PERMISSION, site.company_id)
    asked_by, word_given = _who_asks(asked, site, by, at, source)
    scope = _scope(asked, site)
    wanted = WantedTest(
        reason=asked.reason.strip(),
        asked_by=asked_by,
        word_given=word_given,
        roles=roles_for(by, site.company_id),
        starts_at=at,
        ends_at=asked.ends_at,
        danger=scope.danger,
        danger_told=asked.danger_told,
    )
    refused = start_refusal(wanted)
    if refused is not None:
        raise refused
    return _start(site, scope, wanted, by=by, at=at, source=source)


@transaction.atomic
def _start(site: Site, scope: _Scope, wanted: WantedTest, *, by: Viewer, at: datetime, source: str) -> TestPeriod:
    # Locked, so that of two clicks only the first begins one.
    Site.objects.select_for_update(no_key=True).get(pk=site.pk)
    _refuse_second(site, scope, at)
    ends_at = wanted.ends_at or at
    test = TestPeriod.objects.create(
        company_id=site.company_id,
        site=site,
        panel=scope.panel,
        by_zones=bool(scope.zones),
        areas=scope.areas,
        classes=scope.classes,
        reason=wanted.reason,
        asked_by=wanted.asked_by,
        checked_how=PASS_WORD if wanted.word_given else LEADER,
        started_by=by.name[:50],
        starts_at=at,
        ends_at=ends_at,
        warned_at=None if warns(at, ends_at) else at,
    )
    test.zones.set(scope.zones)
    told = {"site": site.pk, **scope.told, "reason": test.reason, "asked_by": test.asked_by}
    told |= {"checked_how": test.checked_how, "ends_at": instant(ends_at)}
    told["weakens"] = [WEAKENS, WEAKENS_DANGER] if scope.danger else [WEAKENS]
    _tell(STARTED, test, told, by=by, at=at, source=source)
    return test


def _refuse_second(site: Site, scope: _Scope, at: datetime) -> None:
    running = TestPeriod.objects.filter(site=site, panel=scope.panel, ended_at=None, ends_at__gt=at)
    for test in running.prefetch_related("zones"):
        zones = {zone.pk for zone in test.zones.all()}
        same = zones == {zone.pk for zone in scope.zones} and set(test.areas) == set(scope.areas)
        if same and set(test.classes) == set(scope.classes):
            raise Refused("", _("同样范围的测试正在进行：要更久，请延长它。"))


def _who_asks(asked: Asked, site: Site, by: Viewer, at: datetime, source: str) -> tuple[str, bool]:
    """Whose name stands for the test, and whether his word was right. Raises Refused or DuressGiven."""
    if not asked.word.strip():
        return asked.asked_by.strip(), False
    heard = hear_word(site, asked.word, "登记测试时", by=by, at=at, source=source)
    if heard.word_is is WordIs.DURESS:
        raise DuressGiven
    if heard.contact is None:
        raise Refused("word", _("口令不对，测试没有开始。请再问一次，或改由班长决定。"))
    return heard.contact.name, True


def _scope(asked: Asked, site: Site) -> _Scope:
    """What is tested, all of it at this site. Raises Refused."""
    panel = None
    if asked.panel_id is not None:
        panel = Panel.objects.filter(pk=asked.panel_id, site=site, removed_at=None).first()
        if panel is None:
            raise Refused("panel", _("这台设备不在此场所。"))
    areas = [normal_number(area) for area in asked.areas]
    known = Area.objects.filter(panel__site=site, number__in=areas).values_list("number", flat=True)
    used = Zone.objects.filter(panel__site=site, area__in=areas).values_list("area", flat=True)
    if not set(areas) <= {*known, *used}:
        raise Refused("areas", _("此场所没有这个分区。"))
    if not set(asked.classes) <= {each.value for each in EventClass}:
        raise Refused("classes", _("没有这个类别。"))
    return _Scope(panel, _zones(asked, site, panel), sorted(set(areas)), sorted(set(asked.classes)))


def _zones(asked: Asked, site: Site, panel: Panel | None) -> list[Zone]:
    wanted = set(asked.zone_ids)
    rows = Zone.objects.filter(pk__in=wanted, panel__site=site, panel__removed_at=None, address_kind="zone")
    zones = list(rows.order_by("pk"))
    if len(zones) != len(wanted):
        raise Refused("zones", _("有防区不在此场所。"))
    if panel is not None and any(zone.panel_id != panel.pk for zone in zones):
        raise Refused("zones", _("有防区不是这台设备的。"))
    return zones


@transaction.atomic
def extend_test(test_id: int, ends_at: datetime | None, *, by: Viewer, at: datetime, source: str = "") -> TestPeriod:
    """A later end; from its beginning the test lasts no longer than the limit of whoever extends it."""
    test = _running(test_id, by, at)
    refused = end_refusal(roles_for(by, test.company_id), test.starts_at, ends_at, at)
    if refused is not None or ends_at is None:
        raise refused or Missing
    if ends_at <= test.ends_at:
        raise Refused("ends_at", _("新的结束时间要晚于现在的；要早些结束，请用“结束测试”。"))
    before, test.ends_at = test.ends_at, ends_at
    if ends_at > at + WARN_BEFORE:
        test.warned_at = None
    test.save(update_fields=["ends_at", "warned_at"])
    told = {"ends_at": instant(ends_at), "weakens": [WEAKENS]}
    _tell(EXTENDED, test, told, {"ends_at": instant(before)}, by=by, at=at, source=source)
    return test


@transaction.atomic
def end_test(test_id: int, *, by: Viewer, at: datetime, source: str = "") -> TestPeriod:
    """Ends a test before its time: what comes from now on opens cases again."""
    test = _running(test_id, by, at)
    test.ended_at, test.ended_by = at, by.name[:50]
    test.save(update_fields=["ended_at", "ended_by"])
    _tell(ENDED, test, {"ended_at": instant(at)}, {"ends_at": instant(test.ends_at)}, by=by, at=at, source=source)
    return test


def _running(test_id: int, by: Viewer, at: datetime) -> TestPeriod:
    rows = visible(TestPeriod.objects.all(), by, "signals.see").select_for_update(of=("self",), no_key=True)
    test = rows.filter(pk=test_id).first()
    if test is None:
        raise Missing
    require(by, PERMISSION, test.company_id)
    if test.ended_at is not None or test.ends_at <= at:
        raise Refused("", _("测试已经结束。"))
    return test


# By the clock. Each claims its rows by an optimistic UPDATE: any number of workers may run.


@transaction.atomic
def warn_of_ends(*, by: Viewer, at: datetime) -> int:
    """Tells the desks of tests that end within `WARN_BEFORE`, each once; returns how many. Runs as the system."""
    require(by, PERMISSION, None)
    due = TestPeriod.objects.filter(ended_at=None, warned_at=None, ends_at__gt=at, ends_at__lte=at + WARN_BEFORE)
    claimed = [
        test
        for test in due.order_by("ends_at")[:TOGETHER]
        if TestPeriod.objects.filter(pk=test.pk, ended_at=None, warned_at=None).update(warned_at=at)
    ]
    for test in claimed:
        _tell(WARNED, test, {"ends_at": instant(test.ends_at)}, by=by, at=at, source=by.name)
    return len(claimed)


@transaction.atomic
def end_due_tests(*, by: Viewer, at: datetime) -> int:
    """Ends tests whose time is over, as of that time; returns how many. Runs as the system.

    Nothing depends on its punctuality: a test covers no signal from after its `ends_at`, whoever has ended it.
    """
    require(by, PERMISSION, None)
    due = TestPeriod.objects.filter(ended_at=None, ends_at__lte=at)
    claimed = [
        test
        for test in due.order_by("ends_at")[:TOGETHER]
        if TestPeriod.objects.filter(pk=test.pk, ended_at=None, ends_at=test.ends_at).update(ended_at=F("ends_at"))
    ]
    for test in claimed:
        _tell(ENDED, test, {"ended_at": instant(test.ends_at)}, by=by, at=at, source=by.name)
    return len(claimed)


@transaction.atomic
def write_test_reports(*, by: Viewer, at: datetime) -> int:
    """Writes the reports of tests that have ended and whose signals are all treated; returns how many.

    From then on a report does not change, whatever becomes of zones and names. Runs as the system.
    """
    require(by, PERMISSION, None)
    due = TestPeriod.objects.filter(reported_at=None, ended_at__lte=at - SETTLED)
    written = 0
    for test in due.select_related("site", "panel").order_by("ended_at")[:TOGETHER]:
        if not is_settled(by, test, at):
            continue
        report = report_of(by, test)
        if not TestPeriod.objects.filter(pk=test.pk, reported_at=None).update(report=as_json(report), reported_at=at):
            continue
        told = {"signals": report.total, "silent": [zone.id for zone in report.silent]}
        told |= {"heard": [zone.id for zone in report.heard], "unexpected": len(report.unexpected)}
        _tell(REPORTED, test, told, by=by, at=at, source=by.name)
        written += 1
    return written


def _tell(
    topic: str,
    test: TestPeriod,
    after: dict[str, object],
    before: dict[str, object] | None = None,
    *,
    by: Viewer,
    at: datetime,
    source: str,
) -> None:
    write_records([Deed(topic, "test", test.pk, test.company_id, after, before)], by=by, at=at, source=source)
    emit([News(topic, test.company_id, {"test": test.pk, "site": test.site_id})], at=at)
