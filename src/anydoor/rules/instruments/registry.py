"""Every instrument known, in every version there ever was.

A stored measure names its definition by `Instrument.key` ("PHQ-9@1"). When a definition must be corrected,
the old one stays in `ALL` and the new one gets the next version: what was scored stays as it was scored.
"""

from __future__ import annotations

from collections.abc import Mapping

from anydoor.rules.errors import NotFound
from anydoor.rules.instruments.anxiety_set import ANXIETY_SET
from anydoor.rules.instruments.core_set import CORE_SET
from anydoor.rules.instruments.definition import Instrument

ALL: tuple[Instrument, ...] = CORE_SET + ANXIETY_SET

_BY_KEY: Mapping[str, Instrument] = {instrument.key: instrument for instrument in ALL}
# The last of a name in ALL is the present one.
PRESENT: Mapping[str, Instrument] = {instrument.name: instrument for instrument in ALL}
SCORED: tuple[str, ...] = tuple(name for name, instrument in PRESENT.items() if instrument.formats)


def present(name: str) -> Instrument:
    """The version in use of an instrument by its exact name. Raises NotFound."""
    found = PRESENT.get(name)
    if found is None:
        raise NotFound(f"There is no such instrument. Known are: {', '.join(SCORED)}.")
    return found


def find(key: str) -> Instrument:
    """The very version a stored measure was taken with, by its key ("PHQ-9@1"). Raises NotFound."""
    found = _BY_KEY.get(key)
    if found is None:
        raise NotFound("There is no such version of an instrument.")
    return found


def must_be_whole(instruments: tuple[Instrument, ...]) -> list[str]:
    """What is wrong with a set of definitions, in words; nothing for a sound one."""
    faults = []
    keys = [instrument.key for instrument in instruments]
    faults += [f"{key} is there twice" for key in sorted({key for key in keys if keys.count(key) > 1})]
    for instrument in instruments:
        every = set(range(1, instrument.size + 1))
        for what, items in (
            ("reversed items", instrument.reversed_items),
            ("items with a range of their own", instrument.ranges),
            ("items of the total", instrument.summed),
            ("items that may not apply", instrument.not_applicable),
            ("risk items", instrument.risk_items),
        ):
            if not set(items) <= every:
                faults.append(f"{instrument.key}: {what} name an item that is not there")
        for scale in instrument.scales:
            if scale.items and (len(scale.items) != scale.size or not set(scale.items) <= every):
                faults.append(f"{instrument.key}: the scale {scale.name} does not fit its items")
        if instrument.high_is not in {"worse", "better"}:
            faults.append(f"{instrument.key}: high must be worse or better")
    return faults
