"""Loading the Index of Multiple Deprivation and asking it: each release on its own small areas, never across.

The release is told by the header: `LSOA code (2011)` is the release of 2019, `LSOA code (2021)` that of 2025.
Codes and ranks must fit it: a file that mixes the two is refused. About one small area in sixteen changed
between the censuses, so a join across would lose those families without a word.
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
from anydoor.directory.models import RELEASES, DeprivationArea, Postcode
from anydoor.directory.open_data import CellFault, Said, Sheet
from anydoor.rules.errors import BadInput

# Invented deciles for the example areas' postcodes: no open package ships the published ones.
INVENTED = Path(__file__).parent / "areas" / "deprivation_invented.csv"

_IMD = r"(index of multiple deprivation \(imd\)|index of multiple deprivation|imd)"
COLUMNS: Mapping[str, tuple[str, ...]] = {
    "2011": (r"lsoa code \(2011\)", r"lsoa_?(20)?11_?(cd|code)", "lsoa11"),
    "2021": (r"lsoa code \(2021\)", r"lsoa_?(20)?21_?(cd|code)", "lsoa21"),
    "rank": (rf"{_IMD} rank( \(.*\))?", r"imd(20)?(19|25)?_?rank", "imdrank"),
    "decile": (rf"{_IMD} decile( \(.*\))?", r"imd(20)?(19|25)?_?dec(ile)?", "imddecil"),
    "synthetic": ("synthetic",),
}


@dataclass(frozen=True, slots=True)
class DeprivationLoaded:
    """What loading did. `expected` is how many small areas England has in that release; `placed` is how many
    of our postcodes lie in a small area of that vintage that the file speaks of."""

    release: str
    vintage: str
    created: int
    changed: int
    unchanged: int
    expected: int
    postcodes: int
    placed: int
    synthetic: bool


@dataclass(frozen=True, slots=True)
class Deprivation:
    """How deprived the small area of a postcode is. Say `words`, and `synthetic` where it is invented."""

    decile: int
    release: str
    vintage: str
    synthetic: bool

    @property
    def words(self) -> str:
        made_up = ", an invented figure" if self.synthetic else ""
        return f"Decile {self.decile} of 10, where 1 is the most deprived (IMD {self.release}{made_up})"


Row = tuple[int, str, int | None, int, bool]


def deprivation_of(postcode: str, release: str) -> Deprivation | None:
    """The decile of a normalised postcode in a release, through small areas of that release's own vintage."""
    if release not in RELEASES:
        raise BadInput(f"There is no release {release[:10]!r}. There is: {', '.join(RELEASES)}.")
    vintage = RELEASES[release][0]
    codes = Postcode.objects.filter(pk=postcode).exclude(**{f"lsoa_{vintage}": ""})
    row = DeprivationArea.objects.filter(release=release, lsoa__in=codes.values(f"lsoa_{vintage}")).first()
    return Deprivation(row.decile, release, vintage, row.synthetic) if row else None


def load_deprivation(
    *, path: Path, by: User | Outsider, at: datetime, said: Said | None = None
) -> DeprivationLoaded:
    """Load a file of the Index of Multiple Deprivation, all or nothing. The same again changes nothing.

    A column `synthetic` (yes or no) marks invented rows, as the demonstration has. Raises NotFound,
    BadInput (no such columns, two vintages in one file) and FileFaults (bad rows).
    """
    with transaction.atomic(), open_data.opened(path, find_columns, said) as sheet:
        vintage = "2011" if "2011" in sheet.where else "2021"
        release = next(key for key, (each, _, _) in RELEASES.items() if each == vintage)
        _make_room()
        _copy(_rows(sheet, vintage, release))
        _refuse_doubles(sheet, vintage)
        sheet.refuse_if_faulty()
        created, changed, read, synthetic = _put(release, vintage)
        if not read:
            raise BadInput("This file has no rows.")
        audit.record(
            action="load_deprivation",
            subject="deprivation",
            subject_id=None,
            by=by,
            at=at,
            purpose="directory",
            why=f"IMD {release}: {read} small areas read from {path.name}",
        )
        with_lsoa = Postcode.objects.exclude(**{f"lsoa_{vintage}": ""})
        there = DeprivationArea.objects.filter(release=release).values("lsoa")
        return DeprivationLoaded(
            release=release,
            vintage=vintage,
            created=created,
            changed=changed,
            unchanged=read - created - changed,
            expected=RELEASES[release][1],
            postcodes=Postcode.objects.count(),
            placed=with_lsoa.filter(**{f"lsoa_{vintage}__in": there}).count(),
            synthetic=bool(synthetic),
        )


