"""Corrections. Nothing is overwritten unseen: each shows old, new, who and why on the timeline."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any, Literal

from anydoor.access.audit import user_of
from anydoor.access.models import User
from anydoor.care.models import FamilyCare, Objection, Story
from anydoor.care.record import Actor, Pen, writing
from anydoor.care.schedule.keeping import CHILD_ROLES, keep
from anydoor.people import register
from anydoor.people.models import (
    ADDRESS_KINDS,
    SAFE,
    USES,
    YES_NO_ASKED,
    ContactPoint,
    Family,
    FamilyMember,
    Instruction,
    Person,
)
from anydoor.rules import identifiers, stage, working_time
from anydoor.rules.errors import BadInput, WrongMoment

# What may be amended, and the words the timeline uses for it.
FIELDS: Mapping[str, str] = {
    "name": "Name",
    "known_as": "Likes to be called",
    "nhs_number": "NHS number",
    "born_on": "Birth date",
    "due_on": "Due date",
    "language": "Language",
    "interpreter": "Interpreter",
    "care_leaver": "Care leaver",
    "gp_practice": "GP practice",
    "address_kind": "Address",
    "address": "Address lines",
    "postcode": "Postcode",
}

LINE_LIMITS: Mapping[str, int] = {"name": 200, "known_as": 100, "language": 60, "gp_practice": 200}


def amend_person(
    *,
    person: Person,
    family_id: int,
    changes: Mapping[str, Any],
    why: str,
    version: int,
    by: Actor,
    at: datetime,
) -> Person:
    """Change facts about a person. `version` is the one the page showed: an older one changes nothing.

    Raises `WrongMoment` when somebody changed the record in the meantime, `BadInput` per field.
    """
    unknown = set(changes) - set(FIELDS)
    if unknown:
        raise BadInput(f"This cannot be changed here: {', '.join(sorted(unknown))}.")
    with writing(family_id, by=by, at=at) as pen:
        person = Person.objects.select_for_update().get(pk=person.pk, memberships__family_id=family_id)
        if person.version != version:
            raise WrongMoment(
                "Somebody else changed this record after you opened it. Your words are kept below: "
                "look at what it says now, then save again."
            )
        checked = _checked(changes, person, working_time.london_day(at))
        lines = []
        for name, new in checked.items():
            old = getattr(person, name)
            if old != new:
                lines.append({"field": FIELDS[name], "old": _words(old), "new": _words(new), "why": why})
                setattr(person, name, new)
        if not lines:
            return person
        if not why.strip() and any(line["old"] for line in lines):
            raise BadInput("Say why it changes.", field="why")
        person.version += 1
        person.save()
        if {"name", "known_as"} & set(checked):
            register.index_names(person)
            _retitle(pen, person)
        if {"born_on", "due_on"} & set(checked):
            keep(pen.family, at=at)
        labels = ", ".join(line["field"] for line in lines)
        pen.note(
            "amended",
            f"{by.name} changed {labels} of {person.called}.",
            why.strip(),
            facts={"person": person.pk, "lines": lines},
        )
        return person


def _checked(changes: Mapping[str, Any], person: Person, today: date) -> dict[str, Any]:
    checked: dict[str, Any] = {}
    for name, value in changes.items():
        try:
            checked[name] = _check_one(name, value, person, today)
        except BadInput as fault:
            raise fault.at(name) from fault
    return checked


CHOICES: Mapping[str, Mapping[str, str]] = {
    "interpreter": YES_NO_ASKED,
    "care_leaver": YES_NO_ASKED,
    "address_kind": ADDRESS_KINDS,
}


def _check_one(name: str, value: Any, person: Person, today: date) -> Any:
    if name in CHOICES:
        if value not in CHOICES[name]:
            raise BadInput("Choose one from the list.")
        return value
    if not value:
        return None if name in {"nhs_number", "born_on", "due_on"} else ""
    if name == "nhs_number":
        return _own_nhs_number(value, person)
    if name == "born_on":
        return stage.check_born_on(value, today, whose=_whose(person))
    if name == "due_on":
        return stage.check_due_on(value, today)
    if name == "postcode":
        return identifiers.postcode(value)
    if name == "address":
        return identifiers.free_text(value, 500)
    return identifiers.one_line(value, LINE_LIMITS[name])


def _whose(person: Person) -> Literal["adult", "baby"]:
    """By which rule a birth date is checked: a child need never have had a due date."""
    child = person.pk is not None and person.memberships.filter(role__in=["baby", "child"]).exists()
    return "baby" if person.due_on or child else "adult"


def _own_nhs_number(value: str, person: Person) -> str:
    number = identifiers.nhs_number(value)
    if Person.objects.filter(nhs_number=number).exclude(pk=person.pk).exists():
        raise BadInput("Another person here already has this NHS number. Look them up first.")
    return number


def _words(value: object) -> str:
    if isinstance(value, date):
        return f"{value.day} {value:%B %Y}"
    return "" if value in (None, "not_asked") else str(value)


def _retitle(pen: Pen, person: Person) -> None:
    person.referrals.update(title=person.called)


def set_contact_safety(
    *,
    point: ContactPoint,
    family_id: int,
    safe: str,
    uses: list[str],
    hours: str,
    by: Actor,
    at: datetime,
) -> ContactPoint:
    """Record whether, for what and when a number or address is safe to use, as the person said it."""
    if safe not in SAFE:
        raise BadInput("Choose safe, not safe or not asked.", field="safe")
    if set(uses) - set(USES):
        raise BadInput("Choose uses from the list.", field="uses")
    if safe == "yes" and not uses:
        raise BadInput("Say what it is safe for.", field="uses")
    with writing(family_id, by=by, at=at) as pen:
        point = ContactPoint.objects.select_for_update().get(
            pk=point.pk, person__memberships__family_id=family_id
        )
        old = (point.safe, list(point.uses), point.hours)
        point.safe, point.uses, point.hours = safe, uses if safe == "yes" else [], hours.strip()[:200]
        point.save()
        pen.note(
            "safety_asked",
            f"{by.name} asked what is safe: {point.typed}, {SAFE[safe].lower()}.",
            facts={
                "old": list(map(str, old)),
                "new": [safe, str(uses), hours],
                "point": point.pk,
                "person": point.person_id,
            },
        )
        return point


def add_contact_point(
    *,
    person: Person,
    family_id: int,
    typed: str,
    safe: str,
    uses: list[str],
    by: Actor,
    at: datetime,
    hours: str = "",
) -> ContactPoint:
    """Add a way to reach somebody; one that is there already keeps what was said of its safety."""
    if safe not in SAFE:
        raise BadInput("Choose safe, not safe or not asked.", field="safe")
    if safe == "yes" and not uses:
        raise BadInput("Say what it is safe for.", field="uses")
    try:
        contact = identifiers.contact(typed)
    except BadInput as fault:
        raise fault.at("typed") from fault
    with writing(family_id, by=by, at=at) as pen:
        point = register.add_contact_point(
            person=person,
            contact=contact,
            typed=typed.strip(),
            at=at,
            safe=safe,
            uses=uses if safe == "yes" else [],
            hours=hours.strip()[:200],
        )
        pen.note(
            "contact_added", f"{by.name} added a way to reach {person.called}.", facts={"person": person.pk}
        )
        return point


def end_contact_point(*, point: ContactPoint, family_id: int, by: User, at: datetime) -> None:
    """This number or address is no longer used."""
    with writing(family_id, by=by, at=at) as pen:
        point = ContactPoint.objects.select_for_update().get(
            pk=point.pk, person__memberships__family_id=family_id
        )
        point.ended_at = at
        point.save(update_fields=["ended_at"])
        pen.note(
            "contact_ended",
            f"{by.name} ended a way to reach {point.person.called}.",
            facts={"person": point.person_id},
        )


def add_instruction(
    *, person: Person, family_id: int, kind: str, words: str, by: User, at: datetime, form_key: str = ""
) -> Instruction:
    """A sentence every worker must follow: to keep somebody safe, or what they need from us."""
    if kind not in {"safety", "need"}:
        raise BadInput("Choose what it is about.", field="kind")
    if not words.strip():
        raise BadInput("Write it as something to do, in one sentence.", field="words")
    if len(words.strip()) > 300:
        raise BadInput("Keep it to one sentence: 300 characters at most.", field="words")
    with writing(family_id, by=by, at=at, form_key=form_key) as pen:
        row = register.add_instruction(
            person=person, kind=kind, words=words.strip(), said_by=person.called, recorded_by=by, at=at
        )
        # The sentence stands in `words`, not in the headline: it may be for this person's page alone.
        about = "what keeps them safe" if kind == "safety" else "what they need from us"
        pen.note(
            "instruction_added",
            f"{by.name} wrote down for {person.called}: {about}.",
            words.strip(),
            facts={"person": person.pk},
        )
        return row


def end_instruction(*, row: Instruction, family_id: int, why: str, by: User, at: datetime) -> None:
    """An instruction no longer holds. It stays on the timeline."""
    if not why.strip():
        raise BadInput("Say why it no longer holds.", field="why")
    with writing(family_id, by=by, at=at) as pen:
        row = Instruction.objects.select_for_update().get(pk=row.pk, person__memberships__family_id=family_id)
        row.ended_at = at
        row.save(update_fields=["ended_at"])
        pen.note(
            "instruction_ended",
            f"{by.name} ended an instruction of {row.person.called}.",
            f"{row.words} Ended because: {why.strip()}",
            facts={"person": row.person_id},
        )


def add_member(
    *,
    family_id: int,
    name: str,
    role: str,
    apart: bool,
    by: User,
    at: datetime,
    form_key: str = "",
    **facts: Any,
) -> FamilyMember:
    """Add somebody to a family, with a record of their own."""
    with writing(family_id, by=by, at=at, form_key=form_key) as pen:
        today = working_time.london_day(at)
        # A child is checked as one whether or not it has a due date; nobody is in the family yet to say so.
        judged_as = Person(due_on=facts.get("due_on") or (today if role in CHILD_ROLES else None))
        checked = {key: _check_one(key, value, judged_as, today) for key, value in facts.items()}
        person = register.add_person(at=at, name=identifiers.one_line(name, 200) if name else "", **checked)
        member = register.add_to_family(family=pen.family, person=person, role=role, at=at, apart=apart)
        if role in CHILD_ROLES:
            keep(pen.family, at=at)
        pen.note(
            "member_added", f"{by.name} added {person.called} to the family.", facts={"person": person.pk}
        )
        return member


def set_apart(*, member: FamilyMember, apart: bool, by: User, at: datetime) -> None:
    """Parents live apart, or no longer do. Each keeps a record of their own either way."""
    with writing(member.family_id, by=by, at=at) as pen:
        FamilyMember.objects.filter(pk=member.pk).update(apart=apart)
        state = "lives apart" if apart else "lives with the family"
        pen.note("member_changed", f"{member.person.called} {state}.", facts={"person": member.person_id})


def amend_story(*, story: Story, words: str, why: str, by: Actor, at: datetime) -> Story:
    """Correct what was written down. The first version is kept and shown crossed out."""
    if not words.strip():
        raise BadInput("Write what it should say.", field="words")
    if not why.strip():
        raise BadInput("Say why it changes.", field="why")
    with writing(story.family_id, by=by, at=at) as pen:
        old = Story.objects.select_for_update().get(pk=story.pk)
        if old.replaced_by_id is not None:
            raise WrongMoment("Somebody already corrected this. Look at what it says now.")
        new = Story.objects.create(
            family_id=old.family_id,
            person_id=old.person_id,
            referral_id=old.referral_id,
            kind=old.kind,
            words=words.strip(),
            told_by=old.told_by,
            how=old.how,
            recorded_by=user_of(by),
            at=old.at,
        )
        old.replaced_by = new
        old.save(update_fields=["replaced_by"])
        # What somebody said of it stays beside the words that stand now.
        Objection.objects.filter(of=f"story:{old.pk}").update(of=f"story:{new.pk}")
        pen.note(
            "amended",
            f"{by.name} corrected what was written down.",
            why.strip(),
            facts={
                "person": old.person_id,
                "lines": [{"field": "Story", "old": old.words, "new": new.words, "why": why}],
            },
        )
        return new


def set_trying(*, family: Family, trying: bool, assisted: bool, by: User, at: datetime) -> FamilyCare:
    """The family is trying for a baby, perhaps with help; the first stage of all."""
    with writing(family, by=by, at=at) as pen:
        pen.family.trying_to_conceive, pen.family.assisted_conception = trying, assisted
        pen.family.save(update_fields=["trying_to_conceive", "assisted_conception"])
        pen.note(
            "stage_changed", f"{by.name} recorded: {'trying for a baby' if trying else 'not trying now'}."
        )
    return FamilyCare.objects.get(family=family)
