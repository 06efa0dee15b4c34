"""What a family adds to its own request later: more words, a correction, how to reach them, what they need.

They come without an account, from the device they asked from; `themselves` says who acted. The record of
a person we knew before (a worker joined the two) is never changed from here: what is said then stands as
words for the holder, who asks. Everything else shows on the timeline as any change does, old and new.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from django.db.models import QuerySet

from anydoor.access import wall
from anydoor.access.audit import Outsider, user_of
from anydoor.access.models import Team, User
from anydoor.care import amend
from anydoor.care.clocks import wait_on_danger
from anydoor.care.intake import Told, excerpt_of
from anydoor.care.models import FamilyCare, Happening, Referral, Story
from anydoor.care.record import Actor, Pen, fresh_referral, writing
from anydoor.care.schedule.keeping import keep
from anydoor.messages import outbox
from anydoor.people import register
from anydoor.people.models import ROLES_IN_FAMILY, SAFE, USES, ContactPoint, FamilyMember, Person
from anydoor.rules import danger, identifiers, stage, working_time
from anydoor.rules.errors import BadInput

BY_THEMSELVES = "They changed it themselves."
ANSWERS = "by web form, their answers"
KINDS = {"told_safe": "safe", "told_needs": "needs", "told_about": "about", "told_more": "words"}


def themselves(referral: Referral) -> Outsider:
    """The person who asked, as the one who acts."""
    return Outsider(referral.person.name or "The person who asked", "visitor")


@wall.behind("the form's own key finds what it made before")
def sent_before(source_ref: str) -> Referral | None:
    """The request that this showing of the form already made, in whatever area it went to."""
    return Referral.objects.filter(source_ref=source_ref).select_related("area").first()


@wall.behind("a form is compared with what it made before; only yes or no comes back")
def says_the_same(referral: Referral, told: Told) -> bool:
    """Whether a form says what came with the request already: the same words, the same way to reach them."""
    try:
        words, value = _kept(told.story), identifiers.contact(told.contact).normalised
    except BadInput:
        return False
    wrote = Story.objects.filter(referral=referral, kind="own", recorded_by__isnull=True, words=words)
    return wrote.exists() and ContactPoint.objects.filter(person=referral.person, value=value).exists()


def digest_of(told: Told) -> str:
    """Words and contact of a form as a short key: the same of both, the same key."""
    return hashlib.sha256(f"{told.contact.strip()}\n{told.story.strip()}".encode()).hexdigest()[:24]


def told_already(referral: Referral) -> frozenset[str]:
    """Which of the optional pages this person has filled in: safe, needs, about, words."""
    kinds = Happening.objects.filter(referral=referral, kind__in=KINDS).values_list("kind", flat=True)
    return frozenset(KINDS[kind] for kind in kinds)


def stories_of(referral: Referral) -> QuerySet[Story]:
    """What this person wrote for this request themselves, as it says now, oldest first.

    Without their answers that are kept as words: those would show that we knew them before.
    """
    return (
        Story.objects.filter(
            referral=referral, kind="own", recorded_by__isnull=True, replaced_by__isnull=True
        )
        .exclude(how=ANSWERS)
        .order_by("at", "id")
    )


def point_of(referral: Referral) -> ContactPoint | None:
    """The one way to reach them that came with the request; the same one, when we had it before."""
    held = ContactPoint.objects.filter(person_id=referral.person_id, ended_at__isnull=True).order_by("id")
    came = held.filter(added_at=referral.received_at).first()
    return came or held.filter(value=referral.claimed.get("contact", "")).first()


def say_more(*, referral: Referral, words: str, by: Actor, at: datetime) -> Story:
    """Add own words to a request. The same words twice are one story. Raises `BadInput` on `words`."""
    kept = _kept(words)
    if not kept:
        raise BadInput("Write what you want to add.", field="words")
    with writing(referral.family_id, by=by, at=at) as pen:
        referral = fresh_referral(referral.pk)
        same = stories_of(referral).filter(words=kept).first()
        if same is not None:
            return same
        story = _add_story(pen, referral, kept)
        pen.note("told_more", f"{by.name} added to what they told us.", subject=referral)
        return story


def correct(*, story: Story, words: str, by: Actor, at: datetime) -> Story:
    """Put right what was written; the first version is kept. Raises `BadInput`, `WrongMoment` when stale."""
    kept = _kept(words)
    if not kept:
        raise BadInput(
            "Write what it should say. To take it back, ask the person who holds it.", field="words"
        )
    if kept == story.words:
        return story
    assert story.referral_id is not None
    with writing(story.family_id, by=by, at=at) as pen:
        referral = fresh_referral(story.referral_id)
        new = amend.amend_story(story=story, words=kept, why=BY_THEMSELVES, by=by, at=at)
        first = stories_of(referral).first()
        if first is not None and first.pk == new.pk:
            Referral.objects.filter(pk=referral.pk).update(excerpt=excerpt_of(kept))
            referral.excerpt = excerpt_of(kept)
        _look_for_danger(pen, referral, kept)
        _tell_holder(pen, referral, f"corrected:{new.pk}")
        pen.note("told_more", f"{by.name} changed what they told us.", subject=referral)
        return new


def tell_safe(
    *,
    referral: Referral,
    safe: str,
    uses: Sequence[str],
    hours: str,
    another: str,
    by: Actor,
    at: datetime,
) -> None:
    """Say whether the way they gave is safe, for what and when, and `another` way that is safer (or "").

    When the first way is not safe, `uses` and `hours` speak of the other. Of somebody we knew before only
    that a way is not safe is taken over; the rest stands as words. Raises `BadInput` per field.
    """
    line = identifiers.one_line(hours.strip(), 200)
    if safe == "yes" and not uses:
        raise BadInput("Say what it is safe for.", field="uses")
    other = _checked_contact(another) if another.strip() else None
    with writing(referral.family_id, by=by, at=at) as pen:
        referral = fresh_referral(referral.pk)
        point = point_of(referral)
        if safe == "no" and other is not None and point is not None and other.normalised == point.value:
            raise BadInput(
                "This is the way that is not safe. Give another, or leave it empty.", field="another"
            )
        on_first = list(uses) if safe == "yes" else []
        if referral.joined_by:
            _as_words(pen, referral, _safe_words(safe, uses, line, another.strip()))
        if point is not None and (safe == "no" or not referral.joined_by):
            amend.set_contact_safety(
                point=point,
                family_id=referral.family_id,
                safe=safe,
                uses=on_first,
                hours=line,
                by=by,
                at=at,
            )
        if other is not None and not referral.joined_by:
            register.add_contact_point(
                person=referral.person,
                contact=other,
                typed=another.strip(),
                at=at,
                safe="yes" if uses else "not_asked",
                uses=list(uses),
                hours=line,
            )
        _look_for_danger(pen, referral, line)
        pen.note("told_safe", f"{by.name} told us how it is safe to reach them.", subject=referral)
        _tell_holder(pen, referral, f"safe:{referral.pk}:{at.isoformat()}")


def _safe_words(safe: str, uses: Sequence[str], hours: str, another: str) -> list[str]:
    """What they said of how to reach them, a line each."""
    allowed = ", ".join(USES[use].lower() for use in uses if use in USES)
    return [
        f"The number or address I gave: {SAFE[safe].lower()}.",
        *([f"A safer way: {another}."] if another else []),
        *([f"You may: {allowed}."] if allowed else []),
        *([f"When: {hours}."] if hours else []),
    ]


def _checked_contact(another: str) -> identifiers.Contact:
    try:
        return identifiers.contact(another)
    except BadInput as fault:
        raise fault.at("another") from fault


def tell_needs(
    *,
    referral: Referral,
    language: str,
    interpreter: str,
    communication: Sequence[str],
    by: Actor,
    at: datetime,
) -> None:
    """Say which language, whether an interpreter, and what they need to read, hear and understand us."""
    spoken = identifiers.one_line(language.strip(), 60)
    wanted = [identifiers.one_line(one.strip(), 300) for one in communication if one.strip()]
    with writing(referral.family_id, by=by, at=at) as pen:
        referral = fresh_referral(referral.pk)
        changes = {"language": spoken} if spoken else {}
        if interpreter != "not_asked":
            changes["interpreter"] = interpreter
        _change_person(pen, referral, changes)
        if interpreter == "yes" and "interpreter" not in referral.about:
            referral.about = [*referral.about, "interpreter"]
            referral.save(update_fields=["about"])
        known = set(
            referral.person.instructions.filter(kind="need", ended_at__isnull=True).values_list(
                "words", flat=True
            )
        )
        for words in wanted:
            if words not in known:
                register.add_instruction(
                    person=referral.person,
                    kind="need",
                    words=words,
                    said_by=by.name,
                    recorded_by=user_of(by),
                    at=at,
                )
        _look_for_danger(pen, referral, "\n\n".join([spoken, *wanted]))
        pen.note(
            "told_needs",
            f"{by.name} told us what they need from us.",
            " ".join(wanted),
            subject=referral,
            facts={"person": referral.person_id},
        )
        _tell_holder(pen, referral, f"needs:{referral.pk}:{at.isoformat()}")


def tell_about(
    *,
    referral: Referral,
    name: str,
    role: str,
    where: str,
    due_on: date | None,
    baby_born_on: date | None,
    by: Actor,
    at: datetime,
) -> None:
    """Say what to call them, who they are, and where they are: `expecting`, `born`, `loss`, `trying` or "".

    Nothing is asked about a loss here: that it happened is enough. Raises `BadInput` per field.
    """
    today = working_time.london_day(at)
    called = identifiers.one_line(name.strip(), 200)
    if role and role not in ROLES_IN_FAMILY:
        raise BadInput("Choose from the answers that are listed.", field="role")
    if where == "expecting" and due_on is not None:
        _checked_day("due_on", due_on, today)
    if where == "born" and baby_born_on is not None:
        _checked_day("baby_born_on", baby_born_on, today)
    with writing(referral.family_id, by=by, at=at) as pen:
        referral = fresh_referral(referral.pk)
        _change_person(pen, referral, {"name": called} if called else {})
        if referral.joined_by:
            said = [ROLES_IN_FAMILY.get(role, ""), *_where_words(where, due_on, baby_born_on)]
            _as_words(pen, referral, [one for one in said if one])
        else:
            _set_role(pen, referral, role)
            _set_where(pen, referral, where, due_on, baby_born_on)
            referral.who_words = ", ".join(
                one
                for one in (ROLES_IN_FAMILY.get(role, ""), *_where_words(where, due_on, baby_born_on))
                if one
            )[:120]
        marks = {"father" if role in {"father", "co_parent"} else "", "loss" if where == "loss" else ""}
        referral.about = sorted({*referral.about, *marks} - {""})
        referral.save(update_fields=["who_words", "about"])
        _look_for_danger(pen, referral, called)
        pen.note("told_about", f"{by.name} told us who they are.", subject=referral)
        _tell_holder(pen, referral, f"about:{referral.pk}:{at.isoformat()}")


def _checked_day(field: str, day: date, today: date) -> None:
    try:
        if field == "due_on":
            stage.check_due_on(day, today)
        else:
            stage.check_born_on(day, today, whose="baby")
    except BadInput as fault:
        raise fault.at(field) from fault


def _where_words(where: str, due_on: date | None, born_on: date | None) -> list[str]:
    if where == "expecting":
        return [f"due {due_on.day} {due_on:%B}" if due_on else "expecting a baby"]
    if where == "born":
        return [f"baby born {born_on.day} {born_on:%B}" if born_on else "has a baby"]
    return {"loss": ["after a loss"], "trying": ["trying for a baby"]}.get(where, [])


def _set_role(pen: Pen, referral: Referral, role: str) -> None:
    if role:
        FamilyMember.objects.filter(
            family=pen.family, person_id=referral.person_id, left_at__isnull=True
        ).update(role=role)


def _set_where(pen: Pen, referral: Referral, where: str, due_on: date | None, born_on: date | None) -> None:
    """The stage they tell us: one baby's record at most, made once and then corrected."""
    if where == "trying":
        pen.family.trying_to_conceive = True
        pen.family.save(update_fields=["trying_to_conceive"])
    if where not in {"expecting", "born", "loss"} or not (due_on or born_on or where == "loss"):
        return
    babies = list(
        Person.objects.filter(
            memberships__family=pen.family, memberships__role="baby", memberships__left_at__isnull=True
        )
    )
    if len(babies) > 1:
        _as_words(pen, referral, _where_words(where, due_on, born_on))
        return
    facts: dict[str, Any] = {"due_on": due_on} if where == "expecting" else {}
    if where == "born":
        facts = {"born_on": born_on}
    if where == "loss":
        facts = {"loss_kind": "not_said"}
    if not babies:
        baby = register.add_person(at=pen.at, **facts)
        register.add_to_family(family=pen.family, person=baby, role="baby", at=pen.at)
        keep(pen.family, at=pen.at)
        return
    baby = babies[0]
    if where == "loss" or baby.loss_kind:
        # A loss told from here is looked at by a person before a record of a baby changes.
        _as_words(pen, referral, _where_words(where, due_on, born_on))
        return
    amend.amend_person(
        person=baby,
        family_id=pen.family.pk,
        changes=facts,
        why=BY_THEMSELVES,
        version=baby.version,
        by=pen.by,
        at=pen.at,
    )


