"""A referral file as rows: finds its columns, reads on after a bad row, and writes back what was refused.

The file is read once from end to end before anything is received, so that a file which is not text, or in
which a quotation mark is never closed, is refused whole.
"""

from __future__ import annotations

import csv
import os
import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from anydoor.care.referral_columns import COLUMNS, Column, column_called
from anydoor.rules.errors import BadInput, NotFound

SEPARATORS = (",", ";", "\t")
LONGEST_CELL = 64 * 1024 * 1024
REFUSED = ("refused_row", "refused_column", "refused_reason", "refused_text")
# A spreadsheet takes a cell that begins so for a formula, and runs it.
RUNS = ("=", "+", "-", "@", "\t", "\r")
NOT_TEXT = {
    b"PK\x03\x04": "This is a spreadsheet, not CSV. Open it and save it as CSV UTF-8.",
    b"\xd0\xcf\x11\xe0": "This is a spreadsheet, not CSV. Open it and save it as CSV UTF-8.",
    b"\xff\xfe": "This file is in UTF-16. Save it as CSV UTF-8 and try again.",
    b"\xfe\xff": "This file is in UTF-16. Save it as CSV UTF-8 and try again.",
}
PAIRS = "The quotation marks in this row do not pair up. Put the row right, or type it anew."


@dataclass(frozen=True, slots=True)
class Row:
    """One row, numbered as a spreadsheet does: the header is row 1. `cells` by proper column name.

    `fault` says what is wrong with the row as a whole; `text` is then the row as it stood.
    """

    number: int
    cells: dict[str, str] = field(default_factory=dict)
    fault: str = ""
    text: str = ""


@dataclass(frozen=True, slots=True)
class Sheet:
    """A file that can be read: its separator and its columns, `None` where the heading is empty.

    `given_back` marks a file that we wrote ourselves, with reasons, and somebody corrected.
    """

    path: Path
    separator: str
    columns: tuple[Column | None, ...]
    headings: dict[str, str]  # proper name to the heading as it stands in the file
    given_back: bool

    def rows(self) -> Iterator[Row]:
        """Every row with something in it, after the header."""
        for number, cells, text in _records(self.path, self.separator):
            if number == 1:
                continue
            if cells is None:
                yield Row(number, fault=PAIRS, text=text)
            elif any(cell.strip() for cell in cells):
                yield self._row(number, cells, text)

    def _row(self, number: int, cells: Sequence[str], text: str) -> Row:
        named: dict[str, str] = {}
        for place, cell in enumerate(cells):
            column = self.columns[place] if place < len(self.columns) else None
            if column is not None:
                named[column.name] = _unguarded(cell) if self.given_back else cell
            elif cell.strip() and not (self.given_back and place < len(REFUSED)):
                fault = f"Cell {place + 1} has no heading above it. Is a separator too many in this row?"
                return Row(number, fault=fault, text=text)
        return Row(number, named)


def open_sheet(path: Path) -> Sheet:
    """Look through the whole file. Raises `NotFound` and `BadInput`, in words, when it cannot be read."""
    try:
        if path.is_dir():
            raise BadInput("This is a folder, not a file.")
        if not path.is_file():
            raise NotFound("There is no such file.")
        with path.open("rb") as file:
            beginning = file.read(4096)
    except OSError as problem:
        raise BadInput(f"This file cannot be opened: {problem.strerror}.") from None
    if not beginning.removeprefix(b"\xef\xbb\xbf").strip():
        raise BadInput("This file is empty.")
    for magic, words in NOT_TEXT.items():
        if beginning.startswith(magic):
            raise BadInput(words)
    sheet = _find_columns(path)
    for number, cells, text in _records(path, sheet.separator):
        if cells is None and text == "":
            raise BadInput(
                f"A quotation mark in row {number} is never closed, so the rows after it cannot be read."
            )
    return sheet


