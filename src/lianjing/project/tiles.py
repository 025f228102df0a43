"""The tile server of the map, where somebody has set one. No Django."""

import re
from dataclasses import dataclass
from urllib.parse import urlsplit

DATUMS = ("WGS84", "GCJ02")
PLACES = ("{z}", "{x}", "{y}")


class BadTiles(ValueError):
    """The template cannot be used; the text says why."""


@dataclass(frozen=True, slots=True)
class Tiles:
    """Where street tiles come from. `datum`: on what they count; positions are converted for them."""

    template: str
    attribution: str
    datum: str

    @property
    def origin(self) -> str:
        """The only other origin that pages may load pictures from; empty for a path on our own."""
        parts = urlsplit(self.template)
        return f"{parts.scheme}://{parts.netloc}" if parts.netloc else ""

    @property
    def is_shifted(self) -> bool:
        return self.datum == "GCJ02"


def read_tiles(template: str, attribution: str, datum: str) -> Tiles | None:
    """None for an empty template: plain ground. Raises BadTiles."""
    if not template:
        return None
    if any(place not in template for place in PLACES):
        raise BadTiles("holds no {z}, {x} and {y}, such as https://tiles.example.cn/{z}/{x}/{y}.png")
    if "{s}" in template:
        raise BadTiles("names several hosts by {s}; name one, since pages may load pictures from that one only")
    parts = urlsplit(template)
    own = template.startswith("/") and not parts.netloc
    # What comes into a header must be nothing but a host and a port.
    sound = parts.scheme in ("http", "https") and re.fullmatch(r"[A-Za-z0-9.-]+(:[0-9]{1,5})?", parts.netloc)
    if not own and not sound:
        raise BadTiles("is neither an address with http:// or https:// and a host, nor a path that begins with /")
    return Tiles(template, attribution, datum)


def shown_template(template: str) -> str:
    """Without what follows the question mark: providers give keys there."""
    path, mark, _key = template.partition("?")
    return f"{path}?***" if mark else path
