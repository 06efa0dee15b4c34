"""A person's own page: the way in by a link and a code, what it shows, and "this is not me". No account.

The link goes to a way the person said is safe; opening it sends a code of six numbers there or to another of
their numbers, and both together open the page once. Somebody who asks for a link is answered in the same
words whether they are known or not.
"""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.utils.crypto import constant_time_compare, salted_hmac

from anydoor.access import audit, wall
from anydoor.access.audit import VISITOR, Outsider
from anydoor.access.models import AuditEntry, Membership, User
from anydoor.care import consenting
from anydoor.care.consent_words import family_paragraph
from anydoor.care.consenting import in_family, without_in_family
from anydoor.care.models import FamilyCare, OwnPageLink, Referral
from anydoor.care.proposing import digest
from anydoor.care.record import Actor, first_name, writing
from anydoor.care.undelivered import ask_holder
from anydoor.messages import outbox, texts
from anydoor.messages.models import OutboxMessage
from anydoor.people.consent import Consent
from anydoor.people.models import ContactPoint, FamilyMember, Person
from anydoor.rules import identifiers, reference, working_time
from anydoor.rules.errors import AnydoorError, BadInput, NotFound, WrongMoment

LINK_PATH = "/mine/link/"
LINK_DAYS = 3
CODE_MINUTES = 10
MOST_CODES, MOST_TRIES = 5, 5
MOST_LOOKS = 60
GONE = "This link is no longer in use. You can ask for a new one."
WRONG_CODE = "That is not the number we sent, or it is too old."


@dataclass(frozen=True, slots=True)
class Sent:
    """A link just sent. `secret` is nowhere else but in the message."""

    link: OwnPageLink
    message: OutboxMessage
    secret: str


@dataclass(frozen=True, slots=True)
class Look:
    """Who looked, in words: the worker's first name and where they work, what, and on which day."""

    day: date
    who: str
    where: str
    what: str
    emergency: bool = False


@dataclass(frozen=True, slots=True)
class OwnPage:
    """What a person sees of their own. `shared` are agreements that count and can be taken back."""

    person: Person
    care: FamilyCare
    paragraph: str
    shared: Sequence[Consent]
    looks: Sequence[Look]


def send_link(*, family_id: int, person_id: int, by: Actor, at: datetime, form_key: str = "") -> Sent:
    """Send one person the way to their page, where it is safe. An older link ends.

    Raises `BadInput` with the reason when nothing may be sent, and then nothing is kept.
    """
    with writing(family_id, by=by, at=at, form_key=form_key) as pen:
        member = (
            FamilyMember.objects.select_related("person")
            .filter(family=pen.family, person_id=person_id, left_at__isnull=True)
            .exclude(role__in=["baby", "child"])
            .first()
        )
        if member is None:
            raise NotFound("There is no such person in this family.")
        care = FamilyCare.objects.select_related("area").get(family=pen.family)
        secret, until = secrets.token_urlsafe(32), at + timedelta(days=LINK_DAYS)
        subject, body = texts.own_page(
            door=care.area.door_name,
            link=outbox.full_address(f"{LINK_PATH}{secret}"),
            until=until,
            phone=care.area.phone,
        )
        message = outbox.for_person(
            person=member.person,
            template="own_page",
            body=body,
            purpose=subject,
            key=f"own_page:{digest(secret)[:24]}",
            at=at,
            family=pen.family,
            area_id=care.area_id,
        )
        if message.state != "queued":
            raise BadInput(f"It was not sent. {message.reason}")
        outbox.post(message)
        OwnPageLink.objects.open().filter(person=member.person).update(ended_at=at, ended_why="A newer one")
        link = OwnPageLink.objects.create(
            family=pen.family,
            person=member.person,
            area=care.area,
            contact_point=_point(member.person, message.address),
            digest=digest(secret),
            sent_by=by if isinstance(by, User) else None,
            sent_at=at,
            expires_at=until,
        )
        pen.note(
            "own_page_sent",
            f"{audit.name_of(by)} sent {first_name(member.person.called)} the way to their page.",
        )
        return Sent(link, message, secret)


def _point(person: Person, value: str) -> ContactPoint:
    return ContactPoint.objects.filter(person=person, value=value, ended_at__isnull=True).order_by("pk")[0]


