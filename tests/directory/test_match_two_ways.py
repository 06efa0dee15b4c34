"""The directory and the data files answer the same; half a postcode tells where a family is."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from anydoor.directory.matching import help_for, help_in_files
from anydoor.directory.models import Area, Postcode, Service
from anydoor.directory.whereabouts import Gazetteer, Loaded, Sample, placed
from anydoor.rules.errors import NotFound
from anydoor.rules.matching import Profile, read_profile

pytestmark = pytest.mark.usefixtures("postcodes_once", "db")

FAMILIES: list[dict[str, Any]] = [
    {},
    {
        "stage": {"baby_birth_date": "2026-07-20"},
        "person": {"role": "father", "age": 31},
        "concerns": [{"strand": "pmh", "measures": {"PHQ-9": 12}}],
        "postcode": "NR2 3TL",
    },
    {"stage": {"loss_date": "2026-10-09"}, "person": {"role": "mother"}, "postcode": "NR30"},
    {"stage": {"pregnant_weeks": 20}, "person": {"age": 17}, "postcode": "NR34 9ZZ", "has_car": False},
    {"wider_needs": ["housing"], "postcode": "SW1A 1AA"},
]


@pytest.mark.parametrize("told", FAMILIES)
@pytest.mark.parametrize("area", ["norfolk", "cornwall"])
def test_the_directory_and_the_files_answer_the_same(area: str, told: dict[str, Any]) -> None:
    profile = read_profile({"as_of": "2026-11-20"} | told)
    read = help_for(area=Area.objects.get(slug=area), profile=profile, everything=True)
    filed = help_in_files(area=area, profile=profile)
    assert read.profile == filed.profile
    assert read.facts == filed.facts
    assert read.offers == filed.offers
    assert read.emergency == filed.emergency
    assert read.human_route.phone == filed.human_route.phone


def test_an_edit_of_the_directory_counts_at_once() -> None:
    area, told = Area.objects.get(slug="norfolk"), FAMILIES[1]
    profile = read_profile({"as_of": "2026-11-20"} | told)
    Service.objects.filter(slug="norfolk-home-start-dads").update(
        closed_from=date(2026, 11, 1), closed_until=date(2026, 12, 1)
    )
    found = {each.service_slug: each for each in help_for(area=area, profile=profile).offers}
    shut = found["norfolk-home-start-dads"]
    assert shut.verdict == "not"
    assert "It is closed until 1 December." in shut.reasons_against
    assert shut.near_miss == "Would suit if it were open again."


def test_no_such_area() -> None:
    with pytest.raises(NotFound, match="no area file 'atlantis'"):
        help_in_files(area="atlantis", profile=Profile(as_of=date(2026, 3, 10)))


@pytest.mark.parametrize("gazetteer", [Loaded(), Sample()])
@pytest.mark.parametrize(
    ("postcode", "district", "several", "elsewhere"),
    [
        ("NR2 3TL", "E07000148", 0, ""),
        ("NR32", "E07000244", 0, ""),
        ("NR34 9ZZ", "", 2, ""),
        ("NR99", "", 0, "near"),
        ("SW1A 1AA", "", 0, "far"),
    ],
)
def test_what_a_postcode_tells(
    gazetteer: Gazetteer, postcode: str, district: str, several: int, elsewhere: str
) -> None:
    profile = read_profile({"as_of": "2026-03-10", "postcode": postcode})
    found, here = placed(profile, area_districts=(), gazetteer=gazetteer)
    assert (found.district_code, len(found.area_districts), found.elsewhere) == (district, several, elsewhere)
    assert (here is None) == bool(elsewhere)


def test_without_any_postcode_nobody_is_elsewhere() -> None:
    Postcode.objects.all().delete()
    profile = read_profile({"as_of": "2026-03-10", "postcode": "NR2 3TL"})
    found, here = placed(profile, area_districts=("E07000148", "E07000149"), gazetteer=Loaded())
    assert (found.elsewhere, here) == ("", None)
    assert found.area_districts == {"E07000148", "E07000149"}
