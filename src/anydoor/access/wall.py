"""The second wall: row security of PostgreSQL, under the scopes and the policy.

A request of a browser or of a partner's system speaks to the database as a narrow role that sees the rows
of the families somebody's teams have a sight of, and no others; a page that forgot its scope shows nothing.
What goes past that steps behind the wall for as long as it lasts and says why: a verb, in its own
transaction, and the few reads that are about many families (a count, a search by its index). There it has
another role, which reads and writes rows and can do nothing else to the database. Commands, the worker and
migrations have no wall: nobody's request reaches them.

Here is only what is wanted, in a context variable. The database backend (`config.postgres`) makes the
connection agree before each statement; the policies are in `care/migrations`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, replace
from functools import wraps
from typing import TYPE_CHECKING, ParamSpec, TypeVar

from django.db import transaction

if TYPE_CHECKING:  # the database backend reads this before there are models
    from anydoor.access.policy import Standing

PAGES = "anydoor_pages"  # sees what the policies of the tables let through
WORK = "anydoor_work"  # sees and writes every row, changes no table

P = ParamSpec("P")
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Wall:
    """What a connection has to be: a role, and whose eyes it sees with.

    `teams` see a family by `care.Sight`; `families` are seen by this one person, or are the visitor's own;
    `asked` are seen as far as somebody asked to take over; `kept_from` are seen by no way at all.
    """

    role: str = PAGES
    user: int = 0
    teams: frozenset[int] = frozenset()
    families: frozenset[int] = frozenset()
    asked: frozenset[int] = frozenset()
    kept_from: frozenset[int] = frozenset()


_wall: ContextVar[Wall | None] = ContextVar("wall", default=None)


def wanted() -> Wall | None:
    """What the connection has to be now; None for the account the process signed in with."""
    return _wall.get()


@contextmanager
def raised(seen: Wall | None = None) -> Iterator[None]:
    """Until the block ends, rows are seen as by nobody in particular, or as `seen` says."""
    before = _wall.set(seen or Wall())
    try:
        yield
    finally:
        _wall.reset(before)


def see_as(who: Standing) -> None:
    """Rows are seen as `who` sees them, for the rest of the request. Nothing where no wall stands."""
    if (now := _wall.get()) is not None:
        _wall.set(
            replace(
                now,
                user=who.user_id,
                teams=who.family_team_ids,
                families=who.named | who.in_emergency,
                asked=who.asked,
                kept_from=who.kept_from,
            )
        )


def see_also(family_id: int) -> None:
    """One family more, for the rest of the request: by the policy and not by a sight of a team.

    Somebody without an account proved that it is about them; or a rule of the policy let a worker at one
    family for one thing: danger at the door, a person's rights, an emergency looked at again.
    """
    if (now := _wall.get()) is not None:
        _wall.set(replace(now, families=now.families | {family_id}))


@contextmanager
def lifted(why: str) -> Iterator[None]:
    """Behind the wall, for what looks past one viewer's families. `why` is for whoever reads the code."""
    now = _wall.get()
    if now is None or now.role == WORK:
        yield
        return
    before = _wall.set(replace(now, role=WORK))
    try:
        yield
    finally:
        # Whose eyes it is may have become known meanwhile; only the role goes back.
        after = _wall.get()
        _wall.reset(before)
        if after is not None:
            _wall.set(replace(after, role=PAGES))


def behind(why: str) -> Callable[[Callable[P, T]], Callable[P, T]]:
    """A whole function behind the wall; it must return what it read, not something still to be read."""

    def wrap(work: Callable[P, T]) -> Callable[P, T]:
        @wraps(work)
        def inside(*given: P.args, **named: P.kwargs) -> T:
            with lifted(why):
                return work(*given, **named)

        return inside

    return wrap


@contextmanager
def working() -> Iterator[None]:
    """The transaction of a verb: behind the wall, all of it or nothing."""
    with lifted("a verb asked the policy already"), transaction.atomic():
        yield
