"""Intake: a request comes through a door and is held, in the same transaction, by a named person.

Every door ends in `receive`: the public page, a professional's form, the desk, a file, the API.
"""

from __future__ import annotations

from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection

from anydoor.access import wall
from anydoor.access.audit import Outsider, name_of, user_of
from anydoor.access.duty import on_duty
from anydoor.access.models import Team, User
from anydoor.access.rows import next_keys
from anydoor.care import apart, sealing, telling
from anydoor.care.clocks import wait_on_danger, wait_to_decide
from anydoor.care.listing import excerpt_of, marks_of, tags_of, who_words_of
from anydoor.care.models import PossibleMatch, Referral, Story
from anydoor.care.record import Pen, beginning, first_name, fresh_referral, writing
from anydoor.care.schedule.keeping import first_rows
from anydoor.care.told import Checked, Told, check, faults_in
from anydoor.directory import places
from anydoor.directory.models import Area
from anydoor.messages import outbox
from anydoor.messages.models import OutboxMessage
from anydoor.people import register
from anydoor.people.models import ContactPoint, Family, FamilyMember, Instruction, Person
from anydoor.rules import danger, identifiers, reference, working_time
from anydoor.rules.errors import BadInput
from anydoor.rules.pathway import Event, ReferralStage

__all__ = ["Received", "Told", "excerpt_of", "faults_in", "marks_of", "receive", "who_words_of"]

# Only hides how many requests there are. A reference opens nothing by itself.
REFERENCE_KEY = b"anydoor reference"
BY_WORD = "a worker's word"


@dataclass(frozen=True, slots=True)
class Received:
    """What became of a request. `already` when the same row or form had come before."""

    referral: Referral
    already: bool = False
    joined_by: str = ""
    possible_matches: int = 0


@dataclass(frozen=True, slots=True)
class _Keys:
    """The number behind the reference, and the keys of rows that others point at."""

    reference: int
    referral: int
    family: int
    people: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class _Request:
    """What is being received: as told and as checked, where, by whom it is to be held, whom it joins."""

    told: Told
    checked: Checked
    area: Area
    source_ref: str | None
    joined_by: str
    holder: User | None
    keys: _Keys


def receive(
    *,
    told: Told,
    area: Area,
    by: User | Outsider,
    at: datetime,
    source_ref: str | None = None,
    holder: User | None = None,
    contact_is_proved: bool = False,
    known: Person | None = None,
) -> Received:
    """Accept a request and have it held, from this second, by the area's duty worker (or `holder`).

    `source_ref` names the row or form it came from: the same one again changes nothing and is answered
    `already`. Joining a person we know happens by itself only on NHS number with birth date, or on a
    contact point proved by a code (`contact_is_proved`); anything weaker becomes a possible match that a
    front-door worker decides. `known` is somebody whom a signed-in worker, who may see them, has found
    first: the worker's word joins. Raises `BadInput`, pinned to its field, for the first fault.
    """
    checked = check(told, on=working_time.london_day(at))
    if checked.faults:
        raise checked.faults[0]
    checked.located = places.locate(told.place, with_area=False)
    with wall.working():
        one_at_a_time(f"{area.pk}|{source_ref}" if source_ref else "", checked.nhs_number)
        if source_ref is not None:
            earlier = _earlier(area, source_ref)
            if earlier is not None:
                return Received(earlier, already=True, joined_by=earlier.joined_by)
        person, joined_by = _known(told, checked, contact_is_proved, known)
        request = _Request(told, checked, area, source_ref, joined_by, holder, _next_keys(told))
        with _pen_for(request, person, by, at) as pen:
            return _receive_in(pen, request, person)


def _pen_for(
    request: _Request, person: Person | None, by: User | Outsider, at: datetime
) -> AbstractContextManager[Pen]:
    """For the family of somebody we know, else for one that begins with this request."""
    family = _family_of(person) if person is not None else None
    if family is not None:
        return writing(family, by=by, at=at)
    family = Family(
        pk=request.keys.family,
        trying_to_conceive=request.told.trying_to_conceive,
        assisted_conception=request.told.assisted_conception,
        created_at=at,
    )
    return beginning(family, by=by, at=at)


