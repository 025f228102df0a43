"""The loop that keeps verdicts: first everything, then what a change has woken, then nothing."""

from datetime import timedelta

import pytest
from django.db import transaction
from django.utils import timezone

from lianjing.core.outbox.models import Message
from lianjing.core.outbox.stamp import stamp
from lianjing.core.outbox.write import News, emit
from lianjing.domain.companies.models import CompanyFact
from lianjing.domain.compliance.catalogue import catalogue
from lianjing.domain.compliance.models import StandingVerdict
from lianjing.workers import clauses
from tests.cast import Cast
from tests.clauses.whole_company import whole_company

ALL = len(catalogue().judged)


def test_a_change_reaches_its_verdict_and_tells_of_the_turn(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    whole_company(cast)
    while stamp():
        pass
    assert [clauses.turn() for _ in range(3)] == [ALL, ALL, 0]
    CompanyFact.objects.filter(kind="guard_licence").update(valid_until=timezone.localdate() - timedelta(days=1))
    with transaction.atomic():
        emit([News("company.changed", cast.company.pk, {})], at=timezone.now())
    stamp()
    assert clauses.turn() == 0
    soon = timezone.now() + timedelta(seconds=1)
    monkeypatch.setattr(clauses.timezone, "now", lambda: soon)
    assert 0 < clauses.turn() < ALL
    row = StandingVerdict.objects.get(company=cast.company, clause="4.2")
    assert (row.verdict, row.since) == ("not_met", timezone.localdate(soon))
    told = Message.objects.filter(topic="clause.turned").order_by("pk")
    assert [one.payload["clause"] for one in told] == ["4.1", "4.2"]
    assert None not in [one.position for one in told]
    assert clauses.turn() == 0
