import django.db.models.deletion
from django.db import migrations, models

from lianjing.domain.signals.journal_tables import change_tables


class Migration(migrations.Migration):
    atomic = False
    dependencies = [
        ("signals", "0009_ledger"),
        ("sites", "0004_customers_and_treatment"),
    ]

    operations = [
        migrations.RunPython(change_tables("0010")),
        migrations.CreateModel(
            name="LineEvent",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("path_id", models.BigIntegerField()),
                ("listener", models.TextField()),
                ("account", models.TextField()),
                ("transport", models.TextField()),
                ("kind", models.TextField()),
                ("at", models.DateTimeField()),
                ("last_heard_at", models.DateTimeField(null=True)),
                ("standing", models.BooleanField()),
            ],
            options={
                "db_table": "journal_line_event",
                "managed": False,
            },
        ),
        migrations.CreateModel(
            name="LineMark",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("event_id", models.BigIntegerField(default=0)),
            ],
        ),
        migrations.CreateModel(
            name="PendingLoss",
            fields=[
                (
                    "path",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="pending",
                        serialize=False,
                        to="sites.transmissionpath",
                    ),
                ),
                ("due_at", models.DateTimeField(db_index=True)),
            ],
            options={
                "verbose_name_plural": "pending losses",
            },
        ),
    ]
