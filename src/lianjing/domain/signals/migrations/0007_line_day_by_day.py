from django.db import migrations

from lianjing.domain.signals.journal_tables import change_tables


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("signals", "0006_second_path")]
    operations = [migrations.RunPython(change_tables("0007"))]
