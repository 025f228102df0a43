"""What was known of contracts so far: their states as they came one after the other, at the times that the sealed
records tell. Where none tells, a state counts as known since the day on which it began."""

from datetime import UTC, datetime, time

from django.db import migrations
from django.utils import timezone

AT_ONCE = 500
UNKNOWN = "—"


def keep(apps, schema_editor):
    ids = list(apps.get_model("sites", "Contract").objects.order_by("pk").values_list("pk", flat=True))
    for start in range(0, len(ids), AT_ONCE):
        _keep(apps, ids[start : start + AT_ONCE])
    _date_sites(apps)


def _keep(apps, ids):
    ContractSpan = apps.get_model("sites", "ContractSpan")
    contracts = {row.pk: row for row in apps.get_model("sites", "Contract").objects.filter(pk__in=ids)}
    states = {pk: [] for pk in ids}
    for row in apps.get_model("sites", "ContractState").objects.filter(contract_id__in=ids).order_by("starts_on"):
        states[row.contract_id].append(row)
    told = _records(apps, ids)
    spans = [span for pk in ids for span in _spans(ContractSpan, contracts[pk], states[pk], told.get(pk, []))]
    spans = ContractSpan.objects.bulk_create(spans)
    named = {pk: [] for pk in ids}
    for row in apps.get_model("sites", "Contract").sites.through.objects.filter(contract_id__in=ids):
        named[row.contract_id].append(row.site_id)
    through = ContractSpan.sites.through
    through.objects.bulk_create(
        through(contractspan_id=span.pk, site_id=site) for span in spans for site in named[span.contract_id]
    )


def _records(apps, ids):
    found = {}
    rows = apps.get_model("records", "Record").objects.filter(
        subject_type="contract",
        subject_id__in=[str(pk) for pk in ids],
        action__in=("contract.added", "contract.state_changed"),
    )
    for row in rows.order_by("pk"):
        found.setdefault(int(row.subject_id), []).append(row)
    return found


def _spans(model, contract, states, records):
    """Each state open-ended until the next one was known, and with its end since then."""
    known = _known(states, records)
    for place, state in enumerate(states):
        at, who = known[place]
        ended_at, ended_by = known[place + 1] if place + 1 < len(states) else (None, "")
        if ended_at is None:
            yield _span(model, contract, state, (at, who))
            continue
        if at < ended_at:
            gone = {"retracted_at": ended_at, "retracted_by": ended_by, "retract_reason": "合同有变更"}
            yield _span(model, contract, state, (at, who), valid_until=None, **gone)
        yield _span(model, contract, state, (ended_at, ended_by))


def _known(states, records):
    """When, and from whom, each state was known; never before the one that precedes it."""
    found = []
    for place, state in enumerate(states):
        record = next((row for row in reversed(records) if _tells(row, state, place)), None)
        at, who = (record.at, record.actor_name) if record else (_midnight(state.starts_on), UNKNOWN)
        found.append((max(at, found[-1][0]) if found else at, who))
    return found


def _tells(record, state, place):
    if place == 0 and record.action == "contract.added":
        return True
    told = record.after or {}
    since = told.get("since") or told.get("state_since")
    return told.get("state") == state.state and str(since) == str(state.starts_on)


def _midnight(day):
    zone = timezone.get_default_timezone()
    return min(datetime.combine(day, time(), tzinfo=zone).astimezone(UTC), timezone.now())


def _span(model, contract, state, recorded, **told):
    columns = {
        "company_id": contract.company_id,
        "contract_id": contract.pk,
        "state": state.state,
        "valid_from": state.starts_on,
        "valid_until": state.ends_on,
        "term_from": contract.starts_on,
        "term_until": contract.ends_on,
        "signed_on": contract.signed_on,
        "has_scan": bool(contract.scan_sha256),
    }
    return model(**{**columns, "recorded_at": recorded[0], "recorded_by": recorded[1], **told})


def _date_sites(apps):
    """Since when sites are known, by the records; an older one has no time."""
    Site = apps.get_model("sites", "Site")
    rows = apps.get_model("records", "Record").objects.filter(subject_type="site", action="site.added")
    changed = []
    times = dict(rows.order_by("pk").values_list("subject_id", "at"))
    for site in Site.objects.only("pk").iterator(2000):
        if str(site.pk) in times:
            site.added_at = times[str(site.pk)]
            changed.append(site)
    Site.objects.bulk_update(changed, ["added_at"], batch_size=400)


class Migration(migrations.Migration):
    dependencies = [
        ("sites", "0008_contract_spans"),
        ("records", "0002_retention"),
    ]

    operations = [migrations.RunPython(keep, migrations.RunPython.noop)]
