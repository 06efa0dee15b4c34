"""Things that happen in a family's life: each opens the tasks that follow and stops what no longer fits."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from anydoor.access.audit import name_of
from anydoor.access.models import User
from anydoor.care.listing import after_loss
from anydoor.care.models import Contact, Episode, FamilyCare, Handover, Happening, Referral, Wait
from anydoor.care.proposing import withdraw_in
from anydoor.care.record import Pen, fresh_handover, writing
from anydoor.care.schedule.events import after_event
from anydoor.directory.models import Area, Service
from anydoor.messages.models import OutboxMessage
from anydoor.people import register
from anydoor.people.models import LOSS_KINDS, FamilyMember, Person
from anydoor.rules import stage, working_time
from anydoor.rules.errors import BadInput, WrongMoment


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of event: its words, and the tasks it opens with the working days each may take."""

    label: str
    headline: str
    tasks: tuple[tuple[str, int], ...]


KINDS: Mapping[str, Kind] = {
    "birth": Kind(
        "A baby was born",
        "A baby was born.",
        (
            ("Ask how everyone is, each parent on their own. Agree the next contact.", 5),
            ("Check that the health visitor's new baby review is planned.", 10),
        ),
    ),
    "neonatal_admission": Kind(
        "A baby is in neonatal care",
        "A baby was taken into neonatal care.",
        (
            ("Ask the neonatal team who is with the parents, and tell them who holds this family.", 2),
            ("Look at planned visits and groups: do they still fit?", 2),
        ),
    ),
    "neonatal_discharge": Kind(
        "A baby came home from neonatal care",
        "A baby came home from neonatal care.",
        (
            ("Speak with the family in the first days at home.", 2),
            ("Check that neonatal outreach, health visitor and GP know.", 3),
        ),
    ),
    "loss": Kind(
        "A baby died, or a pregnancy was lost",
        "The family has had a loss.",
        (
            ("Speak with the family yourself. Ask what they need, and from whom.", 1),
            ("Check that every service involved knows, so that nobody asks after a baby.", 1),
        ),
    ),
    "moved_away": Kind(
        "The family moves away",
        "The family is moving.",
        (
            (
                "Hand over to the new area, with their agreement. You hold until they have been seen there.",
                5,
            ),
        ),
    ),
    "unit_discharge": Kind(
        "Came home from a mother and baby unit",
        "Came home from a mother and baby unit.",
        (
            ("Speak with the family within two working days of coming home.", 2),
            ("Agree with the unit's outreach who does what.", 3),
        ),
    ),
}


ABOUT_BABY = [
    words for kind in ("birth", "neonatal_admission", "neonatal_discharge") for words, _ in KINDS[kind].tasks
]


def record_event(
    *,
    family_id: int,
    kind: str,
    on: date,
    by: User,
    at: datetime,
    words: str = "",
    baby: Person | None = None,
    baby_name: str = "",
    loss_kind: str = "",
    new_area: Area | None = None,
    form_key: str = "",
) -> FamilyCare:
    """Record a birth, a neonatal stay, a loss, a move or a discharge, with what follows from it.

    `baby` is the one concerned (with twins one by one); for a birth with no baby known, one is added.
    Raises `BadInput` pinned to its field.
    """
    if kind not in KINDS:
        raise BadInput("Choose what happened.", field="kind")
    today = working_time.london_day(at)
    if on > today and kind != "moved_away":
        raise BadInput("That day is still to come.", field="on")
    if kind == "moved_away" and new_area is None:
        raise BadInput("Choose the area they move to.", field="new_area")
    if kind == "loss" and loss_kind not in LOSS_KINDS:
        raise BadInput("Choose the kind of loss.", field="loss_kind")
    with writing(family_id, by=by, at=at, form_key=form_key) as pen:
        care = FamilyCare.objects.select_related("lead", "lead_team", "area").get(family_id=family_id)
        if kind in {"birth", "loss"}:
            baby = _baby(pen, baby, kind)
            if kind == "birth":
                _born(baby, on, today, baby_name)
            else:
                _lost(baby, on, today, loss_kind)
            baby.version += 1
            baby.save()
            register.index_names(baby)
        elif baby is not None:
            _must_be_of(pen, baby)
        after_event(pen, kind=kind, on=on, baby=baby, new_area=new_area)
        definition = KINDS[kind]
        pen.note(
            kind,
            definition.headline,
            words,
            facts={"on": on.isoformat(), **({"baby": baby.pk} if baby else {})},
        )
        if kind == "loss":
            _stop_what_no_longer_fits(pen)
        if kind == "moved_away" and new_area is not None:
            _tell_new_area(pen, care, new_area)
        _open_tasks(pen, care, definition)
        return care


def _baby(pen: Pen, baby: Person | None, kind: str) -> Person:
    """The baby concerned: the one given, else the only one it can be, else a new record."""
    babies = list(
        Person.objects.filter(
            memberships__family=pen.family, memberships__role="baby", memberships__left_at__isnull=True
        ).order_by("pk")
    )
    if baby is not None:
        _must_be_of(pen, baby)
        return baby
    expected = [
        row
        for row in babies
        if row.lost_on is None and not row.loss_kind and (kind == "loss" or row.born_on is None)
    ]
    if len(expected) == 1:
        return expected[0]
    if len(expected) > 1:
        raise BadInput("Say which baby. Record twins one by one.", field="baby")
    added = register.add_person(at=pen.at)
    register.add_to_family(family=pen.family, person=added, role="baby", at=pen.at)
    return added


