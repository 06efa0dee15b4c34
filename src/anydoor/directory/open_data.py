"""Reading files that statistics offices publish: columns by header, faults by row and column.

A file is never mended by a guess and never taken in part: one bad row refuses it whole.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TextIO

from anydoor.rules.errors import BadInput, NotFound

FAULTS_SHOWN = 20
SAY_EVERY = 250_000
ENCODINGS = ("utf-8-sig", "cp1252")  # older files of the ONS have Welsh names in the second
Said = Callable[[str], object]

# Small areas of the 2021 census that did not exist in 2011 have codes behind these.
LAST_LSOA_2011 = {"E01": "E01033768", "W01": "W01001958"}
_LSOA = re.compile(r"[EWSN]\d{8}|95[A-Z]{2}\d{2}[A-Z]\d")  # and those of Northern Ireland in 2011
_PLACEHOLDER = re.compile(r"[ELMNSW]9{8}|[A-Z]990{6}\d|[LM]\d{8}|")  # "none", by the ONS


@dataclass(frozen=True, slots=True)
class RowFault:
    """A cell that cannot be used. `row` counts as a spreadsheet does: the header is row 1."""

    row: int
    column: str
    words: str

    def __str__(self) -> str:
        return f"row {self.row}, column {self.column}: {self.words}"


class FileFaults(BadInput):
    """A file that was refused whole. `faults` are the first of them, `count` is all."""

    def __init__(self, faults: list[RowFault], count: int) -> None:
        self.faults, self.count = tuple(faults), count
        rest = f"\nand {count - len(faults)} more" if count > len(faults) else ""
        lines = "\n".join(map(str, faults))
        super().__init__(f"{count} bad row{'s' * (count > 1)}; nothing was loaded.\n{lines}{rest}")


class CellFault(Exception):
    """Within a row: which column (by our name for it) and what is wrong."""

    def __init__(self, column: str, words: str) -> None:
        super().__init__(words)
        self.column, self.words = column, words


class Sheet:
    """A published CSV file while it is read: `rows` gives number and cells by our names of the columns."""

    def __init__(self, file: TextIO, names: Callable[[list[str]], dict[str, int]], said: Said | None) -> None:
        self._said = said
        first = file.readline()
        self._lines = csv.reader(file, _dialect(first), strict=True)
        self.header = next(csv.reader([first], _dialect(first)), [])
        self.where = names(self.header)
        self.number = 1
        self.faults: list[RowFault] = []
        self.count = 0

    def fault(self, number: int, column: str, words: str) -> None:
        self.count += 1
        if len(self.faults) < FAULTS_SHOWN:
            shown = self.header[self.where[column]].strip() if column in self.where else column
            self.faults.append(RowFault(number, shown, words))

    def refuse_if_faulty(self) -> None:
        if self.count:
            raise FileFaults(sorted(self.faults, key=lambda fault: fault.row), self.count)

    def rows(self) -> Iterator[tuple[int, dict[str, str]]]:
        """Each row that is not empty. A cell that the row is too short for is empty."""
        where = self.where
        for line in self._lines:
            self.number += 1
            if self._said and self.number % SAY_EVERY == 0:
                self._said(f"{self.number:,} rows read")
            if any(line):
                yield (
                    self.number,
                    {key: line[at].strip() if at < len(line) else "" for key, at in where.items()},
                )


@contextmanager
def opened(
    path: Path, names: Callable[[list[str]], dict[str, int]], said: Said | None = None
) -> Iterator[Sheet]:
    """The file as a `Sheet`, in the first encoding it is whole in. Raises NotFound and BadInput."""
    if not path.is_file():
        raise NotFound(f"There is no file {str(path)!r}.")
    encoding = _encoding(path)
    with path.open(encoding=encoding, newline="") as file:
        sheet = None
        try:
            sheet = Sheet(file, names, said)
            yield sheet
        except csv.Error as problem:
            number = sheet.number + 1 if sheet else 1
            raise BadInput(f"Row {number} cannot be read as CSV: {problem}.") from None


def _encoding(path: Path) -> str:
    with path.open("rb") as file:
        start = file.read(4)
        if b"\0" in start or start[:2] in (b"\xff\xfe", b"\xfe\xff"):
            raise BadInput("This file is not text in UTF-8. Save it as CSV UTF-8 and try again.")
    for encoding in ENCODINGS:
        with path.open(encoding=encoding) as file:
            try:
                while file.read(1 << 20):
                    pass
            except UnicodeDecodeError:
                continue
            return encoding
    raise BadInput("This file is not text in UTF-8. Save it as CSV UTF-8 and try again.")


def _dialect(first: str) -> type[csv.Dialect]:
    sign = max(",;\t", key=first.count)

    class Found(csv.excel):
        delimiter = sign
        strict = True

    return Found


def find(header: list[str], patterns: Mapping[str, tuple[str, ...]]) -> dict[str, int]:
    """Which column holds what: for each of our names the last column that fits its first fitting pattern.

    Two vintages side by side (lad22cd, lad24cd): the later column is taken. Case and spaces do not matter.
    """
    names = [" ".join(name.split()).lower() for name in header]
    where: dict[str, int] = {}
    for key, each in patterns.items():
        for pattern in each:
            fits = [at for at, name in enumerate(names) if re.fullmatch(pattern, name)]
            if fits:
                where[key] = fits[-1]
                break
    return where


def seen(header: list[str]) -> str:
    """The header as it was found, for a message."""
    names = ", ".join(name.strip()[:40] for name in header[:30])
    more = f" and {len(header) - 30} more" if len(header) > 30 else ""
    return f"{names}{more}" if names.strip(", ") else "nothing"


def lsoa(text: str, vintage: str, column: str) -> str:
    """The code of a small area of that census, or nothing where the file has a placeholder.

    A code that only the 2021 census knows is refused where 2011 is meant. Raises CellFault.
    """
    if _PLACEHOLDER.fullmatch(text):
        return ""
    if not _LSOA.fullmatch(text):
        raise CellFault(column, "the LSOA code is not one of the ONS, like E01026779")
    if vintage == "2011" and text > LAST_LSOA_2011.get(text[:3], "~"):
        raise CellFault(column, "this LSOA belongs to the census of 2021, not of 2011")
    return text
