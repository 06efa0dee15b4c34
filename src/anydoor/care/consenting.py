"""Verbs of consent: say yes, say no, change one's mind; share without, for a reason; the lawful basis.

Each works in the family's own transaction. When it ends, who may see the family has been worked out anew,
so that a withdrawal stops sharing in the moment it is recorded: what was offered there is taken back, and
messages to them that were not sent yet are not sent.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from anydoor.access.audit import CLOCK, name_of, user_of
from anydoor.access.models import Organisation, User
from anydoor.care.models import Handover, Sight
from anydoor.care.proposing import check_reason, withdraw_in
from anydoor.care.record import Actor, Pen, first_name, writing
from anydoor.directory.models import Service
from anydoor.messages import outbox
from anydoor.messages.models import OutboxMessage
from anydoor.people.consent import (
    ARTICLE_6,
    ARTICLE_9,
    GIVEN_AS,
    WAYS_OF_SAYING,
    Consent,
    LawfulBasis,
    SharedWithout,
)
from anydoor.people.models import FamilyMember, Person
from anydoor.rules import sharing, working_time
from anydoor.rules.errors import BadInput, NotFound, WrongMoment
from anydoor.rules.sharing import AUTHORITIES, PURPOSES, SLICES

BATCH = 500


@dataclass(frozen=True, slots=True)
class Receiver:
    """Who is meant: one service, a whole organisation, or (neither given) everybody the area agreed with."""

    service: Service | None = None
    organisation: Organisation | None = None

    @property
    def breadth(self) -> str:
        return "service" if self.service else "organisation" if self.organisation else "circle"

    @property
    def words(self) -> str:
        named = self.service or self.organisation
        return named.name if named else "The services that work together here"

    @property
    def organisation_id(self) -> int | None:
        return self.service.organisation_id if self.service else getattr(self.organisation, "pk", None)

    def columns(self) -> dict[str, object]:
        """What a stored word says of its receiver."""
        return {
            "breadth": self.breadth,
            "organisation_id": self.organisation_id,
            "service_id": self.service.pk if self.service else None,
            "to_words": self.words[:200],
        }


@dataclass(frozen=True, slots=True)
class Word:
    """What somebody said of sharing, as it was said. `judged` is why a person under 16 decides themself."""

    given_by: str
    words: str
    how: str
    at: datetime
    given_as: str = "self"
    slices: frozenset[str] = frozenset(SLICES)
    purpose: str = "help"
    until: date | None = None
    judged: str = ""


def say_yes(
    *, person: Person, family_id: int, to: Receiver, word: Word, by: User, at: datetime, form_key: str = ""
) -> Consent:
    """Record that somebody agreed to share with `to`. An older yes to the same receiver ends with it."""
    with writing(family_id, by=by, at=at, form_key=form_key) as pen:
        person = _member(family_id, person.pk)
        _check_word(person, word, at)
        _end_earlier(person, family_id, to, word.purpose, pen, "Said anew.")
        row = _keep(pen, person, to, word, "given")
        pen.note(
            "consent_given",
            f"{word.given_by} agreed that {to.words} may know {sharing.in_words(word.slices)}.",
            word.words,
            facts={"person": person.pk, "consent": row.pk},
        )
        return row


def say_no(
    *, person: Person, family_id: int, to: Receiver, word: Word, by: Actor, at: datetime, form_key: str = ""
) -> Consent:
    """Record a kind no: not with these. It holds against every wider yes, and stops sharing at once."""
    with writing(family_id, by=by, at=at, form_key=form_key) as pen:
        person = _member(family_id, person.pk)
        _check_word(person, word, at)
        _end_earlier(person, family_id, to, word.purpose, pen, "Said no since.")
        row = _keep(pen, person, to, word, "said_no")
        pen.note(
            "consent_said_no",
            f"{word.given_by} said no to sharing with {to.words}.",
            word.words,
            facts={"person": person.pk, "consent": row.pk},
        )
        _stop(pen, person, to)
        return row


def withdraw(
    *, consent_id: int, family_id: int, given_by: str, words: str, by: Actor, at: datetime, form_key: str = ""
) -> Consent:
    """Somebody changed their mind. Nothing more is shared from this moment on.

    Raises `NotFound` when there is no such word in the family, `WrongMoment` when it has ended already.
    """
    if not given_by.strip():
        raise BadInput("Say who changed their mind.", field="given_by")
    if not words.strip():
        raise BadInput("Write it in their words.", field="words")
    with writing(family_id, by=by, at=at, form_key=form_key) as pen:
        row = Consent.objects.select_related("person", "organisation").filter(pk=consent_id).first()
        if row is None or row.family_id != family_id:
            raise NotFound("There is no such agreement in this family.")
        if row.state != "given":
            raise WrongMoment("This had ended already. Nothing was changed.")
        _end(row, "withdrawn", given_by, words, at)
        pen.note(
            "consent_withdrawn",
            f"{given_by.strip()} changed their mind: nothing more is shared with {row.to_words}.",
            words.strip(),
            facts={"person": row.person_id, "consent": row.pk},
        )
        _stop(pen, row.person, receiver_of(row))
        return row


def share_without(
    *,
    person: Person,
    family_id: int,
    to: Receiver,
    reason: str,
    authority: str,
    by: User,
    at: datetime,
    decided_with: str = "",
    family_told: str = "",
    until: date | None = None,
    form_key: str = "",
) -> SharedWithout:
    """Share without consent, for a recorded reason and on an authority. It stays visible on the page."""
    if to.breadth == "circle":
        raise BadInput("Name the service or the organisation that has to know.", field="receiver")
    check_reason(reason, authority)
    if until is not None and until < working_time.london_day(at):
        raise BadInput("This day is past.", field="until")
    with writing(family_id, by=by, at=at, form_key=form_key) as pen:
        person = _member(family_id, person.pk)
        row = SharedWithout.objects.create(
            person=person,
            family_id=family_id,
            **to.columns(),
            authority=authority,
            reason=reason.strip()[:500],
            decided_with=decided_with.strip()[:200],
            family_told=family_told.strip()[:200],
            at=at,
            until=until,
            recorded_by=by,
        )
        pen.note(
            "shared_without",
            f"{by.name} shared with {to.words} without asking. {AUTHORITIES[authority]}.",
            reason.strip(),
            facts={"person": person.pk},
        )
        return row


def end_shared_without(*, row_id: int, family_id: int, words: str, by: User, at: datetime) -> SharedWithout:
    """The reason is over: from now on only what was agreed is shared."""
    if not words.strip():
        raise BadInput("Say why it is over.", field="words")
    with writing(family_id, by=by, at=at) as pen:
        row = SharedWithout.objects.filter(pk=row_id, family_id=family_id).select_related("person").first()
        if row is None:
            raise NotFound("There is no such record in this family.")
        if row.ended_at is not None:
            raise WrongMoment("This had ended already. Nothing was changed.")
        row.ended_at = at
        row.save(update_fields=["ended_at"])
        pen.note(
            "shared_without_ended",
            f"Sharing with {row.to_words} without asking is over.",
            words.strip(),
            facts={"person": row.person_id},
        )
        return row


def record_basis(
    *,
    family_id: int,
    organisation: Organisation,
    article_6: str,
    article_9: str,
    words: str,
    by: User,
    at: datetime,
) -> LawfulBasis:
    """On what ground an organisation keeps this family's record. An earlier one ends with it."""
    if article_6 not in ARTICLE_6:
        raise BadInput("Choose the ground of Article 6.", field="article_6")
    if article_9 not in ARTICLE_9:
        raise BadInput("Choose the ground of Article 9.", field="article_9")
    with writing(family_id, by=by, at=at) as pen:
        LawfulBasis.objects.filter(
            family_id=family_id, organisation=organisation, ended_at__isnull=True
        ).update(ended_at=at)
        row = LawfulBasis.objects.create(
            family_id=family_id,
            organisation=organisation,
            article_6=article_6,
            article_9=article_9,
            words=words.strip()[:300],
            recorded_by=by,
            at=at,
        )
        pen.note("lawful_basis", f"The lawful basis of {organisation.name} was recorded.")
        return row


