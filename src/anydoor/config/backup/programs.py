"""PostgreSQL's own programs for dumping and loading, for the database the settings name."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from pathlib import Path

from django.db import connection

from anydoor.config import embedded


class ProgramFailed(Exception):
    """A program of PostgreSQL could not be run or ended with an error; the message says which."""


def _path(name: str) -> str:
    """The program of the server's own version where it is installed, else the one Anydoor brings."""
    major = server_major()
    for folder in (f"/usr/lib/postgresql/{major}/bin", f"/usr/pgsql-{major}/bin"):
        if (installed := Path(folder) / name).is_file():
            return str(installed)
    try:
        return str(embedded.program(name))
    except embedded.EmbeddedUnavailable:
        found = shutil.which(name)
        if found is None:
            raise ProgramFailed(f"{name} is not installed. Install PostgreSQL's client programs.") from None
        return found


def server_major() -> int:
    """15, 16, ..."""
    connection.ensure_connection()
    return int(connection.connection.info.server_version // 10_000)


def run(name: str, *arguments: str, database: str = "") -> None:
    """Run pg_dump or pg_restore against our database (or another on the same server).

    The password goes by the environment, never on the command line. Raises `ProgramFailed`.
    """
    params = connection.get_connection_params()
    environment = {key: value for key, value in os.environ.items() if not key.startswith("PG")}
    for key, variable in (
        ("host", "PGHOST"),
        ("port", "PGPORT"),
        ("user", "PGUSER"),
        ("password", "PGPASSWORD"),
        ("sslmode", "PGSSLMODE"),
        ("sslrootcert", "PGSSLROOTCERT"),
        ("sslcert", "PGSSLCERT"),
        ("sslkey", "PGSSLKEY"),
    ):
        if params.get(key):
            environment[variable] = str(params[key])
    environment["PGDATABASE"] = database or str(connection.settings_dict["NAME"])
    with tempfile.TemporaryFile() as said:
        try:
            done = subprocess.run(
                [_path(name), *arguments],
                stdin=subprocess.DEVNULL,
                stdout=said,
                stderr=said,
                env={**environment, "LC_ALL": "C"},
                check=False,
            )
        except OSError as problem:
            raise ProgramFailed(f"{name} cannot be run: {problem.strerror}.") from None
        if done.returncode:
            said.seek(0)
            lines = said.read().decode(errors="replace").strip().splitlines() or ["no reason given"]
            faults = [line for line in lines if "error:" in line]
            raise ProgramFailed(f"{name} ended with an error: {(faults or lines)[0].strip()}")
