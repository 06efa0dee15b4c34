"""What came through a door, as typed, and everything that can be wrong with it.

Every door fills in a `Told`; `faults_in` says at once all that cannot be used, each pinned to its field.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import partial
from typing import TypeVar

from anydoor.care.models.referral import DOORS
from anydoor.directory import places
from anydoor.people.models import ADDRESS_KINDS, LOSS_KINDS, ROLES_IN_FAMILY, SAFE, USES, YES_NO_ASKED
from anydoor.rules import identifiers, stage
from anydoor.rules.errors import BadInput
from anydoor.rules.profile import NEED_WORDS

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Told:
    """What came through the door, as typed. Only `story`, `door` and a way to reach somebody are needed.

    `role` is who the person is: mother, father, co_parent, carer, or empty when it was not said. `safe`,
    `uses` and `hours` speak of `contact`. The referrer's three are empty when the person asked themselves.
    """

    story: str
    door: str
    contact: str = ""
    place: str = ""
    name: str = ""
    role: str = ""
    born_on: date | None = None
    nhs_number: str = ""
    trying_to_conceive: bool = False
    assisted_conception: bool = False
    due_on: date | None = None
    babies: int = 1
    baby_name: str = ""
    baby_born_on: date | None = None
    lost_on: date | None = None
    loss_kind: str = ""
    safe: str = "not_asked"
    uses: tuple[str, ...] = ()
    hours: str = ""
    language: str = ""
    interpreter: str = "not_asked"
    communication: tuple[str, ...] = ()
    safety: tuple[str, ...] = ()
    address_kind: str = "not_asked"
    address: str = ""
    needs: tuple[str, ...] = ()
    asks_for: str = ""
    referrer_name: str = ""
    referrer_organisation: str = ""
    referrer_contact: str = ""
    family_knows: str = "not_asked"
    agreed_words: str = ""

    @property
    def by_themselves(self) -> bool:
        return not (self.referrer_name or self.referrer_organisation)


@dataclass(slots=True)
class Checked:
    """The same facts in comparable form, and every fault found on the way."""

    story: str = ""
    contact: identifiers.Contact | None = None
    nhs_number: str = ""
    located: places.Located = field(default_factory=lambda: places.Located(""))  # set by whoever may ask
    faults: list[BadInput] = field(default_factory=list)

    def attempt(self, name: str, work: Callable[..., T], *given: object) -> T | None:
        """`work(*given)`, or None and its fault kept under `name`."""
        try:
            return work(*given)
        except BadInput as fault:
            self.faults.append(fault.at(name))
            return None


LINES = (
    ("name", 200),
    ("baby_name", 200),
    ("place", 200),
    ("hours", 200),
    ("language", 60),
    ("asks_for", 500),
    ("referrer_name", 200),
    ("referrer_organisation", 200),
    ("referrer_contact", 254),
)
CONTACT = 254
SEVERAL_LINES = {"address": 500, "agreed_words": 500}


def faults_in(told: Told, *, on: date) -> list[BadInput]:
    """Everything about `told` that cannot be used, each pinned to its field. Empty: it can be received."""
    return check(told, on=on).faults


def check(told: Told, *, on: date) -> Checked:
    """As `faults_in`, with what was read on the way. Asks nothing of the database."""
    checked = Checked()
    story = checked.attempt("story", identifiers.free_text, told.story)
    checked.story = (story or "").strip()
    if story is not None and not checked.story:
        checked.faults.append(BadInput("Tell us what is going on. One sentence is enough.", field="story"))
    if told.contact.strip():
        if checked.attempt("contact", identifiers.one_line, told.contact.strip(), CONTACT):
            checked.contact = checked.attempt("contact", identifiers.contact, told.contact)
    elif not told.referrer_contact.strip():
        checked.faults.append(
            BadInput("Give us one way to reach you: a phone number or an email address.", field="contact")
        )
    if told.nhs_number.strip():
        checked.nhs_number = checked.attempt("nhs_number", identifiers.nhs_number, told.nhs_number) or ""
    for name, limit in LINES:
        checked.attempt(name, identifiers.one_line, getattr(told, name), limit)
    for name, limit in SEVERAL_LINES.items():
        checked.attempt(name, identifiers.free_text, getattr(told, name), limit)
    _check_dates(told, on, checked)
    _check_answers(told, checked)
    return checked


def _check_dates(told: Told, on: date, checked: Checked) -> None:
    if told.born_on is not None:
        checked.attempt("born_on", partial(stage.check_born_on, told.born_on, on, whose="adult"))
    if told.due_on is not None:
        checked.attempt("due_on", stage.check_due_on, told.due_on, on)
    if told.baby_born_on is not None:
        checked.attempt("baby_born_on", partial(stage.check_born_on, told.baby_born_on, on, whose="baby"))
    if told.lost_on is not None:
        checked.attempt("lost_on", partial(stage.check_lost_on, told.lost_on, on, born_on=told.baby_born_on))
    if not 1 <= told.babies <= MOST_BABIES:
        checked.faults.append(BadInput(f"Say how many babies: 1 to {MOST_BABIES}.", field="babies"))


# What may be answered, field by field, and what to say when it is something else.
ANSWERS: Mapping[str, tuple[Collection[str], str]] = {
    "door": (DOORS, "Choose the door it came through."),
    "role": ({"", *ROLES_IN_FAMILY}, f"Choose one of: {', '.join(ROLES_IN_FAMILY)}."),
    "loss_kind": ({"", *LOSS_KINDS}, "Choose the kind of loss from the list."),
    "safe": (SAFE, "Say if it is safe: yes, no, or not asked."),
    "interpreter": (YES_NO_ASKED, "Say yes, no, or not asked."),
    "family_knows": (YES_NO_ASKED, "Say yes, no, or not asked."),
    "address_kind": (ADDRESS_KINDS, "Choose the kind of address from the list."),
}
MOST_BABIES = 6
MOST_SENTENCES = 20
SENTENCES = (("communication", 300), ("safety", 300), ("needs", 30))


def _check_answers(told: Told, checked: Checked) -> None:
    for name, (allowed, message) in ANSWERS.items():
        if getattr(told, name) not in allowed:
            checked.faults.append(BadInput(message, field=name))
    if not set(told.uses) <= set(USES):
        checked.faults.append(BadInput(f"Choose from: {', '.join(USES)}.", field="uses"))
    if not set(told.needs) <= set(NEED_WORDS):
        checked.faults.append(BadInput(f"Choose from: {', '.join(NEED_WORDS)}.", field="needs"))
    for name, limit in SENTENCES:
        sentences: tuple[str, ...] = getattr(told, name)
        if len(sentences) > MOST_SENTENCES:
            checked.faults.append(BadInput(f"Give at most {MOST_SENTENCES} of these.", field=name))
            continue
        for words in sentences:
            if checked.attempt(name, identifiers.one_line, words, limit) is None:
                break
