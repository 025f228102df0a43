"""Positions: what maps for the public show, and where it really is."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lianjing.domain.sites.geo import Position, distance_m, gcj02_of_wgs84, wgs84_of_gcj02

# Shanghai, Shenzhen, Beijing: pairs that open implementations of the shift agree on.
PAIRS = [
    (Position(121.5272106, 31.1774276), Position(121.531541859215, 31.17530398364597)),
    (Position(113.912316, 22.543847), Position(113.9171764808363, 22.540796131694766)),
    (Position(116.377817, 39.911954), Position(116.38404722455657, 39.91334545536069)),
]


@pytest.mark.parametrize(("wgs84", "gcj02"), PAIRS)
def test_known_points_are_shifted_as_the_maps_do(wgs84: Position, gcj02: Position) -> None:
    assert distance_m(gcj02_of_wgs84(wgs84), gcj02) < 0.01
    assert distance_m(wgs84_of_gcj02(gcj02), wgs84) < 0.01


@given(st.floats(73.5, 135), st.floats(18, 53.5))
def test_there_and_back_is_less_than_a_metre_off(longitude: float, latitude: float) -> None:
    place = Position(longitude, latitude)
    assert distance_m(wgs84_of_gcj02(gcj02_of_wgs84(place)), place) < 1


@pytest.mark.parametrize("abroad", [Position(139.69, 35.68), Position(13.4, 52.5), Position(-70.6, -33.4)])
def test_abroad_nothing_is_shifted(abroad: Position) -> None:
    assert gcj02_of_wgs84(abroad) == wgs84_of_gcj02(abroad) == abroad


def test_distances_are_metres() -> None:
    assert distance_m(Position(0, 0), Position(0, 1)) == pytest.approx(111_195, abs=1)