def run_out(*, at: datetime, areas: Iterable[int] | None = None) -> int:
    """What ran out since the last look: agreements past their day, and sights past their time."""
    today = working_time.london_day(at)
    here = None if areas is None else list(areas)
    ended = Consent.objects.filter(state="given", until__lt=today)
    sights = Sight.objects.filter(until__lte=at)
    if here is not None:
        ended = ended.filter(family__care__area_id__in=here)
        sights = sights.filter(family__care__area_id__in=here)
    families = dict.fromkeys(ended.values_list("family_id", flat=True)[:BATCH])
    families |= dict.fromkeys(sights.values_list("family_id", flat=True)[:BATCH])
    for family_id in families:
        with writing(family_id, by=CLOCK, at=at) as pen:
            rows = Consent.objects.filter(family_id=family_id, state="given", until__lt=today)
            for row in rows.select_related("person", "organisation"):
                _end(row, "expired", CLOCK.name, "The day it was given until has passed.", at)
                pen.note(
                    "consent_ran_out",
                    f"What {row.given_by} agreed to for {row.to_words} ran out. Ask again if it is needed.",
                    facts={"person": row.person_id, "consent": row.pk},
                )
                _stop(pen, row.person, receiver_of(row))
    return len(families)


# ---------------------------------------------------------------- what they share


def receiver_of(row: Consent | SharedWithout) -> Receiver:
    """The receiver of a stored word."""
    if row.breadth == "service":
        return Receiver(service=Service.objects.select_related("organisation").get(pk=row.service_id or 0))
    return Receiver(organisation=row.organisation if row.breadth == "organisation" else None)


def _member(family_id: int, person_id: int) -> Person:
    found = Person.objects.filter(
        pk=person_id, memberships__family=family_id, memberships__left_at__isnull=True
    ).first()
    if found is None:
        raise NotFound("There is no such person in this family.")
    return found


