"""A file of thresholds that an area or a service sets for itself, on top of a shipped set.

    name = "norfolk-2027-01"           # never used before: measures name the set they were judged by
    base = "anydoor-2026-11"           # the shipped set it changes; the present one when left out
    area = "norfolk"                   # for whom: an area, a service, or neither for everybody here
    service = "pairs"

    [[value]]
    key = "MORS-SF.warmth_concern_max"
    value = 20                         # bands are a list: [[0, "low"], [10, "high"]]
    source = "Licence pack of morscales.org, 2026"
    tag = "V"                          # how it is known; `evidence.TAG_WORDS` has the tags

Every value says its source and how it is known, because both are shown beside the score.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from anydoor.rules.errors import BadInput
from anydoor.rules.instruments.evidence import TAG_WORDS, Cited, Tag, Value
from anydoor.rules.instruments.values import DEFAULTS, SHIPPED_SETS, check

NAME = re.compile(r"[a-z0-9][a-z0-9.-]{2,59}")
MOST_VALUES = 200
MOST_TEXT = 300


@dataclass(frozen=True, slots=True)
class Read:
    """A file that can be used: its name, what it changes, for whom, and the changes."""

    name: str
    base: str
    area: str
    service: str
    changes: Mapping[str, Cited]


def read(document: Mapping[str, object]) -> Read:
    """A file as data. Raises BadInput with every fault, a line each, naming the value it is about."""
    faults = [
        f"{key} is not known here."
        for key in document
        if key not in {"name", "base", "area", "service", "value"}
    ]
    name, base = _text(document, "name"), _text(document, "base") or DEFAULTS.name
    if not NAME.fullmatch(name):
        faults.append("name: give the set a name of small letters, digits, dots and dashes, 3 to 60 of them.")
    if name in SHIPPED_SETS:
        faults.append("name: that is the name of a shipped set. Take one of your own.")
    if base not in SHIPPED_SETS:
        faults.append(f"base: there is no such shipped set. Known are: {', '.join(SHIPPED_SETS)}.")
    rows = document.get("value")
    changes: dict[str, Cited] = {}
    if not isinstance(rows, list) or not rows or len(rows) > MOST_VALUES:
        faults.append(f"value: there must be 1 to {MOST_VALUES} of them, each as [[value]].")
        rows = []
    for number, row in enumerate(rows, 1):
        try:
            key, cited = _one(row, number)
        except BadInput as fault:
            faults.append(fault.message)
            continue
        if key in changes:
            faults.append(f"value {number}: {key} is there twice.")
        changes[key] = cited
    if faults:
        raise BadInput("\n".join(faults))
    return Read(name, base, _text(document, "area"), _text(document, "service"), changes)


def _one(row: object, number: int) -> tuple[str, Cited]:
    where = f"value {number}"
    if not isinstance(row, Mapping):
        raise BadInput(f"{where}: it must be a table with key, value, source and tag.")
    key, source, tag = (_text(row, field) for field in ("key", "source", "tag"))
    if not source:
        raise BadInput(f"{where}: source is missing. It is shown beside the score.")
    try:
        known = Tag(tag)
    except ValueError:
        raise BadInput(f"{where}: tag must be one of {', '.join(TAG_WORDS)}.") from None
    value = _value(row.get("value"), where)
    try:
        check(key, value)
    except BadInput as fault:
        raise BadInput(f"{where}: {fault.message}") from None
    return key, Cited(value, source, known)


def _value(given: object, where: str) -> Value:
    if isinstance(given, bool):
        raise BadInput(f"{where}: a value is a number or a list of bands.")
    if isinstance(given, int) and abs(given) <= 1000:
        return given
    if isinstance(given, float | Decimal | str):
        try:
            number = Decimal(str(given))
        except ArithmeticError:
            raise BadInput(f"{where}: a value is a number or a list of bands.") from None
        if number.is_finite() and abs(number) <= 1000:
            return number
    if isinstance(given, list) and given and len(given) <= 20:
        bands = []
        for band in given:
            if (
                not isinstance(band, list)
                or len(band) != 2
                or type(band[0]) is not int
                or not isinstance(band[1], str)
                or not band[1].strip()
                or len(band[1]) > 40
            ):
                raise BadInput(f'{where}: a band is written [10, "name"].')
            bands.append((band[0], band[1].strip()))
        return tuple(bands)
    raise BadInput(f"{where}: a value is a number up to 1000, or a list of bands.")


def _text(row: Mapping[str, object], field: str) -> str:
    found = row.get(field)
    text = found.strip() if isinstance(found, str) else ""
    if len(text) > MOST_TEXT or any(not mark.isprintable() for mark in text):
        raise BadInput(f"{field}: it is longer than {MOST_TEXT} characters, or has hidden ones.")
    return text


def to_json(changes: Mapping[str, Cited]) -> dict[str, dict[str, object]]:
    """Values as they are kept: plain, in the order they were given."""
    return {
        key: {
            "value": [list(band) for band in cited.value]
            if isinstance(cited.value, tuple)
            else str(cited.value)
            if isinstance(cited.value, Decimal)
            else cited.value,
            "source": cited.source,
            "tag": cited.tag.value,
        }
        for key, cited in changes.items()
    }


def from_json(kept: Mapping[str, Mapping[str, object]]) -> dict[str, Cited]:
    """The values again, as they were given."""
    return {
        key: Cited(_value(row["value"], key), str(row["source"]), Tag(str(row["tag"])))
        for key, row in kept.items()
    }
