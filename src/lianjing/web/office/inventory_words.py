"""Words for the register of equipment: acts, fields, how a piece stands and what of it ends."""

from collections.abc import Mapping

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as later

from lianjing.domain.facilities.equipment_policy import End
from lianjing.domain.facilities.models import Equipment
from lianjing.terms.equipment import CertificateKind, EquipmentEnd, EquipmentKind, EquipmentState, MaintenanceResult
from lianjing.terms.premises import Word
from lianjing.web.words import Words, label

ACTS: Words = {
    "equipment.added": later("登记装备"),
    "equipment.changed": later("修改装备"),
    "equipment.ended": later("停用装备"),
    "equipment.certified": later("登记证书"),
    "equipment.certificate_corrected": later("更正证书"),
    "equipment.certificate_retracted": later("收回证书"),
    "equipment.maintained": later("登记维护"),
    "equipment.maintenance_retracted": later("收回维护记录"),
    "equipment.need_set": later("设定须有的证书"),
    "equipment.need_dropped": later("取消须有的证书"),
}
FIELDS: Words = {
    "manufacturer": later("厂家"),
    "serial": later("序列号"),
    "place_words": later("位置说明"),
    "plate": later("号牌"),
    "department": later("部门"),
    "keeper": later("责任人工号"),
    "manufactured_on": later("出厂日期"),
    "commissioned_on": later("启用日期"),
    "decommissioned_on": later("停用日期"),
    "warranty_until": later("保修至"),
    "life_months": later("使用年限（月）"),
    "cycle_months": later("维护周期（月）"),
    "cycle_source": later("周期出处"),
    "certificate": later("须有的证书"),
    "certificate_kind": later("证书种类"),
    "certificate_no": later("证书编号"),
    "certificate_issuer": later("出具单位"),
    "certificate_from": later("发证日期"),
    "certificate_until": later("证书到期日期"),
    "maintained_on": later("上次维护日期"),
    "maintained_by": later("维护人"),
    "done_on": later("维护日期"),
    "done_by": later("维护人"),
}
KINDS: tuple[type[Word], ...] = (EquipmentKind, CertificateKind)
TABLES: dict[str, tuple[type[Word], ...]] = {
    "certificate": (CertificateKind,),
    "certificate_kind": (CertificateKind,),
}
RESULTS: tuple[type[Word], ...] = (MaintenanceResult,)
STATES: Mapping[EquipmentState, tuple[str, str]] = {
    EquipmentState.PLANNED: ("○", "soft"),
    EquipmentState.IN_SERVICE: ("✓", "tone-ok"),
    EquipmentState.ENDED: ("–", "faint"),
}
TAB_WORDS = {
    "": later("全部"),
    "over": later("已过期、超期"),
    "7": later("7 天内"),
    "30": later("30 天内"),
    "90": later("90 天内"),
    "missing": later("缺证书"),
}
SOON = 30


def state_words(state: EquipmentState) -> dict[str, str]:
    sign, tone = STATES[state]
    return {"sign": sign, "tone": tone, "words": label(EquipmentState, state.value)}


def end_words(end: End) -> dict[str, str]:
    """✕ 证书已过期 3 天; ◐ 维护今天到期; 保修还有 80 天: with its tone and its day."""
    what = EquipmentEnd(end.what)
    named = {"what": label(EquipmentEnd, what.value), "days": abs(end.days_left)}
    if end.is_over:
        said, tone, sign = _("%(what)s已过 %(days)d 天"), "tone-bad", "✕"
    elif end.days_left == 0:
        said, tone, sign = _("%(what)s今天到期"), "tone-odd", "◐"
    else:
        said, tone, sign = _("%(what)s还有 %(days)d 天"), "tone-odd" if end.days_left <= SOON else "soft", "◐"
    return {"words": said % named, "tone": tone, "sign": sign if tone != "soft" else "", "day": str(end.day)}


def place_words(piece: Equipment, places: Mapping[int, str]) -> str:
    """Where it is: the place by its latest name, what was said besides, the plate of a vehicle."""
    parts = [places.get(piece.place_id or 0, ""), piece.place_words, piece.plate]
    return " · ".join(part for part in parts if part)


def months_words(months: int | None) -> str:
    """36 个月；满年的也写成年."""
    if not months:
        return "—"
    if months % 12 == 0:
        return _("%(count)d 年") % {"count": months // 12}
    return _("%(count)d 个月") % {"count": months}
