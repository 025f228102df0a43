"""What stands on the pages of a PDF that WeasyPrint wrote: glyphs back to text by the tables it writes for that."""

import re
import zlib

_OBJECT = re.compile(rb"^(\d+) 0 obj\s(.*?)^endobj", re.M | re.S)
_STREAM = re.compile(rb"stream\r?\n(.*)\r?\nendstream", re.S)
_FONT = re.compile(rb"/BaseFont /([A-Z]{6})\+\S+?/ToUnicode (\d+) 0 R")
_PAIR = re.compile(rb"<([0-9a-fA-F]+)> *<([0-9a-fA-F]+)>")
_SHOWN = re.compile(rb"/([\w-]+) [\d.]+ Tf|<([0-9a-fA-F]+)>(?=[^T]*TJ)|(ET)")


def pages_of(pdf: bytes) -> list[str]:
    """The text of each page, in the order in which it was drawn."""
    objects = {int(number): body for number, body in _OBJECT.findall(pdf)}
    for packed in [body for body in objects.values() if b"/ObjStm" in body]:
        objects |= _unpacked(packed)
    fonts = {name.decode(): _glyphs(objects, int(table)) for name, table in _FONT.findall(b"".join(objects.values()))}
    pages = [body for body in objects.values() if re.search(rb"/Type /Page\b", body)]
    return [_text(objects, page, fonts) for page in pages]


def _stream(body: bytes) -> bytes:
    found = _STREAM.search(body)
    assert found
    return zlib.decompress(found.group(1)) if b"FlateDecode" in body else found.group(1)


def _unpacked(packed: bytes) -> dict[int, bytes]:
    """Objects that stand in a stream: numbers and places first."""
    content, first = _stream(packed), int(re.search(rb"/First (\d+)", packed).group(1))  # type: ignore[union-attr]
    told = [int(word) for word in content[:first].split()]
    ends = [*told[3::2], len(content) - first]
    return {
        number: content[first + place : first + end]
        for number, place, end in zip(told[::2], told[1::2], ends, strict=True)
    }


def _glyphs(objects: dict[int, bytes], table: int) -> dict[str, str]:
    pairs = _PAIR.findall(_stream(objects[table]))
    return {glyph.decode().lower(): bytes.fromhex(text.decode()).decode("utf-16-be") for glyph, text in pairs}


def _text(objects: dict[int, bytes], page: bytes, fonts: dict[str, dict[str, str]]) -> str:
    content = re.search(rb"/Contents (\d+) 0 R", page)
    assert content
    parts, font = list[str](), dict[str, str]()
    for name, shown, end in _SHOWN.findall(_stream(objects[int(content.group(1))])):
        if name:
            font = fonts[name.decode()]
        elif end:
            parts.append("\n")
        else:
            glyphs = shown.decode().lower()
            parts += [font.get(glyphs[place : place + 4], "") for place in range(0, len(glyphs), 4)]
    return "".join(parts)