def _check_word(person: Person, word: Word, at: datetime) -> None:
    if not word.given_by.strip():
        raise BadInput("Say who said it.", field="given_by")
    if not word.words.strip():
        raise BadInput("Write the words they said it in.", field="words")
    if word.how not in WAYS_OF_SAYING:
        raise BadInput("Choose how they said it.", field="how")
    if word.given_as not in GIVEN_AS:
        raise BadInput("Choose for whom they said it.", field="given_as")
    if word.purpose not in PURPOSES:
        raise BadInput("Choose what it is for.", field="purpose")
    if not word.slices or not word.slices <= set(SLICES):
        raise BadInput("Choose what may be shared.", field="slices")
    if word.at > at:
        raise BadInput("That day is still to come. Say when they said it.", field="day")
    today = working_time.london_day(at)
    if word.until is not None and word.until < today:
        raise BadInput("This day is past. Leave it empty if there is no end.", field="until")
    if word.until is not None and word.until > today + timedelta(days=3660):
        raise BadInput("Choose a nearer day, at most ten years from now.", field="until")
    judge = sharing.who_decides(person.age_on(today)) == "judge" and word.given_as == "self"
    if judge and len(word.judged.strip()) < 10:
        raise BadInput(
            "They are under 16. Say why you judge that they understand enough to decide this themself.",
            field="judged",
        )


def _keep(pen: Pen, person: Person, to: Receiver, word: Word, state: str) -> Consent:
    judged = word.judged.strip()
    return Consent.objects.create(
        person=person,
        family_id=pen.family.pk,
        purpose=word.purpose,
        **to.columns(),
        slices=sorted(word.slices),
        state=state,
        given_by=word.given_by.strip()[:200],
        given_as=word.given_as,
        how=word.how,
        words=word.words.strip()[:500],
        at=word.at,
        until=word.until if state == "given" else None,
        judged_by=user_of(pen.by) if judged else None,
        judged_words=judged[:500],
        recorded_by=user_of(pen.by),
        recorded_at=pen.at,
    )


def _end_earlier(person: Person, family_id: int, to: Receiver, purpose: str, pen: Pen, words: str) -> None:
    same = {name: value for name, value in to.columns().items() if name != "to_words"}
    rows = Consent.objects.filter(
        person=person, family_id=family_id, purpose=purpose, state__in=["given", "said_no"], **same
    )
    for row in rows:
        # What was said before counts until the moment of the new word, and never after it.
        row.state, row.ended_at = "withdrawn", row.at
        row.ended_by, row.ended_words = name_of(pen.by)[:200], words
        row.save(update_fields=["state", "ended_at", "ended_by", "ended_words"])


def _end(row: Consent, state: str, by: str, words: str, at: datetime) -> None:
    row.state, row.ended_at = state, at
    row.ended_by, row.ended_words = by.strip()[:200], words.strip()[:500]
    row.save(update_fields=["state", "ended_at", "ended_by", "ended_words"])


def _stop(pen: Pen, person: Person, to: Receiver) -> None:
    """Take back what is on its way to a receiver, and what was written to them and not sent yet."""
    rows = Handover.objects.running().filter(family=pen.family, person=person)
    if to.service is not None:
        rows = rows.filter(service=to.service)
    elif to.organisation is not None:
        rows = rows.filter(service__organisation=to.organisation)
    else:
        rows = rows.exclude(agreement__in=["same", "reason"])
    kept = {
        (row.breadth, row.key)
        for row in SharedWithout.objects.filter(person=person, family=pen.family, ended_at__isnull=True)
    }
    for handover in rows.select_related("area", "service", "to_user", "to_team__lead", "from_user"):
        if {("service", handover.service_id), ("organisation", handover.service.organisation_id)} & kept:
            continue
        OutboxMessage.objects.filter(
            family=pen.family, key__startswith=f"handover:{handover.pk}:", state__in=["queued", "sending"]
        ).update(state="cancelled", reason="The family changed their mind about sharing.", leased_until=None)
        receiver = handover.to_user or (handover.to_team.lead if handover.to_team else None)
        withdraw_in(pen, handover, f"{first_name(person.called)} does not want it shared there.")
        if receiver is not None:
            outbox.to_staff(
                user=receiver,
                subject="A handover was taken back",
                body=f"{handover.service.name} is not asked any more. There is nothing for you to do.",
                template="handover_stopped",
                key=f"handover-stopped:{handover.pk}:{handover.round}",
                at=pen.at,
                area_id=handover.area_id,
            )


def in_family(family_id: int) -> list[Consent]:
    """Every word about sharing in a family, newest first."""
    rows = Consent.objects.filter(family_id=family_id)
    return list(rows.select_related("person", "organisation", "recorded_by", "judged_by"))


def without_in_family(family_id: int) -> list[SharedWithout]:
    """What was shared without asking in a family, newest first."""
    return list(SharedWithout.objects.filter(family_id=family_id).select_related("person", "recorded_by"))


def adults_of(family_id: int) -> list[FamilyMember]:
    """Those of a family who can speak for themself, in the order they came."""
    rows = FamilyMember.objects.filter(family_id=family_id, left_at__isnull=True)
    return list(rows.exclude(role__in=["baby", "child"]).select_related("person").order_by("pk"))
