"""The classification of events and faults: shipped, written, approved by another, in force; and how codes were read."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from lianjing.core.outbox.models import Message
from lianjing.core.refusals import Missing, Refused
from lianjing.core.viewer import Forbidden
from lianjing.domain.signals.actions import CodeReading, override_code, restore_code
from lianjing.domain.signals.classification_list import (
    class_versions,
    classes_at,
    reading_changes,
    readings_at,
    rows_of,
)
from lianjing.domain.signals.classification_policy import ALARMS, ClassRow, as_kept, checked_rows, graded_pairs
from lianjing.domain.signals.classifying import (
    approve_classes,
    draft_classes,
    put_classes_in_force,
    save_classes,
    withdraw_classes,
)
from lianjing.domain.signals.default_classes import shipped_rows
from lianjing.domain.signals.models import Classification
from lianjing.terms.code_tables import codes, meaning
from lianjing.terms.codes import ALARM_CLASSES, EventClass, Grade, Phase, Scheme
from tests.cast import NOON, Cast


def as_(cast: Cast, name: str, at: datetime = NOON) -> dict[str, Any]:
    return {"by": cast.viewer(name), "at": at}


def own_classes(cast: Cast, at: datetime = NOON) -> Classification:
    """A version of the company's own, written by Leo and in force by Mia's hand."""
    version = draft_classes(cast.company.pk, **as_(cast, "leo", at))
    approve_classes(version.pk, **as_(cast, "mia", at))
    return put_classes_in_force(version.pk, **as_(cast, "mia", at))


def test_the_shipped_version_grades_whatever_the_tables_of_codes_raise() -> None:
    assert set(ALARMS) == ALARM_CLASSES
    assert as_kept(checked_rows(shipped_rows())) == as_kept(shipped_rows())
    tables = (scheme for scheme in Scheme if scheme is not Scheme.OTHER)
    rows = [meaning(scheme, code, qualifier) for scheme in tables for code in codes(scheme) for qualifier in "136NO"]
    raised = {(one.event_class.value, int(one.grade)) for one in rows if one.phase is Phase.RAISED and one.known}
    assert len(raised) > 15
    assert raised - graded_pairs(shipped_rows()) == set()


def test_a_version_begins_as_the_shipped_one_and_comes_into_force_by_another_s_hand(cast: Cast) -> None:
    version = draft_classes(cast.company.pk, **as_(cast, "leo"))
    assert (version.number, tuple(rows_of(cast.viewer("mia"), version))) == (2, shipped_rows())
    changed = [replace(row, words=f"{row.words}。") for row in shipped_rows()]
    save_classes(version.pk, changed, **as_(cast, "leo"))
    with pytest.raises(Forbidden):
        approve_classes(version.pk, **as_(cast, "leo"))
    approve_classes(version.pk, **as_(cast, "mia"))
    with pytest.raises(Refused, match="只有草稿能修改"):
        save_classes(version.pk, changed, **as_(cast, "leo"))
    put_classes_in_force(version.pk, **as_(cast, "mia"))
    assert Message.objects.filter(topic="classes.changed").count() == 4
    later = NOON + timedelta(days=1)
    second = draft_classes(cast.company.pk, **as_(cast, "leo", later))
    approve_classes(second.pk, **as_(cast, "mia", later))
    put_classes_in_force(second.pk, **as_(cast, "mia", later))
    withdraw_classes(second.pk, "no longer fits", **as_(cast, "mia", later + timedelta(days=1)))
    numbers = [
        found.number if found else None
        for days in (-1, 0, 1, 2)
        for found in [classes_at(cast.viewer("mia"), cast.company.pk, NOON + timedelta(days=days))]
    ]
    assert numbers == [None, 2, 3, None]


def test_whoever_wrote_at_it_does_not_approve_it_and_there_is_one_draft(cast: Cast) -> None:
    version = draft_classes(cast.company.pk, **as_(cast, "mia"))
    with pytest.raises(Refused, match="请另一人批准"):
        approve_classes(version.pk, **as_(cast, "mia"))
    with pytest.raises(Refused, match="已有一份草稿"):
        draft_classes(cast.company.pk, **as_(cast, "leo"))


def _without(event_class: str) -> list[ClassRow]:
    return [row for row in shipped_rows() if row.event_class != event_class]


@pytest.mark.parametrize(
    ("rows", "sentence"),
    [
        (_without("fire"), "缺：火警"),
        (_without("fault"), "至少要有一个故障事件"),
        ([*shipped_rows(), shipped_rows()[0]], "写了两次"),
        ([replace(shipped_rows()[0], grades={"1": " "}), *shipped_rows()[1:]], "至少要有一个级别"),
        ([replace(shipped_rows()[0], grades={"5": "x"}), *shipped_rows()[1:]], "至少要有一个级别"),
        ([replace(shipped_rows()[0], words=" "), *shipped_rows()[1:]], "填写每个类别的名称"),
        ([replace(shipped_rows()[0], covers="x" * 201), *shipped_rows()[1:]], "最多 200 个字"),
        ([replace(shipped_rows()[0], event_class="other"), *shipped_rows()[1:]], "没有这个类别"),
    ],
)
def test_what_cannot_be_a_classification_is_refused(cast: Cast, rows: list[ClassRow], sentence: str) -> None:
    version = draft_classes(cast.company.pk, **as_(cast, "leo"))
    with pytest.raises(Refused) as refused:
        save_classes(version.pk, rows, **as_(cast, "leo"))
    assert sentence in str(refused.value)
    assert Classification.objects.get().content_hash == version.content_hash


def test_how_a_code_was_read_can_be_asked_for_any_moment(cast: Cast) -> None:
    company, later = cast.company.pk, NOON + timedelta(days=2)
    override_code(company, CodeReading("SIA", "BA", EventClass.FIRE, Grade.FIRST), **as_(cast, "mia"))
    version = own_classes(cast, NOON + timedelta(days=1))
    override_code(company, CodeReading("SIA", "BA", EventClass.INTRUSION, Grade.THIRD), **as_(cast, "mia", later))
    restore_code(company, "SIA", "BA", **as_(cast, "mia", later + timedelta(days=1)))
    viewer = cast.viewer("mia")
    read = [readings_at(viewer, company, NOON + timedelta(days=days)) for days in (-1, 0, 2, 3)]
    place = ("SIA", "BA")
    assert read == [{}, {place: ("fire", 1)}, {place: ("intrusion", 3)}, {}]
    changes = [(one.classification, one.grade) for one in reading_changes(viewer, company)]
    assert changes == [(version, None), (version, 3), (None, 1)]
    with pytest.raises(Missing):
        restore_code(company, "SIA", "BA", **as_(cast, "mia", later))


def test_a_stranger_finds_nothing(cast: Cast) -> None:
    version = own_classes(cast)
    sam = cast.viewer("sam")
    assert (class_versions(sam, cast.company.pk), classes_at(sam, cast.company.pk, NOON)) == ([], None)
    with pytest.raises(Missing):
        withdraw_classes(version.pk, "no longer fits", **as_(cast, "sam"))
