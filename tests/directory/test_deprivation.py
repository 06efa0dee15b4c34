"""Deprivation by release: 2019 on small areas of 2011, 2025 on those of 2021, and never one on the other."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.db import IntegrityError, transaction

from anydoor.access.audit import Outsider
from anydoor.access.models import AuditEntry
from anydoor.directory.deprivation import INVENTED, deprivation_of, load_deprivation
from anydoor.directory.models import DeprivationArea, District, Postcode
from anydoor.directory.open_data import FileFaults
from anydoor.rules.errors import BadInput, NotFound

BY = Outsider("A test", "import")
RANK = "Index of Multiple Deprivation (IMD) Rank (where 1 is most deprived)"
DECILE = "Index of Multiple Deprivation (IMD) Decile (where 1 is most deprived 10% of LSOAs)"
SCORE = "Index of Multiple Deprivation (IMD) Score"
INCOME = "Income Decile (where 1 is most deprived 10% of LSOAs)"
IN_2019 = (
    f"LSOA code (2011),LSOA name (2011),Local Authority District code (2019),{SCORE},{RANK},{DECILE},{INCOME}"
)
IN_2025 = (
    f"LSOA code (2021),LSOA name (2021),Local Authority District code (2024),{SCORE},{RANK},{DECILE},{INCOME}"
)
NORWICH = 'E01026812,"Norwich 001A",E07000148,21.1,"12,000",4,9'

pytestmark = pytest.mark.django_db


def _file(tmp_path: Path, *lines: str) -> Path:
    file = tmp_path / "imd.csv"
    file.write_text("\n".join(lines) + "\n", encoding="utf-8-sig")
    return file


@pytest.fixture
def norwich(db: None) -> Postcode:
    """A postcode whose small area changed between the censuses."""
    district = District.objects.create(code="E07000148", name="Norwich")
    return Postcode.objects.create(
        postcode="NR1 3DD", district=district, lsoa_2011="E01026812", lsoa_2021="E01035000"
    )


def test_each_release_is_joined_on_its_own_small_areas(
    norwich: Postcode, tmp_path: Path, now: datetime
) -> None:
    old = load_deprivation(path=_file(tmp_path, IN_2019, NORWICH), by=BY, at=now)
    assert (old.release, old.vintage, old.created, old.placed) == ("2019", "2011", 1, 1)
    found = deprivation_of("NR1 3DD", "2019")
    assert found is not None
    assert (found.decile, found.words) == (4, "Decile 4 of 10, where 1 is the most deprived (IMD 2019)")
    # The same code in the release of 2025 is another small area: the postcode lies in E01035000 there.
    load_deprivation(path=_file(tmp_path, IN_2025, NORWICH.replace(",4,9", ",7,9")), by=BY, at=now)
    assert deprivation_of("NR1 3DD", "2025") is None
    new = load_deprivation(
        path=_file(tmp_path, IN_2025, NORWICH.replace("E01026812", "E01035000").replace(",4,9", ",2,9")),
        by=BY,
        at=now,
    )
    assert (new.release, new.vintage, new.created) == ("2025", "2021", 1)
    later = deprivation_of("NR1 3DD", "2025")
    assert later is not None
    assert later.decile == 2
    still = deprivation_of("NR1 3DD", "2019")
    assert still is not None
    assert still.decile == 4


def test_twice_is_once_and_a_change_is_a_change(tmp_path: Path, now: datetime) -> None:
    load_deprivation(path=_file(tmp_path, IN_2019, NORWICH), by=BY, at=now)
    again = load_deprivation(path=_file(tmp_path, IN_2019, NORWICH), by=BY, at=now)
    assert (again.created, again.changed, again.unchanged) == (0, 0, 1)
    other = load_deprivation(path=_file(tmp_path, IN_2019, NORWICH.replace(",4,9", ",5,9")), by=BY, at=now)
    assert (other.created, other.changed, other.unchanged) == (0, 1, 0)
    assert AuditEntry.objects.filter(action="load_deprivation").count() == 3


@pytest.mark.parametrize(
    ("lines", "says"),
    [
        (
            [IN_2019, NORWICH.replace("E01026812", "E01034000")],
            "row 2, column LSOA code .2011.: this LSOA bel",
        ),
        ([IN_2019, NORWICH.replace("12,000", "33000")], "row 2, column Index .*: must be from 1 to 32,844"),
        ([IN_2019, NORWICH, NORWICH], "row 3, column LSOA code .2011.: this small area is already in row 2"),
        ([IN_2019, NORWICH.replace(",4,9", ",11,9")], "from 1 to 10 in the release of 2019"),
        ([IN_2019, NORWICH.replace(",4,9", ",,9")], "row 2, column Index .* Decile"),
        ([IN_2019, NORWICH.replace("E01026812", "Norwich")], "not one of the ONS"),
        ([IN_2019, NORWICH.replace("E01026812", "W01000001")], "in England"),
    ],
)
def test_a_bad_row_refuses_the_file(lines: list[str], says: str, tmp_path: Path, now: datetime) -> None:
    with pytest.raises(FileFaults, match=says):
        load_deprivation(path=_file(tmp_path, *lines), by=BY, at=now)
    assert not DeprivationArea.objects.exists()


@pytest.mark.parametrize(
    ("header", "says"),
    [
        (IN_2019 + ",LSOA code (2021)", "of 2011 and of 2021 side by side"),
        ("LSOA21CD,IMD19_rank,IMD19_decile", "cannot be mixed"),
        ("lsoa,decile", "the LSOA code with its year and the IMD decile. .*Found: lsoa, decile"),
        (f"LSOA code (2021),{RANK}", "the IMD decile"),
        ("", "Found: nothing"),
    ],
)
def test_a_file_of_another_kind_is_refused(header: str, says: str, tmp_path: Path, now: datetime) -> None:
    with pytest.raises(BadInput, match=says):
        load_deprivation(path=_file(tmp_path, header, NORWICH), by=BY, at=now)


def test_a_file_that_is_not_there_or_empty(tmp_path: Path, now: datetime) -> None:
    with pytest.raises(NotFound):
        load_deprivation(path=tmp_path / "no.csv", by=BY, at=now)
    with pytest.raises(BadInput, match="no rows"):
        load_deprivation(path=_file(tmp_path, IN_2019), by=BY, at=now)


def test_the_database_knows_which_release_goes_with_which_small_areas() -> None:
    with pytest.raises(IntegrityError, match="deprivation_release_fits_vintage"), transaction.atomic():
        DeprivationArea.objects.create(release="2025", lsoa_vintage="2011", lsoa="E01026812", decile=1)


def test_invented_figures_say_so(norwich: Postcode, tmp_path: Path, now: datetime) -> None:
    file = _file(tmp_path, "LSOA code (2011),IMD decile,synthetic", "E01026812,3,yes")
    assert load_deprivation(path=file, by=BY, at=now).synthetic
    found = deprivation_of("NR1 3DD", "2019")
    assert found is not None
    assert "an invented figure" in found.words


def test_the_deciles_of_the_examples_are_invented_and_say_so(postcodes: None, now: datetime) -> None:
    loaded = load_deprivation(path=INVENTED, by=BY, at=now)
    assert loaded.synthetic
    assert loaded.placed == Postcode.objects.exclude(lsoa_2011="").count()
    assert DeprivationArea.objects.filter(synthetic=False).count() == 0
    row = Postcode.objects.exclude(lsoa_2011="")[0]
    found = deprivation_of(row.postcode, "2019")
    assert found is not None
    assert "an invented figure" in found.words


def test_the_command(norwich: Postcode, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    call_command("load", "deprivation", str(_file(tmp_path, IN_2019, NORWICH)))
    said = capsys.readouterr().out
    assert "IMD 2019 on small areas of 2011: 1 new, 0 changed, 0 as they were." in said
    assert "1 of our 1 postcodes lie in one of them." in said
    with pytest.raises(CommandError, match="side by side") as refused:
        call_command("load", "deprivation", str(_file(tmp_path, IN_2019 + ",lsoa21cd", NORWICH)))
    assert refused.value.returncode == 1
