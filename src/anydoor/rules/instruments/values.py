"""Thresholds: bands, cut-offs, reliable change. One versioned set, each value with its source and evidence.

`DEFAULTS` is the set that ships. A service replaces single values with `ValueSet.replaced`, under a name of
its own, and a stored measure keeps the name of the set it was judged by. `NOT_SHIPPED` are the values nobody
has verified: they have no default, and what depends on them stays empty until a service sets them.

Keys are "<instrument>.<what>", and "<instrument>.bands.<group>" where the table depends on who answered.
Comparisons are at or above, but for `_above` (strictly above) and `_to` (at or below).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from types import MappingProxyType

from anydoor.rules.errors import BadInput
from anydoor.rules.instruments.definition import FATHER, MOTHER
from anydoor.rules.instruments.evidence import Bands, Cited, Tag, Value
from anydoor.rules.instruments.registry import PRESENT

_CLARK = "Clark 2018, PMC5942544 table 2"
_TT = "PMC8411661 table 1"

_SHIPPED: Mapping[str, Cited] = {
    # --- questions that find a need -------------------------------------------------------------
    "Whooley.screen_from": Cited(1, "NICE CG192 1.5.4 to 1.5.6", Tag.PROBABLE),
    "GAD-2.screen_from": Cited(3, "NICE CG192 1.5.7 to 1.5.8; GAD-2 in CG113", Tag.PROBABLE),
    "PHQ-2.screen_from": Cited(3, "PMC2906530 (2 and more is more sensitive)", Tag.READ),
    # --- depression and anxiety -----------------------------------------------------------------
    "PHQ-9.bands": Cited(
        ((0, "minimal"), (5, "mild"), (10, "moderate"), (15, "moderately_severe"), (20, "severe")),
        "Kroenke, Spitzer and Williams 2001",
        Tag.READ,
    ),
    "PHQ-9.tt_caseness_from": Cited(10, _TT, Tag.READ),
    "PHQ-9.reliable_change": Cited(6, _TT, Tag.READ),
    "PHQ-9.prorate_missing_to": Cited(2, "mean of the answered items times 9", Tag.UNCERTAIN),
    "GAD-7.bands": Cited(
        ((0, "minimal"), (5, "mild"), (10, "moderate"), (15, "severe")), "Spitzer and others 2006", Tag.READ
    ),
    "GAD-7.tt_caseness_from": Cited(8, _TT, Tag.READ),
    "GAD-7.reliable_change": Cited(4, _TT, Tag.READ),
    f"EPDS.bands.{MOTHER}": Cited(
        ((0, "lt10"), (10, "10_12"), (13, "ge13")), "Cox, Holden and Sagovsky 1987; CamCOPS epds.py", Tag.READ
    ),
    f"EPDS.bands.{FATHER}": Cited(
        ((0, "lt11"), (11, "ge11")), "Edmondson and others 2010 (UK fathers at 7 weeks)", Tag.READ
    ),
    # --- distress, trauma, confidence -----------------------------------------------------------
    "CORE-10.bands": Cited(
        ((0, "below_cutoff"), (11, "mild"), (15, "moderate"), (20, "moderate_severe"), (25, "severe")),
        "socasresourcehub CORE-10; CORE System Trust",
        Tag.PARTLY_READ,
    ),
    "CORE-10.clinical_cutoff_from": Cited(11, "socasresourcehub CORE-10", Tag.PARTLY_READ),
    "CORE-10.reliable_change": Cited(6, "socasresourcehub CORE-10", Tag.PARTLY_READ),
    "CORE-10.prorate_missing_to": Cited(1, "CORE System Trust scoring note", Tag.READ),
    "PCL-5.cluster_item_from": Cited(2, "comorbidityguidelines.org.au PCL-5", Tag.READ),
    "PCL-5.tt_caseness_from": Cited(32, "Talking Therapies manual, after Clark 2018", Tag.PROBABLE),
    "PCL-5.reliable_change": Cited(10, "Talking Therapies manual, after Clark 2018", Tag.PROBABLE),
    "KPCS.low_confidence_to": Cited(39, "performwell KPCS manual (sensitivity 86%, PPV 88%)", Tag.READ),
    "City BiTS.symptom_from": Cited(1, "rightdecisions.scot.nhs.uk (SIGN 169)", Tag.READ),
    # --- one kind of anxiety: the measures of Talking Therapies ---------------------------------
    "SPIN.tt_caseness_from": Cited(19, _CLARK, Tag.PROBABLE),
    "SPIN.reliable_change": Cited(10, _CLARK, Tag.PROBABLE),
    "IES-R.tt_caseness_from": Cited(33, _CLARK, Tag.PROBABLE),
    "IES-R.reliable_change": Cited(9, _CLARK, Tag.PROBABLE),
    "MI.tt_caseness_above": Cited(Decimal("2.3"), _CLARK, Tag.PROBABLE),
    "MI.reliable_change": Cited(Decimal("0.73"), _CLARK, Tag.PROBABLE),
    "OCI.tt_caseness_from": Cited(40, _CLARK, Tag.PROBABLE),
    "OCI.reliable_change": Cited(32, _CLARK, Tag.PROBABLE),
    "PDSS.tt_caseness_from": Cited(8, _CLARK, Tag.PROBABLE),
    "PDSS.reliable_change": Cited(5, _CLARK, Tag.PROBABLE),
    "HAI.tt_caseness_from": Cited(18, _CLARK, Tag.PROBABLE),
    "HAI.reliable_change": Cited(4, _CLARK, Tag.PROBABLE),
}

# What a service must decide for itself, and why there is no default.
NOT_SHIPPED: Mapping[str, str] = {
    "MORS-SF.warmth_concern_max": "numbers are behind registration at morscales.org",
    "MORS-SF.invasion_concern_min": "numbers are behind registration at morscales.org",
    "LEAO.concern_from": "no public numeric score was found",
    "KPCS.bands": "36 to 39, 31 to 35 and 30 or less are told of, not read",
    "PBQ.clinical_cutoff_from": "the cut-offs of 2001 were revised in 2006; the total of 26 was not read",
    "EPDS.antenatal_from": "15 and more is told of (Murray and Cox 1990), not read",
    "EPDS.anxiety_3a_from": "4 to 6 are published for items 3, 4 and 5, not read",
    "PSWQ.tt_caseness_from": "not used for Talking Therapies outcomes",
    "WSAS.bands": "above 10 and above 20 are told of, not read",
    "WSAS.reliable_change": "8 is told of, not read",
}


@dataclass(frozen=True, slots=True)
class ValueSet:
    """Values under one name. Two sets with the same name are the same set: a change takes a new name."""

    name: str
    cited: Mapping[str, Cited]

    def __post_init__(self) -> None:
        for key, cited in self.cited.items():
            check(key, cited.value)

    def number(self, instrument: str, what: str) -> int | Decimal | None:
        """One number, or None where none is set."""
        cited = self.cited.get(f"{instrument}.{what}")
        if cited is None or isinstance(cited.value, tuple):
            return None
        return cited.value

    def bands(self, instrument: str, group: str | None) -> Bands | None:
        """The table of bands: the one of everybody, else the one of this group, else None."""
        cited = self.cited.get(f"{instrument}.bands")
        if cited is None and group is not None:
            cited = self.cited.get(f"{instrument}.bands.{group}")
        if cited is None or not isinstance(cited.value, tuple):
            return None
        return cited.value

    def asks_who(self, instrument: str) -> bool:
        """Whether the bands of this instrument depend on who answered."""
        return any(key.startswith(f"{instrument}.bands.") for key in self.cited)

    def replaced(self, name: str, changes: Mapping[str, Cited]) -> ValueSet:
        """A set of a service's own: these values changed or added. Raises BadInput on an unknown one."""
        if not name.strip() or name == self.name:
            raise BadInput("Give the changed values a name of their own.")
        return ValueSet(name, MappingProxyType({**self.cited, **changes}))


