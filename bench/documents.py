"""The list of controlled documents with 10,000 of them: the server's time for a page, and how many queries it costs."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import quote

from bench.installation import Installation, kinds, running
from bench.machine import say
from bench.table import Row, Verdict, p95, spread
from bench.visitor import Visitor

DOCUMENTS, FEW = 10_000, 100
LOADS = 20
LIMIT_MS = 300.0
LISTS = {
    "documents": "/office/documents/",
    "documents, in force": "/office/documents/?tab=in_force",
    "documents, in work": "/office/documents/?tab=work",
    "documents, review due": "/office/documents/?tab=review",
    "documents, not read": "/office/documents/?tab=unread",
    "documents, superseded": "/office/documents/?tab=replaced",
    "documents over their time": "/office/documents/retention/",
    "documents by kind and owner": "/office/documents/?kind=technical&owner=W01",
    "documents by a rare word": "/office/documents/?q=罕见词语7",
    "documents by a word in all": "/office/documents/?q=值守人员",
    "documents by two words": "/office/documents/?q=值守人员 第77件",
    "documents by a sentence": "/office/documents/?q=值守人员应当核对警情复核转发处置",
    "what is due, on the manager's first page": "/office/",
}


def run(rounds: int, _seconds: float) -> list[Row]:
    """Measures every database that is at hand."""
    return [row for kind in kinds() for row in _measure(kind, rounds)]


def _measure(kind: str, rounds: int) -> Iterator[Row]:
    say(f"documents, {kind}")
    with running(kind) as program:
        few, many = _fill(program, FEW), _fill(program, DOCUMENTS)
        visitor = Visitor(program.url, "manager")
        for name, told in LISTS.items():
            path = quote(told, safe="/?=&")
            visitor.timed(path)
            runs = [sorted(visitor.timed(path) for _ in range(LOADS)) for _ in range(rounds)]
            middle, tail = spread([ms[LOADS // 2] for ms in runs]), spread([ms[LOADS * 95 // 100] for ms in runs])
            reached = few[name] == many[name] and tail.middle < LIMIT_MS
            verdict = Verdict(f"{few[name]} with {FEW}", f"p95 < {LIMIT_MS:g} ms", reached)
            yield Row(f"{name}, {DOCUMENTS:,}, {kind}", f"{many[name]} queries", middle.middle, p95(tail), verdict)


def _fill(program: Installation, count: int) -> dict[str, int]:
    """Enters documents until there are `count`; how many queries each list costs then."""
    code = f"from bench.documents import fill_and_count; fill_and_count({count})"
    done = subprocess.run(
        [sys.executable, "-c", code],
        env=program.environment,
        check=True,
        capture_output=True,
        text=True,
        cwd=Path.cwd(),
    )
    told: dict[str, int] = json.loads(done.stdout)
    return told


def fill_and_count(count: int) -> None:
    """Runs inside the installation: fills it up and prints the number of queries of each list."""
    os.environ["DJANGO_SETTINGS_MODULE"] = "lianjing.project.settings"
    import django

    django.setup()
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext

    from lianjing.domain.people.models import User

    _enter(count)
    client = Client()
    manager = User.objects.get(username="manager")
    client.force_login(manager, backend="allauth.account.auth_backends.AuthenticationBackend")
    told = {}
    for name, path in LISTS.items():
        client.get(path, headers={"host": "127.0.0.1"})
        with CaptureQueriesContext(connection) as queries:
            assert client.get(path, headers={"host": "127.0.0.1"}).status_code == 200  # noqa: S101 a bench checks itself
        told[name] = len(queries)
    print(json.dumps(told))


BATCH = 500
KINDS = ("management", "technical", "external", "record")
WORDS = "值守人员应当核对警情复核转发处置通报设备线路电源门禁录像钥匙巡逻交接班记录存档保密培训考核演练预案客户合同场所"


def _enter(count: int) -> None:
    """Documents as they are after some years: each with one edition in force and one before it, some in work."""
    from django.db import transaction

    from lianjing.domain.documents.models import Document

    began = Document.objects.filter(number__startswith="B-").count()
    for first in range(began, count, BATCH):
        # On SQLite nobody else writes meanwhile.
        with transaction.atomic():
            _enter_batch(range(first, min(first + BATCH, count)))


def _enter_batch(places: range) -> None:
    from django.utils import timezone

    from lianjing.domain.companies.models import Company
    from lianjing.domain.documents.models import Document, Edition, EditionText, InForce, Ownership, StandardStatus
    from lianjing.domain.people.models import StaffMember, User

    company, author = Company.objects.get(code="demo"), User.objects.get(username="leader")
    owners = list(StaffMember.objects.filter(company=company).order_by("pk"))
    now, today = timezone.now(), timezone.localdate()
    known = {"company": company, "recorded_at": now, "recorded_by": "bench"}
    documents = Document.objects.bulk_create(
        Document(
            company=company,
            kind=KINDS[n % 4],
            number=f"B-{n:05d}",
            number_key=f"B-{n:05d}",
            title=f"第{n}件文件",
            created_at=now,
            owner=owners[n % len(owners)],
            replaced_on=today if n % 40 == 2 else None,
        )
        for n in places
    )
    editions = [
        Edition(
            company=company,
            document=one,
            label=label,
            state="draft" if label == "3" else "issued",
            text=_text(n),
            author=author,
            drafted_at=now,
        )
        for n, one in zip(places, documents, strict=True)
        for label in ("1", "2", "3")[: 3 if n % 20 == 0 else 2]
    ]
    Edition.objects.bulk_create(editions)
    EditionText.objects.bulk_create(_found_by(one, company) for one in editions)
    InForce.objects.bulk_create(
        InForce(
            document=one.document,
            edition=one,
            valid_from=today - timedelta(days=1700 if one.label == "1" else 300),
            valid_until=today - timedelta(days=1300) if one.label == "1" else None,
            ended="superseded" if one.label == "1" else "",
            review_by=today + timedelta(days=(one.document_id % 700) - 20),
            **known,
        )
        for one in editions
        if one.state == "issued"
    )
    _ask(company, [one for one in editions if one.label == "2"], today)
    Ownership.objects.bulk_create(Ownership(document=one, member=one.owner, **known) for one in documents)
    StandardStatus.objects.bulk_create(
        StandardStatus(document=one, state="superseded", valid_from=today, confidence="OK", origin="x", **known)
        for one in documents
        if one.replaced_on
    )


def _ask(company: Any, editions: list[Any], today: date) -> None:
    """Each is read by its owner, half of them late; every third was reviewed."""
    from django.utils import timezone

    from lianjing.domain.documents.models import DocumentReview, Reading

    now, day = timezone.now(), timedelta(days=1)
    Reading.objects.bulk_create(
        Reading(
            company=company,
            document=one.document,
            edition=one,
            member=one.document.owner,
            due_on=today + (place % 40 - 20) * day,
            asked_at=now,
            confirmed_at=now if place % 2 else None,
        )
        for place, one in enumerate(editions)
    )
    DocumentReview.objects.bulk_create(
        DocumentReview(
            company=company,
            document=one.document,
            valid_from=today - 90 * day,
            next_on=today + (place % 270 - 10) * day,
            note="仍适用",
            recorded_at=now,
            recorded_by="bench",
        )
        for place, one in enumerate(editions)
        if place % 3 == 0
    )


def _text(n: int) -> str:
    """About 600 signs, with words that few others have."""
    turned = WORDS[n % len(WORDS) :] + WORDS[: n % len(WORDS)]
    return f"值守人员须知。第{n}件。罕见词语{n}。" + (turned + WORDS[::-1]) * 5


def _found_by(edition: Any, company: Any) -> Any:
    from lianjing.domain.documents.full_text import folded, grams_of, kept_text
    from lianjing.domain.documents.models import EditionText

    text = kept_text(f"{edition.document.number} {edition.document.title} {edition.text}")
    grams = " ".join(grams_of(text))
    return EditionText(edition=edition, company=company, text=text, folded=folded(text), grams=grams)
