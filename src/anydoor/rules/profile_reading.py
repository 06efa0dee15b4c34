"""A profile read from JSON, as `anydoor match` takes it: every fault by its key, nothing guessed."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from anydoor.rules import identifiers, stage
from anydoor.rules.errors import BadInput
from anydoor.rules.profile import (
    FLAGS,
    MODES,
    NEEDS,
    ROLES,
    SEVERITIES,
    STRANDS,
    Concern,
    Moment,
    Profile,
    moment_of,
)
from anydoor.rules.profile_measures import read_measures
from anydoor.rules.stage import StageKind

KEYS = (
    *("as_of", "stage", "person", "concerns", "flags", "wider_needs", "postcode", "language", "mode"),
    *("has_car", "seen_by"),
)
STAGE_KEYS = ("trying_to_conceive", "pregnant_weeks", "due_date", "baby_birth_date", "loss_date")
PERSON_KEYS = ("role", "age", "care_leaver")
CONCERN_KEYS = ("strand", "severity", "measures")
EARLIEST, LATEST = date(2000, 1, 1), date(2100, 12, 31)
MOST = 50  # concerns, needs or flags in one profile

# Other words for a way of help that people use.
MODES_ALSO = {
    "any": "",
    "video": "online",
    "face_to_face": "in_person",
    "home_visit": "home",
    "telephone": "phone",
    "one_to_one": "not_group",
}
LANGUAGE_CODES = {
    "ar": "Arabic",
    "bg": "Bulgarian",
    "bn": "Bengali",
    "cs": "Czech",
    "cy": "Welsh",
    "de": "German",
    "en": "English",
    "es": "Spanish",
    "fa": "Farsi",
    "fr": "French",
    "gu": "Gujarati",
    "hi": "Hindi",
    "hu": "Hungarian",
    "it": "Italian",
    "ku": "Kurdish",
    "lt": "Lithuanian",
    "lv": "Latvian",
    "ne": "Nepali",
    "pa": "Punjabi",
    "pl": "Polish",
    "prs": "Dari",
    "ps": "Pashto",
    "pt": "Portuguese",
    "ro": "Romanian",
    "ru": "Russian",
    "sk": "Slovak",
    "so": "Somali",
    "sq": "Albanian",
    "ta": "Tamil",
    "ti": "Tigrinya",
    "tr": "Turkish",
    "uk": "Ukrainian",
    "ur": "Urdu",
    "vi": "Vietnamese",
    "zh": "Chinese",
    "bfi": "British Sign Language",
    "bsl": "British Sign Language",
}


def read_profile(data: object) -> Profile:
    """A profile from JSON: `as_of, stage, person, concerns, flags, wider_needs, postcode, language, mode,
    has_car`, and `seen_by` (slugs of services the family is with). All but `as_of` may be left out.
    Raises BadInput whose `field` names the key.
    """
    table = _known(data, "", KEYS)
    as_of = _as_of(table.get("as_of"))
    person = _known(table.get("person"), "person", PERSON_KEYS)
    flags = frozenset(_words(table.get("flags"), "flags", FLAGS))
    moment = _moment(_stage(table.get("stage")), as_of)
    place = _postcode(table.get("postcode"))
    loss = moment.kind == StageKind.LOSS or "loss" in flags
    return Profile(
        as_of=as_of,
        moment=Moment(StageKind.LOSS) if loss and moment.kind == StageKind.UNKNOWN else moment,
        role=_word(person.get("role"), "person.role", ROLES),
        age=_whole(person.get("age"), "person.age", 10, 120),
        care_leaver=_flag(person.get("care_leaver"), "person.care_leaver"),
        concerns=_concerns(table.get("concerns")),
        flags=flags,
        wider_needs=frozenset(_words(table.get("wider_needs"), "wider_needs", sorted(NEEDS))),
        postcode=place.full,
        outward=place.outward,
        language=_language(table.get("language")),
        mode=_mode(table.get("mode")),
        has_car=_flag(table.get("has_car"), "has_car"),
        seen_by=_seen_by(table.get("seen_by")),
        says_baby=not loss,
    )


# ---------------------------------------------------------------- parts


def _as_of(told: object) -> date:
    day = _day(told, "as_of")
    if day is None:
        raise BadInput("as_of is missing: the day of the question, like 2026-03-10.", field="as_of")
    if not EARLIEST <= day <= LATEST:
        raise BadInput(f"as_of must be a day from {EARLIEST} to {LATEST}.", field="as_of")
    return day


def _stage(told: object) -> Mapping[str, Any]:
    """The one stage that is told; what is null or false is not."""
    if told == "trying_to_conceive":
        return {"trying_to_conceive": True}
    table = _known(told, "stage", STAGE_KEYS)
    if table.get("trying_to_conceive") is not None:
        _flag(table["trying_to_conceive"], "stage.trying_to_conceive")
    found = {key: value for key, value in table.items() if value is not None and value is not False}
    if len(found) > 1:
        raise BadInput(f"stage must be one only, and has {', '.join(found)}.", field="stage")
    return found


def _moment(told: Mapping[str, Any], as_of: date) -> Moment:
    if "trying_to_conceive" in told:
        return Moment(StageKind.TRYING)
    if "pregnant_weeks" in told:
        return Moment(StageKind.PREGNANT, weeks=_whole(told["pregnant_weeks"], "stage.pregnant_weeks", 0, 45))
    if "due_date" in told:
        due = _needed_day(told["due_date"], "stage.due_date")
        try:
            stage.check_due_on(due, as_of)
        except BadInput as problem:
            raise BadInput(f"stage.due_date: {problem.message}", field="stage.due_date") from problem
        return moment_of(stage.stage([stage.Child(due_on=due)], on=as_of))
    if "baby_birth_date" in told:
        born = _needed_day(told["baby_birth_date"], "stage.baby_birth_date")
        try:
            stage.check_born_on(born, as_of, whose="baby")
        except BadInput as problem:
            where = "stage.baby_birth_date"
            late = f"{where} is after as_of. Check the year; for a baby not born yet give due_date."
            raise BadInput(late if born > as_of else f"{where}: {problem.message}", field=where) from problem
        return Moment(StageKind.BORN, days=(as_of - born).days)
    if "loss_date" in told:
        since = (as_of - _needed_day(told["loss_date"], "stage.loss_date")).days
        if since < 0:
            raise BadInput("stage.loss_date is after as_of. Check the year.", field="stage.loss_date")
        return Moment(StageKind.LOSS, days=since)
    return Moment()


def _concerns(told: object) -> tuple[Concern, ...]:
    return tuple(_concern(each, f"concerns[{n}]") for n, each in enumerate(_list(told, "concerns")))


def _concern(told: object, where: str) -> Concern:
    table = _known(told, where, CONCERN_KEYS, needed=True)
    strand = _word(table.get("strand"), f"{where}.strand", STRANDS)
    if not strand:
        raise BadInput(f"{where}.strand is missing: pmh or pir.", field=f"{where}.strand")
    severity = _word(table.get("severity"), f"{where}.severity", SEVERITIES) or "unknown"
    return Concern(strand, severity, read_measures(table.get("measures"), f"{where}.measures"))


@dataclass(frozen=True, slots=True)
class _Place:
    """The whole postcode (or empty) and its first half."""

    full: str = ""
    outward: str = ""


def _postcode(told: object) -> _Place:
    text = _text(told, "postcode")
    if not text:
        return _Place()
    try:
        full = identifiers.postcode(text)
    except BadInput:
        try:
            return _Place("", identifiers.outward(text))
        except BadInput:
            raise BadInput(
                "postcode must be a postcode like NR1 3DD, or its first half.", field="postcode"
            ) from None
    return _Place(full, full.split(" ")[0])


def _language(told: object) -> str:
    text = _text(told, "language")
    return LANGUAGE_CODES.get(text.casefold().split("-")[0], text)


def _mode(told: object) -> str:
    return _word(MODES_ALSO.get(told, told) if isinstance(told, str) else told, "mode", MODES)


def _seen_by(told: object) -> frozenset[str] | None:
    if told is None:
        return None
    return frozenset(
        _text(each, f"seen_by[{n}]") or _refuse_empty(f"seen_by[{n}]")
        for n, each in enumerate(_list(told, "seen_by"))
    )


# ---------------------------------------------------------------- one value


def _known(data: object, where: str, keys: Collection[str], *, needed: bool = False) -> Mapping[str, Any]:
    """A JSON object with no other keys than these; null is an empty one, unless it is needed."""
    if data is None and not needed and where:
        return {}
    if not isinstance(data, Mapping):
        raise BadInput(f"{where or 'A profile'} must be a JSON object.", field=where or None)
    unknown = sorted(str(key)[:40] for key in data if key not in keys)
    if unknown:
        path = f"{where}.{unknown[0]}" if where else unknown[0]
        raise BadInput(f"{path} is not a key of a profile. Known are: {', '.join(keys)}.", field=path)
    return data


def _list(told: object, where: str) -> Sequence[object]:
    if told is None:
        return ()
    if not isinstance(told, list):
        raise BadInput(f"{where} must be a list.", field=where)
    if len(told) > MOST:
        raise BadInput(f"{where} has more than {MOST} entries.", field=where)
    return told


def _day(told: object, where: str) -> date | None:
    if told is None:
        return None
    try:
        day = date.fromisoformat(told) if isinstance(told, str) else None
    except ValueError:
        day = None
    if day is None or day.isoformat() != told:  # the ISO week 2026-W10-2 is not how people write a day
        raise BadInput(f"{where} must be a date that exists, like 2026-03-10.", field=where)
    return day


def _needed_day(told: object, where: str) -> date:
    day = _day(told, where)
    if day is None:
        raise BadInput(f"{where} must be a date that exists, like 2026-03-10.", field=where)
    return day


def _word(told: object, where: str, known: Sequence[str]) -> str:
    if told is None or told == "":
        return ""
    if not isinstance(told, str) or told not in known:
        raise BadInput(f"{where} must be one of: {', '.join(known)}.", field=where)
    return told


def _words(told: object, where: str, known: Sequence[str]) -> list[str]:
    return [
        _word(each, f"{where}[{n}]", known) or _refuse_empty(f"{where}[{n}]")
        for n, each in enumerate(_list(told, where))
    ]


def _refuse_empty(where: str) -> str:
    raise BadInput(f"{where} is empty.", field=where)


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
        raise BadInput(f"{where}: {problem.message}", field=where) from problem
