"""Contact ID data, QXYZ GG CCC."""

import pytest

from lianjing.protocols.contact_id import read_contact_id


@pytest.mark.parametrize(
    ("data", "qualifier", "code", "area", "address"),
    [
        (b"1130 01 003", "1", "130", "01", "003"),
        (b"3401 02 501", "3", "401", "02", "501"),
        (b"6301 00 000", "6", "301", None, None),
        (b"1130 01 0B1", "1", "130", "01", "0B1"),
        (b"11BF 0C FFF", "1", "1BF", "0C", "FFF"),
    ],
)
def test_an_event(data: bytes, qualifier: str, code: str, area: str | None, address: str | None) -> None:
    (event,) = read_contact_id(data)
    assert (event.qualifier, event.meaning.code, event.area, event.address) == (qualifier, code, area, address)


@pytest.mark.parametrize(
    ("data", "found"),
    [
        (b"113001003", ("1", "130", "01", "003", None)),
        (b"1130 01003", ("1", "130", "01", "003", None)),
        (b"1130  01  003", ("1", "130", "01", "003", None)),
        (b" 1130 01 003 ", ("1", "130", "01", "003", None)),
        (b"1130 1 3", ("1", "130", "01", "003", None)),
        (b"113b 0c 0bf", ("1", "13B", "0C", "0BF", None)),
        (b"1130 01 0A1", ("1", "130", "01", "0A1", None)),
        (b"e13001003", ("1", "130", "01", "003", None)),
        (b"R401 01 057", ("3", "401", "01", "057", None)),
        (b"P302 00 000", ("6", "302", None, None, None)),
        # A check digit behind, and account and message type in front, as on the telephone line.
        (b"1130010035", ("1", "130", "01", "003", None)),
        (b"1130 01 003 5", ("1", "130", "01", "003", None)),
        (b"1130 01 003C", ("1", "130", "01", "003", None)),
        (b"1234 18 1130 01 003 5", ("1", "130", "01", "003", None)),
        (b"123418113001003F", ("1", "130", "01", "003", None)),
        # Four digits may be a number of four digits: a wrong zone is worse than a strange one.
        (b"1130 01 0035", ("1", "130", "01", "0035", None)),
        (b"1130 01 003 Hall", ("1", "130", "01", "003", "Hall")),
        (b"1130 01 003^Hall^", ("1", "130", "01", "003", "Hall")),
        (b"1130 01 003|AHall", ("1", "130", "01", "003", "Hall")),
        (b"1130 01 003*'Hall'NM", ("1", "130", "01", "003", "Hall")),
        ("1130 01 003 门厅".encode("gb18030"), ("1", "130", "01", "003", "门厅")),
    ],
)
def test_an_event_in_the_dress_of_some_panel(data: bytes, found: tuple[str | None, ...]) -> None:
    (event,) = read_contact_id(data)
    assert (event.qualifier, event.meaning.code, event.area, event.address, event.text) == found


@pytest.mark.parametrize("between", [b"/", b"|", b" ", b"; "])
def test_two_events_in_one_block_are_two(between: bytes) -> None:
    first, second = read_contact_id(b"1130 01 003" + between + b"1131 01 004")
    assert [(event.meaning.code, event.address) for event in (first, second)] == [("130", "003"), ("131", "004")]


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b" ",
        b"2130 01 001",
        b"0000 00 000",
        b"1130",
        b"1130 01",
        b"11300100",
        b"113001003456",
        b"NBA1",
        b"1130 x 3",
    ],
)
def test_what_does_not_begin_with_an_event_is_none(data: bytes) -> None:
    assert read_contact_id(data) == ()
