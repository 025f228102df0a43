"""Fuzzes every reader of the protocols: `make fuzz`, or `python -m tools.fuzz [RUNS]`, by atheris (libFuzzer).

What has to be true is in `tools.fuzz.targets`. When an input breaks it, the input is saved in hexadecimal below
`var/fuzz`, and the exit code is 1; `python -m tools.fuzz replay FILE` reads it once more, without the fuzzer.
"""

import io
import os
import resource
import subprocess
import sys
import tempfile
import time
from contextlib import redirect_stderr
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

RUNS = 1_000_000
SHORT, LONG = 1_500, 20_000
"""Bytes of an input at most: a long one takes twenty times as long to try, so of a hundred inputs one may be long."""
MEMORY_MB = 600
"""For the fuzzer with its coverage tables and corpus, some 250; the rest is ours."""
STUCK_S = 20
FOUND = Path("var/fuzz")


@dataclass
class Tally:
    """Counts the inputs, and ends the process when there were enough of them."""

    runs: int
    try_input: Any
    began: float = field(default_factory=time.monotonic)
    done: int = 0
    worst: Any = None

    def __call__(self, data: bytes) -> None:
        taken = self.try_input(data)
        if self.worst is None or taken.ms > self.worst.ms:
            self.worst = taken
        self.done += 1
        if self.done >= self.runs:
            self.report()
            # libFuzzer has no end of its own for a number of inputs without those of its start.
            os._exit(0)

    def report(self) -> None:
        seconds = time.monotonic() - self.began
        memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        print(
            f"  {self.done:,} inputs in {seconds:,.0f} s, {self.done / seconds:,.0f} a second; nothing found\n"
            f"  longest reading: {self.worst.ms:.1f} ms of CPU for {self.worst.length:,} bytes; "
            f"peak memory {memory:,.0f} MB",
            flush=True,
        )


def fuzz(runs: int, longest: int, folder: Path) -> None:
    """Inside the process that libFuzzer may end at any moment. Does not return."""
    import atheris

    # It names every module that it instruments.
    with redirect_stderr(io.StringIO()), atheris.instrument_imports(include=["lianjing.protocols", "lianjing.terms"]):
        from tools.fuzz import seeds, targets
    corpus = folder / "corpus"
    corpus.mkdir()
    count = seeds.write_seeds(corpus, longest)
    print(f"Up to {longest:,} bytes, {count} seeds: {', '.join(targets.NAMES)}", flush=True)
    seeds.write_dictionary(folder / "words")
    options = [
        f"-max_len={longest}",
        f"-rss_limit_mb={MEMORY_MB}",
        f"-timeout={STUCK_S}",
        f"-dict={folder / 'words'}",
        f"-artifact_prefix={folder}/found-",
        "-verbosity=0",
    ]
    atheris.Setup([sys.argv[0], *options, str(corpus)], Tally(runs, targets.try_input))
    atheris.Fuzz()


def supervise(runs: int) -> int:
    """The short inputs, then the long ones; 0 when nothing was found."""
    long = max(1, runs // 100)
    return _run_inside(max(1, runs - long), SHORT) or _run_inside(long, LONG)


def _run_inside(runs: int, longest: int) -> int:
    """Runs the fuzzer in a process of its own, and saves what it found."""
    with tempfile.TemporaryDirectory(prefix="lianjing-fuzz-") as folder:
        words = [sys.executable, "-m", "tools.fuzz", "inside", str(runs), str(longest), folder]
        done = subprocess.run(words, check=False)
        found = sorted(Path(folder).glob("found-*"))
        for each in found:
            FOUND.mkdir(parents=True, exist_ok=True)
            saved = FOUND / f"{each.name}.hex"
            saved.write_text(each.read_bytes().hex() + "\n")
            print(f"FOUND: {saved}; read it again by: python -m tools.fuzz replay {saved}", file=sys.stderr)
    return 1 if found or done.returncode else 0


def replay(saved: Path) -> int:
    """Reads one saved input without the fuzzer. Raises what it raises."""
    from tools.fuzz.targets import try_input

    print(try_input(bytes.fromhex(saved.read_text())))
    return 0


def main(words: list[str]) -> int:
    match words:
        case ["inside", runs, longest, folder]:
            fuzz(int(runs), int(longest), Path(folder))
            return 1
        case ["replay", saved]:
            return replay(Path(saved))
        case [] | [""]:
            return supervise(RUNS)
        case [runs] if runs.isdigit() and int(runs):
            return supervise(int(runs))
    print("usage: python -m tools.fuzz [RUNS | replay FILE]", file=sys.stderr)
    return 2


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
