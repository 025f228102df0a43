"""Words for customers, sites and what is installed there (客户、场所、设备), each with its Chinese label."""

from enum import StrEnum
from typing import Self


class Word(StrEnum):
    """A stored value that people know by its Chinese label."""

    zh: str

    def __new__(cls, value: str, zh: str = "") -> Self:
        word = str.__new__(cls, value)
        word._value_ = value
        word.zh = zh
        return word

    @classmethod
    def choices(cls) -> list[tuple[str, str]]:
        """Values with labels, as Django's fields take them."""
        return [(word.value, word.zh) for word in cls]

    @classmethod
    def of(cls, text: str) -> Self | None:
        """The word that `text` means, by value or by label; None when it means none."""
        wanted = text.strip()
        return next((word for word in cls if wanted.lower() == word.value.lower() or wanted == word.zh), None)


class SiteKind(Word):
    """Kind of a customer and of a site."""

    BANK = "bank", "银行"
    SCHOOL = "school", "学校"
    SHOP = "shop", "商铺"
    HOME = "home", "住宅"
    OFFICE = "office", "办公"
    KEY_UNIT = "key_unit", "治安重点单位"
    OTHER = "other", "其他"


class ContractStanding(Word):
    """State of a contract, in the order in which it lives."""

    DRAFT = "draft", "草稿"
    SIGNED = "signed", "已签订"
    IN_SERVICE = "in_service", "服务中"
    SUSPENDED = "suspended", "暂停"
    ENDED = "ended", "已终止"


class CustomerUnit(Word):
    """What counts as one 户 in table 1 of the specification (docs/decisions/0013)."""

    CONTRACT = "contract", "一份合同一户"
    CUSTOMER = "customer", "一个客户一户"
    SITE = "site", "一个场所一户"


class ZoneKind(Word):
    """What a zone is there for."""

    INTRUSION = "intrusion", "入侵"
    HOLD_UP = "hold_up", "紧急求助"
    FIRE = "fire", "火灾"
    MEDICAL = "medical", "医疗"
    ENVIRONMENT = "environment", "环境"


class Principle(Word):
    """探测原理: how a detector notices. Two different ones confirm each other."""

    PIR = "pir", "被动红外"
    MAGNETIC = "magnetic", "磁开关"
    GLASS = "glass", "玻璃破碎"
    VIBRATION = "vibration", "振动"
    BEAM = "beam", "主动红外对射"
    MICROWAVE = "microwave", "微波"
    DUAL = "dual", "双鉴"
    FENCE = "fence", "周界围栏"
    VIDEO = "video", "视频"
    SMOKE = "smoke", "感烟"
    HEAT = "heat", "感温"
    GAS = "gas", "燃气"
    WATER = "water", "水浸"
    BUTTON = "button", "按钮"
    OTHER = "other", "其他"


class PathKind(Word):
    """传输路径: what carries a panel's messages."""

    WIRED_IP = "wired_ip", "有线 IP"
    GPRS = "gprs", "GPRS"
    LTE = "4g", "4G"
    NR = "5g", "5G"
    NB_IOT = "nb_iot", "NB-IoT"
    PSTN = "pstn", "电话线"


class PathCategory(Word):
    """Categories in the style of EN 50136-1: single path SP, dual path DP; the time until a loss must be known."""

    SP1 = "SP1", "SP1（32 天）"
    SP2 = "SP2", "SP2（25 小时）"
    SP3 = "SP3", "SP3（30 分钟）"
    SP4 = "SP4", "SP4（3 分钟）"
    SP5 = "SP5", "SP5（90 秒）"
    SP6 = "SP6", "SP6（20 秒）"
    DP1 = "DP1", "DP1（25 小时）"
    DP2 = "DP2", "DP2（30 分钟）"
    DP3 = "DP3", "DP3（3 分钟）"
    DP4 = "DP4", "DP4（90 秒）"


class MomentKind(Word):
    """What a schedule says of a span of time."""

    MUST_OPEN = "must_open", "应撤防"
    """The site is opened within it."""
    MAY_OPEN = "may_open", "可撤防"
    """It may be opened and closed within it."""
    MUST_CLOSE = "must_close", "应布防"
    """It is closed from its beginning to its end."""
    NO_ACTIVITY = "no_activity", "禁止活动"
    """It is neither opened nor closed within it."""
    TEMP_OPEN = "temp_open", "临时撤防"
    """The named users may open within it, whatever else holds."""


class Listener(Word):
    """接入协议 of a panel: the listener that hears it."""

    DC09 = "dc09", "SIA DC-09"
    SURGARD = "surgard", "Sur-Gard MLR2"
    ADEMCO685 = "ademco685", "Ademco 685"
