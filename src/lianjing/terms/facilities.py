"""Words for the places from which a company serves (服务场地): kinds of rooms, and what is on record of them."""

from lianjing.terms.premises import Word


class PlaceKind(Word):
    """What a place of the company is. Rooms lie in an operation centre; an office stands by itself."""

    CENTRE = "centre", "运营中心"
    DUTY_ROOM = "duty_room", "值守室"
    MACHINE_ROOM = "machine_room", "机房"
    BATTERY_ROOM = "battery_room", "UPS电池室"
    AUXILIARY = "auxiliary", "辅助区"
    OFFICE = "office", "办公场所"

    @property
    def is_room(self) -> bool:
        """Whether it lies in an operation centre."""
        return self not in (PlaceKind.CENTRE, PlaceKind.OFFICE)


class PlaceFactKind(Word):
    """What is on record of a place besides measured values. Each belongs to one clause of chapter 6."""

    SEPARATION = "separation", "隔墙与门"
    ENTRY_CONTROL = "entry_control", "进入控制"
    WHO_ENTERS = "who_enters", "准入人员规定"
    VISITORS = "visitors", "来访登记"
    INTRUSION = "intrusion", "入侵报警"
    VIDEO = "video", "视频监控"
    ACCESS = "access", "出入口控制"
    HOLD_UP = "hold_up", "紧急报警装置"
    GUARD = "guard", "保卫值守"
    EXTERNAL = "external", "对外通信"
    UPSTREAM = "upstream", "与上级接警中心的接口"
    LIGHTNING = "lightning", "防雷与接地检测"
    FIRE = "fire", "消防设施检测"
    EMC = "emc", "电磁防护"
    DISCHARGE = "discharge", "UPS放电试验"
    SUPPLY = "supply", "供电"

    @property
    def is_reported(self) -> bool:
        """Whether a report says how it stands, and not whoever looks."""
        return self in (PlaceFactKind.LIGHTNING, PlaceFactKind.FIRE, PlaceFactKind.EMC)

    @property
    def clause(self) -> str:
        """The clause that it is judged under."""
        if self in ISOLATION:
            return "6.1"
        return "6.2" if self in PROTECTION else "6.3"


ISOLATION = (
    *(PlaceFactKind.SEPARATION, PlaceFactKind.ENTRY_CONTROL),
    *(PlaceFactKind.WHO_ENTERS, PlaceFactKind.VISITORS),
)
PROTECTION = (
    *(PlaceFactKind.INTRUSION, PlaceFactKind.VIDEO, PlaceFactKind.ACCESS, PlaceFactKind.HOLD_UP),
    *(PlaceFactKind.GUARD, PlaceFactKind.EXTERNAL, PlaceFactKind.UPSTREAM),
)
INSTALLATIONS = (
    *(PlaceFactKind.LIGHTNING, PlaceFactKind.FIRE, PlaceFactKind.EMC),
    *(PlaceFactKind.DISCHARGE, PlaceFactKind.SUPPLY),
)


class PlaceStanding(Word):
    """What was found: it is there and sound, or it is not."""

    GOOD = "good", "具备（合格）"
    BAD = "bad", "不具备（不合格）"


class PlaceFileKind(Word):
    """What a file of a place shows."""

    DRAWING = "drawing", "平面图"
    PHOTO = "photo", "照片"
