"""SIA data: several events, modifiers before and behind, text in three ways, slashes or none."""

import re

import pytest

from lianjing.protocols.sia_dcs import MOST_EVENTS, MOST_MODIFIERS, read_sia
from lianjing.terms.code_tables import codes
from lianjing.terms.codes import Phase, Scheme

Read = tuple[str, str | None, str | None, str | None]


def read(data: bytes) -> list[Read]:
    """code, area, address, text of each event of a block that was understood to the end."""
    events, complete = read_sia(data)
    assert complete
    return [(event.meaning.code, event.area, event.address, event.text) for event in events]


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (b"NBA1", [("BA", None, "1", None)]),
        (b"NRP", [("RP", None, None, None)]),
        (b"NNL2", [("NL", "2", "2", None)]),  # N + NL: an area is its own address
        (b"NFA129", [("FA", None, "129", None)]),  # N + FA, not NF
        (b"Nri1/BA003", [("BA", "1", "003", None)]),
        (b"Nri1HA1", [("HA", "1", "1", None)]),
        (b"NBA0B1", [("BA", None, "0B1", None)]),
        (b"NBAF1", [("BA", None, "F1", None)]),
        (b" Nri1 BA 003 ", [("BA", "1", "003", None)]),
        (b"Nri0A/BA1", [("BA", "0A", "1", None)]),
        (b"nri1/ba3", [("BA", "1", "3", None)]),
        (b"nBA3", [("BA", None, "3", None)]),
    ],
)
def test_one_event(data: bytes, expected: list[Read]) -> None:
    assert read(data) == expected


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (b"NBA1/BA2/TA3", [("BA", None, "1", None), ("BA", None, "2", None), ("TA", None, "3", None)]),
        (b"NBA1BA2", [("BA", None, "1", None), ("BA", None, "2", None)]),
        (b"Nri1/BA1/BV1", [("BA", "1", "1", None), ("BV", "1", "1", None)]),
        (b"Nri1/BA1/ri2/BA2", [("BA", "1", "1", None), ("BA", "2", "2", None)]),
        (b"NBA1/ri1", [("BA", "1", "1", None)]),
        (b"NBA1/ri1/BA2/ri2", [("BA", "1", "1", None), ("BA", "2", "2", None)]),
        (b"NBA1/BA2/ri1", [("BA", "1", "1", None), ("BA", "1", "2", None)]),
        (b"NBA1|NFA2", [("BA", None, "1", None), ("FA", None, "2", None)]),
        (b"Nri1/BA1/Ori2/FA2", [("BA", "1", "1", None), ("FA", "2", "2", None)]),
        (b"Nri 1/BA 1, BA2;", [("BA", "1", "1", None), ("BA", "1", "2", None)]),
        # A packet may say again that it is new: a fire alarm of zone 2, not a forced arming of area A2.
        (b"NBA1/NFA2", [("BA", None, "1", None), ("FA", None, "2", None)]),
        (b"NBA1NFA2", [("BA", None, "1", None), ("FA", None, "2", None)]),
        (b"Nri1/BA1/Nri2/FA2", [("BA", "1", "1", None), ("FA", "2", "2", None)]),
        (b"Nri1/OP1/NL2", [("OP", "1", "1", None), ("NL", "1", "2", None)]),
        (b"NBA1,BA2", [("BA", None, "1", None), ("BA", None, "2", None)]),
        # A text that nobody closes ends where the next event begins.
        (b"NBA1^Hall/FA2", [("BA", None, "1", "Hall"), ("FA", None, "2", None)]),
        (b"NUA1*'O'Brien's door'NM/FA2", [("UA", None, "1", "O'Brien's door"), ("FA", None, "2", None)]),
    ],
)
def test_several_events_and_the_areas_they_are_in(data: bytes, expected: list[Read]) -> None:
    assert read(data) == expected


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (b"Nri1CL0^VX FRONTE ^", [("CL", "1", "0", "VX FRONTE")]),
        (b"NRR|Atest / more", [("RR", None, None, "test / more")]),
        (b"NUA021*'detector hall'NM", [("UA", None, "021", "detector hall")]),
        (b"Nri01/CL003*''NM", [("CL", "01", "003", None)]),
        ("NBA5^大厅红外^".encode(), [("BA", None, "5", "大厅红外")]),
        ("NBA5^大厅红外^".encode("gb18030"), [("BA", None, "5", "大厅红外")]),
        (b"NBA1^Hall^/BA2^Door^", [("BA", None, "1", "Hall"), ("BA", None, "2", "Door")]),
        (b"NBA1^a^|Ab", [("BA", None, "1", "a b")]),
        (b"NBA1^never closed", [("BA", None, "1", "never closed")]),
    ],
)
def test_text(data: bytes, expected: list[Read]) -> None:
    assert read(data) == expected


