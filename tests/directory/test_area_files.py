"""The four example files are sound, and a file that is not is told so by entry and key."""

from __future__ import annotations

import copy
import csv
import re
from datetime import date
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from anydoor.directory.area_files import (
    AreaFaults,
    Fault,
    area_slugs,
    check_area,
    check_example,
    check_together,
    entries,
    read_area,
)
from anydoor.directory.postcodes import SAMPLE
from anydoor.rules import identifiers
from anydoor.rules.errors import NotFound

LOWESTOFT = "E07000244"
FILES = {f"{slug}.toml": read_area(slug) for slug in area_slugs()}


def told(faults: list[Fault]) -> list[str]:
    return [str(fault) for fault in faults]


def test_four_areas_come_with_anydoor() -> None:
    assert area_slugs() == ["cornwall", "norfolk", "north-lincolnshire", "north-northamptonshire"]


@pytest.mark.parametrize("file", FILES)
def test_each_file_is_sound(file: str) -> None:
    data = FILES[file]
    assert told(check_area(data, file=file)) == []
    assert told(check_example(data, file=file)) == []
    assert len(entries(data, "service")) >= 15


def test_the_files_are_sound_together() -> None:
    assert told(check_together(FILES)) == []


def test_no_telephone_number_is_anybody_elses_in_another_area() -> None:
    owner: dict[str, str] = {}
    for file, data in FILES.items():
        rows = [data["area"], *(row for table in ("team", "service") for row in entries(data, table))]
        for row in rows:
            for key in ("phone", "text_number", "crisis_phone", "outside_phone"):
                if row.get(key):
                    assert owner.setdefault(row[key], file) == file, row[key]


@pytest.mark.parametrize("file", FILES)
def test_places_have_a_postcode_of_their_district(file: str) -> None:
    with SAMPLE.open(encoding="utf-8") as sample:
        district = {row["pcds"]: row["ladcd"] for row in csv.DictReader(sample)}
    for place in entries(FILES[file], "place"):
        assert district.get(identifiers.postcode(place["postcode"])) == place["district"], place["slug"]


@pytest.mark.parametrize("file", FILES)
def test_every_service_says_when_it_was_checked_and_what_is_invented(file: str) -> None:
    for service in entries(FILES[file], "service"):
        assert isinstance(service["last_checked"], date)
        for key, where in (
            ("capacity", "capacity_source"),
            ("wait_days", "wait_source"),
            ("when", "when_source"),
        ):
            assert (key in service) == (where in service), (service["slug"], key)


def _norfolk(slug: str) -> Any:
    return next(row for row in entries(FILES["norfolk.toml"], "service") if row["slug"] == slug)


def test_the_countys_own_services_stop_at_its_border() -> None:
    data = FILES["norfolk.toml"]
    council = {"norfolk-county-council", "action-for-children-norfolk"}
    for row in entries(data, "service"):
        if row["organisation"] in council:
            assert LOWESTOFT not in row["footprint"], row["slug"]
    assert LOWESTOFT not in data["area"]["districts"]


@pytest.mark.parametrize(
    "slug",
    [
        "norfolk-talking-therapies-perinatal",
        "norfolk-perinatal-community-team",
        "lotus-loss",
    ],
)
def test_nhs_services_of_norfolk_and_waveney_serve_lowestoft(slug: str) -> None:
    row = _norfolk(slug)
    assert LOWESTOFT in row["footprint"]
    assert row["postcode_districts"][LOWESTOFT] == ["NR32", "NR33", "NR34"]


def _other(file: str) -> dict[str, Any]:
    return copy.deepcopy(dict(FILES[file]))


def _with(change: dict[str, Any], *, table: str = "service", at: int = 0) -> list[str]:
    data = _other("north-lincolnshire.toml")
    row = data["area"] if table == "area" else data[table][at]
    for key, value in change.items():
        if value is None:
            del row[key]
        else:
            row[key] = value
    return told(check_area(data, file="x.toml"))


