"""`lianjing web`: the web server."""

import argparse
import socket
import sys
from pathlib import Path

from granian import Granian
from granian.constants import Interfaces

from lianjing.project.environment import Environment

STATIC_FOLDER = Path(__file__).resolve().parent.parent / "web" / "static"


def _why_not(host: str, port: int) -> str | None:
    """Why the address cannot be listened on, before the server finds out with a traceback."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as wrong:
            return wrong.strerror or str(wrong)
    return None


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--workers", type=int, default=1, help="server processes (default 1)")


def run(arguments: argparse.Namespace) -> int:
    environment = Environment()
    if environment.web_bind is None:
        print("lianjing web: LIANJING_WEB_BIND is empty, so the web server is switched off", file=sys.stderr)
        return 0
    host, port = environment.web_bind
    if (taken := _why_not(host, port)) is not None:
        print(f"lianjing web: cannot listen on {host}:{port}: {taken}", file=sys.stderr)
        return 2
    Granian(
        "lianjing.project.asgi:application",
        address=host,
        port=port,
        interface=Interfaces.ASGINL,
        workers=arguments.workers,
        log_access=False,
        static_path_route=["/static"],
        static_path_mount=[STATIC_FOLDER],
        # Short: after an upgrade a desk must not work with yesterday's script.
        static_path_expires=60,
        # Event streams are open for ever: a stop must not wait for them longer than this.
        workers_kill_timeout=2,
    ).serve()
    return 0
