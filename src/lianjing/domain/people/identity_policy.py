"""公民身份号码 (GB 11643): what a number must be, and what it says of its holder. No Django, no clock."""

import re
import unicodedata
from dataclasses import dataclass
from datetime import date

from lianjing.terms.divisions import division_words
from lianjing.terms.sentences import marked as _
from lianjing.terms.staffing import Sex

FORM = re.compile(r"\d{17}[\dX]")
RUN = re.compile(r"(?<![0-9])[0-9]{17}[0-9Xx](?![0-9])")
WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
"""GB 11643, ISO 7064 MOD 11-2: 2 to the power of what stands right of the digit, modulo 11."""
CHECKS = "10X98765432"
COMPATRIOTS = frozenset({"81", "82", "83"})
"""Residence permits of Hong Kong, Macao and Taiwan: Chinese citizens."""
FOREIGN = "9"
"""Residence permits of foreigners begin with 9, their nationality behind it."""
EARLIEST = date(1900, 1, 1)

NO_IDENTITY = _("这里不能写身份号码：它只写在身份号码一栏。")
"""Other columns stand in lists, records and addresses."""


class BadIdentity(Exception):
    """It is no identity number; the text is a sentence that does not repeat it."""


@dataclass(frozen=True, slots=True)
class Identity:
    """A sound number and what it says. Its `repr` is masked: numbers do not belong in logs."""

    number: str
    born_on: date
    sex: Sex
    is_citizen: bool

    def __repr__(self) -> str:
        return f"Identity({masked(self.number[-4:])})"


def identity_of(typed: str, today: date) -> Identity:
    """Reads a number; spaces, full-width digits and a small x are how people type. Raises BadIdentity."""
    number = "".join(unicodedata.normalize("NFKC", typed).split()).upper()
    if not FORM.fullmatch(number):
        raise BadIdentity(_("身份号码应为 18 位：17 位数字加一位数字或 X。"))
    if number[0] != FOREIGN and not division_words(f"{number[:2]}0000") and number[:2] not in COMPATRIOTS:
        raise BadIdentity(_("身份号码的前两位不是行政区划代码。"))
    if check_digit(number[:17]) != number[17]:
        raise BadIdentity(_("身份号码的校验位不对，请核对每一位。"))
    sex = Sex.MALE if int(number[16]) % 2 else Sex.FEMALE
    return Identity(number, _born_on(number, today), sex, number[0] != FOREIGN)


def check_digit(seventeen: str) -> str:
    """The last sign that belongs to the first seventeen digits."""
    return CHECKS[sum(int(digit) * weight for digit, weight in zip(seventeen, WEIGHTS, strict=True)) % 11]


def numbers_in(text: str) -> list[str]:
    """Sound identity numbers that stand somewhere in a text, where they do not belong."""
    found = RUN.findall(unicodedata.normalize("NFKC", text))
    return [number for number in found if check_digit(number[:17]) == number[17].upper()]


def masked(tail: str) -> str:
    """A number as pages show it, of which the last four signs are known."""
    return f"{'*' * 14}{tail}" if tail else ""


def _born_on(number: str, today: date) -> date:
    try:
        born_on = date(int(number[6:10]), int(number[10:12]), int(number[12:14]))
    except ValueError as impossible:
        raise BadIdentity(_("身份号码里的出生日期不存在。")) from impossible
    if not EARLIEST <= born_on <= today:
        raise BadIdentity(_("身份号码里的出生日期不可能。"))
    return born_on
