"""Where the fuzzer starts: the collected frames, for every reader that may get them; and the words of the formats."""

from itertools import product
from pathlib import Path

from tests.protocols.dc09.cases import KEY, NOW, fixed_pad, vectors
from tests.protocols.outputs.test_outputs import ROWS, raw_of
from tools.fuzz.targets import NAMES

from lianjing.protocols.dc09.panel import build_frame

LONG = 12_000
"""So that what grows faster than its length is seen to do so."""
BY_LINES = ("dc09-sealed", "dc09-encrypted", "sia-dcs", "adm-cid")
SETTINGS = (0, 1, 2, 3, 0xC0, 0xC2, 0xDC, 0xF0)

WORDS = [
    *(b'"SIA-DCS"', b'"*SIA-DCS"', b'"ADM-CID"', b'"NULL"', b'"ACK"', b'"HENG-BO"', b'"SIA-PUL"', b"0000", b"0FFF"),
    *(b'\n0000"', b'\n00000012"', b'\nAB0010"', b"L0#1234[", b"R1L2#", b"#1234|", b"#|", b"][", b"]_", b"[#1234|NBA1]"),
    *(b"_12:00:00,01-01-2026", b"_00:00:00,00-00-0000", b"]", b"[", b"|", b"\r", b"\n", b"\0", b'"', b"*'", b"'NM"),
    *(b"Nri1/BA001", b"NBA1^", b"ti10:01/", b"id15/", b"pi3/", b"|A", b"|N", b"1130 01 001", b"E13001001", b"R130"),
    *(
        b"SR0001L0001    006969XX    [ID00000000]",
        b"5011 18",
        b"1011           @    \x14",
        b"\x14",
        b" 18 ",
        b" OKAY @",
    ),
    *("门磁".encode(), "门磁".encode("gb18030"), b"\xfc", b'{"x": [1]}', b"Vhttps://a/b", b"K00"),
]
"""For libFuzzer's dictionary."""


def write_seeds(folder: Path, longest: int) -> int:
    """One file an input, of so many bytes at most; how many."""
    seeds = {seed for name in NAMES for seed in _seeds(name) if len(seed) <= longest}
    for number, seed in enumerate(sorted(seeds)):
        (folder / f"{number:05d}").write_bytes(seed)
    return len(seeds)


def write_dictionary(path: Path) -> None:
    """A word a line, each byte in hexadecimal."""
    path.write_text("".join('"' + "".join(f"\\x{byte:02x}" for byte in word) + '"\n' for word in WORDS))


def _seeds(name: str) -> list[bytes]:
    bodies = _bodies(name)
    between = b"\n" if name in BY_LINES else b""
    several = [between.join(bodies[:6]), between.join(bodies * (LONG // len(between.join(bodies)) + 1))[:LONG]]
    return [
        bytes([NAMES.index(name), SETTINGS[number % len(SETTINGS)], number % 256, 0]) + body
        for number, body in enumerate([*bodies, *several])
    ]


def _bodies(name: str) -> list[bytes]:
    frames = [vector.frame for vector in vectors()]
    if name in ("surgard", "ademco685"):
        return [raw_of(row) for row in ROWS if row["form"] == name]
    if name == "dc09-sealed":
        return [frame[frame.find(b'"') :].rstrip(b"\r") for frame in frames]
    if name == "dc09-encrypted":
        return [b"\0#1234|Nri1/BA001]", b"\1#1234|1130 01 001][Vhttps://a/b]", b"\2]", b"\3#1234|1700 01 001]"]
    if name == "sia-dcs":
        many = b"N" + b"".join(b"%c%c1/" % pair for pair in product(b"abcdefghij", repeat=2)) + b"BA1" * 1000
        return [b"Nri1/BA001", b"NBA1^A^/BA2*'B'NM", b"Oti10:01/id15/OP1|AText|NCL2", b"NBA1BA2", many]
    if name == "adm-cid":
        return [b"1130 01 001", b"3401 00 000", b"E13B B1 00F"]
    return [*frames, build_frame("SIA-DCS", "#1234|Nri1/BA001", "1234", 42, at=NOW, key=KEY, pad=fixed_pad)]
