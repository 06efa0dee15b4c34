"""Refusals as rows of the audit: who wanted what, of which family, and the rule that said no.

Doors and verbs raise; the outermost room (pages, the interface, a command) answers, and notes it here, once
what was refused has been undone. Whoever asked is told nothing of it, and what is not theirs costs as many
reads as what is not there.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from django.db.models import F, Model

from anydoor.access import audit, wall
from anydoor.access.audit import Outsider
from anydoor.access.models import User
from anydoor.access.policy import RULES, Standing, allow
from anydoor.care import scope
from anydoor.care.models import (
    AccessRequest,
    BreakGlass,
    Contact,
    Decision,
    Episode,
    Erasure,
    FamilyCare,
    Goal,
    Handover,
    LegalHold,
    Measure,
    MeasureAlert,
    MeasureLink,
    Objection,
    Offer,
    Referral,
    Sight,
    Story,
    Wait,
)
from anydoor.people.models import Consent, ContactPoint, FamilyMember, Instruction, Person
from anydoor.rules.errors import AnydoorError, NotAllowed, NotFound, Refused

# Rules of no policy: the thing is not there (for this person), the step itself said no, the secret opens
# nothing, the form had no mark of ours, somebody asked too often.
NOT_THERE, BY_THE_STEP = "not_there", "said_by_the_step"
BY_STATUS: Mapping[int, str] = {403: "not_a_form_of_ours", 404: "no_such_link", 410: "no_such_link",
                                429: "too_often"}  # fmt: skip
# What an address names, by the name of its part without `_id`: the rows, and where they say whose they are.
THINGS: Mapping[str, tuple[type[Model], str]] = {
    "family": (FamilyCare, "pk"),
    "referral": (Referral, "family_id"),
    "episode": (Episode, "family_id"),
    "handover": (Handover, "family_id"),
    "wait": (Wait, "family_id"),
    "contact": (Contact, "family_id"),
    "decision": (Decision, "referral__family_id"),
    "offer": (Offer, "referral__family_id"),
    "story": (Story, "family_id"),
    "goal": (Goal, "family_id"),
    "measure": (Measure, "family_id"),
    "alert": (MeasureAlert, "family_id"),
    "link": (MeasureLink, "family_id"),
    "consent": (Consent, "family_id"),
    "asked": (AccessRequest, "family_id"),
    "hold": (LegalHold, "family_id"),
    "objection": (Objection, "family_id"),
    "erasure": (Erasure, "family_id"),
    "glass": (BreakGlass, "family_id"),
    "person": (Person, ""),
    "child": (Person, ""),
    "way": (ContactPoint, "person_id"),
    "rule": (Instruction, "person_id"),
}
LARGEST = 2**63 - 1


@dataclass(frozen=True, slots=True)
class Asked:
    """What was asked for, as its address has it: its name, the parts it names, and whether it was sent."""

    address: str
    parts: Mapping[str, object] = field(default_factory=dict)
    sent: bool = False

    @property
    def words(self) -> str:
        return f"{self.address} (sent)" if self.sent else self.address

    @property
    def named(self) -> list[tuple[str, int]]:
        """What it names of a family, the family itself first: (kind, number)."""
        found = []
        for part, value in self.parts.items():
            kind = str(self.parts.get("kind")) if part == "thing_id" else part.removesuffix("_id")
            if kind in THINGS and part.endswith("_id") and isinstance(value, int) and 0 <= value <= LARGEST:
                found.append((kind, value))
        return sorted(found, key=lambda one: one[0] != "family")

    @property
    def secret(self) -> bool:
        """Whether it hangs on something only the right person was sent."""
        return any(part in {"secret", "token"} for part in self.parts)


def note(
    error: AnydoorError, *, asked: Asked, by: User | Outsider, at: datetime, who: Standing | None = None
) -> bool:
    """Add a row for an error that was a refusal; True when it was one. `who` is the standing of `by`.

    What somebody may not do always is. What is not there is one when a door of `scope` says so, or when the
    address names something of a family: guessing numbers looks exactly like that.
    """
    named = asked.named
    if not isinstance(error, NotAllowed) and not (
        isinstance(error, NotFound) and (error.of is not None or named)
    ):
        return False
    of = error.of or Refused()
    subject, key = (of.subject, of.subject_id) if of.subject else named[-1] if named else ("page", None)
    action = of.action or ("see_family" if named else "open_page")
    with wall.working():
        if key is not None and not 0 <= key <= LARGEST:
            key = None
        # All of it is looked for in any case: what is not there takes no longer and no shorter.
        families = [of.family_id, _family_of(subject, key), *(_family_of(*one) for one in named[:1])]
        family_id = next(filter(None, families), None)
        rule = of.rule or _rule(error, who, action, family_id)
        audit.refused(
            action=action, subject=subject, subject_id=key, rule=rule, address=asked.words, by=by, at=at,
            family_id=family_id,
        )  # fmt: skip
    return True


def note_answer(status: int, *, asked: Asked, by: User | Outsider, at: datetime) -> bool:
    """Add a row for an answer that was a refusal though nothing was raised: a link that opens nothing, a form
    without our mark, somebody who asked too often."""
    rule = BY_STATUS.get(status)
    if rule is None or (rule == "no_such_link" and not asked.secret):
        return False
    with wall.working():
        audit.refused(
            action="open_link" if rule == "no_such_link" else "send_form" if asked.sent else "open_page",
            subject="link" if rule == "no_such_link" else "page", subject_id=None, rule=rule,
            address=asked.words, by=by, at=at,
        )  # fmt: skip
    return True


def _rule(error: AnydoorError, who: Standing | None, action: str, family_id: int | None) -> str:
    """What the policy says of it, for the audit: by now the answer is settled."""
    if who is None:
        return BY_THE_STEP if isinstance(error, NotAllowed) else NOT_THERE
    care = FamilyCare.objects.filter(pk=family_id or 0).select_related("area__front_door").first()
    sights = list(
        Sight.objects.filter(family=family_id or 0).values_list("team_id", "level", "without", "withheld")
    )
    if care is not None:
        decision = allow(who, action if action in RULES else "see_family", scope.facts_from(care, sights))
        if not decision.allowed:
            return decision.rule
    return BY_THE_STEP if isinstance(error, NotAllowed) else NOT_THERE


def _family_of(kind: str, key: int | None) -> int | None:
    """The family that something is of; None when there is no such thing, or it is of no family."""
    model, path = THINGS.get(kind, (None, ""))
    if model is None or key is None:
        return None
    rows = model._default_manager.filter(pk=key)
    if path and path != "person_id":
        found: int | None = rows.values_list(path, flat=True).first()
        return found
    person = rows.values("person_id" if path else "pk")
    members = FamilyMember.objects.filter(person__in=person).order_by(
        F("left_at").desc(nulls_first=True), "-pk"
    )
    return members.values_list("family_id", flat=True).first()
