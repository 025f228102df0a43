import django.db.models.deletion
from django.db import migrations, models

KINDS = {"银行": "bank", "学校": "school", "商店": "shop", "住宅": "home", "办公": "office"}
"""Kinds were free text before."""


def give_codes(apps, schema_editor):
    for name, letter in (("Customer", "C"), ("Site", "S")):
        rows = apps.get_model("sites", name).objects.order_by("pk")
        for row in rows.iterator():
            row.code = f"{letter}{row.pk:05d}"
            row.kind = KINDS.get(row.kind, "other")
            row.save(update_fields=["code", "kind"])


class Migration(migrations.Migration):
    dependencies = [
        ("companies", "0002_customers_and_treatment"),
        ("sites", "0003_key_set_at"),
    ]

    operations = [
        migrations.CreateModel(
            name="Area",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.CharField(max_length=16)),
                ("name", models.CharField(blank=True, max_length=60)),
            ],
        ),
        migrations.CreateModel(
            name="Contract",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.CharField(max_length=64)),
                ("service_items", models.CharField(blank=True, max_length=300)),
                ("service_plan", models.CharField(blank=True, max_length=300)),
                ("fee", models.DecimalField(blank=True, decimal_places=2, max_digits=12, null=True)),
                ("signed_on", models.DateField(blank=True, null=True)),
                ("starts_on", models.DateField(blank=True, null=True)),
                ("ends_on", models.DateField(blank=True, null=True)),
                ("scan", models.FileField(blank=True, upload_to="contracts/%Y/")),
                ("scan_sha256", models.CharField(blank=True, max_length=64)),
            ],
        ),
        migrations.CreateModel(
            name="ContractState",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("draft", "草稿"),
                            ("signed", "已签订"),
                            ("in_service", "服务中"),
                            ("suspended", "暂停"),
                            ("ended", "已终止"),
                        ],
                        max_length=12,
                    ),
                ),
                ("starts_on", models.DateField()),
                ("ends_on", models.DateField(blank=True, null=True)),
            ],
        ),
        migrations.CreateModel(
            name="Drawing",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=60)),
                ("image", models.FileField(upload_to="drawings/%Y/")),
                ("width", models.PositiveIntegerField()),
                ("height", models.PositiveIntegerField()),
                ("added_at", models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name="ScheduleMoment",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("area", models.CharField(blank=True, max_length=16)),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("must_open", "应撤防"),
                            ("may_open", "可撤防"),
                            ("must_close", "应布防"),
                            ("no_activity", "禁止活动"),
                            ("temp_open", "临时撤防"),
                        ],
                        max_length=12,
                    ),
                ),
                ("days", models.CharField(max_length=100)),
                ("begins", models.TimeField()),
                ("ends", models.TimeField()),
                ("tolerance", models.PositiveSmallIntegerField(default=15)),
                ("users", models.CharField(blank=True, max_length=200)),
            ],
        ),
        migrations.CreateModel(
            name="SiteNote",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("text", models.CharField(max_length=500)),
                ("until", models.DateTimeField(blank=True, null=True)),
                ("written_at", models.DateTimeField()),
                ("written_by", models.CharField(max_length=50)),
            ],
        ),
        migrations.CreateModel(
            name="TransmissionPath",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("place", models.PositiveSmallIntegerField()),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("wired_ip", "有线 IP"),
                            ("gprs", "GPRS"),
                            ("4g", "4G"),
                            ("5g", "5G"),
                            ("nb_iot", "NB-IoT"),
                            ("pstn", "电话线"),
                        ],
                        max_length=8,
                    ),
                ),
                ("transport", models.CharField(blank=True, choices=[("tcp", "TCP"), ("udp", "UDP")], max_length=3)),
                ("interval_s", models.PositiveIntegerField(blank=True, null=True)),
                ("misses", models.PositiveSmallIntegerField(default=3)),
                (
                    "category",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("SP1", "SP1（32 天）"),
                            ("SP2", "SP2（25 小时）"),
                            ("SP3", "SP3（30 分钟）"),
                            ("SP4", "SP4（3 分钟）"),
                            ("SP5", "SP5（90 秒）"),
                            ("SP6", "SP6（20 秒）"),
                            ("DP1", "DP1（25 小时）"),
                            ("DP2", "DP2（30 分钟）"),
                            ("DP3", "DP3（3 分钟）"),
                            ("DP4", "DP4（90 秒）"),
                        ],
                        max_length=4,
                    ),
                ),
                ("last_heard_at", models.DateTimeField(blank=True, null=True)),
                ("lost_at", models.DateTimeField(blank=True, null=True)),
            ],
        ),
        migrations.CreateModel(
            name="WorkdayOverride",
            fields=[
                ("on", models.DateField(primary_key=True, serialize=False)),
                ("is_workday", models.BooleanField()),
                ("reason", models.CharField(blank=True, max_length=60)),
            ],
        ),
        migrations.RemoveConstraint(
            model_name="customer",
            name="sites_customer_name_once",
        ),
        migrations.RemoveConstraint(
            model_name="site",
            name="sites_site_name_once",
        ),
        migrations.RemoveConstraint(
            model_name="zone",
            name="sites_zone_number_once",
        ),
        migrations.RemoveField(
            model_name="site",
            name="test_until",
        ),
        migrations.AddField(
            model_name="contact",
            name="duress_word",
            field=models.CharField(blank=True, max_length=128),
        ),
        migrations.AddField(
            model_name="contact",
            name="pass_word",
            field=models.CharField(blank=True, max_length=128),
        ),
        migrations.AddField(
            model_name="contact",
            name="reachable_from",
            field=models.TimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="contact",
            name="reachable_until",
            field=models.TimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="contact",
            name="verified_on",
            field=models.DateField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="customer",
            name="code",
            field=models.CharField(default="", max_length=32),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name="customer",
            name="initials",
            field=models.CharField(blank=True, max_length=100),
        ),
        migrations.AddField(
            model_name="customer",
            name="notes",
            field=models.CharField(blank=True, max_length=500),
        ),
        migrations.AddField(
            model_name="panel",
            name="activated_at",
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="panel",
            name="backup_of",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="backups",
                to="sites.panel",
            ),
        ),
        migrations.AddField(
            model_name="panel",
            name="receiver_line",
            field=models.CharField(blank=True, max_length=16),
        ),
        migrations.AddField(
            model_name="panel",
            name="test_interval",
            field=models.PositiveIntegerField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="site",
            name="code",
            field=models.CharField(default="", max_length=32),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name="site",
            name="division",
            field=models.CharField(blank=True, max_length=6),
        ),
        migrations.AddField(
            model_name="site",
            name="initials",
            field=models.CharField(blank=True, max_length=100),
        ),
        migrations.AddField(
            model_name="site",
            name="key_location",
            field=models.CharField(blank=True, max_length=100),
        ),
        migrations.AddField(
            model_name="site",
            name="kind",
            field=models.CharField(
                choices=[
                    ("bank", "银行"),
                    ("school", "学校"),
                    ("shop", "商铺"),
                    ("home", "住宅"),
                    ("office", "办公"),
                    ("key_unit", "治安重点单位"),
                    ("other", "其他"),
                ],
                default="other",
                max_length=16,
            ),
        ),
        migrations.AddField(
            model_name="site",
            name="latitude",
            field=models.FloatField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="site",
            name="longitude",
            field=models.FloatField(blank=True, null=True),
        ),
        migrations.RenameField(model_name="zone", old_name="kind", new_name="address_kind"),
        migrations.AddField(
            model_name="zone",
            name="kind",
            field=models.CharField(
                choices=[
                    ("intrusion", "入侵"),
                    ("hold_up", "紧急求助"),
                    ("fire", "火灾"),
                    ("medical", "医疗"),
                    ("environment", "环境"),
                ],
                default="intrusion",
                max_length=12,
            ),
        ),
        migrations.AddField(
            model_name="zone",
            name="always_on",
            field=models.BooleanField(default=False),
        ),
        migrations.AddField(
            model_name="zone",
            name="area",
            field=models.CharField(blank=True, max_length=16),
        ),
        migrations.AddField(
            model_name="zone",
            name="camera",
            field=models.CharField(blank=True, max_length=200),
        ),
        migrations.AddField(
            model_name="zone",
            name="disabled_at",
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="zone",
            name="neighbours",
            field=models.ManyToManyField(blank=True, to="sites.zone"),
        ),
        migrations.AddField(
            model_name="zone",
            name="principle",
            field=models.CharField(
                blank=True,
                choices=[
                    ("pir", "被动红外"),
                    ("magnetic", "磁开关"),
                    ("glass", "玻璃破碎"),
                    ("vibration", "振动"),
                    ("beam", "主动红外对射"),
                    ("microwave", "微波"),
                    ("dual", "双鉴"),
                    ("fence", "周界围栏"),
                    ("video", "视频"),
                    ("smoke", "感烟"),
                    ("heat", "感温"),
                    ("gas", "燃气"),
                    ("water", "水浸"),
                    ("button", "按钮"),
                    ("other", "其他"),
                ],
                max_length=12,
            ),
        ),
        migrations.AddField(
            model_name="zone",
            name="x",
            field=models.FloatField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="zone",
            name="y",
            field=models.FloatField(blank=True, null=True),
        ),
        migrations.AlterField(
            model_name="customer",
            name="kind",
            field=models.CharField(
                choices=[
                    ("bank", "银行"),
                    ("school", "学校"),
                    ("shop", "商铺"),
                    ("home", "住宅"),
                    ("office", "办公"),
                    ("key_unit", "治安重点单位"),
                    ("other", "其他"),
                ],
                default="other",
                max_length=16,
            ),
        ),
        migrations.AlterField(
            model_name="panel",
            name="listener",
            field=models.CharField(
                choices=[("dc09", "SIA DC-09"), ("surgard", "Sur-Gard MLR2"), ("ademco685", "Ademco 685")],
                default="dc09",
                max_length=16,
            ),
        ),
        migrations.AlterField(
            model_name="site",
            name="access_notes",
            field=models.CharField(blank=True, max_length=500),
        ),
        migrations.AlterField(
            model_name="site",
            name="address",
            field=models.CharField(blank=True, max_length=200),
        ),
        migrations.AlterField(
            model_name="zone",
            name="name",
            field=models.CharField(blank=True, max_length=60),
        ),
        migrations.RunPython(give_codes, migrations.RunPython.noop),
        migrations.AddIndex(
            model_name="contact",
            index=models.Index(fields=["phone"], name="sites_contact_phone"),
        ),
        migrations.AddIndex(
            model_name="customer",
            index=models.Index(fields=["company", "name", "id"], name="sites_customer_list"),
        ),
        migrations.AddIndex(
            model_name="site",
            index=models.Index(fields=["company", "name", "id"], name="sites_site_list"),
        ),
        migrations.AddIndex(
            model_name="site",
            index=models.Index(fields=["customer"], name="sites_site_customer"),
        ),
        migrations.AddConstraint(
            model_name="customer",
            constraint=models.UniqueConstraint(fields=("company", "code"), name="sites_customer_code_once"),
        ),
        migrations.AddConstraint(
            model_name="site",
            constraint=models.UniqueConstraint(fields=("company", "code"), name="sites_site_code_once"),
        ),
        migrations.AddField(
            model_name="area",
            name="panel",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="areas", to="sites.panel"
            ),
        ),
        migrations.AddField(
            model_name="contract",
            name="company",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="contracts", to="companies.company"
            ),
        ),
        migrations.AddField(
            model_name="contract",
            name="customer",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="contracts", to="sites.customer"
            ),
        ),
        migrations.AddField(
            model_name="contract",
            name="sites",
            field=models.ManyToManyField(blank=True, related_name="contracts", to="sites.site"),
        ),
        migrations.AddField(
            model_name="contractstate",
            name="contract",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="states", to="sites.contract"
            ),
        ),
        migrations.AddField(
            model_name="drawing",
            name="site",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="drawings", to="sites.site"
            ),
        ),
        migrations.AddField(
            model_name="zone",
            name="drawing",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="zones",
                to="sites.drawing",
            ),
        ),
        migrations.AddConstraint(
            model_name="zone",
            constraint=models.UniqueConstraint(
                fields=("panel", "address_kind", "number"), name="sites_zone_number_once"
            ),
        ),
        migrations.AddField(
            model_name="schedulemoment",
            name="site",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="moments", to="sites.site"
            ),
        ),
        migrations.AddField(
            model_name="sitenote",
            name="site",
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="notes", to="sites.site"),
        ),
        migrations.AddField(
            model_name="transmissionpath",
            name="panel",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="paths", to="sites.panel"
            ),
        ),
        migrations.AddConstraint(
            model_name="area",
            constraint=models.UniqueConstraint(fields=("panel", "number"), name="sites_area_number_once"),
        ),
        migrations.AddIndex(
            model_name="contract",
            index=models.Index(fields=["customer"], name="sites_contract_customer"),
        ),
        migrations.AddIndex(
            model_name="contract",
            index=models.Index(fields=["company", "ends_on"], name="sites_contract_ending"),
        ),
        migrations.AddConstraint(
            model_name="contract",
            constraint=models.UniqueConstraint(fields=("company", "number"), name="sites_contract_number_once"),
        ),
        migrations.AddIndex(
            model_name="contractstate",
            index=models.Index(fields=["state", "starts_on", "ends_on"], name="sites_contract_in_service"),
        ),
        migrations.AddConstraint(
            model_name="contractstate",
            constraint=models.UniqueConstraint(
                condition=models.Q(("ends_on", None)), fields=("contract",), name="sites_one_present_contract_state"
            ),
        ),
        migrations.AddConstraint(
            model_name="contractstate",
            constraint=models.UniqueConstraint(fields=("contract", "starts_on"), name="sites_one_contract_state_a_day"),
        ),
        migrations.AddIndex(
            model_name="schedulemoment",
            index=models.Index(fields=["site"], name="sites_moment_site"),
        ),
        migrations.AddIndex(
            model_name="sitenote",
            index=models.Index(fields=["site", "until"], name="sites_note_until"),
        ),
        migrations.AddIndex(
            model_name="transmissionpath",
            index=models.Index(
                condition=models.Q(("lost_at__isnull", False)), fields=["lost_at"], name="sites_path_lost"
            ),
        ),
        migrations.AddConstraint(
            model_name="transmissionpath",
            constraint=models.UniqueConstraint(fields=("panel", "place"), name="sites_path_place_once"),
        ),
    ]
