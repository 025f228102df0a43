"""Runs a verb of this installation on other data: what restores and proves in earnest also tries a backup."""

import os
import subprocess
import sys
from pathlib import Path

from lianjing.project.environment import PREFIX, Environment

KEYS = {"SECRET_KEY": "secret_key", "DATA_KEY": "data_key"}


def run_on(
    data: Path, database_url: str | None, environment: Environment, *words: str
) -> "subprocess.CompletedProcess[str]":
    """`lianjing WORDS` with the folder `data`, `database_url` (None: SQLite in that folder) and this one's keys."""
    variables = {**os.environ, f"{PREFIX}DATA": str(data), f"{PREFIX}SEAL_KEY_FILE": str(environment.seal_key_file)}
    variables.pop(f"{PREFIX}DATABASE_URL", None)
    if database_url is not None:
        variables[f"{PREFIX}DATABASE_URL"] = database_url
    for name, file in KEYS.items():
        if PREFIX + name not in variables:
            variables.setdefault(f"{PREFIX}{name}_FILE", str(environment.data / "keys" / file))
    command = [sys.executable, "-m", "lianjing.project.command", *words]
    return subprocess.run(command, env=variables, capture_output=True, text=True, check=False)
