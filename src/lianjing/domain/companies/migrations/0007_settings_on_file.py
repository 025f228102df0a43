"""What companies have set so far, with the times that the sealed records tell."""

from datetime import UTC, datetime

from django.db import migrations

ALWAYS = datetime(2000, 1, 1, tzinfo=UTC)
"""Of what no record tells since when it is so."""
SET = {"counted_unit": "company.counted_unit_set", "manager_years": "company.manager_years_set"}


def keep(apps, schema_editor):
    Company = apps.get_model("companies", "Company")
    for company in Company.objects.order_by("pk"):
        for name in SET:
            _keep(apps, company, name)


def _keep(apps, company, name):
    CompanySetting = apps.get_model("companies", "CompanySetting")
    told = [row for row in _records(apps, company, name) if name in (row.after or {})]
    begins = str(company._meta.get_field(name).default)
    versions = [(row.at, row.actor_name, str(row.after[name]), row.after.get(f"{name}_source", "")) for row in told]
    stands = str(getattr(company, name))
    if not versions or versions[-1][2] != stands:
        if not versions and stands == begins:
            return
        source = getattr(company, f"{name}_source", "")
        versions.append((versions[-1][0] if versions else ALWAYS, "—", stands, source))
    ends = [*(at for at, *_rest in versions[1:]), None]
    for (at, who, value, origin), end in zip(versions, ends, strict=True):
        gone = {"retracted_at": end, "retracted_by": "—", "retract_reason": "改为新的设定"} if end else {}
        CompanySetting.objects.create(
            company=company, name=name, value=value, origin=origin, recorded_at=at, recorded_by=who, **gone
        )


def _records(apps, company, name):
    rows = apps.get_model("records", "Record").objects.filter(subject_type="company", subject_id=str(company.pk))
    return rows.filter(action=SET[name]).order_by("pk")


class Migration(migrations.Migration):
    dependencies = [
        ("companies", "0006_settings"),
        ("records", "0002_retention"),
    ]

    operations = [migrations.RunPython(keep, migrations.RunPython.noop)]
