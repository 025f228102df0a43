"""The demo company: invented customers in a real city (绍兴), each marked as a demo."""

from dataclasses import dataclass

COMPANY_CODE = "demo"
COMPANY_NAME = "绍兴越安联网报警（演示）"
PASSWORD = "lianjing-demo"  # noqa: S105 printed on purpose: demo accounts are for looking around
USERS = {
    "operator": "陈思远",
    "leader": "周敏",
    "guard": "吴大勇",
    "manager": "林国华",
    "police": "沈警官",
    "admin": "系统管理员",
}


PRINCIPLES = {
    "门磁": "magnetic",
    "被动红外": "pir",
    "玻璃破碎": "glass",
    "按钮": "button",
    "感烟": "smoke",
    "震动": "vibration",
    "防拆": "other",
}


@dataclass(frozen=True, slots=True)
class DemoZone:
    number: str
    name: str
    detector: str
    codes: tuple[str, ...]
    """SIA codes that this detector sends, alarm first."""

    @property
    def kind(self) -> str:
        """What the zone is there for, by the code of its alarm."""
        return {"PA": "hold_up", "FA": "fire"}.get(self.codes[0], "intrusion")

    @property
    def principle(self) -> str:
        return PRINCIPLES[self.detector]

    @property
    def always_on(self) -> bool:
        return self.codes[0] != "BA"


@dataclass(frozen=True, slots=True)
class DemoSite:
    name: str
    kind: str
    address: str
    police_station: str
    key_site: bool
    zones: tuple[DemoZone, ...]
    encrypted: bool = False
    users: tuple[str, ...] = ("店长", "店员")


def _burglar(number: str, name: str, detector: str) -> DemoZone:
    return DemoZone(number, name, detector, ("BA", "BR"))


_DOOR = _burglar("001", "前门门磁", "门磁")
_HALL = _burglar("002", "营业厅红外", "被动红外")
_BACK = _burglar("003", "后门门磁", "门磁")
_GLASS = _burglar("004", "橱窗玻璃破碎", "玻璃破碎")
_STORE = _burglar("005", "库房红外", "被动红外")
_BUTTON = DemoZone("006", "柜台紧急按钮", "按钮", ("PA", "PR"))
_SMOKE = DemoZone("007", "库房感烟", "感烟", ("FA", "FR"))
_SHAKE = _burglar("008", "保险柜震动", "震动")
_CASE = DemoZone("009", "主机箱防拆", "防拆", ("TA", "TR"))

_SHOP = (_DOOR, _HALL, _BACK, _BUTTON, _SMOKE, _CASE)
_JEWELLER = (_DOOR, _HALL, _GLASS, _BUTTON, _SHAKE, _CASE)
_BANK = (_DOOR, _HALL, _BACK, _BUTTON, _SHAKE, _SMOKE, _CASE)
_STOREHOUSE = (_DOOR, _BACK, _STORE, _SMOKE, _CASE)
_SCHOOL = (_DOOR, _BACK, _STORE, _BUTTON, _SMOKE)
_HOME = (
    _DOOR,
    _HALL,
    DemoZone("006", "卧室紧急按钮", "按钮", ("PA", "PR")),
    DemoZone("007", "厨房感烟", "感烟", ("FA", "FR")),
)

_FUSHAN, _TASHAN, _BEIHAI = "越城区府山派出所", "越城区塔山派出所", "越城区北海派出所"
_DIDANG, _KEQIAO, _LUXUN = "越城区迪荡派出所", "柯桥区柯桥派出所", "越城区鲁迅故里派出所"