def _change_person(pen: Pen, referral: Referral, changes: dict[str, str]) -> None:
    if not changes:
        return
    if referral.joined_by:
        _as_words(pen, referral, [f"{amend.FIELDS[key]}: {value}" for key, value in changes.items()])
        return
    person = amend.amend_person(
        person=referral.person,
        family_id=referral.family_id,
        changes=changes,
        why=BY_THEMSELVES,
        version=referral.person.version,
        by=pen.by,
        at=pen.at,
    )
    referral.person = person
    referral.title = person.called


def _as_words(pen: Pen, referral: Referral, lines: list[str]) -> None:
    """Facts about somebody we knew before, kept as their words; their record is for the holder to change."""
    text = "\n".join(lines)
    if text and not Story.objects.filter(referral=referral, how=ANSWERS, words=text).exists():
        _add_story(pen, referral, text, how=ANSWERS)


def _add_story(pen: Pen, referral: Referral, words: str, how: str = "by web form, added later") -> Story:
    story = Story.objects.create(
        family=pen.family,
        person=referral.person,
        referral=referral,
        kind="own",
        words=words,
        told_by=referral.person.called if referral.person.name else "In their own words",
        how=how,
        recorded_by=user_of(pen.by),
        at=pen.at,
    )
    _look_for_danger(pen, referral, words)
    _tell_holder(pen, referral, f"added:{story.pk}")
    return story


