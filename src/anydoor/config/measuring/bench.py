"""`anydoor bench`: two counties of different size, measured together in one run."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from datetime import datetime

from django.conf import settings
from psycopg import sql

from anydoor.config.measuring import parts
from anydoor.config.measuring.machine import connect, environment
from anydoor.config.measuring.parts import Figure
from anydoor.config.measuring.rounds import Site, measure
from anydoor.rules.errors import NotAllowed

EMPTY = "anydoor_bench_empty"
SIZES, QUICK_SIZES = (10_000, 1_000_000), (10_000, 100_000)
ROUNDS, QUICK_ROUNDS = 6, 3


def bench(
    *,
    sizes: Sequence[int],
    rounds: int,
    keep: bool,
    at: datetime,
    said: Callable[[str], object],
    done: Callable[[list[Site], list[Figure]], None],
    quick: bool = False,
) -> None:
    """Make the databases, start the servers, measure, hand what was found to `done`, end what was started.

    With `keep` the databases stay and a later run uses them again; without `sizes` only the parts are
    measured. Raises `NotAllowed` in production.
    """
    if settings.PRODUCTION:
        raise NotAllowed("This is a production installation. Measure on another machine.")
    with ExitStack() as stack:
        # Holds the embedded server for as long as we measure.
        stack.callback(connect("postgres").close)
        _empty(stack)
        figures = _parts(quick, stack, said)
        sites = []
        for people in sizes:
            database = f"anydoor_bench_{people}"
            _prepare(database, people, said)
            if not keep:
                stack.callback(drop, database)
            sites.append(Site(people, database, stack, at=at))
        if sites:
            measure(sites, rounds, said)
        done(sites, figures)


def _empty(stack: ExitStack) -> None:
    """A database with every table and nobody in it: migrated once, and the others are its copies."""
    drop(EMPTY)
    with connect("postgres") as line:
        line.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(EMPTY)))
    stack.callback(drop, EMPTY)
    _anydoor(EMPTY, "migrate", "--verbosity", "0")


def _copied(database: str) -> None:
    with connect("postgres") as line:
        words = sql.SQL("CREATE DATABASE {} TEMPLATE {}")
        line.execute(words.format(sql.Identifier(database), sql.Identifier(EMPTY)))


def _parts(quick: bool, stack: ExitStack, said: Callable[[str], object]) -> list[Figure]:
    """Measure the parts by themselves, in a database with nobody in it."""
    drop(parts.DATABASE)
    _copied(parts.DATABASE)
    stack.callback(drop, parts.DATABASE)
    return parts.measure_all(quick=quick, said=said)


def _prepare(database: str, people: int, said: Callable[[str], object]) -> None:
    """A database with so many people: made and filled, unless an earlier run kept it."""
    with connect("postgres") as line:
        if line.execute("SELECT 1 FROM pg_database WHERE datname = %s", [database]).fetchone():
            said(f"{database} is there from an earlier run.")
            return
    _copied(database)
    try:
        _anydoor(database, "seed", "--people", str(people))
    except subprocess.CalledProcessError:
        drop(database)
        raise


def _anydoor(database: str, *words: str) -> None:
    subprocess.run([sys.executable, "-m", "anydoor", *words], env=environment(database), check=True)


def drop(database: str) -> None:
    """Remove a measured database."""
    from django.db import connections

    if database in connections.settings:
        connections[database].close()
    with connect("postgres") as line:
        line.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(database)))
