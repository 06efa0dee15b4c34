"""What is known of a family's need when help is looked for: plain facts, most of them perhaps not asked yet.

A `Profile` is made from a request (by `care`) or read from JSON (`profile_reading`). What is not known stays
empty, and the matching says "not asked yet" instead of guessing.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from anydoor.rules import stage
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
ENGLISH = frozenset({"english", "en", "en-gb", "en_gb", "eng"})
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
# What an instrument asks about. The others say nothing of one feeling more than of another.
MEASURE_NEEDS: Mapping[str, str] = {
    **dict.fromkeys(("PHQ-9", "PHQ-2", "EPDS", "Whooley", "CORE-10"), "mood"),
    **dict.fromkeys(("GAD-7", "GAD-2", "PSWQ", "SPIN", "PDSS", "OCI", "HAI", "MI"), "anxiety"),
    **dict.fromkeys(("PCL-5", "IES-R"), "trauma"),
    "City BiTS": "birth_trauma",
}


@dataclass(frozen=True, slots=True)
class Moment:
    """Where the family is: completed `weeks` of pregnancy, or `days` of the youngest child's age or since a
    loss; None when the day is not known. `is_overdue`: the due date has passed and no birth is recorded."""

    kind: StageKind = StageKind.UNKNOWN
    weeks: int | None = None
    days: int | None = None
    is_overdue: bool = False


@dataclass(frozen=True, slots=True)
class Concern:
    """A worry in one strand, how great it is as far as told, and scores by instrument (`{"PHQ-9": 12}`).

    Instruments are named as in `rules.instruments`; one with scales apart has a score for each
    (`{"MORS-SF warmth": 11}`).
    """

    strand: str
    severity: str = "unknown"
    measures: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Profile:
    """A family's need on a day. Empty text, None and empty sets mean "not asked yet".

    `says_baby` is False after a loss with no other child expected, and beside a loss until a person has
    decided. `area_districts` stands in for `district_code` while the place is not known more closely.
    `elsewhere` is "far" or "near" for a postcode that is not known in the area (near: it begins with letters
    that are). `seen_by` are slugs of services the family is with, None while nobody knows.
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
    elsewhere: str = ""
    seen_by: frozenset[str] | None = None
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
    told = {MEASURE_NEEDS[name] for name in concern.measures if name in MEASURE_NEEDS}
    return frozenset(told or {"mood", "anxiety"})


def moment_of(known: stage.Stage) -> Moment:
    """The moment of a stage that `rules.stage` computed from a family's children."""
    if known.kind == StageKind.PREGNANT:
        return Moment(known.kind, weeks=known.weeks, is_overdue=known.is_overdue)
    if known.kind in (StageKind.BORN, StageKind.LOSS) and known.weeks is not None:
        return Moment(known.kind, days=known.weeks * 7 + (known.days or 0))
    return Moment(known.kind)