def _receive_in(pen: Pen, request: _Request, person: Person | None) -> Received:
    told, checked = request.told, request.checked
    matches: list[register.Candidate] = []
    if person is None:
        matches = register.candidates(
            name=told.name,
            born_on=told.born_on,
            number=checked.nhs_number,
            contact=checked.contact.normalised if checked.contact else "",
            postcode=checked.located.postcode,
        )
        person = _new_person(told, checked, pen.at, number_taken=_number_taken(matches))
        matches = sealing.to_compare(matches)
    if pen.fresh:
        babies = _add_people(pen, told, person, request.keys)
        district = checked.located.district_code
        pen.add(*first_rows(pen.family, babies, area=request.area, district_code=district, at=pen.at))
    point = _add_facts(pen, told, checked, person, request.joined_by)
    referral = _write(pen, request, person)
    for match in matches:
        pen.add(PossibleMatch(referral=referral, candidate=match.person, reasons=list(match.reasons)))
    if matches:
        _wait_for_match(pen, referral)
    messages = _messages(pen, referral, point)
    # A new request has no message yet, so in a new family they can go with its other rows.
    if pen.fresh:
        pen.add(*messages)
    else:
        outbox.post(*messages)
    return Received(referral, joined_by=request.joined_by, possible_matches=len(matches))


def one_at_a_time(*keys: str) -> None:
    """Two requests with the same row or the same NHS number are dealt with one after the other."""
    wanted = sorted(filter(None, keys))
    if wanted:
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT pg_advisory_xact_lock(hashtextextended(key, 0)) FROM unnest(%s::text[]) AS key",
                [wanted],
            )


def _next_keys(told: Told) -> _Keys:
    """One query for all of them. What is not used is a gap in a sequence, no more."""
    people = [Person] * (1 + _babies(told))
    number, referral, family, *rest = next_keys(Referral, Family, *people, also="care_reference_seq")
    return _Keys(number, referral, family, tuple(rest))