@wall.behind("a reference and a number find each other; nobody is told whether they did")
def ask_for_link(*, code: str, contact: str, at: datetime) -> None:
    """Somebody asks for the way to their page by the reference of their request and a number or address.

    When both belong together and it is safe, a link is sent; in every other case nothing happens, and nobody
    is told which.
    """
    try:
        found = identifiers.contact(contact)
        told = reference.read(code)
    except AnydoorError:
        return
    referral = Referral.objects.select_related("person").filter(reference=told).first()
    points = ContactPoint.objects.filter(value=found.normalised, ended_at__isnull=True)
    if referral is None or referral.person_id is None:
        return
    if not points.filter(person_id=referral.person_id).exists():
        return
    try:
        send_link(family_id=referral.family_id, person_id=referral.person_id, by=VISITOR, at=at)
    except AnydoorError:
        return  # not safe to send: who asked may not be who we know


def find_link(secret: str, *, at: datetime) -> OwnPageLink:
    """The link in use that this secret opens. Raises `NotFound` in the same words for every other."""
    wanted = digest(secret)
    with wall.lifted("the secret finds the link; whose it is is known only then"):
        link = (
            OwnPageLink.objects.open()
            .select_related("area", "person", "contact_point")
            .filter(digest=wanted)
            .first()
        )
    if link is None or not constant_time_compare(link.digest, wanted) or link.expires_at <= at:
        raise NotFound(GONE)
    wall.see_also(link.family_id)
    return link


def send_code(*, secret: str, at: datetime) -> OwnPageLink:
    """Send a new code to a number on file: a mobile where one is safe, else where the link went.

    Raises `NotFound` for a link not in use, `WrongMoment` after five codes.
    """
    found = find_link(secret, at=at)
    with wall.working():
        link = (
            OwnPageLink.objects.select_for_update(of=("self",))
            .select_related("area", "person")
            .get(pk=found.pk)
        )
        if link.codes_sent >= MOST_CODES:
            raise WrongMoment(f"We sent {MOST_CODES} numbers to you already. Ring {link.area.phone}.")
        number = f"{secrets.randbelow(1_000_000):06}"
        link.code_digest, link.code_sent_at = _code_digest(link, number), at
        link.codes_sent, link.tries = link.codes_sent + 1, 0
        link.save(update_fields=["code_digest", "code_sent_at", "codes_sent", "tries"])
        subject, body = texts.own_code(door=link.area.door_name, code=number, minutes=CODE_MINUTES)
        points = ContactPoint.objects.filter(person=link.person, ended_at__isnull=True)
        message = outbox.for_person(
            person=link.person,
            template="own_code",
            body=body,
            purpose=subject,
            key=f"own_code:{link.pk}:{link.codes_sent}",
            at=at,
            family=link.family,
            area_id=link.area_id,
            points=sorted(points, key=lambda point: (point.kind != "mobile", point.pk)),
        )
        # They wait for it with the page open: no quiet hours, or the ten minutes are over.
        message.not_before = at
        if message.state != "queued":
            raise WrongMoment(f"We have no safe number to send it to. Ring {link.area.phone}.")
        outbox.post(message)
    return link


def _code_digest(link: OwnPageLink, number: str) -> str:
    return salted_hmac("anydoor.own_page.code", f"{link.digest}:{number}", algorithm="sha256").hexdigest()


def open_page(*, secret: str, number: str, at: datetime) -> OwnPageLink:
    """Link and code together open the page, once.

    Raises `BadInput` on `code`; five wrong ones end the link, then it is `NotFound`.
    """
    found = find_link(secret, at=at)
    with wall.working():
        link = OwnPageLink.objects.select_for_update(of=("self",)).select_related("person").get(pk=found.pk)
        if link.ended_at is not None:
            raise NotFound(GONE)
        fresh = link.code_sent_at is not None and at <= link.code_sent_at + timedelta(minutes=CODE_MINUTES)
        typed = "".join(mark for mark in number if mark.isdigit())
        right = fresh and constant_time_compare(link.code_digest, _code_digest(link, typed))
        if right:
            link.used_at = link.ended_at = at
            link.ended_why, link.code_digest, link.code_sent_at = "Used", "", None
        else:
            link.tries += 1
            if link.tries >= MOST_TRIES:
                link.ended_at, link.ended_why = at, "Too many wrong numbers"
        link.save()
        audit.record(
            action="own_page_opened" if right else "own_page_tried",
            subject="person",
            subject_id=link.person_id,
            family_id=link.family_id,
            by=_themselves(link.person),
            at=at,
            purpose="own_record",
            allowed=right,
        )
    if not right:
        if link.ended_at is not None:
            raise NotFound(GONE)
        raise BadInput(WRONG_CODE, field="code")
    return link


def _themselves(person: Person) -> Outsider:
    return Outsider(first_name(person.called), "family")


