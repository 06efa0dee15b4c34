"""Postcode files of any vintage, refused whole with row numbers when a row cannot be used."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import pytest
from django.core.management import call_command

from anydoor.access.audit import Outsider
from anydoor.access.models import AuditEntry
from anydoor.directory.models import District, Postcode
from anydoor.directory.places import locate
from anydoor.directory.postcodes import SAMPLE, FileFaults, find_columns, load_postcodes
from anydoor.rules.errors import BadInput, NotFound

BY = Outsider("A test", "import")
HEADER = "pcds,lsoa11cd,lsoa11nm,ladcd,ladnm,lat,long"
NORWICH = "NR1 3DD,E01026812,Norwich 001A,E07000148,Norwich,52.62,1.30"

pytestmark = pytest.mark.django_db


def _file(tmp_path: Path, *lines: str, encoding: str = "utf-8") -> Path:
    file = tmp_path / "postcodes.csv"
    file.write_text("\n".join(lines) + "\n", encoding=encoding)
    return file


def test_the_sample_loads_and_twice_is_once(now: datetime) -> None:
    first = load_postcodes(path=SAMPLE, by=BY, at=now)
    assert (first.created, first.changed, first.unchanged) == (1365, 0, 0)
    assert District.objects.get(code="E07000148").name == "Norwich"
    second = load_postcodes(path=SAMPLE, by=BY, at=now)
    assert (second.created, second.changed, second.unchanged) == (0, 0, 1365)
    assert AuditEntry.objects.filter(action="load_postcodes").count() == 2


def test_a_postcode_is_found_again(postcodes: None) -> None:
    row = Postcode.objects.filter(district_id="E07000148").first()
    assert row is not None
    found = locate(row.postcode.replace(" ", "").lower())
    assert (found.district_name, found.area and found.area.slug) == ("Norwich", "norfolk")


def test_a_change_is_a_change(tmp_path: Path, now: datetime) -> None:
    load_postcodes(path=_file(tmp_path, HEADER, NORWICH), by=BY, at=now)
    moved = load_postcodes(path=_file(tmp_path, HEADER, NORWICH.replace("52.62", "52.63")), by=BY, at=now)
    assert (moved.created, moved.changed, moved.unchanged) == (0, 1, 0)
    assert Postcode.objects.get(postcode="NR1 3DD").latitude == 52.63


def test_the_postcode_directory_of_the_ons(tmp_path: Path, now: datetime) -> None:
    """No district names: only districts that are known; ended ones and those abroad are left out."""
    District.objects.create(code="E07000148", name="Norwich")
    file = _file(
        tmp_path,
        "pcd,pcd2,pcds,dointr,doterm,oslaua,lat,long,lsoa11,lsoa21",
        "NR1 3DD,NR1  3DD,NR1 3DD,198001,,E07000148,52.62,1.30,E01026812,E01035000",
        "NR1 3DE,NR1  3DE,NR1 3DE,198001,199912,E07000148,52.62,1.30,E01026812,E01035000",
        "LS1 1AA,LS1  1AA,LS1 1AA,198001,,E08000035,53.79,-1.54,E01011111,E01011111",
        "IM1 1AA,IM1  1AA,IM1 1AA,198001,,M99999999,99.999999,0.000000,M99999999,M99999999",
        "NR1 3DF,NR1  3DF,NR1 3DF,198001,,E07000148,99.999999,0.000000,E01026812,E01035000",
        encoding="utf-8-sig",
    )
    loaded = load_postcodes(path=file, by=BY, at=now)
    assert (loaded.created, loaded.placeless, loaded.vintages) == (2, 1, ("2011", "2021"))
    assert loaded.left_out == {
        "no longer in use": 1,
        "in districts we do not know": 1,
        "outside the United Kingdom's districts": 1,
    }
    row = Postcode.objects.get(pk="NR1 3DD")
    assert (row.lsoa_2011, row.lsoa_2021, row.latitude) == ("E01026812", "E01035000", 52.62)
    assert Postcode.objects.get(pk="NR1 3DF").latitude is None


def test_the_best_fit_look_up_has_no_position_and_takes_none_away(tmp_path: Path, now: datetime) -> None:
    header = "pcd7,pcd8,pcds,dointr,doterm,usertype,oa21cd,lsoa21cd,ladcd,lsoa21nm,ladnm,ladnmw"
    rows = [
        "NR1 3DD,NR1  3DD,NR1 3DD,198001,,0,E00136880,E01035000,E07000148,A,Norwich,",
        "LL771AA,LL77 1AA,LL77 1AA,198001,,0,W00000001,W01002000,W06000001,A,Isle of Anglesey,Ynys Môn",
    ]
    load_postcodes(path=_file(tmp_path, HEADER, NORWICH), by=BY, at=now)
    loaded = load_postcodes(path=_file(tmp_path, header, *rows, encoding="cp1252"), by=BY, at=now)
    assert (loaded.created, loaded.changed, loaded.placeless, loaded.vintages) == (1, 1, 2, ("2021",))
    row = Postcode.objects.get(pk="NR1 3DD")
    assert (row.lsoa_2011, row.lsoa_2021, row.latitude) == ("E01026812", "E01035000", 52.62)
    assert Postcode.objects.get(pk="LL77 1AA").latitude is None
    again = load_postcodes(path=_file(tmp_path, header, *rows, encoding="cp1252"), by=BY, at=now)
    assert (again.created, again.changed, again.unchanged) == (0, 0, 2)


def test_grid_references_where_there_are_no_degrees(tmp_path: Path, now: datetime) -> None:
    header = "postcode,eastings,northings,lad25cd,lad25nm,lsoa11"
    file = _file(
        tmp_path,
        header,
        "NR30 5TW,651409,313177,E07000145,Great Yarmouth,E01026812",
        "BT1 1AA,333500,374500,N09000003,Belfast,95GG01S1",
        "NR30 5TX,0,0,E07000145,Great Yarmouth,E99999999",
    )
    loaded = load_postcodes(path=file, by=BY, at=now)
    assert (loaded.created, loaded.placeless) == (3, 2)
    row = Postcode.objects.get(pk="NR30 5TW")
    assert row.latitude == pytest.approx(52.65798, abs=1e-4)
    assert row.longitude == pytest.approx(1.71605, abs=1e-4)
    assert Postcode.objects.get(pk="NR30 5TX").lsoa_2011 == ""


@pytest.mark.parametrize(
    ("row", "says"),
    [
        (NORWICH.replace("NR1 3DD", "NR1"), "row 3, column pcds: "),
        (NORWICH.replace("E07000148", "Norwich"), "row 3, column ladcd: the district code"),
        (NORWICH.replace("E01026812", "E1"), "row 3, column lsoa11cd: the LSOA code"),
        (NORWICH.replace("52.62", "north"), "row 3, column lat: the latitude is not a number"),
        (
            NORWICH.replace("52.62,1.30", "1.30,52.62"),
            "row 3, column lat: the latitude is not in the United Kingdom",
        ),
        (NORWICH.replace("52.62", "nan"), "row 3, column lat: the latitude is not a number"),
        (NORWICH.replace("1.30", "13"), "row 3, column long: the longitude is not in the United Kingdom"),
        ("NR1 3DE,E01026812", "row 3, column ladcd: "),
        (
            NORWICH.replace("E01026812", "E01034000"),
            "row 3, column lsoa11cd: this LSOA belongs to the census of 2021",
        ),
        (NORWICH.replace("52.62,1.30", "52.62,"), "row 3, column long: the longitude is not a number"),
        (
            NORWICH.replace("3DD", "3DE").replace("Norwich,", "Nordwich,"),
            "row 3, column ladnm: this district has another name",
        ),
        (NORWICH, "row 3, column pcds: this postcode is already in row 2"),
        (NORWICH.replace("NR1 3DD", "nr13dd"), "row 3, column pcds: this postcode is already in row 2"),
    ],
)
def test_a_bad_row_refuses_the_file(row: str, says: str, tmp_path: Path, now: datetime) -> None:
    if row == "NR1 3DE,E01026812":
        row += ",,E07,,,"
    with pytest.raises(FileFaults, match="bad row; nothing was loaded") as caught:
        load_postcodes(path=_file(tmp_path, HEADER, NORWICH, row), by=BY, at=now)
    assert says in caught.value.message
    assert caught.value.count == 1
    assert not Postcode.objects.exists()
    assert not District.objects.exists()


def test_many_bad_rows_are_counted(tmp_path: Path, now: datetime) -> None:
    bad = [NORWICH.replace("NR1 3DD", "nowhere")] * 30
    with pytest.raises(FileFaults) as caught:
        load_postcodes(path=_file(tmp_path, HEADER, *bad), by=BY, at=now)
    assert (len(caught.value.faults), caught.value.count) == (20, 30)
    assert caught.value.message.endswith("and 10 more")


@pytest.mark.parametrize(
    ("lines", "says"),
    [
        (
            ["postcode;district", "NR1 3DD;Norwich"],
            "there is none for district",
        ),
        ([HEADER], "it has no rows"),
        (["", ""], "Row 1 must name the columns"),
        ([HEADER, '"NR1 3DD'], "Row 2 cannot be read as CSV"),
    ],
)
def test_a_file_of_another_kind_is_refused(
    lines: list[str], says: str, tmp_path: Path, now: datetime
) -> None:
    with pytest.raises(BadInput, match=says):
        load_postcodes(path=_file(tmp_path, *lines), by=BY, at=now)


def test_a_file_that_is_no_text(tmp_path: Path, now: datetime) -> None:
    file = tmp_path / "x.csv"
    file.write_bytes(b"\xff\xfe\x00pcds")
    with pytest.raises(BadInput, match="UTF-8"):
        load_postcodes(path=file, by=BY, at=now)
    with pytest.raises(NotFound):
        load_postcodes(path=tmp_path, by=BY, at=now)


def test_columns_of_any_vintage() -> None:
    assert find_columns(["PCDS", "lad22cd", "lad24cd", "LAT", "Long"])["district"] == 2
    assert find_columns(["pcds", "laua", "lat", "long", "lsoa11"])["lsoa_2011"] == 4
    assert find_columns(["PCD", "oslaua", "LSOA21CD"]) == {"postcode": 0, "district": 1, "lsoa_2021": 2}


def test_the_command(capsys: pytest.CaptureFixture[str]) -> None:
    call_command("load", "postcodes", str(SAMPLE))
    assert capsys.readouterr().out.startswith("1365 postcodes new, 0 changed, 0 as they were.")
