"""An episode and its contacts: begin, plan, record, not reached, end; and ending or re-opening a request."""

from __future__ import annotations

from datetime import datetime

from anydoor.access.models import Team, User
from anydoor.care.clocks import wait_to_decide
from anydoor.care.models import Contact, Episode, FamilyCare, Handover, Referral, Wait
from anydoor.care.models.episode import PURPOSES
from anydoor.care.models.record import DANGER_KINDS
from anydoor.care.record import Pen, fresh_episode, fresh_referral, writing
from anydoor.directory.models import Area, Service
from anydoor.rules import working_time
from anydoor.rules.end_state import END_REASONS, Delivered, derive, why_not_end
from anydoor.rules.errors import BadInput, WrongMoment
from anydoor.rules.pathway import EpisodeStage, Event, ReferralStage

ENDING_KINDS = {"handover", "step_up", "step_down"}  # alongside: the sender's episode goes on


def begin_after_handover(pen: Pen, handover: Handover, *, receiver: User | None) -> Episode:
    """The episode that a completed handover begins, and the end of what was handed over.

    Inside the house `receiver` holds it. A receiver outside has no account: the worker who held goes on
    holding, and keeps in touch with them.
    """
    thing = (
        fresh_referral(handover.referral_id)
        if handover.referral_id is not None
        else fresh_episode(handover.episode_id or 0)
    )
    holder, team = thing.holder, thing.holder_team
    if receiver is not None and handover.to_team is not None:
        holder, team = receiver, handover.to_team
    if holder is None or team is None:
        raise WrongMoment("This was closed in the meantime. Nothing was changed.")
    service = handover.service
    episode = Episode(
        family=pen.family,
        person=handover.person,
        area=_area_of(handover),
        referral_id=handover.referral_id or getattr(thing, "referral_id", None),
        service=service,
        level=service.level,
        holder=holder,
        holder_team=team,
        outside_words="" if receiver is not None else service.name,
        opened_at=pen.at,
    )
    episode.save()
    pen.hold(episode, holder, team, f"first contact with {service.name}")
    pen.note("episode_began", f"{service.name} works with the family now.", subject=episode)
    if isinstance(thing, Referral):
        _take_up(pen, thing, handover)
    elif _was_last_to_take_over(thing, handover):
        _end(pen, thing, reason="moved_on", words=f"Handed over to {service.name}.")
    return episode


def _area_of(handover: Handover) -> Area:
    """The area help goes on in: the receiver's own, when it does not serve the one the family came from."""
    here = Service.objects.serving(handover.area).filter(pk=handover.service_id).exists()
    return handover.area if here else handover.service.area


def _was_last_to_take_over(episode: Episode, done: Handover) -> bool:
    """An episode ends when its last open handover is done and one of them took it over."""
    others = episode.handovers.exclude(pk=done.pk)
    if episode.stage == EpisodeStage.ENDED or others.open().exists():
        return False
    return done.kind in ENDING_KINDS or others.filter(stage="completed", kind__in=ENDING_KINDS).exists()


def _take_up(pen: Pen, referral: Referral, done: Handover) -> None:
    """A request is taken up when its last open handover is done; until then its holder goes on holding."""
    if Handover.objects.open().filter(referral=referral).exclude(pk=done.pk).exists():
        return
    referral.end_reason, referral.end_state = "taken_up", "taken_up"
    pen.release(referral)
    pen.move(referral, Event.TAKEN_UP, f"Taken up by {done.service.name}.")
    pen.all_done(referral, "taken up")


def record_contact(
    *,
    thing: Referral | Episode,
    mode: str,
    outcome: str,
    by: User,
    at: datetime,
    words: str = "",
    happens_at: datetime | None = None,
    minutes: int | None = None,
    person_id: int | None = None,
    place: str = "",
    planned: Contact | None = None,
    purpose: str = "",
    form_key: str = "",
) -> Contact:
    """Record what became of a contact, or plan one (`outcome` planned, `happens_at` to come).

    `planned` is the appointment this says the outcome of. Each try counts: after the area's number of
    tries without reaching the family, it goes back to its holder as not reached. `purpose` (assessment,
    treatment and so on) is what outcomes count by. The same `form_key` twice raises `SavedAlready`.
    """
    when = happens_at or at
    _check_contact(outcome, when, at, words, purpose)
    with writing(thing.family_id, by=by, at=at, form_key=form_key) as pen:
        thing = fresh_referral(thing.pk) if isinstance(thing, Referral) else fresh_episode(thing.pk)
        _must_be_held(thing)
        if planned is not None:
            contact = Contact.objects.select_for_update().get(pk=planned.pk)
            if contact.outcome != "planned":
                raise WrongMoment("Somebody already said what happened. Nothing was changed.")
            contact.outcome, contact.words, contact.minutes = outcome, words.strip(), minutes
            contact.mode, contact.happens_at, contact.purpose = mode, when, purpose or contact.purpose
            contact.version += 1
            contact.save()
            pen.done("say_what_happened", subject=contact, words=outcome)
        else:
            contact = Contact.objects.create(
                family=pen.family,
                person_id=person_id or thing.person_id,
                referral=thing if isinstance(thing, Referral) else None,
                episode=thing if isinstance(thing, Episode) else None,
                team=thing.holder_team,
                by=by,
                by_words=by.name,
                mode=mode,
                outcome=outcome,
                happens_at=when,
                minutes=minutes,
                words=words.strip(),
                place=place,
                purpose=purpose,
                recorded_at=at,
            )
        _after_contact(pen, thing, contact)
        return contact


