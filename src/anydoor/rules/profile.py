"""What is known of a family's need when help is looked for: plain facts, most of them perhaps not asked yet.

A `Profile` is made from a request (by `care`) or read from JSON (`read_profile`). What is not known stays
empty, and the matching says "not asked yet" instead of guessing.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from anydoor.rules import identifiers, stage
from anydoor.rules.errors import BadInput
from anydoor.rules.stage import StageKind

STRANDS = ("pmh", "pir")
ROLES = ("mother", "father", "co_parent", "carer")
SEVERITIES = ("mild", "moderate", "severe", "unknown")
FLAGS = (
    *("loss", "birth_trauma", "fear_of_birth", "child_removed", "neonatal", "assisted_conception"),
    *("psychosis_suspected", "self_harm", "abuse"),
)

# Every need a service can help with, as words that complete "It helps with ...".
NEED_WORDS: Mapping[str, str] = {
    "mood": "low mood",
    "anxiety": "worry and anxiety",
    "trauma": "what is left after something terrible",
    "psychosis": "very serious mental illness",
    "bond": "feeling close to your baby",
    "crying_sleep": "a baby's crying and sleep",
    "feeding": "feeding",
    "housing": "housing",
    "money": "money and debt",
    "childcare": "childcare",
    "english": "learning or using English",
    "isolation": "feeling alone",
    "loss": "loss and grief",
    "fertility": "trying to conceive",
    "birth_fear": "fear of giving birth",
    "birth_trauma": "a frightening or hurtful birth",
    "neonatal": "neonatal care",
    "child_removed": "a child who does not live with you",
    "parenting": "being a parent",
    "relationship": "being a couple",
    "physical_health": "health",
    "early_help": "finding the right help",
    "domestic_abuse": "not being safe at home",
    "substance": "drinking or drugs",
    "disability": "disability",
}
NEEDS = frozenset(NEED_WORDS)
# How help is given, as words that complete "It is offered ...".
MODE_NAMES: Mapping[str, str] = {
    "in_person": "face to face",
    "home": "at home",
    "online": "online",
    "phone": "by phone",
    "text": "by text",
    "group": "in a group",
}
MODES = (*MODE_NAMES, "not_group")
# Said to nobody after a loss.
ABOUT_A_BABY = frozenset({"bond", "crying_sleep", "feeding", "neonatal", "parenting", "childcare"})
# What the two strands are about; all others are wider needs.
STRAND_NEEDS: Mapping[str, frozenset[str]] = {
    "pmh": frozenset({"mood", "anxiety", "trauma", "psychosis", "birth_fear", "birth_trauma"}),
    "pir": frozenset({"bond"}),
}
FLAG_NEEDS: Mapping[str, str] = {
    "loss": "loss",
    "birth_trauma": "birth_trauma",
    "fear_of_birth": "birth_fear",
    "child_removed": "child_removed",
    "neonatal": "neonatal",
    "assisted_conception": "fertility",
    "psychosis_suspected": "psychosis",
    "self_harm": "mood",
    "abuse": "domestic_abuse",
}
MEASURE_NEEDS: Mapping[str, str] = {
    "PHQ-9": "mood",
    "PHQ-2": "mood",
    "EPDS": "mood",
    "WHOOLEY": "mood",
    "CORE-10": "mood",
    "GAD-7": "anxiety",
    "GAD-2": "anxiety",
    "PCL-5": "trauma",
    "CITY BITS": "birth_trauma",
}


@dataclass(frozen=True, slots=True)
class Moment:
    """Where the family is: completed `weeks` of pregnancy, or `days` of the youngest child's age or since a
    loss; None when the day is not known."""

    kind: StageKind = StageKind.UNKNOWN
    weeks: int | None = None
    days: int | None = None


@dataclass(frozen=True, slots=True)
class Concern:
    """A worry in one strand, how great it is as far as told, and scores by instrument (`{"PHQ-9": 12}`)."""

    strand: str
    severity: str = "unknown"
    measures: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Profile:
    """A family's need on a day. Empty text, None and empty sets mean "not asked yet".

    `says_baby` is False after a loss with no other child expected, and beside a loss until a person has
    decided. `area_districts` stands in for `district_code` while the place is not known more closely.
    """

    as_of: date
    moment: Moment = Moment()
    role: str = ""
    age: int | None = None
    care_leaver: bool | None = None
    concerns: tuple[Concern, ...] = ()
    flags: frozenset[str] = frozenset()
    wider_needs: frozenset[str] = frozenset()
    district_code: str = ""
    outward: str = ""
    postcode: str = ""
    area_districts: frozenset[str] = frozenset()
    language: str = ""
    mode: str = ""
    has_car: bool | None = None
    says_baby: bool = True

    @property
    def is_after_loss(self) -> bool:
        """After a loss, with no other child expected or born: only what is meant for that is proposed."""
        return self.moment.kind == StageKind.LOSS

    @property
    def strands(self) -> frozenset[str]:
        return frozenset(concern.strand for concern in self.concerns)

    @property
    def wanted(self) -> frozenset[str]:
        """Every need told, in whatever way it was told."""
        needs = set(self.wider_needs)
        needs |= {FLAG_NEEDS[flag] for flag in self.flags if flag in FLAG_NEEDS}
        for concern in self.concerns:
            needs |= _needs_of(concern)
        if self.is_after_loss:
            needs.add("loss")
        return frozenset(needs)


def _needs_of(concern: Concern) -> frozenset[str]:
    """A measure says which feelings; without one both low mood and worry are meant."""
    if concern.strand == "pir":
        return frozenset({"bond"})
    told = {MEASURE_NEEDS[name] for name in map(str.upper, concern.measures) if name in MEASURE_NEEDS}
    return frozenset(told or {"mood", "anxiety"})


def moment_of(known: stage.Stage) -> Moment:
    """The moment of a stage that `rules.stage` computed from a family's children."""
    if known.kind == StageKind.PREGNANT:
        return Moment(known.kind, weeks=known.weeks)
    if known.kind in (StageKind.BORN, StageKind.LOSS) and known.weeks is not None:
        return Moment(known.kind, days=known.weeks * 7 + (known.days or 0))
    return Moment(known.kind)


