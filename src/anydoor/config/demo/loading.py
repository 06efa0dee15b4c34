"""The whole load: mark, areas and staff, half a year of families in two processes, checks, mark again."""

from __future__ import annotations

import multiprocessing
import os
import re
import signal
import traceback
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from multiprocessing.connection import Connection, wait
from random import Random

from django.contrib.auth.hashers import make_password
from django.db import connection, connections
from django.db.models import F

from anydoor.config.demo.checking import check
from anydoor.config.demo.clock import begins
from anydoor.config.demo.closed import agree_on_sharing, close_some
from anydoor.config.demo.directory_kept import keep_directory
from anydoor.config.demo.drawn_families import HELD, TOLD
from anydoor.config.demo.families import County, already_there, simulate
from anydoor.config.demo.joiners import come_and_go
from anydoor.config.demo.people import Numbers
from anydoor.config.demo.rights import ask_for_a_record, say_what_is_not_right
from anydoor.config.demo.staff import BY, CASTS, Staff, hire
from anydoor.config.lifeline import PARENT, end_with_parent
from anydoor.config.models import DemoLoad
from anydoor.directory.area_files import area_slugs, find_file
from anydoor.directory.deprivation import INVENTED, load_deprivation
from anydoor.directory.postcodes import SAMPLE, load_postcodes
from anydoor.messages.models import OutboxMessage

FAMILIES = 400
SEED = 1001
# How families and numbers share themselves out over the areas, and so the areas over two processes.
SHARES = {"norfolk": 10, "north-northamptonshire": 4, "cornwall": 4, "north-lincolnshire": 3}
SENT_AFTER = timedelta(seconds=20)
GIVEN_NUMBER = re.compile(r"07700 900\d{3}|01632 960\d{3}")

