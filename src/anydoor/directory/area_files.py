"""Area files (`areas/<slug>.toml`): reading one, and finding everything that is wrong with it at once.

The format is described in `areas/README.md`. Nothing here touches the database: `check_area` takes the
parsed file and gives back faults, each with file, entry and key, so that whoever wrote the file can put
all of them right in one go.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from anydoor.directory.area_keys import EMAIL_KEYS, LISTS, PHONE_KEYS, TABLES, clock_time, shown
from anydoor.rules.errors import BadInput, NotFound

AREAS = Path(__file__).parent / "areas"
AreaData = Mapping[str, Any]

# The ranges kept for drama, as people write them: they reach nobody.
DRAMA_PHONES = re.compile(r"01632 960\d{3}|07700 900\d{3}")
DOCUMENTS = (
    "norfolk-case-study",
    "norfolk-strategy",
    "north-lincolnshire-case-study",
    "north-northamptonshire-strategy",
    "cornwall-case-study",
)
_LINES = r"\d+(-\d+)?"
SEED_SOURCE = re.compile(
    rf"({'|'.join(DOCUMENTS)}):{_LINES}(, (({'|'.join(DOCUMENTS)}):)?{_LINES})*"  # key:1, 3-4, key:5
)


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that is wrong: in which file, which entry (`service pairs`), which key, and what."""

    file: str
    entry: str
    key: str
    words: str

    def __str__(self) -> str:
        where = ", ".join(part for part in (self.entry, self.key) if part)
        return f"{self.file}: {where}: {self.words}" if where else f"{self.file}: {self.words}"


class AreaFaults(BadInput):
    """An area file that cannot be loaded. `faults` has them all; the message is one line for each."""

    def __init__(self, faults: Iterable[Fault]) -> None:
        self.faults = tuple(faults)
        super().__init__("\n".join(str(fault) for fault in self.faults))


def area_slugs() -> list[str]:
    """The example areas that come with Anydoor."""
    return sorted(file.stem for file in AREAS.glob("*.toml"))


def find_file(area: str | Path) -> Path:
    """The file of an example area by its slug, or the file itself. Raises NotFound."""
    file = area if isinstance(area, Path) else AREAS / f"{area}.toml"
    known = isinstance(area, Path) or area in area_slugs()
    if not known or not file.is_file():
        raise NotFound(
            f"There is no area file {str(area)!r}. The examples are {', '.join(area_slugs())}; "
            "a file of your own ends in .toml."
        )
    return file


