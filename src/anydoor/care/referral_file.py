"""Importing a file of referrals: each row is a request through the door `file`, in its own transaction.

A row is known by its `source_ref`, else by what stands in it, so that the same file again imports nothing. A
row that cannot be received is refused with its column and the reason, and written to FILE.refused.csv.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from django.db import DataError, IntegrityError, connection, transaction

from anydoor.access import audit, wall
from anydoor.access.audit import Outsider
from anydoor.access.models import User
from anydoor.care.intake import Received, receive
from anydoor.care.models import Story
from anydoor.care.referral_columns import SOURCE_REF, CellFault, in_order, told_by
from anydoor.care.referral_sheet import Row, Sheet, can_write_back, open_sheet, refused_path, write_back
from anydoor.care.told import Told, faults_in
from anydoor.directory.models import Area
from anydoor.people.models import ContactPoint
from anydoor.rules import identifiers, working_time
from anydoor.rules.errors import AnydoorError, BadInput, WrongMoment

LONGEST_REF = 190
AT_ONCE = "Something changed at the same moment. Import the file again."
TOO_MUCH = "Something in this row is longer or other than can be kept."


@dataclass(frozen=True, slots=True)
class Refusal:
    """A row that was refused: the first fault from the left, and what else is wrong with it."""

    row: int
    column: str
    reason: str
    also: tuple[tuple[str, str], ...] = ()

    def as_json(self) -> dict[str, Any]:
        said: dict[str, Any] = {"row": self.row, "column": self.column, "reason": self.reason}
        if self.also:
            said["also"] = [{"column": column, "reason": reason} for column, reason in self.also]
        return said

    @property
    def in_words(self) -> str:
        return " ".join([self.reason, *(f"{column}: {reason}" for column, reason in self.also)])


@dataclass(slots=True)
class Imported:
    """What became of a file. Every row is accepted, already imported or refused.

    Of those accepted, `joined` went to a person we know and `possible_match` wait for a worker to decide.
    `differs` are rows that came before with another story or contact: nothing was changed.
    """

    file: str
    area: str
    rows: int = 0
    accepted: int = 0
    joined: int = 0
    possible_match: int = 0
    already_imported: int = 0
    refusals: list[Refusal] = field(default_factory=list)
    differs: list[int] = field(default_factory=list)
    refused_file: Path | None = None
    received_as: dict[str, tuple[int, str]] = field(default_factory=dict)  # source_ref: row, what it said

    def as_json(self) -> dict[str, Any]:
        return {
            "file": self.file,
            "area": self.area,
            "rows": self.rows,
            "accepted": self.accepted,
            "joined": self.joined,
            "possible_match": self.possible_match,
            "already_imported": self.already_imported,
            "refused": len(self.refusals),
            "refusals": [refusal.as_json() for refusal in self.refusals],
            "differs": self.differs,
        }

    def count(self, received: Received) -> None:
        if received.already:
            self.already_imported += 1
            return
        self.accepted += 1
        self.joined += bool(received.joined_by)
        self.possible_match += received.possible_matches > 0


def import_referrals(
    *, path: Path, area: Area, by: User | Outsider, at: datetime, dry_run: bool = False
) -> Imported:
    """Receive every row of a file. A dry run does and says the same, and then takes all of it back.

    Raises `NotFound` or `BadInput` when the file cannot be read at all; nothing is received then. Raises
    `WrongMoment` when all was dealt with and only the refused rows could not be written.
    """
    sheet = open_sheet(path)
    if not dry_run and not can_write_back(path):
        raise BadInput(f"We may not write {refused_path(path).name} beside the file, where refused rows go.")
    done = Imported(file=str(path), area=area.slug)
    refused: list[tuple[Row, str, str]] = []
    with _all_taken_back() if dry_run else nullcontext():
        for row in sheet.rows():
            done.rows += 1
            faults = _import_row(done, row, area, by, at, dry_run=dry_run)
            if faults:
                refusal = _refusal(sheet, row, faults)
                done.refusals.append(refusal)
                refused.append((row, refusal.column, refusal.in_words))
    if dry_run:
        return done
    if refused:
        try:
            done.refused_file = write_back(sheet, refused)
        except OSError as problem:
            raise WrongMoment(
                f"{done.accepted} rows were received, but the refused ones could not be written to "
                f"{refused_path(path).name}: {problem.strerror}. Import the file again."
            ) from None
    audit.record(
        action="import_referrals",
        subject="area",
        subject_id=area.pk,
        by=by,
        at=at,
        why=f"{done.accepted} of {done.rows} rows received",
    )
    return done


@contextmanager
def _all_taken_back() -> Iterator[None]:
    with wall.working():
        yield
        transaction.set_rollback(True)


def _import_row(
    done: Imported, row: Row, area: Area, by: User | Outsider, at: datetime, *, dry_run: bool
) -> list[CellFault]:
    """Receive one row and count it; or what is wrong with it, from left to right."""
    if row.fault:
        return [CellFault("", row.fault)]
    told, faults = told_by(row.cells)
    on = working_time.london_day(at)
    faults += [CellFault(fault.field or "", fault.message) for fault in faults_in(told, on=on)]
    try:
        source_ref = _source_ref(row)
        _not_twice(done, row, source_ref)
    except BadInput as fault:
        faults.append(CellFault(SOURCE_REF, fault.message))
    if faults:
        return in_order(row.cells, faults)
    try:
        received = _receive(
            lambda: receive(told=told, area=area, by=by, at=at, source_ref=source_ref), dry_run=dry_run
        )
    except BadInput as fault:
        return [CellFault(fault.field or "", fault.message)]
    except AnydoorError as fault:
        return [CellFault("", fault.message)]
    except IntegrityError:
        return [CellFault("", AT_ONCE)]
    except DataError:
        return [CellFault("", TOO_MUCH)]
    done.count(received)
    done.received_as.setdefault(source_ref, (row.number, _digest(row)))
    if received.already and _differs(received, told):
        done.differs.append(row.number)
    return []


def _receive(work: Callable[[], Received], *, dry_run: bool) -> Received:
    """A row in its own transaction. In a dry run what the database checks at commit is checked here."""
    if not dry_run:
        return work()
    with wall.working():
        received = work()
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            cursor.execute("SET CONSTRAINTS ALL DEFERRED")
    return received


def _source_ref(row: Row) -> str:
    """What makes this row the same row: the sender's own number, else everything that stands in it."""
    given = row.cells.get(SOURCE_REF, "").strip()
    if given:
        return f"file:{identifiers.one_line(given, LONGEST_REF)}"
    return f"row:{_digest(row)}"