def find_columns(header: list[str]) -> dict[str, int]:
    """Which column holds what. Raises BadInput where it is no such file, or speaks of two vintages."""
    where = open_data.find(header, COLUMNS)
    if "2011" in where and "2021" in where:
        raise BadInput(
            "This file has small areas of 2011 and of 2021 side by side. Load one release at a time: "
            "2019 goes with 2011, 2025 with 2021."
        )
    missing = [] if {"2011", "2021"} & where.keys() else ["the LSOA code with its year"]
    missing += ["the IMD decile"] * ("decile" not in where)
    if missing:
        raise BadInput(
            f"Row 1 must name the columns; there is none for {' and '.join(missing)}. Expected are those of "
            "the published files: LSOA code (2011) or LSOA code (2021), Index of Multiple Deprivation (IMD) "
            f"Rank, … Decile. Found: {open_data.seen(header)}."
        )
    years = {year for name in header for year in re.findall(r"imd[_ ]?(2019|2025|19|25)", name.lower())}
    wanted = "2019" if "2011" in where else "2025"
    if any(not wanted.endswith(year) for year in years):
        raise BadInput(
            f"The columns name IMD {' and '.join(sorted(years))}, and the small areas are those that go "
            f"with {wanted}. The two releases cannot be mixed."
        )
    return where


def _rows(sheet: Sheet, vintage: str, release: str) -> Iterator[Row]:
    highest = RELEASES[release][1]
    for number, cells in sheet.rows():
        try:
            code = open_data.lsoa(cells[vintage], vintage, vintage)
            if not code.startswith("E"):
                raise CellFault(vintage, "the English indices speak of small areas in England, E01…")
            rank = _whole(cells["rank"], "rank", highest, release) if cells.get("rank") else None
            decile = _whole(cells["decile"], "decile", 10, release)
            made_up = _flag(cells.get("synthetic", ""))
        except CellFault as fault:
            sheet.fault(number, fault.column, fault.words)
        else:
            yield number, code, rank, decile, made_up


def _whole(text: str, column: str, highest: int, release: str) -> int:
    plain = re.sub(r"\.0+$", "", text.replace(",", ""))
    if not re.fullmatch(r"\d{1,6}", plain):
        raise CellFault(column, f"must be a whole number from 1 to {highest:,}")
    if not 1 <= int(plain) <= highest:
        raise CellFault(column, f"must be from 1 to {highest:,} in the release of {release}")
    return int(plain)


def _flag(text: str) -> bool:
    if text.lower() in {"yes", "true", "1"}:
        return True
    if text.lower() in {"", "no", "false", "0"}:
        return False
    raise CellFault("synthetic", "must be yes or no")


# ---------------------------------------------------------------- writing


def _make_room() -> None:
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE IF EXISTS pg_temp.deprivation_read")
        cursor.execute(
            "CREATE TEMPORARY TABLE deprivation_read (number integer, lsoa text, rank integer,"
            " decile integer, synthetic boolean) ON COMMIT DROP"
        )


def _copy(rows: Iterator[Row]) -> None:
    with connection.cursor() as cursor, cursor.copy("COPY deprivation_read FROM STDIN") as copy:
        for row in rows:
            copy.write_row(row)


def _refuse_doubles(sheet: Sheet, vintage: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT min(number), max(number) FROM deprivation_read"
            " GROUP BY lsoa HAVING count(*) > 1 ORDER BY 2"
        )
        for first, again in cursor.fetchall():
            sheet.fault(again, vintage, f"this small area is already in row {first}")


def _put(release: str, vintage: str) -> tuple[int, int, int, int]:
    """Rows made, changed, read, and read as invented."""
    with connection.cursor() as cursor:
        cursor.execute(
            "WITH put AS (INSERT INTO directory_deprivationarea AS old"
            " (release, lsoa_vintage, lsoa, rank, decile, synthetic)"
            " SELECT %s, %s, lsoa, rank, decile, synthetic FROM deprivation_read"
            " ON CONFLICT (release, lsoa) DO UPDATE SET rank = EXCLUDED.rank, decile = EXCLUDED.decile,"
            " synthetic = EXCLUDED.synthetic"
            " WHERE (old.rank, old.decile, old.synthetic)"
            " IS DISTINCT FROM (EXCLUDED.rank, EXCLUDED.decile, EXCLUDED.synthetic)"
            " RETURNING (xmax = 0) AS made)"
            " SELECT count(*) FILTER (WHERE made), count(*) FILTER (WHERE NOT made),"
            " (SELECT count(*) FROM deprivation_read),"
            " (SELECT count(*) FROM deprivation_read WHERE synthetic) FROM put",
            [release, vintage],
        )
        created, changed, read, synthetic = cursor.fetchone() or (0, 0, 0, 0)
    return created, changed, read, synthetic
