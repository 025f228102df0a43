"""Durable acknowledged frames a second beside what a peer acknowledges without storing, one receiver core each.

All contenders stand ready and take their runs by turns, so that a slow minute of the machine meets them alike. What was
acknowledged is counted in the journal at the end.
"""

from contextlib import AbstractContextManager, ExitStack

from bench.ceiling import echo
from bench.crowd import CONNECTIONS, Server, cpu_us, drive, rates
from bench.frames import KINDS, account_of, key_of
from bench.installation import HEARTBEATS, STORED, Installation, installed, kinds, pin_postgres
from bench.machine import say
from bench.panels import Load, Order
from bench.peer import peer, set_up
from bench.table import NO_GOAL, Row, Verdict, at_least, p99, spread

PANELS = 2 * CONNECTIONS
MOST = {"plain": 60_000, "encrypted": 45_000, "heartbeat": 90_000}
"""Frames a second that are built for one run; a receiver that is faster ends the bench with a clear word."""
CEILING_MOST = 200_000
GOALS = {"plain": (4.0, 6.0), "encrypted": (4.0, None), "heartbeat": (5.0, None)}
WORDS = {"plain": "plain", "encrypted": "AES-128", "heartbeat": "heartbeats (NULL)"}
Loads = dict[tuple[str, str], list[Load]]


def run(rounds: int, seconds: float) -> list[Row]:
    """The ceiling of the load generator, the peer, and our receiver on every database at hand."""
    set_up()
    pin_postgres()
    with ExitStack() as stack:
        ours = {kind: stack.enter_context(installed(kind)) for kind in kinds()}
        contenders = [stack.enter_context(_peer()), *(_ours(kind, there) for kind, there in ours.items())]
        with echo() as mirror:
            ceiling = [_one(mirror, "plain", turn, seconds, CEILING_MOST, echo=True) for turn in range(rounds)]
        loads = _by_turns(contenders, rounds, seconds)
        checks = [_stored(kind, there, loads) for kind, there in ours.items()]
    return [_ceiling_row(ceiling, loads), *_rows(contenders, loads), *checks]


def _peer() -> AbstractContextManager[Server]:
    accounts = [account_of(number) for number in range(PANELS)]
    return peer(accounts[0::2], {account: key_of(account) for account in accounts[1::2]})


def _ours(kind: str, there: Installation) -> Server:
    there.know(PANELS, CONNECTIONS)
    return there.receiver(kind)


def _by_turns(contenders: list[Server], rounds: int, seconds: float) -> Loads:
    loads: Loads = {}
    for turn in range(rounds):
        for kind in KINDS:
            for server in contenders:
                load = _one(server, kind, turn, seconds, MOST[kind])
                loads.setdefault((server.name, kind), []).append(load)
    return loads


def _one(server: Server, kind: str, turn: int, seconds: float, most: int, *, echo: bool = False) -> Load:
    say(f"run {turn + 1}: {server.name}, {WORDS[kind]}")
    # Panels without and with a key stand by turns in the list (bench/known.py).
    account, first = int(kind == "encrypted"), turn * int(most * seconds)
    order = Order(
        server.port,
        server.pid,
        kind,
        CONNECTIONS,
        seconds,
        most,
        first=first,
        account=account,
        accounts=CONNECTIONS,
        step=2,
        echo=echo,
    )
    return drive(server.name, order)


def _ceiling_row(ceiling: list[Load], loads: Loads) -> Row:
    fastest = max(load.acked / load.seconds for runs in loads.values() for load in runs)
    ours = rates(ceiling)
    middle, tail = spread([load.p50_ms for load in ceiling]), spread([load.p99_ms for load in ceiling])
    verdict = Verdict(f"{ours.middle / fastest:.1f} × the fastest", "> the fastest below", ours.middle > fastest)
    what = f"load generator's ceiling: echo server, {CONNECTIONS} connections"
    return Row(what, f"{ours:,.0f}/s", middle.middle, p99(tail), verdict)


def _rows(contenders: list[Server], loads: Loads) -> list[Row]:
    rival = contenders[0].name
    rows = []
    for kind in KINDS:
        peers = rates(loads[rival, kind]).middle
        times, aim = GOALS[kind]
        for server in contenders:
            runs = loads[server.name, kind]
            said = "acked, not stored" if server.name == rival else "durable and acked"
            verdict = NO_GOAL if server.name == rival else at_least(rates(runs).middle, times, peers, aim)
            rows.append(_row(f"{said}, {WORDS[kind]}, {server.name}", runs, verdict))
    return rows


def _row(what: str, runs: list[Load], verdict: Verdict) -> Row:
    middle, tail = spread([load.p50_ms for load in runs]), spread([load.p99_ms for load in runs])
    cpu = cpu_us(runs)
    return Row(f"{what}; {cpu.middle:.0f} µs CPU", f"{rates(runs):,.0f}/s", middle.middle, p99(tail), verdict)


def _stored(kind: str, there: Installation, loads: Loads) -> Row:
    """Stops the receiver, which then saves its line figures, and counts."""
    there.stop("receive")
    acked = {sent: sum(load.acked for load in loads[kind, sent]) for sent in KINDS}
    frames, heartbeats = there.count(STORED), there.count(HEARTBEATS)
    signals = acked["plain"] + acked["encrypted"]
    same = frames == signals and heartbeats == acked["heartbeat"]
    verdict = Verdict(goal="journal = acked", reached=same)
    counted = f"{frames:,} of {signals:,} frames"
    return Row(
        f"journal holds what was acked, {kind}; {heartbeats:,} of {acked['heartbeat']:,} heartbeats",
        counted,
        verdict=verdict,
    )
