"""One line of `anydoor score`: an object as a script writes it, to an object as a script reads it.

In:  id, instrument, respondent_role, format, answers; optionally threshold_config (MORS-SF) and
     difficulty_item (PHQ-9, kept beside the score by whoever stores it, never scored).
Out: id, instrument, status, total, band, screen, subscales, risk_flag, prorated_estimate, tt_caseness,
     reasons, and the flags that only some instruments have.

What makes a *line* bad (no such instrument, a format it is not written in, answers that are not a list,
thresholds that are no numbers) raises BadInput. What makes an *answer* bad (a value an item cannot have, too
few or too many) is a result, with the status "invalid". What is beside the point (a difficulty that cannot
be, thresholds for another instrument) is told among the reasons and changes nothing: it must not cost the
answer its score, nor the person the look at a risk item.
"""

from __future__ import annotations

from collections.abc import Mapping

from anydoor.rules import lines
from anydoor.rules.errors import BadInput, NotFound
from anydoor.rules.instruments.answers import read
from anydoor.rules.instruments.definition import Format, Instrument
from anydoor.rules.instruments.registry import present
from anydoor.rules.instruments.scoring import Score, Thresholds, score
from anydoor.rules.instruments.values import DEFAULTS, ValueSet

THRESHOLDS = ("warmth_concern_max", "invasion_concern_min")


def score_line(line: Mapping[str, object], values: ValueSet = DEFAULTS) -> dict[str, object]:
    """The answer to one line. Raises BadInput when the line cannot be read."""
    name = lines.text(line, "instrument")
    try:
        instrument = present(name)
        written_as = Format(lines.text(line, "format"))
    except NotFound as problem:
        raise BadInput(problem.message, field="instrument") from None
    except ValueError:
        known = ", ".join(form.value for form in Format)
        raise BadInput(f"There is no such format. Known are: {known}.", field="format") from None
    role = line.get("respondent_role")
    if role is not None and not isinstance(role, str):
        raise BadInput("respondent_role must be a text or null.", field="respondent_role")
    if "answers" not in line:
        raise BadInput("answers is missing.", field="answers")
    identity = lines.identity(line)
    thresholds = _thresholds(line, instrument)
    reading = read(instrument, written_as, line["answers"])
    found = score(instrument, reading, role=role, values=values, thresholds=thresholds)
    return {"id": identity, **as_object(name, found, beside=_beside_the_point(line, instrument))}


def as_object(name: str, found: Score, *, beside: tuple[str, ...] = ()) -> dict[str, object]:
    """A score under the names that scripts know; `beside` is told after its own reasons."""
    return {
        "instrument": name,
        "status": found.status.value,
        "total": found.total,
        "band": dict(found.band) if isinstance(found.band, Mapping) else found.band,
        "screen": found.screen.value if found.screen else None,
        "subscales": dict(found.scales) if found.scales is not None else None,
        "risk_flag": found.risk.value,
        "prorated_estimate": found.estimate,
        "tt_caseness": found.tt_caseness,
        **found.flags,
        "reasons": [*found.reasons, *beside],
    }


def _thresholds(line: Mapping[str, object], instrument: Instrument) -> Thresholds:
    given = line.get("threshold_config")
    if given is None or instrument.name != "MORS-SF":
        return Thresholds()
    if not isinstance(given, Mapping) or not set(given) <= set(THRESHOLDS):
        raise BadInput(
            f"threshold_config is an object of {' and '.join(THRESHOLDS)}.", field="threshold_config"
        )
    highest = instrument.total_range()[1]
    limits = {
        name: lines.whole(given, name, 0, highest) for name in THRESHOLDS if given.get(name) is not None
    }
    return Thresholds(**limits)


def _beside_the_point(line: Mapping[str, object], instrument: Instrument) -> tuple[str, ...]:
    said = []
    if line.get("threshold_config") is not None and instrument.name != "MORS-SF":
        said.append("threshold_config was left aside: it is for MORS-SF alone.")
    difficulty = line.get("difficulty_item")
    if difficulty is not None:
        if "difficulty" not in instrument.unscored:
            said.append("difficulty_item was left aside: it is for PHQ-9 alone.")
        elif type(difficulty) is not int or not 0 <= difficulty <= 3:
            said.append("difficulty_item must be a whole number from 0 to 3. It is never scored.")
    return tuple(said)
