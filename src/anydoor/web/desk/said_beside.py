"""What somebody says of their record, short and beside the thing itself, wherever staff read it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from django.urls import reverse

from anydoor.care.models import Objection
from anydoor.ui.times import date_words
from anydoor.ui.words import given_name
from anydoor.web.desk.family_rows import shortened

CUT = 200
Marks = Mapping[str, Sequence[dict[str, Any]]]
STATE_COLOURS = {"open": "due", "corrected": "good", "stopped": "good", "kept": "grey"}
SAYS = {
    "wrong": "says this is not right",
    "share": "does not want this shared",
    "use": "does not want this used or kept",
}
SHORT = {"wrong": "says {what} is not right", "share": "does not want {what} shared",
         "use": "does not want {what} used or kept"}  # fmt: skip


def marks_of(rows: Iterable[Objection], names: Mapping[int, str], at: datetime) -> Marks:
    """By the key of what they are about (`person:7` for a fact and for what is not listed): what to show."""
    found: dict[str, list[dict[str, Any]]] = {}
    for row in rows:
        found.setdefault(row.of or f"other:{row.person_id}", []).append(_mark(row, names, at))
    return found


def names_of(rows: Iterable[Objection]) -> dict[int, str]:
    """First names by person, of rows read with their people."""
    return {row.person_id: given_name(row.person.called) for row in rows}


def _mark(row: Objection, names: Mapping[int, str], at: datetime) -> dict[str, Any]:
    name = names.get(row.person_id, "They")
    return {
        "name": name,
        "about": row.about,
        "says": SAYS[row.kind],
        "short": SHORT[row.kind].format(what=_inside(row.about)),
        "words": shortened(row.words, CUT),
        "state": row.get_state_display(),
        "colour": STATE_COLOURS.get(row.state, "grey"),
        "open": row.is_open,
        "right": row.now_says,
        "when": date_words(row.at, at)[:1].upper() + date_words(row.at, at)[1:],
        "href": reverse("desk:objection", args=[row.pk]),
    }


def _inside(about: str) -> str:
    """A heading in the middle of a sentence: names and short forms keep their capitals."""
    return about[:1].lower() + about[1:] if about[1:2].islower() or about[1:2] == " " else about


def of_kinds(marks: Marks, *kinds: str) -> list[dict[str, Any]]:
    """The marks of things of these kinds, in the order they were said."""
    return [one for key, rows in marks.items() if key.partition(":")[0] in kinds for one in rows]


def of_person(marks: Marks, person_id: int) -> list[dict[str, Any]]:
    """Those about facts of one person, and about what is not listed."""
    mine = (f"person:{person_id}:", f"other:{person_id}")
    return [one for key, rows in marks.items() if key.startswith(mine) for one in rows]
