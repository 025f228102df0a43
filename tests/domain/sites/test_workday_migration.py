"""What the migration makes of the days that were entered before they had two times."""

from importlib import import_module

from django.apps import apps

from lianjing.domain.records.models import Record
from lianjing.domain.sites.models import WorkdayEntry, WorkdayOverride
from tests.cast import NOON, Cast

keep = import_module("lianjing.domain.sites.migrations.0010_workday_entries").keep


def test_a_day_whose_record_was_erased_counts_as_known_ever(cast: Cast) -> None:
    day = NOON.date()
    WorkdayOverride.objects.create(on=day, is_workday=False, reason="x")
    erased = {"at": NOON, "actor_name": "", "action": "workday.set", "subject_type": "workday", "subject_id": ""}
    Record.objects.create(**erased)
    keep(apps, None)
    entry = WorkdayEntry.objects.get()
    assert (entry.valid_from, entry.is_workday, entry.recorded_by) == (day, False, "—")
