"""Through the door: what is told, by whom and when; then read, listened to, and decided."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, time, timedelta

from anydoor.access.audit import VISITOR, Outsider
from anydoor.access.models import User
from anydoor.care import amend, deciding, episode, intake, triage
from anydoor.care.models import Referral, Wait
from anydoor.care.told import Told
from anydoor.config.demo import words
from anydoor.config.demo.clock import Course
from anydoor.config.demo.life import Life, holder_of
from anydoor.config.demo.people import Teller
from anydoor.directory.matching import Matched
from anydoor.directory.models import Service
from anydoor.people.models import ContactPoint
from anydoor.rules import working_time

OWN_DOORS = (
    ("web",) * 8 + ("phone",) * 4 + ("text",) * 3 + ("walk_in", "walk_in", "email", "messaging", "event")
)
# What a colleague at the front door writes down; all else comes in by itself, at any hour.
WRITTEN_DOWN = frozenset({"phone", "walk_in", "event", "email"})
HOURS_OF_ASKING = (0, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 19, 20, 20, 21, 21, 22, 23, 23)


def door_of(life: Life) -> str:
    return life.pick(life.story.doors or OWN_DOORS)


def hour_of_asking(life: Life, day: datetime, door: str) -> datetime:
    """When on that day somebody asks: at any hour by themselves, in hours when a colleague writes it down."""
    local = working_time.in_london(day).date()
    if door in WRITTEN_DOWN or life.story.teller:
        local = working_time.next_working_day(local)
        return working_time.london(local, time(life.rng.randint(9, 16), life.rng.randint(0, 59)))
    return working_time.london(local, time(life.pick(HOURS_OF_ASKING), life.rng.randint(0, 59)))


# ---- what is told


def what_is_told(life: Life, door: str) -> Told:
    """The request as it is typed: some tell much, some only the story and a number."""
    told = _by_professional(life, door) if life.story.teller else _by_themselves(life, door)
    marks = life.story.marks
    if "refuge" in marks:
        told = replace(told, address_kind="refuge", safety=("Never write down or say where they live.",))
    elif "no_fixed_abode" in marks:
        told = replace(told, address_kind="no_fixed_abode")
    elif "staying" in marks:
        told = replace(told, address_kind="staying")
    return told


def _story(life: Life) -> str:
    text = life.fill(life.story.words)
    if not life.story.teller and life.chance(0.45):
        text = f"{text} {life.pick(words.TAILS)}"
    return text


def _by_themselves(life: Life, door: str) -> Told:
    who, chance = life.teller, life.chance
    told = Told(
        story=_story(life),
        door=door,
        contact=who.contact,
        place=who.place,
        name=who.name if chance(0.85) else "",
        role=who.role if chance(0.85) else "",
        born_on=who.born_on if chance(0.3) else None,
        language=who.language,
        interpreter="yes" if who.language else "not_asked",
        needs=life.story.needs[:2] if door == "web" else life.story.needs,
        asks_for=life.story.asks_for,
        trying_to_conceive=life.story.when in {"trying", "ivf"},
        assisted_conception=life.story.when == "ivf",
        communication=(life.pick(words.NEEDS_FROM_US),) if who.language or chance(0.08) else (),
        safety=(life.pick(words.KEEP_SAFE),) if chance(0.06) else (),
    )
    told = _safe(life, told) if "@" not in who.contact else told
    return _about_children(told, who) if chance(0.85) or who.loss_kind else told


def _safe(life: Life, told: Told) -> Told:
    if life.chance(0.5):
        uses = life.pick((("call", "text"), ("text",), ("call",), ("call", "text", "voicemail")))
        hours = life.pick(("", "", "After 6pm", "When he is at work, 7 to 3", "Mornings"))
        return replace(told, safe="yes", uses=uses, hours=hours)
    return replace(told, safe="no") if life.chance(0.06) else told


def _about_children(told: Told, who: Teller) -> Told:
    return replace(
        told,
        due_on=who.baby_due_on,
        baby_born_on=who.baby_born_on,
        baby_name=who.baby_name if who.baby_born_on else "",
        lost_on=who.lost_on,
        loss_kind=who.loss_kind,
        babies=who.babies,
    )


def _by_professional(life: Life, door: str) -> Told:
    who = life.teller
    name, organisation, contact = referrer_of(life)
    told = Told(
        story=_story(life),
        door=door,
        contact=who.contact if life.chance(0.9) else "",
        place=who.place,
        name=who.name,
        role=who.role,
        born_on=who.born_on,
        nhs_number=who.nhs_number
        if life.chance(0.8) and life.story.teller not in {"nursery", "charity"}
        else "",
        language=who.language,
        interpreter=who.interpreter,
        needs=life.story.needs,
        referrer_name=name,
        referrer_organisation=organisation,
        referrer_contact=contact,
        family_knows="yes" if life.chance(0.93) else "no",
        trying_to_conceive=life.story.when in {"trying", "ivf"},
        assisted_conception=life.story.when == "ivf",
    )
    return _about_children(told, who)


def referrer_of(life: Life) -> tuple[str, str, str]:
    """Name, organisation and address of whoever asks on the family's behalf."""
    staff, teller = life.county.staff, life.story.teller
    if teller == "GP":
        return staff.referrer.name, staff.referrer_organisation, staff.referrer.email
    organisation = words.TELLERS[teller]
    address = organisation.lower().replace(" ", "-").replace("'", "")
    name = (
        "" if teller in {"partner", "file"} else f"{life.pick(FIRST_OF_TELLER)} {life.pick(LAST_OF_TELLER)}"
    )
    return name, organisation, f"{address}@{life.county.slug}-partners.example"


