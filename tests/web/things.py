"""Something for each address of the later rooms to be about: measures, schedule, sharing, own pages."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from tests.web import scenes
from tests.world import NOW, World

from anydoor.access.models import ApiToken, Membership, User
from anydoor.care import drafts, own_page, receipts, referrer_door
from anydoor.care.break_glass import break_glass
from anydoor.care.consenting import Receiver, Word, say_yes, share_without
from anydoor.care.measures import links, taking
from anydoor.care.measures.goals import set_goal
from anydoor.care.measures.taking import Answers, Plan
from anydoor.care.models import (
    AccessRequest,
    BreakGlass,
    Decision,
    Episode,
    Erasure,
    LegalHold,
    Objection,
    Referral,
    ScheduledContact,
)
from anydoor.care.rights import objecting
from anydoor.directory.models import Service
from anydoor.people.models import ContactPoint, FamilyMember, Person


class Things:
    """For `Scene`: one method for each part of an address, named after it."""

    world: World
    user: User

    def fitted(self, name: str, found: dict[str, Any]) -> dict[str, Any]:
        """Parts that must belong together, made to."""
        if "child_id" in found:
            child = ScheduledContact.objects.filter(child_id=found["child_id"]).first()
            found["family_id"] = child.family_id
            if "key" in found:
                found["key"] = child.key
        if name == "desk:partner":
            found["family_id"] = Episode.objects.get(pk=found["episode_id"]).family_id
            found["person_id"] = FamilyMember.objects.filter(family=found["family_id"]).first().person_id
        if "goal_id" in found:
            person = Person.objects.get(pk=found["person_id"])
            goal = set_goal(
                person=person, family_id=found["family_id"], words="Sleep.", rating=3, by=self.user, at=NOW
            )
            found["goal_id"] = goal.pk
        return found

    def first(self) -> Referral:
        """The request that was there first, with a safe way to reach who asked."""
        referral = Referral.objects.order_by("pk").first()
        ContactPoint.objects.filter(person_id=referral.person_id).update(safe="yes", uses=["text", "call"])
        return referral

    def _measure(self) -> tuple[int, int]:
        referral = self.first()
        begun = taking.begin(
            family_id=referral.family_id,
            person_id=referral.person_id,
            plan=Plan("PHQ-9"),
            mode="interview",
            by=self.user,
            team=None,
            at=NOW,
        )
        saved = taking.save(measure_id=begun.pk, answers=Answers(ticked={"9": 1}), by=self.user, at=NOW)
        return begun.pk, saved.raised[0].pk

    def _measure_id(self, name: str) -> int:
        return self._measure()[0]

    def _alert_id(self, name: str) -> int:
        return self._measure()[1]

    def _choice(self, name: str) -> str:
        return "gad-2"

    def _sent(self) -> links.Sent:
        referral = self.first()
        return links.send_link(
            family_id=referral.family_id,
            person_id=referral.person_id,
            plans=[Plan("PHQ-9")],
            contact_point_id=ContactPoint.objects.filter(person_id=referral.person_id).first().pk,
            by=self.user,
            team=None,
            at=NOW,
        )

    def _link_id(self, name: str) -> int:
        return self._sent().link.pk

    def _place(self, name: str) -> int:
        return 1

    def _goal_id(self, name: str) -> int:
        return 0

    def _child_id(self, name: str) -> int:
        scenes.rosie(self.world)
        return ScheduledContact.objects.order_by("pk").first().child_id

    def _episode_id(self, name: str) -> int:
        return scenes.held_by_grace(self.world).pk

    def _decision_id(self, name: str) -> int:
        scenes.rosie(self.world)
        return Decision.objects.order_by("pk").first().pk

    def _glass_id(self, name: str) -> int:
        open_now = BreakGlass.objects.filter(ended_at__isnull=True).first()
        if open_now is not None:
            return open_now.pk
        return break_glass(
            family_id=self.first().family_id,
            kind="child",
            reason="The school rang and nobody answers.",
            by=User.objects.get(name="Ola Hart"),
            at=NOW,
        ).pk

    def _asked_id(self, name: str) -> int:
        referral = self.first()
        row, _ = AccessRequest.objects.get_or_create(
            person_id=referral.person_id,
            state="open",
            defaults={
                "family_id": referral.family_id, "asked_by": "Asha", "asked_as": "self", "proof": "Seen",
                "asked_on": NOW.date(), "due_on": NOW.date() + timedelta(days=30), "opened_by": self.user,
                "opened_at": NOW,
            },
        )  # fmt: skip
        return row.pk

    def _entry(self, name: str) -> str:
        return f"person:{self.first().person_id}"

    def _stated(self, name: str) -> str:
        return f"person:{self.first().person_id}:nhs_number" if self.first().person.nhs_number else "other"

    def _objection_id(self, name: str) -> int:
        referral = self.first()
        open_now = Objection.objects.open().filter(person=referral.person_id).first()
        if open_now is not None:
            return open_now.pk
        return objecting.say(
            person_id=referral.person_id, family_id=referral.family_id, kind="wrong", about="The letter",
            words="I never said that.", said_by="Asha", how="phone", by=self.user, at=NOW,
        ).pk  # fmt: skip

    def _role_id(self, name: str) -> int:
        return Membership.objects.filter(user=self.world.sunita).order_by("pk").first().pk

    def _key_id(self, name: str) -> int:
        world = self.world
        receipts.make_token(name="Key", team=world.front_door, user=world.sunita, by=world.lead, at=NOW)
        return ApiToken.objects.latest("pk").pk

    def _hold_id(self, name: str) -> int:
        family_id = self.first().family_id
        row, _ = LegalHold.objects.get_or_create(
            family_id=family_id,
            lifted_at=None,
            defaults={"reason": "claim", "words": "A claim.", "by": self.user, "at": NOW},
        )
        return row.pk

    def _erasure_id(self, name: str) -> int:
        family_id = self.first().family_id
        Erasure.objects.filter(family=family_id, state="asked").delete()
        row = Erasure.objects.create(
            family_id=family_id, basis="asked", why="Asked.", asked_by=self.user, asked_at=NOW
        )
        return row.pk

    def _consent_id(self, name: str) -> int:
        referral = self.first()
        return say_yes(
            person=referral.person,
            family_id=referral.family_id,
            to=Receiver(service=self.world.pairs),
            word=Word(given_by="Asha", words="Yes.", how="phone", at=NOW),
            by=self.user,
            at=NOW,
        ).pk

    def _row_id(self, name: str) -> int:
        if name == "desk:end_vouching":
            return referrer_door.vouch(
                area=self.world.area, domain="charity.example", who_they_are="A charity", by=self.user, at=NOW
            ).pk
        referral = self.first()
        return share_without(
            person=referral.person,
            family_id=referral.family_id,
            to=Receiver(organisation=self.world.outside.organisation),
            reason="A child may be hurt.",
            authority="child_safety",
            by=self.user,
            at=NOW,
        ).pk

    def _uid(self, name: str) -> object:
        return Service.objects.order_by("pk").first().uid

    def _rest(self, name: str) -> str:
        return "nothing"

    def _provider_id(self, name: str) -> str:
        return "own"

    def _pk(self, name: str) -> int:
        return 1

    def _code(self, name: str) -> str:
        typed = {"path": "/desk/new/write", "typed": {"story": ["A long story that was typed."]}}
        return drafts.begin(kind="unsent", user=self.user, data=typed, at=NOW).key

    def secret_for(self, name: str) -> str | None:
        """The secret of a link that opens this page; None for a page of another kind of link."""
        made: dict[str, Callable[[], str]] = {
            "public:question": lambda: self._sent().secret,
            "public:mine": lambda: (
                own_page.send_link(
                    family_id=self.first().family_id, person_id=self.first().person_id, by=self.user, at=NOW
                ).secret
            ),
        }
        return next((make() for begins, make in made.items() if name.startswith(begins)), None)
