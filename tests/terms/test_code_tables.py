"""Every listed code has a meaning, and the ones on which lives depend have the right one."""

import re
from pathlib import Path

import pytest

from lianjing.terms.code_tables import codes, meaning
from lianjing.terms.codes import AddressKind, EventClass, Grade, Phase, Scheme

CID, SIA = Scheme.CONTACT_ID, Scheme.SIA
CHINESE = re.compile(r"[\u4e00-\u9fff]")


def listed(scheme: Scheme) -> frozenset[str]:
    text = Path(__file__).with_name("listed_codes.txt").read_text(encoding="utf-8")
    return frozenset(text.split(f"[{scheme.value}]")[1].split("[")[0].split())


@pytest.mark.parametrize(("scheme", "count"), [(CID, 322), (SIA, 305)])
def test_every_listed_code_is_there(scheme: Scheme, count: int) -> None:
    assert len(listed(scheme)) == count
    assert codes(scheme) == listed(scheme)


@pytest.mark.parametrize("qualifier", ["1", "3", "6"])
def test_every_contact_id_code_says_something(qualifier: str) -> None:
    for code in codes(CID):
        row = meaning(CID, code, qualifier)
        assert (row.scheme, row.code, row.known) == (CID, code, True)
        assert CHINESE.search(row.zh), code
        assert row.en.isascii(), code
        assert row.en, code


@pytest.mark.parametrize("qualifier", ["N", "O"])
def test_every_sia_code_says_something(qualifier: str) -> None:
    for code in codes(SIA):
        row = meaning(SIA, code, qualifier)
        assert (row.scheme, row.code, row.known) == (SIA, code, True)
        assert CHINESE.search(row.zh), code
        assert row.en.isascii(), code
        assert row.en, code


@pytest.mark.parametrize("qualifier", ["1", "2", "3", "6"])
def test_every_code_of_heng_bo_says_something(qualifier: str) -> None:
    assert len(codes(Scheme.HENG_BO)) == 30
    for code in codes(Scheme.HENG_BO):
        row = meaning(Scheme.HENG_BO, code, qualifier)
        assert (row.scheme, row.code, row.known) == (Scheme.HENG_BO, code, True)
        assert CHINESE.search(row.zh), code
        assert row.en.isascii(), code


LIVES = [
    (Scheme.HENG_BO, "709", "1", EventClass.HOLD_UP, Grade.FIRST, "手机用户紧急求助"),
    (SIA, "HA", "N", EventClass.HOLD_UP, Grade.FIRST, "劫持报警"),
    (SIA, "PA", "N", EventClass.HOLD_UP, Grade.FIRST, "紧急按钮"),
    (SIA, "FA", "N", EventClass.FIRE, Grade.FIRST, "火警"),
    (SIA, "KA", "N", EventClass.FIRE, Grade.FIRST, "温感报警"),
    (SIA, "SA", "N", EventClass.FIRE, Grade.FIRST, "喷淋报警"),
    (SIA, "GA", "N", EventClass.FIRE, Grade.FIRST, "燃气泄漏报警"),
    (SIA, "MA", "N", EventClass.MEDICAL, Grade.FIRST, "医疗求助"),
    (SIA, "QA", "N", EventClass.MEDICAL, Grade.FIRST, "紧急求助"),
    (SIA, "BV", "N", EventClass.INTRUSION, Grade.FIRST, "入侵已确认"),
    (SIA, "BA", "N", EventClass.INTRUSION, Grade.SECOND, "入侵报警"),
    (SIA, "TA", "N", EventClass.TAMPER, Grade.SECOND, "防拆报警"),
    (SIA, "YC", "N", EventClass.FAULT, Grade.THIRD, "通信失败"),
    (SIA, "AT", "N", EventClass.FAULT, Grade.FOURTH, "市电中断"),
    (CID, "100", "1", EventClass.MEDICAL, Grade.FIRST, "医疗求助"),
    (CID, "110", "1", EventClass.FIRE, Grade.FIRST, "火警"),
    (CID, "120", "1", EventClass.HOLD_UP, Grade.FIRST, "紧急按钮"),
    (CID, "121", "1", EventClass.HOLD_UP, Grade.FIRST, "胁迫密码"),
    (CID, "129", "1", EventClass.HOLD_UP, Grade.FIRST, "紧急报警已确认"),
    (CID, "130", "1", EventClass.INTRUSION, Grade.SECOND, "入侵报警"),
    (CID, "137", "1", EventClass.TAMPER, Grade.SECOND, "布防状态下防拆报警"),
    (CID, "139", "1", EventClass.INTRUSION, Grade.FIRST, "入侵已确认"),
    (CID, "151", "1", EventClass.FIRE, Grade.FIRST, "燃气泄漏报警"),
    (CID, "162", "1", EventClass.FIRE, Grade.FIRST, "一氧化碳报警"),
    (CID, "301", "1", EventClass.FAULT, Grade.FOURTH, "市电中断"),
    (CID, "311", "1", EventClass.FAULT, Grade.THIRD, "电池缺失或耗尽"),
    (CID, "350", "1", EventClass.FAULT, Grade.THIRD, "通信故障"),
]


