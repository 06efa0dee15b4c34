"""What was changed in a family's record, or in a colleague's access: from what, to what, by whom and why.

Built of the histories that the database keeps (`access.history`). Values are put into words here, so that a
page only lists them; nothing is shown that its own table would not show to whoever answers for the record.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

from django.db import models
from django.db.models import Q

from anydoor.access.changes import Changed, read, who_did
from anydoor.access.history import KEPT, field_of
from anydoor.access.models import (
    ApiToken,
    AuditEntry,
    Membership,
    Organisation,
    PersonalSight,
    Team,
    User,
)
from anydoor.access.reviewing import in_reach
from anydoor.access.roles import SEES_ORGANISATION_ACCESS, SEES_TEAM_ACCESS
from anydoor.access.standing import Standing
from anydoor.care.change_words import FIELD_WORDS, HIDDEN, THINGS, VALUE_WORDS
from anydoor.care.models import (
    AccessChoice,
    AccessRequest,
    BreakGlass,
    Erasure,
    FamilyCare,
    Happening,
    LegalHold,
    Objection,
    Seal,
    SealName,
)
from anydoor.directory.models import Area, Service
from anydoor.people.models import (
    Consent,
    ContactPoint,
    Family,
    FamilyMember,
    Instruction,
    LawfulBasis,
    Person,
    SharedWithout,
)
from anydoor.rules.errors import NotFound
from anydoor.rules.working_time import in_london, london_day

MOST_OF_ONE = 1_000  # changes of one person that are looked through

# What is shown by its name wherever a row points at it.
NAMED = frozenset({User, Team, Organisation, Area, Service, Person})


@dataclass(frozen=True, slots=True)
class FieldChange:
    """One field in words: what it said, and what it said then. Empty for nothing."""

    label: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Line:
    """One row that was added, changed or removed. `label` says which; `by` is empty when nobody is known.

    `at` is when it was done as the audit has it, else when it was written. `deed` is the line of the timeline
    it belongs to, `why` the reason given; never the words of a note.
    """

    number: int
    thing: str
    label: str
    fields: tuple[FieldChange, ...]
    at: datetime
    by: str
    deed: str
    why: str


def of_family(family_id: int, *, before: int | None = None, most: int) -> list[Line]:
    """What was changed in a family's record, newest first: at most `most`, from behind number `before` on.

    Of the people who belong to it now. Who left lives elsewhere, and what is written of them since is not
    this family's to see.
    """
    people = FamilyMember.objects.filter(family=family_id, left_at__isnull=True)
    ids = list(people.values_list("person_id", flat=True))
    seals = list(Seal.objects.filter(family=family_id).values_list("pk", flat=True))
    requests = list(AccessRequest.objects.filter(family=family_id).values_list("pk", flat=True))
    by_family = (
        *(FamilyMember, Consent, SharedWithout, LawfulBasis, FamilyCare, Seal, BreakGlass, LegalHold),
        *(Erasure, AccessRequest, Objection),
    )
    found = read(
        [
            (Person, "id", ids),
            (ContactPoint, "person", ids),
            (Instruction, "person", ids),
            (Family, "id", [family_id]),
            (PersonalSight, "family_id", [family_id]),
            (SealName, "seal", seals),
            (AccessChoice, "request", requests),
            *((model, "family", [family_id]) for model in by_family),
        ],
        before=before,
        most=most,
    )
    return _lines(found, family_id)


def of_person(person_id: int) -> list[Line]:
    """What was changed of one person's own facts and ways to reach them, newest first: theirs to be told."""
    found = read([(Person, "id", [person_id]), (ContactPoint, "person", [person_id])], most=MOST_OF_ONE)
    return _lines(found, None)


def of_colleague(who: Standing, user_id: int, *, before: int | None = None, most: int) -> list[Line]:
    """What was changed in a colleague's account, roles and keys, newest first, as far as `who` sees them.

    Roles and keys of teams whose access `who` looks after; the account of whoever has or had a role there.
    Raises `NotFound` for everybody else.
    """
    if not colleagues(who).filter(pk=user_id).exists():
        raise NotFound("There is no such page, or it is not yours to see.")
    mine = set(Team.objects.filter(_reach_of_teams(who)).values_list("pk", flat=True))
    found = read(
        [(User, "id", [user_id]), (Membership, "user", [user_id]), (ApiToken, "user", [user_id])],
        before=before,
        most=MOST_OF_ONE,
    )
    kinds: tuple[type[models.Model], ...] = (Membership, ApiToken)
    teams = {model: _teams_of(model, found) for model in kinds}
    seen = [one for one in found if one.model is User or teams[one.model][one.row_id] & mine]
    return _lines(seen[:most], None)


def colleagues(who: Standing) -> models.QuerySet[User]:
    """Everybody who has, or ever had, a role in a team whose access `who` looks after."""
    now = Membership.objects.filter(in_reach(who))
    teams = Team.objects.filter(_reach_of_teams(who)).values("pk")
    then = KEPT[Membership].changes._default_manager.filter(team__in=teams)
    return User.objects.filter(Q(pk__in=now.values("user")) | Q(pk__in=then.values("user")))


