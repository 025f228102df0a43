"""What is exported and imported again changes nothing, whatever stands in the company."""

import string
from datetime import date, time
from io import BytesIO
from typing import Any

import openpyxl
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from lianjing.core.viewer import Viewer
from lianjing.core.workbooks.planning import File, Outcome
from lianjing.core.workbooks.writing import Form, write_template
from lianjing.domain.companies.models import Company
from lianjing.domain.sites.exporting.workbook import write_export
from lianjing.domain.sites.importing.columns import SHEETS
from lianjing.domain.sites.models import (
    Area,
    Contact,
    Contract,
    ContractState,
    Customer,
    Drawing,
    Panel,
    ScheduleMoment,
    Site,
    TransmissionPath,
    Zone,
)
from lianjing.terms.premises import (
    ContractStanding,
    Listener,
    MomentKind,
    PathCategory,
    PathKind,
    Principle,
    SiteKind,
    ZoneKind,
)
from tests.cast import NOON, SYSTEM, Cast
from tests.domain.sites.importing.books import counted, look, sentences

pytestmark = pytest.mark.django_db


def exported(company: Company, form: Form, viewer: Viewer = SYSTEM) -> bytes:
    into = BytesIO()
    write_export(viewer, company.pk, into, form)
    return into.getvalue()


def again(company: Company, form: Form, viewer: Viewer = SYSTEM) -> Outcome:
    return look(company, File("book.xlsx", exported(company, form, viewer)), viewer)


# A company of anything that the tables allow

texts = st.text(st.characters(codec="utf-8", categories=("L", "N", "P", "S", "Z", "M", "Cf")), max_size=20)
names = texts.filter(str.strip) | st.sampled_from(["=1+1", "-5", "0012", "#REF!", "是", "TRUE", "a\nb", " x ", "1.50"])
codes = st.text(string.ascii_letters + string.digits + "-_./甲乙", min_size=1, max_size=12)
numbers = st.text("0123456789ABC", min_size=1, max_size=4).map(lambda text: text.lstrip("0") or "0")
days = st.dates(date(1990, 1, 1), date(2100, 1, 1))
clocks = st.times().map(lambda t: t.replace(second=0, microsecond=0))


def words(kind: Any) -> st.SearchStrategy[str]:
    return st.sampled_from([word.value for word in kind])


def maybe(values: st.SearchStrategy[Any], none: Any = None) -> st.SearchStrategy[Any]:
    return st.just(none) | values


customers = st.fixed_dictionaries({"name": names, "kind": words(SiteKind), "notes": texts})
places = st.fixed_dictionaries(
    {
        "name": names,
        "kind": words(SiteKind),
        "address": texts,
        "division": st.sampled_from(["", "330602", "110000"]),
        "police_station": texts,
        "access_notes": texts,
        "key_location": texts,
        "is_key_site": st.booleans(),
    }
)
positions = maybe(st.tuples(st.floats(74, 135), st.floats(4, 53)), (None, None))
panels = st.fixed_dictionaries(
    {
        "model": texts,
        "receiver_line": texts.map(lambda t: "".join(t.split())[:16]),
        "test_interval": maybe(st.integers(1, 46080)),
        "plain_allowed": st.booleans(),
    }
)
paths = st.fixed_dictionaries(
    {
        "kind": words(PathKind),
        "transport": st.sampled_from(["", "tcp"]),
        "interval_s": st.integers(5, 86400),
        "misses": st.integers(1, 20),
        "category": maybe(words(PathCategory), ""),
    }
)
zones = st.fixed_dictionaries(
    {
        "name": texts,
        "kind": words(ZoneKind),
        "principle": maybe(words(Principle), ""),
        "always_on": st.booleans(),
        "disabled_at": maybe(st.just(NOON)),
        "detector": texts,
        "camera": texts,
        "x": maybe(st.floats(0, 1)),
        "y": maybe(st.floats(0, 1)),
    }
)
contacts = st.fixed_dictionaries(
    {
        "name": names,
        "role": texts,
        "phone": st.sampled_from(["13800138000", "0575-88888888 转 12", "+86 138 0013 8000", "110"]),
        "notes": texts,
        "verified_on": maybe(days),
    }
)
hours = maybe(st.tuples(clocks, clocks), (None, None))
contracts = st.fixed_dictionaries(
    {
        "service_items": texts,
        "service_plan": texts,
        "fee": maybe(st.decimals(0, 10**9, places=2)),
        "signed_on": maybe(days),
        "starts_on": maybe(days.map(lambda d: d.replace(year=2000))),
        "ends_on": maybe(days.map(lambda d: d.replace(year=2050, day=1))),
    }
)


