"""`lianjing import FILE`: sites and what is installed there, people, or photos and scans of people.

A dry run shows what it would do.
"""

import argparse
import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import django

if TYPE_CHECKING:
    from lianjing.core.workbooks.planning import File, Outcome

SHOWN = 200
"""Changes and errors that a person is shown; `--json` has more."""
MOST_BYTES = 200_000_000


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "file",
        type=Path,
        metavar="FILE",
        help="a workbook (.xlsx), one sheet (.csv), CSVs (.zip); or photos and scans of people (.zip)",
    )
    parser.add_argument("--company", required=True, metavar="NAME", help="code or name of the company")
    parser.add_argument("--dry-run", action="store_true", help="say what it would do, and change nothing")
    parser.add_argument("--json", action="store_true", help="one JSON object, for programs")
    parser.add_argument("--language", choices=("zh", "en"), default="zh", help="of messages (default: zh)")


def run(arguments: argparse.Namespace) -> int:
    django.setup()
    from django.utils import translation

    with translation.override("en" if arguments.language == "en" else "zh-hans"):
        return _run(arguments)


def _run(arguments: argparse.Namespace) -> int:
    from lianjing.core.viewer import System
    from lianjing.core.workbooks.files import NotATable
    from lianjing.core.workbooks.planning import File
    from lianjing.domain.companies.queries import company_called

    company = company_called(System("command line"), arguments.company)
    if company is None:
        return _wrong_use(arguments, f"there is no company {arguments.company!r}", "没有这个单位")
    try:
        if arguments.file.stat().st_size > MOST_BYTES:
            return _wrong_use(arguments, f"{arguments.file} has more than {MOST_BYTES // 1_000_000} MB", "文件太大")
        file = File(arguments.file.name, arguments.file.read_bytes())
    except OSError as wrong:
        return _wrong_use(arguments, f"{arguments.file} cannot be read: {wrong.strerror}", "文件不能读取")
    try:
        outcome = _act(arguments, file, company.pk)
    except NotATable as bad:
        from django.utils.translation import gettext

        from lianjing.terms.sentences import words

        return _wrong_use(arguments, words(bad.fault, gettext))
    _tell(arguments, outcome)
    return 1 if outcome.plan.faults else 0


def _act(arguments: argparse.Namespace, file: "File", company_id: int) -> "Outcome":
    from django.utils import timezone

    from lianjing.core.viewer import System
    from lianjing.domain.incidents.importing import examine_file, import_file

    by, at = System("command line"), timezone.now()
    if arguments.dry_run:
        return examine_file(file, company_id, by=by, at=at)
    return import_file(file, company_id, by=by, at=at, source="command line")


def _wrong_use(arguments: argparse.Namespace, told: str, chinese: str = "") -> int:
    """The sentence goes to standard error; a program that asked for JSON gets it there, too."""
    sentence = f"{chinese}：{told}" if chinese and arguments.language == "zh" else told
    print(f"lianjing import: {sentence}", file=sys.stderr)
    if arguments.json:
        nothing = {"sheet": None, "row": None, "column": None, "message": sentence}
        answer = {"dry_run": arguments.dry_run, "applied": False, "created": 0, "changed": 0, "unchanged": 0}
        print(json.dumps({**answer, "removed": 0, "errors": [nothing]}, ensure_ascii=False))
    return 2


def _tell(arguments: argparse.Namespace, outcome: "Outcome") -> None:
    from django.utils.translation import gettext

    from lianjing.core.workbooks.report import as_json

    told = as_json(outcome, dry_run=arguments.dry_run, translate=gettext)
    if arguments.json:
        print(json.dumps(told, ensure_ascii=False))
    else:
        print("\n".join(_lines(arguments, told)))


def _lines(arguments: argparse.Namespace, told: dict[str, Any]) -> list[str]:
    """For people, both languages in the head lines."""
    lines = []
    for key, counts in told["sheets"].items():
        parts = [f"{name} {counts[name]}" for name in ("created", "changed", "unchanged", "removed", "errors")]
        lines.append(f"{key}: {counts['rows']} rows: {', '.join(parts)}")
    lines += [_change_line(change) for change in told["changes"][:SHOWN]]
    if (more := len(told["changes"]) + told["changes_left_out"] - SHOWN) > 0:
        lines.append(f"… {more} more changes 还有 {more} 处改动")
    lines += [f"HINT 提示 {_place(hint)}: {hint['message']}" for hint in told["hints"][:SHOWN]]
    lines += [f"ERROR 错误 {_place(error)}: {error['message']}" for error in told["errors"][:SHOWN]]
    if (more := len(told["errors"]) + told["errors_left_out"] - SHOWN) > 0:
        lines.append(f"… {more} more errors 还有 {more} 处错误")
    sum_ = f"created 新建 {told['created']}, changed 修改 {told['changed']}, unchanged 不变 {told['unchanged']}"
    if told["removed"]:
        sum_ += f", removed 移除 {told['removed']}"
    if told["errors"]:
        return [*lines, f"nothing was imported 没有导入任何内容 ({sum_})"]
    return [*lines, f"{'dry run 试运行, nothing written' if arguments.dry_run else 'imported 已导入'}: {sum_}"]


def _place(fault: dict[str, Any]) -> str:
    return " ".join(str(fault[key]) for key in ("sheet", "row", "column") if fault[key] is not None)


def _change_line(change: dict[str, Any]) -> str:
    signs = {"created": "+", "changed": "~", "removed": "-"}
    after, before = change["after"], change["before"]
    parts = [f"{key}: {before[key]!r} → {after[key]!r}" if key in before else f"{key}: {after[key]!r}" for key in after]
    parts += [f"{key}: {before[key]!r}" for key in before if key not in after]
    row = f" row {change['row']}" if change["row"] else ""
    weaker = "".join(f" ⚠ {sentence}" for sentence in change["weakens"])
    return f"{signs[change['what']]} {change['sheet']}{row} {change['key']}: {', '.join(parts)}{weaker}"
