"""What may be entered of places, of what was found there and of what was measured. No Django, no clock."""

import re
import unicodedata
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from decimal import Decimal, InvalidOperation

from lianjing.core.refusals import Refused
from lianjing.domain.facilities.quantities import QUANTITIES, Bounds, Quantity, quantity_of
from lianjing.domain.facilities.standing import Shown
from lianjing.terms.facilities import PlaceFactKind, PlaceKind, PlaceStanding
from lianjing.terms.sentences import Phrase
from lianjing.terms.sentences import marked as _
from lianjing.terms.verdicts import Confidence

SEE, EDIT = "facilities.see", "facilities.edit"
CHANGED = "facilities.premises_changed"
"""Topic: places of a company, what is on record of them or what was measured have changed."""
EARLIEST, LATEST = date(1950, 1, 1), date(2100, 1, 1)
MOST = Decimal(10) ** 7
_WAYS = {
    "℃": ("c", "°c", "摄氏度", "度"),
    "K": ("k",),
    "°F": ("f", "°f"),
    "%": ("%rh", "rh%"),
    "Ω": ("ω", "ohm", "欧", "欧姆"),
    "mΩ": ("mω",),
    "kΩ": ("kω",),
    "MΩ": ("MΩ",),
    "V": ("v", "伏"),
    "kV": ("kv",),
    "lx": ("lx", "lux", "勒克斯"),
    "klx": ("klx",),
    "A/m": ("a/m",),
    "kA/m": ("ka/m",),
    "min": ("min", "分", "分钟"),
    "h": ("h", "小时"),
    "s": ("s", "秒"),
}
SPELLINGS = {way: unit for unit, ways in _WAYS.items() for way in ways}
"""How units are written besides, without regard to capitals, where these make no difference."""
MEASURED_BY = {PlaceFactKind.DISCHARGE: "ups_autonomy"}
"""What is found in words and yet holds a measured value, with its quantity."""
FIGURES = re.compile(r"(?<![A-Za-z\d.])\d+(?:\.\d+)?")
"""Those of names, as of a model, are none."""
SPAN = re.compile(r"[-–—~至]\s*\d")
NOTHING_SHOWN = {
    "origin": _("请写明由谁查实或检测：检测机构、消防部门或本单位。"),
    "number": _("请写报告编号，或附上报告：没有报告的检测结果不算数。"),
    "value": _("请写明情况，或写报告编号、附报告或照片：看不出依据的记录不算数。"),
}
COUNTING = "%‰°Ω×/"
DAY_WORDS = re.compile(r"\d{4}[-./年]\d{1,2}[-./月]\d{1,2}日?")


@dataclass(frozen=True, slots=True)
class NewPlace:
    """A place as it was typed; `area` as text, in m². `centre_id`: of a room, the centre in which it lies."""

    kind: str
    name: str
    address: str = ""
    area: str = ""
    centre_id: int | None = None
    valid_from: date | None = None
    valid_until: date | None = None
    note: str = ""
    area_m2: Decimal | None = None
    """What `area` says, once it was checked."""


@dataclass(frozen=True, slots=True)
class NewPlaceFact:
    """What was found of a place, as it was typed."""

    kind: str
    standing: str
    value: str = ""
    valid_from: date | None = None
    valid_until: date | None = None
    tested_on: date | None = None
    number: str = ""
    origin: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class NewMeasurement:
    """A measured value as it was typed; `figure` as text. Without `valid_until` it is good for the quantity's days."""

    quantity: str
    figure: str
    unit: str
    measured_at: datetime | None
    measured_by: str
    instrument: str
    instrument_no: str = ""
    calibrated_until: date | None = None
    valid_until: date | None = None
    report_no: str = ""
    note: str = ""
    value: Decimal = Decimal(0)
    """What `figure` and `unit` say in the quantity's own unit, once they were checked."""


@dataclass(frozen=True, slots=True)
class NewRoomLimit:
    """A limit as it was typed, in the quantity's own unit."""

    quantity: str
    place_kind: str
    low: str
    high: str
    edition: str
    source_clause: str
    confidence: str = Confidence.READ.value
    valid_from: date | None = None
    valid_until: date | None = None
    note: str = ""
    ends: tuple[Decimal | None, Decimal | None] = (None, None)
    """What `low` and `high` say, once they were checked."""


def checked_place(new: NewPlace) -> NewPlace:
    """The place as it is kept. Raises Refused naming the field."""
    kind = PlaceKind.of(new.kind)
    if kind is None:
        raise Refused("kind", _("没有这个选项。"))
    if kind.is_room and new.centre_id is None:
        raise Refused("centre", _("请选择它在哪个运营中心里。"))
    check_days(new.valid_from, new.valid_until)
    area = figure_of("area", new.area) if new.area.strip() else None
    if area is not None and not 0 < area <= 100_000:
        raise Refused("area", _("面积须在 0 与 100000 m² 之间。"))
    if area is not None and area != round(area, 2):
        raise Refused("area", _("面积最多两位小数。"))
    return replace(new, area_m2=area, centre_id=new.centre_id if kind.is_room else None)


