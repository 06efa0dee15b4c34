"""The columns of a referral file: their names, and how a cell becomes a fact.

`docs/reference/referral-file.md` lists the same for people; a test holds the two together.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from anydoor.care.told import Told
from anydoor.people.models import ADDRESS_KINDS, LOSS_KINDS, ROLES_IN_FAMILY, SAFE, USES, YES_NO_ASKED
from anydoor.rules.errors import BadInput
from anydoor.rules.profile import NEED_WORDS

Reader = Callable[[str], Any]
SOURCE_REF = "source_ref"


@dataclass(frozen=True, slots=True)
class Column:
    """One column: the field of `Told` it fills, other names it goes by, what may stand in it."""

    name: str
    read: Reader
    what: str
    others: tuple[str, ...] = ()


def _text(cell: str) -> str:
    return cell


def _day(cell: str) -> date | None:
    """2026-03-10 or 10/03/2026, the British order; nothing else, and no day that never was."""
    typed = cell.strip()
    if not typed:
        return None
    found = re.fullmatch(r"(?P<y>\d{4})-(?P<m>\d{1,2})-(?P<d>\d{1,2})", typed, re.ASCII) or re.fullmatch(
        r"(?P<d>\d{1,2})/(?P<m>\d{1,2})/(?P<y>\d{4})", typed, re.ASCII
    )
    if found is None:
        raise BadInput("Write the date as 2026-03-10 or 10/03/2026.")
    try:
        return date(int(found["y"]), int(found["m"]), int(found["d"]))
    except ValueError:
        raise BadInput("There is no such day. Check the day and the month.") from None


def folded(words: str) -> str:
    """A name or an answer without case, spaces, hyphens and underscores that differ."""
    return re.sub(r"[\s_\-]+", "_", words.strip().casefold()).strip("_")


def _one_of(words: Mapping[str, str], *, empty: str = "", more: Mapping[str, str] | None = None) -> Reader:
    """A code or its label, in any case; an empty cell is `empty`."""
    known = {folded(label): code for code, label in words.items()}
    known |= {folded(code): code for code in words} | dict(more or {})

    def read(cell: str) -> str:
        if not cell.strip():
            return empty
        code = known.get(folded(cell))
        if code is None:
            raise BadInput(f"Write one of: {', '.join(words)}.")
        return code

    return read


def _several_of(words: Mapping[str, str]) -> Reader:
    """Codes with a comma, semicolon or | between."""
    one = _one_of(words)

    def read(cell: str) -> tuple[str, ...]:
        parts = [part for part in re.split(r"[,;|\n]", cell) if part.strip()]
        return tuple(dict.fromkeys(one(part) for part in parts))

    return read


def _sentences(cell: str) -> tuple[str, ...]:
    """One sentence a line, or with | between."""
    return tuple(part.strip() for part in re.split(r"[|\n]", cell) if part.strip())


def _number(cell: str) -> int:
    typed = cell.strip()
    if not typed:
        return 1
    if not re.fullmatch(r"\d{1,3}", typed, re.ASCII):
        raise BadInput("Write a whole number, like 2.")
    return int(typed)


_YES = {"y": "yes", "true": "yes", "1": "yes", "n": "no", "false": "no", "0": "no"}
_yes_or_no = _one_of({"yes": "Yes", "no": "No"}, empty="no", more=_YES)
_asked = _one_of(YES_NO_ASKED, empty="not_asked", more={**_YES, "unknown": "not_asked"})


def _is_yes(cell: str) -> bool:
    return bool(_yes_or_no(cell) == "yes")


_ROLES = {key: words for key, words in ROLES_IN_FAMILY.items() if key not in {"baby", "child"}}
_CALLED = {"mum": "mother", "mam": "mother", "dad": "father", "partner": "co_parent"}
YES_NO = "yes or no; empty is no"
ASKED = "yes, no or not asked; empty is not asked"
DAY = "a day: 2026-03-10 or 10/03/2026"

COLUMNS: tuple[Column, ...] = (
    Column(
        SOURCE_REF, _text, "your own number of this row; the same number is the same row", ("ref", "row_id")
    ),
    Column("story", _text, "what is going on, in their own words or yours; needed", ("reason", "notes")),
    Column(
        "contact", _text, "one phone number or e-mail address of the person", ("phone", "mobile", "email")
    ),
    Column("place", _text, "a postcode, its first half, or a town", ("postcode", "town")),
    Column("name", _text, "the person's name, kept as written", ("full_name",)),
    Column("role", _one_of(_ROLES, more=_CALLED), ", ".join(_ROLES), ("relationship",)),
    Column("born_on", _day, f"the person's birth, {DAY}", ("date_of_birth", "dob", "birth_date")),
    Column("nhs_number", _text, "10 digits, spaces do not matter", ("nhs_no", "nhs")),
    Column("trying_to_conceive", _is_yes, YES_NO),
    Column("assisted_conception", _is_yes, YES_NO),
    Column("due_on", _day, f"when a baby is due, {DAY}", ("due_date", "edd")),
    Column("babies", _number, "how many babies, 1 to 6; empty is 1"),
    Column("baby_name", _text, "the baby's name", ()),
    Column("baby_born_on", _day, f"the baby's birth, {DAY}", ("baby_date_of_birth", "baby_dob")),
    Column("lost_on", _day, f"the day of a loss, {DAY}", ("date_of_loss",)),
    Column("loss_kind", _one_of(LOSS_KINDS), ", ".join(LOSS_KINDS), ("loss",)),
    Column("safe", _one_of(SAFE, empty="not_asked", more=_YES), ASKED, ("safe_to_use", "safe_contact")),
    Column("uses", _several_of(USES), f"what the contact is safe for: {', '.join(USES)}", ("safe_for",)),
    Column("hours", _text, "when it is safe, in words", ("when", "best_time")),
    Column("language", _text, "the language they speak best", ()),
    Column("interpreter", _asked, ASKED, ("needs_interpreter",)),
    Column("communication", _sentences, "what helps them read, hear or talk; one sentence a line or |", ()),
    Column("safety", _sentences, "what every worker must follow to keep them safe; likewise", ()),
    Column(
        "address_kind",
        _one_of(ADDRESS_KINDS, empty="not_asked"),
        ", ".join(ADDRESS_KINDS),
        ("kind_of_address",),
    ),
    Column("address", _text, "where they live", ()),
    Column("needs", _several_of(NEED_WORDS), f"any of: {', '.join(NEED_WORDS)}", ()),
    Column("asks_for", _text, "what they would like", ("request",)),
    Column("referrer_name", _text, "who refers; empty when they ask themselves", ("referred_by",)),
    Column("referrer_organisation", _text, "where the referrer works", ("organisation", "referrer_org")),
    Column("referrer_contact", _text, "how to reach the referrer", ("referrer_email", "referrer_phone")),
    Column(
        "family_knows", _asked, f"whether the family knows of this: {ASKED}", ("consent", "family_agrees")
    ),
    Column("agreed_words", _text, "what the family said yes to, in words", ()),
)
BY_NAME: Mapping[str, Column] = {column.name: column for column in COLUMNS}
_KNOWN: Mapping[str, Column] = {
    folded(name): column for column in COLUMNS for name in (column.name, *column.others)
}


def column_called(header: str) -> Column | None:
    """The column that a heading names: `Date of birth`, `date-of-birth` and `born_on` are one."""
    return _KNOWN.get(folded(header))


@dataclass(frozen=True, slots=True)
class CellFault:
    """What is wrong with one cell of a row; `field` is a column's proper name."""

    field: str
    reason: str


def told_by(cells: Mapping[str, str]) -> tuple[Told, list[CellFault]]:
    """What a row tells, and the cells that cannot be read. `cells` is by proper column name."""
    facts: dict[str, Any] = {}
    faults: list[CellFault] = []
    for name, cell in cells.items():
        if name == SOURCE_REF:
            continue
        try:
            facts[name] = BY_NAME[name].read(cell)
        except BadInput as fault:
            faults.append(CellFault(name, fault.message))
    return Told(**{"story": "", **facts, "door": "file"}), faults


def in_order(names: Iterable[str], faults: Iterable[CellFault]) -> list[CellFault]:
    """Faults from left to right, one a cell: what cannot be read hides what else is wrong there."""
    place = {name: number for number, name in enumerate(names)}
    first: dict[str, CellFault] = {}
    for fault in faults:
        first.setdefault(fault.field, fault)
    return sorted(first.values(), key=lambda fault: place.get(fault.field, len(place)))
