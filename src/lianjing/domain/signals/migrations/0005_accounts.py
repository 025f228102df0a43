from django.db import migrations, models

from lianjing.domain.signals.journal_tables import change_tables


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("signals", "0004_retention")]
    operations = [
        migrations.RunPython(change_tables("0005")),
        migrations.CreateModel(
            name="AccountMark",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("frame_id", models.BigIntegerField()),
            ],
            options={"db_table": "journal_account_mark", "managed": False},
        ),
        migrations.CreateModel(
            name="FrameOfAccount",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "account", "frame_id", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("account", models.TextField()),
                ("frame_id", models.BigIntegerField()),
            ],
            options={
                "verbose_name_plural": "frames of accounts",
                "db_table": "journal_account",
                "managed": False,
            },
        ),
    ]
