"""The report for programs: docs/self-inspection.md says what each field is."""

import json
from typing import Any

from lianjing.web.self_inspection.content import Entry, Report

FORMAT = "lianjing-self-inspection/1"


def json_of(report: Report) -> bytes:
    return (json.dumps(told(report), ensure_ascii=False, indent=1) + "\n").encode()


def told(report: Report) -> dict[str, Any]:
    asked, licence = report.asked, report.licence
    return {
        "format": FORMAT,
        "company": {"code": asked.company.code, "name": asked.company.name, "is_demo": asked.company.is_demo},
        "licence": licence
        and {
            "record": licence.id,
            "number": licence.number,
            "issuer": licence.issuer,
            "valid_from": _day(licence.valid_from),
            "valid_until": _day(licence.valid_until),
        },
        "on": asked.on.isoformat(),
        "known": asked.known.isoformat() if asked.known else None,
        "made_at": report.made_at.isoformat(),
        "made_by": report.made_by,
        "catalogue_sha256": report.catalogue_digest,
        "head": report.head
        and {
            "seal": str(report.head),
            "sealed_at": report.head.sealed_at.isoformat(),
        },
        "address": report.address or None,
        "summary": {verdict.value: count for verdict, count in report.counts.items()},
        "table_1": report.staffing,
        "lacking": [entry.clause.number for entry in report.lacking],
        "items_sha256": report.items_sha256,
        "items": report.items,
        "clauses": [_clause(entry) for entry in report.entries],
    }


def _clause(entry: Entry) -> dict[str, Any]:
    clause = entry.clause
    return {
        "clause": clause.number,
        "title": clause.title,
        "chapter": clause.chapter,
        "kind": clause.kind.value,
        "text": "\n".join(clause.lines),
        "note": clause.note,
        "table": clause.table,
        "readings": [reading.zh for reading in clause.readings],
        "basis": [
            {
                "standard": reference.cited,
                "name": reference.name,
                "in_use": reference.in_use,
                "standing": reference.standing,
                "clause": basis.clause,
                "asks": basis.asks,
                "confidence": basis.confidence.value,
            }
            for basis, reference in entry.basis
        ],
    }


def _day(day: Any) -> str | None:
    return day.isoformat() if day else None