FIRST_OF_TELLER = ("Hazel", "Bina", "Marcia", "Tony", "Ruth", "Olu", "Jean", "Shirin", "Kit", "Anwen")
LAST_OF_TELLER = ("Amis", "Crowe", "Dodd", "Eke", "Frith", "Hume", "Larwood", "Moss", "Thapa", "Wing")


def who_enters(life: Life, door: str) -> User | Outsider:
    """Who presses the button: a visitor, a colleague who writes it down, a referrer, a system."""
    if door in WRITTEN_DOWN:
        return life.worker()
    if door == "professional":
        name, organisation, _ = referrer_of(life)
        return (
            life.county.staff.referrer
            if life.story.teller == "GP"
            else Outsider(", ".join(filter(None, (name, organisation))), "visitor")
        )
    if door == "partner":
        return Outsider(words.TELLERS["partner"], "partner")
    return Outsider(words.TELLERS["file"], "import") if door == "file" else VISITOR


def receive(
    life: Life, told: Told, *, by: User | Outsider | None = None, holder: User | None = None
) -> Referral:
    """The request is received and held. A row of a file or a system carries its own reference."""
    source = None
    if told.door in {"partner", "file"}:
        source = f"{told.door}-{life.county.seed}-{life.rng.getrandbits(40):010x}"
    done = intake.receive(
        told=told,
        area=life.county.area,
        by=by or who_enters(life, told.door),
        at=life.at,
        source_ref=source,
        holder=holder,
    )
    life.referral_id = done.referral.pk
    life.family_id, life.person_id = done.referral.family_id, done.referral.person_id
    return done.referral


# ---- at the front door


def answer_danger(life: Life, referral: Referral) -> Course:
    """Words of danger are answered before anything else: one named person says what they did."""
    yield life.minutes(4, 14)
    wait = Wait.objects.open().filter(referral=referral, kind="danger").select_related("user").first()
    if wait is not None and wait.user is not None:
        triage.acknowledge_danger(wait=wait, words=life.pick(words.DANGER_DONE), by=wait.user, at=life.at)


def reach(life: Life, referral_id: int) -> Course:
    """Try until they are reached, or until a person decides to stop."""
    tries = life.pick((0,) * 26 + (1, 1, 1, 1, 2, 2, 3, 5))
    for number in range(tries):
        referral = life.referral(referral_id)
        if referral.holder is None:
            return
        episode.record_contact(
            thing=referral,
            mode=life.pick(("phone", "phone", "text", "home")),
            outcome="not_reached",
            words=life.pick(words.NOT_REACHED),
            by=referral.holder,
            at=life.at,
        )
        yield life.days(1, 2)
        if number % 3 == 2:
            find_another_way(life)
            yield life.days(2, 4)
    referral = life.referral(referral_id)
    if referral.holder is None or (tries == 5 and life.chance(0.6)):
        return
    episode.record_contact(
        thing=referral,
        mode=life.pick(("phone", "phone", "phone", "text", "clinic", "video", "home")),
        outcome="attended",
        words=life.pick(words.SPOKE),
        minutes=life.pick((10, 15, 20, 25, 40)),
        by=referral.holder,
        at=life.at,
    )


