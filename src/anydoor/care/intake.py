"""Intake: a request comes through a door and is held, in the same transaction, by a named person.

Every door ends in `receive`: the public page, a professional's form, the desk, a file, the API.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, TypeVar

from django.db import connection, transaction

from anydoor.access.audit import Outsider, name_of, user_of
from anydoor.access.duty import on_duty
from anydoor.access.models import Team, User
from anydoor.care.clocks import wait_to_decide
from anydoor.care.models import PossibleMatch, Referral, Story
from anydoor.care.record import Pen, beginning, first_name, writing
from anydoor.directory import places
from anydoor.directory.models import Area
from anydoor.messages import outbox
from anydoor.people import register
from anydoor.people.models import LOSS_KINDS, ROLES_IN_FAMILY, Family, Person
from anydoor.rules import danger, identifiers, reference, stage, working_time
from anydoor.rules.errors import BadInput
from anydoor.rules.pathway import Event, ReferralStage

# Only hides how many requests there are. A reference opens nothing by itself.
REFERENCE_KEY = b"anydoor reference"
EXCERPT = 200
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Told:
    """What came through the door, as typed. Only `story`, `door` and a way to reach somebody are needed.

    `role` is who the person is: mother, father, co_parent, carer, or empty when it was not said. `safe`,
    `uses` and `hours` speak of `contact`. The referrer's three are empty when the person asked themselves.
    """

    story: str
    door: str
    contact: str = ""
    place: str = ""
    name: str = ""
    role: str = ""
    born_on: date | None = None
    nhs_number: str = ""
    trying_to_conceive: bool = False
    assisted_conception: bool = False
    due_on: date | None = None
    babies: int = 1
    baby_name: str = ""
    baby_born_on: date | None = None
    lost_on: date | None = None
    loss_kind: str = ""
    safe: str = "not_asked"
    uses: tuple[str, ...] = ()
    hours: str = ""
    language: str = ""
    interpreter: str = "not_asked"
    communication: tuple[str, ...] = ()
    safety: tuple[str, ...] = ()
    address_kind: str = "not_asked"
    address: str = ""
    needs: tuple[str, ...] = ()
    asks_for: str = ""
    referrer_name: str = ""
    referrer_organisation: str = ""
    referrer_contact: str = ""
    family_knows: str = "not_asked"

    @property
    def by_themselves(self) -> bool:
        return not (self.referrer_name or self.referrer_organisation)


@dataclass(frozen=True, slots=True)
class Received:
    """What became of a request. `already` when the same row or form had come before."""

    referral: Referral
    already: bool = False
    joined_by: str = ""
    possible_matches: int = 0


@dataclass(slots=True)
class _Checked:
    """The same facts in comparable form, and every fault found on the way."""

    story: str = ""
    contact: identifiers.Contact | None = None
    nhs_number: str = ""
    located: places.Located = field(default_factory=lambda: places.Located(""))
    faults: list[BadInput] = field(default_factory=list)

    def attempt(self, name: str, work: Callable[[], T]) -> T | None:
        try:
            return work()
        except BadInput as fault:
            self.faults.append(fault.at(name))
            return None


LINES = (
    ("name", 200),
    ("baby_name", 200),
    ("place", 200),
    ("hours", 200),
    ("language", 60),
    ("address", 500),
    ("asks_for", 500),
    ("referrer_name", 200),
    ("referrer_organisation", 200),
    ("referrer_contact", 254),
)


def faults_in(told: Told, *, on: date) -> list[BadInput]:
    """Everything about `told` that cannot be used, each pinned to its field. Empty: it can be received."""
    return _check(told, on=on).faults


def _check(told: Told, *, on: date) -> _Checked:
    checked = _Checked()
    story = checked.attempt("story", lambda: identifiers.free_text(told.story))
    checked.story = (story or "").strip()
    if story is not None and not checked.story:
        checked.faults.append(BadInput("Tell us what is going on. One sentence is enough.", field="story"))
    if told.contact.strip():
        checked.contact = checked.attempt("contact", lambda: identifiers.contact(told.contact))
    elif not told.referrer_contact.strip():
        checked.faults.append(
            BadInput("Give us one way to reach you: a phone number or an email address.", field="contact")
        )
    if told.nhs_number.strip():
        checked.nhs_number = (
            checked.attempt("nhs_number", lambda: identifiers.nhs_number(told.nhs_number)) or ""
        )
    for name, limit in LINES:
        text = str(getattr(told, name))
        if text and name != "address":
            checked.attempt(name, lambda text=text, limit=limit: identifiers.one_line(text, limit))  # type: ignore[misc]
        elif text:
            checked.attempt(name, lambda text=text, limit=limit: identifiers.free_text(text, limit))  # type: ignore[misc]
    _check_dates(told, on, checked)
    _check_words(told, checked)
    if not any(fault.field == "place" for fault in checked.faults):
        checked.located = places.locate(told.place)
    return checked


def _check_dates(told: Told, on: date, checked: _Checked) -> None:
    born_on, due_on, baby_born_on, lost_on = told.born_on, told.due_on, told.baby_born_on, told.lost_on
    if born_on is not None:
        checked.attempt("born_on", lambda: stage.check_born_on(born_on, on, whose="adult"))
    if due_on is not None:
        checked.attempt("due_on", lambda: stage.check_due_on(due_on, on))
    if baby_born_on is not None:
        checked.attempt("baby_born_on", lambda: stage.check_born_on(baby_born_on, on, whose="baby"))
    if lost_on is not None:
        checked.attempt("lost_on", lambda: stage.check_lost_on(lost_on, on, born_on=baby_born_on))
    if not 1 <= told.babies <= 6:
        checked.faults.append(BadInput("Say how many babies: 1 to 6.", field="babies"))


def _check_words(told: Told, checked: _Checked) -> None:
    if told.role and told.role not in ROLES_IN_FAMILY:
        known = ", ".join(ROLES_IN_FAMILY)
        checked.faults.append(BadInput(f"Choose one of: {known}.", field="role"))
    if told.loss_kind and told.loss_kind not in LOSS_KINDS:
        checked.faults.append(BadInput("Choose the kind of loss from the list.", field="loss_kind"))


def receive(
    *,
    told: Told,
    area: Area,
    by: User | Outsider,
    at: datetime,
    source_ref: str | None = None,
    holder: User | None = None,
    contact_is_proved: bool = False,
) -> Received:
    """Accept a request and have it held, from this second, by the area's duty worker (or `holder`).

    `source_ref` names the row or form it came from: the same one again changes nothing and is answered
    `already`. Joining a person we know happens by itself only on NHS number with birth date, or on a
    contact point proved by a code (`contact_is_proved`); anything weaker becomes a possible match that a
    front-door worker decides. Raises `BadInput`, pinned to its field, for the first fault.
    """
    checked = _check(told, on=working_time.in_london(at).date())
    if checked.faults:
        raise checked.faults[0]
    with transaction.atomic():
        _one_at_a_time(f"{area.pk}|{source_ref}" if source_ref else "", checked.nhs_number)
        if source_ref is not None:
            earlier = Referral.objects.filter(area=area, source_ref=source_ref).first()
            if earlier is not None:
                return Received(earlier, already=True, joined_by=earlier.joined_by)
        person, joined_by = _known(told, checked, contact_is_proved)
        family = _family_of(person) if person is not None else None
        if family is None or person is None:
            family = Family.objects.create(
                trying_to_conceive=told.trying_to_conceive,
                assisted_conception=told.assisted_conception,
                created_at=at,
            )
            opened = beginning(family, by=by, at=at)
        else:
            opened = writing(family, by=by, at=at)
        with opened as pen:
            matches: list[register.Candidate] = []
            if person is None:
                matches = register.candidates(
                    name=told.name,
                    born_on=told.born_on,
                    number=checked.nhs_number,
                    contact=checked.contact.normalised if checked.contact else "",
                    postcode=checked.located.postcode,
                )
                person = _new_person(told, checked, at, number_taken=_number_taken(matches))
                register.add_to_family(family=family, person=person, role=told.role or "other", at=at)
            _add_facts(pen, told, checked, person, joined=bool(joined_by))
            referral = _write(pen, told, checked, person, area, source_ref, joined_by, holder)
            for match in matches:
                PossibleMatch.objects.create(
                    referral=referral, candidate=match.person, reasons=list(match.reasons)
                )
            if matches:
                _wait_for_match(pen, referral)
    return Received(referral, joined_by=joined_by, possible_matches=len(matches))


def _one_at_a_time(*keys: str) -> None:
    """Two requests with the same row or the same NHS number are dealt with one after the other."""
    with connection.cursor() as cursor:
        for key in keys:
            if key:
                cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [key])


def _known(told: Told, checked: _Checked, contact_is_proved: bool) -> tuple[Person | None, str]:
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


def _new_person(told: Told, checked: _Checked, at: datetime, *, number_taken: bool) -> Person:
    # A number that another person already carries is a claim to look at, not an identity.
    return register.add_person(
        at=at,
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


def _add_facts(pen: Pen, told: Told, checked: _Checked, person: Person, *, joined: bool) -> None:
    """What was told beside the story: how to reach them, what they need, the baby, a loss."""
    if checked.contact is not None:
        register.add_contact_point(
            person=person,
            contact=checked.contact,
            typed=told.contact.strip(),
            at=pen.at,
            safe=told.safe,
            uses=told.uses,
            hours=told.hours,
        )
    said_by = told.name.strip() if told.by_themselves and told.name.strip() else name_of(pen.by)
    for kind, sentences in (("need", told.communication), ("safety", told.safety)):
        for words in sentences:
            register.add_instruction(
                person=person,
                kind=kind,
                words=words[:300],
                said_by=said_by,
                recorded_by=user_of(pen.by),
                at=pen.at,
            )
    if joined:
        return  # the children of a family we know are not doubled by what a form says of them
    if told.due_on or told.baby_born_on or told.lost_on or told.loss_kind:
        for number in range(told.babies):
            baby = register.add_person(
                at=pen.at,
                name=told.baby_name.strip() if number == 0 else "",
                due_on=told.due_on,
                born_on=told.baby_born_on,
                lost_on=told.lost_on,
                loss_kind=told.loss_kind or ("not_said" if told.lost_on else ""),
            )
            register.add_to_family(family=pen.family, person=baby, role="baby", at=pen.at)


def _write(
    pen: Pen,
    told: Told,
    checked: _Checked,
    person: Person,
    area: Area,
    source_ref: str | None,
    joined_by: str,
    holder: User | None,
) -> Referral:
    front_door: Team = area.front_door
    duty, reads_at = on_duty(front_door, pen.at)
    worker = holder or duty
    spans = danger.find(told.story)
    read_day_ends = working_time.due_after_working_days(reads_at, 0, front_door.closes)
    referral = Referral(
        reference=_next_reference(area),
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
        danger_words=[span.words for span in spans],
        referrer_name=told.referrer_name,
        referrer_organisation=told.referrer_organisation,
        referrer_contact=told.referrer_contact,
        referrer=user_of(pen.by) if not told.by_themselves else None,
        family_knows=told.family_knows,
        needs=list(told.needs),
        asks_for=told.asks_for,
        claimed=_claims(told, checked, person),
        joined_by=joined_by,
        source_ref=source_ref,
        title=person.called,
        who_words=_who_words(told),
        excerpt=_excerpt(checked.story),
        tags=_tags(told, bool(spans)),
        about=_about(told, pen.at),
        place_words=(checked.located.district_name or told.place)[:100],
        district_code=checked.located.district_code,
        holder=worker,
        holder_team=front_door,
    )
    referral.save()
    pen.hold(referral, worker, front_door, "received at the front door")
    Story.objects.create(
        family=pen.family,
        person=person,
        referral=referral,
        kind="own" if told.by_themselves else "referrer",
        words=checked.story,
        told_by=_teller(told, person),
        how=_how(told),
        recorded_by=user_of(pen.by),
        at=pen.at,
    )
    _say_received(pen, referral, told, worker)
    _open_waits(pen, referral, worker, read_day_ends, bool(spans))
    _tell_people(pen, referral, worker)
    return referral


def _next_reference(area: Area) -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval('care_reference_seq')")
        number: int = cursor.fetchone()[0]
    return reference.make(area.reference_prefix, number, key=REFERENCE_KEY)


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
    area, team = referral.area, referral.front_door
    if in_danger:
        pen.wait(
            "danger",
            subject=referral,
            user=worker,
            team=team,
            due_at=working_time.add_working_minutes(pen.at, area.danger_minutes, team.opens, team.closes),
            why="Words in this request may mean danger. Speak with them first, then say what you did.",
            urgent=True,
        )
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


def _tell_people(pen: Pen, referral: Referral, worker: User) -> None:
    outbox.to_staff(
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
        area_id=referral.area_id,
    )
    if "@" in referral.referrer_contact:
        outbox.to_address(
            address=referral.referrer_contact.strip(),
            subject=f"We have your referral {referral.reference}",
            body=(
                f"Thank you. Your referral has the reference {referral.reference}. "
                f"{worker.name} at {referral.front_door.name} holds it now. "
                f"If you need us, call {referral.area.phone} and say the reference."
            ),
            template="referral_received",
            key=f"referrer:{referral.pk}",
            at=pen.at,
            family=pen.family,
            area_id=referral.area_id,
        )


# ---- what the work list shows


def _excerpt(story: str) -> str:
    flat = " ".join(story.split())
    return flat if len(flat) <= EXCERPT else flat[: EXCERPT - 1].rsplit(" ", 1)[0] + "…"


def _who_words(told: Told) -> str:
    words = [ROLES_IN_FAMILY[told.role]] if told.role in ROLES_IN_FAMILY and told.role != "other" else []
    if told.lost_on or told.loss_kind:
        words.append("after a loss")
    elif told.due_on:
        words.append(f"due {told.due_on.day} {told.due_on:%B}")
    elif told.baby_born_on:
        words.append(f"baby born {told.baby_born_on.day} {told.baby_born_on:%B}")
    elif told.trying_to_conceive or told.assisted_conception:
        words.append("trying for a baby")
    return ", ".join(words)


def _tags(told: Told, in_danger: bool) -> list[str]:
    return (["danger"] if in_danger else []) + [need[:40] for need in told.needs[:4]]


def _about(told: Told, at: datetime) -> list[str]:
    marks = []
    if told.role in {"father", "co_parent"}:
        marks.append("father")
    if told.lost_on or told.loss_kind:
        marks.append("loss")
    if told.born_on is not None and (at.date() - told.born_on).days < 20 * 365.25:
        marks.append("under_20")
    if told.interpreter == "yes":
        marks.append("interpreter")
    return marks


def _claims(told: Told, checked: _Checked, person: Person) -> dict[str, Any]:
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
    return ", ".join(part for part in (told.referrer_name, told.referrer_organisation) if part)


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