def checked_fact(new: NewPlaceFact, kind: PlaceKind, today: date, *, has_file: bool) -> NewPlaceFact:
    """What was found as it is kept, of a place of that kind. `has_file`: a report or photo comes with it. Raises
    Refused naming the field."""
    what = PlaceFactKind.of(new.kind)
    if what is None or what not in fact_kinds_of(kind):
        raise Refused("kind", _("这里不登记这一项。"))
    if PlaceStanding.of(new.standing) is None:
        raise Refused("standing", _("请选择是否具备。"))
    if new.valid_from is None:
        raise Refused("valid_from", _("请写明查实或检测的日期。"))
    for field, day in (("valid_from", new.valid_from), ("tested_on", new.tested_on)):
        if day is not None and day > today:
            raise Refused(field, _("%(day)s 还没有到。"), day=str(day))
    check_days(new.valid_from, new.valid_until)
    if what in MEASURED_BY:
        _check_figures(QUANTITIES[MEASURED_BY[what]], new.value)
    lacking = Shown(new.origin, new.value, new.number, has_file).lacking(what)
    # That something is not there needs no report; only whoever says so.
    if lacking and (lacking == "origin" or new.standing == PlaceStanding.GOOD):
        raise Refused(lacking, NOTHING_SHOWN[lacking])
    return new


def _check_figures(quantity: Quantity, words: str) -> None:
    """What was found in words holds a figure of the quantity with its unit, and none without one: the same rule as for
    a measured value. Raises Refused."""
    text = DAY_WORDS.sub(" ", unicodedata.normalize("NFKC", words))
    told = [(one[0], text[one.end() :].lstrip()) for one in FIGURES.finditer(text)]
    if not told:
        return
    own = [(figure, _unit_at(quantity, rest)) for figure, rest in told]
    if not any(unit for _figure, unit in own) or any(_is_bare(rest) for _figure, rest in told):
        raise Refused("value", _("请写明单位：没有单位的数值不能判定。应为 %(unit)s。"), unit=quantity.unit)
    for figure, unit in own:
        if unit:
            try:
                in_own_unit(quantity, figure_of("value", figure), unit)
            except Refused as refused:
                raise Refused("value", refused.sentence, **refused.figures) from refused


def _unit_at(quantity: Quantity, rest: str) -> str:
    """The unit of the quantity with which the text begins; "" when it begins with something else."""
    known = {quantity.unit, *quantity.units}
    ways = sorted([*known, *(way for way, unit in SPELLINGS.items() if unit in known)], key=len, reverse=True)
    for way in ways:
        after = rest[len(way) : len(way) + 1]
        if rest.lower().startswith(way.lower()) and not (way.isascii() and after.isascii() and after.isalpha()):
            return way
    return ""


def _is_bare(rest: str) -> bool:
    """Nothing says what the figure counts, nor does it begin a span."""
    says = bool(rest) and (rest[0].isalpha() or rest[0] in COUNTING)
    return not says and SPAN.match(rest) is None


def fact_kinds_of(kind: PlaceKind) -> list[PlaceFactKind]:
    """What is on record of a place of that kind: all of an operation centre; of its rooms what is installed there."""
    if kind is PlaceKind.CENTRE:
        return list(PlaceFactKind)
    if kind is PlaceKind.OFFICE:
        return []
    return [one for one in PlaceFactKind if one.clause != "6.1"]


def checked_measurement(new: NewMeasurement, kind: PlaceKind, now: datetime, today: date) -> NewMeasurement:
    """The value as it is kept, in the quantity's own unit. `today`: the day on which it was measured, in the centre's
    zone. Raises Refused naming the field."""
    quantity = quantity_of(new.quantity)
    if quantity is None:
        raise Refused("quantity", _("没有这个测量项目。"))
    if kind not in quantity.kinds:
        raise Refused("quantity", _("%(kind)s里不测%(name)s。"), kind=Phrase(kind.zh), name=Phrase(quantity.zh))
    value = in_own_unit(quantity, figure_of("figure", new.figure), new.unit)
    _check_instant(new, now)
    if not new.instrument.strip():
        raise Refused("instrument", _("请写明仪器型号：不知道用什么测的数值不能作为依据。"))
    until = new.valid_until or today + timedelta(days=quantity.days)
    if until < today:
        said = _("有效期至 %(until)s 早于测量日期 %(begins)s。")
        raise Refused("valid_until", said, until=str(until), begins=str(today))
    check_days(today, until)
    if new.calibrated_until is not None:
        check_day("calibrated_until", new.calibrated_until)
    return replace(new, value=value, valid_until=until)


def _check_instant(new: NewMeasurement, now: datetime) -> None:
    if new.measured_at is None:
        raise Refused("measured_at", _("请写明测量时间。"))
    if new.measured_at > now + timedelta(minutes=5):
        raise Refused("measured_at", _("测量时间还没有到。"))
    if new.measured_at.year < EARLIEST.year:
        raise Refused("measured_at", _("日期 %(day)s 不可能。"), day=str(new.measured_at.date()))


