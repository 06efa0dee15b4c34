"""Outcomes of a course of treatment by the rules of NHS Talking Therapies, for one referral and for many.

- *Completed*, two countings that must never be confused. `completed_course`: the referral has ended and two
  or more treatment appointments were attended (the national one; follow-ups do not count). The Norfolk
  strategy counts two or more attended, ended or not: `attended_two_or_more`.
- *Which anxiety measure*: the one of the problem descriptor if it was scored first and last, else GAD-7 for
  both ends. The two scores are of the same measure, always. After PCL-5 the older IES-R is tried.
- *Calculable*: first and last PHQ-9, and first and last of one anxiety measure. Otherwise every outcome of
  the person is None, for it is not known. In the rates such a course stands among the completed: not
  marked as below caseness it stays in the denominator of recovery, not recovered.
- *Case at start*: first PHQ-9, or the first anxiety score, at its cut-off or above. *Recovered*: case at
  start, and both below at the end. Recovered and reliably improved are two things, and either may be alone.
- *Reliable improvement*: one of the two falls by its reliable change index or more, and the other has not
  risen by its own. *Deterioration*: the mirror. Neither, or one each way: *no reliable change*.
- *Reliable recovery*: recovered and reliably improved, in a completed course.

Sources: Clark 2018 (PMC5942544); NHS England TTAD dashboard SQL; Fingertips glossary; PMC8411661. That the
other measure must not have deteriorated, and where courses without paired scores stand, was not read in a
source. Cut-offs and indices are in `instruments.values`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from decimal import Decimal

from anydoor.rules import lines
from anydoor.rules.change import Points, Verdict, verdict_of
from anydoor.rules.errors import BadInput
from anydoor.rules.instruments.registry import PRESENT
from anydoor.rules.instruments.values import DEFAULTS, ValueSet

DEPRESSION = "PHQ-9"
FALL_BACK = "GAD-7"

# The measures of a descriptor, first choice first; GAD-7 stands behind them all.
MEASURES_OF: Mapping[str, tuple[str, ...]] = {
    "depression": (),
    "gad": (),
    "mixed_anxiety_depression": (),
    "none_recorded": (),
    "social_anxiety": ("SPIN",),
    "ptsd": ("PCL-5", "IES-R"),
    "agoraphobia": ("MI",),
    "ocd": ("OCI",),
    "panic_disorder": ("PDSS",),
    "health_anxiety": ("HAI",),
}
# PSWQ may be sent and is no part of an outcome.
KEYS = ("PHQ-9", "GAD-7", "SPIN", "PCL-5", "IES-R", "MI", "OCI", "PDSS", "HAI", "PSWQ")
MEAN_OF_ITEMS = {"MI": (Decimal(1), Decimal(5))}
ENOUGH_APPOINTMENTS = 2
MOST_APPOINTMENTS = 10_000


@dataclass(frozen=True, slots=True)
class Pair:
    """The first and the last score of one measure within a referral; None where there is none."""

    first: Points | None = None
    last: Points | None = None

    def both(self) -> tuple[Points, Points] | None:
        return None if self.first is None or self.last is None else (self.first, self.last)


@dataclass(frozen=True, slots=True)
class Course:
    """A referral as outcomes see it. `attended` counts treatment appointments, without follow-ups."""

    ended: bool
    attended: int
    descriptor: str
    scores: Mapping[str, Pair]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of one course. None: cannot be told, for want of a pair of scores."""

    completed_course: bool
    attended_two_or_more: bool
    outcome_calculable: bool
    anxiety_measure_used: str | None
    case_at_start: bool | None
    recovered: bool | None
    reliable_improvement: bool | None
    reliable_deterioration: bool | None
    no_reliable_change: bool | None
    reliable_recovery: bool | None
    in_recovery_denominator: bool
    in_improvement_denominator: bool


def outcome(course: Course, *, values: ValueSet = DEFAULTS) -> Outcome:
    """The outcome of one course."""
    enough = course.attended >= ENOUGH_APPOINTMENTS
    completed = course.ended and enough
    anxiety = anxiety_measure(course)
    mood = course.scores.get(DEPRESSION, Pair()).both()
    worry = course.scores[anxiety].both() if anxiety else None
    if mood is None or worry is None or anxiety is None:
        return Outcome(
            completed_course=completed,
            attended_two_or_more=enough,
            outcome_calculable=False,
            anxiety_measure_used=anxiety,
            case_at_start=None,
            recovered=None,
            reliable_improvement=None,
            reliable_deterioration=None,
            no_reliable_change=None,
            reliable_recovery=None,
            in_recovery_denominator=completed,
            in_improvement_denominator=completed,
        )
    case = at_caseness(DEPRESSION, mood[0], values) or at_caseness(anxiety, worry[0], values)
    still = at_caseness(DEPRESSION, mood[1], values) or at_caseness(anxiety, worry[1], values)
    verdicts = {_verdict(DEPRESSION, mood, values), _verdict(anxiety, worry, values)}
    improved = Verdict.IMPROVED in verdicts and Verdict.WORSENED not in verdicts
    worsened = Verdict.WORSENED in verdicts and Verdict.IMPROVED not in verdicts
    recovered = case and not still
    return Outcome(
        completed_course=completed,
        attended_two_or_more=enough,
        outcome_calculable=True,
        anxiety_measure_used=anxiety,
        case_at_start=case,
        recovered=recovered,
        reliable_improvement=improved,
        reliable_deterioration=worsened,
        no_reliable_change=not improved and not worsened,
        reliable_recovery=recovered and improved and completed,
        in_recovery_denominator=completed and case,
        in_improvement_denominator=completed,
    )


