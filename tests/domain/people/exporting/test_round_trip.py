"""People who are exported and imported again are unchanged, whatever is known of them; and numbers go out on record."""

import string
from datetime import date
from io import BytesIO
from typing import Any

import openpyxl
import pytest
from django.db import transaction
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from lianjing.core.refusals import Refused
from lianjing.core.viewer import Forbidden, Viewer
from lianjing.core.workbooks.planning import File
from lianjing.core.workbooks.writing import Form, write_template
from lianjing.domain.companies.models import Company
from lianjing.domain.people.exporting.actions import Wanted, export_people
from lianjing.domain.people.fact_kinds import SPECS, Part
from lianjing.domain.people.fact_policy import NewFact
from lianjing.domain.people.facts import fact_row
from lianjing.domain.people.identity_policy import identity_of
from lianjing.domain.people.importing.columns import PEOPLE, SHEETS
from lianjing.domain.people.models import StaffFact, StaffMember
from lianjing.domain.people.staff import put_identity
from lianjing.domain.records.models import Record
from lianjing.terms.staffing import StaffFactKind, Subject
from tests.cast import NOON, SYSTEM, Cast
from tests.domain.people.importing.sheets import look, people, person, take
from tests.domain.people.test_staff import number_for
from tests.domain.sites.importing.books import counted, sentences

pytestmark = pytest.mark.django_db


def exported(company: Company, wanted: Wanted, viewer: Viewer = SYSTEM) -> bytes:
    into = BytesIO()
    export_people(company.pk, into, wanted, by=viewer, at=NOON, source="test")
    return into.getvalue()


texts = st.text(st.characters(codec="utf-8", categories=("L", "P", "S", "Z", "M", "Cf")), max_size=20)
names = texts.filter(str.strip) | st.sampled_from(["=1+1", "-5", "0012", "#REF!", "a\nb", " x ", "1.50"])
codes = st.text(string.ascii_letters + string.digits + "-_./甲乙", min_size=1, max_size=12)
days = st.none() | st.dates(date(1990, 1, 1), date(2099, 1, 1))
hours = st.integers(1, 4000).map(lambda halves: halves / 2)
subjects = st.lists(st.sampled_from([subject.value for subject in Subject]), min_size=1, unique=True)


@st.composite
def facts(draw: Any) -> NewFact:
    """Anything that the tables hold of one kind."""
    kind = draw(st.sampled_from([kind for kind in StaffFactKind if kind != StaffFactKind.IDENTITY]))
    spec = SPECS[kind]
    begins, until = sorted([draw(days), draw(days)], key=lambda day: day or date.max)
    told: dict[Part, Any] = {
        Part.VALUE: draw(st.sampled_from([word.value for word in spec.values]) if spec.values else names),
        Part.NUMBER: draw(codes),
        Part.ISSUER: draw(texts),
        Part.FROM: draw(st.sampled_from([begins, None])),
        Part.UNTIL: until,
    }
    if kind == StaffFactKind.NATIONALITY:
        told[Part.VALUE] = draw(st.sampled_from(["CHN", "USA"]))
    plain = {part.value: told[part] for part in spec.takes if part in told}
    details = {"hours": draw(hours), "subjects": draw(subjects), "content": draw(texts), "level": draw(texts)}
    return NewFact(kind, **plain, details={k: v for k, v in details.items() if Part(k) in spec.takes})


def furnish(cast: Cast, draw: Any) -> None:
    for place, staff_no in enumerate(draw(st.lists(codes, min_size=2, max_size=3, unique=True))):
        member = StaffMember(
            company=cast.company, staff_no=staff_no, added_at=NOON, name=draw(names), notes=draw(texts)
        )
        member.phone = draw(st.sampled_from(["", "13800138000", "0575-88888888 转 12"]))
        member.user = cast.users["olivia"] if place == 0 else None
        if draw(st.booleans()):
            put_identity(member, identity_of(number_for(date(1990, 1, 1), place), date(2026, 1, 1)))
        member.save()
        for fact in draw(st.lists(facts(), max_size=12)):
            fact_row(member, fact, SYSTEM, NOON).save()


@settings(
    max_examples=25,
    deadline=None,
    phases=(Phase.explicit, Phase.generate),
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(data=st.data(), labels=st.booleans(), identity=st.booleans())
def test_an_export_that_is_imported_again_changes_nothing(
    cast: Cast, data: st.DataObject, labels: bool, identity: bool
) -> None:
    with transaction.atomic():
        furnish(cast, data.draw)
        wanted = Wanted(Form(labels=labels), identity, "核对" if identity else "")
        outcome = look(cast.company, File("people.xlsx", exported(cast.company, wanted)))
        found = (sentences(outcome), [(c.key, c.before, c.after) for c in outcome.plan.changes])
        transaction.set_rollback(True)
    assert found == ([], [])


def test_an_imported_sheet_comes_out_as_it_went_in(cast: Cast) -> None:
    row = person(1)
    take(cast.company, people(row))
    page = openpyxl.load_workbook(BytesIO(exported(cast.company, Wanted(Form()))))["people"]
    heads, cells = ([cell.value for cell in line] for line in page.iter_rows())
    assert heads == [column.header for column in PEOPLE.columns]
    out = dict(zip((column.key for column in PEOPLE.columns), cells, strict=True))
    assert (out["staff_no"], out["identity_no"], out["education"], out["training_hours"], out["left_on"]) == (
        "001",
        None,
        "senior_middle",
        40,
        None,
    )
    assert out["certificate_until"].date() == date(2030, 2, 19)


def test_numbers_go_out_for_a_recorded_reason_only_and_each_is_a_recorded_reveal(cast: Cast) -> None:
    take(cast.company, people(person(1), person(2)))
    mia = cast.viewer("mia")
    with pytest.raises(Refused):
        exported(cast.company, Wanted(Form(), True, " "), mia)
    with pytest.raises(Forbidden):
        exported(cast.company, Wanted(Form(), True, "报备"), cast.viewer("ada"))
    assert not Record.objects.filter(action="workbook.exported").exists()
    page = openpyxl.load_workbook(BytesIO(exported(cast.company, Wanted(Form(), True, "报备"), mia)))["people"]
    assert page["C2"].value == person(1)[2]
    told = Record.objects.get(action="workbook.exported")
    assert (told.actor_name, told.after) == ("Mia", {"people": 2, "identity": True, "reason": "报备"})
    reveals = Record.objects.filter(action="staff.identity_revealed")
    assert [record.after for record in reveals] == [{"reason": "报备", "export": True}] * 2


def test_only_who_may_exports_and_no_stranger_is_in_it(cast: Cast) -> None:
    take(cast.company, people(person(1)))
    take(cast.other, people(person(2)))
    for name in ("leo", "olivia", "sam", "polly"):
        with pytest.raises(Forbidden):
            exported(cast.company, Wanted(Form()), cast.viewer(name))
    page = openpyxl.load_workbook(BytesIO(exported(cast.company, Wanted(Form()), cast.viewer("mia"))))["people"]
    assert [row[0].value for row in page.iter_rows(min_row=2)] == ["001"]


def test_a_template_is_imported_as_nothing(cast: Cast) -> None:
    into = BytesIO()
    write_template(SHEETS.values(), into, Form(labels=True))
    outcome = look(cast.company, File("template.xlsx", into.getvalue()))
    assert (sentences(outcome), counted(outcome)) == ([], (0, 0, 0))
    assert StaffFact.objects.count() == 0
