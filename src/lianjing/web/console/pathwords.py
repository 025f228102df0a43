"""A second path in words: both ways named by what they differ in."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.translation import gettext as _

from lianjing.domain.signals.arrivals import SecondPath
from lianjing.domain.signals.paths import Path
from lianjing.web.words import LISTENERS, word


@dataclass(frozen=True, slots=True)
class PathWords:
    """A sentence and the other frame that it speaks of."""

    sentence: str
    other_frame: int


def way(path: Path, other: Path) -> str:
    """ "UDP 10.0.0.5" beside "TCP 10.0.0.1": only what the two do not share."""
    told = []
    if path.listener != other.listener:
        told.append(word(LISTENERS, path.listener))
    if path.account != other.account:
        told.append(path.account)
    if path.transport != other.transport:
        told.append(path.transport.upper())
    if (path.receiver, path.line) != (other.receiver, other.line):
        told.append(
            _("接收机 %(receiver)s 线路 %(line)s") % {"receiver": path.receiver or "—", "line": path.line or "—"}
        )
    if path.host != other.host:
        told.append(path.host)
    return " ".join(told)


def second_path_words(found: SecondPath) -> str:
    """What the second signal is, with both ways."""
    return _("同一事件经第二路径 %(second)s 再次到达，首报经 %(first)s") % {
        "second": way(found.path, found.first_path),
        "first": way(found.first_path, found.path),
    }


def of_frame(frame_id: int, found: Iterable[SecondPath]) -> list[PathWords]:
    """What a frame has to do with second paths: as the second, and as the first; a frame of several events once."""
    told: dict[int, PathWords] = {}
    for path in found:
        if path.frame_id == frame_id:
            told[path.first_frame] = PathWords(second_path_words(path), path.first_frame)
        else:
            words = _("同一事件又经 %(second)s 到达") % {"second": way(path.path, path.first_path)}
            told[path.frame_id] = PathWords(words, path.frame_id)
    return list(told.values())