def in_own_unit(quantity: Quantity, value: Decimal, unit: str) -> Decimal:
    """The value in the quantity's unit. Raises Refused for a unit that is missing or of something else."""
    typed = unit.strip()
    if not typed:
        raise Refused("unit", _("请写明单位：没有单位的数值不能判定。应为 %(unit)s。"), unit=quantity.unit)
    plain = plain_unit(typed)
    if plain != quantity.unit and plain not in quantity.units:
        known = "、".join([quantity.unit, *quantity.units])
        said = _("“%(typed)s”不是%(name)s的单位；可以写 %(known)s。")
        raise Refused("unit", said, typed=typed[:20], name=Phrase(quantity.zh), known=known)
    factor, plus = quantity.units.get(plain, (Decimal(1), Decimal(0)))
    own = value if plain == quantity.unit else round(value * factor + plus, 4)
    if (quantity.lowest is not None and own < quantity.lowest) or own > quantity.highest:
        said = _("%(name)s不可能是 %(value)s %(unit)s，请检查数值和单位。")
        raise Refused("figure", said, name=Phrase(quantity.zh), value=plain_figure(own), unit=quantity.unit)
    return own


def plain_unit(unit: str) -> str:
    """A unit as it is compared: full-width signs and other ways to write it make no difference."""
    text = "".join(unicodedata.normalize("NFKC", unit).split())
    return SPELLINGS.get(text, SPELLINGS.get(text.lower(), text))


def checked_limit(new: NewRoomLimit) -> NewRoomLimit:
    """The limit as it is kept. Raises Refused naming the field."""
    quantity, kind = quantity_of(new.quantity), PlaceKind.of(new.place_kind)
    if quantity is None:
        raise Refused("quantity", _("没有这个测量项目。"))
    if kind is None or kind not in quantity.kinds:
        raise Refused("place_kind", _("这里不测%(name)s。"), name=Phrase(quantity.zh))
    if not new.edition.strip():
        raise Refused("edition", _("请写明标准及版本，如 GB 50174-2017：没有出处的数值不能作为限值。"))
    if not new.source_clause.strip():
        raise Refused("source_clause", _("请写明条号：没有出处的数值不能作为限值。"))
    if Confidence.of(new.confidence) in (None, Confidence.NOT_FOUND):
        raise Refused("confidence", _("没有查到的数值不能作为限值。"))
    check_days(new.valid_from, new.valid_until)
    return replace(new, ends=_ends(new))


def _ends(new: NewRoomLimit) -> tuple[Decimal | None, Decimal | None]:
    low = figure_of("low", new.low) if new.low.strip() else None
    high = figure_of("high", new.high) if new.high.strip() else None
    if low is None and high is None:
        raise Refused("high", _("下限和上限至少填一个。"))
    if low is not None and high is not None and high < low:
        raise Refused("high", _("上限低于下限。"))
    return low, high


def figure_of(field: str, typed: str) -> Decimal:
    """The number that was typed. Raises Refused."""
    text = unicodedata.normalize("NFKC", typed).strip().replace("−", "-")
    if not text:
        raise Refused(field, _("请填写数值。"))
    try:
        value = Decimal(text)
    except InvalidOperation as other:
        raise Refused(field, _("“%(typed)s”不是数。"), typed=typed.strip()[:30]) from other
    if not value.is_finite():
        raise Refused(field, _("“%(typed)s”不是数。"), typed=typed.strip()[:30])
    if not -MOST <= value <= MOST or value != round(value, 4):
        raise Refused(field, _("数值“%(typed)s”过大，或小数超过四位。"), typed=typed.strip()[:30])
    return value


def check_days(begins: date | None, ends: date | None) -> None:
    """Raises Refused for days that cannot be, or in the wrong order."""
    for field, day in (("valid_from", begins), ("valid_until", ends)):
        if day is not None:
            check_day(field, day)
    if begins and ends and ends < begins:
        said = _("到期日期 %(until)s 早于起始日期 %(begins)s。")
        raise Refused("valid_until", said, until=str(ends), begins=str(begins))


def check_day(field: str, day: date) -> None:
    if not EARLIEST <= day <= LATEST:
        raise Refused(field, _("日期 %(day)s 不可能。"), day=str(day))


def plain_figure(value: Decimal) -> str:
    """As people write it: 27.6, 300."""
    return format(value.normalize(), "f")


def limit_words(bounds: Bounds, unit: str) -> str:
    """18～27 ℃, ≤ 60 %, ≥ 300 lx."""
    if bounds.low is None:
        return f"≤ {plain_figure(bounds.high or Decimal(0))} {unit}"
    if bounds.high is None:
        return f"≥ {plain_figure(bounds.low)} {unit}"
    return f"{plain_figure(bounds.low)}～{plain_figure(bounds.high)} {unit}"
