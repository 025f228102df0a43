"""`lianjing clauses`: the specification clause by clause, for one company and one day."""

import argparse
import json
import sys
from collections import Counter
from datetime import date
from typing import TYPE_CHECKING, Any

import django

from lianjing.core.days import written_day

if TYPE_CHECKING:
    from lianjing.domain.companies.models import Company

CAUSES_SHOWN = 3


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--company", required=True, metavar="NAME", help="its code or name")
    parser.add_argument("--on", type=day, metavar="DATE", help="the day that is asked about, today without it")
    parser.add_argument(
        "--known", default="", metavar="TIME", help="by what was recorded until then: a day (its end) or an instant"
    )
    parser.add_argument(
        "--ahead",
        type=_days,
        metavar="DAYS",
        help="instead of the verdicts: on which days clauses will turn if nothing is done, so many days ahead",
    )
    parser.add_argument("--json", action="store_true", help="the items as the API gives them")


def day(text: str) -> date:
    try:
        return written_day(text)
    except ValueError as wrong:
        raise argparse.ArgumentTypeError(f"{text!r} is no day; one is written 2026-03-31") from wrong


def _days(text: str) -> int:
    from lianjing.domain.compliance.looking_ahead import DAYS_AT_MOST

    if not text.isascii() or not text.isdigit() or not 1 <= int(text) <= DAYS_AT_MOST:
        raise argparse.ArgumentTypeError(f"so many days: 1 to {DAYS_AT_MOST}")
    return int(text)


def run(arguments: argparse.Namespace) -> int:
    """1 when a clause is not met, or ahead will not be."""
    django.setup()
    from django.core.serializers.json import DjangoJSONEncoder

    from lianjing.core.days import centre_day
    from lianjing.core.viewer import System
    from lianjing.domain.companies.queries import company_called
    from lianjing.web.known_time import BadTime, known_time

    viewer = System("command line")
    company = company_called(viewer, arguments.company)
    if company is None:
        print(f"lianjing clauses: there is no company {arguments.company!r}", file=sys.stderr)
        return 2
    on = arguments.on or centre_day()
    try:
        known = known_time(arguments.known)
        make, show = (_turns, _time_line) if arguments.ahead else (_items, _table)
        items = make(viewer, company, on, known, arguments.ahead)
    except (BadTime, OverflowError):
        print("lianjing clauses: a day or an instant is written 2026-03-31 or 2026-03-31T12:00", file=sys.stderr)
        return 2
    as_json = json.dumps(items, ensure_ascii=False, indent=1, cls=DjangoJSONEncoder) if arguments.json else ""
    print(as_json or show(company, on, items))
    return int(any(item.get("verdict", item.get("to")) == "not_met" for item in items))


def _items(viewer: Any, company: "Company", on: date, known: Any, _days: int | None) -> list[dict[str, Any]]:
    from lianjing.web.clause_items import items_of

    return items_of(viewer, company.pk, on, known)


def _turns(viewer: Any, company: "Company", on: date, known: Any, days: int) -> list[dict[str, Any]]:
    from lianjing.domain.compliance.forecast import forecast
    from lianjing.web.clause_items import turn_item

    return [turn_item(turn, viewer, company.pk) for turn in forecast(viewer, company.pk, on, days, known)]


def _time_line(company: "Company", on: date, items: list[dict[str, Any]]) -> str:
    from lianjing.terms.verdicts import Verdict

    lines = [f"{company.name}  {on}"]
    for item in items:
        had, has = Verdict(item["from"]), Verdict(item["to"])
        mark = "（只因往后不再有记录）" if item["looks_back"] else ""
        turn = f"{had.sign} {had.zh} → {has.sign} {has.zh}"
        lines.append(f"{item['on']}  {item['clause']:<17} {turn}{mark}  {_why(item)} {item['sentence']}")
    return "\n".join([*lines, f"共 {len(items)} 次变化"])


def _why(item: dict[str, Any]) -> str:
    """What turns it, each sentence once with how often it is so."""
    told = Counter(f"{one['name']} {one['sentence']}" for one in item["evidence"])
    shown = told.most_common(CAUSES_SHOWN)
    more = len(item["evidence"]) - sum(count for _why, count in shown) + item["not_listed"]
    lines = [f"{why}（{count} 项）" if count > 1 else why for why, count in shown]
    return "".join([*lines, f"另有 {more} 项。" if more > 0 else ""])


def _table(company: "Company", on: date, items: list[dict[str, Any]]) -> str:
    from lianjing.terms.verdicts import Verdict

    lines = [f"{company.name}  {on}"]
    for item in items:
        verdict = Verdict(item["verdict"])
        label = verdict.zh + "　" * (4 - len(verdict.zh))
        lines.append(f"{verdict.sign} {label}  {item['clause']:<17} {item['title']}：{item['sentence']}")
    counts = [f"{one.zh} {sum(item['verdict'] == one for item in items)}" for one in Verdict]
    return "\n".join([*lines, "  ".join(counts)])