def check(key: str, value: Value) -> None:
    """Whether a key may be set, and to such a value. Raises BadInput."""
    if key not in _SHIPPED and key not in NOT_SHIPPED:
        raise BadInput(f"No value is called {key[:60]}.")
    low, high = _reach(key)
    if ".bands" in key:
        if not isinstance(value, tuple) or not value:
            raise BadInput(f"{key} is a table of bands.")
        starts = [least for least, _ in value]
        if starts != sorted(set(starts)) or starts[0] != 0 or starts[-1] > high:
            raise BadInput(f"The bands of {key} must begin at 0, rise, and end at {high} or before.")
    elif isinstance(value, bool) or not isinstance(value, int | Decimal):
        raise BadInput(f"{key} is a number.")
    elif value != int(value) and not key.startswith("MI."):
        raise BadInput(f"{key} is a whole number.")
    elif not low <= value <= high:
        raise BadInput(f"{key} is a number from {low} to {high}: no answer can reach another.")


# What is not held against a total: the lowest and the highest that make sense.
_OWN_REACH: Mapping[str, tuple[int | Decimal, int]] = {
    "MI.tt_caseness_above": (1, 5),
    "MI.reliable_change": (Decimal("0.01"), 4),
    "LEAO.concern_from": (1, 999),
    "EPDS.anxiety_3a_from": (1, 9),
}


def _reach(key: str) -> tuple[int | Decimal, int]:
    """The least and the most a value can be and still part one answer from another.

    Below the least everybody would be found and above the most nobody, and neither would be noticed.
    """
    if key in _OWN_REACH:
        return _OWN_REACH[key]
    name, what = key.split(".", 1)
    instrument = PRESENT[name]
    low, high = instrument.total_range()
    if what == "prorate_missing_to":
        return 0, instrument.size - 1
    if what in {"cluster_item_from", "symptom_from"}:
        return 1, instrument.highest
    if what == "reliable_change":
        return 1, high - low
    if what.endswith(("_to", "_max")):
        return low, high
    return low + 1, high


def band_of(bands: Bands, total: int) -> str:
    """The band a total falls in."""
    return [name for least, name in bands if total >= least][-1]


DEFAULTS = ValueSet("anydoor-2026-11", MappingProxyType(dict(_SHIPPED)))

# Every set that ever shipped, by name. A changed value takes a new set with a new name; an old one stays,
# because measures name it.
SHIPPED_SETS: Mapping[str, ValueSet] = MappingProxyType({DEFAULTS.name: DEFAULTS})