Report = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Plan:
    """What is to be loaded: about how many families, and where."""

    now: datetime
    families: int = FAMILIES
    seed: int = SEED
    areas: tuple[str, ...] = ()
    processes: int = 2

    @property
    def slugs(self) -> tuple[str, ...]:
        return self.areas or tuple(sorted(area_slugs(), key=lambda slug: -SHARES.get(slug, 3)))

    def families_of(self, slug: str) -> int:
        """How many families of an area come in the half year, beside those of today and the screens."""
        whole = sum(SHARES.get(each, 3) for each in self.slugs)
        share = round(self.families * SHARES.get(slug, 3) / whole)
        return max(share - already_there(slug), share // 2)


class DemoFault(Exception):
    """The load did not come out as it must; nothing is to be served from it."""


def load(plan: Plan, *, password: str, report: Report) -> DemoLoad:
    """Load everything into an empty database. Raises `DemoFault`, with what was refused and where."""
    with without_waiting_for_the_disk():
        mark = DemoLoad.objects.create(
            seed=plan.seed, families=plan.families, areas=list(plan.slugs), started_at=plan.now
        )
        report("Areas, services and staff")
        encoded = make_password(password)
        counties = prepare(plan, encoded)
        agree_on_sharing(plan.slugs)
        groups = share_out(plan, counties)
    if len(groups) == 1:
        with without_waiting_for_the_disk():
            simulate(groups[0], report)
    else:
        _beside_each_other(groups, report)
    with without_waiting_for_the_disk():
        keep_directory(plan.slugs, plan.now)
        close_some(plan.slugs, plan.now)
        ask_for_a_record(plan.slugs, plan.now)
        say_what_is_not_right(plan.slugs, plan.now)
        come_and_go(plan.slugs, encoded, plan.now)
    report("Checking")
    deliver(plan.now)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    faults = check()
    if faults:
        raise DemoFault("\n".join(faults[:20]))
    mark.finished_at = plan.now
    mark.save(update_fields=["finished_at"])
    return mark


@contextmanager
def without_waiting_for_the_disk() -> Iterator[None]:
    """For this connection alone: a commit of the demo need not be on the disk before the next one."""
    with connection.cursor() as cursor:
        cursor.execute("SET synchronous_commit = off")
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute("RESET synchronous_commit")


# ---------------------------------------------------------------- who is there


def prepare(plan: Plan, encoded: str) -> dict[str, County]:
    """The areas with their staff, as they are before the first family comes. One password, hashed once."""
    start = begins(plan.now)
    numbers = deal_numbers(plan)
    staff: dict[str, Staff] = {}
    for slug in plan.slugs:
        rng = Random(f"{plan.seed}/{slug}/staff")
        staff[slug] = hire(slug, password=encoded, numbers=numbers[slug], start=start, now=plan.now, rng=rng)
    load_postcodes(path=SAMPLE, by=BY, at=plan.now)
    load_deprivation(path=INVENTED, by=BY, at=plan.now)
    counties = {}
    for slug in plan.slugs:
        counties[slug] = County(
            staff=staff[slug],
            numbers=numbers[slug],
            now=plan.now,
            start_at=start,
            seed=plan.seed,
            families=plan.families_of(slug),
            rng=Random(f"{plan.seed}/{slug}"),
        )
        counties[slug].open()
    return counties


def deal_numbers(plan: Plan) -> dict[str, Numbers]:
    """Drama numbers for each area, none twice and none that an area file or a drawn person has already."""
    given = {number for slug in area_slugs() for number in GIVEN_NUMBER.findall(find_file(slug).read_text())}
    given |= {number for cast in CASTS.values() for pair in cast.numbers.values() for number in pair}
    given |= {drawn.contact for drawn in (*HELD, *TOLD)}
    whole = sum(SHARES.values())
    dealt, first = {}, 0
    for block, slug in enumerate(area_slugs()):
        residues = range(first, first + SHARES.get(slug, 3))
        first += len(residues)
        dealt[slug] = Numbers(residues, whole, frozenset(given), block)
    return {slug: dealt[slug] for slug in plan.slugs}


def share_out(plan: Plan, counties: dict[str, County]) -> list[list[County]]:
    """The areas in as many groups as there are processes, with about the same number of families in each."""
    groups: list[list[County]] = [[] for _ in range(max(1, min(plan.processes, len(counties))))]
    for slug in plan.slugs:
        lightest = min(groups, key=lambda group: sum(county.families for county in group))
        lightest.append(counties[slug])
    return groups


# ---------------------------------------------------------------- processes


def _beside_each_other(groups: Sequence[list[County]], report: Report) -> None:
    """Simulate each group of areas in a process of its own. The first fault ends them all."""
    connections.close_all()
    context = multiprocessing.get_context("fork")
    pipes: list[Connection] = []
    processes = []
    for group in groups:
        mine, theirs = context.Pipe(duplex=False)
        process = context.Process(target=_in_a_process, args=(group, theirs, os.getpid()))
        process.start()
        theirs.close()
        pipes.append(mine)
        processes.append(process)
    try:
        _listen(pipes, report)
    finally:
        for process in processes:
            if process.is_alive():
                process.terminate()
            process.join()


def _listen(pipes: list[Connection], report: Report) -> None:
    open_pipes = list(pipes)
    while open_pipes:
        for pipe in wait(open_pipes):
            assert isinstance(pipe, Connection)
            try:
                kind, words = pipe.recv()
            except EOFError:
                raise DemoFault("A process of the load ended in the middle of it.") from None
            if kind == "fault":
                raise DemoFault(words)
            if kind == "done":
                open_pipes.remove(pipe)
            else:
                report(words)


def _in_a_process(group: list[County], pipe: Connection, parent: int) -> None:
    """Part of a load. It ends with its parent, so that a load begun anew has the database to itself."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    os.environ[PARENT] = str(parent)
    end_with_parent()
    try:
        with without_waiting_for_the_disk():
            simulate(group, lambda words: pipe.send(("progress", words)))
        pipe.send(("done", ""))
    except BaseException:
        pipe.send(("fault", traceback.format_exc()))
        raise
    finally:
        connections.close_all()


# ---------------------------------------------------------------- afterwards


def deliver(now: datetime) -> None:
    """What was written to the outbox in the half year was sent then. Nothing is sent to anybody by this."""
    OutboxMessage.objects.filter(state="queued", not_before__lt=now - timedelta(hours=1)).update(
        state="sent", sent_at=F("not_before") + SENT_AFTER, tries=1
    )
