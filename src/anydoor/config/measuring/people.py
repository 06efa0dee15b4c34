"""The people of synthetic families: who they are, what they are called, how they are reached."""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from datetime import date

from anydoor.config.measuring.books import Books
from anydoor.config.measuring.county import Door
from anydoor.config.measuring.names import BABIES, LANGUAGES, MEN, SURNAMES, WOMEN, keys_of
from anydoor.config.measuring.tables import NULL, Calendar, listed
from anydoor.rules import identifiers

# The range of NHS numbers that is never given to anybody: 999 and six digits, walked in a mixed order.
_NUMBERS, _STEP = 1_000_000, 387_419
_SHARED_PHONES = 1000


@dataclass(frozen=True, slots=True)
class One:
    """A person of a family: key, what they are called, role; `lost` babies are not named in lists."""

    id: int
    called: str
    role: str
    lost: bool = False


@dataclass(frozen=True, slots=True)
class Hold:
    """Something open of the family in somebody's hands; `since` in minutes from now."""

    worker: int
    team: int
    level: str
    since: int
    is_referral: bool
    of_id: int


@dataclass(slots=True)
class Household:
    """One family while it is being written: what its standing depends on. Times are minutes from now."""

    id: int
    door: Door
    adults: list[One]
    children: list[One]
    about: str
    holds: list[Hold] = field(default_factory=list)
    working: dict[int, set[int]] = field(default_factory=dict)  # by team: people it works with now
    services: dict[int, set[int]] = field(default_factory=dict)  # by team: those it works with them for
    worked: dict[int, int] = field(default_factory=dict)  # by team: when what it did ended
    knew: dict[int, set[int]] = field(default_factory=dict)  # by team: people it worked with once
    preview: set[int] = field(default_factory=set)
    agreed: set[tuple[int, int]] = field(default_factory=set)  # (person, service)
    asked_for: set[int] = field(default_factory=set)  # people who turned to the door
    treated: set[int] = field(default_factory=set)  # people with something open
    stuck: bool = False
    begun: list[tuple[int, int]] = field(default_factory=list)  # (when, person) of what is open
    waits: list[tuple[bool, int, str]] = field(default_factory=list)  # (not urgent, due, what to do)
    planned: list[tuple[int, str]] = field(default_factory=list)  # (when, how)
    levels: list[tuple[str, str]] = field(default_factory=list)  # (level, strand) of open episodes


class PeopleWriter:
    """Writes the people of a family. A family of two has one adult, a family of three two."""

    def __init__(self, books: Books, calendar: Calendar, chance: random.Random) -> None:
        self.books, self.calendar, self.chance = books, calendar, chance
        self.numbered = 0

    def household(self, door: Door, people: int) -> Household:
        """A new family of two or three people, with no standing yet."""
        family = self.books.family.add()
        joined = self.calendar.moment(-60 * int(self.chance.random() * 12_000) - 60)
        surname = self.chance.choice(SURNAMES)
        adults = [self._adult(door, self.chance.choice(WOMEN), surname, "mother", joined)]
        if people == 3:
            role = "father" if self.chance.random() < 0.85 else "co_parent"
            adults.append(self._adult(door, self.chance.choice(MEN), surname, role, joined))
        child, about = self._child(door, surname)
        for one in (*adults, child):
            self.books.member.add(family, one.id, one.role, joined)
        return Household(id=family, door=door, adults=adults, children=[child], about=about)

    def _adult(self, door: Door, first: str, surname: str, role: str, joined: str) -> One:
        name = f"{first} {surname}"
        born = self.calendar.day(-int(365.25 * (18 + self.chance.random() * 25)))
        language = self.chance.choice(LANGUAGES) if self.chance.random() < 0.2 else "English"
        person = self.books.person.add(
            name, self._number(), born, NULL, NULL, "", language, self._postcode(), door.district_code
        )
        self._keys(person, first, surname)
        if self.chance.random() < 0.9:
            address = f"{first}.{surname}.{person}@post.example".lower()
            self.books.point.add(person, "email", address, address, "yes", listed("email"), joined)
        if self.chance.random() < 0.02:
            last = f"{int(self.chance.random() * _SHARED_PHONES):03d}"
            self.books.point.add(
                person, "mobile", f"07700 900{last}", f"+447700900{last}", "yes", listed("call"), joined
            )
        if self.chance.random() < 0.03:
            self.books.instruction.add(person, "need", "Speak slowly and give time.", name, joined)
        return One(person, name, role)

    def _child(self, door: Door, surname: str) -> tuple[One, str]:
        """A child, and what lists say of the family's stage."""
        turn = self.chance.random()
        if turn < 0.25:
            due = self.calendar.day(int(self.chance.random() * 240))
            person = self.books.person.add("", NULL, NULL, due, NULL, "", "", "", door.district_code)
            return One(person, "Baby", "baby"), f"due {due.day} {due:%B}"
        if turn < 0.29:
            lost = self.calendar.day(-int(self.chance.random() * 300))
            person = self.books.person.add("", NULL, NULL, NULL, lost, "not_said", "", "", door.district_code)
            return One(person, "Baby", "baby", lost=True), "after a loss"
        born: date = self.calendar.day(-int(self.chance.random() * 720))
        first = self.chance.choice(BABIES)
        name = f"{first} {surname}"
        person = self.books.person.add(
            name, self._number(), born, NULL, NULL, "", "", self._postcode(), door.district_code
        )
        self._keys(person, first, surname)
        return One(person, name, "baby"), f"baby born {born.day} {born:%B}"

    def _keys(self, person: int, *words: str) -> None:
        for key in dict.fromkeys(key for word in words for key in keys_of(word)):
            self.books.key.add(person, key)

    def _number(self) -> str:
        """The next valid number of the range; none once it is used up."""
        while self.numbered < _NUMBERS:
            nine = f"999{self.numbered * _STEP % _NUMBERS:06d}"
            self.numbered += 1
            digit = identifiers.nhs_check_digit(nine)
            if digit is not None:
                return f"{nine}{digit}"
        return NULL

    def _postcode(self) -> str:
        # No postcode area is called ZZ.
        turn = int(self.chance.random() * 1_000_000)
        return f"ZZ{turn % 99 + 1} {turn // 100_000}{chr(65 + turn % 26)}{chr(65 + turn // 26 % 26)}"