def find_another_way(life: Life) -> None:
    """When the tries are used up: another way, another person, or tell the referrer."""
    wait = (
        Wait.objects.open()
        .filter(family_id=life.family_id, kind="not_reached")
        .select_related("user")
        .first()
    )
    if wait is not None and wait.user is not None:
        way, said = life.pick(words.ANOTHER_WAY)
        episode.found_another_way(wait=wait, way=way, words=said, by=wait.user, at=life.at)


def write_down(life: Life, referral: Referral) -> None:
    """What the first talk brings: a safe number, dates, the other parent, what it is like for the baby."""
    _ask_what_is_safe(life, referral)
    _write_facts(life, referral)
    _write_words(life, referral)


def _ask_what_is_safe(life: Life, referral: Referral) -> None:
    by, family_id = holder_of(referral), referral.family_id
    if life.chance(0.55):
        point = ContactPoint.objects.filter(
            person_id=referral.person_id, ended_at__isnull=True, safe="not_asked"
        ).first()
        if point is not None:
            uses = ["email"] if point.kind == "email" else life.pick((["call", "text"], ["text"], ["call"]))
            amend.set_contact_safety(
                point=point, family_id=family_id, safe="yes", uses=uses, hours="", by=by, at=life.at
            )


def _write_facts(life: Life, referral: Referral) -> None:
    by, who, family_id = holder_of(referral), life.teller, referral.family_id
    if life.chance(0.4):
        person = referral.person
        changes: dict[str, object] = {"born_on": who.born_on}
        if person.nhs_number is None and not referral.claimed.get("nhs_number"):
            changes["nhs_number"] = who.nhs_number
        if not person.name:
            changes["name"] = who.name
        amend.amend_person(
            person=person,
            family_id=family_id,
            changes=changes,
            why=life.pick(words.WHY_AMENDED),
            version=person.version,
            by=by,
            at=life.at,
        )
    if who.partner_name and life.chance(0.5):
        amend.add_member(
            family_id=family_id,
            name=who.partner_name,
            role=who.partner_role,
            apart="apart" in life.story.marks,
            by=by,
            at=life.at,
            born_on=who.partner_born_on,
        )


def _write_words(life: Life, referral: Referral) -> None:
    by, who, family_id = holder_of(referral), life.teller, referral.family_id
    if life.chance(0.2):
        triage.add_story(
            family_id=family_id,
            person_id=referral.person_id,
            kind="worker",
            words=life.pick(words.FROM_WORKER),
            by=by,
            at=life.at,
            how="added after a call",
        )
    if who.baby_born_on and not who.lost_on and life.chance(0.2):
        triage.add_story(
            family_id=family_id,
            person_id=referral.person_id,
            kind="baby",
            words=life.fill(life.pick(words.FOR_BABY)),
            by=by,
            at=life.at,
        )
    if life.chance(0.12):
        amend.add_instruction(
            person=referral.person,
            family_id=family_id,
            kind="need",
            words=life.pick(words.NEEDS_FROM_US),
            by=by,
            at=life.at,
        )
    if life.story.severity and life.chance(0.35):
        deciding.hear(
            referral=referral,
            needs=life.story.needs,
            severity=life.story.severity,
            mode="",
            by=by,
            at=life.at,
        )


def decide(
    life: Life, referral_id: int, matched: Matched, chosen: list[Service], answer: str, said: str
) -> Referral:
    """Record the decision with every offer that was on the page."""
    referral = life.referral(referral_id)
    triage.decide(
        referral=referral,
        level=matched.level.level,
        level_why=matched.level.why[:300],
        grounds=deciding.grounds_of(matched),
        words=said,
        answer=answer,
        shown=deciding.shown_of(matched, {service.slug for service in chosen}),
        by=holder_of(referral),
        at=life.at,
    )
    return referral


def end_request(life: Life, referral_id: int, reason: str) -> None:
    """End a request with a coded reason, if it is still open and nothing of it is on its way."""
    referral = life.referral(referral_id)
    if referral.holder is not None:
        episode.end(
            thing=referral,
            reason=reason,
            words=life.pick(words.ENDED[reason]),
            by=referral.holder,
            at=life.at,
        )


def pause(life: Life, referral_id: int) -> Course:
    """The family asks us to wait, and we do."""
    referral = life.referral(referral_id)
    until = working_time.next_working_day(life.at.date() + timedelta(days=life.rng.randint(6, 24)))
    triage.pause(
        referral=referral, until=until, words=life.pick(words.PAUSED), by=holder_of(referral), at=life.at
    )
    yield working_time.london(until, time(life.rng.randint(9, 14), 30))
