"""What a receiver outside the house is shown: little before they accept, the frozen story after."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from anydoor.access import audit
from anydoor.access.audit import Outsider
from anydoor.care.models import Handover
from anydoor.care.record import first_name
from anydoor.people.models import FamilyMember
from anydoor.rules.profile import NEED_WORDS
from anydoor.rules.stage import Child, stage


@dataclass(frozen=True, slots=True)
class Preview:
    """Before they accept: whom it is about by first name, the stage, the needs, and why they are asked."""

    called: str
    stage: str
    needs: tuple[str, ...]
    why: str
    language: str
    interpreter: bool


def preview(handover: Handover, *, on: date) -> Preview:
    """The least that somebody needs in order to say yes or to propose another way."""
    children = [
        Child(
            due_on=member.person.due_on,
            born_on=member.person.born_on,
            lost_on=member.person.lost_on,
            loss_kind=member.person.loss_kind,
        )
        for member in FamilyMember.objects.filter(
            family_id=handover.family_id, role__in=["baby", "child"], left_at__isnull=True
        ).select_related("person")
    ]
    family = handover.family
    needs = handover.referral.needs if handover.referral is not None else []
    name = str(handover.shared.get("person", ""))
    return Preview(
        called=first_name(name) if name and name != "Not named yet" else "Somebody who has not given a name",
        stage=stage(
            children, on=on, trying=family.trying_to_conceive, assisted=family.assisted_conception
        ).words,
        needs=tuple(NEED_WORDS[need] for need in needs if need in NEED_WORDS),
        why=handover.words,
        language=str(handover.shared.get("language", "")),
        interpreter=handover.shared.get("interpreter") == "yes",
    )


def story(handover: Handover) -> dict[str, Any]:
    """After they accepted: the story and needs as they were frozen when it was proposed."""
    stories = [
        {**told, "at": datetime.fromisoformat(told["at"])} for told in handover.shared.get("stories", [])
    ]
    rules = handover.shared.get("instructions", [])
    return {
        "person": handover.shared.get("person", ""),
        "stories": stories,
        "safety": [rule["words"] for rule in rules if rule["kind"] == "safety"],
        "needs": [rule["words"] for rule in rules if rule["kind"] == "need"],
    }


def looked(handover: Handover, *, in_full: bool, at: datetime) -> None:
    """Record that somebody opened the link, and how much they were shown."""
    audit.record(
        action="see_story_by_link" if in_full else "see_preview_by_link",
        subject="handover",
        subject_id=handover.pk,
        by=Outsider(handover.service.name, "receiver"),
        at=at,
        family_id=handover.family_id,
        why="Asked to take over, by a one-time link.",
    )