def anxiety_measure(course: Course) -> str | None:
    """The measure of the descriptor if it has both scores, else GAD-7 if that has, else None."""
    for name in (*MEASURES_OF[course.descriptor], FALL_BACK):
        if course.scores.get(name, Pair()).both() is not None:
            return name
    return None


def at_caseness(measure: str, score: Points, values: ValueSet = DEFAULTS) -> bool:
    """Whether a score is at the cut-off or above it (for the Mobility Inventory: strictly above)."""
    above = values.number(measure, "tt_caseness_above")
    if above is not None:
        return score > above
    least = values.number(measure, "tt_caseness_from")
    if least is None:
        raise BadInput("No caseness is set for this measure.", field=measure)
    return score >= least


def _verdict(measure: str, pair: tuple[Points, Points], values: ValueSet) -> Verdict:
    """All measures of outcomes are worse when higher, so a fall is an improvement."""
    return verdict_of(pair[0] - pair[1], values.number(measure, "reliable_change"))


# --- one line of a script -------------------------------------------------------------------------------


def read_course(line: Mapping[str, object]) -> Course:
    """A course from one line. Raises BadInput. A score that its measure cannot have is a bad line."""
    referral = lines.inner(line, "referral")
    if "ended" not in referral:
        raise BadInput("ended must be true, false, or the date it ended.", field="ended")
    ended = referral["ended"]
    descriptor = referral.get("problem_descriptor")
    if descriptor is None:  # nothing recorded, or not even asked
        descriptor = "none_recorded"
    if not isinstance(descriptor, str) or descriptor not in MEASURES_OF:
        raise BadInput(
            f"problem_descriptor must be one of {', '.join(MEASURES_OF)}.", field="problem_descriptor"
        )
    given = lines.inner(line, "scores")
    if not set(given) <= set(KEYS):
        raise BadInput(f"scores can be of {', '.join(KEYS)}.", field="scores")
    return Course(
        ended=ended if isinstance(ended, bool) else lines.day(referral, "ended") is not None,
        attended=lines.whole(referral, "attended_treatment_appointments", 0, MOST_APPOINTMENTS),
        descriptor=descriptor,
        scores={name: _pair(given, name) for name in given if given[name] is not None},
    )


def _pair(given: Mapping[str, object], name: str) -> Pair:
    pair = lines.inner(given, name)
    return Pair(first=_points(pair.get("first"), name), last=_points(pair.get("last"), name))


def _points(found: object, name: str) -> Points | None:
    if found is None:
        return None
    if name in MEAN_OF_ITEMS:
        return lines.number(found, name, *MEAN_OF_ITEMS[name])
    low, high = PRESENT[name].total_range()
    return lines.whole({name: found}, name, low, high)


def outcome_line(line: Mapping[str, object], values: ValueSet = DEFAULTS) -> dict[str, object]:
    """The answer to one line of `anydoor outcomes`."""
    return {"id": lines.identity(line), **asdict(outcome(read_course(line), values=values))}


# --- many referrals -------------------------------------------------------------------------------------

_COUNTED = (
    "outcome_calculable",
    "case_at_start",
    "recovered",
    "reliable_improvement",
    "reliable_deterioration",
    "no_reliable_change",
    "in_recovery_denominator",
    "in_improvement_denominator",
)


@dataclass(slots=True)
class Counting:
    """Counts over the courses that one counting of "completed" takes in."""

    courses: int = 0
    counts: dict[str, int] = field(default_factory=lambda: dict.fromkeys((*_COUNTED, "reliable_recovery"), 0))

    def add(self, one: Outcome) -> None:
        self.courses += 1
        for name in _COUNTED[:-2]:
            self.counts[name] += getattr(one, name) is True
        # Below caseness at the start, and only that, leaves the denominator of recovery.
        self.counts["in_recovery_denominator"] += one.case_at_start is not False
        self.counts["in_improvement_denominator"] += 1
        self.counts["reliable_recovery"] += one.recovered is True and one.reliable_improvement is True

    def as_object(self) -> dict[str, object]:
        """Counts and rates. A rate is a share of 1, unrounded, and None where it has no denominator."""
        recovery, change = self.counts["in_recovery_denominator"], self.counts["in_improvement_denominator"]
        counts = dict(self.counts)
        return {
            **counts,
            "not_at_caseness": self.courses - recovery,
            "outcome_not_calculable": self.courses - counts["outcome_calculable"],
            "recovery_rate": _share(counts["recovered"], recovery),
            "reliable_recovery_rate": _share(counts["reliable_recovery"], recovery),
            "reliable_improvement_rate": _share(counts["reliable_improvement"], change),
            "reliable_deterioration_rate": _share(counts["reliable_deterioration"], change),
            "no_reliable_change_rate": _share(counts["no_reliable_change"], change),
        }


def _share(part: int, of: int) -> float | None:
    return part / of if of else None


@dataclass(slots=True)
class Cohort:
    """Counts and rates over many courses, by both countings of "completed", each under its own name.

    Not for publication as it stands: no count is suppressed here.
    """

    referrals: int = 0
    national: Counting = field(default_factory=Counting)
    local: Counting = field(default_factory=Counting)

    def add(self, one: Outcome) -> None:
        """Take one course in."""
        self.referrals += 1
        if one.completed_course:
            self.national.add(one)
        if one.attended_two_or_more:
            self.local.add(one)

    def as_object(self) -> dict[str, object]:
        """The national counting at the top, the local one (two or more attended, ended or not) apart."""
        return {
            "referrals": self.referrals,
            "counting": "national: ended, and two or more treatment appointments attended",
            "completed_course": self.national.courses,
            **self.national.as_object(),
            "two_or_more_attended": {
                "counting": "local: two or more treatment appointments attended, ended or not",
                "attended_two_or_more": self.local.courses,
                **self.local.as_object(),
            },
        }
