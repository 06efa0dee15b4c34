"""Who tells a story: names, numbers, dates and places that fit it, drawn from one seed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

from anydoor.config.demo.names import AS_WRITTEN, BABIES, BACKGROUNDS, BRITISH, CORNISH, Names
from anydoor.config.demo.story import WINDOWS, Story
from anydoor.rules import identifiers

PREGNANCY_DAYS = 280
KEPT_BACK_FROM = 800  # the last numbers are for the example file, whose people nobody knows yet
ODD_NAMES = 0.05  # of all names, as some people write them
OTHER_BACKGROUNDS = 0.22
LOSS_KINDS = ("miscarriage", "stillbirth", "neonatal_death", "death_later", "termination")
MEN = frozenset({"father"})


class Numbers:
    """Telephone and NHS numbers of one area, each given once: drama numbers and the 999 range."""

    def __init__(self, residues: Sequence[int], of: int, taken: frozenset[str], block: int) -> None:
        """The numbers whose remainder by `of` is in `residues` and that nobody has; `block` is one digit."""
        mine = [number for number in range(KEPT_BACK_FROM) if number % of in residues]
        self._mobiles = iter([f"07700 900{n:03d}" for n in mine if f"07700 900{n:03d}" not in taken])
        self._landlines = iter([f"01632 960{n:03d}" for n in mine if f"01632 960{n:03d}" not in taken])
        self._nhs = _nhs_numbers(block)

    def mobile(self) -> str:
        """A mobile number nobody else has; empty when all are given."""
        return next(self._mobiles, "")

    def landline(self) -> str:
        return next(self._landlines, "")

    def nhs(self) -> str:
        return next(self._nhs)


def _nhs_numbers(block: int) -> Iterator[str]:
    for number in range(100_000):
        nine = f"999{block}{(number * 7919) % 100_000:05d}"
        check = identifiers.nhs_check_digit(nine)
        if check is not None:
            yield f"{nine}{check}"


@dataclass
class Teller:
    """The person a story is about, whoever tells it, and the family around them."""

    name: str
    role: str
    born_on: date
    nhs_number: str
    contact: str  # as typed at the door
    language: str
    interpreter: str
    place: str  # as typed: a postcode, a town, or nothing
    baby_name: str
    baby_due_on: date | None
    baby_born_on: date | None
    lost_on: date | None
    loss_kind: str
    babies: int
    partner_name: str
    partner_role: str
    partner_born_on: date | None

    @property
    def first(self) -> str:
        return self.name.split(" ")[0]


def background(area: str, story: Story, rng: Random) -> Names:
    """The names a person of this story may have."""
    if story.language in BACKGROUNDS:
        return BACKGROUNDS[story.language]
    if area == "cornwall" and rng.random() < 0.3:
        return CORNISH
    if rng.random() < OTHER_BACKGROUNDS:
        return BACKGROUNDS[rng.choice(sorted(BACKGROUNDS))]
    return BRITISH


def draw(story: Story, *, area: str, today: date, places: list[str], numbers: Numbers, rng: Random) -> Teller:
    """A person for this story, as they are on the day they tell it."""
    names = background(area, story, rng)
    surname = rng.choice(names.surnames)
    name = _written(f"{_first(story.role, names, rng)} {surname}", story, rng)
    kind, least, most = WINDOWS[story.when]
    day = today - timedelta(days=rng.randint(least, most))
    lost = kind == "loss"
    partner = ""
    if story.partner:
        other = names if rng.random() < 0.7 else BRITISH
        partner = f"{_first(story.partner, other, rng)} {rng.choice(other.surnames)}"
    return Teller(
        name=name,
        role=story.role,
        born_on=_birthday(story, today, rng),
        nhs_number=numbers.nhs(),
        contact=_contact(name, area, numbers, rng),
        language=story.language,
        interpreter="yes" if story.language else "no",
        place=_place(story, places, rng),
        baby_name=rng.choice(BABIES),
        baby_due_on=day + timedelta(days=PREGNANCY_DAYS) if kind == "pregnant" else None,
        baby_born_on=day if kind == "born" else None,
        lost_on=day if lost else None,
        loss_kind=next((mark for mark in LOSS_KINDS if mark in story.marks), "not_said" if lost else ""),
        babies=2 if "twins" in story.marks else 1,
        partner_name=partner,
        partner_role=story.partner,
        partner_born_on=_birthday(story, today, rng) if partner else None,
    )


def _first(role: str, names: Names, rng: Random) -> str:
    """A first name. A co-parent may be a woman or a man."""
    if role in MEN or (role == "co_parent" and rng.random() < 0.2):
        return rng.choice(names.men)
    return rng.choice(names.women)


def _written(name: str, story: Story, rng: Random) -> str:
    if not story.teller and not story.language and story.role == "mother" and rng.random() < ODD_NAMES:
        return rng.choice(AS_WRITTEN)
    return name


def _birthday(story: Story, today: date, rng: Random) -> date:
    low, high = (16, 19) if "under_20" in story.marks else (20, 42)
    if "grandparent" in story.marks:
        low, high = 46, 66
    # A week of room, so that nobody turns twenty on the day itself.
    return today - timedelta(days=rng.randint(low * 366, high * 365 - 7))


def _contact(name: str, area: str, numbers: Numbers, rng: Random) -> str:
    number = numbers.mobile()
    if number and rng.random() < 0.86:
        return number if rng.random() < 0.7 else number.replace(" ", "")
    plain = "".join(
        mark for mark in identifiers.without_accents(name).lower() if mark.isascii() and mark.isalpha()
    )
    return f"{plain[:24] or 'me'}{rng.randint(10, 9999)}@{area}-mail.example"


def _place(story: Story, places: list[str], rng: Random) -> str:
    if "no_fixed_abode" in story.marks or "refuge" in story.marks or rng.random() < 0.12:
        return ""
    return rng.choice(places)
