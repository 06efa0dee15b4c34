"""The forms of an entry, one a page: drawn from its content, and read back into it.

The rules of eligibility stand on them by themselves (see `entry_fields`); everything else has its field here.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from anydoor.directory.difference import GROUPS
from anydoor.directory.models import LEVELS, STATES, STRANDS
from anydoor.rules import eligibility_keys, identifiers
from anydoor.rules.eligibility_keys import AUDIENCE, MODES, NEED_CHOICES, ROUTES
from anydoor.rules.errors import BadInput
from anydoor.ui.forms import (
    Choice,
    ChoiceOfMany,
    ChoiceOfOne,
    DayField,
    EmailField,
    LongTextField,
    NumberField,
    PhoneField,
    SelectField,
    TextField,
    TickField,
)
from anydoor.web.desk.entry_fields import SILENT, PartForm, parts_of

UNITS = {"days": 1.0, "weeks": 7.0, "months": 30.4375, "years": 365.25}


# ---------------------------------------------------------------- the pages


class WordsForm(PartForm):
    """Name and words."""

    title = "What it is, in words"
    lead = (
        "Write for a parent who is tired. Short sentences, no names of illnesses where plain words will do."
    )
    fields_of_content = ("name", "strand", "level", "summary", "offers", "for_whom", "not_for")

    name = TextField(label="Name", missing="Give the service a name.", limit=200)
    summary = LongTextField(
        label="What is it, in a sentence or two?", rows=3, limit=2000, missing="Say what the service does."
    )
    offers = LongTextField(
        label="What do they offer?", hint="One thing on a line.", rows=4, required=False, limit=4000
    )
    for_whom = LongTextField(
        label="Who is it for, in words?", rows=3, required=False, limit=2000, hint="“Dads and their babies.”"
    )
    not_for = LongTextField(
        label="Who is it not for, and where do they go instead?", rows=3, required=False, limit=2000
    )
    level = ChoiceOfOne(label="Level", options=list(LEVELS.items()), missing="Choose the level.")
    strand = ChoiceOfOne(
        label="Strand", options=[(key or "wider", words) for key, words in STRANDS.items()], required=False
    )

    def initial_of(self, content: Mapping[str, Any]) -> dict[str, Any]:
        return super().initial_of(content) | {"strand": content["strand"] or "wider"}

    def said(self) -> dict[str, Any]:
        found = super().said()
        return found | {"strand": "" if found["strand"] in (None, "wider") else found["strand"]}


class NeedForm(PartForm):
    """Needs, and how hard things are."""

    title = "What it helps with"
    lead = "The match looks at this first. Say only what the service is really there for."
    group = (eligibility_keys.NEED, eligibility_keys.HARD)

    main_need = SelectField(
        label="What it is for first of all",
        hint="It counts most.",
        nothing="Nothing: list it, never propose it",
        options=list(NEED_CHOICES.items()),
        required=False,
    )
    other_needs = ChoiceOfMany(
        label="It also helps with", options=list(NEED_CHOICES.items()), look="small", required=False
    )

    def initial_of(self, content: Mapping[str, Any]) -> dict[str, Any]:
        needs = content["needs"]
        return {"main_need": needs[0] if needs else "", "other_needs": needs[1:]}

    def said(self) -> dict[str, Any]:
        first = self.cleaned_data.get("main_need")
        others = [need for need in self.cleaned_data.get("other_needs") or () if need != first]
        before = [need for need in self.content["needs"] if need in others]
        needs = [first, *before, *(need for need in others if need not in before)] if first else others
        return super().said() | {"needs": needs}


class StageForm(PartForm):
    """When in a family's life."""

    title = "When in a family’s life"
    lead = "Leave a time empty when it is not offered then. Weeks of pregnancy are completed weeks."
    group = (eligibility_keys.WHEN,)
    fields_of_content = ("trying_to_conceive", "after_loss", "loss_days")
    beside = {"weeks_from": "weeks_to", "age_from": "age_from_unit", "age_to": "age_to_unit"}

    trying_to_conceive = TickField(label="While trying for a baby", required=False)
    weeks_from = NumberField(
        label="In pregnancy, from week",
        hint="0 when it is from the start.",
        required=False,
        min_value=0,
        max_value=45,
    )
    weeks_to = NumberField(
        label="to week",
        hint="42 when it is until the birth.",
        required=False,
        min_value=0,
        max_value=45,
    )
    age_from = NumberField(
        label="After the birth, from a child’s age of",
        hint="0 when it begins at birth.",
        required=False,
        min_value=0,
        max_value=36_525,
    )
    age_from_unit = SelectField(
        label="counted in",
        hint="Days, weeks, months or years.",
        nothing="",
        options=[(unit, unit) for unit in UNITS],
        required=False,
    )
    age_to = NumberField(
        label="After the birth, until a child’s age of",
        hint="2 years means up to the day before the second birthday.",
        required=False,
        min_value=0,
        max_value=36_525,
    )
    age_to_unit = SelectField(
        label="counted in (until)",
        hint="Days, weeks, months or years.",
        nothing="",
        options=[(unit, unit) for unit in UNITS],
        required=False,
    )
    after_loss = TickField(label="After a loss", required=False)
    loss_days = NumberField(
        label="At most this many days after a loss",
        hint="Leave empty when there is no limit.",
        required=False,
        min_value=1,
        max_value=36_525,
    )

    def initial_of(self, content: Mapping[str, Any]) -> dict[str, Any]:
        weeks, days = content["pregnancy_weeks"] or (None, None), content["child_days"] or (None, None)
        from_count, from_unit = counted(days[0])
        to_count, to_unit = counted(days[1])
        return super().initial_of(content) | {
            "weeks_from": weeks[0],
            "weeks_to": weeks[1],
            "age_from": from_count,
            "age_from_unit": from_unit or "weeks",
            "age_to": to_count,
            "age_to_unit": to_unit or "years",
        }

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        self._pair("weeks_from", "weeks_to")
        days = (self._days("age_from"), self._days("age_to"))
        self._pair("age_from", "age_to", days)
        if data.get("loss_days") and not data.get("after_loss"):
            self.add_error("loss_days", "Tick “After a loss”, or take this limit out.")
        told = (data.get("weeks_from"), days[0], data.get("trying_to_conceive"), data.get("after_loss"))
        if not self.errors and not any(one is not None and one is not False for one in told):
            self.add_error(None, "Say when it is offered: tick one of the times or fill one in.")
        return data

    def _pair(self, first: str, last: str, values: tuple[int | None, int | None] | None = None) -> None:
        if first in self.errors or last in self.errors:
            return
        low, high = values or (self.cleaned_data.get(first), self.cleaned_data.get(last))
        if (low is None) != (high is None):
            self.add_error(first if low is None else last, "Fill in both, or neither: from and until.")
        elif low is not None and high is not None and (high < low or (high == low and first == "age_from")):
            self.add_error(last, "This ends before it begins.")

    def _days(self, name: str) -> int | None:
        count = self.cleaned_data.get(name)
        return None if count is None else days_in(count, self.cleaned_data.get(f"{name}_unit") or "days")

    def said(self) -> dict[str, Any]:
        weeks = [self.cleaned_data.get("weeks_from"), self.cleaned_data.get("weeks_to")]
        days = [self._days("age_from"), self._days("age_to")]
        return super().said() | {
            "pregnancy_weeks": None if None in weeks else weeks,
            "child_days": None if None in days else days,
        }


