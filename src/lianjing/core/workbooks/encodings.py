"""In which encoding a CSV file was written: UTF-8, UTF-16 with its mark, or GB18030. No Django."""

import codecs
from unicodedata import category

from lianjing.core.workbooks.faults import BadFile
from lianjing.terms.sentences import marked as _

_MARKS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))


def decoded(content: bytes, sheet: str) -> str:
    """The text of a CSV file. Raises BadFile when no encoding fits: what is read wrongly is not imported at all."""
    for mark, encoding in _MARKS:
        if content.startswith(mark):
            try:
                return content.decode(encoding)
            except UnicodeDecodeError as wrong:
                raise _damaged(content, wrong.start, sheet) from wrong
    if b"\0" in content:
        raise BadFile(
            _("文件里有空字符：不是 CSV，或编码不是 UTF-8、GB18030。请用 Excel 另存为“CSV UTF-8”。"), sheet=sheet
        )
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError as wrong:
        if _is_mostly_utf8(content):
            raise _damaged(content, wrong.start, sheet) from wrong
    return _as_gb18030(content, sheet)


def _as_gb18030(content: bytes, sheet: str) -> str:
    try:
        text = content.decode("gb18030")
    except UnicodeDecodeError as wrong:
        raise _unknown(sheet, content[: wrong.start].count(b"\n") + 1) from wrong
    strange = next((place for place, sign in enumerate(text) if sign > "\x7f" and _is_strange(sign)), None)
    if strange is not None:
        raise _unknown(sheet, text.count("\n", 0, strange) + 1)
    return text


def _is_strange(sign: str) -> bool:
    """What GB18030 makes of bytes that are something else: control characters, private ones, other scripts."""
    return category(sign) in ("Cc", "Cn", "Co", "Cs") or (
        "\u0180" <= sign < "\u2000" and not "\u0370" <= sign < "\u0460"
    )


def _is_mostly_utf8(content: bytes) -> bool:
    """Damaged, and not another encoding: of that, hardly three bytes in a row would make a character of UTF-8."""
    text = content.decode("utf-8", errors="replace")
    broken = text.count("\ufffd")
    return sum(sign > "\u07ff" for sign in text) - broken > broken


def _damaged(content: bytes, place: int, sheet: str) -> BadFile:
    return BadFile(
        _("这一行有损坏的字符：文件是 Unicode 编码，但这里读不出来。"),
        sheet=sheet,
        row=content[:place].count(b"\n") + 1,
    )


def _unknown(sheet: str, row: int) -> BadFile:
    return BadFile(
        _("编码无法识别：既不是 UTF-8，也不是 GB18030。请用 Excel 另存为“CSV UTF-8”或 .xlsx。"), sheet=sheet, row=row
    )
