"""The form of a site. Positions may be entered as maps for the public show them; they are kept as they really are."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as later

from lianjing.domain.sites.actions.sites import SITE_FIELDS
from lianjing.domain.sites.geo import Position, wgs84_of_gcj02
from lianjing.domain.sites.models import Site
from lianjing.domain.sites.site_policy import check_place, division_of
from lianjing.terms.divisions import division_words
from lianjing.terms.premises import SiteKind
from lianjing.web.office.forms import NOT_FILLED, OfficeForm, choice, text

GCJ02, WGS84 = "gcj02", "wgs84"


def _degrees(label: Any, hint: str) -> forms.FloatField:
    widget = forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off", "placeholder": hint})
    wrong = {**NOT_FILLED, "invalid": later("请填小数形式的度数，如 120.582633。")}
    return forms.FloatField(label=label, required=False, widget=widget, error_messages=wrong)


class SiteForm(OfficeForm):
    """What is told of a site itself; its equipment and contacts have forms of their own."""

    name = text(later("名称"), 100, required=True)
    code = text(later("场所编号"), 32, required=True, hint=later("本单位自己的编号，导入时凭它认出场所。"))
    kind = choice(later("类别"), SiteKind)
    is_key_site = forms.BooleanField(label=later("治安重点单位"), required=False)
    address = text(later("地址"), 200)
    division = text(later("行政区划"), 60, hint=later("6 位代码，或“绍兴市越城区”这样的名称。"))
    police_station = text(later("管辖派出所"), 100)
    longitude = _degrees(later("经度"), "120.582633")
    latitude = _degrees(later("纬度"), "29.988244")
    datum = forms.ChoiceField(
        label=later("所填坐标是"),
        choices=[
            (WGS84, later("WGS-84（GPS、北斗设备）")),
            (GCJ02, later("GCJ-02（高德、腾讯地图上点取）")),
        ],
        required=False,
        help_text=later("一律换算成 WGS-84 保存。选错会偏几百米。"),
        error_messages={"invalid_choice": later("没有这个选项。")},
    )
    access_notes = text(later("进出说明"), 500, lines=3, hint=later("门禁、车位、犬只等。修改记录里不显示内容。"))
    key_location = text(later("钥匙位置"), 100, hint=later("修改记录里不显示内容。"))

    def values(self) -> dict[str, Any]:
        """As the domain takes it. Raises Refused."""
        told = self.cleaned_data
        values = {name: told[name] for name in SITE_FIELDS}
        values["division"] = division_of(told["division"])
        check_place(values)
        if told["datum"] == GCJ02 and values["longitude"] is not None:
            place = wgs84_of_gcj02(Position(values["longitude"], values["latitude"]))
            values["longitude"], values["latitude"] = round(place.longitude, 7), round(place.latitude, 7)
        return values


def shown_values(site: Site) -> dict[str, Any]:
    """What the form shows of a site before anything is typed."""
    values = {name: getattr(site, name) for name in SITE_FIELDS}
    return {**values, "division": division_words(site.division) or site.division, "datum": WGS84}