def _digest(row: Row) -> str:
    said = sorted((name, cell) for name, cell in row.cells.items() if cell.strip())
    return hashlib.sha256(json.dumps(said).encode()).hexdigest()


def _not_twice(done: Imported, row: Row, source_ref: str) -> None:
    """One number for two requests in one file is a slip: the second must not pass for the first."""
    number, said = done.received_as.get(source_ref, (0, ""))
    if number and said != _digest(row):
        raise BadInput(
            f"Row {number} has the same number and says something else. Give each request its own number."
        )


def _differs(received: Received, told: Told) -> bool:
    """Whether a row that came before told something else then, or another way to reach them."""
    earlier = Story.objects.filter(referral=received.referral).order_by("at", "pk").first()
    if earlier is None:
        return False
    if earlier.words != told.story.replace("\r\n", "\n").replace("\r", "\n").strip():
        return True
    person = received.referral.person_id
    return (
        bool(told.contact.strip())
        and not ContactPoint.objects.filter(
            person_id=person, value=identifiers.contact(told.contact).normalised
        ).exists()
    )


def _refusal(sheet: Sheet, row: Row, faults: list[CellFault]) -> Refusal:
    """The faults by the headings of the file, as whoever made it knows them."""
    said = [(sheet.headings.get(fault.field, fault.field), fault.reason) for fault in faults]
    return Refusal(row.number, said[0][0], said[0][1], tuple(said[1:]))
