"""The sheet `customers`."""

from lianjing.core.pinyin import initials_of
from lianjing.domain.sites.importing import standing
from lianjing.domain.sites.importing.columns import CUSTOMERS
from lianjing.domain.sites.importing.entering.scene import Scene
from lianjing.domain.sites.models import Customer


def enter_customers(scene: Scene) -> None:
    """Also finds the customers that other sheets name."""
    rows = scene.book.rows("customers")
    named = [row for sheet in ("contracts", "sites") for row in scene.book.rows(sheet)]
    codes = [row.values["code"] for row in rows if "code" in row.values]
    codes += [row.values["customer"] for row in named if "customer" in row.values]
    scene.customers = standing.customers(scene.viewer, scene.company_id, codes)
    for row in rows:
        code = row.values.get("code")
        if code is None or not scene.is_new_here("customers", row, code, code):
            continue
        customer = scene.customers.get(code)
        if customer is None:
            customer = Customer(company_id=scene.company_id, code=code, name=code)
            scene.customers[code] = customer
        change = scene.change(CUSTOMERS, row, code, customer)
        if customer.pk is None or "name" in change.fields:
            customer.initials = initials_of(customer.name)
            change.fields.append("initials")
        scene.settle(row, change)
