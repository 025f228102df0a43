"""The sheet `sites`."""

from lianjing.core.pinyin import initials_of
from lianjing.core.workbooks.planning import Change
from lianjing.core.workbooks.reading import Row
from lianjing.domain.sites.importing import standing
from lianjing.domain.sites.importing.columns import SITES
from lianjing.domain.sites.importing.entering.scene import Scene
from lianjing.domain.sites.models import Site
from lianjing.terms.divisions import division_words
from lianjing.terms.sentences import marked as _

CHINA_EAST = (73.0, 136.0)
CHINA_NORTH = (3.0, 54.0)
"""Degrees between which the country lies."""


def enter_sites(scene: Scene) -> None:
    """Also finds the sites that other sheets name."""
    rows = scene.book.rows("sites")
    codes = [row.values["code"] for row in rows if "code" in row.values]
    for sheet in ("panels", "contacts", "schedules"):
        codes += [row.values["site"] for row in scene.book.rows(sheet) if "site" in row.values]
    codes += [code for row in scene.book.rows("contracts") for code in row.values.get("sites", ())]
    scene.sites = standing.sites(scene.viewer, scene.company_id, codes)
    for row in rows:
        code = row.values.get("code")
        if code is not None and scene.is_new_here("sites", row, code, code):
            _enter(scene, row, code)


def _enter(scene: Scene, row: Row, code: str) -> None:
    site = scene.sites.get(code)
    if site is None:
        site = scene.sites[code] = Site(company_id=scene.company_id, code=code, name=code, added_at=scene.at)
        scene.needs("sites", row, "customer")
    change = scene.change(SITES, row, code, site)
    _enter_customer(scene, row, site, change)
    if site.pk is None or "name" in change.fields:
        site.initials = initials_of(site.name)
        change.fields.append("initials")
    if "is_key_site" in change.fields and site.pk and not site.is_key_site:
        change.weakens.append("不再是治安重点单位")
    if "division" in change.fields and not division_words(site.division):
        scene.fault("sites", row, "division", _("GB/T 2260 中没有代码 %(code)s。"), code=site.division)
    _check_position(scene, row, site)
    scene.settle(row, change)


def _enter_customer(scene: Scene, row: Row, site: Site, change: Change) -> None:
    customer = scene.customer_of("sites", row)
    if customer is None:
        return
    if site.pk is None:
        change.note("customer", None, customer.code)
        site.customer = customer
        if "kind" not in row.values:
            site.kind = customer.kind
    elif site.customer_id != customer.pk:
        told = _("场所属于客户 %(code)s（%(name)s），不能改属另一客户：请为另一客户登记新场所。")
        scene.fault("sites", row, "customer", told, code=site.customer.code, name=site.customer.name)


def _check_position(scene: Scene, row: Row, site: Site) -> None:
    if "longitude" in row.broken or "latitude" in row.broken:
        return
    east, north = site.longitude, site.latitude
    if (east is None) != (north is None):
        column = "longitude" if east is None else "latitude"
        scene.fault("sites", row, column, _("经度和纬度须一同填写。"))
        return
    if east is None or north is None or not {"longitude", "latitude"} & set(row.values):
        return
    if _in(CHINA_NORTH, east) and _in(CHINA_EAST, north):
        told = _("经度 %(east)s、纬度 %(north)s 像是填反了。")
        scene.fault("sites", row, "latitude", told, east=str(east), north=str(north))


def _in(span: tuple[float, float], degrees: float) -> bool:
    return span[0] <= degrees <= span[1]