def _earlier(area: Area, source_ref: str) -> Referral | None:
    """The request that came from the same row before. Nearly always none, so only its key is asked for."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT id FROM care_referral WHERE area_id = %s AND source_ref = %s", [area.pk, source_ref]
        )
        found = cursor.fetchone()
    return fresh_referral(found[0]) if found else None


def _known(
    told: Told, checked: Checked, contact_is_proved: bool, found_by_worker: Person | None
) -> tuple[Person | None, str]:
    if found_by_worker is not None:
        return found_by_worker, BY_WORD
    person = register.known_by_nhs_number(checked.nhs_number, told.born_on)
    if person is not None:
        return person, "NHS number"
    if contact_is_proved and checked.contact is not None:
        person = register.known_by_proved_contact(checked.contact.normalised)
        if person is not None:
            return person, "proved contact"
    return None, ""


def _family_of(person: Person) -> Family | None:
    """The family somebody was last added to as more than a child of it."""
    member = (
        person.memberships.filter(left_at__isnull=True)
        .select_related("family")
        .order_by("-joined_at")
        .first()
    )
    return member.family if member else None


def _number_taken(matches: list[register.Candidate]) -> bool:
    return any("Same NHS number" in match.reasons for match in matches)


def _new_person(told: Told, checked: Checked, at: datetime, *, number_taken: bool) -> Person:
    # A number that another person already carries is a claim to look at, not an identity.
    return Person(
        created_at=at,
        name=told.name.strip(),
        born_on=told.born_on,
        nhs_number=checked.nhs_number if checked.nhs_number and not number_taken else None,
        language=told.language,
        interpreter=told.interpreter,
        address_kind=told.address_kind,
        address=told.address,
        postcode=checked.located.postcode,
        district_code=checked.located.district_code,
    )


def _add_people(pen: Pen, told: Told, person: Person, keys: _Keys) -> list[Person]:
    """The person and the babies told of (returned), in a new family. Those we know are not doubled."""
    babies = [
        Person(
            created_at=pen.at,
            name=told.baby_name.strip() if number == 0 else "",
            due_on=told.due_on,
            born_on=told.baby_born_on,
            lost_on=told.lost_on,
            loss_kind=told.loss_kind or ("not_said" if told.lost_on else ""),
        )
        for number in range(_babies(told))
    ]
    for one, key in zip([person, *babies], keys.people, strict=True):
        if one._state.adding:
            one.pk = key
            pen.add(one, *register.name_rows(one))
        role = (told.role or "other") if one is person else "baby"
        pen.add(FamilyMember(family=pen.family, person=one, role=role, joined_at=pen.at))
    return babies


def _babies(told: Told) -> int:
    """How many babies a request tells of."""
    return told.babies if told.due_on or told.baby_born_on or told.lost_on or told.loss_kind else 0


def _add_facts(pen: Pen, told: Told, checked: Checked, person: Person, joined_by: str) -> ContactPoint | None:
    """What was told beside the story: how to reach them (returned), what they need, what keeps them safe."""
    point = None
    if checked.contact is not None:
        point = register.contact_point(
            person=person,
            contact=checked.contact,
            typed=told.contact.strip(),
            at=pen.at,
            safe=told.safe,
            uses=told.uses,
            hours=told.hours,
        )
        if joined_by:
            # Only a worker who found them first has spoken with them; a form with their number has not.
            point = register.keep_contact_point(point, asked_again=joined_by == BY_WORD)
        else:
            pen.add(point)
    said_by = told.name.strip() if told.by_themselves and told.name.strip() else name_of(pen.by)
    for kind, sentences in (("need", told.communication), ("safety", told.safety)):
        for words in sentences:
            pen.add(
                Instruction(
                    person=person,
                    kind=kind,
                    words=words,
                    said_by=said_by[:200],
                    recorded_by=user_of(pen.by),
                    at=pen.at,
                )
            )
    return point


def _write(pen: Pen, request: _Request, person: Person) -> Referral:
    told, checked, area = request.told, request.checked, request.area
    front_door: Team = area.front_door
    duty, reads_at = on_duty(front_door, pen.at)
    worker, team = request.holder or duty, front_door
    if not pen.fresh:
        # A sealed record stays with who holds it: the duty worker does not learn that it is there.
        worker, team = sealing.who_holds(pen.family) or (worker, team)
    if worker.pk in pen.kept_from():
        worker, team = apart.somebody_else(team, area, pen.kept_from(), pen.at) or (worker, team)
    danger_words = _danger_in(told)
    read_day_ends = working_time.due_after_working_days(reads_at, 0, front_door.closes)
    referral = Referral(
        pk=request.keys.referral,
        reference=reference.make(area.reference_prefix, request.keys.reference, key=REFERENCE_KEY),
        area=area,
        front_door=front_door,
        family=pen.family,
        person=person,
        door=told.door,
        stage=ReferralStage.RECEIVED.value,
        received_at=pen.at,
        read_by_time=reads_at,
        due_at=read_day_ends,
        contact_by=working_time.due_after_working_days(reads_at, area.triage_days, front_door.closes),
        danger_words=[words[:200] for words in danger_words],
        referrer_name=told.referrer_name,
        referrer_organisation=told.referrer_organisation,
        referrer_contact=told.referrer_contact,
        referrer=user_of(pen.by) if not told.by_themselves else None,
        family_knows=told.family_knows,
        agreed_words=told.agreed_words.strip(),
        needs=list(told.needs),
        asks_for=told.asks_for,
        claimed=_claims(told, checked, person),
        joined_by=request.joined_by,
        source_ref=request.source_ref,
        title=person.called,
        who_words=who_words_of(told),
        excerpt=excerpt_of(checked.story, danger_words),
        tags=tags_of(told, bool(danger_words)),
        about=marks_of(told, pen.at),
        place_words=(checked.located.district_name or told.place)[:100],
        district_code=checked.located.district_code,
        holder=worker,
        holder_team=team,
    )
    pen.hold(referral, worker, team, "received at the front door", new=True)
    pen.add(_story(pen, request, referral))
    _say_received(pen, referral, told, worker)
    _open_waits(pen, referral, worker, read_day_ends, bool(danger_words))
    return referral


def _story(pen: Pen, request: _Request, referral: Referral) -> Story:
    return Story(
        family=pen.family,
        person=referral.person,
        referral=referral,
        kind="own" if request.told.by_themselves else "referrer",
        words=request.checked.story,
        told_by=_teller(request.told, referral.person),
        how=_how(request.told),
        recorded_by=user_of(pen.by),
        at=pen.at,
    )


def _danger_in(told: Told) -> list[str]:
    """Words of danger, each once, in whatever box they were written: a cry may stand where a name should."""
    boxes = (
        *(told.story, told.asks_for, *told.communication, *told.safety, told.agreed_words),
        *(told.name, told.baby_name, told.place, told.hours, told.language, told.address),
        *(told.referrer_name, told.referrer_organisation, told.referrer_contact),
    )
    found = danger.find("\n\n".join(text for text in boxes if text))
    return list(dict.fromkeys(span.words for span in found))


def _say_received(pen: Pen, referral: Referral, told: Told, worker: User) -> None:
    who = referral.title if told.by_themselves else (told.referrer_name or told.referrer_organisation)
    verb = "asked for help" if told.by_themselves else f"asked for help for {referral.title}"
    pen.note(
        "received",
        f"{who} {verb}.",
        f"Held by the front door, {worker.name}.",
        subject=referral,
        to_stage=referral.stage,
        moved_holding=True,
    )


def _open_waits(pen: Pen, referral: Referral, worker: User, read_by: datetime, in_danger: bool) -> None:
    team = referral.holder_team or referral.front_door
    if in_danger:
        wait_on_danger(pen, referral, worker, team)
    if referral.door in {"phone", "walk_in", "event"} and user_of(pen.by) is not None:
        # Whoever wrote it down has read it.
        pen.move(referral, Event.READ, f"{name_of(pen.by)} wrote this down and has read it.")
        wait_to_decide(pen, referral)
    else:
        pen.wait(
            "read",
            subject=referral,
            user=worker,
            team=team,
            due_at=read_by,
            why=f"A new request came by {referral.get_door_display().lower()}. Read it, then decide.",
        )


def _wait_for_match(pen: Pen, referral: Referral) -> None:
    assert referral.holder is not None
    pen.wait(
        "match",
        subject=referral,
        user=referral.holder,
        team=referral.front_door,
        due_at=referral.contact_by,
        why="We may know this person already. Decide whether they are the same.",
    )


def _messages(pen: Pen, referral: Referral, point: ContactPoint | None) -> list[OutboxMessage]:
    """To the worker who holds it, to the family if that is safe, to a referrer with an e-mail address."""
    worker, area = referral.holder, referral.area
    assert worker is not None
    messages = [
        outbox.for_staff(
            user=worker,
            subject=f"A request waits for you: {referral.reference}",
            body=(
                f"Request {referral.reference} is with you at {referral.front_door.name}. "
                f"Sign in to read it. It came by {referral.get_door_display().lower()}."
            ),
            template="request_for_duty_worker",
            key=f"received:{referral.pk}",
            at=pen.at,
            family=pen.family,
            area_id=area.pk,
        ),
        *telling.received(pen, referral, point),
    ]
    address = _email_in(referral.referrer_contact)
    if address:
        messages.append(
            outbox.for_address(
                address=address,
                subject=f"We have your referral {referral.reference}",
                body=(
                    f"Thank you. Your referral has the reference {referral.reference}. "
                    f"{worker.name} at {referral.front_door.name} holds it now. "
                    f"If you need us, call {area.phone} and say the reference."
                ),
                template="referral_received",
                key=f"referrer:{referral.pk}",
                at=pen.at,
                family=pen.family,
                area_id=area.pk,
            )
        )
    return messages


def _email_in(text: str) -> str:
    """The address, when what was given is one e-mail address and nothing else."""
    try:
        return identifiers.email(text)
    except BadInput:
        return ""


def _claims(told: Told, checked: Checked, person: Person) -> dict[str, Any]:
    claims: dict[str, Any] = {}
    if checked.nhs_number and person.nhs_number != checked.nhs_number:
        claims["nhs_number"] = checked.nhs_number
    if told.name.strip() and told.name.strip() != person.name:
        claims["name"] = told.name.strip()
    if told.place.strip():
        claims["place"] = told.place.strip()
    return claims


def _teller(told: Told, person: Person) -> str:
    if told.by_themselves:
        return person.called if person.name else "In their own words"
    return ", ".join(part for part in (told.referrer_name, told.referrer_organisation) if part)[:200]


def _how(told: Told) -> str:
    ways = {
        "web": "by web form",
        "phone": "by phone",
        "text": "by text",
        "walk_in": "in person",
        "email": "by email",
        "messaging": "by messaging app",
        "professional": "by professional referral",
        "partner": "by partner system",
        "file": "by file",
        "event": "at a community event",
    }
    return ways[told.door]


def known_first_name(referral: Referral) -> str:
    """What to call the person in a sentence to a colleague."""
    return first_name(referral.person.name) if referral.person.name else "this person"
