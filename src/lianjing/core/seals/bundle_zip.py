"""A bundle that comes as a ZIP from somebody we do not know: taken apart within bounds, or refused with the reason."""

import stat
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import IO

from lianjing.core.refusals import Refused
from lianjing.core.seals.bundle import LEAVES, MANIFEST, SCRIPT, SEALS
from lianjing.terms.sentences import marked as _

MB = 1_000_000
ZIP_AT_MOST = 64 * MB
WHOLE_AT_MOST = 256 * MB
"""Unpacked, of all files together."""
LINE_AT_MOST = 16 * MB
"""A line is read as a whole; the largest journal commit takes a fraction of this."""
WANTED = (MANIFEST, SEALS, LEAVES)
KNOWN = frozenset({*WANTED, SCRIPT})
ENTRIES_AT_MOST = 50
BLOCK = 1 << 20
FIELD = "bundle"


def unpack_bundle(file: IO[bytes], folder: Path) -> None:
    """Writes the three files of a bundle into `folder`, from the top of the ZIP or from its one folder. Nothing is
    written elsewhere, whatever the names say. Raises Refused."""
    try:
        with zipfile.ZipFile(file) as packed:
            entries = _entries(packed)
            budget = WHOLE_AT_MOST
            for name in WANTED:
                budget -= _unpack(packed, entries[name], folder / name, budget)
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, NotImplementedError, RuntimeError, ValueError) as bad:
        raise Refused(FIELD, _("这不是能读的 ZIP 文件，或者它已损坏。")) from bad


def _entries(packed: zipfile.ZipFile) -> dict[str, zipfile.ZipInfo]:
    """The files by name. What is no part of a bundle is not taken."""
    listed = [entry for entry in packed.infolist() if not entry.is_dir()]
    if len(listed) > ENTRIES_AT_MOST:
        raise Refused(FIELD, _("压缩包里有 %(count)d 个文件，证据包只有 4 个。"), count=len(listed))
    found: dict[str, zipfile.ZipInfo] = {}
    folders = set()
    for entry in listed:
        above, _slash, name = entry.filename.rpartition("/")
        if name not in KNOWN or "/" in above or ".." in above or "\\" in entry.filename:
            raise Refused(FIELD, _("压缩包里的“%(name)s”不属于证据包。"), name=entry.filename[:80])
        if name in found:
            raise Refused(FIELD, _("压缩包里有两个 %(name)s，不知道该校验哪一个。"), name=name)
        if entry.flag_bits & 1:
            raise Refused(FIELD, _("压缩包加了密码，请解密后再上传。"))
        if stat.S_ISLNK(entry.external_attr >> 16):
            raise Refused(FIELD, _("压缩包里的“%(name)s”不属于证据包。"), name=entry.filename[:80])
        found[name] = entry
        folders.add(above)
    missing = next((name for name in WANTED if name not in found), None)
    if missing or len(folders) > 1:
        raise Refused(
            FIELD,
            _("压缩包里没有 %(name)s：请把 lianjing export records 写出的文件夹整个压缩。"),
            name=missing or MANIFEST,
        )
    return found


def _unpack(packed: zipfile.ZipFile, entry: zipfile.ZipInfo, into: Path, budget: int) -> int:
    """How many bytes it was. What the ZIP says of sizes is not believed: they are counted."""
    size = 0
    with packed.open(entry) as source, into.open("wb") as target:
        for block in _bounded_lines(source, into.name):
            size += len(block)
            if size > budget:
                raise Refused(
                    FIELD, _("解开后超过 %(limit)d MB，请用 lianjing verify-records 校验。"), limit=WHOLE_AT_MOST // MB
                )
            target.write(block)
    return size


def _bounded_lines(source: IO[bytes], name: str) -> Iterator[bytes]:
    """Its blocks, as long as no line is too long to be read."""
    since = 0
    while block := source.read(BLOCK):
        first, _newline, _rest = block.partition(b"\n")
        longest = since + len(first)
        since = len(block) - block.rfind(b"\n") - 1 if b"\n" in block else longest
        if max(longest, since) > LINE_AT_MOST:
            raise Refused(FIELD, _("%(name)s 里有一行太长，不是证据包的格式。"), name=name)
        yield block