@pytest.mark.parametrize(("scheme", "code", "qualifier", "event_class", "grade", "zh"), LIVES)
def test_what_lives_depend_on(
    scheme: Scheme, code: str, qualifier: str, event_class: EventClass, grade: Grade, zh: str
) -> None:
    row = meaning(scheme, code, qualifier)
    assert (row.event_class, row.grade, row.phase, row.zh) == (event_class, grade, Phase.RAISED, zh)


def test_no_alarm_family_hides_below_its_grade() -> None:
    """Hold-up, and everything that a fire or gas detector raises, is of grade 1; exceptions are named here."""
    lesser = {"126", "118", "205"}  # suspicion, fire pre-alarm, pump running
    for scheme, qualifier in ((CID, "1"), (SIA, "N")):
        for code in codes(scheme):
            row = meaning(scheme, code, qualifier)
            if row.event_class in (EventClass.HOLD_UP, EventClass.FIRE) and row.phase is Phase.RAISED:
                assert row.grade is (Grade.SECOND if code in lesser else Grade.FIRST), code


@pytest.mark.parametrize(("code", "opening", "closing"), [("400", "撤防", "布防"), ("401", "用户撤防", "用户布防")])
def test_qualifier_one_opens_and_three_closes(code: str, opening: str, closing: str) -> None:
    opened, closed = meaning(CID, code, "1"), meaning(CID, code, "3")
    assert (opened.zh, opened.phase, opened.event_class) == (opening, Phase.RAISED, EventClass.OPEN_CLOSE)
    assert (closed.zh, closed.phase, closed.event_class) == (closing, Phase.RESTORED, EventClass.OPEN_CLOSE)


def test_openings_and_closings_say_which_they_are() -> None:
    for code in ("402", "403", "407", "408", "409", "441", "442", "443", "444", "450", "451", "452", "456"):
        assert "撤防" in meaning(CID, code, "1").zh
        assert "布防" in meaning(CID, code, "3").zh
    assert meaning(SIA, "OP", "N").zh == "撤防"
    assert meaning(SIA, "CL", "N").zh == "布防"


def test_a_restoral_says_so_and_asks_nobody_to_hurry() -> None:
    for code in codes(CID):
        began, ended = meaning(CID, code, "1"), meaning(CID, code, "3")
        assert ended.grade is Grade.FOURTH
        if began.phase is Phase.RAISED and code[0] in "123":
            assert ended.phase is Phase.RESTORED
            assert "恢复" in ended.zh or code in {"102", "205"}, code
    assert meaning(CID, "301", "3").zh == "市电中断恢复"
    assert (meaning(SIA, "BR", "N").phase, meaning(SIA, "BR", "N").grade) == (Phase.RESTORED, Grade.FOURTH)


def test_still_present_is_a_status_not_a_new_alarm() -> None:
    row = meaning(CID, "130", "6")
    assert (row.phase, row.grade, row.zh) == (Phase.NOTED, Grade.THIRD, "入侵报警（仍存在）")


def test_an_old_sia_event_counts_as_new_and_says_that_it_is_late() -> None:
    row = meaning(SIA, "BA", "O")
    assert (row.phase, row.grade, row.zh) == (Phase.RAISED, Grade.SECOND, "入侵报警（补报）")


@pytest.mark.parametrize(
    ("code", "event_class", "grade"),
    [
        ("109", EventClass.MEDICAL, Grade.FIRST),
        ("119", EventClass.FIRE, Grade.FIRST),
        ("12B", EventClass.HOLD_UP, Grade.FIRST),
        ("14F", EventClass.INTRUSION, Grade.SECOND),
        ("15F", EventClass.FAULT, Grade.THIRD),
        ("17B", EventClass.INTRUSION, Grade.SECOND),
        ("299", EventClass.FAULT, Grade.THIRD),
        ("399", EventClass.FAULT, Grade.THIRD),
        ("499", EventClass.OPEN_CLOSE, Grade.FOURTH),
        ("599", EventClass.BYPASS, Grade.FOURTH),
        ("699", EventClass.TEST, Grade.FOURTH),
        ("799", EventClass.SYSTEM, Grade.THIRD),
        ("999", EventClass.SYSTEM, Grade.THIRD),
    ],
)
def test_an_unknown_contact_id_code_is_judged_by_its_family(code: str, event_class: EventClass, grade: Grade) -> None:
    row = meaning(CID, code, "1")
    assert (row.known, row.event_class, row.grade, row.zh) == (False, event_class, grade, f"未识别的代码 {code}")


def test_an_unknown_code_is_never_lost_for_words() -> None:
    row = meaning(SIA, "XC", "N")
    assert (row.known, row.event_class, row.grade, row.zh) == (
        False,
        EventClass.SYSTEM,
        Grade.THIRD,
        "未识别的代码 XC",
    )
    assert meaning(CID, "199", "3").zh == "未识别的代码 199（恢复）"


def test_the_number_behind_a_code_is_named() -> None:
    kinds = {code: meaning(CID, code, "1").address_kind for code in ("130", "401", "121", "342")}
    assert kinds == {
        "130": AddressKind.ZONE,
        "401": AddressKind.USER,
        "121": AddressKind.USER,
        "342": AddressKind.NONE,
    }
    assert meaning(SIA, "DF", "N").address_kind is AddressKind.DEVICE
    assert meaning(SIA, "BV", "N").address_kind is AddressKind.AREA
