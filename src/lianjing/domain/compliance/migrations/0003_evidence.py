import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("companies", "0004_company"),
        ("compliance", "0002_verdicts"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Campaign",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("title", models.CharField(max_length=100)),
                ("text", models.TextField(blank=True, max_length=1000)),
                ("opened_at", models.DateTimeField()),
                ("opened_by", models.CharField(max_length=150)),
                ("closed_at", models.DateTimeField(null=True)),
                ("closed_by", models.CharField(blank=True, max_length=150)),
                (
                    "company",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="companies.company"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Evidence",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("valid_from", models.DateField(blank=True, null=True)),
                ("valid_until", models.DateField(blank=True, null=True)),
                ("recorded_at", models.DateTimeField()),
                ("recorded_by", models.CharField(max_length=150)),
                ("retracted_at", models.DateTimeField(blank=True, null=True)),
                ("retracted_by", models.CharField(blank=True, max_length=150)),
                ("retract_reason", models.CharField(blank=True, max_length=200)),
                ("title", models.CharField(max_length=100)),
                (
                    "shows",
                    models.CharField(
                        choices=[("met", "符合"), ("mostly", "基本符合"), ("not_met", "不符合")], max_length=8
                    ),
                ),
                ("note", models.CharField(blank=True, max_length=500)),
                ("file", models.FileField(upload_to="evidence/%Y/")),
                ("file_name", models.CharField(blank=True, max_length=150)),
                ("file_sha256", models.CharField(max_length=64)),
                ("bytes", models.PositiveIntegerField()),
                ("content_hash", models.CharField(max_length=64)),
                (
                    "decision",
                    models.CharField(
                        blank=True, choices=[("accepted", "accepted"), ("rejected", "rejected")], max_length=8
                    ),
                ),
                ("decided_at", models.DateTimeField(null=True)),
                ("decided_by", models.CharField(blank=True, max_length=150)),
                ("reason", models.CharField(blank=True, max_length=200)),
                (
                    "author",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "company",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="companies.company"
                    ),
                ),
                (
                    "renews",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="renewed_by",
                        to="compliance.evidence",
                    ),
                ),
                (
                    "replaces",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="replaced_by",
                        to="compliance.evidence",
                    ),
                ),
                (
                    "reviewer",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name_plural": "evidence",
            },
        ),
        migrations.CreateModel(
            name="EvidenceClause",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("clause", models.CharField(max_length=40)),
                (
                    "evidence",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="clauses", to="compliance.evidence"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="EvidenceRequest",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("clause", models.CharField(max_length=40)),
                ("due_on", models.DateField()),
                ("reminded_on", models.DateField(null=True)),
                (
                    "asked",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "campaign",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="requests", to="compliance.campaign"
                    ),
                ),
                (
                    "company",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="companies.company"
                    ),
                ),
                (
                    "evidence",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="answers",
                        to="compliance.evidence",
                    ),
                ),
            ],
        ),
        migrations.AddIndex(
            model_name="campaign",
            index=models.Index(fields=["company", "-id"], name="compliance_campaigns"),
        ),
        migrations.AddIndex(
            model_name="evidence",
            index=models.Index(fields=["company", "-id"], name="compliance_evidence_newest"),
        ),
        migrations.AddIndex(
            model_name="evidence",
            index=models.Index(
                condition=models.Q(("decision", "accepted"), ("retracted_at", None), ("valid_until__isnull", False)),
                fields=["company", "valid_until"],
                name="compliance_evidence_ending",
            ),
        ),
        migrations.AddIndex(
            model_name="evidence",
            index=models.Index(fields=["company", "file_sha256"], name="compliance_evidence_file"),
        ),
        migrations.AddConstraint(
            model_name="evidence",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("reviewer", None), models.Q(("reviewer", models.F("author")), _negated=True), _connector="OR"
                ),
                name="compliance_reviewed_by_another",
            ),
        ),
        migrations.AddConstraint(
            model_name="evidenceclause",
            constraint=models.UniqueConstraint(fields=("clause", "evidence"), name="compliance_clause_served_once"),
        ),
        migrations.AddIndex(
            model_name="evidencerequest",
            index=models.Index(fields=["asked", "due_on"], name="compliance_asked"),
        ),
        migrations.AddConstraint(
            model_name="evidencerequest",
            constraint=models.UniqueConstraint(fields=("campaign", "asked", "clause"), name="compliance_asked_once"),
        ),
    ]
