"""What a line of a script must hold: one JSON object, with fields of the right kind.

Every refusal is a BadInput that names the field and says what would be right; none repeats what was sent,
which may be about a person.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal

from anydoor.rules.errors import BadInput
from anydoor.rules.working_time import LONDON

LONGEST_ID = 200


def identity(line: Mapping[str, object]) -> str | int:
    """The `id` of a line: a text of up to 200 characters or a whole number."""
    found = line.get("id")
    if isinstance(found, str) and 0 < len(found) <= LONGEST_ID:
        return found
    if type(found) is int and abs(found) < 2**63:
        return found
    raise BadInput(f"id must be a text of 1 to {LONGEST_ID} characters or a whole number.", field="id")


def text(line: Mapping[str, object], name: str) -> str:
    """A field that must be a text."""
    found = line.get(name)
    if not isinstance(found, str):
        raise BadInput(f"{name} must be a text.", field=name)
    return found


def inner(line: Mapping[str, object], name: str) -> Mapping[str, object]:
    """A field that must be an object."""
    found = line.get(name)
    if not isinstance(found, Mapping):
        raise BadInput(f"{name} must be an object.", field=name)
    return found


def whole(line: Mapping[str, object], name: str, low: int, high: int) -> int:
    """A field that must be a whole number in a range. True is not 1, and 2.0 is not 2."""
    found = line.get(name)
    if type(found) is int and low <= found <= high:
        return found
    raise BadInput(f"{name} must be a whole number from {low} to {high}.", field=name)


def number(found: object, name: str, low: Decimal, high: Decimal) -> Decimal:
    """An exact number in a range, from a whole number, a Decimal, or a float as it is printed."""
    if isinstance(found, float):
        found = Decimal(repr(found))
    if type(found) is int and abs(found) < 2**63:
        found = Decimal(found)
    if isinstance(found, Decimal) and found.is_finite() and low <= found <= high:
        return found
    raise BadInput(f"{name} must be a number from {low} to {high}.", field=name)


def day(line: Mapping[str, object], name: str) -> date | None:
    """A date as "2026-03-10", or a moment with its offset, whose day in London counts; None while unknown."""
    found = line.get(name)
    if found is None:
        return None
    if isinstance(found, str):
        try:
            if len(found) == 10:
                plain = date.fromisoformat(found)
                if plain.isoformat() == found:  # and not a week of the year
                    return plain
            elif (moment := datetime.fromisoformat(found)).tzinfo is not None:
                return moment.astimezone(LONDON).date()
        except (ValueError, OverflowError):
            pass
    raise BadInput(f'{name} must be a date like "2026-03-10" or null.', field=name)
