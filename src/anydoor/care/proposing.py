"""Putting a handover to a receiver: the checks, the frozen story, who is asked and what waits.

Used inside a transaction that is already open, by `handover` and by `coordination`.
"""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Q

from anydoor.access.audit import name_of, user_of
from anydoor.access.models import Team, User
from anydoor.access.policy import works_in
from anydoor.care import kept_apart
from anydoor.care.clocks import wait_to_decide
from anydoor.care.models import AreaSharing, Episode, Handover, Objection, Referral, Story
from anydoor.care.pen import Pen, first_name, fresh_referral
from anydoor.directory.models import Service
from anydoor.messages import outbox
from anydoor.people.consent import Consent, SharedWithout
from anydoor.people.models import Instruction, Person
from anydoor.rules import working_time
from anydoor.rules.errors import BadInput, WrongMoment
from anydoor.rules.pathway import Event, ReferralStage
from anydoor.rules.sharing import AUTHORITIES, SLICES

LINK_DAYS = 28
# What the timeline says a receiver was asked to do, where that is not to take over.
ASKED = {"alongside": "help as well"}
LINK_PATH = "/h/"  # the page a receiver outside the house opens


def new_link(service: Service) -> str:
    """A secret for a receiver outside the house; empty when a team of ours answers."""
    return "" if service.is_inside else secrets.token_urlsafe(32)


@dataclass(frozen=True, slots=True)
class Agreement:
    """Why a story may be shared: the family agreed (who, in what words, when), or a reason for going without.

    `kind` is `agreed`, `reason` (with the authority it is done on) or, inside one organisation, `same`.
    """

    kind: str
    by: str = ""
    words: str = ""
    at: datetime | None = None
    reason: str = ""
    how: str = "together"  # a key of `people.consent.WAYS_OF_SAYING`
    authority: str = ""  # with a reason: a key of `rules.sharing.AUTHORITIES`


def propose_in(
    pen: Pen,
    thing: Referral | Episode,
    service: Service,
    agreement: Agreement,
    *,
    words: str,
    kind: str,
    to_user: User | None = None,
    introduction_at: datetime | None = None,
) -> tuple[Handover, str]:
    if thing.holder is None or thing.holder_team is None:
        raise WrongMoment("This is closed, so it cannot be handed over. Nothing was changed.")
    service = Service.objects.select_related("organisation", "team__organisation", "team__lead").get(
        pk=service.pk
    )
    _check_receiver(service, to_user, pen.at)
    if to_user is not None:
        kept_apart.check_not_kept(to_user, pen.family.pk, field="to_user")
    _check_agreement(agreement, service, thing.holder_team, pen.at)
    if agreement.kind == "same":
        _check_opted_in(thing, service, pen.at)
    if introduction_at is not None and introduction_at <= pen.at:
        raise BadInput("Choose a time in the future.", field="introduction_at")
    field = "referral" if isinstance(thing, Referral) else "episode"
    _check_moment(thing, service, field)
    area = thing.area
    link = new_link(service)
    handover = Handover(
        family=pen.family,
        person=thing.person,
        area=area,
        kind=kind,
        service=service,
        to_team=service.team,
        to_user=to_user,
        from_user=thing.holder,
        from_team=thing.holder_team,
        words=words.strip(),
        agreement=agreement.kind,
        agreed_by=agreement.by,
        agreed_words=agreement.words.strip(),
        agreed_at=agreement.at if agreement.kind == "agreed" else None,
        sharing_reason=agreement.reason.strip(),
        shared=snapshot(thing.person, pen.family.pk),
        proposed_at=pen.at,
        answer_due_at=working_time.due_after_working_days(pen.at, area.answer_days),
        introduction_at=introduction_at,
        link_digest=digest(link) if link else None,
        link_until=pen.at + timedelta(days=LINK_DAYS) if link else None,
        **{field: thing},
    )
    handover.save()
    _keep_agreement(pen, handover, agreement)
    _send_off(pen, handover, thing)
    ask_receiver(pen, handover, link)
    return handover, link


