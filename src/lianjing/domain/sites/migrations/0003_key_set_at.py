from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("sites", "0002_plain_allowed"),
    ]

    operations = [
        migrations.AddField(
            model_name="panel",
            name="key_set_at",
            field=models.DateTimeField(blank=True, null=True),
        ),
    ]
