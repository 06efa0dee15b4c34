"""Loading postcodes from a file of the Office for National Statistics, whatever its vintage.

Columns are found by their header: the names of the ONS best-fit look-up (`pcds, ladcd, ladnm, lat, long,
lsoa11cd`) and of the ONS Postcode Directory (`pcds, oslaua or laua or lad24cd, lat, long, lsoa11, doterm`).
A file with one bad row is refused whole, with the numbers of the bad rows.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from django.db import connection, transaction

from anydoor.access import audit
from anydoor.access.audit import Outsider
from anydoor.access.models import User
from anydoor.directory.models import District
from anydoor.rules import identifiers
from anydoor.rules.errors import BadInput, NotFound

SAMPLE = Path(__file__).parent / "areas" / "postcodes_sample.csv"
FAULTS_SHOWN = 20

# What a column is called, as patterns over the header in small letters. The first that fits is taken.
COLUMNS: Mapping[str, tuple[str, ...]] = {
    "postcode": ("pcds", "postcode", "pcd8?"),
    "district": (r"lad(\d\d)?cd", "oslaua", "laua"),
    "name": (r"lad(\d\d)?nm",),
    "latitude": ("lat", "latitude"),
    "longitude": ("long", "lng", "longitude"),
    "lsoa": ("lsoa11cd", "lsoa11"),
    "ended": ("doterm",),
}
NEEDED = ("postcode", "district", "latitude", "longitude")

_DISTRICT = re.compile(r"[EWSN]\d{8}")
_NOWHERE = re.compile(r"[LM]\d{8}|")  # Channel Islands and Isle of Man, or no district at all
_LSOA = re.compile(r"[EWSN]\d{8}|")


@dataclass(frozen=True, slots=True)
class RowFault:
    """A row that cannot be used. `row` counts as a spreadsheet does: the header is row 1."""

    row: int
    words: str

    def __str__(self) -> str:
        return f"row {self.row}: {self.words}"


class PostcodeFaults(BadInput):
    """A file that was refused whole. `faults` are the first of them, `count` is all."""

    def __init__(self, faults: list[RowFault], count: int) -> None:
        self.faults, self.count = tuple(faults), count
        rest = f"\nand {count - len(faults)} more" if count > len(faults) else ""
        lines = "\n".join(map(str, faults))
        super().__init__(f"{count} bad row{'s' * (count > 1)}; nothing was loaded.\n{lines}{rest}")


@dataclass(frozen=True, slots=True)
class PostcodesLoaded:
    """What loading did. `left_out` counts rows that are sound and not ours, by reason."""

    created: int
    changed: int
    unchanged: int
    left_out: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class _Row:
    number: int
    postcode: str
    district: str
    name: str
    latitude: float
    longitude: float
    lsoa: str


def load_postcodes(*, path: Path, by: User | Outsider, at: datetime) -> PostcodesLoaded:
    """Load a postcode file, all or nothing; a postcode that is there already is brought up to date.

    Left out and counted: postcodes that have ended, lie outside the United Kingdom's districts, have no
    position, or lie in a district that we do not know and the file does not name. Raises NotFound,
    BadInput (no such columns, not text) and PostcodeFaults (bad rows).
    """
    if not path.is_file():
        raise NotFound(f"There is no file {str(path)!r}.")
    with transaction.atomic(), path.open(encoding="utf-8-sig", newline="") as file:
        _make_room()
        reading = _Reading(set(District.objects.values_list("code", flat=True)))
        try:
            _copy(reading.rows(csv.reader(file, strict=True)))
        except UnicodeDecodeError:
            raise BadInput("This file is not text in UTF-8. Save it as CSV UTF-8 and try again.") from None
        except csv.Error as problem:
            raise BadInput(f"Row {reading.number + 1} cannot be read as CSV: {problem}.") from None
        _refuse_doubles(reading)
        if reading.count:
            raise PostcodeFaults(reading.faults, reading.count)
        District.objects.bulk_create(
            [District(code=code, name=name) for code, name in sorted(reading.new_districts.items())]
        )
        created, changed, read = _put()
        if not read:
            raise BadInput(
                f"No postcode of this file is ours ({_in_words(reading.left_out) or 'it has no rows'}). "
                "Load the areas first, or use a file that names its districts (ladnm)."
            )
        audit.record(
            action="load_postcodes",
            subject="postcodes",
            subject_id=None,
            by=by,
            at=at,
            purpose="directory",
            why=f"{read} postcodes read from {path.name}",
        )
    return PostcodesLoaded(created, changed, read - created - changed, dict(reading.left_out))


def _in_words(left_out: Mapping[str, int]) -> str:
    return ", ".join(f"{count} {reason}" for reason, count in left_out.items())


# ---------------------------------------------------------------- reading


class _Reading:
    """Goes through the rows once, keeping the sound ones and counting the rest."""

    def __init__(self, known: set[str]) -> None:
        self.known = known
        self.new_districts: dict[str, str] = {}
        self.left_out: dict[str, int] = {}
        self.faults: list[RowFault] = []
        self.count = 0
        self.number = 0

    def fault(self, number: int, words: str) -> None:
        self.count += 1
        if len(self.faults) < FAULTS_SHOWN:
            self.faults.append(RowFault(number, words))

    def rows(self, lines: Iterator[list[str]]) -> Iterator[_Row]:
        where = find_columns(next(lines, []))
        self.number = 1
        for line in lines:
            self.number += 1
            if not any(cell.strip() for cell in line):
                continue
            cells = {key: line[at].strip() if at < len(line) else "" for key, at in where.items()}
            reason = self._not_ours(cells)
            if reason:
                self.left_out[reason] = self.left_out.get(reason, 0) + 1
                continue
            try:
                yield self._read(cells)
            except BadInput as problem:
                self.fault(self.number, problem.message)

    def _not_ours(self, cells: Mapping[str, str]) -> str:
        code = cells["district"]
        if cells.get("ended"):
            return "no longer in use"
        if _NOWHERE.fullmatch(code):
            return "outside the United Kingdom's districts"
        if _DISTRICT.fullmatch(code) and code not in self.known and not cells.get("name"):
            return "in districts we do not know"
        if cells["latitude"].startswith("99.99"):
            return "without a position"
        return ""

    def _read(self, cells: Mapping[str, str]) -> _Row:
        code, name = cells["district"], identifiers.one_line(cells.get("name", ""), 100)
        if not _DISTRICT.fullmatch(code):
            raise BadInput("the district code is not one of the ONS, like E07000148")
        if not _LSOA.fullmatch(cells.get("lsoa", "")):
            raise BadInput("the LSOA code is not one of the ONS, like E01026779")
        row = _Row(
            self.number,
            identifiers.postcode(cells["postcode"]),
            code,
            name,
            _degrees(cells["latitude"], "latitude", 49, 62),
            _degrees(cells["longitude"], "longitude", -9, 3),
            cells.get("lsoa", ""),
        )
        if code not in self.known and self.new_districts.setdefault(code, name) != name:
            raise BadInput("this district has another name further up")
        return row


def find_columns(header: list[str]) -> dict[str, int]:
    """Which column holds what, by header. Raises BadInput naming what is missing."""
    names = [name.strip().lower() for name in header]
    where: dict[str, int] = {}
    for key, patterns in COLUMNS.items():
        for pattern in patterns:
            fits = [at for at, name in enumerate(names) if re.fullmatch(pattern, name)]
            if fits:
                where[key] = fits[-1]  # two vintages side by side: the later one
                break
    missing = [key for key in NEEDED if key not in where]
    if missing:
        raise BadInput(
            f"Row 1 must name the columns; there is none for {', '.join(missing)}. "
            "Expected are those of the ONS: pcds, ladcd (or oslaua, laua), lat, long."
        )
    return where


def _degrees(text: str, what: str, low: float, high: float) -> float:
    if not re.fullmatch(r"-?\d{1,3}(\.\d+)?([eE]-\d+)?", text):
        raise BadInput(f"the {what} is not a number of degrees")
    value = float(text)
    if not low <= value <= high:
        raise BadInput(f"the {what} is not in the United Kingdom")
    return value


# ---------------------------------------------------------------- writing


def _make_room() -> None:
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE IF EXISTS pg_temp.postcodes_read")
        cursor.execute(
            "CREATE TEMPORARY TABLE postcodes_read (number integer, postcode text, district text,"
            " latitude double precision, longitude double precision, lsoa text) ON COMMIT DROP"
        )


def _copy(rows: Iterator[_Row]) -> None:
    with connection.cursor() as cursor, cursor.copy("COPY postcodes_read FROM STDIN") as copy:
        for row in rows:
            copy.write_row((row.number, row.postcode, row.district, row.latitude, row.longitude, row.lsoa))


def _refuse_doubles(reading: _Reading) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT min(number), max(number) FROM postcodes_read"
            " GROUP BY postcode HAVING count(*) > 1 ORDER BY 2"
        )
        for first, again in cursor.fetchall():
            reading.fault(again, f"this postcode is already in row {first}")


def _put() -> tuple[int, int, int]:
    """Rows made, rows changed, rows read."""
    with connection.cursor() as cursor:
        cursor.execute(
            "WITH put AS (INSERT INTO directory_postcode AS old"
            " (postcode, district_id, latitude, longitude, lsoa_2011)"
            " SELECT postcode, district, latitude, longitude, lsoa FROM postcodes_read"
            " ON CONFLICT (postcode) DO UPDATE SET district_id = EXCLUDED.district_id,"
            " latitude = EXCLUDED.latitude, longitude = EXCLUDED.longitude, lsoa_2011 = EXCLUDED.lsoa_2011"
            " WHERE (old.district_id, old.latitude, old.longitude, old.lsoa_2011) IS DISTINCT FROM"
            " (EXCLUDED.district_id, EXCLUDED.latitude, EXCLUDED.longitude, EXCLUDED.lsoa_2011)"
            " RETURNING (xmax = 0) AS made)"
            " SELECT count(*) FILTER (WHERE made), count(*) FILTER (WHERE NOT made),"
            " (SELECT count(*) FROM postcodes_read) FROM put"
        )
        created, changed, read = cursor.fetchone() or (0, 0, 0)
    return created, changed, read
