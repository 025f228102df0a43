"""The demo company's operation centre: rooms, own protection, a year of measured values. All invented.

It is sound but for three things that show what the pages say then: the test of the hold-up button has run out, the
earthing is above a limit that nobody has read in the original, and the machine room was too hot for a month.
"""

from datetime import date, datetime, timedelta
from decimal import Decimal
from io import BytesIO
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from lianjing.core.scans import Scan
    from lianjing.core.viewer import Viewer
    from lianjing.domain.companies.models import Company
    from lianjing.domain.facilities.models import Measurement, Place

ROOMS = (
    ("machine_room", "机房（演示）", "42"),
    ("duty_room", "值守室（演示）", "58"),
    ("battery_room", "UPS 电池室（演示）", "12"),
)
FOUND = (
    ("separation", "240 mm 砖墙，甲级防盗安全门，常闭", "本单位", None),
    ("entry_control", "刷卡加指纹，双向验证，进出有记录", "本单位", None),
    ("who_enters", "准入名单由运营部经理批准，每季度核对", "本单位", 300),
    ("visitors", "来访登记本，陪同进入", "本单位", None),
    ("intrusion", "门磁 4、红外 6，接入本平台", "本单位", 150),
    ("video", "摄像机 12 台，存储 90 天", "本单位", 150),
    ("access", "门禁 3 处，断电常闭，内侧机械开启", "本单位", 150),
    ("hold_up", "紧急按钮 4 只，直连 110 接警中心", "本单位", -6),
    ("guard", "物业保安 24 小时值守，每 2 小时巡查", "本单位", None),
    ("external", "固定电话 2 路，4G 备用", "本单位", 90),
    ("upstream", "专线接市局接警中心，备用 VPN", "本单位", 200),
    ("lightning", "防雷装置检测合格", "某防雷检测公司（演示）", 220),
    ("fire", "自动报警和气体灭火年度检测合格", "某消防检测公司（演示）", 130),
    ("emc", "机房屏蔽和滤波检测合格", "某检测机构（演示）", 400),
    ("discharge", "放电 21 分钟后欠压告警", "本单位", 160),
)
"""Kind, in words, who found it, and for how many days from today it is good."""
BAD = "discharge"
HEAT = {1: -1.2, 2: -0.9, 3: -0.3, 4: 0.2, 5: 1.1, 6: 2.4, 7: 4.9, 8: 3.3, 9: 1.8, 10: 0.6, 11: -0.2, 12: -0.8}
"""How much warmer than the mean it is in a month: in July the machine room was above 27 ℃."""
MONTHLY = (
    ("machine_room", "temperature", "23.2", "0.9"),
    ("machine_room", "humidity", "46", "1.5"),
    ("machine_room", "dew_point", "10.2", "0.5"),
    ("duty_room", "temperature", "23.0", "0.6"),
    ("duty_room", "humidity", "48", "1.4"),
    ("battery_room", "temperature", "23.6", "0.7"),
)
"""Room, quantity, mean, and how much of the heat comes through."""
ONCE = (
    ("machine_room", "illuminance", "460", "lx"),
    ("duty_room", "illuminance", "380", "lx"),
    ("machine_room", "static_voltage", "0.32", "kV"),
    ("centre", "joint_earthing", "1.2", "Ω"),
    ("battery_room", "ups_autonomy", "21", "min"),
    ("centre", "supply_voltage", "228", "V"),
)
METER = {"instrument": "testo 174H（演示）", "instrument_no": "T-0174", "measured_by": "何师傅（演示）"}


def make_facilities(company: "Company", viewer: "Viewer", at: datetime, today: date) -> None:
    """Only once."""
    from lianjing.domain.facilities.models import Place

    if Place.objects.filter(company=company).exists():
        return
    who: dict[str, Any] = {"by": viewer, "at": at, "source": "demo-data"}
    places = _places(company, today, who)
    _found(places["centre"], today, who)
    _history(places, at, today)
    _now(places, today, who)


