from django.db import migrations


class Migration(migrations.Migration):
    """The app had no tables; what comes after may depend on it."""

    initial = True
    dependencies: list[tuple[str, str]] = []
    operations: list[migrations.operations.base.Operation] = []