def _records(path: Path, separator: str) -> Iterator[tuple[int, list[str] | None, str]]:
    """Number, cells, and the row as it stood. No cells: it cannot be read; no text either: never closed."""
    seen: list[str] = []
    with path.open(encoding="utf-8-sig", newline="") as file, _long_cells():

        def lines() -> Iterator[str]:
            for line in file:
                seen.append(line)
                yield line

        reader = csv.reader(lines(), delimiter=separator, strict=True)
        number = 0
        while True:
            number += 1
            seen.clear()
            try:
                cells = next(reader)
            except StopIteration:
                return
            except csv.Error as problem:
                never_closed = "unexpected end of data" in str(problem)
                yield number, None, "" if never_closed else "".join(seen).rstrip("\r\n") or " "
            except UnicodeDecodeError:
                raise BadInput(
                    f"This file is not text in UTF-8 (near row {number}). Save it as CSV UTF-8 and try again."
                ) from None
            else:
                yield number, cells, "".join(seen).rstrip("\r\n")


@contextmanager
def _long_cells() -> Iterator[None]:
    before = csv.field_size_limit(LONGEST_CELL)
    try:
        yield
    finally:
        csv.field_size_limit(before)


def _find_columns(path: Path) -> Sheet:
    """The separator under which the most headings are ours, and what each heading means."""
    best: tuple[int, str, list[str]] = (-1, ",", [])
    for separator in SEPARATORS:
        record = next(_records(path, separator), None)
        headings = record[1] or [] if record else []
        known = sum(column_called(heading) is not None for heading in headings)
        if known > best[0]:
            best = (known, separator, headings)
    known, separator, headings = best
    if not known:
        raise BadInput(f"Row 1 must name the columns, like {', '.join(c.name for c in COLUMNS[1:5])}.")
    given_back = [heading.strip() for heading in headings[: len(REFUSED)]] == list(REFUSED)
    columns: list[Column | None] = []
    names: dict[str, str] = {}
    for place, heading in enumerate(headings):
        if (given_back and place < len(REFUSED)) or not heading.strip():
            columns.append(None)
            continue
        column = column_called(heading)
        if column is None:
            raise BadInput(
                f"Row 1: we do not know the column {_shown(heading)}. Give it one of our names, or take it "
                "out if it is not to be kept. docs/reference/referral-file.md lists them."
            )
        if column.name in names:
            raise BadInput(
                f"Row 1: {_shown(heading)} and {_shown(names[column.name])} are both {column.name}. Keep one."
            )
        names[column.name] = heading.strip()
        columns.append(column)
    if "story" not in names:
        raise BadInput("Row 1: the column story is missing.")
    if "contact" not in names and "referrer_contact" not in names:
        raise BadInput("Row 1: there must be a column contact or referrer_contact.")
    return Sheet(path, separator, tuple(columns), names, given_back)


def _shown(heading: str) -> str:
    """A heading fit for a terminal."""
    plain = re.sub(r"[^\w .,/()&'-]", "?", heading.strip())
    return f"“{plain if len(plain) <= 40 else plain[:39] + '…'}”"


# ---------------------------------------------------------------- writing back


def refused_path(path: Path) -> Path:
    """Where refused rows go: FILE.refused.csv beside FILE.csv."""
    return path.with_name(f"{path.stem}.refused.csv")


def can_write_back(path: Path) -> bool:
    """Whether refused rows could be written; asked before the first row is received."""
    target = refused_path(path)
    if target.exists() and not target.is_file():
        return False
    return os.access(target if target.exists() else target.parent, os.W_OK)


def write_back(sheet: Sheet, rows: Sequence[tuple[Row, str, str]]) -> Path:
    """Write refused rows with column and reason in front, to be corrected and imported as they are.

    Whole or not at all. Cells that a spreadsheet would run are made harmless with an apostrophe.
    """
    target = refused_path(sheet.path)
    names = list(sheet.headings)
    draft = target.with_name(f".{target.name}.{os.getpid()}")
    with draft.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file, delimiter=sheet.separator)
        writer.writerow([*REFUSED, *(guarded(sheet.headings[name]) for name in names)])
        for row, column, reason in rows:
            marks = [str(row.number), column, reason, row.text]
            writer.writerow(
                [guarded(cell) for cell in (*marks, *(row.cells.get(name, "") for name in names))]
            )
        file.flush()
        os.fsync(file.fileno())
    draft.replace(target)
    return target


def guarded(cell: str) -> str:
    """With an apostrophe in front when a spreadsheet would take it for a formula."""
    return f"'{cell}" if cell.removeprefix("'").startswith(RUNS) else cell


def _unguarded(cell: str) -> str:
    rest = cell[1:]
    return rest if cell[:1] == "'" and rest.removeprefix("'").startswith(RUNS) else cell
