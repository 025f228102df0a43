"""辖区: administrative divisions by GB/T 2260, and which company lies in which area. No Django, no clock.

Codes are built from above: 33 is 浙江省, 3306 绍兴市, 330602 越城区. An area is held by what its codes begin with, so
a company that is registered there later is in it by itself.
"""

from lianjing.terms.divisions import area_words, division_words

WHOLE = 6


def area_begins(typed: str) -> str:
    """What codes in this area begin with: "310000" and "31" are both 上海市. "" for what is no division."""
    code = typed.strip()
    begins = code[: len(code.rstrip("0")) + len(code.rstrip("0")) % 2]
    return begins if len(code) in (2, 4, WHOLE) and area_words(begins) else ""


def division(typed: str) -> str:
    """Six digits that stand for a division of the list; "" for anything else."""
    code = typed.strip()
    return code if len(code) == WHOLE and division_words(code) else ""
