"""Fuzzes the DC-09 reader for as long as wanted: `python -m tools.fuzz_dc09 100000` (examples a property).

The properties are those of tests/protocols/dc09/test_fuzz.py: any bytes in any pieces give frames, no byte is lost,
every refusal has a documented reason. Prints the smallest counterexample and ends with 1 when one is found.
"""

import sys

from hypothesis import HealthCheck, settings
from tests.protocols.dc09 import test_fuzz


def main() -> int:
    examples = int(sys.argv[1]) if len(sys.argv) > 1 else 10_000
    hard = settings(max_examples=examples, database=None, deadline=None, suppress_health_check=list(HealthCheck))
    for name, test in vars(test_fuzz).items():
        if name.startswith("test_"):
            hard(test)()
            print(f"{name}: {examples} examples, nothing found")
    return 0


if __name__ == "__main__":
    sys.exit(main())