def days_in(count: int, unit: str) -> int:
    """Days in that many days, weeks, months or years: `(9, "months")` is 274."""
    return round(count * UNITS[unit])


def counted(days: int | None) -> tuple[int | None, str]:
    """An age in the largest unit that says it exactly: 274 is `(9, "months")`."""
    if days is None:
        return None, ""
    for unit in ("years", "months", "weeks"):
        count = round(days / UNITS[unit])
        if count and days_in(count, unit) == days:
            return count, unit
    return days, "days"


class WhoForm(PartForm):
    """Whom it is for and not for."""

    title = "Who it is for"
    lead = "A father or a co-parent is proposed this only when it says so here."
    group = (eligibility_keys.WHO,)
    fields_of_content = ("audience",)

    audience = ChoiceOfMany(
        label="It is for", options=list(AUDIENCE.items()), missing="Choose who the help is for."
    )


class WhereForm(PartForm):
    """Districts, postcodes and places."""

    title = "Where"
    lead = "Which families it serves, by where they live, and where they go."
    group = (eligibility_keys.WHERE,)
    fields_of_content = ("footprint", "footprint_note", "places")

    footprint = ChoiceOfMany(label="Districts it serves", missing="Choose at least one district.")
    footprint_note = TextField(label="Where, in words", required=False, limit=300)
    places = ChoiceOfMany(label="Places where it is given", look="small", required=False)

    def begin(self) -> None:
        limits = self.content["postcode_districts"]
        for code, name in self.known.districts:
            self.fields[f"part_{code}"] = TextField(
                label=f"Only these postcodes in {name}",
                hint="First halves with commas between, like NR32, NR33. Empty: all of it.",
                required=False,
                limit=600,
                initial=", ".join(limits.get(code, ())),
            )
        self.fields["footprint"].options = [  # type: ignore[attr-defined]  # a field of choices
            Choice(code, name, "", f"part_{code}") for code, name in self.known.districts
        ]
        self.fields["places"].options = self.known.places  # type: ignore[attr-defined]  # as above

    def _limits(self) -> dict[str, list[str]]:
        chosen = self.cleaned_data.get("footprint") or ()
        typed = {code: parts_of(self.cleaned_data.get(f"part_{code}")) for code in chosen}
        return {code: parts for code, parts in typed.items() if parts}

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        for code, parts in self._limits().items():
            for one in parts:
                try:
                    fits = identifiers.outward(one) == one
                except BadInput:
                    fits = False
                if not fits:
                    self.add_error(f"part_{code}", "Write first halves of postcodes, like NR32, with commas.")
                    break
        return data

    def said(self) -> dict[str, Any]:
        found = super().said()
        return found | {
            "footprint": sorted(found["footprint"]),
            "places": sorted(found["places"]),
            "postcode_districts": {code: sorted(parts) for code, parts in self._limits().items()},
        }


