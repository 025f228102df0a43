"""Since when and until when panels were supervised so far: by the sealed records that tell of their paths, in the time
in which the panel was active. Where none tells, a panel that is supervised now was so ever since it was activated."""

from django.db import migrations

AT_ONCE = 500
SUPERVISED = "每 "
"""So the words of a path begin that say how often it must be heard."""


def keep(apps, schema_editor):
    panel, path = (apps.get_model("sites", name) for name in ("Panel", "TransmissionPath"))
    ids = list(panel.objects.exclude(activated_at=None).order_by("pk").values_list("pk", flat=True))
    for start in range(0, len(ids), AT_ONCE):
        panels = panel.objects.filter(pk__in=ids[start : start + AT_ONCE]).select_related("site").order_by("pk")
        watched = path.objects.filter(panel__in=panels, interval_s__isnull=False)
        stand, told = set(watched.values_list("panel_id", flat=True)), _told(apps, ids[start : start + AT_ONCE])
        _keep(apps.get_model("sites", "SupervisedSpan"), panels, stand, told)


def _keep(model, panels, stand, told):
    model.objects.bulk_create(
        model(company_id=panel.site.company_id, panel_id=panel.pk, since=since, until=until)
        for panel in panels
        for since, until in _spans(panel, panel.pk in stand, told.get(panel.pk, []))
    )


def _told(apps, ids):
    """By panel: when it got which paths, and whether it had a supervised one before; the oldest first."""
    rows = apps.get_model("records", "Record").objects.filter(
        subject_type="panel",
        subject_id__in=[str(pk) for pk in ids],
        action__in=("panel.paths_set", "panel.added", "panel.changed"),
    )
    found = {}
    for subject, at, before, after in rows.order_by("pk").values_list("subject_id", "at", "before", "after"):
        if after and "paths" in after:
            had = _is_supervised((before or {}).get("paths"))
            found.setdefault(int(subject), []).append((at, had, _is_supervised(after["paths"])))
    return found


def _is_supervised(paths):
    """Of one act a list of words, of an import one line."""
    return SUPERVISED in (paths if isinstance(paths, str) else "；".join(paths or ()))


def _spans(panel, stands, told):
    """What the records say, as far as it ends in what stands; within the time in which the panel was active."""
    if not told or told[-1][2] != stands:
        return _within(panel, [(panel.activated_at, None)]) if stands else []
    turns = [(panel.activated_at, told[0][1]), *((at, has) for at, _had, has in told)]
    ends = [at for at, _has in turns[1:]] + [None]
    return _within(panel, _joined((at, end) for (at, has), end in zip(turns, ends, strict=True) if has))


def _joined(spans):
    """Other paths, and supervised as before, is one span."""
    found = []
    for since, until in spans:
        if found and found[-1][1] == since:
            found[-1] = found[-1][0], until
        else:
            found.append((since, until))
    return found


def _within(panel, spans):
    for since, until in spans:
        begins = max(since, panel.activated_at)
        ends = min((at for at in (until, panel.removed_at) if at is not None), default=None)
        if ends is None or begins < ends:
            yield begins, ends


class Migration(migrations.Migration):
    dependencies = [
        ("records", "0003_readings"),
        ("sites", "0011_supervised_spans"),
    ]

    operations = [migrations.RunPython(keep, migrations.RunPython.noop)]