def not_me(*, secret: str, at: datetime) -> None:
    """Whoever has the link says it is not theirs: nothing goes there any more, the holder finds out why."""
    found = find_link(secret, at=at)
    with writing(found.family_id, by=VISITOR, at=at) as pen:
        changed = OwnPageLink.objects.open().filter(pk=found.pk).update(ended_at=at, ended_why="Not theirs")
        if not changed:
            return
        point = found.contact_point
        ContactPoint.objects.filter(pk=point.pk, ended_at__isnull=True).update(ended_at=at)
        headline = (
            f"Somebody at a number or address of {first_name(found.person.called)} said it is not theirs."
        )
        pen.note("not_theirs", headline, f"Nothing more is sent to {point.typed}.")
        ask_holder(pen, f"{headline} Nothing more is sent there. Find out how to reach them safely.")


def see(*, person_id: int, family_id: int, at: datetime) -> OwnPage:
    """Read somebody's own page, and record that they looked. Raises `NotFound` when they left the family."""
    member = member_of(person_id=person_id, family_id=family_id)
    rows, without = in_family(family_id), without_in_family(family_id)
    on = working_time.london_day(at)
    looked("own_page_seen", person=member.person, family_id=family_id, at=at)
    return OwnPage(
        person=member.person,
        care=FamilyCare.objects.select_related("area", "lead", "lead_team").get(pk=family_id),
        paragraph=family_paragraph(rows, without, at, person_id=person_id),
        shared=[
            row
            for row in rows
            if row.person_id == person_id
            and row.state == "given"
            and row.purpose == "help"
            and (row.until is None or row.until >= on)
        ],
        looks=who_looked(family_id=family_id, person_id=person_id),
    )


def member_of(*, person_id: int, family_id: int) -> FamilyMember:
    """The person as one of the family now. Raises `NotFound` when they left it."""
    member = (
        FamilyMember.objects.select_related("person")
        .filter(family_id=family_id, person_id=person_id, left_at__isnull=True)
        .first()
    )
    if member is None:
        raise NotFound(GONE)
    return member


def looked(action: str, *, person: Person, family_id: int, at: datetime, why: str = "") -> None:
    """Record that somebody looked at their own page."""
    audit.record(
        action=action, subject="person", subject_id=person.pk, family_id=family_id, by=_themselves(person),
        at=at, purpose="own_record", why=why,
    )  # fmt: skip


LOOKED = {
    "see_family": "read your family's page",
    "see_everything": "read your family's page",
    "see_person": "read about you",
    "see_preview": "read the short version, before saying if they can help",
    "see_handover": "read what was asked of another service",
    "see_work": "read your request",
    "see_triage": "read your request",
    "see_own_work": "read their own work with you",
    "see_consent": "read what you agreed to",
    "see_measure": "read your answers to questions",
    "read": "read your request",
    "break_glass": "opened your record in an emergency",
}


def who_looked(*, family_id: int, person_id: int) -> list[Look]:
    """Who looked at a family, in words for one of them: once a day and person, newest first.

    Looks at another person of the family stay with that person.
    """
    entries = (
        AuditEntry.objects.filter(family_id=family_id, action__in=LOOKED, allowed=True, user__isnull=False)
        .exclude(subject="person", subject_id__isnull=False, action="see_person")
        .union(
            AuditEntry.objects.filter(
                family_id=family_id,
                action="see_person",
                subject_id=person_id,
                allowed=True,
                user__isnull=False,
            ),
            all=True,
        )
        .order_by("-at", "-id")[: MOST_LOOKS * 5]
    )
    rows = list(entries)
    places = {
        member.user_id: f"{member.team.name}"
        for member in Membership.objects.filter(user_id__in={row.user_id for row in rows})
        .select_related("team")
        .order_by("-pk")
    }
    seen: dict[tuple[date, int, str], Look] = {}
    for row in rows:
        assert row.user_id is not None
        day, what = working_time.london_day(row.at), LOOKED[row.action]
        look = Look(
            day, first_name(row.actor), places.get(row.user_id, ""), what, row.action == "break_glass"
        )
        seen.setdefault((day, row.user_id, what), look)
    return list(seen.values())[:MOST_LOOKS]


def take_back(*, consent_id: int, person_id: int, family_id: int, at: datetime) -> None:
    """They change their mind about sharing, on their own page: it stops at once.

    Raises `NotFound` for an agreement that is not theirs, `WrongMoment` when it had ended already.
    """
    row = Consent.objects.select_related("person").filter(pk=consent_id, person_id=person_id).first()
    if row is None or row.family_id != family_id:
        raise NotFound(GONE)
    consenting.withdraw(
        consent_id=consent_id,
        family_id=family_id,
        given_by=row.person.called,
        words="I changed my mind, on my own page.",
        by=_themselves(row.person),
        at=at,
    )