def _check_contact(outcome: str, when: datetime, at: datetime, words: str, purpose: str) -> None:
    if outcome == "planned" and when <= at:
        raise BadInput("Choose a time in the future.", field="happens_at")
    if outcome != "planned" and when > at:
        raise BadInput("That time is still to come. Plan it instead.", field="happens_at")
    if outcome == "attended" and not words.strip():
        raise BadInput("Say in a line what you talked about.", field="words")
    if purpose not in PURPOSES:
        raise BadInput("Choose one from the list.", field="purpose")


def move_contact(*, contact: Contact, to: datetime, why: str, by: User, at: datetime) -> Contact:
    """Move an appointment. The old one is kept and points to the new one."""
    if to <= at:
        raise BadInput("Choose a time in the future.", field="happens_at")
    with writing(contact.family_id, by=by, at=at) as pen:
        old = Contact.objects.select_for_update().get(pk=contact.pk)
        if old.outcome != "planned":
            raise WrongMoment("Only an appointment that is still planned can be moved.")
        new = Contact.objects.get(pk=old.pk)
        new.pk, new.happens_at, new.recorded_at, new.version = None, to, at, 1
        new.by, new.by_words = by, by.name
        new.save()
        old.outcome, old.superseded_by = "cancelled_us", new
        old.version += 1
        old.save()
        pen.done("say_what_happened", subject=old, words="moved")
        pen.note(
            "contact_moved",
            f"{new.get_mode_display()} moved to {working_time.moment_in_words(to)}.",
            why,
            contact=new,
        )
        return new


def _after_contact(pen: Pen, thing: Referral | Episode, contact: Contact) -> None:
    label = contact.get_mode_display()
    headline = {
        "planned": f"{label} planned for {working_time.moment_in_words(contact.happens_at)}.",
        "attended": f"{contact.by_words}: {label.lower()}, we met or spoke.",
        "not_reached": f"{contact.by_words} tried by {label.lower()}, not reached.",
        "could_not_come": f"{label}: they could not come.",
        "cancelled_family": f"{label}: they moved or cancelled it.",
        "cancelled_us": f"{label}: we moved or cancelled it.",
    }[contact.outcome]
    pen.note(
        f"contact_{contact.outcome}",
        headline,
        contact.words,
        subject=thing,
        contact=contact,
        happened_at=contact.happens_at if contact.outcome == "attended" else None,
    )
    if contact.outcome == "attended":
        FamilyCare.objects.filter(family=pen.family).update(tries=0)
        pen.done("not_reached", "moved_to_you", subject=thing, words="spoke with them")
        if isinstance(thing, Referral) and thing.stage == ReferralStage.RECEIVED:
            pen.move(thing, Event.READ, f"{contact.by_words} read the request and spoke with them.")
            pen.done("read", subject=thing, words="read")
            wait_to_decide(pen, thing)
    elif contact.outcome == "not_reached":
        _count_try(pen, thing)


def _count_try(pen: Pen, thing: Referral | Episode) -> None:
    care = FamilyCare.objects.get(family=pen.family)
    care.tries += 1
    care.save(update_fields=["tries"])
    if care.tries < thing.area.tries or thing.holder is None or thing.holder_team is None:
        return
    if Wait.objects.open().filter(kind="not_reached", family=pen.family).exists():
        return
    pen.wait(
        "not_reached",
        subject=thing,
        user=thing.holder,
        team=thing.holder_team,
        due_at=working_time.due_after_working_days(pen.at, thing.area.triage_days),
        why=f"{care.tries} tries, not reached. Another way, another person, or tell the referrer.",
    )
    pen.note(
        "not_reached",
        f"Not reached after {care.tries} tries. Back with {thing.holder.name} to find another way.",
        subject=thing,
    )


