"""Telling a family what has become of their request: a neutral text or e-mail, if one is safe for it."""

from __future__ import annotations

from anydoor.care.models import Episode, Handover, Referral
from anydoor.care.pen import Pen, first_name
from anydoor.directory.models import Area
from anydoor.messages import outbox, texts
from anydoor.messages.models import OutboxMessage
from anydoor.people.models import ContactPoint, Person

OWN_PAGE = "/mine/ask/"  # where a person asks for the way to their own page


def received(pen: Pen, referral: Referral, point: ContactPoint | None) -> list[OutboxMessage]:
    """The answer to a request, to be posted: none unless the way that came with it is safe for it.

    Somebody who was referred hears of it from us only when they know of it: the referrer tells them first.
    """
    if point is None or point.safe != "yes":
        return []
    is_referred = bool(referral.referrer_name or referral.referrer_organisation)
    if is_referred and referral.family_knows != "yes":
        return []
    area = referral.area
    door, by, phone = area.door_name, referral.contact_by, area.phone
    if is_referred:
        subject, body = texts.asked_by_another(door=door, by=by, phone=phone)
    else:
        page = outbox.full_address(OWN_PAGE)
        subject, body = texts.request_received(door=door, by=by, phone=phone, page=page)
    message = outbox.for_person(
        person=referral.person,
        template="request_received",
        body=body,
        purpose=subject,
        key=f"request_received:{referral.pk}",
        at=pen.at,
        family=pen.family,
        area_id=area.pk,
        points=[point],
    )
    return [message] if message.state == "queued" else []


def accepted(pen: Pen, handover: Handover) -> None:
    """Somebody said yes: who will be in touch, by when, and who stays until then."""
    if handover.first_contact_due_at is None:
        return
    _tell(
        pen,
        handover.area,
        handover.person,
        texts.receiver_accepted(
            door=handover.area.door_name,
            who=_receiver(handover),
            by=handover.first_contact_due_at,
            holder=first_name(handover.from_user.name),
            phone=handover.area.phone,
        ),
        "receiver_accepted",
        f"receiver_accepted:{handover.pk}:{handover.round}",
    )


def introduced(pen: Pen, handover: Handover) -> None:
    """They have met together: what comes next, and who stays until then."""
    _tell(
        pen,
        handover.area,
        handover.person,
        texts.introduced(
            door=handover.area.door_name,
            who=_receiver(handover),
            holder=first_name(handover.from_user.name),
            phone=handover.area.phone,
        ),
        "introduced",
        f"introduced:{handover.pk}:{handover.round}",
    )


def new_holder(pen: Pen, thing: Referral | Episode) -> None:
    """Somebody else is their person now, after a first contact or because a colleague took over."""
    if thing.holder is None:
        return
    _tell(
        pen,
        thing.area,
        thing.person,
        texts.new_person(
            door=thing.area.door_name,
            who=first_name(thing.holder.name),
            phone=thing.area.phone,
            page=outbox.full_address(OWN_PAGE),
        ),
        "new_holder",
        f"new_holder:{type(thing).__name__.lower()}:{thing.pk}:{thing.holder_id}:{pen.at.isoformat()}",
    )


def _receiver(handover: Handover) -> str:
    """The first name of a colleague. A receiver outside may be named after what they do, so is not named."""
    if handover.to_team_id is None or handover.to_user is None:
        return ""
    return first_name(handover.to_user.name)


def _tell(pen: Pen, area: Area, person: Person, text: texts.Text, template: str, key: str) -> OutboxMessage:
    subject, body = text
    return outbox.to_person(
        person=person,
        template=template,
        body=body,
        purpose=subject,
        key=key,
        at=pen.at,
        family=pen.family,
        area_id=area.pk,
    )
