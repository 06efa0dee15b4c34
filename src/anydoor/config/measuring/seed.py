"""`anydoor seed`: a county of any size in an empty database, copied straight into the tables.

One transaction, so that a seed that was broken off leaves nothing. Triggers and foreign keys are set aside
while rows are copied (and so are the indexes, which are built once at the end); what the rows must hold to
is compared afterwards on a sample, by the code that keeps it in daily work.
"""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime

from django.conf import settings
from django.db import connection, transaction

from anydoor.access.models import User
from anydoor.care import standing
from anydoor.care.models import Referral
from anydoor.config.measuring.books import Books
from anydoor.config.measuring.county import Size, build_county, choose_door
from anydoor.config.measuring.families import FamilyWriter
from anydoor.config.measuring.tables import Calendar
from anydoor.people.models import Family, Person
from anydoor.rules.errors import NotAllowed, WrongMoment

MOST_REQUESTS = 1.5  # for each family, on average
LOOK_EVERY = 2_000  # families between two looks at what waits to be copied


@dataclass
class Seeded:
    """What was made: rows by table, seconds by step, and what the comparison of a sample found."""

    rows: dict[str, int] = field(default_factory=dict)
    seconds: dict[str, float] = field(default_factory=dict)
    compared: int = 0
    faults: list[str] = field(default_factory=list)


def refuse_unless_empty() -> None:
    """Raise `NotAllowed` in production, `WrongMoment` where there is anybody already."""
    if settings.PRODUCTION:
        raise NotAllowed("This is a production installation. Made-up people do not belong in it.")
    if any(model.objects.exists() for model in (User, Person, Family, Referral)):
        raise WrongMoment("There is somebody in this database already. Seed an empty one.")


def seed(
    *,
    people: int,
    referrals: int,
    number: int,
    at: datetime,
    sample: int = 500,
    said: Callable[[str], object] = lambda words: None,
) -> Seeded:
    """Fill an empty database: two families for five people, `referrals` requests spread over them.

    `number` chooses which county it is: the same gives the same. `sample` families are compared with their
    stored standing afterwards. `said` is told each step.
    """
    refuse_unless_empty()
    families = people * 2 // 5
    if referrals > families * MOST_REQUESTS:
        raise WrongMoment(f"{families} families carry at most {int(families * MOST_REQUESTS)} requests.")
    done = Seeded()
    chance = random.Random(number)
    with transaction.atomic():
        with _timed(done, "staff and services", said):
            doors = build_county(Size.for_people(people), chance, at=at)
        books = Books()
        with _bare_tables(books, done, said), _timed(done, "families", said):
            writer = FamilyWriter(books, Calendar(at), chance)
            for turn, requests in enumerate(_requests_of(families, referrals, chance), 1):
                writer.family(choose_door(doors, chance), people=2 + turn % 2, requests=requests)
                if turn % LOOK_EVERY == 0:
                    _send(books)
            _send(books, at_least=1)
        _set_sequences(books, referrals)
    with _timed(done, "statistics", said), connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    done.rows = {table.name: table.rows for table in books}
    with _timed(done, "comparison", said):
        _compare(done, sample, chance, at)
    return done


def _requests_of(families: int, referrals: int, chance: random.Random) -> Iterator[int]:
    """How many requests each family brings: none, one or two, as many in all as were asked for."""
    left = referrals
    for turn in range(families):
        share = left / (families - turn)
        two = share / 6 if share <= 1 else share - 0.8
        drawn = chance.random()
        asked = 2 if drawn < two else 1 if drawn < share - two else 0
        # The last families take what is left, so that the sum is right.
        rest = 2 * (families - turn - 1)
        asked = max(min(asked, left), left - rest)
        left -= asked
        yield asked


def _send(books: Books, **how: int) -> None:
    for table in books:
        table.send(connection, **how)


@contextmanager
def _timed(done: Seeded, step: str, said: Callable[[str], object]) -> Iterator[None]:
    began = time.monotonic()
    yield
    done.seconds[step] = round(time.monotonic() - began, 1)
    said(f"{step}: {done.seconds[step]:.1f} s")


@contextmanager
def _bare_tables(books: Books, done: Seeded, said: Callable[[str], object]) -> Iterator[None]:
    """Sets triggers, foreign keys and the plain indexes of these tables aside for the length of a copy."""
    names = [table.name for table in books]
    for table in books:
        table.start_after(connection)
    with connection.cursor() as cursor:
        # What the staff's own rows still have to answer for, now: an index cannot be dropped before.
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        # Needs the rights of a superuser, which the embedded server gives us.
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute("SET LOCAL synchronous_commit = off")
        cursor.execute("SET LOCAL maintenance_work_mem = '512MB'")
        cursor.execute(
            "SELECT indexrelid::regclass::text, pg_get_indexdef(indexrelid) FROM pg_index i "
            "WHERE indrelid::regclass::text = ANY(%s) AND indpred IS NULL AND NOT indisprimary "
            "AND NOT EXISTS (SELECT 1 FROM pg_constraint WHERE conindid = i.indexrelid)",
            [names],
        )
        plain = cursor.fetchall()
        for name, _ in plain:
            cursor.execute(f"DROP INDEX {name}")
    yield
    with _timed(done, "indexes", said), connection.cursor() as cursor:
        for _, definition in plain:
            cursor.execute(definition)
        cursor.execute("SET LOCAL session_replication_role = origin")


def _set_sequences(books: Books, referrals: int) -> None:
    with connection.cursor() as cursor:
        for table in books:
            if table.counts and table.last:
                cursor.execute(
                    "SELECT setval(pg_get_serial_sequence(%s, 'id'), %s)", [table.name, table.last]
                )
        if referrals:
            cursor.execute("SELECT setval('care_reference_seq', %s)", [books.referral.last])


def _compare(done: Seeded, sample: int, chance: random.Random, at: datetime) -> None:
    """What `care.standing` says of some families, against what was copied."""
    first, last = Family.objects.order_by("pk").first(), Family.objects.order_by("-pk").first()
    if first is None or last is None:
        return
    keys = range(first.pk, last.pk + 1)
    for family in Family.objects.filter(pk__in=chance.sample(keys, min(sample, len(keys)))):
        done.compared += 1
        done.faults += standing.compare(family, at=at)