def _places(company: "Company", today: date, who: dict[str, Any]) -> "dict[str, Place]":
    from lianjing.domain.facilities.actions.places import add_place_file, record_place
    from lianjing.domain.facilities.policy import NewPlace

    since, note = today - timedelta(days=800), "演示数据"
    address = "滨江区江南大道 1 号 6 层（演示）"
    new = NewPlace("centre", "报警运营中心（演示）", address, "186", valid_from=since, note=note)
    places = {"centre": record_place(company.pk, new, **who)}
    for kind, name, area in ROOMS:
        inside = NewPlace(kind, name, "", area, places["centre"].pk, valid_from=since, note=note)
        places[kind] = record_place(company.pk, inside, **who)
    office = NewPlace(
        "office", "办公区（演示）", "滨江区江南大道 1 号 5 层（演示）", "320", valid_from=since, note=note
    )
    places["office"] = record_place(company.pk, office, **who)
    add_place_file(places["centre"].pk, "drawing", "六层平面图（演示）", _drawing(), **who)
    return places


def _found(centre: "Place", today: date, who: dict[str, Any]) -> None:
    from lianjing.domain.facilities.actions.place_facts import record_place_fact
    from lianjing.domain.facilities.policy import NewPlaceFact

    for number, (kind, value, origin, days) in enumerate(FOUND, 1):
        until = None if days is None else today + timedelta(days=days)
        begins = today - timedelta(days=150 + number)
        standing = "bad" if kind == BAD else "good"
        report = f"演示-{number:03d}" if origin != "本单位" else ""
        new = NewPlaceFact(kind, standing, value, begins, until, begins, report, origin, "演示数据")
        record_place_fact(centre.pk, new, **who)


def _history(places: "dict[str, Place]", at: datetime, today: date) -> None:
    """A value a month for a year, as rows: nobody has to wait for what only draws a curve."""
    from lianjing.domain.facilities.models import Measurement

    Measurement.objects.bulk_create(
        _value(places[room], quantity, (mean, share), at - timedelta(days=30 * back))
        for room, quantity, mean, share in MONTHLY
        for back in range(12, 0, -1)
    )


def _value(place: "Place", quantity: str, level: tuple[str, str], at: datetime) -> "Measurement":
    from lianjing.domain.facilities.models import Measurement
    from lianjing.domain.facilities.quantities import QUANTITIES

    value, day = _level(level, at), at.date()
    return Measurement(
        company_id=place.company_id,
        place=place,
        quantity=quantity,
        value=value,
        as_read=f"{value} {QUANTITIES[quantity].unit}",
        measured_at=at,
        calibrated_until=day + timedelta(days=200),
        valid_from=day,
        valid_until=day + timedelta(days=31),
        recorded_at=at,
        recorded_by="demo-data",
        note="演示数据",
        **METER,
    )


def _level(level: tuple[str, str], at: datetime) -> Decimal:
    mean, share = (Decimal(part) for part in level)
    return round(mean + share * Decimal(str(HEAT[at.month])), 1)


def _now(places: "dict[str, Place]", today: date, who: dict[str, Any]) -> None:
    """What counts today, recorded as people do."""
    from lianjing.domain.facilities.actions.measurements import record_measurement
    from lianjing.domain.facilities.policy import NewMeasurement
    from lianjing.domain.facilities.quantities import QUANTITIES

    good = today + timedelta(days=240)
    # To the minute, as a form takes it: what is typed in the same minute afterwards is newer, not older.
    minute = who["at"].replace(second=0, microsecond=0)
    told = {"measured_at": minute, "calibrated_until": good, "note": "演示数据", **METER}
    for room, quantity, mean, _share in MONTHLY:
        new = NewMeasurement(quantity, mean, QUANTITIES[quantity].unit, **told)
        record_measurement(places[room].pk, new, **who)
    for room, quantity, figure, unit in ONCE:
        new = NewMeasurement(quantity, figure, unit, **told)
        record_measurement(places[room].pk, new, **who)


def _drawing() -> "Scan":
    """Rooms as boxes, with the wall towards the offices."""
    from PIL import Image, ImageDraw

    from lianjing.core.scans import scan_of

    picture = Image.new("RGB", (800, 420), "#f6f8fa")
    drawing = ImageDraw.Draw(picture)
    rooms = (("machine room", 40, 40, 330, 230), ("duty room", 330, 40, 560, 230), ("UPS", 40, 230, 200, 380))
    for name, left, top, right, bottom in rooms:
        drawing.rectangle((left, top, right, bottom), outline="#42536a", width=4)
        drawing.text((left + 16, top + 14), f"DEMO: {name}", fill="#161d26")
    drawing.line((600, 30, 600, 390), fill="#c22a20", width=10)
    drawing.text((620, 60), "DEMO: offices (5th floor)", fill="#161d26")
    made = BytesIO()
    picture.save(made, "PNG")
    return scan_of(made.getvalue())
