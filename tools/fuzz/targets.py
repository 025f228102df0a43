"""One input of the fuzzer: which reader, in which setting, reads what, cut how; and what must be true of the result."""

import random
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from tests.protocols import oracle
from tests.protocols.dc09.cases import KEY, NOW, fixed_pad

from lianjing.protocols import ademco685, surgard
from lianjing.protocols.dc09 import Connection, PanelProfile, Policy, WithoutKey
from lianjing.protocols.dc09.clock import write_stamp
from lianjing.protocols.dc09.crypt import encrypt
from lianjing.protocols.dc09.envelope import CrcForm, wrap
from lianjing.protocols.received import FrameReceived
from lianjing.protocols.receiver_output import LONGEST, OutputConnection
from lianjing.terms.signals import FrameKind

HEAD = 4
"""The first bytes of an input: reader, setting, and two that say how the stream is cut."""
LONGEST_BODY = 0xFFFF
"""What four hexadecimal digits can say."""
BYTEWISE = 200
"""Up to here a stream is also read byte by byte."""

BASE_MS, BYTE_MS = 25.0, 0.02
"""What the first reading of an input may take of the processor, instrumented: some ten times what it does take."""

FRAME_LENGTHS = (64, 512, 4_200, 8_192)
PROFILES = (None, PanelProfile(None), PanelProfile(KEY), PanelProfile(KEY, plain_allowed=True))
TOKENS = (b"SIA-DCS", b"ADM-CID", b"NULL", b"HENG-BO", b"SIA-PUL", b"ACK", b"WHAT", b"XNM")

Reader = Connection | OutputConnection
Judge = Callable[[FrameReceived], None]


class BrokenPromise(Exception):
    """What a reader did is not what it promises."""


@dataclass(frozen=True)
class Setting:
    """How a DC-09 reader is set, out of one byte."""

    number: int

    @property
    def profile(self) -> PanelProfile | None:
        return PROFILES[self.number & 3]

    @property
    def key(self) -> bytes | None:
        return self.profile.key if self.profile else None

    @property
    def policy(self) -> Policy:
        without_key = (WithoutKey.DUH, WithoutKey.DUH, WithoutKey.SILENT, WithoutKey.ACK)[self.number >> 2 & 3]
        ready = self.number & 48 != 48
        return Policy(bool(self.number & 16), without_key, lambda: ready)

    @property
    def max_frame(self) -> int:
        return FRAME_LENGTHS[self.number >> 6]

    @property
    def answers(self) -> oracle.Answers:
        unsupported = {WithoutKey.ACK: oracle.NO_KEY_ACKED, WithoutKey.SILENT: oracle.NO_KEY_SILENT}
        rules = unsupported.get(self.policy.without_key)
        return oracle.DC09 if rules is None else {**oracle.DC09, FrameKind.UNSUPPORTED: rules}

    def reader(self, stream: bool) -> Connection:
        return Connection(
            lambda account: self.profile, pad=fixed_pad, stream=stream, policy=self.policy, max_frame=self.max_frame
        )

    def judge(self, frame: FrameReceived) -> None:
        oracle.is_bounded(frame, self.max_frame)
        oracle.is_answered(frame, self.key, self.answers)


@dataclass(frozen=True)
class Target:
    """One way to read bytes."""

    make: Callable[[Setting, bytes], bytes]
    """From the rest of an input to what arrives."""
    reader: Callable[[Setting], Reader]
    judge: Callable[[Setting], Judge]


def _as_it_is(setting: Setting, rest: bytes) -> bytes:
    return rest


def _sealed(setting: Setting, rest: bytes) -> bytes:
    """Each line a body with the right CRC and length: what is damaged never gets further than its CRC."""
    form = list(CrcForm)[setting.number >> 2 & 1]
    return b"".join(wrap(body[:LONGEST_BODY], form) for body in rest.split(b"\n"))


def _encrypted(setting: Setting, rest: bytes) -> bytes:
    """Each line what stands between bracket and CR of an encrypted frame of now."""
    frames = []
    for number, region in enumerate(rest.split(b"\n")):
        token = TOKENS[region[0] % len(TOKENS)] if region else TOKENS[0]
        stamped = region[1:] + (write_stamp(NOW) if number % 4 != 3 else b"")
        frames.append(wrap(b'"*%b"%04dL0#1234[%b' % (token, number % 10_000, encrypt(stamped, KEY, fixed_pad))))
    return b"".join(frames)


