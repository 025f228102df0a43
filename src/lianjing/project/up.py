"""`lianjing up`: all three processes, kept alive until Ctrl-C."""

import argparse
import ctypes
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Sequence

from lianjing.project.environment import Environment
from lianjing.receivers.limits import Limits

PROCESSES = ("receive", "work", "web")
RESTART_SECONDS = 1.0
STOP_SECONDS = 5.0
"""For a process to end in order; for the receiver besides what it may wait for frames that are being stored."""
PR_SET_PDEATHSIG = 1
"""prctl(2)."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--no-migrate", action="store_true", help="do not create or upgrade the tables first")


def run(arguments: argparse.Namespace) -> int:
    if not arguments.no_migrate:
        code = subprocess.call([*command_line("migrate"), "--quiet"])
        if code != 0:
            return code
    environment = Environment()
    patience_s = environment.limits.drain_s + STOP_SECONDS
    return run_together([command_line(name) for name in wanted_processes(environment)], patience_s)


def wanted_processes(environment: Environment) -> list[str]:
    """The processes that the settings do not switch off; the receiver runs also without listeners."""
    return [name for name in PROCESSES if name != "web" or environment.web_bind is not None]


def command_line(verb: str) -> list[str]:
    """How to start one verb of this installation."""
    return [sys.executable, "-m", "lianjing.project.command", verb]


def run_together(commands: Sequence[Sequence[str]], patience_s: float = Limits().drain_s + STOP_SECONDS) -> int:
    """Runs the commands until SIGTERM, Ctrl-C or a closed terminal; one that fails is started again.

    What has not ended `patience_s` after it was asked to is killed.

    A process that cannot use its settings (exit 2) ends them all: starting it again would not help.
    """
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        signal.signal(number, lambda *_: stop.set())
    running = {tuple(command): _start(command) for command in commands}
    code = 0
    while not stop.wait(0.2):
        code = _revive(running, stop)
    _end(list(running.values()), patience_s)
    return code


def _start(command: Sequence[str]) -> "subprocess.Popen[bytes]":
    # A session of its own: Ctrl-C in the terminal reaches us alone, and we end the others in order.
    return subprocess.Popen(list(command), start_new_session=True, env=os.environ, preexec_fn=_die_with_parent)


def _die_with_parent() -> None:
    """Linux ends the child when we are killed without a chance to do it: an orphan would hold ports and journal."""
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)


def _revive(running: "dict[tuple[str, ...], subprocess.Popen[bytes]]", stop: threading.Event) -> int:
    for command, process in running.items():
        if process.poll() is None:
            continue
        if process.returncode == 2:
            stop.set()
            return 2
        print(f"{command[-1]} ended with {process.returncode}; starting it again", file=sys.stderr)
        if not stop.wait(RESTART_SECONDS):
            running[command] = _start(command)
    return 0


def _end(processes: "list[subprocess.Popen[bytes]]", patience_s: float) -> None:
    for process in processes:
        if process.poll() is None:
            process.terminate()
    deadline = time.monotonic() + patience_s
    for process in processes:
        try:
            process.wait(max(0.1, deadline - time.monotonic()))
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def describe(environment: Environment) -> str:
    """Where the web page is, for people."""
    if environment.web_bind is None:
        return "(the web server is switched off)"
    host, port = environment.web_bind
    return f"http://{host}:{port}/"