def _kept(words: str) -> str:
    try:
        return identifiers.free_text(words).strip()
    except BadInput as fault:
        raise fault.at("words") from fault


def _look_for_danger(pen: Pen, referral: Referral, words: str) -> None:
    """Words of danger count whenever they are written: the request goes up, and a clock starts."""
    spans = danger.find(words)
    if not spans:
        return
    held = _held_by(referral)
    found = (span.words[:200] for span in spans)
    referral.danger_words = list(dict.fromkeys([*referral.danger_words, *found]))
    if "danger" not in referral.tags:
        referral.tags = ["danger", *referral.tags]
    referral.save(update_fields=["danger_words", "tags"])
    wait_on_danger(pen, referral, *held)


def watch_for_danger(pen: Pen, person_id: int, words: str) -> None:
    """The same for words that belong to no request: a clock on the newest request of this person."""
    newest = (
        Referral.objects.filter(family=pen.family, person=person_id).order_by("-received_at", "-pk").first()
    )
    if newest is not None and danger.find(words):
        _look_for_danger(pen, fresh_referral(newest.pk), words)


def _held_by(referral: Referral) -> tuple[User, Team]:
    """Whoever answers for the request: its holder, or the family's lead once a service has taken it up."""
    if referral.holder is not None and referral.holder_team is not None:
        return referral.holder, referral.holder_team
    care = FamilyCare.objects.select_related("lead", "lead_team").get(family_id=referral.family_id)
    if care.lead is not None and care.lead_team is not None:
        return care.lead, care.lead_team
    assert referral.front_door.fallback is not None
    return referral.front_door.fallback, referral.front_door


def _tell_holder(pen: Pen, referral: Referral, key: str) -> None:
    worker, _ = _held_by(referral)
    outbox.to_staff(
        user=worker,
        subject=f"Something was added to {referral.reference}",
        body=f"The person who asked added something to request {referral.reference}. Sign in to read it.",
        template="family_added",
        key=f"family_added:{key}"[:200],
        at=pen.at,
        family=pen.family,
        area_id=referral.area_id,
    )


def send_again(*, referral: Referral, told: Told, at: datetime) -> None:
    """The same form came once more (Back, and send): what is new in it is added, nothing else changes."""
    by = themselves(referral)
    kept = _kept(told.story)
    wrote = Story.objects.filter(referral=referral, kind="own", recorded_by__isnull=True, words=kept)
    if not wrote.exists():
        say_more(referral=referral, words=kept, by=by, at=at)
    contact = identifiers.contact(told.contact)
    held = ContactPoint.objects.filter(person_id=referral.person_id, value=contact.normalised)
    if not held.filter(ended_at__isnull=True).exists():
        amend.add_contact_point(
            person=referral.person,
            family_id=referral.family_id,
            typed=told.contact,
            safe="not_asked",
            uses=[],
            by=by,
            at=at,
        )
