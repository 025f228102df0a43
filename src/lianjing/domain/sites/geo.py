"""Positions: WGS-84 inside, GCJ-02 at the edges. No Django.

GCJ-02 (国测局坐标, what maps for the public in China show) shifts WGS-84 by some hundred metres. The way there is a
formula; the way back is found by going there and correcting until the rest is a hundredth of a millimetre. Outside
the mainland nothing is shifted.
"""

from math import asin, cos, pi, radians, sin, sqrt
from typing import NamedTuple

AXIS = 6378245.0
"""Semi-major axis of Krassowski 1940 in metres, on which GCJ-02 counts."""
ECCENTRICITY_SQUARED = 0.00669342162296594323
EARTH_RADIUS = 6371008.8
"""Mean, in metres."""
CLOSE_ENOUGH = 1e-10
"""Degrees."""
STEPS = 30


class Position(NamedTuple):
    """Degrees, east and north positive."""

    longitude: float
    latitude: float


def is_shifted(place: Position) -> bool:
    """Whether GCJ-02 shifts this place: a rectangle around the mainland, as the maps do it."""
    return 72.004 <= place.longitude <= 137.8347 and 0.8293 <= place.latitude <= 55.8271


def gcj02_of_wgs84(place: Position) -> Position:
    if not is_shifted(place):
        return place
    east, north = _shift(place)
    return Position(place.longitude + east, place.latitude + north)


def wgs84_of_gcj02(place: Position) -> Position:
    if not is_shifted(place):
        return place
    guess = place
    for _ in range(STEPS):
        there = gcj02_of_wgs84(guess)
        east, north = place.longitude - there.longitude, place.latitude - there.latitude
        guess = Position(guess.longitude + east, guess.latitude + north)
        if abs(east) < CLOSE_ENOUGH and abs(north) < CLOSE_ENOUGH:
            break
    return guess


def distance_m(one: Position, other: Position) -> float:
    """Along the surface, in metres."""
    north = radians(other.latitude - one.latitude)
    east = radians(other.longitude - one.longitude)
    half = sin(north / 2) ** 2 + cos(radians(one.latitude)) * cos(radians(other.latitude)) * sin(east / 2) ** 2
    return 2 * EARTH_RADIUS * asin(sqrt(half))


def _shift(place: Position) -> tuple[float, float]:
    """In degrees east and north."""
    x, y = place.longitude - 105.0, place.latitude - 35.0
    angle = radians(place.latitude)
    curve = 1 - ECCENTRICITY_SQUARED * sin(angle) ** 2
    east = _east(x, y) * 180.0 / (AXIS / sqrt(curve) * cos(angle) * pi)
    north = _north(x, y) * 180.0 / (AXIS * (1 - ECCENTRICITY_SQUARED) / (curve * sqrt(curve)) * pi)
    return east, north


def _waves(x: float) -> float:
    return (20.0 * sin(6.0 * x * pi) + 20.0 * sin(2.0 * x * pi)) * 2.0 / 3.0


def _east(x: float, y: float) -> float:
    shift = 300.0 + x + 2.0 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * sqrt(abs(x)) + _waves(x)
    shift += (20.0 * sin(x * pi) + 40.0 * sin(x / 3.0 * pi)) * 2.0 / 3.0
    return shift + (150.0 * sin(x / 12.0 * pi) + 300.0 * sin(x / 30.0 * pi)) * 2.0 / 3.0


def _north(x: float, y: float) -> float:
    shift = -100.0 + 2.0 * x + 3.0 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * sqrt(abs(x)) + _waves(x)
    shift += (20.0 * sin(y * pi) + 40.0 * sin(y / 3.0 * pi)) * 2.0 / 3.0
    return shift + (160.0 * sin(y / 12.0 * pi) + 320.0 * sin(y * pi / 30.0)) * 2.0 / 3.0
