"""Which team may see which family, and how much: worked out from a family's rows, by `rules.sharing`.

A team that works with somebody now sees the family in full if that person turned to it or agreed to it;
else only the record of its own work. A team that worked with them keeps the record of its own work for a
set time, and what is new stays closed to it. A team that is asked sees the least that lets it answer. The
front door of an area sees its open requests, what waits on its coordinator, and a family that it helped last
until the set time is over. A sealed family is seen by no team at all.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from typing import NamedTuple

from anydoor.access.models import PersonalSight
from anydoor.care.models import AreaSharing, Contact, Episode, Handover, Holding, Referral, SealName, Wait
from anydoor.directory.models import Area
from anydoor.people.consent import Consent, SharedWithout
from anydoor.people.models import ADULT_ROLES, FamilyMember
from anydoor.rules import working_time
from anydoor.rules.pathway import OPEN_REFERRAL, HandoverStage
from anydoor.rules.sharing import EVERYTHING, Answer, Receiver, Said, Without, may_share

PAST_DAYS = 365
OPEN_STAGES = frozenset(stage.value for stage in OPEN_REFERRAL)
RUNNING = {HandoverStage.ACCEPTED.value, HandoverStage.INTRODUCED.value}
LOOKED_AT_AGAIN = {HandoverStage.DECLINED.value, HandoverStage.AT_MEETING.value}


@dataclass(slots=True)
class Picture:
    """Every row of a family that its standing depends on. `requests` are all, `referrals` the open ones."""

    family_id: int
    members: Sequence[FamilyMember]
    requests: Sequence[Referral]
    episodes: Sequence[Episode]
    handovers: Sequence[Handover]
    holdings: Sequence[Holding]
    waits: Sequence[Wait]
    planned: Contact | None

    @property
    def referrals(self) -> list[Referral]:
        return [row for row in self.requests if row.stage in OPEN_STAGES]


class Seen(NamedTuple):
    """What one team sees of one family; the columns of `Sight`."""

    level: str
    without: tuple[int, ...] = ()
    withheld: tuple[str, ...] = ()
    until: datetime | None = None
    title: str = ""
    with_words: str = ""


@dataclass(slots=True)
class _Team:
    """What ties one team to a family."""

    organisation_id: int
    works_with: set[int] = field(default_factory=set)  # people it holds something of, or has accepted
    told_by: set[int] = field(default_factory=set)  # people who turned to it
    began_with: set[int] = field(default_factory=set)  # people it began with without anybody's request
    services: set[int] = field(default_factory=set)
    steps_in: bool = False  # its coordinator is asked
    asked: bool = False
    knew: set[int] = field(default_factory=set)  # people it worked with once
    worked_until: datetime | None = None  # when what it did ended

    def ended(self, at: datetime) -> None:
        self.worked_until = at if self.worked_until is None else max(self.worked_until, at)


@dataclass(frozen=True, slots=True)
class Words:
    """What was said of sharing in a family, by person; and what the area agreed."""

    said: Mapping[int, Sequence[Said]]
    without: Mapping[int, Sequence[Without]]
    agreed_organisations: Mapping[int, frozenset[int]]  # by person: those of a yes that counts
    circle: frozenset[int] = frozenset()
    past_days: int = PAST_DAYS


def sights_of(picture: Picture, *, at: datetime, sealed: bool = False) -> dict[int, Seen]:
    """What each team sees of the family, by its id."""
    if sealed:
        return {}
    teams = _ties(picture)
    on = working_time.london_day(at)
    adults = {row.person_id for row in picture.members if row.role in ADULT_ROLES}
    apart = {row.person_id for row in picture.members if row.apart}
    own_record = adults & (
        {row.person_id for row in picture.requests} | {row.person_id for row in picture.episodes}
    )
    needs_words = any((own_record | team.works_with) - team.told_by for team in teams.values())
    said = words_of(picture) if needs_words or any(t.worked_until for t in teams.values()) else NOTHING_SAID
    home = _home_organisations(teams)
    found = {}
    for key, team in teams.items():
        answers = {
            person: may_share(
                said.said.get(person, ()),
                said.without.get(person, ()),
                _receiver(team, person, said, home, lives_apart=person in apart),
                on=on,
            )
            for person in own_record | team.works_with
        }
        seen = _seen(team, answers, own_record, said.past_days, at, nothing_open=_nothing_open(picture, key))
        if seen is not None:
            # Whom they never met, they do not know by name.
            unknown = sorted(set(seen.without) - team.works_with - team.knew - team.told_by)
            title, others = _names(picture, unknown)
            withheld = (*seen.withheld, *(f"name:{person}" for person in unknown))
            found[key] = seen._replace(withheld=withheld, title=title, with_words=others)
    return found


def names_of(picture: Picture, without: Collection[int] = ()) -> tuple[str, str]:
    """What a family is called: whom the newest open request or episode is about, and who else belongs to it.

    People in `without` are not named.
    """
    begun = [(row.received_at, row.person_id) for row in picture.referrals if row.person_id not in without]
    begun += [(row.opened_at, row.person_id) for row in picture.episodes if row.person_id not in without]
    main_id = max(begun)[1] if begun else None
    shown = [row for row in picture.members if row.person_id not in without]
    members = sorted(shown, key=lambda row: (row.person_id != main_id, row.role in {"baby", "child"}))
    if not members:
        return "Somebody", ""
    others = [
        row.person.called for row in members[1:] if row.person.lost_on is None and not row.person.loss_kind
    ]
    return members[0].person.called, ("with " + ", ".join(others))[:200] if others else ""


def _names(picture: Picture, without: Collection[int]) -> tuple[str, str]:
    """What one team calls the family, where it does not know everybody in it; else nothing."""
    return names_of(picture, without) if without else ("", "")


NOTHING_SAID = Words({}, {}, {})


def words_of(picture: Picture) -> Words:
    """Read what was said of sharing in a family: two small queries, and one for the area's agreement."""
    said: dict[int, list[Said]] = {}
    yes: dict[int, set[int]] = {}
    family = picture.family_id
    for row in Consent.objects.filter(family=family, purpose="help"):
        said.setdefault(row.person_id, []).append(said_by(row))
        if row.state == "given" and row.organisation_id is not None:
            yes.setdefault(row.person_id, set()).add(row.organisation_id)
    without: dict[int, list[Without]] = {}
    for reason in SharedWithout.objects.filter(family=family, ended_at__isnull=True):
        without.setdefault(reason.person_id, []).append(Without(reason.breadth, reason.key, reason.until))
        if reason.organisation_id is not None:
            yes.setdefault(reason.person_id, set()).add(reason.organisation_id)
    areas = {row.area_id for row in picture.requests} | {row.area_id for row in picture.episodes}
    area = AreaSharing.objects.filter(area__in=areas).prefetch_related("circle").order_by("area").first()
    return Words(
        said=said,
        without=without,
        agreed_organisations={person: frozenset(found) for person, found in yes.items()},
        circle=frozenset(one.pk for one in area.circle.all()) if area else frozenset(),
        past_days=area.past_days if area else PAST_DAYS,
    )