def _reach_of_teams(who: Standing) -> Q:
    """`in_reach`, seen from the teams themselves: also those in which nobody is left."""
    teams = {team for team in who.roles if who.has(*SEES_TEAM_ACCESS, team_id=team)}
    return Q(pk__in=teams) | Q(organisation__in=who.organisations_as(*SEES_ORGANISATION_ACCESS))


def _teams_of(model: type[models.Model], found: Iterable[Changed]) -> dict[int, set[int]]:
    """Of the rows that changed, by key, each team they are or were of."""
    ids = [one.row_id for one in found if one.model is model]
    teams: dict[int, set[int]] = {one: set() for one in ids}
    for rows in (
        model._default_manager.filter(pk__in=ids),
        KEPT[model].changes._default_manager.filter(id__in=ids),
    ):
        for row_id, team_id in rows.values_list("id", "team"):
            teams[row_id].add(team_id)
    return teams


# ---- in words


def _lines(found: Sequence[Changed], family_id: int | None) -> list[Line]:
    did = who_did(found, family_id=family_id)
    deeds = _deeds(did.values(), family_id)
    names = _names(found)
    return [_line(one, did.get(one.number), deeds, names) for one in found]


def _line(
    one: Changed,
    by: AuditEntry | None,
    deeds: Mapping[tuple[str, datetime], Happening],
    names: Mapping[tuple[type[models.Model], int], str],
) -> Line:
    shown = [name for name in one.fields if name not in HIDDEN]
    deed = deeds.get((by.action, by.at)) if by is not None else None
    # Of a correction the timeline keeps why; of all else its words are a note, and not for this page.
    corrected = deed.words if deed is not None and deed.facts.get("lines") else ""
    return Line(
        number=one.number,
        thing=THINGS[one.model].format(who=_about(one, names)),
        label=one.label,
        fields=tuple(
            FieldChange(
                FIELD_WORDS.get(name, name.replace("_", " ").capitalize()),
                _value(one.model, name, one.before.get(name), names),
                _value(one.model, name, one.after.get(name), names),
            )
            for name in shown
        ),
        at=by.at if by is not None else one.written_at,
        by=by.actor if by is not None else "",
        deed=deed.headline if deed is not None else "",
        why=corrected or (by.why if by is not None else ""),
    )


def _deeds(entries: Iterable[AuditEntry], family_id: int | None) -> dict[tuple[str, datetime], Happening]:
    """The lines of the timeline that were written with these audit rows, by kind and moment."""
    moments = {one.at for one in entries}
    if family_id is None or not moments:
        return {}
    rows = Happening.objects.filter(family=family_id, at__in=moments).order_by("pk")
    return {(row.kind, row.at): row for row in rows.only("kind", "at", "headline", "words", "facts")}


def _about(one: Changed, names: Mapping[tuple[type[models.Model], int], str]) -> str:
    """Whose row it is, by name; "somebody" when that cannot be said any more."""
    if one.model is Person:
        return names.get((Person, one.row_id)) or "somebody"
    for field, model in (("person", Person), ("user", User)):
        if one.said.get(field) is not None:
            return names.get((model, one.said[field])) or "somebody"
    return "somebody"


def _names(found: Iterable[Changed]) -> dict[tuple[type[models.Model], int], str]:
    """The names of everybody and everything that the rows point at, each table asked once."""
    wanted: dict[type[models.Model], set[int]] = {}
    for one in found:
        if one.model is Person:
            wanted.setdefault(Person, set()).add(one.row_id)
        for name, value in (*one.said.items(), *one.before.items(), *one.after.items()):
            target = _points_at(one.model, name)
            if target is not None and value is not None:
                wanted.setdefault(target, set()).add(value)
    return {
        (model, pk): _called(row)
        for model, ids in wanted.items()
        for pk, row in model._default_manager.in_bulk(list(ids)).items()
    }


def _called(row: models.Model) -> str:
    return row.called if isinstance(row, Person) else str(getattr(row, "name", ""))


def _points_at(model: type[models.Model], name: str) -> type[models.Model] | None:
    if name == "service_id":
        return Service
    target = field_of(model, name).related_model
    return target if isinstance(target, type) and target in NAMED else None


def _value(
    model: type[models.Model],
    name: str,
    value: Any,
    names: Mapping[tuple[type[models.Model], int], str],
) -> str:
    """A value in words; empty for nothing."""
    target = _points_at(model, name)
    if value in (None, "", []):
        return ""
    if target is not None:
        return names.get((target, value)) or "Somebody or something no longer here"
    words = {**dict(field_of(model, name).flatchoices), **VALUE_WORDS.get((model, name), {})}
    if isinstance(value, list):
        return ", ".join(str(words.get(one, one)) if isinstance(one, str) else str(one) for one in value)
    return str(words[value]) if isinstance(value, str) and value in words else _plain(value)


def _plain(value: Any) -> str:
    if isinstance(value, bool):
        return "Yes" if value else "No"
    if isinstance(value, datetime):
        return f"{_plain(london_day(value))}, {in_london(value):%H:%M}"
    if isinstance(value, date):
        return f"{value.day} {value:%B %Y}"
    return f"{value:%H:%M}" if isinstance(value, time) else str(value)
