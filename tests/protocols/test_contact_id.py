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
    ("data", "address", "text"),
    [
        (b"1130  01 001", "001", None),
        (b" 1130 01 001 ", "001", None),
        (b"18 1130 01 001", "001", None),
        (b"1130 01 C001", "001", None),
        (b"1130 01 0001", "0001", None),
        (b"1130 01 0A1", "0A1", None),
        (b"1130 01 001 8", "001", "8"),
        ("1130 01 001^前门^".encode(), "001", "前门"),
    ],
)
def test_an_event_in_other_spellings(data: bytes, address: str, text: str | None) -> None:
    (event,) = read_contact_id(data)
    assert (event.qualifier, event.meaning.code, event.area) == ("1", "130", "01")
    assert (event.address, event.text) == (address, text)


@pytest.mark.parametrize(
    "data",
    [b"", b"2130 01 001", b"113001001", b"0000 00 000", b"113b 01 001", b"1130 1 1", b"11300100188", b"1130 01 001x"],
)
def test_what_is_no_event_is_none(data: bytes) -> None:
    assert read_contact_id(data) == ()
