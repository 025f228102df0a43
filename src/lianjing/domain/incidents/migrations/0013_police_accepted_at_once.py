from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps
from django.db.models import F

from lianjing.domain.incidents.timekeeping import measure


def told_when_they_took_it(apps: StateApps, editor: BaseDatabaseSchemaEditor) -> None:
    """Who took a hand-over that nobody had noted as sent was told at that moment."""
    found = apps.get_model("incidents", "CaseTimes").objects.filter(police_at=None, police_accepted_at__isnull=False)
    pks = list(found.values_list("pk", flat=True))
    found.update(police_at=F("police_accepted_at"))
    for times in apps.get_model("incidents", "CaseTimes").objects.filter(pk__in=pks):
        measure(times)
        times.save()


class Migration(migrations.Migration):
    dependencies = [("incidents", "0012_causes_that_nobody_wrote")]

    operations = [migrations.RunPython(told_when_they_took_it, migrations.RunPython.noop)]
