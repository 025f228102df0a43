"""A department or post that is called otherwise since a day is called so wherever it is named."""

from datetime import date
from typing import Any

import pytest

from lianjing.domain.assessments.queries import EntriesWanted, entries, entry_by_id, post_offers
from lianjing.domain.assessments.supervising import NewEntry, log_supervision
from lianjing.domain.companies.departments import add_department, add_post, change_department, change_post
from lianjing.domain.companies.models import Department, Post
from lianjing.domain.companies.versions import Span
from lianjing.domain.documents.distributing import Whom, distribute_document
from lianjing.domain.documents.document_list import DocumentsWanted, documents
from lianjing.domain.documents.keeping import set_owner
from lianjing.domain.documents.queries import document_page
from lianjing.domain.facilities.equipment_list import equipment_by_id
from lianjing.domain.findings.actions import Assignment, assign_finding
from lianjing.domain.findings.queries import FindingsWanted, finding_by_id, findings
from lianjing.domain.people.appointments import Appointed, appoint
from lianjing.domain.people.holdings import held_by
from lianjing.domain.people.subject_pages import appointment_by_id
from tests.cast import NOON, Cast
from tests.domain.documents.written import document
from tests.domain.facilities.equipped import piece
from tests.domain.findings.found import DUE, moved_to, owner

TODAY = date(2026, 11, 22)


class Renamed:
    """技术部 with its 技术员, to be called 运维部 and 运维员."""

    def __init__(self, cast: Cast) -> None:
        self.cast, self.viewer = cast, cast.viewer("mia")
        self.who: dict[str, Any] = {"by": self.viewer, "at": NOON}
        span = Span(date(2026, 1, 1))
        named = {"name": "技术部", "kind": "technical"}
        self.department: Department = add_department(cast.company.pk, named, span, **self.who)
        self.post: Post = add_post(self.department.pk, {"title": "技术员"}, span, **self.who)

    def rename(self) -> None:
        change_department(self.department.pk, {"name": "运维部"}, TODAY, **self.who)
        change_post(self.post.pk, {"title": "运维员"}, TODAY, **self.who)


@pytest.fixture
def it(cast: Cast) -> Renamed:
    return Renamed(cast)


def test_a_document_names_it_so(it: Renamed) -> None:
    one = document(it.cast)
    set_owner(one.pk, "001", it.department.pk, TODAY, **it.who)
    distribute_document(one.pk, Whom(post_id=it.post.pk, department_id=it.department.pk), 7, **it.who)
    it.rename()
    [line] = documents(it.viewer, DocumentsWanted(), TODAY)
    page = document_page(it.viewer, one.pk, TODAY)
    assert page is not None
    given = [str(row.post or row.department) for row in page.distributions]
    assert (str(line.document.department), str(page.document.department), given) == (
        "运维部",
        "运维部",
        ["运维员", "运维部"],
    )


def test_a_finding_names_it_so(it: Renamed) -> None:
    one = moved_to(it.cast, "confirmed")
    assign_finding(one.pk, Assignment(owner(it.cast).staff_no, DUE, it.department.pk), **it.who)
    it.rename()
    [line] = findings(it.viewer, FindingsWanted(), TODAY)
    page = finding_by_id(it.viewer, one.pk, TODAY)
    assert page is not None
    assert (str(line.finding.department), str(page.finding.department)) == ("运维部", "运维部")


def test_a_piece_of_equipment_names_it_so(it: Renamed) -> None:
    one = piece(it.cast, department=it.department.pk)
    it.rename()
    line = equipment_by_id(it.viewer, one.pk, TODAY)
    assert line is not None
    assert str(line.piece.department) == "运维部"


def test_an_entry_of_the_supervision_log_names_it_so(it: Renamed) -> None:
    new = NewEntry(TODAY, it.department.pk, "交接班记录", "normal", post_id=it.post.pk)
    one = log_supervision(it.cast.company.pk, new, **it.who)
    it.rename()
    [line] = entries(it.viewer, EntriesWanted(it.cast.company.pk, TODAY, TODAY))
    page = entry_by_id(it.viewer, one.pk)
    assert page is not None
    assert [str(named) for row in (line, page) for named in (row.department, row.post)] == ["运维部", "运维员"] * 2


def test_who_holds_a_post_holds_it_by_that_name(it: Renamed) -> None:
    member = owner(it.cast)
    row = appoint(it.post.pk, Appointed(member.staff_no, Span(TODAY)), **it.who)
    it.rename()
    [held] = held_by(member, TODAY, NOON).appointments
    one = appointment_by_id(it.viewer, row.pk)
    assert one is not None
    assert [str(held.post), str(held.post.department), str(one.post)] == ["运维员", "运维部", "运维员"]
    assert post_offers(it.viewer, it.cast.company.pk, TODAY) == [(it.post.pk, "运维部 · 运维员")]


def test_a_post_that_moved_is_in_the_department_that_it_moved_to(it: Renamed) -> None:
    member = owner(it.cast)
    appoint(it.post.pk, Appointed(member.staff_no, Span(TODAY)), **it.who)
    other = add_department(it.cast.company.pk, {"name": "值守部", "kind": "other"}, Span(), **it.who)
    change_post(it.post.pk, {"department": other.pk}, TODAY, **it.who)
    [held] = held_by(member, TODAY, NOON).appointments
    assert str(held.post.department) == "值守部"
