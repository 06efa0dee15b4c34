"""What a family agreed to, in one plain paragraph: for staff, and in words for the family itself."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

from anydoor.people.consent import Consent, SharedWithout
from anydoor.people.models import Person
from anydoor.rules import working_time
from anydoor.rules.sharing import in_words


def staff_paragraph(
    person: Person, rows: Iterable[Consent], without: Iterable[SharedWithout], at: datetime
) -> str:
    """One paragraph: with whom it is shared, with whom not, and what was shared without asking."""
    on = working_time.london_day(at)
    mine = [row for row in rows if row.person_id == person.pk and row.purpose == "help"]
    yes = [row for row in mine if row.state == "given" and (row.until is None or row.until >= on)]
    noes = _standing_noes(mine, yes)
    first = person.called.split(" ")[0]
    parts = []
    if yes:
        parts.append(f"{first} agreed to share with {_names(row.to_words for row in yes)}.")
        less = [row for row in yes if in_words(row.slices) != in_words(_ALL)]
        parts += [f"{row.to_words} may know {in_words(row.slices)}, no more." for row in less]
        parts += [f"That with {row.to_words} ends on {_day(row)}." for row in yes if row.until]
    else:
        parts.append(f"{first} has not agreed to share with anybody else.")
    if noes:
        parts.append(f"Not with {_names(row.to_words for row in noes)}.")
    for row in without:
        if row.person_id == person.pk and row.ended_at is None:
            parts.append(f"Shared with {row.to_words} without asking: {row.reason.rstrip('.')}.")
    return " ".join(parts)


def family_paragraph(
    rows: Iterable[Consent], without: Iterable[SharedWithout], at: datetime, *, person_id: int
) -> str:
    """The same in words for the person themself. What was shared to keep somebody safe says only so."""
    on = working_time.london_day(at)
    mine = [row for row in rows if row.person_id == person_id and row.purpose == "help"]
    yes = [row for row in mine if row.state == "given" and (row.until is None or row.until >= on)]
    noes = _standing_noes(mine, yes)
    parts = []
    if yes:
        parts.append(f"You said we may share with {_names(row.to_words for row in yes)}.")
    else:
        parts.append("You have not asked us to share with anybody else. We keep it to ourselves.")
    if noes:
        parts.append(f"You said not with {_names(row.to_words for row in noes)}. We do not.")
    told = [row for row in without if row.person_id == person_id and row.ended_at is None and row.family_told]
    parts += [f"We told {row.to_words} to keep somebody safe. We said so to you." for row in told]
    parts.append("You can change your mind on any day. Tell any of us, and we stop at once.")
    return " ".join(parts)


_ALL = ("contact", "needs", "story", "measures", "record")


def _standing_noes(mine: Sequence[Consent], yes: Sequence[Consent]) -> list[Consent]:
    """The kind noes and changes of mind that no later yes to the same receiver took back, each once."""
    kept: dict[tuple[str, int | None], Consent] = {}
    again = {(row.breadth, row.key) for row in yes}
    for row in mine:
        if row.state in {"said_no", "withdrawn"} and (row.breadth, row.key) not in again:
            kept.setdefault((row.breadth, row.key), row)
    return list(kept.values())


def _names(names: Iterable[str]) -> str:
    found = list(dict.fromkeys(names))
    return " and ".join([", ".join(found[:-1]), found[-1]]) if len(found) > 1 else "".join(found)


def _day(row: Consent) -> str:
    return f"{row.until.day} {row.until:%B %Y}" if row.until else ""
