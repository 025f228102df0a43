"""SIA event data (DC-03 codes) as DC-09 carries it: `N[mod/]...CCaddr[/CCaddr]...`.

Panels put modifiers before or after the events, leave slashes out, name things in three ways and write all in lower
case; all are read.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import lru_cache

from lianjing.protocols.text import decode_text
from lianjing.terms.code_tables import codes, meaning
from lianjing.terms.codes import AddressKind, Scheme
from lianjing.terms.signals import DecodedEvent

_MODIFIERS = frozenset({"da", "ti", "id", "ri", "pi", "ai", "ph", "lv", "va", "pt", "rg", "ss"})
# A hexadecimal tail is taken only where it cannot be the next event of a dialect without slashes ("BA1BA2" is two
# events, "BA0B1" is zone 0B1).
_TAIL = rb"(?:[A-F](?![A-Z])[0-9A-F]*(?=[/^|*\s]|\Z))?"
# Where a text surely ends that nobody closed: in front of an alarm nothing may be text.
_NEXT = rb"(?=/(?:[A-Z]{2}[0-9/]|[a-z]{2}[0-9])|\|[NOA]|\Z)"
_TOKEN = re.compile(
    rb"[/\s,;]+"
    rb"|(?P<modifier>[a-z]{2}) ?(?P<value>(?:[-+(]?[0-9][-0-9:.()+]*(?:,[0-9]+)*)?" + _TAIL + rb")"
    rb"|(?P<code>[A-Z]{2}) ?(?P<address>[0-9]*" + _TAIL + rb")"
    rb"|\^(?P<caret>[^^]*)\^"
    rb"|\^(?P<open>.*?)" + _NEXT + rb"|\|A(?P<block>[^|]*)"
    rb"|\|(?P<kind>[NO])"
    rb"|\*'(?P<quoted>.*?)(?:'NM|'(?=[/|]|\Z)|" + _NEXT + rb")",
    re.DOTALL,
)
_CODES = codes(Scheme.SIA)
# A packet in the middle that says again whether it is new or old: "NFA2" behind an event is a fire alarm of zone 2, as
# it is at the beginning, and not a forced arming of area A2.
_AGAIN = re.compile(
    rb"[NO](?=(?:%b|ri|id|pi|ti|da)[0-9^/|*\s]|(?:%b)\Z)" % ((b"|".join(c.encode() for c in sorted(_CODES)),) * 2)
)
_NEXT_PACKET = re.compile(rb"[/|]")
_LOWER_KIND = re.compile(rb"[no](?:[a-z]{2}|[A-Z]{2})")
_WITHOUT_KIND = re.compile(rb"([A-Z]{2}|[a-z]{2})(?:[0-9/^|]|\Z)")

MOST_EVENTS = 512
"""Of one frame: more than the zones of any panel. Without a bound 8 KB would become 4,000 rows of the journal."""
MOST_MODIFIERS = 32
"""Of one event: more than DC-03 has. They hold for every event behind them, so without a bound their number would count
twice: 8 KB took half a second and 187 MB."""
_SHORT = 64
"""What panels say again and again is no longer; long data in a memory of thousands would fill it."""


@dataclass(slots=True)
class _Modifier:
    name: str
    value: str
    text: str | None = None


@dataclass(slots=True)
class _Event:
    kind: str
    code: str
    address: str
    text: str | None = None
    modifiers: dict[str, str] = field(default_factory=dict)

    def add(self, modifiers: Iterable[_Modifier]) -> None:
        """What the event already has stays. A named modifier gives "ri" its value and "ri^" its name."""
        for modifier in modifiers:
            if len(self.modifiers) >= MOST_MODIFIERS:
                break
            self.modifiers.setdefault(modifier.name, modifier.value)
            if modifier.text:
                self.modifiers.setdefault(f"{modifier.name}^", modifier.text)


_Item = _Modifier | _Event


def _items(data: bytes, kind: str, position: int) -> tuple[list[_Item], bool]:
    """Events and modifiers in order of appearance, texts attached to what they stand behind; and: all read?"""
    items: list[_Item] = []
    complete, events = True, 0
    while position < len(data) and events <= MOST_EVENTS:
        if items and (again := _AGAIN.match(data, position)) and (again[0] == b"N" or isinstance(items[-1], _Event)):
            kind, position = again[0].decode("ascii"), again.end()
        token = _TOKEN.match(data, position)
        if token is None:
            # One strange packet must not hide the alarm behind it.
            packet = _NEXT_PACKET.search(data, position + 1)
            position, complete = packet.start() if packet else len(data), False
            continue
        position = token.end()
        name = token.lastgroup
        if name == "value":
            items.append(_modifier(kind, token["modifier"].decode("ascii"), token["value"].decode("ascii")))
        elif name == "address":
            items.append(_Event(kind, token["code"].decode("ascii"), token["address"].decode("ascii")))
            events += 1
        elif name == "kind":
            kind = token["kind"].decode("ascii")
        elif name is not None and items:
            _name(items[-1], decode_text(token[name]).strip())
    names = {item.name for item in items if isinstance(item, _Modifier)}
    return items, complete and position == len(data) and len(names) <= MOST_MODIFIERS


def _modifier(kind: str, name: str, value: str) -> _Item:
    """Some panels write all in lower case, so what is no modifier but a code is an event."""
    if name not in _MODIFIERS and name.upper() in _CODES:
        return _Event(kind, name.upper(), value)
    return _Modifier(name, value)


def _name(item: _Item, text: str) -> None:
    if text:
        item.text = f"{item.text} {text}" if item.text else text


def _attach(items: list[_Item]) -> list[_Event]:
    """Gives every event its modifiers: those before it hold until replaced (the standard's way). A block that begins
    with an event and ends with a modifier is written the other way round and is read backwards."""
    backwards = isinstance(items[0], _Event) and isinstance(items[-1], _Modifier)
    standing: dict[str, _Modifier] = {}
    for item in reversed(items) if backwards else items:
        if isinstance(item, _Modifier):
            standing[item.name] = item
        else:
            item.add(reversed(standing.values()) if backwards else standing.values())
    events = [item for item in items if isinstance(item, _Event)]
    if events and not backwards:
        events[-1].add(_behind(items))
    return events


def _behind(items: list[_Item]) -> list[_Modifier]:
    """The modifiers after the last event."""
    behind: list[_Modifier] = []
    for item in reversed(items):
        if isinstance(item, _Event):
            break
        behind.append(item)
    return behind


def read_sia(data: bytes) -> tuple[tuple[DecodedEvent, ...], bool]:
    """The events of a SIA data block without its account, in order, and whether everything in it was understood.

    No event at all: an empty tuple; more than MOST_EVENTS: that many and one. Never raises. `qualifier` of an event is
    "N" (new) or "O" (old, sent late).
    """
    return _remembered(data) if len(data) <= _SHORT else _read(data)


def _read(data: bytes) -> tuple[tuple[DecodedEvent, ...], bool]:
    data = data.strip()
    for kind, position in _beginnings(data):
        items, complete = _items(data, kind, position)
        if events := _attach(items) if items else []:
            return tuple(_decoded(event) for event in events), complete and position > 0
    return (), False


def _beginnings(data: bytes) -> Iterator[tuple[str, int]]:
    """Kind and place of the first packet: N or O, in lower case too; a block that lacks it is read as new."""
    if data[:1] in (b"N", b"O") or _LOWER_KIND.match(data):
        yield data[:1].decode("ascii").upper(), 1
    first = _WITHOUT_KIND.match(data)
    if first and first[1].decode("ascii") in _CODES | _MODIFIERS:
        yield "N", 0


_remembered = lru_cache(maxsize=4096)(_read)


def _decoded(event: _Event) -> DecodedEvent:
    known = meaning(Scheme.SIA, event.code, event.kind)
    return DecodedEvent(
        meaning=known,
        qualifier=event.kind,
        area=event.modifiers.get("ri") or _area_address(event, known.address_kind),
        address=event.address or _address_from(event.modifiers, known.address_kind),
        text=event.text,
        modifiers=tuple(event.modifiers.items()),
    )


def _area_address(event: _Event, kind: AddressKind) -> str | None:
    return event.address or None if kind is AddressKind.AREA else None


def _address_from(modifiers: dict[str, str], kind: AddressKind) -> str | None:
    """Satel and Scantronic name the user (`id`) or device (`pi`) by a modifier and leave the code bare."""
    if kind is AddressKind.USER:
        return modifiers.get("id")
    if kind in (AddressKind.DEVICE, AddressKind.NONE):
        return modifiers.get("pi")
    return None