def found_another_way(*, wait: Wait, way: str, words: str, by: User, at: datetime) -> Wait:
    """When a family was not reached, the holder tries another way or person, or tells the referrer."""
    ways = {
        "another_way": "tries another way",
        "another_person": "asks another person to try",
        "told_referrer": "told the referrer",
    }
    if way not in ways:
        raise BadInput("Choose what you do next.", field="way")
    if not words.strip():
        raise BadInput("Say how, or whom you asked.", field="words")
    with writing(wait.family_id, by=by, at=at) as pen:
        wait = (
            Wait.objects.select_for_update(of=("self",)).select_related("referral", "episode").get(pk=wait.pk)
        )
        if wait.done_at is not None:
            raise WrongMoment("Somebody already chose the next step. Nothing was changed.")
        wait.done_at, wait.done_by, wait.done_words = at, by.name, words.strip()[:500]
        wait.save(update_fields=["done_at", "done_by", "done_words"])
        FamilyCare.objects.filter(family=pen.family).update(tries=0)
        thing = wait.referral or wait.episode
        pen.note("another_way", f"{by.name} {ways[way]}.", words.strip(), subject=thing)
        return wait


def delivered(thing: Referral | Episode, *, reason: str) -> Delivered:
    """What was really delivered, counted from the contacts: the ground of the end state."""
    contacts = list(thing.contacts.filter(superseded_by__isnull=True).values_list("outcome", flat=True))
    return Delivered(
        attended=contacts.count("attended"),
        offered=len([c for c in contacts if c != "not_reached"]),
        not_reached=contacts.count("not_reached"),
        reason=reason,
    )


def end(*, thing: Referral | Episode, reason: str, words: str, by: User, at: datetime) -> Referral | Episode:
    """End a request or an episode: a person and a coded reason, never a timer.

    The end state is derived from what was delivered. Raises `BadInput` when the reason does not fit the
    facts, `WrongMoment` while a handover of it is open.
    """
    if reason not in END_REASONS:
        raise BadInput("Choose a reason.", field="reason")
    if not words.strip():
        raise BadInput("Say how it ended, in words the family could read.", field="words")
    with writing(thing.family_id, by=by, at=at) as pen:
        thing = fresh_referral(thing.pk) if isinstance(thing, Referral) else fresh_episode(thing.pk)
        _must_be_held(thing)
        field = "referral" if isinstance(thing, Referral) else "episode"
        if Handover.objects.open().filter(**{field: thing}).exists():
            raise WrongMoment("A handover of this is still open. Take it back first, with a reason.")
        if Wait.objects.open().filter(kind__in=DANGER_KINDS, **{field: thing}).exists():
            raise WrongMoment("Words of danger are not answered yet. Say first what you did.")
        refusal = why_not_end(reason, delivered(thing, reason=reason))
        if refusal is not None:
            raise BadInput(refusal, field="reason")
        _end(pen, thing, reason=reason, words=words.strip())
        return thing


def _end(pen: Pen, thing: Referral | Episode, *, reason: str, words: str) -> None:
    thing.end_reason = reason
    thing.end_state = derive(delivered(thing, reason=reason)).value
    if isinstance(thing, Episode):
        thing.end_words = words[:500]
    pen.release(thing)
    label = thing.service.name if isinstance(thing, Episode) else "The request"
    pen.move(thing, Event.ENDED, f"{label} ended.", words, facts={"reason": reason})
    pen.all_done(thing, "ended")
    thing.contacts.filter(outcome="planned").update(outcome="cancelled_us")
    Wait.objects.open().filter(contact__in=thing.contacts.all()).update(
        done_at=pen.at, done_by="ended with it"
    )


def reopen(*, referral: Referral, why: str, by: User, team: Team, at: datetime) -> Referral:
    """Open a closed request again. Whoever opens it holds it, from this moment."""
    if not why.strip():
        raise BadInput("Say why it is opened again.", field="why")
    with writing(referral.family_id, by=by, at=at) as pen:
        referral = fresh_referral(referral.pk)
        referral.holder, referral.holder_team = by, team
        referral.end_state = referral.end_reason = ""
        pen.move(
            referral, Event.REOPENED, f"{by.name} opened the request again.", why.strip(), moved_holding=True
        )
        pen.hold(referral, by, team, "opened again")
        wait_to_decide(pen, referral)
        return referral


def _must_be_held(thing: Referral | Episode) -> None:
    if thing.holder is None:
        raise WrongMoment("This is closed, so that cannot be done now. Open it again first.")