class HowForm(PartForm):
    """Ways in, modes, languages, cost."""

    title = "How to ask, and how it is given"
    group = (eligibility_keys.HOW,)
    fields_of_content = ("routes_in", "modes", "languages", "cost_note")

    routes_in = ChoiceOfMany(
        label="Who can ask for it", options=list(ROUTES.items()), missing="Choose who can ask for it."
    )
    modes = ChoiceOfMany(label="How it is given", options=list(MODES.items()), look="small", required=False)
    languages = LongTextField(
        label="Languages besides English", hint="One on a line.", rows=3, required=False, limit=2000
    )
    is_free = ChoiceOfOne(
        label="Is it free?",
        options=[("yes", "Yes"), ("no", "No"), (SILENT, "Not known")],
        look="inline",
        required=False,
    )
    cost_note = TextField(
        label="What it costs", hint="“£2 a family, free if that is hard.”", required=False, limit=200
    )

    def initial_of(self, content: Mapping[str, Any]) -> dict[str, Any]:
        words = {None: SILENT, True: "yes", False: "no"}
        return super().initial_of(content) | {"is_free": words[content["is_free"]]}

    def said(self) -> dict[str, Any]:
        answer = {"yes": True, "no": False}.get(self.cleaned_data.get("is_free") or "")
        return super().said() | {"is_free": answer}


