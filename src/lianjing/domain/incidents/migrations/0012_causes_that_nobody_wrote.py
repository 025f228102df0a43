from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

from lianjing.domain.incidents.milestones import key_of_text


def forget_empty_texts(apps: StateApps, editor: BaseDatabaseSchemaEditor) -> None:
    """Where nothing was written, a digest of nothing was kept as if it were the same words."""
    apps.get_model("incidents", "CaseTimes").objects.filter(cause_key=key_of_text("")).update(cause_key=None)


class Migration(migrations.Migration):
    dependencies = [("incidents", "0011_duties_brought")]

    operations = [migrations.RunPython(forget_empty_texts, migrations.RunPython.noop)]
