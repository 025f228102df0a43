from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("incidents", "0010_police_media_causes")]

    operations = [
        migrations.AddField(model_name="incident", name="duties_brought", field=models.JSONField(default=list)),
    ]
