"""What was entered about dates so far, as the sealed records tell it; where none tells, it counts as known ever."""

from datetime import UTC, date, datetime

from django.db import migrations, models

EVER = datetime(2000, 1, 1, tzinfo=UTC)
UNKNOWN = "—"


def keep(apps, schema_editor):
    entry, override = (apps.get_model("sites", name) for name in ("WorkdayEntry", "WorkdayOverride"))
    told = {}
    # An erased record no longer says which day it was about.
    kept = apps.get_model("records", "Record").objects.exclude(subject_id="")
    rows = kept.filter(subject_type="workday").order_by("pk")
    for row in rows.filter(action__in=("workday.set", "workday.forgotten")):
        told.setdefault(row.subject_id, []).append(row)
    stands = {row.on: (row.is_workday, row.reason) for row in override.objects.all()}
    entries = []
    for on in sorted(stands.keys() | set(map(date.fromisoformat, told))):
        entries += _entries(entry, on, told.get(on.isoformat(), []), stands.get(on))
    entry.objects.bulk_create(entries)


def _entries(entry, on, records, stands):
    """One for each word that was entered, until the next record; the last one is what stands."""
    made = []
    for row in records:
        if made and made[-1].retracted_at is None:
            made[-1].retracted_at, made[-1].retracted_by = row.at, row.actor_name
        if row.after:
            made.append(_entry(entry, on, (row.after["is_workday"], row.after["reason"]), row.at, row.actor_name))
    open_one = made[-1] if made and made[-1].retracted_at is None else None
    if stands is not None and (open_one is None or (open_one.is_workday, open_one.reason) != stands):
        since = records[-1].at if records else EVER
        made = [row for row in made if row is not open_one]
        made.append(_entry(entry, on, stands, since, UNKNOWN))
    elif stands is None and open_one is not None:
        made.remove(open_one)
    return made


def _entry(entry, on, told, at, who):
    is_workday, reason = told
    row = entry(valid_from=on, valid_until=on, recorded_at=at, recorded_by=who)
    row.is_workday, row.reason = is_workday, reason
    return row


class Migration(migrations.Migration):
    dependencies = [
        ("records", "0003_readings"),
        ("sites", "0009_spans_on_file"),
    ]

    operations = [
        migrations.CreateModel(
            name="WorkdayEntry",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("valid_from", models.DateField(blank=True, null=True)),
                ("valid_until", models.DateField(blank=True, null=True)),
                ("recorded_at", models.DateTimeField()),
                ("recorded_by", models.CharField(max_length=150)),
                ("retracted_at", models.DateTimeField(blank=True, null=True)),
                ("retracted_by", models.CharField(blank=True, max_length=150)),
                ("retract_reason", models.CharField(blank=True, max_length=200)),
                ("is_workday", models.BooleanField()),
                ("reason", models.CharField(blank=True, max_length=60)),
            ],
            options={
                "verbose_name_plural": "workday entries",
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("retracted_at", None)), fields=("valid_from",), name="sites_one_word_a_date"
                    )
                ],
            },
        ),
        migrations.RunPython(keep, migrations.RunPython.noop),
    ]
