"""The same as the map, told as a list: by stage, then by level, in the order a family meets it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from anydoor.rules.pathway_map.contacts import Contact, contacts_of
from anydoor.rules.pathway_map.entry import (
    LANES,
    Entry,
    in_order,
    is_for_young,
    lane_of,
    loss_spans_of,
    marks_of,
    shown_in,
    spans_of,
)
from anydoor.rules.pathway_map.scale import STAGES

STRAND_WORDS = {"pmh": "mental health", "pir": "bond with baby", "": "both"}
LEVEL_WORDS = {"targeted": "mild to moderate", "specialist": "moderate to severe"}


@dataclass(frozen=True, slots=True)
class Row:
    """A service in the list. `marks` are the map's marks as words, `strand` what the colour says there."""

    entry: Entry
    strand: str
    tone: str  # mental, bond, wider, held, grey: the colour of the tag
    marks: tuple[str, ...]
    begins_here: bool  # the first stage it is there for


@dataclass(frozen=True, slots=True)
class Group:
    """A level, or one of the two lanes beside the levels, with its services."""

    key: str
    name: str
    words: str
    rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True)
class Stage:
    """A stage: who sees every family then, and what there is. `count` is how many services."""

    key: str
    name: str
    contacts: tuple[tuple[str, tuple[Contact, ...]], ...]
    groups: tuple[Group, ...]

    @property
    def count(self) -> int:
        return sum(len(group.rows) for group in self.groups)


def as_list(
    entries: Sequence[Entry], contacts: Sequence[Contact] | None = None, *, view: str = "everything"
) -> tuple[Stage, ...]:
    """Stages with their contacts and services; a service stands in every stage it is there for.

    After a loss there are no stages of a pregnancy: one list, and no contacts.
    """
    chosen = shown_in(view, entries)
    if view == "loss":
        return (Stage("loss", "After a loss", (), _groups(in_order(chosen, loss=True), 0, loss=True)),)
    meetings = contacts_of() if contacts is None else contacts
    stages = []
    for number, column in enumerate(STAGES):
        here = [entry for entry in in_order(chosen) if lane_of(entry) != "loss" and _is_on(entry, number)]
        seen = _seen([contact for contact in meetings if contact.column == column.key])
        if here or seen:
            stages.append(Stage(column.key, column.name, seen, _groups(here, number, loss=False)))
    after = [entry for entry in in_order(chosen) if lane_of(entry) == "loss"]
    if after:
        stages.append(Stage("loss", "After a loss", (), _groups(after, 0, loss=True)))
    return tuple(stages)


def _is_on(entry: Entry, number: int) -> bool:
    """Whether it is there in a part of the column of that number."""
    return any(first < number + 1 and last > number for first, last in spans_of(entry))


def _seen(contacts: Sequence[Contact]) -> tuple[tuple[str, tuple[Contact, ...]], ...]:
    people = dict.fromkeys(contact.who for contact in contacts)
    return tuple((who, tuple(one for one in contacts if one.who == who)) for who in people)


def _groups(entries: Sequence[Entry], number: int, *, loss: bool) -> tuple[Group, ...]:
    groups = []
    for lane in LANES:
        rows = tuple(_row(entry, number, loss=loss) for entry in entries if lane_of(entry) == lane.key)
        if rows:
            groups.append(Group(lane.key, lane.name, LEVEL_WORDS.get(lane.key, ""), rows))
    return tuple(groups)


def _row(entry: Entry, number: int, *, loss: bool) -> Row:
    lane = lane_of(entry)
    if lane == "life":
        strand, tone = "wider needs", "wider"
    elif lane == "loss":
        strand, tone = "loss", "held"
    else:
        strand, tone = STRAND_WORDS[entry.strand], {"pmh": "mental", "pir": "bond", "": "grey"}[entry.strand]
    first = (loss_spans_of(entry) if loss else spans_of(entry))[0][0]
    return Row(entry, strand, tone, mark_words(entry), loss or int(first) == number)


def mark_words(entry: Entry) -> tuple[str, ...]:
    """The marks of the map as words."""
    marks = marks_of(entry)
    words = ["ask yourself"] if "D" in marks else []
    if is_for_young(entry):
        words.append(f"under {entry.age_under}")
    if "F" in marks:
        words.append("fathers" if "mother" not in entry.audience else "fathers and co-parents welcome")
    return tuple(words)


def when_words(entry: Entry) -> str:
    """When it begins, in a few words: `From 28 weeks`, `From birth`, `From 9 months`."""
    if entry.trying:
        return "From trying for a baby"
    if entry.pregnancy is not None:
        week = entry.pregnancy[0]
        return f"From {week} weeks" if week > 0 else "From the first weeks"
    if entry.child is None:
        return ""
    days = entry.child[0]
    if days <= 0:
        return "From birth"
    return f"From {round(days * 12 / 365.25)} months" if days >= 61 else f"From {days // 7 or 1} weeks"
