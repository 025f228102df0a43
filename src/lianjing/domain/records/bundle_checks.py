"""A bundle that somebody else hands in, checked as `lianjing verify-records DIR` checks it (decision 0028).

Nothing of it is kept but the recorded act: its digest and what was found.
"""

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import sha256
from itertools import islice
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import IO

from django.db import transaction

from lianjing.core.access import may
from lianjing.core.refusals import Refused
from lianjing.core.seals.bundle import BadBundle, Checked, verify_bundle
from lianjing.core.seals.bundle_zip import FIELD, MB, ZIP_AT_MOST, unpack_bundle
from lianjing.core.viewer import Forbidden, Viewer
from lianjing.domain.records.actions import Deed, write_records
from lianjing.domain.records.models import Seal
from lianjing.terms.sentences import marked as _

DESK = "police.desk"
FAULTS_AT_MOST, ALIKE_AT_MOST, READ_AT_MOST = 200, 20, 100_000
"""Of what is shown, of one form of sentence, and of all: what occurs a thousand times must not hide what occurs once,
and a file made of nothing but faults must come to an end."""
NUMBERS = re.compile(r"[0-9a-f]{64}|\d+")
BLOCK = 1 << 20


@dataclass(frozen=True, slots=True)
class BundleCheck:
    """What was found. `faults` are the verifier's own sentences, the first of them; `ours`: whether the head of the
    bundle is one of this installation's seals, None when the bundle does not hold."""

    digest: str
    size: int
    checked: Checked
    head: tuple[int, str] | None
    faults: list[str] = field(default_factory=list)
    more: int = 0
    """How many more there are that are not shown."""
    ours: bool | None = None

    @property
    def holds(self) -> bool:
        return not self.faults

    @property
    def count(self) -> int:
        return len(self.faults) + self.more

    @property
    def is_read_whole(self) -> bool:
        """Else there were so many faults that the reading ended before the bundle did."""
        return self.count < READ_AT_MOST


def check_bundle(
    file: IO[bytes], size: int, head: tuple[int, str] | None = None, *, by: Viewer, at: datetime, source: str = ""
) -> BundleCheck:
    """Takes a ZIP of a bundle apart, checks it, and records that, by whom and with what result. `head`: one that was
    kept elsewhere. Raises Forbidden, or Refused for what is no such ZIP or too large."""
    if not may(by, DESK):
        raise Forbidden(DESK)
    if size > ZIP_AT_MOST:
        sentence = _("文件 %(size)d MB，最多 %(limit)d MB；更大的请用 lianjing verify-records 校验。")
        raise Refused(FIELD, sentence, size=-(-size // MB), limit=ZIP_AT_MOST // MB)
    digest = _digest(file)
    with TemporaryDirectory(prefix="lianjing-bundle-") as folder:
        unpack_bundle(file, Path(folder))
        found = _check(Path(folder), digest, size, head)
    after = {"sha256": digest, "size": size, "holds": found.holds, "faults": len(found.faults), "more": found.more}
    after |= {"seals": found.checked.seals, "leaves": found.checked.leaves, "bundle_head": found.checked.head}
    after["head"] = f"{head[0]}:{head[1]}" if head else ""
    with transaction.atomic():
        write_records([Deed("bundle.verified", "bundle", digest, None, after=after)], by=by, at=at, source=source)
    return found


def _digest(file: IO[bytes]) -> str:
    hashed = sha256()
    while block := file.read(BLOCK):
        hashed.update(block)
    file.seek(0)
    return hashed.hexdigest()


def _check(folder: Path, digest: str, size: int, head: tuple[int, str] | None) -> BundleCheck:
    checked = Checked()
    faults = verify_bundle(folder, checked, head)
    try:
        found, more = _shown(islice(faults, READ_AT_MOST))
    except BadBundle as bad:
        raise Refused(FIELD, _("manifest.json 读不出，或者不是证据包的格式。")) from bad
    return BundleCheck(digest, size, checked, head, found, more, None if found else _is_ours(checked.head))


def _shown(faults: Iterable[str]) -> tuple[list[str], int]:
    """Some of each form, in their order, and how many more there are."""
    shown: list[str] = []
    alike: Counter[str] = Counter()
    more = 0
    for fault in faults:
        form = NUMBERS.sub("#", fault)
        alike[form] += 1
        if alike[form] > ALIKE_AT_MOST or len(shown) == FAULTS_AT_MOST:
            more += 1
        else:
            shown.append(fault)
    return shown, more


def _is_ours(head: str) -> bool:
    number, _colon, digest = head.partition(":")
    return Seal.objects.filter(number=int(number), hash=digest).exists()