def read_area(area: str | Path) -> AreaData:
    """The parsed file. Raises NotFound when there is none, AreaFaults when it is not TOML."""
    file = find_file(area)
    try:
        return tomllib.loads(file.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as problem:
        raise AreaFaults([Fault(file.name, "", "", f"this is not TOML: {problem}")]) from None


# ---------------------------------------------------------------- the whole file


def entries(data: AreaData, table: str) -> list[Mapping[str, Any]]:
    """The entries of one table; what is not an entry is left out (`check_area` tells of it)."""
    rows = data.get(table, [])
    return [row for row in rows if isinstance(row, dict)] if isinstance(rows, list) else []


def check_area(data: AreaData, *, file: str = "") -> list[Fault]:
    """Everything wrong with an area file: keys, values, and references that lead nowhere."""
    area = data.get("area")
    name = file or (f"{area.get('slug')}.toml" if isinstance(area, dict) else "the area file")
    found = list(_shape_faults(data))
    if not found:  # references are only worth following in a file of the right shape
        found = [*_area_faults(data), *_reference_faults(data), *_service_faults(data)]
    return [Fault(name, *each) for each in found]


def _entry_name(table: str, row: Mapping[str, Any], number: int) -> str:
    slug = row.get("code" if table == "district" else "slug")
    return f"{table} {slug[:60]}" if isinstance(slug, str) and slug else f"{table} {number}"


Found = tuple[str, str, str]  # entry, key, words


def _shape_faults(data: AreaData) -> Iterator[Found]:
    for table in data:
        if table not in LISTS and table != "area":
            yield "", str(table)[:60], "is not a table of an area file"
    if not isinstance(data.get("area"), dict):
        yield "area", "", "there is no [area] table"
    else:
        area = data["area"]
        yield from _entry_faults("area", "area", area)
        if isinstance(area.get("limits"), dict):
            yield from _entry_faults("limits", "area.limits", area["limits"])
    for table in LISTS:
        rows = data.get(table, [])
        if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
            yield table, "", f"must be a list of tables, [[{table}]]"
            continue
        seen: set[str] = set()
        for number, row in enumerate(rows, 1):
            entry = _entry_name(table, row, number)
            yield from _entry_faults(table, entry, row)
            if entry in seen:
                yield entry, "code" if table == "district" else "slug", "is there twice"
            seen.add(entry)


def _entry_faults(table: str, entry: str, row: Mapping[str, Any]) -> Iterator[Found]:
    keys = TABLES[table]
    for key, rule in keys.items():
        if key not in row:
            if rule.needed:
                yield entry, key, "is missing"
            continue
        problem = rule.check(row[key])
        if problem:
            yield entry, key, problem
        elif rule.needed and row[key] == "" and key != "strand":
            yield entry, key, "is empty"
    for key in row.keys() - keys.keys():
        yield entry, str(key)[:60], f"is not a key of {table}"


def _area_faults(data: AreaData) -> Iterator[Found]:
    area = data["area"]
    districts = {row["code"] for row in entries(data, "district")}
    if not area["districts"]:
        yield "area", "districts", "names no district"
    for code in area["districts"]:
        if code not in districts:
            yield "area", "districts", f"{shown(code)} has no [[district]] entry"
    opens, closes = clock_time(area["opens"]), clock_time(area["closes"])
    if opens is not None and closes is not None and closes <= opens:
        yield "area", "closes", "is not later than opens"
    doors = [row["slug"] for row in entries(data, "team") if row["kind"] == "front_door"]
    if len(doors) != 1:
        yield "team", "kind", f"an area has exactly one front_door team; here are {len(doors)}"


def _reference_faults(data: AreaData) -> Iterator[Found]:
    known = {table: {row["slug"] for row in entries(data, table)} for table in LISTS if table != "district"}
    known["district"] = {row["code"] for row in entries(data, "district")}

    def follow(entry: str, key: str, table: str, targets: Iterable[str]) -> Iterator[Found]:
        for target in targets:
            if target not in known[table]:
                yield entry, key, f"there is no {table} {shown(target)} in this file"

    for row in entries(data, "team"):
        yield from follow(f"team {row['slug']}", "organisation", "organisation", [row["organisation"]])
    for row in entries(data, "place"):
        yield from follow(f"place {row['slug']}", "district", "district", [row["district"]])
    for row in entries(data, "service"):
        entry = f"service {row['slug']}"
        yield from follow(entry, "organisation", "organisation", [row["organisation"]])
        yield from follow(entry, "team", "team", [row["team"]] if row.get("team") else [])
        yield from follow(entry, "footprint", "district", row["footprint"])
        yield from follow(entry, "places", "place", row.get("places", []))
        at = [one["place"] for one in row.get("sessions", []) if one.get("place")]
        yield from follow(entry, "sessions", "place", at)
        for key in ("comes_after", "not_beside"):
            yield from follow(entry, "eligibility", "service", row.get("eligibility", {}).get(key, []))
        for code in row.get("postcode_districts", {}):
            if code not in row["footprint"]:
                yield entry, "postcode_districts", f"{shown(code)} is not in the footprint"


def _service_faults(data: AreaData) -> Iterator[Found]:
    windows = ("trying_to_conceive", "pregnancy_weeks", "child_days", "after_loss")
    for row in entries(data, "service"):
        entry = f"service {row['slug']}"
        if not row["footprint"]:
            yield entry, "footprint", "names no district"
        if not any(row.get(window) for window in windows):
            yield entry, "", f"is never offered: give one of {', '.join(windows)}"
        if row.get("loss_days") and not row.get("after_loss"):
            yield entry, "loss_days", "only means something where after_loss is true"
        outside = row.get("outside_email") or row.get("outside_phone")
        if not row.get("team") and not outside and row.get("state") != "closed":
            yield entry, "team", "nobody can be asked: give a team, or outside_email or outside_phone"
        begins, ends = row.get("state_from"), row.get("state_until")
        if begins and ends and ends < begins:
            yield entry, "state_until", "is before state_from"


def check_together(files: Mapping[str, AreaData]) -> list[Fault]:
    """What must hold over several sound files: no slug and no reference prefix twice, one name a district."""
    faults: list[Fault] = []
    seen: dict[tuple[str, str], str] = {}
    names: dict[str, tuple[str, str]] = {}
    for file, data in files.items():
        own = [("area", data["area"]["slug"]), ("reference_prefix", data["area"]["reference_prefix"])]
        own += [
            (table, row["slug"]) for table in LISTS if table != "district" for row in entries(data, table)
        ]
        for table, slug in own:
            first = seen.setdefault((table, slug), file)
            if first != file:
                faults.append(Fault(file, f"{table} {slug}", "slug", f"is already used in {first}"))
        for row in entries(data, "district"):
            first, name = names.setdefault(row["code"], (file, row["name"]))
            if name != row["name"]:
                faults.append(Fault(file, f"district {row['code']}", "name", f"differs from {first}"))
    return faults


def check_example(data: AreaData, *, file: str) -> list[Fault]:
    """What an example must keep besides: numbers that reach nobody, and a line of a document."""
    faults: list[Fault] = []
    rows = [("area", data["area"])]
    rows += [(_entry_name(table, row, 0), row) for table in LISTS for row in entries(data, table)]
    for entry, row in rows:
        faults += [
            Fault(file, entry, key, "is not in a range kept for drama")
            for key in PHONE_KEYS
            if row.get(key) and not DRAMA_PHONES.fullmatch(row[key])
        ]
        faults += [
            Fault(file, entry, key, "does not end in .example")
            for key in EMAIL_KEYS
            if row.get(key) and not row[key].endswith(".example")
        ]
        if "source" in row and not SEED_SOURCE.fullmatch(row["source"]):
            faults.append(Fault(file, entry, "source", "is not document:line, like norfolk-strategy:412-418"))
    return faults