# ---------------------------------------------------------------- from JSON


def read_profile(data: Mapping[str, Any]) -> Profile:
    """A profile from JSON: `as_of, stage, person, concerns, flags, wider_needs, postcode, language, mode,
    has_car`. All but `as_of` may be left out. Raises BadInput whose `field` names the key.
    """
    _only(data, "", _KEYS)
    as_of = _day(data.get("as_of"), "as_of")
    if as_of is None:
        raise BadInput("as_of is missing: the day of the question, like 2026-03-10.", field="as_of")
    person = _table(data, "person", {"role", "age", "care_leaver"})
    flags = frozenset(_words(data.get("flags"), "flags", FLAGS))
    moment = _moment(_table(data, "stage", _STAGE_KEYS), as_of)
    postcode, outward = _postcode(data.get("postcode"))
    loss = moment.kind == StageKind.LOSS or "loss" in flags
    return Profile(
        as_of=as_of,
        moment=Moment(StageKind.LOSS) if loss and moment.kind == StageKind.UNKNOWN else moment,
        role=_word(person.get("role"), "person.role", ROLES),
        age=_whole(person.get("age"), "person.age", 10, 120),
        care_leaver=_flag(person.get("care_leaver"), "person.care_leaver"),
        concerns=_concerns(data.get("concerns")),
        flags=flags,
        wider_needs=frozenset(_words(data.get("wider_needs"), "wider_needs", sorted(NEEDS))),
        postcode=postcode,
        outward=outward,
        language=_text(data.get("language"), "language"),
        mode=_word(data.get("mode"), "mode", MODES),
        has_car=_flag(data.get("has_car"), "has_car"),
        says_baby=not loss,
    )


_KEYS = {
    *(
        "as_of",
        "stage",
        "person",
        "concerns",
        "flags",
        "wider_needs",
        "postcode",
        "language",
        "mode",
        "has_car",
    ),
}
_STAGE_KEYS = {"trying_to_conceive", "pregnant_weeks", "due_date", "baby_birth_date", "loss_date"}


def _only(data: object, where: str, keys: set[str]) -> None:
    if not isinstance(data, Mapping):
        raise BadInput(f"{where or 'A profile'} must be a JSON object.", field=where or None)
    unknown = sorted(str(key)[:40] for key in data if key not in keys)
    if unknown:
        place = f" in {where}" if where else ""
        raise BadInput(f"A profile has no key {unknown[0]!r}{place}.", field=where or None)


def _table(data: Mapping[str, Any], key: str, keys: set[str]) -> Mapping[str, Any]:
    table = data.get(key)
    if table is None:
        return {}
    _only(table, key, keys)
    return {name: value for name, value in table.items() if value is not None}