class RoomForm(PartForm):
    """Places, waits, closures."""

    title = "Places and waiting"
    lead = "What changes from day to day can also be said at once, without approval: “What is so today”."
    group = (eligibility_keys.ROOM,)
    fields_of_content = (
        *("capacity", "free_places", "wait_days", "next_start"),
        *("closed_from", "closed_until", "closed_note"),
    )

    capacity = NumberField(label="Places in all", required=False, min_value=0, max_value=1_000_000)
    free_places = NumberField(label="Free places now", required=False, min_value=0, max_value=1_000_000)
    wait_days = NumberField(
        label="Wait now, in days",
        hint="0 when there is none. Empty when you do not know: that is better than a wrong wait.",
        required=False,
        min_value=0,
        max_value=3650,
    )
    next_start = DayField(label="Next start of a group or course", required=False)
    closed_from = DayField(label="Closed for now, from", required=False)
    closed_until = DayField(label="Closed for now, until", hint="Empty: until you say so.", required=False)
    closed_note = TextField(
        label="Why it is closed, and where families can go meanwhile", required=False, limit=400
    )


class CareForm(PartForm):
    """Who runs it, how to reach it, state and dates."""

    title = "Who runs it and keeps it true"
    fields_of_content = (
        *("phone", "email", "lead_name", "lead_title", "check_every_days", "outside_email", "outside_phone"),
        *("organisation", "team", "state", "state_from", "state_until", "state_note"),
        *("visible_from", "visible_until"),
    )

    organisation = SelectField(label="Run by", missing="Choose the organisation that runs it.")
    team = SelectField(
        label="Team that answers handovers", nothing="None: a receiver without an account", required=False
    )
    outside_email = EmailField(
        label="E-mail for handovers, when no team of ours answers", required=False, limit=254
    )
    outside_phone = PhoneField(label="Phone for handovers, when no team of ours answers", required=False)
    phone = PhoneField(label="Phone for families", required=False, limit=40)
    email = EmailField(label="E-mail for families", required=False, limit=254)
    lead = SelectField(
        label="Owner of this entry",
        hint="Reminders and what visitors say is wrong go to this person.",
        nothing="Nobody yet: the team’s lead",
        required=False,
    )
    lead_name = TextField(label="Lead of the service, as families see it", required=False, limit=120)
    lead_title = TextField(label="Their job", required=False, limit=120)
    check_every_days = NumberField(
        label="Check it at least every so many days",
        missing="Say how often it is checked: 180 is half a year.",
        min_value=7,
        max_value=1000,
    )
    state = ChoiceOfOne(label="State", options=list(STATES.items()), missing="Choose the state.")
    state_from = DayField(label="In this state from", required=False)
    state_until = DayField(label="In this state until", required=False)
    state_note = TextField(label="About the state", required=False, limit=400)
    visible_from = DayField(label="Show it from", hint="Empty: at once.", required=False)
    visible_until = DayField(label="Show it until", hint="Empty: without end.", required=False)

    def begin(self) -> None:
        for name in ("organisation", "team", "lead"):
            options = {"organisation": "organisations", "team": "teams", "lead": "people"}[name]
            self.fields[name].options = getattr(self.known, options)  # type: ignore[attr-defined]  # choices

    def initial_of(self, content: Mapping[str, Any]) -> dict[str, Any]:
        lead = content["lead"]
        return super().initial_of(content) | {"lead": "" if lead is None else str(lead)}

    def said(self) -> dict[str, Any]:
        lead = self.cleaned_data.get("lead")
        return super().said() | {"lead": int(lead) if lead else None}


PARTS: Mapping[str, type[PartForm]] = {
    "words": WordsForm,
    "need": NeedForm,
    "stage": StageForm,
    "who": WhoForm,
    "where": WhereForm,
    "how": HowForm,
    "room": RoomForm,
    "care": CareForm,
}
# Which field of a page shows a fault of the content that has another name there.
FORM_FIELDS: Mapping[str, str] = {
    "needs": "main_need",
    "pregnancy_weeks": "weeks_from",
    "child_days": "age_from",
    "postcode_districts": "footprint",
}
TIMES = "times"


def part_of(name: str) -> str:
    """The page on which a field of the content, or a rule, is answered."""
    key = eligibility_keys.BY_NAME.get(name)
    if key is not None:
        return next((part for part, form in PARTS.items() if key.group in form.group), "words")
    return next((part for part, (_, fields) in GROUPS.items() if name in fields), "words")