SITES = (
    DemoSite("解放路金店", "shop", "绍兴市越城区解放北路 288 号", _FUSHAN, True, _JEWELLER, encrypted=True),
    DemoSite(
        "越城支行",
        "bank",
        "绍兴市越城区中兴中路 96 号",
        _TASHAN,
        True,
        _BANK,
        encrypted=True,
        users=("行长", "柜员主管"),
    ),
    DemoSite(
        "柯桥轻纺城支行",
        "bank",
        "绍兴市柯桥区金柯桥大道 540 号",
        _KEQIAO,
        True,
        _BANK,
        encrypted=True,
        users=("行长", "柜员主管"),
    ),
    DemoSite("鲁迅中路烟酒行", "shop", "绍兴市越城区鲁迅中路 235 号", _LUXUN, False, _SHOP),
    DemoSite("迪荡数码广场 3 楼", "shop", "绍兴市越城区迪荡街道平江路 88 号 3 层", _DIDANG, False, _SHOP),
    DemoSite("仓桥直街古玩店", "shop", "绍兴市越城区仓桥直街 61 号", _FUSHAN, True, _JEWELLER, encrypted=True),
    DemoSite("北海小学", "school", "绍兴市越城区胜利西路 512 号", _BEIHAI, True, _SCHOOL, users=("保卫干事", "门卫")),
    DemoSite("塔山幼儿园", "school", "绍兴市越城区延安路 130 号", _TASHAN, True, _SCHOOL, users=("园长", "门卫")),
    DemoSite("柯北物流仓", "other", "绍兴市柯桥区群贤路 2199 号", _KEQIAO, False, _STOREHOUSE, users=("仓管", "夜班")),
    DemoSite("人民中路药店", "shop", "绍兴市越城区人民中路 318 号", _LUXUN, False, _SHOP),
    DemoSite("城南加油站", "key_unit", "绍兴市越城区城南大道 1066 号", _TASHAN, True, _SHOP, users=("站长", "当班员")),
    DemoSite(
        "镜湖科技园 B 座",
        "office",
        "绍兴市越城区洋江西路 530 号 B 座",
        _BEIHAI,
        False,
        _STOREHOUSE,
        users=("物业", "前台"),
    ),
    DemoSite(
        "鉴湖别墅 12 号", "home", "绍兴市越城区鉴湖大道 300 号 12 幢", _BEIHAI, False, _HOME, users=("户主", "家人")
    ),
    DemoSite("书圣故里民宿", "home", "绍兴市越城区西街 72 号", _FUSHAN, False, _HOME, users=("店主", "管家")),
    DemoSite(
        "东浦黄酒仓库",
        "other",
        "绍兴市越城区东浦街道越甫大道 466 号",
        _BEIHAI,
        False,
        _STOREHOUSE,
        users=("仓管", "夜班"),
    ),
    DemoSite("袍江五金市场", "shop", "绍兴市越城区中兴大道 720 号", _DIDANG, False, _SHOP),
    DemoSite("大通学堂旁手机店", "shop", "绍兴市越城区胜利西路 576 号", _FUSHAN, False, _SHOP),
    DemoSite("世茂广场珠宝柜", "shop", "绍兴市越城区胜利东路 379 号 1 层", _DIDANG, True, _JEWELLER),
    DemoSite("柯桥面料展厅", "shop", "绍兴市柯桥区万商路 1088 号", _KEQIAO, False, _SHOP),
    DemoSite(
        "城东档案馆", "key_unit", "绍兴市越城区平江路 336 号", _DIDANG, True, _STOREHOUSE, users=("管理员", "值班员")
    ),
)
FIRST_ACCOUNT = 1001


def account_of(place: int) -> str:
    """The account of the site at `place`, counted from 0."""
    return str(FIRST_ACCOUNT + place)


SURNAMES = "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗"
GIVEN = ("建国", "丽娟", "志强", "雅琴", "文斌", "晓燕", "海峰", "玉梅", "俊杰", "春华")


def contact_name(number: int) -> str:
    return SURNAMES[number % len(SURNAMES)] + GIVEN[number % len(GIVEN)]


def contact_phone(number: int) -> str:
    """A number that nobody has: China gives no mobile numbers that begin with 100."""
    return f"100{10_000_000 + number * 7919 % 89_999_999:08d}"
