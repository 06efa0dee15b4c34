"""Numbers about people who could be told apart: hidden when small, rounded when not.

The way of the NHS England perinatal publication: a count below 5 becomes a star, any other is rounded to the
nearest 5. A rate is of the rounded counts, in whole per cent, and is hidden when either of them is: so no
hidden count can be worked back from a rate, nor from the others of its row: rounding hides the difference.

Source: NHSDigital/mental-health-monthly-statistics, Perinatal_output.sql. That the rate is taken of the
rounded counts is a decision of this software, the stricter of two.
"""

from __future__ import annotations

HIDDEN = "*"
SMALLEST_SHOWN = 5
STEP = 5


def count(number: int) -> str:
    """A count as it may be shown to those who do not know the people. Raises ValueError below 0."""
    rounded = _rounded(number)
    return HIDDEN if rounded is None else f"{rounded:,}"


def rate(part: int, of: int) -> str | None:
    """A share in whole per cent ("40%"), a star, or None where there is nobody to take a share of."""
    if of == 0:
        return None
    above, below = _rounded(part), _rounded(of)
    if above is None or below is None:
        return HIDDEN
    return f"{min(round(100 * above / below), 100)}%"


def _rounded(number: int) -> int | None:
    if number < 0:
        raise ValueError("a count is 0 or more")
    if number < SMALLEST_SHOWN:
        return None
    return round(number / STEP) * STEP