def test_the_name_of_an_area_stays_beside_the_event() -> None:
    (event,), _ = read_sia(b"Nri01^TOTAL^/LX901^panel^")
    assert event.modifiers == (("ri", "01"), ("ri^", "TOTAL"))
    assert event.text == "panel"


@pytest.mark.parametrize(
    ("data", "address"), [(b"Nri2/id15/OP", "15"), (b"Npi0/AT", "0"), (b"Nid7/OP3", "3"), (b"Nid7/BA", None)]
)
def test_a_modifier_names_the_user_or_device_of_a_bare_code(data: bytes, address: str | None) -> None:
    assert read(data)[0][2] == address


@pytest.mark.parametrize(
    "modifiers", ["ti10:01:02/da08-18-24", "id15ri2pi3ai4", "ph+86(21)555-01/lv6/va-22.5/pt8/rg9/ss10"]
)
def test_modifiers_are_kept_as_sent_before_the_event_and_behind(modifiers: str) -> None:
    sent = tuple(re.findall("([a-z]{2})([^a-z/]+)", modifiers))
    for data in (f"N{modifiers}/RP", f"N{modifiers}RP", f"NRP/{modifiers}", f"NRP{modifiers}"):
        (event,), complete = read_sia(data.encode())
        assert (event.modifiers, complete) == (sent, True)


def test_old_and_new_events_may_stand_in_one_block() -> None:
    for data in (b"OBA1|NFA2|OPA3", b"OBA1/NFA2/OPA3"):
        events, _ = read_sia(data)
        found = [(event.qualifier, event.meaning.code, event.address) for event in events]
        assert found == [("O", "BA", "1"), ("N", "FA", "2"), ("O", "PA", "3")]


def test_a_block_without_its_first_letter_is_read_as_new_and_named_odd() -> None:
    (event,), complete = read_sia(b"ri1/BA1")
    assert (event.qualifier, event.meaning.code, event.area, complete) == ("N", "BA", "1", False)


def test_an_old_event_is_told_from_a_new_one() -> None:
    (event,), _ = read_sia(b"Ori1/BA1")
    assert (event.qualifier, event.meaning.phase) == ("O", Phase.RAISED)
    assert event.meaning.zh.endswith("（补报）")


@pytest.mark.parametrize("data", [b"", b" ", b"N", b"Nri1", b"P123", b"ESA1", b"AHall", b"N\xff\xff", b"N^text^"])
def test_a_block_without_an_event(data: bytes) -> None:
    assert read_sia(data)[0] == ()


def test_events_are_kept_when_something_among_them_is_not_understood() -> None:
    events, complete = read_sia(b"NBA1/\xff\xfe/~x|*/FA2")
    assert [(event.meaning.code, event.address) for event in events] == [("BA", "1"), ("FA", "2")]
    assert not complete


def test_more_events_than_any_panel_has_zones_are_not_read_and_said_to_be_there() -> None:
    events, complete = read_sia(b"N" + b"BA1" * (MOST_EVENTS + 5))
    assert (len(events), complete) == (MOST_EVENTS + 1, False)
    assert read_sia(b"N" + b"BA1" * MOST_EVENTS)[1]


def test_more_modifiers_than_there_are_do_not_multiply_with_the_events() -> None:
    pairs = [f"{first}{second}" for first in "vwxyz" for second in "abcdefghvwxyz"]
    names = [pair for pair in pairs if pair.upper() not in codes(Scheme.SIA)]
    block = "N" + "".join(f"{name}1/" for name in names) + "BA1/BA2"
    events, complete = read_sia(block.encode())
    assert [len(event.modifiers) for event in events] == [MOST_MODIFIERS] * 2
    assert not complete
