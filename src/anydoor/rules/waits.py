"""How long a referral waited for assessment and for treatment, and which standards that met.

The day of referral is day 0, so day 14, 28, 42 and 126 are still in time. A pause (the family asked for a
later date, a stay in hospital) takes the days from its first to before its last out of the *net* wait: from
Monday to Thursday is three days. Both waits are always given. Standards are judged on the *elapsed* one,
unless the area's setting says net. What has not happened yet is None, never met and never missed.

Sources: NHS England access and waiting times (treatment within 6 and 18 weeks of referral); NICE QS115
statement 6 and CG192 1.7.3 (assessment within 2 weeks, treatment within a further 4). The Norfolk strategy
says "treatment within 4 weeks" and not from when, so both are given. Nothing here reads a clock.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from typing import NamedTuple

from anydoor.rules import lines
from anydoor.rules.errors import BadInput

WEEK = 7
NATIONAL_FIRST = 6 * WEEK
NATIONAL_LAST = 18 * WEEK
PERINATAL_ASSESSMENT = 2 * WEEK
TREATMENT = 4 * WEEK
MOST_PAUSES = 1000


class Pause(NamedTuple):
    """Days that do not count: from `start` to before `end`; None while it goes on."""

    start: date
    end: date | None


@dataclass(frozen=True, slots=True)
class Waits:
    """Days waited, elapsed and net of pauses, and the standards met; None while unknown."""

    days_to_assessment: int | None
    days_referral_to_treatment: int | None
    days_assessment_to_treatment: int | None
    days_to_assessment_net: int | None
    days_referral_to_treatment_net: int | None
    days_assessment_to_treatment_net: int | None
    judged_on: str
    national_6wk_met: bool | None
    national_18wk_met: bool | None
    perinatal_2wk_assessment_met: bool | None
    nice_4wk_from_assessment_met: bool | None
    four_wk_from_referral_met: bool | None


def waits(
    received: date,
    assessed: date | None,
    treated: date | None,
    pauses: Sequence[Pause] = (),
    *,
    judged_net: bool = False,
) -> Waits:
    """The waits of one referral. Raises BadInput when the days cannot have been in this order."""
    _must_follow("assessment", received, assessed)
    _must_follow("first_treatment_appointment", received, treated)
    if assessed is not None and treated is not None and treated < assessed:
        raise BadInput("The first treatment is before the assessment.", field="first_treatment_appointment")
    assessment, treatment = _wait(received, assessed, pauses), _wait(received, treated, pauses)
    after = _wait(assessed, treated, pauses)
    to_assessment, to_treatment, between = (
        wait.net if judged_net else wait.elapsed for wait in (assessment, treatment, after)
    )
    return Waits(
        days_to_assessment=assessment.elapsed,
        days_referral_to_treatment=treatment.elapsed,
        days_assessment_to_treatment=after.elapsed,
        days_to_assessment_net=assessment.net,
        days_referral_to_treatment_net=treatment.net,
        days_assessment_to_treatment_net=after.net,
        judged_on="net" if judged_net else "elapsed",
        national_6wk_met=_within(to_treatment, NATIONAL_FIRST),
        national_18wk_met=_within(to_treatment, NATIONAL_LAST),
        perinatal_2wk_assessment_met=_within(to_assessment, PERINATAL_ASSESSMENT),
        nice_4wk_from_assessment_met=_within(between, TREATMENT),
        four_wk_from_referral_met=_within(to_treatment, TREATMENT),
    )


def _must_follow(name: str, received: date, day: date | None) -> None:
    if day is not None and day < received:
        raise BadInput(f"{name} is before the referral was received.", field=name)


class Wait(NamedTuple):
    """Days between two dates, and the same less the days that were paused; None while one is unknown."""

    elapsed: int | None
    net: int | None


def _wait(start: date | None, end: date | None, pauses: Sequence[Pause]) -> Wait:
    """Elapsed, and net of the paused days; a day in two pauses counts once."""
    if start is None or end is None:
        return Wait(None, None)
    elapsed = (end - start).days
    paused, reached = 0, start
    for pause in sorted(pauses, key=lambda pause: pause.start):
        begins = max(pause.start, reached)
        ends = end if pause.end is None else min(pause.end, end)
        if ends > begins:
            paused += (ends - begins).days
            reached = ends
    return Wait(elapsed, elapsed - paused)


def _within(days: int | None, limit: int) -> bool | None:
    return None if days is None else days <= limit


# --- one line of a script -------------------------------------------------------------------------------


def waits_line(line: Mapping[str, object], *, judged_net: bool = False) -> dict[str, object]:
    """The answer to one line of `anydoor waits`. Raises BadInput when the line cannot be read."""
    identity = lines.identity(line)
    received = lines.day(line, "referral_received")
    if received is None:
        raise BadInput("referral_received must be a date.", field="referral_received")
    found = waits(
        received,
        lines.day(line, "assessment"),
        lines.day(line, "first_treatment_appointment"),
        _pauses(line.get("pauses")),
        judged_net=judged_net,
    )
    return {"id": identity, **asdict(found)}


def _pauses(given: object) -> list[Pause]:
    if given is None:
        return []
    if not isinstance(given, list) or len(given) > MOST_PAUSES:
        raise BadInput(
            f"pauses must be a list of up to {MOST_PAUSES} objects with from and to.", field="pauses"
        )
    found = []
    for pause in given:
        if not isinstance(pause, Mapping):
            raise BadInput("A pause must be an object with from and to.", field="pauses")
        start, end = lines.day(pause, "from"), lines.day(pause, "to")
        if start is None:
            raise BadInput("A pause must say from when.", field="pauses")
        if end is not None and end < start:
            raise BadInput("A pause ends before it begins.", field="pauses")
        found.append(Pause(start, end))
    return found
