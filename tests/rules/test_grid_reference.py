"""The Ordnance Survey's own worked example, and places whose position is published both ways."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from anydoor.rules.errors import BadInput
from anydoor.rules.grid_reference import position

FIVE_METRES = 5 / 111_000  # in degrees of latitude


@pytest.mark.parametrize(
    ("easting", "northing", "latitude", "longitude"),
    [
        # OS guide, annexe C: Caister water tower, 52 39 27.2531 N 1 43 4.5177 E on OSGB36; WGS84 beside it.
        (651_409.903, 313_177.270, 52 + 39 / 60 + 28.72 / 3600, 1 + 42 / 60 + 57.79 / 3600),
    ],
)
def test_published_points(easting: float, northing: float, latitude: float, longitude: float) -> None:
    found = position(easting, northing)
    assert found[0] == pytest.approx(latitude, abs=FIVE_METRES)
    assert found[1] == pytest.approx(longitude, abs=2 * FIVE_METRES)


@given(st.floats(0, 700_000), st.floats(0, 1_300_000))
def test_anything_on_the_grid_is_in_these_islands(easting: float, northing: float) -> None:
    latitude, longitude = position(easting, northing)
    assert 49 < latitude < 62
    assert -10 < longitude < 4
    north = position(easting, min(northing + 1000, 1_300_000))
    assert north[0] >= latitude


@pytest.mark.parametrize("point", [(-1.0, 0.0), (0.0, 1_300_001.0), (float("nan"), 0.0)])
def test_what_is_not_on_the_grid(point: tuple[float, float]) -> None:
    with pytest.raises(BadInput):
        position(*point)
