"""`make bench`: every measurement, one table. `python -m bench PART ...` measures only these parts."""

import argparse
from collections.abc import Callable, Sequence
from functools import partial

from bench import (
    accounts,
    clauses,
    desk,
    documents,
    findings,
    idle,
    people,
    pressure,
    receive,
    storm,
    streams,
    supervision,
)
from bench.machine import describe
from bench.table import Row, heading

Part = Callable[[int, float], list[Row]]
PARTS: dict[str, tuple[Part, float]] = {
    "receive": (receive.run, 3.0),
    "pressure": (pressure.run, 12.0),
    "accounts": (accounts.run, 3.0),
    "idle": (idle.run, 0.0),
    "streams": (streams.run, 8.0),
    "desk": (desk.run, 0.0),
    "people": (people.run, 0.0),
    "findings": (findings.run, 0.0),
    "documents": (documents.run, 0.0),
    "clauses": (clauses.run, 0.0),
    "supervision": (supervision.run, 600.0),
    "storm": (storm.run, 60.0),
}
"""What to run, and seconds of one run. A further part is one line here: `run(rounds, seconds)` gives its rows."""
NOTES = (
    "Median of the runs (least–most). Milliseconds: medians of the runs' percentiles. CPU: the receiver's own process.",
    "Closed loop unless it says open: 200 connections, each sends a frame, waits for the answer, sends the next.",
    "Frames: ADM-CID and SIA-DCS with time stamps, 2 % alarms, the rest openings, closings, tests and restores.",
)


def main(words: Sequence[str] | None = None) -> None:
    """Prints the table as it comes; what is going on is told on standard error."""
    parser = argparse.ArgumentParser(prog="bench", description=__doc__)
    parser.add_argument("parts", nargs="*", type=_part, metavar="PART", help=", ".join(PARTS))
    parser.add_argument("--rounds", type=int, default=3, help="runs of each measurement, at least 3 (default 3)")
    parser.add_argument("--seconds", type=float, help="of one run; each part has its own default")
    parser.add_argument(
        "--clauses",
        type=clauses.sizes_of,
        default=clauses.WHOLE,
        metavar="SIZES",
        help="of the part clauses: companies, customers of each, customers of a large one (default 100x1000+100000)",
    )
    given = parser.parse_args(words)
    if given.rounds < 3:
        parser.error("a median takes at least 3 runs")
    print("\n".join([*describe(), f"{given.rounds} runs each", *NOTES, "", heading()]), flush=True)
    for name in given.parts or PARTS:
        run, usual = PARTS[name]
        run = partial(clauses.run, sizes=given.clauses) if run is clauses.run else run
        for row in run(given.rounds, given.seconds or usual):
            print(row, flush=True)


def _part(word: str) -> str:
    if word not in PARTS:
        raise argparse.ArgumentTypeError(f"there is no part {word!r}; there are {', '.join(PARTS)}")
    return word


if __name__ == "__main__":
    main()
