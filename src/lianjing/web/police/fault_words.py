"""The verifier's sentences (core/seals/bundle.py) in the reader's language: where, of which kind, and what it is."""

import re
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as later

ALTERED, CUT, MOVED = later("改动"), later("截去"), later("移动")
PLACE = re.compile(
    r"(?:frame (?P<frame>.+?) in )?(?P<kind>record|journal commit|leaf|seal) (?P<id>\S+) \((?P<line>.+?)\)$"
)
LINE = re.compile(r"(\S+) line (\d+)")
KINDS: dict[str, Promise] = {
    "record": later("记录 %(id)s"),
    "journal commit": later("报文批次 %(id)s"),
    "leaf": later("叶 %(id)s"),
    "seal": later("封存 #%(id)s"),
}
SENTENCES: tuple[tuple[str, Promise, Promise], ...] = (
    (r"it is not the file that manifest\.json names", ALTERED, later("与 manifest.json 所记的不是同一个文件。")),
    (r"nothing is in it: no seal, no record", CUT, later("包里什么也没有：没有封存，也没有记录。")),
    (
        r"it names the head (?P<told>.+), the last seal is (?P<read>\S+)",
        CUT,
        later("它记的末尾封存是 %(told)s，读到的是 %(read)s。"),
    ),
    (
        r"it counts (?P<told>.+) seals, (?P<read>\d+) are there",
        CUT,
        later("它记有 %(told)s 个封存，读到 %(read)s 个。"),
    ),
    (r"it counts (?P<told>.+) leaves, (?P<read>\d+) are there", CUT, later("它记有 %(told)s 条，读到 %(read)s 条。")),
    (r"it is no seal that can be read: it was altered", ALTERED, later("读不出封存，被改动过。")),
    (
        r"it belongs to seal (?P<seal>\S+), which is not there: the seal was cut out",
        CUT,
        later("它属于封存 #%(seal)s，而这个封存不在：被截去了。"),
    ),
    (
        r"the head kept elsewhere is not in the bundle: the tail was cut, or rewritten",
        CUT,
        later("包外留存的封存号与哈希不在包里：尾部被截去，或者整个重写过。"),
    ),
    (
        r"it follows seal (?P<seal>\d+): seals between were cut out or moved",
        CUT,
        later("它接在封存 #%(seal)s 之后：中间的封存被截去或移走。"),
    ),
    (
        r"it does not name the hash of the seal before: one of them was altered or replaced",
        ALTERED,
        later("它所记的上一封存的哈希不符：两者之一被改动或替换。"),
    ),
    (
        r"signature or hash do not match its content: it was altered",
        ALTERED,
        later("签名或哈希与内容不符，被改动过。"),
    ),
    (
        r"it sealed (?P<sealed>\S+) leaves, (?P<there>\d+) are there",
        CUT,
        later("封存了 %(sealed)s 条，现有 %(there)s 条。"),
    ),
    (
        r"the root does not match its leaves: one was altered, moved, added or removed",
        ALTERED,
        later("根哈希与各条不符：有一条被改动、移动、添加或删除。"),
    ),
    (
        r"its leaves at places (?P<first>\d+) to (?P<last>\d+) are not there: they were cut out",
        CUT,
        later("第 %(first)s 至 %(last)s 位的条目不在：被截去了。"),
    ),
    (
        r"it belongs to seal (?P<seal>\d+) and stands in seal (?P<there>\d+): moved",
        MOVED,
        later("它属于封存 #%(seal)s，却在封存 #%(there)s 里：被移动了。"),
    ),
    (
        r"it belongs to place (?P<place>\d+) and stands behind place (?P<here>\d+): moved",
        MOVED,
        later("它应在第 %(place)s 位，却在第 %(here)s 位之后：次序被移动了。"),
    ),
    (
        r"it does not say to which place of which seal it belongs: it was altered",
        ALTERED,
        later("它没有写明属于哪个封存的哪一位：被改动过。"),
    ),
    (r"it cannot be read: it was altered", ALTERED, later("读不出，被改动过。")),
    (
        r"its content was erased, and yet it has one: it was made up",
        ALTERED,
        later("内容已按规定删除，却又有内容：是编造的。"),
    ),
    (r"the content does not match its leaf hash: it was altered", ALTERED, later("内容与叶哈希不符，被改动过。")),
    (r"it or its signals do not match its digest: altered", ALTERED, later("报文或其信号与摘要不符，被改动过。")),
    (
        r"its frames are not those that were sealed: one was altered, moved, added or removed",
        ALTERED,
        later("报文不是封存时的那些：有一条被改动、移动、添加或删除。"),
    ),
    (
        r"(?P<count>\d+) contents are gone, and record (?P<record>\d+) orders no such erasure: they were removed",
        CUT,
        later("%(count)s 条内容不在，而记录 %(record)s 没有这样的删除令：是私自删去的。"),
    ),
)


@dataclass(frozen=True, slots=True)
class FaultLine:
    """`kind`: altered, cut or moved; `place`: which record, frame or seal, and its line; `original`: as the verifier
    says it."""

    kind: str
    place: str
    said: str
    original: str


def fault_line(fault: str) -> FaultLine:
    """A sentence that is not known stands as it is."""
    for pattern, kind, said in SENTENCES:
        found = re.search(rf"(?:^|: )({pattern})$", fault)
        if found is not None:
            place = fault[: found.start(1)].removesuffix(": ")
            return FaultLine(str(kind), _place(place), str(said) % found.groupdict(), fault)
    return FaultLine("", "", fault, fault)


def _place(text: str) -> str:
    found = PLACE.match(text)
    if found is None:
        return _line(text) if LINE.fullmatch(text) else _seal(text)
    named = str(KINDS[found["kind"]]) % {"id": found["id"]}
    line = _line(found["line"])
    if found["frame"]:
        frame = _("报文 %(id)s") % {"id": found["frame"]}
        return f"{named} {frame} · {line}"
    return f"{named} · {line}"


def _seal(text: str) -> str:
    number = text.removeprefix("seal ")
    return str(KINDS["seal"]) % {"id": number} if number != text else text


def _line(text: str) -> str:
    found = LINE.fullmatch(text)
    return _("%(file)s 第 %(line)s 行") % {"file": found[1], "line": found[2]} if found else text
