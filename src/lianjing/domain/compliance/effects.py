"""What a contract that begins or ends, and somebody who comes or goes, would mean for clause 5.2, in sentences."""

from dataclasses import dataclass
from datetime import date

from lianjing.core.viewer import Viewer, visible
from lianjing.domain.compliance.judging import said
from lianjing.domain.compliance.staff_known import PersonKnown, staff_known
from lianjing.domain.compliance.table_1 import POSTS
from lianjing.domain.compliance.what_if import Staffed, customers_told, post_told, standing_told
from lianjing.domain.sites.in_service import covering, customers_in_service, serving
from lianjing.domain.sites.models import Customer, Site
from lianjing.terms.premises import CustomerUnit
from lianjing.terms.sentences import Phrase
from lianjing.terms.sentences import marked as _
from lianjing.terms.staffing import PostKind

SEE = "compliance.see"
Told = list[Phrase]


@dataclass(frozen=True, slots=True)
class Agreed:
    """What counts of a contract. `site_ids` empty: all of the customer's. `contract_id` None: it is not on file yet."""

    customer_id: int
    site_ids: frozenset[int] = frozenset()
    contract_id: int | None = None


def staffed_on(viewer: Viewer, company_id: int, on: date) -> Staffed | None:
    """How the company stands on a day by what is known now; None for who may not see it."""
    served = customers_in_service(viewer, company_id, on) if viewer.scope(SEE).holds(company_id) else None
    if served is None:
        return None
    people: dict[PostKind, int] = {}
    for person in staff_known(viewer, company_id, on, None):
        people[person.post] = people.get(person.post, 0) + person.answer.eligible
    return Staffed(served.counted, people)


def units_of(viewer: Viewer, company_id: int, agreed: Agreed, on: date) -> int:
    """How many 户 the contract alone is worth on that day: what no other contract in service counts for."""
    served = customers_in_service(viewer, company_id, on)
    mine = visible(Customer.objects.filter(company_id=company_id, pk=agreed.customer_id), viewer, "contracts.see")
    if served is None or not mine.exists():
        return 0
    others = serving(on).filter(company_id=company_id).exclude(pk=agreed.contract_id)
    if served.unit == CustomerUnit.CONTRACT:
        return 1
    if served.unit == CustomerUnit.CUSTOMER:
        return int(not others.filter(customer_id=agreed.customer_id).exists())
    sites = Site.objects.filter(company_id=company_id, customer_id=agreed.customer_id)
    if agreed.site_ids:
        sites = sites.filter(pk__in=agreed.site_ids)
    return sites.exclude(covering(others)).count()


def if_it_serves(viewer: Viewer, company_id: int, agreed: Agreed, on: date, lead: str) -> Told:
    """A contract that is not in service yet would be from that day on."""
    before = staffed_on(viewer, company_id, on)
    if before is None:
        return []
    after = before.serving(units_of(viewer, company_id, agreed, on))
    return list(customers_told(Phrase(lead), before, after))


def if_it_stops(viewer: Viewer, company_id: int, agreed: Agreed, on: date, lead: str) -> Told:
    """A contract that is in service would no longer be."""
    before = staffed_on(viewer, company_id, on)
    if before is None:
        return []
    after = before.serving(-units_of(viewer, company_id, agreed, on))
    return list(customers_told(Phrase(lead), before, after))


def without(viewer: Viewer, company_id: int, member_id: int, on: date, lead: str) -> Told:
    """Somebody would no longer count from that day on."""
    before = staffed_on(viewer, company_id, on)
    if before is None:
        return []
    person = _counting(viewer, company_id, member_id, on)
    if person is None:
        return [said(_("%(day)s 他不计入表 1 的人数，不改变 5.2。"), day=str(on))]
    return [post_told(Phrase(lead), person.post, before.staffed(person.post, -1))]


def joining(viewer: Viewer, company_id: int, post: PostKind | None, on: date) -> Told:
    """Somebody new would count from that day on, once he is eligible. `post` None: it is not chosen yet."""
    return _once_eligible(staffed_on(viewer, company_id, on), post, _("新登记的人符合 5.1 的全部条件后才计入；计入后"))


def in_post(viewer: Viewer, company_id: int, member_id: int, post: PostKind | None, on: date) -> Told:
    """Somebody who is on file would be in the post from that day on. `post` None: in the one that he has."""
    before = staffed_on(viewer, company_id, on)
    person = _counting(viewer, company_id, member_id, on) if before else None
    if before is None or person is None:
        return _once_eligible(before, post, _("他符合 5.1 的全部条件后才计入；计入后"))
    if post in (None, person.post):
        return [post_told(Phrase(_("他已计入：")), person.post, before)]
    told = [post_told(Phrase(_("转岗后")), person.post, before.staffed(person.post, -1))]
    return told + ([post_told(Phrase(_("转岗后")), post, before.staffed(post, +1))] if post in POSTS else [])


def _once_eligible(before: Staffed | None, post: PostKind | None, lead: str) -> Told:
    if before is None:
        return []
    if post is None:
        return [*standing_told(before), said(_("在三类岗位并符合 5.1 的全部条件的人才计入。"))]
    if post not in POSTS:
        return [said(_("“%(post)s”不在表 1 之内，不改变 5.2。"), post=Phrase(post.zh))]
    return [post_told(Phrase(_("现在")), post, before), post_told(Phrase(lead), post, before.staffed(post, +1))]


def _counting(viewer: Viewer, company_id: int, member_id: int, on: date) -> PersonKnown | None:
    people = staff_known(viewer, company_id, on, None)
    return next((one for one in people if one.member_id == member_id and one.answer.eligible), None)