@pytest.mark.parametrize(
    ("change", "table", "says"),
    [
        ({"strand": "pmx"}, "service", "service nl-family-hub, strand: 'pmx' is none of"),
        ({"level": None}, "service", "service nl-family-hub, level: is missing"),
        ({"nedes": ["mood"]}, "service", "service nl-family-hub, nedes: is not a key of service"),
        ({"needs": ["moods"]}, "service", "service nl-family-hub, needs: 'moods' is none of"),
        ({"needs": "mood"}, "service", "service nl-family-hub, needs: must be a list"),
        ({"audience": []}, "service", "service nl-family-hub, audience: needs at least 1"),
        ({"child_days": [9, 9]}, "service", "service nl-family-hub, child_days: ends before it begins"),
        (
            {"pregnancy_weeks": [0, 60]},
            "service",
            "service nl-family-hub, pregnancy_weeks: must be a whole number",
        ),
        ({"wait_days": True}, "service", "service nl-family-hub, wait_days: must be a whole number"),
        ({"team": "nobody"}, "service", "service nl-family-hub, team: there is no team 'nobody'"),
        ({"team": None}, "service", "service nl-family-hub, team: nobody can be asked"),
        ({"footprint": ["E06000099"]}, "service", "service nl-family-hub, footprint: there is no district"),
        ({"footprint": []}, "service", "service nl-family-hub, footprint: names no district"),
        (
            {"postcode_districts": {"E06000013": ["DN"]}},
            "service",
            "'DN' is not the first half of a postcode",
        ),
        ({"postcode_districts": {"E07000244": []}}, "service", "'E07000244' is not in the footprint"),
        ({"loss_days": 30}, "service", "loss_days: only means something where after_loss is true"),
        (
            {"child_days": None, "pregnancy_weeks": None, "after_loss": False},
            "service",
            "service nl-family-hub: is never offered",
        ),
        (
            {"state_from": date(2026, 2, 1), "state_until": date(2026, 1, 1)},
            "service",
            "state_until: is before state_from",
        ),
        ({"phone": "12"}, "service", "service nl-family-hub, phone: "),
        ({"email": "hub at home"}, "service", "service nl-family-hub, email: "),
        ({"source": ""}, "service", "service nl-family-hub, source: is empty"),
        ({"slug": "Family Hub"}, "service", "service Family Hub, slug: 'Family Hub' must be small letters"),
        ({"name": "a\x00b"}, "service", "service nl-family-hub, name: Line 1 has a hidden character"),
        ({"kind": "trust"}, "organisation", "kind: 'trust' is none of"),
        ({"kind": "service"}, "team", "an area has exactly one front_door team; here are 0"),
        ({"postcode": "Leeds"}, "place", "postcode: "),
        ({"reference_prefix": "NOI"}, "area", "area, reference_prefix: 'NOI' must be three capital letters"),
        ({"opens": "8am"}, "area", "area, opens: must be a time"),
        ({"opens": "19:00"}, "area", "area, closes: is not later than opens"),
        ({"districts": ["E06000001"]}, "area", "area, districts: 'E06000001' has no [[district]] entry"),
        ({"limits": {"triage": 0}}, "area", "area.limits, triage: must be a whole number from 1"),
    ],
)
def test_a_fault_is_told_by_entry_and_key(change: dict[str, Any], table: str, says: str) -> None:
    faults = _with(change, table=table)
    assert len(faults) >= 1
    assert all(fault.startswith("x.toml: ") for fault in faults)
    assert any(says in fault for fault in faults), faults


def test_all_faults_are_told_at_once() -> None:
    data = _other("cornwall.toml")
    data["service"][0]["strand"] = "x"
    data["service"][1]["level"] = "x"
    data["team"][2]["kind"] = "x"
    assert len(check_area(data)) == 3


def test_a_slug_twice_is_told_in_one_file_and_across_files() -> None:
    data = _other("cornwall.toml")
    data["service"].append(copy.deepcopy(data["service"][0]))
    assert told(check_area(data)) == ["cornwall.toml: service cw-chathealth, slug: is there twice"]
    other = _other("norfolk.toml")
    other["service"][0]["slug"] = "cw-chathealth"
    faults = told(check_together({"cornwall.toml": FILES["cornwall.toml"], "norfolk.toml": other}))
    assert faults == ["norfolk.toml: service cw-chathealth, slug: is already used in cornwall.toml"]


def test_an_example_with_a_real_number_or_no_line_is_told() -> None:
    data = _other("cornwall.toml")
    data["service"][0] |= {"phone": "0113 496 0000", "email": "a@b.org", "source": "heard somewhere"}
    keys = {fault.key for fault in check_example(data, file="x")}
    assert keys == {"phone", "email", "source"}
    assert check_area(data) == []  # a real area has real numbers and its own sources


def test_a_file_that_is_not_there_or_not_toml(tmp_path: Any) -> None:
    with pytest.raises(NotFound, match="cornwall, norfolk"):
        read_area("../norfolk")
    broken = tmp_path / "x.toml"
    broken.write_bytes(b"[area\n")
    with pytest.raises(AreaFaults, match=re.escape("x.toml: this is not TOML")):
        read_area(broken)
    broken.write_bytes(b"\xff\xfe")
    with pytest.raises(AreaFaults):
        read_area(broken)


_ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=9) | st.dates(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=9), inner, max_size=3),
    max_leaves=8,
)


@given(st.sampled_from(["area", "district", "organisation", "team", "place", "service"]), st.data())
@settings(deadline=None, max_examples=200)
def test_whatever_a_file_holds_it_is_answered(table: str, data: st.DataObject) -> None:
    """Any value in any key: a fault or none, never a crash."""
    parsed = _other("north-lincolnshire.toml")
    row = parsed["area"] if table == "area" else parsed[table][0]
    key = data.draw(st.sampled_from(sorted(row)) | st.text(max_size=9))
    row[key] = data.draw(_ANYTHING)
    for fault in check_area(parsed):
        assert str(fault).startswith(fault.file)


@given(_ANYTHING)
@settings(deadline=None, max_examples=100)
def test_whatever_a_table_is_it_is_answered(value: Any) -> None:
    for table in ("area", "service", "district"):
        parsed = _other("cornwall.toml") | {table: value}
        faults = check_area(parsed)
        assert faults or (table, value) == ("service", [])  # an area may start with no services