def furnish(company: Company, draw: Any) -> None:
    """One customer with two sites, two panels on one account, and everything beside them."""
    customer = Customer.objects.create(company=company, code=draw(codes), **draw(customers))
    sites = []
    for code in draw(st.lists(codes, min_size=2, max_size=2, unique=True)):
        east, north = draw(positions)
        where = {"longitude": east, "latitude": north}
        sites.append(Site.objects.create(company=company, customer=customer, code=f"T{code}", **where, **draw(places)))
    contract = Contract.objects.create(company=company, customer=customer, number=draw(codes), **draw(contracts))
    contract.sites.set(draw(st.lists(st.sampled_from(sites), unique=True)))
    ContractState.objects.create(contract=contract, state=draw(words(ContractStanding)), starts_on=draw(days))
    made = [
        Panel.objects.create(
            site=sites[0], account="00A1", listener=listener.value, added_at=NOON, changed_at=NOON, **draw(panels)
        )
        for listener in (Listener.DC09, Listener.SURGARD)
    ]
    if draw(st.booleans()):
        Panel.objects.filter(pk=made[1].pk).update(backup_of=made[0])
    for place, path in enumerate(draw(st.lists(paths, max_size=3, unique_by=lambda path: tuple(path.values()))), 1):
        TransmissionPath.objects.create(panel=made[0], place=place, **path)
    furnish_zones(made, draw)
    for place, contact in enumerate(draw(st.lists(contacts, max_size=3))):
        since, until = draw(hours)
        Contact.objects.create(site=sites[0], place=place, reachable_from=since, reachable_until=until, **contact)
    # Of one kind: what may be opened and what is forbidden at once would be refused.
    kind = draw(st.sampled_from([MomentKind.MAY_OPEN, MomentKind.NO_ACTIVITY]))
    for begins, ends in draw(
        st.lists(st.tuples(clocks, clocks).filter(lambda t: t[0] != t[1]), max_size=2, unique=True)
    ):
        told = draw(days_texts)
        ScheduleMoment.objects.create(
            site=sites[1], kind=kind.value, days=told, begins=begins, ends=ends, tolerance=draw(st.integers(0, 720))
        )


days_texts = st.sampled_from(["daily", "1-5", "workday", "holiday", "2026-10-01..2026-10-07", "6,7"])


def furnish_zones(made: list[Panel], draw: Any) -> None:
    drawing = Drawing.objects.create(site=made[0].site, name="一层", image="x.png", width=10, height=10, added_at=NOON)
    rows = []
    for panel in made:
        Area.objects.create(panel=panel, number="1", name=draw(texts))
        Zone.objects.create(panel=panel, address_kind="user", number=draw(numbers), name=draw(texts))
        for number in draw(st.lists(numbers, max_size=3, unique=True)):
            more = {"area": draw(maybe(st.just("1"), "")), "drawing": draw(maybe(st.just(drawing)))}
            rows.append(Zone.objects.create(panel=panel, number=number, **more, **draw(zones)))
    for zone in rows:
        zone.neighbours.set([other for other in draw(st.lists(st.sampled_from(rows))) if other != zone])


@settings(
    max_examples=12,
    deadline=None,
    phases=(Phase.explicit, Phase.generate),
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(data=st.data(), labels=st.booleans())
def test_an_export_that_is_imported_again_changes_nothing(cast: Cast, data: st.DataObject, labels: bool) -> None:
    from django.db import transaction

    with transaction.atomic():
        furnish(cast.company, data.draw)
        outcome = again(cast.company, Form(labels=labels))
        found = (sentences(outcome), [(c.sheet, c.key, c.before, c.after) for c in outcome.plan.changes])
        transaction.set_rollback(True)
    assert found == ([], [])


@pytest.mark.parametrize("name", ["leo", "mia", "ada"])
def test_what_a_person_may_export_he_may_import_again_without_harm(cast: Cast, name: str) -> None:
    outcome = again(cast.company, Form(labels=True), cast.viewer(name))
    assert (sentences(outcome), counted(outcome)[:2]) == ([], (0, 0))


def test_the_workbook_has_every_sheet_and_column_by_both_names_and_choices_to_pick(cast: Cast) -> None:
    book = openpyxl.load_workbook(BytesIO(exported(cast.company, Form())))
    assert book.sheetnames == list(SHEETS)
    for key, sheet in SHEETS.items():
        assert [cell.value for cell in book[key][1]] == [column.header for column in sheet.columns]
        assert book[key].freeze_panes == "A2"
        picks = {rule.formula1 for rule in book[key].data_validations.dataValidation}
        wanted = {f'"{",".join(word.value for word in c.words)}"' for c in sheet.columns if c.words}
        assert wanted <= picks


def test_an_export_has_leading_zeros_stored_values_and_neither_keys_nor_pass_words(cast: Cast) -> None:
    panel = Panel.objects.get(account="1001")
    Panel.objects.filter(pk=panel.pk).update(account="0012", key_sealed="v1:secret")
    Contact.objects.update(pass_word="hashed", duress_word="hashed")
    book = openpyxl.load_workbook(BytesIO(exported(cast.company, Form())))
    rows = {key: [[cell.value for cell in row] for row in book[key]] for key in SHEETS}
    assert rows["panels"][1][:4] == ["0012", "S1001", "dc09", None]
    assert rows["zones"][1][:6] == ["0012", "3", "front door", "intrusion", "magnetic", False]
    assert "secret" not in str(rows)
    assert "hashed" not in str(rows)


def test_a_template_is_imported_as_nothing(cast: Cast) -> None:
    into = BytesIO()
    write_template(SHEETS.values(), into, Form(labels=True))
    outcome = look(cast.company, File("template.xlsx", into.getvalue()))
    assert (sentences(outcome), counted(outcome)) == ([], (0, 0, 0))


def test_an_hour_that_ends_the_day_goes_out_as_24(cast: Cast) -> None:
    ScheduleMoment.objects.create(site=cast.shop, kind="may_open", days="daily", begins=time(0), ends=time(0))
    book = openpyxl.load_workbook(BytesIO(exported(cast.company, Form())))
    assert [cell.value for cell in book["schedules"][2]][4:6] == ["00:00", "24:00"]
    assert counted(again(cast.company, Form()))[:2] == (0, 0)
