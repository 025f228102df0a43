"""Since when and until when panels were supervised: written in bulk, by whom, and what the migration makes of it."""

from importlib import import_module

from django.apps import apps
from django.db import connection
from django.test.utils import CaptureQueriesContext

from lianjing.core.workbooks.planning import File
from lianjing.domain.records.models import Record
from lianjing.domain.sites.actions.paths import set_paths
from lianjing.domain.sites.equipment_entries import PathEntry
from lianjing.domain.sites.importing.actions import import_file
from lianjing.domain.sites.models import Panel, SupervisedSpan, TransmissionPath
from lianjing.domain.sites.supervised_spans import keep_supervision, supervised_between
from tests.cast import NOON, Cast
from tests.domain.signals.lines import MINUTE

migration = import_module("lianjing.domain.sites.migrations.0012_supervised_on_file")
HOUR = 60 * MINUTE


def panels(cast: Cast, count: int) -> list[int]:
    """Active ones, each with a supervised path."""
    told = {"site": cast.shop, "added_at": NOON, "activated_at": NOON, "changed_at": NOON}
    made = Panel.objects.bulk_create(Panel(account=f"F{place:04d}", **told) for place in range(count))
    TransmissionPath.objects.bulk_create(
        TransmissionPath(panel=panel, place=1, kind="4g", interval_s=90) for panel in made
    )
    return [panel.pk for panel in made]


def test_spans_of_many_panels_are_written_in_bulk_and_none_where_nothing_is_another(cast: Cast) -> None:
    few, many = panels(cast, 1), None
    with CaptureQueriesContext(connection) as one:
        keep_supervision(few, NOON)
    Panel.objects.filter(pk__in=few).update(account="G")
    many = panels(cast, 400)
    with CaptureQueriesContext(connection) as lots:
        keep_supervision(many, NOON)
    assert (len(lots), SupervisedSpan.objects.count()) == (len(one), 401)
    with CaptureQueriesContext(connection) as nothing:
        keep_supervision([*few, *many], NOON + HOUR)
    assert (len(nothing), SupervisedSpan.objects.filter(since=NOON, until=None).count()) == (2, 401)


def test_an_import_opens_and_ends_spans_of_panels_that_are_active_and_of_no_new_ones(cast: Cast) -> None:
    def brought(*rows: str, at: object) -> list[tuple[str, object, object]]:
        text = "场所编号,设备账号,传输路径\n" + "".join(f"{row}\n" for row in rows)
        outcome = import_file(File("p.csv", text.encode()), cast.company.pk, by=cast.viewer("mia"), at=at)
        assert outcome.applied, outcome.plan.faults
        return list(SupervisedSpan.objects.order_by("pk").values_list("panel__account", "since", "until"))

    assert brought("S1001,1001,4g:90:udp", "S1001,5001,4g:90:udp", at=NOON) == [("1001", NOON, None)]
    assert brought("S1001,1001,5g:90:udp", at=NOON + MINUTE) == [("1001", NOON, None)]
    assert brought("S1001,1001,5g:udp", at=NOON + HOUR) == [("1001", NOON, NOON + HOUR)]


def test_spans_are_the_companys_and_a_strangers_are_not_there(cast: Cast) -> None:
    set_paths(cast.shop.panels.get().pk, [PathEntry("4g", "udp", 90)], by=cast.viewer("mia"), at=NOON)
    found = [supervised_between(cast.viewer(name), cast.company.pk, NOON, NOON).count() for name in ("mia", "sam")]
    assert (found, supervised_between(cast.viewer("mia"), cast.company.pk, NOON - HOUR, NOON - MINUTE).count()) == (
        [1, 0],
        0,
    )


def test_the_migration_tells_spans_by_the_records_within_the_time_of_the_panel(cast: Cast) -> None:
    told, silent = cast.shop.panels.get(), cast.bank.panels.get()
    does = {"by": cast.viewer("mia")}
    for place, entry in enumerate((PathEntry("4g", "udp", 90), PathEntry("5g", "udp", 90), PathEntry("5g", "udp"))):
        set_paths(told.pk, [entry], at=NOON + place * HOUR, **does)
    csv = "场所编号,设备账号,传输路径\nS1001,1001,5g:90:udp\n"
    assert import_file(File("p.csv", csv.encode()), cast.company.pk, at=NOON + 3 * HOUR, **does).applied
    TransmissionPath.objects.create(panel=silent, place=1, kind="4g", interval_s=90)
    Panel.objects.filter(pk=silent.pk).update(removed_at=NOON)
    wanted = list(SupervisedSpan.objects.order_by("pk").values_list("panel_id", "since", "until"))
    assert [row[1:] for row in wanted] == [(NOON, NOON + 2 * HOUR), (NOON + 3 * HOUR, None)]
    SupervisedSpan.objects.all().delete()
    migration.keep(apps, None)
    found = list(SupervisedSpan.objects.order_by("pk").values_list("panel_id", "since", "until"))
    assert found == [*wanted, (silent.pk, silent.activated_at, NOON)]


def test_a_panel_whose_records_were_erased_counts_since_its_activation(cast: Cast) -> None:
    panel = cast.shop.panels.get()
    set_paths(panel.pk, [PathEntry("4g", "udp", 90)], by=cast.viewer("mia"), at=NOON)
    Record.objects.update(subject_id="", after=None, before=None)
    SupervisedSpan.objects.all().delete()
    migration.keep(apps, None)
    assert SupervisedSpan.objects.values_list("since", "until").get() == (panel.activated_at, None)
