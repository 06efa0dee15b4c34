"""What is stated of one person, entry by entry and fact by fact: what they can say is not right.

The keys are those of `entries`, but each fact of a person stands alone: `person:7:born_on`. Only this
person's own record is read. `theirs` marks what they see on their own page: facts, ways to reach them, needs,
goals, and what they told us themselves; never words of danger, which somebody beside them could read.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from anydoor.care.amend import FIELDS
from anydoor.care.models import Happening, Story
from anydoor.care.rights.entries import SECTIONS, Entry, entries_of
from anydoor.people.models import ADDRESS_KINDS, YES_NO_ASKED, Instruction, Person
from anydoor.rules import danger, working_time

SAID_BEFORE = "objection"
# Not facts to put right: who looked, what went out, what was said of sharing, and this kind of row itself.
NOT_STATED = frozenset({"looks", "before", "message", "seal", "unasked", "consent", SAID_BEFORE})
ON_THEIR_PAGE = (SECTIONS[0], SECTIONS[1], SECTIONS[2], SECTIONS[3], SECTIONS[9])
IN_WORDS = {"interpreter": YES_NO_ASKED, "care_leaver": YES_NO_ASKED, "address_kind": ADDRESS_KINDS}
MOST = 400
SHORT = 60  # characters of a sentence that stand for it


@dataclass(frozen=True, slots=True)
class Stated:
    """One thing that is stated. `text` is how it stands now; `theirs`: shown on their own page."""

    key: str
    section: str
    heading: str
    text: str
    at: datetime | date | None = None
    theirs: bool = False

    @property
    def kind(self) -> str:
        return self.key.partition(":")[0]

    @property
    def about(self) -> str:
        """What it is, for a line about it: a sentence by its beginning, what has a day with its day."""
        if self.kind in {"instruction", "goal"}:
            short = self.text if len(self.text) <= SHORT else f"{self.text[:SHORT].rsplit(' ', 1)[0]}…"
            return f"“{short}”"
        if self.at is None or self.kind in {"person", "way"}:
            return self.heading
        day = working_time.london_day(self.at) if isinstance(self.at, datetime) else self.at
        return f"{self.heading}, {day.day} {day:%B %Y}"

    @property
    def field(self) -> str:
        """The name of the fact of a person, or nothing."""
        parts = self.key.split(":")
        return parts[2] if len(parts) == 3 else ""


def stated_of(person: Person, family_id: int) -> list[Stated]:
    """Everything stated of somebody in one family, in the order of the record. What is left out of their own
    bundle from the start is left out here."""
    found = _facts(person)
    own = _their_own(person, family_id)
    said = Happening.objects.filter(family=family_id, kind__startswith="objection").values_list(
        "pk", flat=True
    )
    skipped = {f"happening:{pk}" for pk in said}
    for one in entries_of(person, [family_id]):
        kind = one.key.partition(":")[0]
        if kind == "person" or kind in NOT_STATED or one.first == "out" or one.key in skipped:
            continue
        found.append(_stated(one, own))
    return [replace(one, theirs=one.theirs and not danger.find(one.text)) for one in found[:MOST]]


def on_their_page(person: Person, family_id: int) -> list[Stated]:
    """What somebody sees of it on their own page."""
    return [one for one in stated_of(person, family_id) if one.theirs]


def find(stated: Sequence[Stated], key: str) -> Stated | None:
    """The one with this key."""
    return next((one for one in stated if one.key == key), None)


def _their_own(person: Person, family_id: int) -> frozenset[str]:
    """What stands on their own page of stories and sentences: their own words, and what they need from us.

    What workers wrote, and what keeps somebody safe, is in the bundle that a person looks through first.
    """
    stories = Story.objects.filter(
        person=person, family=family_id, kind="own", replaced_by__isnull=True
    ).values_list("pk", flat=True)
    needs = Instruction.objects.filter(person=person, kind="need", ended_at__isnull=True)
    return frozenset(
        [
            *(f"story:{pk}" for pk in stories),
            *(f"instruction:{pk}" for pk in needs.values_list("pk", flat=True)),
        ]
    )


def _facts(person: Person) -> list[Stated]:
    found = []
    for field, label in FIELDS.items():
        value = getattr(person, field)
        if value in (None, "", "not_asked"):
            continue
        shown = IN_WORDS.get(field, {}).get(value, value)
        text = f"{value.day} {value:%B %Y}" if isinstance(value, date) else str(shown)
        key = f"person:{person.pk}:{field}"
        # Where somebody lives may be what must not be read beside them.
        found.append(Stated(key, SECTIONS[0], label, text, theirs=not field.startswith(("address", "post"))))
    return found


def _stated(one: Entry, own: frozenset[str]) -> Stated:
    text = "\n".join(f"{label}: {words}" for label, words in one.lines)
    kind = one.key.partition(":")[0]
    plain = dict(one.lines)
    if kind == "story":
        text = plain.get("Words", text)
    if kind == "instruction":
        text = plain.get("Instruction", text)
    if kind == "goal":
        text = plain.get("Goal", text)
    if kind == "way":
        text = plain.get("Number or address", text)
    if kind == "happening":
        text = " ".join(plain[name] for name in ("What", "Words", "Changed") if name in plain)
    theirs = (
        one.first == "in" and one.section in ON_THEIR_PAGE and not {"Ended", "Not used since"} & set(plain)
    )
    if kind in {"story", "instruction"}:
        theirs = theirs and one.key in own
    return Stated(one.key, one.section, one.heading, text, one.at, theirs)