def _keep_agreement(pen: Pen, handover: Handover, agreement: Agreement) -> None:
    """What was agreed for this handover is consent to share with the service; a reason is kept as one."""
    service = handover.service
    receiver = {
        "person": handover.person,
        "family": pen.family,
        "breadth": "service",
        "organisation_id": service.organisation_id,
        "service_id": service.pk,
        "to_words": service.name[:200],
        "recorded_by": user_of(pen.by),
    }
    if agreement.kind == "agreed":
        Consent.objects.create(
            **receiver,
            slices=sorted(SLICES),
            given_by=agreement.by.strip()[:200],
            how=agreement.how,
            words=agreement.words.strip()[:500],
            at=agreement.at or pen.at,
            recorded_at=pen.at,
        )
    elif agreement.kind == "reason":
        SharedWithout.objects.create(
            **receiver, authority=agreement.authority, reason=agreement.reason.strip()[:500], at=pen.at
        )


def _send_off(pen: Pen, handover: Handover, thing: Referral | Episode) -> None:
    """Say that it was asked, and let it wait on whoever answers."""
    service = handover.service
    pen.note(
        "handover_proposed",
        f"{name_of(pen.by)} asked {service.name} to {ASKED.get(handover.kind, 'take over')}.",
        handover.words,
        subject=handover,
        to_stage=handover.stage,
    )
    if isinstance(thing, Referral):
        pen.move(thing, Event.HANDOVER_PROPOSED, f"Being handed over to {service.name}.")
        pen.done("read", "decide", "not_reached", subject=thing, words="handover proposed")
    wait_for_answer(pen, handover)


def _check_moment(thing: Referral | Episode, service: Service, field: str) -> None:
    if Handover.objects.open().filter(service=service, **{field: thing}).exists():
        raise WrongMoment(f"{service.name} is already asked to take this over. Nothing was changed.")
    if isinstance(thing, Referral) and thing.stage in {ReferralStage.RECEIVED, ReferralStage.READ}:
        raise WrongMoment("Decide first what could help and why. Then hand over.")


def _check_receiver(service: Service, to_user: User | None, at: datetime) -> None:
    if service.state not in {"offered", "pilot"}:
        raise BadInput(f"{service.name} is {service.get_state_display().lower()}.", field="service")
    if not service.is_inside and not (service.outside_email or service.outside_phone):
        raise BadInput(f"{service.name} has no way to be asked. Choose another.", field="service")
    if to_user is not None and not (service.team is not None and works_in(to_user, service.team, at)):
        raise BadInput(f"{to_user.name} does not work in that team now.", field="to_user")


def check_reason(reason: str, authority: str, *, field: str = "reason") -> None:
    """Raise `BadInput` unless there is a reason in a sentence, and an authority for it."""
    if len(reason.strip()) < 10:
        raise BadInput("Say why you share without their agreement.", field=field)
    if authority not in AUTHORITIES:
        raise BadInput("Choose on whose authority you share.", field="authority")


def _check_agreement(agreement: Agreement, service: Service, from_team: Team, at: datetime) -> None:
    if agreement.kind == "agreed":
        if not agreement.by.strip():
            raise BadInput("Say who agreed.", field="agreed_by")
        if not agreement.words.strip():
            raise BadInput("Write the words they agreed in.", field="agreed_words")
        if agreement.at is None:
            raise BadInput("Say when they agreed.", field="agreed_at")
        if agreement.at > at:
            raise BadInput("That day is still to come. Say when they agreed.", field="agreed_at")
    elif agreement.kind == "reason":
        check_reason(agreement.reason, agreement.authority, field="sharing_reason")
    elif agreement.kind != "same":
        raise BadInput("Say whether the family agreed.", field="agreement")
    elif service.organisation_id != from_team.organisation_id:
        raise BadInput(
            "This goes to another organisation. Record what the family agreed to, or why you share without.",
            field="agreement",
        )


def _check_opted_in(thing: Referral | Episode, service: Service, at: datetime) -> None:
    """Where a family says yes first, nothing goes beyond the agreed circle without it."""
    area = AreaSharing.objects.filter(area=thing.area_id, opt_in=True).first()
    if area is None or service.organisation_id == thing.area.front_door.organisation_id:
        return
    if area.circle.filter(pk=service.organisation_id).exists():
        return
    said = Consent.objects.live(working_time.london_day(at)).filter(person=thing.person_id, purpose="help")
    if not said.filter(Q(breadth="circle") | Q(organisation=service.organisation_id)).exists():
        raise BadInput(
            "Here a family says yes first. Record what they said before it goes there.", field="agreement"
        )