def said_by(row: Consent) -> Said:
    """A stored word, as `rules.sharing` reads it."""
    return Said(
        state=row.state,
        breadth=row.breadth,
        key=row.key,
        at=row.counts_from,
        slices=frozenset(row.slices),
        until=row.until,
    )


# ---------------------------------------------------------------- what ties a team to a family


class _Ties(dict[int, _Team]):
    """Every team that something ties to a family, by id."""

    def to(self, team_id: int, organisation_id: int) -> _Team:
        return self.setdefault(team_id, _Team(organisation_id))


def _ties(picture: Picture) -> dict[int, _Team]:
    ties = _Ties()
    _tie_holders(ties, picture)
    for row in picture.requests:
        door = ties.to(row.front_door_id, row.front_door.organisation_id)
        door.told_by.add(row.person_id)
        if row.stage in OPEN_STAGES:
            door.works_with.add(row.person_id)
        elif row.ended_at is not None:
            door.ended(row.ended_at)
    for handover in picture.handovers:
        ties.to(handover.from_team_id, handover.from_team.organisation_id).works_with.add(handover.person_id)
        if handover.to_team is not None:
            asked = ties.to(handover.to_team.pk, handover.to_team.organisation_id)
            asked.services.add(handover.service_id)
            if handover.stage in RUNNING:
                asked.works_with.add(handover.person_id)
            else:
                asked.asked = True
    stuck = {row.area_id for row in picture.handovers if row.stage in LOOKED_AT_AGAIN}
    stuck |= {row.area_id for row in picture.waits if row.nudged_at is not None}
    if stuck:
        doors = Area.objects.filter(pk__in=stuck).values_list("front_door_id", "front_door__organisation_id")
        for team_id, organisation_id in doors:
            ties.to(team_id, organisation_id).steps_in = True
    return ties


def _tie_holders(ties: _Ties, picture: Picture) -> None:
    requests = {row.pk: row for row in picture.requests}
    episodes = {row.pk: row for row in picture.episodes}
    for held in picture.holdings:
        team = ties.to(held.team_id, held.team.organisation_id)
        if held.to_at is not None:
            team.ended(held.to_at)
            about = requests[held.referral_id].person_id if held.referral_id in requests else held.about_id  # type: ignore[attr-defined]  # annotated by `standing`
            team.knew |= {about} if about is not None else set()
        elif held.episode_id in episodes:
            episode = episodes[held.episode_id]
            team.works_with.add(episode.person_id)
            team.services.add(episode.service_id)
            if episode.referral_id is None:
                team.began_with.add(episode.person_id)
        elif held.referral_id in requests:
            team.works_with.add(requests[held.referral_id].person_id)


