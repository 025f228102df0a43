import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("companies", "0002_customers_and_treatment"),
        ("signals", "0007_line_day_by_day"),
        ("sites", "0004_customers_and_treatment"),
    ]

    operations = [
        migrations.CreateModel(
            name="Decision",
            fields=[
                ("signal_id", models.BigIntegerField(primary_key=True, serialize=False)),
                ("rule", models.CharField(max_length=40)),
                ("author", models.CharField(max_length=50)),
                ("steps", models.JSONField()),
                ("decided_at", models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name="PanelWatch",
            fields=[
                (
                    "panel",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="watch",
                        serialize=False,
                        to="sites.panel",
                    ),
                ),
                ("last_signal_at", models.DateTimeField(null=True)),
                ("last_test_at", models.DateTimeField(null=True)),
                ("test_due_at", models.DateTimeField(db_index=True, null=True)),
                ("test_late_since", models.DateTimeField(db_index=True, null=True)),
                ("skew_s", models.IntegerField(null=True)),
                ("skew_at", models.DateTimeField(null=True)),
                ("skewed_since", models.DateTimeField(db_index=True, null=True)),
            ],
            options={
                "verbose_name_plural": "panel watches",
            },
        ),
        migrations.CreateModel(
            name="TreatmentLimits",
            fields=[
                (
                    "company",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        serialize=False,
                        to="companies.company",
                    ),
                ),
                ("mains_delay_min", models.PositiveSmallIntegerField(default=30)),
                ("mains_overdue_h", models.PositiveSmallIntegerField(default=24)),
                ("alarm_overdue_min", models.PositiveSmallIntegerField(default=60)),
                ("runaway_count", models.PositiveSmallIntegerField(default=10)),
                ("runaway_window_s", models.PositiveSmallIntegerField(default=600)),
                ("runaway_burst", models.PositiveSmallIntegerField(default=20)),
                ("runaway_per_hour", models.PositiveSmallIntegerField(default=12)),
                ("confirm_min", models.PositiveSmallIntegerField(default=30)),
                ("skew_s", models.PositiveIntegerField(default=120)),
                ("sweep_days", models.PositiveSmallIntegerField(default=30)),
            ],
            options={
                "verbose_name_plural": "treatment limits",
            },
        ),
        migrations.CreateModel(
            name="Runaway",
            fields=[
                ("key", models.CharField(max_length=80, primary_key=True, serialize=False)),
                ("event_class", models.CharField(max_length=16)),
                ("recent", models.JSONField(default=list)),
                ("tokens", models.FloatField()),
                ("at", models.DateTimeField()),
                ("running_since", models.DateTimeField(db_index=True, null=True)),
                ("hidden", models.PositiveIntegerField(default=0)),
                ("panel", models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to="sites.panel")),
                ("zone", models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, to="sites.zone")),
            ],
        ),
        migrations.CreateModel(
            name="ArmingDue",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("area", models.CharField(blank=True, max_length=16)),
                ("must", models.CharField(max_length=5)),
                ("key", models.CharField(max_length=100)),
                ("begins_at", models.DateTimeField()),
                ("due_at", models.DateTimeField()),
                ("settled_at", models.DateTimeField(null=True)),
                ("outcome", models.CharField(blank=True, max_length=12)),
                ("site", models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to="sites.site")),
            ],
            options={
                "indexes": [
                    models.Index(condition=models.Q(("settled_at", None)), fields=["due_at"], name="signals_arming_due")
                ],
                "constraints": [models.UniqueConstraint(fields=("site", "key"), name="signals_arming_due_once")],
            },
        ),
        migrations.CreateModel(
            name="ArmingState",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("area", models.CharField(blank=True, max_length=16)),
                ("armed", models.BooleanField()),
                ("partly", models.BooleanField(default=False)),
                ("since", models.DateTimeField()),
                ("user", models.CharField(blank=True, max_length=16)),
                ("user_name", models.CharField(blank=True, max_length=60)),
                ("signal_id", models.BigIntegerField()),
                (
                    "panel",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="arming", to="sites.panel"
                    ),
                ),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("panel", "area"), name="signals_one_arming_an_area")],
            },
        ),
        migrations.CreateModel(
            name="Condition",
            fields=[
                ("signal_id", models.BigIntegerField(primary_key=True, serialize=False)),
                ("key", models.CharField(max_length=64)),
                ("event_class", models.CharField(max_length=16)),
                ("is_mains", models.BooleanField(default=False)),
                ("began_at", models.DateTimeField()),
                ("present_at", models.DateTimeField(null=True)),
                ("overdue_at", models.DateTimeField(null=True)),
                ("ended_at", models.DateTimeField(null=True)),
                ("company", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to="companies.company")),
                ("panel", models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to="sites.panel")),
                ("site", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to="sites.site")),
                ("zone", models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, to="sites.zone")),
            ],
            options={
                "indexes": [
                    models.Index(
                        condition=models.Q(("ended_at", None)), fields=["panel", "key"], name="signals_condition_open"
                    ),
                    models.Index(
                        condition=models.Q(("ended_at", None)), fields=["present_at"], name="signals_condition_hold"
                    ),
                    models.Index(
                        condition=models.Q(("ended_at", None)), fields=["overdue_at"], name="signals_condition_due"
                    ),
                    models.Index(
                        condition=models.Q(("ended_at", None)),
                        fields=["company", "began_at"],
                        name="signals_unrestored",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="SuppressionRule",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("event_class", models.CharField(blank=True, max_length=16)),
                ("code", models.CharField(blank=True, max_length=8)),
                ("reason", models.CharField(max_length=200)),
                ("author", models.CharField(max_length=50)),
                ("starts_at", models.DateTimeField()),
                ("expires_at", models.DateTimeField()),
                ("ended_at", models.DateTimeField(null=True)),
                ("ended_by", models.CharField(blank=True, max_length=50)),
                ("company", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to="companies.company")),
                ("panel", models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, to="sites.panel")),
                ("site", models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, to="sites.site")),
                ("zone", models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, to="sites.zone")),
            ],
            options={
                "indexes": [
                    models.Index(
                        condition=models.Q(("ended_at", None)),
                        fields=["company", "expires_at"],
                        name="signals_suppression",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="SystemEvent",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("kind", models.CharField(max_length=24)),
                ("subject", models.CharField(max_length=100)),
                ("event_class", models.CharField(max_length=16)),
                ("grade", models.PositiveSmallIntegerField()),
                ("reasons", models.JSONField(default=list)),
                ("raised_at", models.DateTimeField()),
                ("ended_at", models.DateTimeField(null=True)),
                (
                    "company",
                    models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, to="companies.company"),
                ),
                (
                    "folded_into",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="folded",
                        to="signals.systemevent",
                    ),
                ),
                ("case_told_at", models.DateTimeField(null=True)),
                ("end_told_at", models.DateTimeField(null=True)),
                ("panel", models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, to="sites.panel")),
                ("site", models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, to="sites.site")),
                ("zone", models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, to="sites.zone")),
            ],
            options={
                "indexes": [
                    models.Index(fields=["site", "-raised_at"], name="signals_event_site"),
                    models.Index(fields=["company", "-raised_at"], name="signals_event_company"),
                    models.Index(fields=["folded_into", "id"], name="signals_event_folded"),
                    models.Index(
                        condition=models.Q(("case_told_at", None)), fields=["id"], name="signals_event_untold"
                    ),
                    models.Index(
                        condition=models.Q(("end_told_at", None), ("ended_at__isnull", False)),
                        fields=["ended_at"],
                        name="signals_event_end_untold",
                    ),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("ended_at", None)),
                        fields=("kind", "subject"),
                        name="signals_one_open_event",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="TestPeriod",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("areas", models.JSONField(default=list)),
                ("classes", models.JSONField(default=list)),
                ("reason", models.CharField(max_length=200)),
                ("asked_by", models.CharField(max_length=50)),
                ("checked_how", models.CharField(max_length=12)),
                ("started_by", models.CharField(max_length=50)),
                ("starts_at", models.DateTimeField()),
                ("ends_at", models.DateTimeField()),
                ("warned_at", models.DateTimeField(null=True)),
                ("ended_at", models.DateTimeField(null=True)),
                ("ended_by", models.CharField(blank=True, max_length=50)),
                ("company", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to="companies.company")),
                ("panel", models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, to="sites.panel")),
                (
                    "site",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="tests", to="sites.site"
                    ),
                ),
                ("zones", models.ManyToManyField(blank=True, to="sites.zone")),
            ],
            options={
                "indexes": [
                    models.Index(fields=["site", "starts_at"], name="signals_test_site"),
                    models.Index(condition=models.Q(("ended_at", None)), fields=["ends_at"], name="signals_test_due"),
                ],
            },
        ),
    ]