def snapshot(person: Person, family_id: int) -> dict[str, Any]:
    """What the receiver is given, frozen as it is now: this person's story and needs, nobody else's.

    What they say is not right, or do not want shared, goes nowhere while it is looked at.
    """
    contested = Objection.objects.open().filter(person=person, of__startswith="story:")
    held_back = {int(key.split(":")[1]) for key in contested.values_list("of", flat=True)}
    return {
        "person": person.called,
        "stories": [
            {"kind": s.kind, "words": s.words, "told_by": s.told_by, "how": s.how, "at": s.at.isoformat()}
            for s in Story.objects.filter(family_id=family_id, person=person, replaced_by__isnull=True)
            if s.pk not in held_back
        ],
        "instructions": [
            {"kind": i.kind, "words": i.words}
            for i in Instruction.objects.filter(person=person, ended_at__isnull=True)
        ],
        "language": person.language,
        "interpreter": person.interpreter,
    }


def wait_for_answer(pen: Pen, handover: Handover) -> None:
    if handover.to_team is not None:
        pen.wait(
            "answer",
            subject=handover,
            user=handover.to_user or _actor_of(handover.to_team),
            team=handover.to_team,
            due_at=handover.answer_due_at,
            why=f"{handover.from_user.name} asks {handover.service.name} to take over, and holds until then.",
        )
    else:
        pen.wait(
            "answer",
            subject=handover,
            user=handover.from_user,
            team=handover.from_team,
            due_at=handover.answer_due_at,
            why=f"{handover.service.name} answers by its link, or by telephone and you write it down.",
        )


def _actor_of(team: Team) -> User | None:
    """The person a new handover waits on: the team's lead with an open account, else the whole team."""
    return team.lead if team.lead is not None and team.lead.is_active else None


def ask_receiver(pen: Pen, handover: Handover, link: str) -> None:
    service = handover.service
    due = working_time.day_in_words(handover.answer_due_at)
    if handover.to_team is not None:
        receiver = handover.to_user or _actor_of(handover.to_team)
        if receiver is not None:
            outbox.to_staff(
                user=receiver,
                subject="A handover waits for your answer",
                body=(
                    f"{handover.from_user.name} asks {service.name} to take over for a family. "
                    f"Please answer by {due}. Sign in to read it."
                ),
                template="handover_proposed",
                key=f"handover:{handover.pk}:{handover.round}:proposed",
                at=pen.at,
                family=pen.family,
                area_id=handover.area_id,
            )
    elif service.outside_email:
        outbox.to_address(
            address=service.outside_email,
            subject="Can you take over for a family?",
            body=(
                f"{handover.from_user.name} at {handover.area.door_name} asks {service.name} to take over "
                f"for a family. Open this link to read it and answer. It works for {LINK_DAYS} days, until "
                f"the handover is done: {outbox.full_address(LINK_PATH + link)}"
            ),
            template="handover_link",
            key=f"handover:{handover.pk}:{handover.round}:link",
            at=pen.at,
            family=pen.family,
            area_id=handover.area_id,
        )


def digest(link: str) -> str:
    return hashlib.sha256(link.encode()).hexdigest()


def withdraw_in(pen: Pen, handover: Handover, why: str) -> None:
    """`withdraw` inside a transaction that is already open."""
    handover.closed_at, handover.closed_words = pen.at, why.strip()[:300]
    pen.move(
        handover, Event.WITHDRAWN, f"The handover to {handover.service.name} was taken back.", why.strip()
    )
    pen.all_done(handover, "withdrawn")
    after_stopping(pen, handover)


def after_stopping(pen: Pen, handover: Handover) -> None:
    """When the last open handover of a referral stops, the request is with its holder to decide again."""
    if handover.referral_id is None:
        return
    referral = fresh_referral(handover.referral_id)
    if referral.stage != ReferralStage.HANDING_OVER:
        return
    if Handover.objects.open().filter(referral=referral).exists():
        return
    pen.move(referral, Event.HANDOVER_STOPPED, f"With {first_name(_holder(referral))} to decide again.")
    wait_to_decide(pen, referral)


def _holder(referral: Referral) -> str:
    return referral.holder.name if referral.holder is not None else "the front door"
