"""Connections to PostgreSQL that notice a dead server, for the parts that speak SQL without Django."""

from typing import Any

import psycopg
from psycopg.conninfo import conninfo_to_dict, make_conninfo

Connection = psycopg.Connection[tuple[Any, ...]]

IMPATIENT = {
    "connect_timeout": "3",
    "keepalives_idle": "3",
    "keepalives_interval": "1",
    "keepalives_count": "3",
    "tcp_user_timeout": "4000",
}
"""Without these a server that vanishes from the network keeps a client waiting for minutes."""


def is_postgres(url: str) -> bool:
    return url.startswith(("postgres:", "postgresql:"))


def connect(url: str, name: str, *, writes: bool) -> Connection:
    """One connection; what the URL itself says wins. With several hosts, `writes` finds the one that takes writes."""
    given = conninfo_to_dict(url)
    wanted = {**IMPATIENT, "application_name": name}
    if writes:
        wanted["target_session_attrs"] = "read-write"
    missing = {key: value for key, value in wanted.items() if key not in given}
    return psycopg.connect(make_conninfo(url, **missing))
