"""From the National Grid of Great Britain to latitude and longitude, for files that give nothing else.

Source: Ordnance Survey, "A guide to coordinate systems in Great Britain": the transverse Mercator projection
of the Airy 1830 ellipsoid read backwards (annexe C), then its seven-parameter Helmert transformation from
OSGB36 to WGS84 (section 6). Right to about five metres, which is far within a postcode.
"""

from __future__ import annotations

from math import atan2, cos, degrees, hypot, radians, sin, sqrt, tan

from anydoor.rules.errors import BadInput

# Airy 1830 and the National Grid: metres and radians.
_A, _B = 6_377_563.396, 6_356_256.909
_SCALE, _LATITUDE, _LONGITUDE = 0.9996012717, radians(49), radians(-2)
_NORTH, _EAST = -100_000.0, 400_000.0
_E2 = 1 - (_B / _A) ** 2
_N = (_A - _B) / (_A + _B)
# WGS84 (GRS80), and the shift to it: metres, parts per million, seconds of arc.
_WGS_A, _WGS_B = 6_378_137.0, 6_356_752.3141
_SHIFT = (446.448, -125.157, 542.060)
_STRETCH = 1 - 20.4894e-6
_TURN = tuple(radians(seconds / 3600) for seconds in (0.1502, 0.2470, 0.8421))


def position(easting: float, northing: float) -> tuple[float, float]:
    """Latitude and longitude in degrees (WGS84) of a point on the National Grid, given in metres.

    Raises BadInput for a point that is not on the grid (0 to 700 km east, 0 to 1,300 km north).
    """
    if not (0 <= easting <= 700_000 and 0 <= northing <= 1_300_000):
        raise BadInput("This is not a point of the National Grid, in metres.")
    latitude, longitude = _unprojected(easting, northing)
    return _shifted(latitude, longitude)


def _arc(latitude: float) -> float:
    """The meridional arc from the grid's true origin."""
    n, n2, n3 = _N, _N**2, _N**3
    low, high = latitude - _LATITUDE, latitude + _LATITUDE
    return (
        _B
        * _SCALE
        * (
            (1 + n + 1.25 * n2 + 1.25 * n3) * low
            - (3 * n + 3 * n2 + 21 / 8 * n3) * sin(low) * cos(high)
            + (15 / 8 * n2 + 15 / 8 * n3) * sin(2 * low) * cos(2 * high)
            - 35 / 24 * n3 * sin(3 * low) * cos(3 * high)
        )
    )


def _unprojected(easting: float, northing: float) -> tuple[float, float]:
    """Latitude and longitude in radians on the Airy ellipsoid."""
    latitude = _LATITUDE + (northing - _NORTH) / (_A * _SCALE)
    for _ in range(20):
        rest = northing - _NORTH - _arc(latitude)
        if abs(rest) < 1e-5:
            break
        latitude += rest / (_A * _SCALE)
    sine, tangent, secant = sin(latitude), tan(latitude), 1 / cos(latitude)
    nu = _A * _SCALE / sqrt(1 - _E2 * sine**2)
    rho = _A * _SCALE * (1 - _E2) / (1 - _E2 * sine**2) ** 1.5
    eta2 = nu / rho - 1
    t2, d = tangent**2, easting - _EAST
    seven = tangent / (2 * rho * nu)
    eight = tangent / (24 * rho * nu**3) * (5 + 3 * t2 + eta2 - 9 * t2 * eta2)
    nine = tangent / (720 * rho * nu**5) * (61 + 90 * t2 + 45 * t2**2)
    ten = secant / nu
    eleven = secant / (6 * nu**3) * (nu / rho + 2 * t2)
    twelve = secant / (120 * nu**5) * (5 + 28 * t2 + 24 * t2**2)
    last = secant / (5040 * nu**7) * (61 + 662 * t2 + 1320 * t2**2 + 720 * t2**3)
    return (
        latitude - seven * d**2 + eight * d**4 - nine * d**6,
        _LONGITUDE + ten * d - eleven * d**3 + twelve * d**5 - last * d**7,
    )


def _shifted(latitude: float, longitude: float) -> tuple[float, float]:
    """From OSGB36 in radians to WGS84 in degrees, by way of cartesian coordinates."""
    nu = _A / sqrt(1 - _E2 * sin(latitude) ** 2)
    x = nu * cos(latitude) * cos(longitude)
    y = nu * cos(latitude) * sin(longitude)
    z = nu * (1 - _E2) * sin(latitude)
    rx, ry, rz = _TURN
    x, y, z = (
        _SHIFT[0] + _STRETCH * x - rz * y + ry * z,
        _SHIFT[1] + rz * x + _STRETCH * y - rx * z,
        _SHIFT[2] - ry * x + rx * y + _STRETCH * z,
    )
    e2 = 1 - (_WGS_B / _WGS_A) ** 2
    flat = hypot(x, y)
    latitude = atan2(z, flat * (1 - e2))
    for _ in range(10):
        nu = _WGS_A / sqrt(1 - e2 * sin(latitude) ** 2)
        latitude = atan2(z + e2 * nu * sin(latitude), flat)
    return degrees(latitude), degrees(atan2(y, x))
