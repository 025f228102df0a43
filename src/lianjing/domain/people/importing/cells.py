"""What cells of the sheet `people` mean, beside those that every workbook has. No Django, no clock."""

import re
from datetime import date
from typing import Any

from lianjing.core.workbooks.cells import Reader, code, narrow, number, plain, shown
from lianjing.core.workbooks.faults import BadCell
from lianjing.domain.people.eligibility import CITIZEN
from lianjing.domain.people.fact_policy import HOURS_AT_MOST
from lianjing.domain.people.identity_policy import BadIdentity, Identity, identity_of, numbers_in
from lianjing.terms.sentences import Phrase
from lianjing.terms.sentences import marked as _

TAIL = 4


def identity_number(raw: Any) -> Identity:
    """公民身份号码. What is said of a bad one shows no more than its last four signs."""
    try:
        return identity_of(plain(raw), date.max)
    except BadIdentity as bad:
        if isinstance(raw, int | float):
            told = _("身份号码是数字格式，Excel 会丢掉后几位：请用文本格式重填（这一格：%(masked)s）。")
            raise BadCell(told, masked=half_hidden(raw)) from None
        told = _("%(problem)s（这一格：%(masked)s）")
        raise BadCell(told, problem=Phrase(str(bad)), masked=half_hidden(raw)) from None


def half_hidden(raw: Any) -> str:
    """What may be shown of a bad identity number: its last four signs, of a short one none."""
    value = shown(narrow(raw))
    hidden = len(value) - TAIL if len(value) > 2 * TAIL else len(value)
    return "*" * hidden + value[hidden:]


def staff_number(raw: Any) -> str:
    """工号. An identity number is none: staff numbers stand in lists, addresses and records."""
    value = str(code(32)(raw))
    if numbers_in(value):
        raise BadCell(_("工号不能是身份号码（%(masked)s）。"), masked=half_hidden(value))
    return value


def no_identity(read: Reader) -> Reader:
    """As `read`; an identity number in the midst of it is refused: such cells go into records and lists."""

    def read_and_look(raw: Any) -> Any:
        value = read(raw)
        for found in numbers_in(value) if isinstance(value, str) else ():
            raise BadCell(_("这里不能写身份号码（%(masked)s），它只写在身份号码列。"), masked=half_hidden(found))
        return value

    return read_and_look


_CODE = re.compile(r"[A-Z]{3}")
_CHINA = frozenset({"中国", "中华人民共和国", "CN", "CHINA", "CHINESE"})


def nationality(raw: Any) -> str:
    """Three letters of ISO 3166 (GB/T 2659); 中国 is CHN."""
    value = narrow(raw).upper()
    if value in _CHINA:
        return CITIZEN
    if not _CODE.fullmatch(value):
        raise BadCell(_("“%(text)s”不是国籍代码：须为三个字母，如 CHN；也可写 中国。"), text=shown(raw))
    return value


def hours(raw: Any) -> float:
    """学时, halves too; also `40学时`."""
    if isinstance(raw, str):
        raw = re.sub(r"\s*(?:学时|课时|小时|h)$", "", plain(raw))
    found = float(number(0, HOURS_AT_MOST)(raw))
    if found <= 0:
        raise BadCell(_("“%(text)s”不是学时：须大于 0。"), text=shown(raw))
    return found