def _home_organisations(teams: Mapping[int, _Team]) -> dict[int, set[int]]:
    """By person: the organisations they turned to themselves."""
    home: dict[int, set[int]] = {}
    for team in teams.values():
        for person in team.told_by:
            home.setdefault(person, set()).add(team.organisation_id)
    return home


def _receiver(
    team: _Team, person: int, said: Words, home: Mapping[int, set[int]], *, lives_apart: bool
) -> Receiver:
    # Within what was agreed, colleagues who work with the same person need not ask again. Who works with
    # the other parent only is no colleague in this; when the parents live apart, the circle is none either.
    near = home.get(person, set()) | said.agreed_organisations.get(person, frozenset())
    works = person in team.works_with
    return Receiver(
        organisation_id=team.organisation_id,
        service_ids=frozenset(team.services),
        told=person in team.told_by
        or team.steps_in
        or (person in team.began_with and not _spoke_of(said, person, team)),
        in_circle=(works and team.organisation_id in near)
        or (team.organisation_id in said.circle and not (lives_apart and not works)),
    )


def _spoke_of(said: Words, person: int, team: _Team) -> bool:
    """Whether somebody ever said anything about sharing with this organisation: then that counts."""
    words: list[Said | Without] = [*said.said.get(person, ()), *said.without.get(person, ())]
    return any(
        one.key in team.services if one.breadth == "service" else one.key == team.organisation_id
        for one in words
    )


# ---------------------------------------------------------------- what follows from it


def _seen(
    team: _Team,
    answers: Mapping[int, Answer],
    own_record: Iterable[int],
    past_days: int,
    at: datetime,
    *,
    nothing_open: bool,
) -> Seen | None:
    hidden = tuple(sorted(person for person in own_record if "story" not in answers[person].slices))
    works = team.works_with
    # Of each person alone: what one parent agreed to says nothing of the other.
    withheld = tuple(
        f"{piece}:{person}"
        for person in sorted({*own_record, *works})
        if answers[person].is_shared
        for piece in sorted(EVERYTHING - answers[person].slices)
    )
    if team.steps_in or any("story" in answers[person].slices for person in works):
        mine = [answers[person] for person in works if answers[person].is_shared]
        return Seen("full", hidden, withheld, _first_end(mine))
    if works:
        return Seen("own", hidden, withheld)
    if team.worked_until is not None:
        until = team.worked_until + timedelta(days=past_days)
        if until <= at:
            return Seen("preview") if team.asked else None
        return Seen("full" if nothing_open else "own", hidden, withheld, until)
    return Seen("preview") if team.asked else None


def _first_end(answers: Iterable[Answer]) -> datetime | None:
    """The midnight after which the first of these runs out."""
    days = [one.until for one in answers if one.until is not None]
    return working_time.london(min(days) + timedelta(days=1), time(0)) if days else None


def _nothing_open(picture: Picture, team_id: int) -> bool:
    """Whether nothing is open and this team helped last, or is the door of the newest request.

    Somebody must be able to open a closed record again, correct it and answer for it.
    """
    if any(row.to_at is None for row in picture.holdings) or not picture.holdings:
        return False
    last = max(row.to_at for row in picture.holdings if row.to_at is not None)
    newest = max(picture.requests, key=lambda row: (row.received_at, row.pk), default=None)
    return any(row.team_id == team_id and row.to_at == last for row in picture.holdings) or (
        newest is not None and newest.front_door_id == team_id
    )


# ---------------------------------------------------------------- a sealed record


def store_named(picture: Picture, *, at: datetime) -> None:
    """Who may open a sealed record: those named, whoever holds, accepted, or is asked by name."""
    named = set(
        SealName.objects.filter(
            seal__family=picture.family_id, seal__lifted_at__isnull=True, ended_at__isnull=True
        ).values_list("user_id", flat=True)
    )
    named |= {row.user_id for row in picture.holdings if row.to_at is None}
    asked: set[int] = set()
    for handover in picture.handovers:
        receiver = handover.to_user_id or (handover.to_team.lead_id if handover.to_team else None)
        if receiver is not None:
            (named if handover.stage in RUNNING else asked).add(receiver)
    wanted = {(user, "named", "full") for user in named}
    wanted |= {(user, "asked", "preview") for user in asked - named}
    rows = PersonalSight.objects.filter(family_id=picture.family_id, why__in=["named", "asked"])
    stored = {(row.user_id, row.why, row.level): row.pk for row in rows}
    PersonalSight.objects.filter(pk__in=[pk for one, pk in stored.items() if one not in wanted]).delete()
    PersonalSight.objects.bulk_create(
        PersonalSight(user_id=user, family_id=picture.family_id, why=why, level=level)
        for user, why, level in sorted(wanted - set(stored))
    )
