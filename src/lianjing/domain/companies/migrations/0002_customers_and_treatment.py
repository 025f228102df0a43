from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("companies", "0001_initial"),
    ]

    operations = [
        migrations.AddField(
            model_name="company",
            name="counted_unit",
            field=models.CharField(
                choices=[("contract", "一份合同一户"), ("customer", "一个客户一户"), ("site", "一个场所一户")],
                default="contract",
                max_length=8,
            ),
        ),
    ]
