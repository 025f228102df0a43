"""The classification that comes with the product (随产品提供的第 1 版): it holds until a company approves its own."""

import json
from functools import cache
from pathlib import Path

from lianjing.domain.signals.classification_policy import ClassRow, read_rows

PLACE = Path(__file__).parent / "classification.json"


@cache
def shipped_rows() -> tuple[ClassRow, ...]:
    return read_rows(json.loads(PLACE.read_text(encoding="utf-8")))