def _moment(told: Mapping[str, Any], as_of: date) -> Moment:
    told = {key: value for key, value in told.items() if value is not False}
    if len(told) > 1:
        raise BadInput("Give one stage only.", field="stage")
    if "trying_to_conceive" in told:
        _flag(told["trying_to_conceive"], "stage.trying_to_conceive")
        return Moment(StageKind.TRYING)
    if "pregnant_weeks" in told:
        return Moment(StageKind.PREGNANT, weeks=_whole(told["pregnant_weeks"], "stage.pregnant_weeks", 0, 45))
    if "due_date" in told:
        due = _needed_day(told["due_date"], "stage.due_date")
        try:
            stage.check_due_on(due, as_of)
        except BadInput as problem:
            raise problem.at("stage.due_date") from problem
        return moment_of(stage.stage([stage.Child(due_on=due)], on=as_of))
    for key, kind in (("baby_birth_date", StageKind.BORN), ("loss_date", StageKind.LOSS)):
        if key in told:
            since = (as_of - _needed_day(told[key], f"stage.{key}")).days
            if since < 0:
                raise BadInput("This date is after as_of. Check the year.", field=f"stage.{key}")
            return Moment(kind, days=since)
    return Moment()


def _concerns(told: object) -> tuple[Concern, ...]:
    if told is None:
        return ()
    if not isinstance(told, list):
        raise BadInput("concerns must be a list.", field="concerns")
    return tuple(_concern(each) for each in told)


def _concern(told: object) -> Concern:
    _only(told, "concerns", {"strand", "severity", "measures"})
    assert isinstance(told, Mapping)  # `_only` has seen to it
    strand = _word(told.get("strand"), "concerns.strand", STRANDS)
    if not strand:
        raise BadInput("A concern needs its strand: pmh or pir.", field="concerns.strand")
    severity = _word(told.get("severity"), "concerns.severity", SEVERITIES) or "unknown"
    measures = told.get("measures") or {}
    if not isinstance(measures, Mapping) or not all(
        isinstance(score, int | float) and not isinstance(score, bool) for score in measures.values()
    ):
        raise BadInput('measures must be scores by name, like {"PHQ-9": 12}.', field="concerns.measures")
    return Concern(strand, severity, {str(name): float(score) for name, score in measures.items()})


def _postcode(told: object) -> tuple[str, str]:
    """The whole postcode (or empty) and its first half."""
    text = _text(told, "postcode")
    if not text:
        return "", ""
    try:
        full = identifiers.postcode(text)
    except BadInput:
        try:
            return "", identifiers.outward(text)
        except BadInput as problem:
            raise problem.at("postcode") from problem
    return full, full.split(" ")[0]


# ---------------------------------------------------------------- one value


def _day(told: object, where: str) -> date | None:
    if told is None:
        return None
    try:
        return date.fromisoformat(told) if isinstance(told, str) else _refuse_day(where)
    except ValueError:
        return _refuse_day(where)


def _refuse_day(where: str) -> date:
    raise BadInput(f"{where} must be a date like 2026-03-10.", field=where)


def _needed_day(told: object, where: str) -> date:
    return _day(told, where) or _refuse_day(where)


def _word(told: object, where: str, known: tuple[str, ...]) -> str:
    if told is None or told == "":
        return ""
    if not isinstance(told, str) or told not in known:
        raise BadInput(f"{where} must be one of {', '.join(known)}.", field=where)
    return told


def _words(told: object, where: str, known: tuple[str, ...] | list[str]) -> list[str]:
    if told is None:
        return []
    if not isinstance(told, list):
        raise BadInput(f"{where} must be a list.", field=where)
    return [_word(each, where, tuple(known)) or _refuse_empty(where) for each in told]


def _refuse_empty(where: str) -> str:
    raise BadInput(f"{where} has an empty entry.", field=where)


def _whole(told: object, where: str, low: int, high: int) -> int | None:
    if told is None:
        return None
    if not isinstance(told, int) or isinstance(told, bool) or not low <= told <= high:
        raise BadInput(f"{where} must be a whole number from {low} to {high}.", field=where)
    return told


def _flag(told: object, where: str) -> bool | None:
    if told is not None and not isinstance(told, bool):
        raise BadInput(f"{where} must be true or false.", field=where)
    return told


def _text(told: object, where: str) -> str:
    if told is None:
        return ""
    if not isinstance(told, str):
        raise BadInput(f"{where} must be text.", field=where)
    try:
        return identifiers.one_line(told.strip(), 100)
    except BadInput as problem:
        raise problem.at(where) from problem
