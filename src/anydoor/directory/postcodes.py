"""Loading postcodes from a file of the Office for National Statistics, whatever its vintage.

Columns are found by their header: those of the ONS Postcode Directory (`pcds, oslaua` or `laua` or `lad25cd`,
`lat, long, oseast1m, osnrth1m, lsoa11, lsoa21, doterm`), of the best-fit look-ups (`pcds` or `pcd7`, `ladcd,
ladnm, lsoa11cd` or `lsoa21cd`, which have no position), and of files made from them. What a file does not
tell is left as it was. A file with one bad row is refused whole, with row and column of each.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from django.db import connection, transaction

from anydoor.access import audit
from anydoor.access.audit import Outsider
from anydoor.access.models import User
from anydoor.directory import open_data
from anydoor.directory.models import District
from anydoor.directory.open_data import CellFault, FileFaults, RowFault, Said, Sheet
from anydoor.rules import grid_reference, identifiers
from anydoor.rules.errors import BadInput

__all__ = ["SAMPLE", "FileFaults", "PostcodesLoaded", "RowFault", "find_columns", "load_postcodes"]

SAMPLE = Path(__file__).parent / "areas" / "postcodes_sample.csv"

# What a column is called, as patterns over the header in small letters. The first that fits is taken.
COLUMNS: Mapping[str, tuple[str, ...]] = {
    "postcode": ("pcds", "postcode", "pcd8", "pcd7", "pcd2", "pcd", "postcode [123478]"),
    "district": (r"lad(\d\d)?cd", "oslaua", "laua", r"laua(\d\d)?cd"),
    "name": (r"lad(\d\d)?nm",),
    "latitude": ("lat", "latitude"),
    "longitude": ("long", "lng", "lon", "longitude"),
    "east": ("oseast1m", "east1m", "easting", "eastings"),
    "north": ("osnrth1m", "north1m", "northing", "northings"),
    "lsoa_2011": (r"lsoa_?(20)?11(_?cd|_?code)?", r"lsoa code \(2011\)"),
    "lsoa_2021": (r"lsoa_?(20)?21(_?cd|_?code)?", r"lsoa code \(2021\)"),
    "ended": ("doterm",),
}
NEEDED = ("postcode", "district")

_DISTRICT = re.compile(r"[EWSN]\d{8}")
_NOWHERE = re.compile(r"[LM]\d{8}|[EWSN]99999999|")  # Channel Islands and Isle of Man, or no district at all
_DEGREES = re.compile(r"-?\d{1,3}(\.\d+)?([eE]-\d+)?")
_METRES = re.compile(r"\d{1,7}(\.\d+)?")


@dataclass(frozen=True, slots=True)
class PostcodesLoaded:
    """What loading did. `left_out` counts rows that are sound and not ours, by reason; `placeless` those
    that were loaded and have no position; `vintages` the small areas the file told of."""

    created: int
    changed: int
    unchanged: int
    left_out: Mapping[str, int]
    placeless: int = 0
    vintages: tuple[str, ...] = ()


Row = tuple[int, str, str, float | None, float | None, str, str]


def load_postcodes(
    *, path: Path, by: User | Outsider, at: datetime, said: Said | None = None
) -> PostcodesLoaded:
    """Load a postcode file, all or nothing; a postcode that is there already is brought up to date.

    Left out and counted: postcodes that have ended, lie outside the United Kingdom's districts, or lie in a
    district that we do not know and the file does not name. `said` hears how far it is. Raises NotFound,
    BadInput (no such columns, not text) and FileFaults (bad rows).
    """
    with transaction.atomic(), open_data.opened(path, find_columns, said) as sheet:
        _make_room()
        reading = _Reading(sheet, set(District.objects.values_list("code", flat=True)))
        _copy(reading.rows())
        _refuse_doubles(sheet)
        sheet.refuse_if_faulty()
        District.objects.bulk_create(
            [District(code=code, name=name) for code, name in sorted(reading.new_districts.items())]
        )
        created, changed, read, placeless = _put()
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
    vintages = tuple(key[-4:] for key in ("lsoa_2011", "lsoa_2021") if key in sheet.where)
    return PostcodesLoaded(
        created, changed, read - created - changed, dict(reading.left_out), placeless, vintages
    )


def _in_words(left_out: Mapping[str, int]) -> str:
    return ", ".join(f"{count} {reason}" for reason, count in left_out.items())


# ---------------------------------------------------------------- reading


def find_columns(header: list[str]) -> dict[str, int]:
    """Which column holds what, by header. Raises BadInput naming what is missing and what was seen."""
    where = open_data.find(header, COLUMNS)
    missing = [key for key in NEEDED if key not in where]
    for one, other in (("latitude", "longitude"), ("east", "north")):
        missing += [key for key in (one, other) if key not in where and {one, other} & where.keys()]
    if missing:
        raise BadInput(
            f"Row 1 must name the columns; there is none for {', '.join(missing)}. "
            "Expected are those of the ONS: pcds, ladcd (or oslaua, laua), lat, long, lsoa11, lsoa21. "
            f"Found: {open_data.seen(header)}."
        )
    return where


class _Reading:
    """Goes through the rows once, keeping the sound ones and counting the rest."""

    def __init__(self, sheet: Sheet, known: set[str]) -> None:
        self.sheet = sheet
        self.known = known
        self.new_districts: dict[str, str] = {}
        self.left_out: dict[str, int] = {}

    def rows(self) -> Iterator[Row]:
        for number, cells in self.sheet.rows():
            reason = self._not_ours(cells)
            if reason:
                self.left_out[reason] = self.left_out.get(reason, 0) + 1
                continue
            try:
                yield self._read(number, cells)
            except CellFault as fault:
                self.sheet.fault(number, fault.column, fault.words)

    def _not_ours(self, cells: Mapping[str, str]) -> str:
        code = cells["district"]
        if cells.get("ended"):
            return "no longer in use"
        if _NOWHERE.fullmatch(code):
            return "outside the United Kingdom's districts"
        if _DISTRICT.fullmatch(code) and code not in self.known and not cells.get("name"):
            return "in districts we do not know"
        return ""

    def _read(self, number: int, cells: Mapping[str, str]) -> Row:
        code = cells["district"]
        if not _DISTRICT.fullmatch(code):
            raise CellFault("district", "the district code is not one of the ONS, like E07000148")
        try:
            postcode = identifiers.postcode(cells["postcode"])
        except BadInput as problem:
            raise CellFault("postcode", problem.message) from None
        latitude, longitude = _position(cells, postcode)
        row = (
            number,
            postcode,
            code,
            latitude,
            longitude,
            open_data.lsoa(cells.get("lsoa_2011", ""), "2011", "lsoa_2011"),
            open_data.lsoa(cells.get("lsoa_2021", ""), "2021", "lsoa_2021"),
        )
        if code not in self.known:
            self._name_district(code, cells.get("name", ""))
        return row

    def _name_district(self, code: str, given: str) -> None:
        try:
            name = identifiers.one_line(given, 100)
        except BadInput as problem:
            raise CellFault("name", problem.message) from None
        if self.new_districts.setdefault(code, name) != name:
            raise CellFault("name", "this district has another name further up")


def _position(cells: Mapping[str, str], postcode: str) -> tuple[float | None, float | None]:
    """Degrees, from degrees or from the grid; nothing where the file says that it does not know."""
    lat, long = cells.get("latitude", ""), cells.get("longitude", "")
    if lat.startswith("99.99") or (not lat and not long):
        return _from_grid(cells, postcode) if not lat else (None, None)
    return _degrees(lat, "latitude", 49, 62), _degrees(long, "longitude", -9, 3)


def _from_grid(cells: Mapping[str, str], postcode: str) -> tuple[float | None, float | None]:
    east, north = cells.get("east", ""), cells.get("north", "")
    if (not east and not north) or postcode.startswith("BT"):  # Northern Ireland has a grid of its own
        return None, None
    for column, text in (("east", east), ("north", north)):
        if not _METRES.fullmatch(text):
            raise CellFault(column, "the grid reference is not a number of metres")
    if float(east) == 0 and float(north) == 0:
        return None, None
    try:
        latitude, longitude = grid_reference.position(float(east), float(north))
    except BadInput as problem:
        raise CellFault("east", problem.message) from None
    return round(latitude, 6), round(longitude, 6)


def _degrees(text: str, what: str, low: float, high: float) -> float:
    if not _DEGREES.fullmatch(text):
        raise CellFault(what, f"the {what} is not a number of degrees")
    value = float(text)
    if not low <= value <= high:
        raise CellFault(what, f"the {what} is not in the United Kingdom")
    return value


# ---------------------------------------------------------------- writing


def _make_room() -> None:
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE IF EXISTS pg_temp.postcodes_read")
        cursor.execute(
            "CREATE TEMPORARY TABLE postcodes_read (number integer, postcode text, district text,"
            " latitude double precision, longitude double precision, lsoa_2011 text, lsoa_2021 text)"
            " ON COMMIT DROP"
        )


def _copy(rows: Iterator[Row]) -> None:
    with connection.cursor() as cursor, cursor.copy("COPY postcodes_read FROM STDIN") as copy:
        for row in rows:
            copy.write_row(row)


def _refuse_doubles(sheet: Sheet) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT min(number), max(number) FROM postcodes_read"
            " GROUP BY postcode HAVING count(*) > 1 ORDER BY 2"
        )
        for first, again in cursor.fetchall():
            sheet.fault(again, "postcode", f"this postcode is already in row {first}")


def _put() -> tuple[int, int, int, int]:
    """Rows made, changed, read, and read without a position. What the file does not tell stays as it was."""
    with connection.cursor() as cursor:
        cursor.execute(
            "WITH put AS (INSERT INTO directory_postcode AS old"
            " (postcode, district_id, latitude, longitude, lsoa_2011, lsoa_2021)"
            " SELECT postcode, district, latitude, longitude, lsoa_2011, lsoa_2021 FROM postcodes_read"
            " ON CONFLICT (postcode) DO UPDATE SET district_id = EXCLUDED.district_id,"
            " latitude = COALESCE(EXCLUDED.latitude, old.latitude),"
            " longitude = COALESCE(EXCLUDED.longitude, old.longitude),"
            " lsoa_2011 = COALESCE(NULLIF(EXCLUDED.lsoa_2011, ''), old.lsoa_2011),"
            " lsoa_2021 = COALESCE(NULLIF(EXCLUDED.lsoa_2021, ''), old.lsoa_2021)"
            " WHERE (old.district_id, old.latitude, old.longitude, old.lsoa_2011, old.lsoa_2021)"
            " IS DISTINCT FROM (EXCLUDED.district_id, COALESCE(EXCLUDED.latitude, old.latitude),"
            " COALESCE(EXCLUDED.longitude, old.longitude),"
            " COALESCE(NULLIF(EXCLUDED.lsoa_2011, ''), old.lsoa_2011),"
            " COALESCE(NULLIF(EXCLUDED.lsoa_2021, ''), old.lsoa_2021))"
            " RETURNING (xmax = 0) AS made)"
            " SELECT count(*) FILTER (WHERE made), count(*) FILTER (WHERE NOT made),"
            " (SELECT count(*) FROM postcodes_read),"
            " (SELECT count(*) FROM postcodes_read WHERE latitude IS NULL) FROM put"
        )
        created, changed, read, placeless = cursor.fetchone() or (0, 0, 0, 0)
    return created, changed, read, placeless