def _must_be_of(pen: Pen, baby: Person) -> None:
    if not FamilyMember.objects.filter(
        family=pen.family, person=baby, role="baby", left_at__isnull=True
    ).exists():
        raise BadInput("Choose a baby of this family.", field="baby")


def _born(baby: Person, on: date, today: date, name: str) -> None:
    if baby.born_on is not None:
        raise BadInput("This baby's birth is already recorded.", field="baby")
    try:
        stage.check_born_on(on, today, whose="baby")
    except BadInput as fault:
        raise fault.at("on") from fault
    baby.born_on = on
    baby.name = name.strip() or baby.name


def _lost(baby: Person, on: date, today: date, loss_kind: str) -> None:
    if baby.lost_on is not None:
        raise BadInput("This loss is recorded already. Nobody needs to be told twice.", field="baby")
    try:
        stage.check_lost_on(on, today, born_on=baby.born_on)
    except BadInput as fault:
        raise fault.at("on") from fault
    baby.lost_on, baby.loss_kind = on, loss_kind


def _stop_what_no_longer_fits(pen: Pen) -> None:
    """After a loss: services not for after a loss are taken back, and nothing about a baby is sent.

    When another baby is expected or here (a twin), a person decides; nothing is taken back by itself.
    """
    others = FamilyMember.objects.filter(
        family=pen.family,
        role__in=["baby", "child"],
        left_at__isnull=True,
        person__lost_on__isnull=True,
        person__loss_kind="",
    ).exists()
    OutboxMessage.objects.filter(family=pen.family, about_baby=True, state="queued").update(
        state="held_back", reason="After a loss nothing about a baby is sent."
    )
    if not FamilyMember.objects.filter(
        family=pen.family,
        role="baby",
        left_at__isnull=True,
        person__lost_on__isnull=True,
        person__loss_kind="",
    ).exists():
        # Nobody is asked to see to a baby's review or homecoming any more.
        Wait.objects.open().filter(family=pen.family, kind="after_event", why__in=ABOUT_BABY).update(
            done_at=pen.at, done_by=name_of(pen.by)[:200], done_words="after a loss"
        )
        for referral in Referral.objects.filter(family=pen.family):
            referral.who_words = after_loss(referral.who_words)
            referral.about = [*dict.fromkeys([*referral.about, "loss"])]
            referral.save(update_fields=["who_words", "about"])
    if others:
        return
    for handover in Handover.objects.open().filter(family=pen.family, service__after_loss=False):
        withdraw_in(
            pen, fresh_handover(handover.pk), "It no longer fits after a loss. The holder finds what does."
        )
    for contact in Contact.objects.planned().filter(
        family=pen.family, episode__service__after_loss=False, mode="group"
    ):
        contact.outcome = "cancelled_us"
        contact.version += 1
        contact.save()
        pen.done("say_what_happened", subject=contact, words="after a loss")


def _tell_new_area(pen: Pen, care: FamilyCare, new_area: Area) -> None:
    """The new area's front door is asked; holder and story stay until it has seen the family."""
    door = (
        Service.objects.filter(team=new_area.front_door, state="offered").order_by("pk").first()
        or Service.objects.filter(team__areas=new_area).order_by("pk").first()
    )
    holder = care.lead.name if care.lead else "The holder"
    pen.note(
        "moving_to",
        f"Moving to {new_area.name}. {holder} holds until they are seen there.",
        f"{new_area.door_name}, {new_area.phone}."
        + (f" Hand over to {door.name}." if door is not None else ""),
        facts={"area": new_area.pk},
    )


def moving_to(family_id: int) -> int | None:
    """The area a family said last that it moves to, by id."""
    last = Happening.objects.filter(family_id=family_id, kind="moving_to").order_by("-at", "-pk").first()
    return last.facts.get("area") if last is not None else None


def _open_tasks(pen: Pen, care: FamilyCare, kind: Kind) -> None:
    """The tasks wait on the lead holder, on the strongest open thing. A closed family gets none."""
    thing: Referral | Episode | None = (
        Episode.objects.open().filter(family=pen.family, holder=care.lead).first()
        or Referral.objects.open().filter(family=pen.family, holder=care.lead).first()
    )
    if thing is None or care.lead is None or care.lead_team is None:
        return
    for words, days in kind.tasks:
        pen.wait(
            "after_event",
            subject=thing,
            user=care.lead,
            team=care.lead_team,
            due_at=working_time.due_after_working_days(pen.at, days),
            why=words,
        )


def task_done(*, wait_id: int, words: str, by: User, at: datetime) -> None:
    """Say that a task after an event, or the first hello after a move of holder, is done."""
    wait = Wait.objects.get(pk=wait_id)
    with writing(wait.family_id, by=by, at=at) as pen:
        wait = (
            Wait.objects.select_for_update(of=("self",)).select_related("referral", "episode").get(pk=wait_id)
        )
        if wait.done_at is not None:
            raise WrongMoment(f"{wait.done_by} already did this. Nothing was changed.")
        if wait.kind not in {"after_event", "moved_to_you", "message_not_delivered"}:
            raise WrongMoment("This ends by doing it, not by ticking it off.")
        wait.done_at, wait.done_by, wait.done_words = at, by.name, words.strip()[:500]
        wait.save(update_fields=["done_at", "done_by", "done_words"])
        pen.note("task_done", f"{by.name}: {wait.why}", words.strip(), subject=wait.referral or wait.episode)
