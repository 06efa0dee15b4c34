"""What the pages of an entry are made of: a page with its place in the content, and fields for each rule.

What a service can say about whom it is for comes from `rules.eligibility_keys`: a key that is added there
stands on its page without anything here.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, ClassVar

from anydoor.rules import eligibility_keys
from anydoor.rules.eligibility_keys import KEYS, Key
from anydoor.rules.errors import BadInput
from anydoor.ui.fields import UiField
from anydoor.ui.forms import (
    ChoiceOfMany,
    ChoiceOfOne,
    DayField,
    Form,
    LongTextField,
    NumberField,
    SelectField,
    TextField,
    TickField,
)

SILENT, NOT_SAID = "not_said", "Not said"
MOST_LINKED = 4  # services that can come first, at least; one more than there are


@dataclass(frozen=True, slots=True)
class Known:
    """What the choices of a form come from: (value, words) pairs."""

    districts: Sequence[tuple[str, str]] = ()
    places: Sequence[tuple[str, str]] = ()
    services: Sequence[tuple[str, str]] = ()
    organisations: Sequence[tuple[str, str]] = ()
    teams: Sequence[tuple[str, str]] = ()
    people: Sequence[tuple[str, str]] = field(default=())


class PartForm(Form):
    """One page. `texts`, `numbers` and `days` are fields of the content that need nothing but themselves."""

    title: ClassVar[str] = ""
    lead: ClassVar[str] = ""
    group: ClassVar[tuple[str, ...]] = ()  # groups of `eligibility_keys` that stand on this page
    fields_of_content: ClassVar[tuple[str, ...]] = ()
    beside: ClassVar[Mapping[str, str]] = {}  # fields that stand in one row: the first, the second

    def __init__(self, data: Any = None, *, content: Mapping[str, Any], known: Known) -> None:
        super().__init__(data, initial=self.initial_of(content))
        self.content, self.known = content, known
        self.begin()
        for key in self.keys():
            for name, one in _key_fields(key, content["eligibility"].get(key.name), known).items():
                self.fields[name] = one
        for one in self.fields.values():
            if isinstance(one, UiField) and not one.required:
                one.hide_optional = True

    def begin(self) -> None:
        """Put what hangs on the content or on choices from data into the fields."""

    @classmethod
    def keys(cls) -> list[Key]:
        return [key for key in KEYS if key.group in cls.group]

    def initial_of(self, content: Mapping[str, Any]) -> dict[str, Any]:
        """What the fields show at first."""
        found: dict[str, Any] = {}
        for name in self.fields_of_content:
            value = content[name]
            kind = self.base_fields.get(name)
            if isinstance(kind, DayField):
                found[name] = date.fromisoformat(value) if value else None
            elif isinstance(kind, LongTextField) and isinstance(value, list):
                found[name] = "\n".join(value)
            else:
                found[name] = value
        return found

    def said(self) -> dict[str, Any]:
        """The fields of the content that this page sets, once it is valid."""
        found: dict[str, Any] = {}
        for name in self.fields_of_content:
            value, kind = self.cleaned_data.get(name), self.fields.get(name)
            if isinstance(kind, DayField):
                found[name] = value.isoformat() if value else None
            elif isinstance(kind, LongTextField) and isinstance(self.content[name], list):
                found[name] = lines_of(value)
            elif isinstance(kind, LongTextField):
                found[name] = (value or "").strip()
            elif isinstance(kind, ChoiceOfMany):
                found[name] = list(value or [])
            else:
                found[name] = value
        if self.group:
            found["eligibility"] = self._rules()
        return found

    def _rules(self) -> dict[str, Any]:
        """The rules with this page's keys as they stand on it; those of other pages untouched."""
        rules = dict(self.content["eligibility"])
        for key in self.keys():
            rules.pop(key.name, None)
            value = _key_value(key, self.cleaned_data)
            if value not in (None, "", [], False):
                rules[key.name] = value
        return rules

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if self.group and not self.errors:
            try:
                eligibility_keys.check(self._rules())
            except BadInput as fault:
                self.add_error(fault.field if fault.field in self.fields else None, plain(fault.message))
        return data


def plain(message: str) -> str:
    """A message of the rules with the words of the form in place of the names of keys."""
    for key in sorted(KEYS, key=lambda one: -len(one.name)):
        message = message.replace(key.name, f"“{key.label}”")
    return message


def lines_of(text: str | None) -> list[str]:
    """What stands on each line, without empty ones and without what stands twice."""
    return list(dict.fromkeys(line.strip() for line in (text or "").splitlines() if line.strip()))


def parts_of(text: str | None) -> list[str]:
    """Outward postcodes with commas, spaces or lines between, in capitals."""
    return list(dict.fromkeys(word.upper() for word in (text or "").replace(",", " ").split()))


# ---------------------------------------------------------------- fields from the list of keys


def _key_fields(key: Key, value: Any, known: Known) -> dict[str, UiField]:
    """The fields of one key by name, showing what is said now."""
    told: dict[str, Any] = {"label": key.label, "hint": key.hint, "required": False, "initial": value}
    match key.kind:
        case "tick":
            return {key.name: TickField(**told)}
        case "number":
            return {
                key.name: NumberField(
                    **(told | {"hint": _number_hint(key)}), min_value=key.low, max_value=key.high
                )
            }
        case "one_of":
            options = [(SILENT, NOT_SAID), *(key.choices or {}).items()]
            return {key.name: ChoiceOfOne(**(told | {"initial": value or SILENT}), options=options)}
        case "some_of":
            return {key.name: ChoiceOfMany(**told, options=list((key.choices or {}).items()), look="small")}
        case "line":
            return {key.name: TextField(**told, limit=eligibility_keys.LINE)}
        case "services":
            return _service_fields(key, list(value or ()), known)
        case _:
            shown = told | {"initial": "\n".join(value or ())}
            return {key.name: LongTextField(**shown, rows=3, limit=4000)}


def _number_hint(key: Key) -> str:
    unit = f"In {key.unit}. " if key.unit else ""
    return f"{unit}{key.hint}".strip()


def _service_fields(key: Key, chosen: list[str], known: Known) -> dict[str, UiField]:
    """One list to choose from for each service that is named, and one more."""
    room = min(max(len(chosen) + 1, 1), MOST_LINKED + len(chosen))
    found: dict[str, UiField] = {}
    for place in range(room):
        more = place > 0
        found[_slot(key, place)] = SelectField(
            label=f"{key.label}: another" if more else key.label,
            hint="" if more else key.hint,
            required=False,
            nothing="None",
            options=known.services,
            initial=chosen[place] if place < len(chosen) else "",
        )
    return found


def _slot(key: Key, place: int) -> str:
    return key.name if place == 0 else f"{key.name}_{place + 1}"


def _key_value(key: Key, data: Mapping[str, Any]) -> Any:
    value = data.get(key.name)
    if key.kind == "services":
        slots = [data.get(_slot(key, place)) for place in range(len(data) + 1)]
        return list(dict.fromkeys(slug for slug in slots if slug))
    if key.kind == "one_of":
        return None if value == SILENT else value
    if key.kind == "lines":
        return lines_of(value)
    if key.kind == "outwards":
        return parts_of(value)
    return value