def _data(token: bytes) -> Callable[[Setting, bytes], bytes]:
    """Each line the data block of a sound frame."""

    def make(setting: Setting, rest: bytes) -> bytes:
        bodies = (b'"%b"%04dL0#1234[#1234|%b]' % (token, n % 10_000, data) for n, data in enumerate(rest.split(b"\n")))
        return b"".join(wrap(body) for body in bodies)

    return make


def _judge_output(setting: Setting) -> Judge:
    def judge(frame: FrameReceived) -> None:
        oracle.is_bounded(frame, LONGEST)
        oracle.is_answered_to_receiver(frame)

    return judge


def _dc09(make: Callable[[Setting, bytes], bytes], *, stream: bool = True) -> Target:
    return Target(make, lambda setting: setting.reader(stream), lambda setting: setting.judge)


def _output(new: Callable[[], OutputConnection]) -> Target:
    return Target(_as_it_is, lambda setting: new(), _judge_output)


TARGETS: dict[str, Target] = {
    "dc09": _dc09(_as_it_is),
    "dc09-datagram": _dc09(_as_it_is, stream=False),
    "dc09-sealed": _dc09(_sealed),
    "dc09-encrypted": _dc09(_encrypted),
    "sia-dcs": _dc09(_data(b"SIA-DCS")),
    "adm-cid": _dc09(_data(b"ADM-CID")),
    "surgard": _output(surgard.Connection),
    "ademco685": _output(ademco685.Connection),
}
NAMES = list(TARGETS)


@dataclass(frozen=True)
class Taken:
    """What one input cost when it was read the first time: bytes that arrived, CPU milliseconds."""

    length: int
    ms: float


def try_input(data: bytes) -> Taken:
    """Reads one input in several ways. Raises what a reader raises, or AssertionError or BrokenPromise."""
    head, rest = data[:HEAD].ljust(HEAD, b"\0"), data[HEAD:]
    name, setting = NAMES[head[0] % len(NAMES)], Setting(head[1])
    target = TARGETS[name]
    stream = target.make(setting, rest)
    taken, frames = _timed(lambda: _read(target.reader(setting), [stream]), len(stream))
    oracle.is_whole(stream, frames)
    for frame in frames:
        oracle.is_consistent(frame)
        target.judge(setting)(frame)
    if name == "dc09-datagram":
        return taken
    for parts in _cuts(stream, int.from_bytes(head[2:], "big")):
        if _read(target.reader(setting), parts) != frames:
            raise BrokenPromise("the cut of the stream changed its frames")
    return taken


def _timed(work: Callable[[], list[FrameReceived]], length: int) -> tuple[Taken, list[FrameReceived]]:
    """Too long once may be the machine; three times is the input."""
    limit = BASE_MS + BYTE_MS * length
    for _ in range(3):
        began = time.process_time_ns()
        frames = work()
        ms = (time.process_time_ns() - began) / 1e6
        if ms <= limit:
            return Taken(length, ms), frames
    raise BrokenPromise(f"{length} bytes took {ms:.0f} ms, allowed are {limit:.0f}")


def _read(reader: Reader, parts: Sequence[bytes]) -> list[FrameReceived]:
    frames: list[FrameReceived] = []
    for part in parts:
        frames += reader.receive_data(part, NOW)
        if kept(reader) > _most_kept(reader):
            raise BrokenPromise("more is kept than the longest frame")
    return frames + reader.close(NOW)


def kept(reader: Reader) -> int:
    """Bytes of an incomplete frame that a reader holds."""
    return len(reader._framer._buffer if isinstance(reader, Connection) else reader._buffer)


def _most_kept(reader: Reader) -> int:
    return reader._framer._max_frame if isinstance(reader, Connection) else LONGEST


def _cuts(stream: bytes, seed: int) -> list[list[bytes]]:
    """The stream in two pieces, in some, and, while it is short, byte by byte."""
    chance = random.Random(seed)  # noqa: S311 no secret
    ways = [[chance.randrange(len(stream) + 1)], sorted(chance.choices(range(len(stream) + 1), k=5))]
    if len(stream) <= BYTEWISE:
        ways.append(list(range(1, len(stream))))
    return [_pieces(stream, places) for places in ways]


def _pieces(stream: bytes, places: list[int]) -> list[bytes]:
    ends = [0, *places, len(stream)]
    return [stream[start:end] for start, end in pairwise(ends)]
