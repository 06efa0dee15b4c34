"""Everything a service can say about whom it is for: the one list that forms, files and matching share.

`KEYS` are the keys of a service's `eligibility` (a JSON object, every key may be missing); `COLUMNS` are the
older facts with a column of their own. Each has its words for a form, its kind and its limits, so a page can
draw the form from the list and nothing has to be programmed for a new pathway.

    for key in KEYS: ...                      # draw key.label, key.hint, a field of key.kind
    sound = check(given)                      # raises BadInput whose field is the key
    for label, words in in_words(sound): ...  # for people: a page, or the difference of two versions
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from anydoor.rules import identifiers
from anydoor.rules.errors import BadInput
from anydoor.rules.profile import MODE_NAMES, NEED_WORDS

Kind = Literal["tick", "number", "two_numbers", "one_of", "some_of", "line", "lines", "services", "outwards"]
Side = Literal["only", "not", "says"]
Choices = Mapping[str, str]

MOST_LINES = 40
LINE = 200


@dataclass(frozen=True, slots=True)
class Key:
    """One thing that a service can say.

    `kind` names the field of a form: "tick" (true or false), "number" (`low` to `high`, counted in `unit`),
    "two_numbers" (from and to), "one_of" and "some_of" (`choices`), "line" (one line of text), "lines" (a
    list of such lines), "services" (slugs of services), "outwards" (first halves of postcodes).
    `side` is "only" where it says for whom, "not" where it says for whom not, else "says". `group` is the
    heading under which a form puts it.
    """

    name: str
    kind: Kind
    label: str
    side: Side = "only"
    group: str = ""
    hint: str = ""
    choices: Choices | None = None
    low: int = 0
    high: int = 0
    unit: str = ""


SEVERITY: Choices = {"mild": "Mild", "moderate": "Moderate", "severe": "Severe"}
NEED_CHOICES: Choices = {need: words[:1].upper() + words[1:] for need, words in NEED_WORDS.items()}
AUDIENCE: Choices = {
    "mother": "Mothers",
    "father": "Fathers",
    "co_parent": "Co-parents",
    "carer": "Carers",
    "baby": "Babies",
    "family": "The whole family",
}
PEOPLE: Choices = {role: AUDIENCE[role] for role in ("mother", "father", "co_parent", "carer")}
ROUTES: Choices = {
    "self": "The parent or carer",
    "drop_in": "Just come along",
    "gp": "A GP",
    "midwife": "A midwife",
    "health_visitor": "A health visitor",
    "professional": "Another professional",
    "service": "Another service that they see already",
}
MODES: Choices = {mode: words[:1].upper() + words[1:] for mode, words in MODE_NAMES.items()}
OLDEST_CHILD_DAYS = 36_525
LONGEST_PREGNANCY = 45

WHEN, WHO, NEED, HARD, WHERE, HOW, ROOM = (
    "When",
    "Who it is for",
    "What it helps with",
    "How hard things are",
    "Where",
    "How to ask and how it is given",
    "Places and waiting",
)

COLUMNS: tuple[Key, ...] = (
    Key("trying_to_conceive", "tick", "While trying for a baby", group=WHEN),
    Key(
        "pregnancy_weeks",
        "two_numbers",
        "In pregnancy",
        group=WHEN,
        hint="First and last week. Leave empty when it is not offered in pregnancy.",
        high=LONGEST_PREGNANCY,
        unit="weeks",
    ),
    Key(
        "child_days",
        "two_numbers",
        "After the birth",
        group=WHEN,
        hint="Age of the youngest child in days: from, and up to but not including.",
        high=OLDEST_CHILD_DAYS,
        unit="days",
    ),
    Key("after_loss", "tick", "After a loss", group=WHEN),
    Key("loss_days", "number", "For how long after a loss", "not", WHEN, "", None, 1, 36_525, "days"),
    Key("strand", "one_of", "Strand", group=NEED),
    Key("needs", "some_of", "It helps with", group=NEED, hint="The main one first.", choices=NEED_CHOICES),
    Key("audience", "some_of", "It is for", group=WHO, choices=AUDIENCE),
    Key("routes_in", "some_of", "Who can ask for it", group=HOW, choices=ROUTES),
    Key("modes", "some_of", "How it is given", "says", HOW, choices=MODES),
    Key("languages", "lines", "Languages besides English", "says", HOW, "One on a line."),
    Key("capacity", "number", "Places in all", "says", ROOM, "", None, 0, 1_000_000),
    Key("wait_days", "number", "Wait now", "says", ROOM, "", None, 0, 3650, "days"),
)

KEYS: tuple[Key, ...] = (
    Key(
        "loss_from_days",
        "number",
        "Not before this long after a loss",
        "not",
        WHEN,
        "Some help begins a while after a loss.",
        low=1,
        high=36_525,
        unit="days",
    ),
    Key(
        "only_if",
        "some_of",
        "Only for people with one of these",
        group=NEED,
        hint="Leave empty when it is for everybody who needs it.",
        choices=NEED_CHOICES,
    ),
    Key(
        "not_if",
        "some_of",
        "Not for people with one of these",
        "not",
        NEED,
        "Say under “Who it is not for” where they go instead.",
        NEED_CHOICES,
    ),
    Key("severity_from", "one_of", "Not for less than", "not", HARD, choices=SEVERITY),
    Key("severity_to", "one_of", "Not for more than", "not", HARD, choices=SEVERITY),
    Key("not_audience", "some_of", "Not for", "not", WHO, choices=PEOPLE),
    Key(
        "parent_age_from",
        "number",
        "Parent at least this old",
        group=WHO,
        low=10,
        high=100,
        unit="years",
    ),
    Key(
        "parent_age_under",
        "number",
        "Parent younger than",
        group=WHO,
        hint="20 means up to the day before the 20th birthday.",
        low=10,
        high=100,
        unit="years",
    ),
    Key(
        "care_leaver_under",
        "number",
        "Parent who was in care, younger than",
        group=WHO,
        hint="A longer limit for parents who were in care.",
        low=10,
        high=100,
        unit="years",
    ),
    Key(
        "care_leavers",
        "one_of",
        "Parents who were in care",
        group=WHO,
        choices={"only": "Only for them", "not": "Not for them: they have help of their own"},
    ),
    Key(
        "only_for",
        "line",
        "Only for some families",
        group=WHO,
        hint="A condition that a person checks, in plain words: “families who travel”.",
    ),
    Key(
        "not_outwards",
        "outwards",
        "Not for these postcodes",
        "not",
        WHERE,
        "First halves, like NR32.",
    ),
    Key(
        "only_languages",
        "lines",
        "Given only in these languages",
        group=HOW,
        hint="Leave empty when English is spoken. English can stand here too.",
    ),
    Key(
        "no_interpreter",
        "tick",
        "No interpreter can come",
        "not",
        HOW,
        "Then it is only for people who speak English or a language named here.",
    ),
    Key(
        "not_routes",
        "some_of",
        "Who cannot ask for it",
        "not",
        HOW,
        choices={route: words for route, words in ROUTES.items() if route not in {"drop_in", "service"}},
    ),
    Key(
        "comes_after",
        "services",
        "Only after one of these services",
        group=HOW,
        hint="Services that a family meets first.",
    ),
    Key(
        "not_beside",
        "services",
        "Not while with one of these services",
        "not",
        HOW,
    ),
    Key(
        "closed_when_full",
        "tick",
        "No waiting list",
        "not",
        ROOM,
        "When there is no free place nobody can ask for it.",
    ),
)
BY_NAME: Mapping[str, Key] = {key.name: key for key in KEYS}
Rules = Mapping[str, Any]


# ---------------------------------------------------------------- is it sound


def check(given: object) -> dict[str, Any]:
    """The rules of a service, without what is empty. Raises BadInput whose `field` is the key."""
    if not isinstance(given, Mapping):
        raise BadInput("must be a table, like { parent_age_under = 20 }", field="eligibility")
    sound: dict[str, Any] = {}
    for name, value in given.items():
        key = BY_NAME.get(name) if isinstance(name, str) else None
        if key is None:
            raise BadInput(
                f"{str(name)[:40]!r} is none of: {', '.join(sorted(BY_NAME))}", field="eligibility"
            )
        problem = fault_of(key, value)
        if problem:
            raise BadInput(f"{key.name} {problem}", field=key.name)
        if value not in (False, "", []):
            sound[key.name] = value
    _together(sound)
    return sound


def _together(rules: Rules) -> None:
    """What must hold between the keys."""

    def refuse(name: str, words: str) -> None:
        raise BadInput(f"{name} {words}", field=name)

    if "care_leaver_under" in rules and "parent_age_under" not in rules:
        refuse("care_leaver_under", "only means something beside parent_age_under")
    youngest, under = rules.get("parent_age_from"), rules.get("parent_age_under")
    if youngest is not None and under is not None and youngest >= under:
        refuse("parent_age_from", "must be lower than parent_age_under")
    least, most = rules.get("severity_from"), rules.get("severity_to")
    order = list(SEVERITY)
    if least and most and order.index(least) > order.index(most):
        refuse("severity_from", "is more than severity_to: nobody would fit")
    for only, never in (("only_if", "not_if"), ("comes_after", "not_beside")):
        if set(rules.get(only, ())) & set(rules.get(never, ())):
            refuse(never, f"names something that {only} names too: nobody would fit")


def fault_of(key: Key, value: object) -> str:
    """What is wrong with the value of a key, or nothing: words that follow the name of the key."""
    match key.kind:
        case "tick":
            return "" if isinstance(value, bool) else "must be true or false"
        case "number":
            whole = isinstance(value, int) and not isinstance(value, bool)
            fits = whole and isinstance(value, int) and key.low <= value <= key.high
            return "" if fits else f"must be a whole number from {key.low} to {key.high}"
        case "one_of":
            known = key.choices or {}
            return "" if isinstance(value, str) and value in known else f"must be one of: {', '.join(known)}"
        case "line":
            return _line_fault(value)
        case _:
            return _list_fault(key, value)


def _list_fault(key: Key, value: object) -> str:
    if not isinstance(value, list):
        return "must be a list"
    if len(value) > MOST_LINES:
        return f"has more than {MOST_LINES} entries"
    if len(set(map(repr, value))) < len(value):
        return "names something twice"
    if key.kind == "some_of":
        wrong = [each for each in value if not isinstance(each, str) or each not in (key.choices or {})]
        return f"{str(wrong[0])[:40]!r} is none of: {', '.join(key.choices or {})}" if wrong else ""
    faults = (_outward_fault(each) if key.kind == "outwards" else _line_fault(each) for each in value)
    return next((fault for fault in faults if fault), "")


def _line_fault(value: object) -> str:
    if not isinstance(value, str):
        return "must be text"
    try:
        identifiers.one_line(value, LINE)
    except BadInput as problem:
        return problem.message
    return ""


def _outward_fault(value: object) -> str:
    try:
        fits = isinstance(value, str) and identifiers.outward(value) == value
    except BadInput:
        fits = False
    return "" if fits else f"{str(value)[:20]!r} is not the first half of a postcode in capitals"


# ---------------------------------------------------------------- in words


def in_words(rules: Rules, names: Mapping[str, str] | None = None) -> list[tuple[str, str]]:
    """Each rule as label and value for people, in the order of `KEYS`. `names` has services by slug."""
    return [(key.label, value_words(key, rules[key.name], names)) for key in KEYS if rules.get(key.name)]


def value_words(key: Key, value: Any, names: Mapping[str, str] | None = None) -> str:
    """`Under 20 years`, `Low mood, housing`: a value of a key as a person says it."""
    if isinstance(value, bool):
        return "Yes" if value else "No"
    if isinstance(value, int):
        return f"{value:,} {key.unit}".strip()
    if isinstance(value, str):
        return (key.choices or {}).get(value, value)
    return ", ".join(str((key.choices or names or {}).get(each, each)) for each in value)
