"""One family in which every kind of record holds a word found nowhere else, and everybody who might look.

`Marked` makes the family in one of eight states; `level` says, from the plain sentences of who may see what
and not from the code that decides it, how much somebody may see.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import product
from typing import Any, NamedTuple

from tests.world import BEFORE, NOW, World, service

from anydoor.access.audit import CLOCK
from anydoor.access.models import Membership, Organisation, Team, User
from anydoor.access.roles import Role
from anydoor.care import amend, drafts, handover, receipts, triage
from anydoor.care.break_glass import break_glass
from anydoor.care.consenting import Receiver, Word, record_basis, say_yes, share_without, withdraw
from anydoor.care.episode import record_contact
from anydoor.care.events import record_event
from anydoor.care.measures import links, taking
from anydoor.care.measures.goals import set_goal
from anydoor.care.measures.taking import Answers, Plan
from anydoor.care.models import (
    AccessRequest,
    Decision,
    Erasure,
    LegalHold,
    MeasureAlert,
    Offer,
    ScheduledChild,
    ScheduledContact,
    Story,
    Wait,
)
from anydoor.care.proposing import Agreement
from anydoor.care.rights import objecting
from anydoor.care.sealing import seal
from anydoor.care.triage import Shown
from anydoor.directory import drafting, stewardship
from anydoor.directory.models import Area, District
from anydoor.messages.models import OutboxMessage
from anydoor.people.models import Consent, ContactPoint, FamilyMember
from anydoor.rules.sharing import SLICES

# A word for each kind of record. Spaces and case are taken out of a page before they are looked for.
MARKS = {
    "first name": "Quillfern",
    "surname": "Brackenmoor",
    "story": "zephyrstory",
    "a later story": "latertale",
    "telephone": "900555",
    "e-mail": "drakemail@fern.example",
    "address": "ThistlegarthRoad",
    "postcode": "NR97XQ",
    "instruction": "neverknockloud",
    "need": "bigprintneeded",
    "other parent": "Corvander",
    "baby": "Wrenlow",
    "reading": "softlevelwords",
    "handover": "pleaseharbour",
    "consent": "sealingwaxyes",
    "contact": "dormousenotes",
    "plan": "Elmplace",
    "goal": "kitegoal",
    "score": "positive, 6 of 6",
    "measure": "lanternanswer",
    "event": "eventwordle",
    "without": "weighedreason",
    "basis": "groundsword",
    "message": "tidingsbody",
    "objection": "larchobjection",
    "NHS number": "9990000204",
}
AGREED_AT = NOW - timedelta(hours=2)
KNOWN_BEFORE = {"first name", "handover"}  # what a service reads before it says yes
# What a service that works with them reads when they agreed to share all but the story: its own work, and how
# to reach them safely.
OWN_WORK = {
    *("first name", "surname", "telephone", "e-mail", "instruction", "need", "handover"),
}
# What is not to be read when a slice was not agreed to. An answer of danger is never held back.
OF_SLICE = {
    "measures": {"goal", "score"},
    "story": set(MARKS) - OWN_WORK,
    "contact": {"telephone", "e-mail", "address", "postcode", "message"},
    "needs": {"reading"},
    "record": {"contact", "plan", "event", "reading"},
}

ROLES: tuple[Role | None, ...] = (*Role, None)
PLACES = ("holder", "asked", "beside", "neighbour", "elsewhere")
WORKING = {Role.FRONT_DOOR, Role.PRACTITIONER, Role.COORDINATOR, Role.TEAM_LEAD}


class State(NamedTuple):
    """How things stand with the family."""

    sealed: bool
    agreed: bool
    accepted: bool
    withheld: str = ""  # slices that the service that is asked may not know, with spaces between

    def __str__(self) -> str:
        return "-".join(
            (
                *((f"without {self.withheld}",) if self.withheld else ()),
                "sealed" if self.sealed else "open",
                "agreed" if self.agreed else "withdrawn",
                "accepted" if self.accepted else "asked",
            )
        )


STATES = [State(*one) for one in product((False, True), repeat=3)]
# Agreed and accepted, but not everything: two slices held back alone, and three that go together.
SLICED = [State(False, True, True, one) for one in ("measures", "story", "contact needs record")]


def level(place: str, role: Role | None, state: State) -> str:
    """How much somebody may see: everything, preview or nothing.

    Only who works with families sees a person: not commissioners, managers, referrers, governance leads or
    administrators. A sealed record is for people named, and none of these is. The team the family turned to
    and that holds them sees them. The service that is asked sees the least before it says yes, and the story
    after; when the agreement is withdrawn, sharing stops at once. Everybody else sees nothing, in the same
    organisation or another.
    """
    if role not in WORKING or state.sealed:
        return "nothing"
    if place == "holder":
        return "everything"
    if place == "asked" and state.agreed:
        return (state.withheld or "everything") if state.accepted else "preview"
    return "nothing"


def hidden_marks(seen: str) -> dict[str, str]:
    """The words that must not reach somebody of this level."""
    shown = {"everything": set(MARKS), "preview": KNOWN_BEFORE, "nothing": set()}.get(seen)
    if shown is None:
        shown = set(MARKS).difference(*(OF_SLICE[one] for one in seen.split()))
    return {kind: word for kind, word in MARKS.items() if kind not in shown}


def squeezed(page: str) -> str:
    """A page as it is searched: no spaces, no case, so that a number in groups is found."""
    return re.sub(r"\s|&nbsp;|\u00a0|<wbr>|&shy;", "", page).lower()


def marks_in(page: str, marks: dict[str, str]) -> list[str]:
    found = squeezed(page)
    return [kind for kind, word in marks.items() if squeezed(word) in found]


@dataclass
class Viewer:
    place: str
    role: Role | None
    user: User
    team: Team
    token: str

    @property
    def key(self) -> tuple[str, Role | None]:
        return self.place, self.role


class Marked:
    """The family and its surroundings. `ids` gives every part of an address something to be about."""

    def __init__(self, world: World, state: State) -> None:
        self.world, self.state = world, state
        by, at = world.sunita, NOW
        self.referral = self._received()
        person, family_id = self.referral.person, self.referral.family_id
        self.person, self.family_id = person, family_id
        rule = self._people()
        self.handover = handover.propose(
            thing=self.referral,
            service=world.therapies,
            agreement=Agreement("agreed", by="Quillfern", words=MARKS["consent"], at=AGREED_AT),
            words=MARKS["handover"],
            by=by,
            at=at,
        ).handover
        measure, alert_id, link = self._measures()
        goal = set_goal(person=person, family_id=family_id, words=MARKS["goal"], rating=3, by=by, at=at)
        record_contact(
            thing=self.referral, mode="phone", outcome="attended", words=MARKS["contact"], by=by, at=at
        )
        planned = record_contact(
            thing=self.referral,
            mode="phone",
            outcome="planned",
            happens_at=NOW + timedelta(days=1),
            place=MARKS["plan"],
            by=by,
            at=at,
        )
        wait = Wait.objects.get(handover=self.handover, kind="answer")
        if state.accepted:
            handover.accept(handover=self.handover, by=world.grace, at=at)
        consent = Consent.objects.get(family_id=family_id)
        if state.withheld:
            say_yes(
                person=person,
                family_id=family_id,
                to=Receiver(service=world.therapies),
                word=Word(
                    given_by="Quillfern",
                    words=MARKS["consent"],
                    how="phone",
                    at=at,
                    slices=frozenset(SLICES) - set(state.withheld.split()),
                ),
                by=by,
                at=at,
            )
        without = self._grounds()
        glass = break_glass(
            family_id=family_id,
            kind="child",
            reason="The school rang and nobody answers there.",
            by=User.objects.get(name="Ola Hart"),
            at=at,
        )
        if not state.agreed:
            withdraw(
                consent_id=consent.pk,
                family_id=family_id,
                given_by="Quillfern",
                words="I would rather not.",
                by=by,
                at=at,
            )
        if state.sealed:
            seal(family_id=family_id, kind="abuse", words="He works near.", names=[], by=by, at=at)
        child = ScheduledChild.objects.filter(family_id=family_id).order_by("pk").first()
        asked = AccessRequest.objects.create(
            family_id=family_id, person=person, asked_by="Quillfern", asked_as="self", proof="Seen",
            asked_on=NOW.date(), due_on=NOW.date() + timedelta(days=30), opened_by=by, opened_at=NOW,
        )  # fmt: skip
        said = objecting.say(
            person_id=person.pk, family_id=family_id, kind="wrong", of=f"person:{person.pk}:name",
            words=f"I never said {MARKS['objection']}.", said_by="Quillfern", how="phone", by=by, at=at,
        )  # fmt: skip
        held = LegalHold.objects.create(family_id=family_id, reason="claim", words="A claim.", by=by, at=NOW)
        wiped = Erasure.objects.create(
            family_id=family_id, basis="asked", why="Asked.", asked_by=by, asked_at=NOW
        )
        self.ids: dict[str, Any] = {
            "asked_id": asked.pk,
            "entry": f"person:{person.pk}",
            "objection_id": said.pk,
            "stated": f"person:{person.pk}:name",
            "erasure_id": wiped.pk,
            "hold_id": held.pk,
            "alert_id": alert_id,
            "child_id": child.pk,
            "choice": "gad-2",
            "consent_id": consent.pk,
            "contact_id": planned.pk,
            "decision_id": Decision.objects.get(referral=self.referral).pk,
            "episode_id": 1,
            "family_id": family_id,
            "glass_id": glass.pk,
            "goal_id": goal.pk,
            "handover_id": self.handover.pk,
            "key": ScheduledContact.objects.filter(child=child.pk).order_by("pk").first().key,
            "kind": "referral",
            "link_id": link.pk,
            "measure_id": measure.pk,
            "offer_id": Offer.objects.get(referral=self.referral).pk,
            "person_id": person.pk,
            "reference": self.referral.reference,
            "referral_id": self.referral.pk,
            "role_id": Membership.objects.filter(user=self.world.sunita).order_by("pk").first().pk,
            "key_id": 1,
            "row_id": without.pk,
            "rule_id": rule.pk,
            "said": "yes",
            "story_id": Story.objects.filter(family_id=family_id).order_by("pk").first().pk,
            "thing_id": self.referral.pk,
            "wait_id": wait.pk,
            "way_id": ContactPoint.objects.filter(person=person).order_by("pk").first().pk,
            **self._surroundings(),
        }

    def _received(self) -> Any:
        """The request, read by the front door, with help shown and agreed to."""
        world = self.world
        referral = world.refer(
            name="Quillfern Brackenmoor",
            role="mother",
            story=f"I am low: {MARKS['story']}.",
            contact="07700 900555",
            place="Norwich",
            address=f"14 {MARKS['address']}, Norwich",
            address_kind="usual",
            nhs_number=MARKS["NHS number"],
            baby_born_on=date(2026, 2, 20),
            baby_name=MARKS["baby"],
            communication=(MARKS["need"],),
            needs=("mood",),
        )
        triage.decide(
            referral=referral,
            level="targeted",
            words=MARKS["reading"],
            answer="yes",
            shown=[Shown(world.therapies.pk, world.therapies.name, "suits", ("Near you",), (), True)],
            by=world.sunita,
            at=NOW,
        )
        referral.refresh_from_db()
        return referral

    def _people(self) -> Any:
        """Everybody of the family, how they are reached, and what is told later."""
        by, person, family_id = self.world.sunita, self.person, self.family_id
        amend.add_member(
            family_id=family_id,
            name=f"{MARKS['other parent']} Vane",
            role="father",
            apart=False,
            by=by,
            at=NOW,
        )
        amend.add_contact_point(
            person=person,
            family_id=family_id,
            typed=MARKS["e-mail"],
            safe="yes",
            uses=["email"],
            by=by,
            at=NOW,
        )
        ContactPoint.objects.filter(person=person).exclude(kind="email").update(
            safe="yes", uses=["text", "call"]
        )
        type(person).objects.filter(pk=person.pk).update(postcode="NR9 7XQ")
        triage.add_story(
            family_id=family_id,
            person_id=person.pk,
            kind="worker",
            words=MARKS["a later story"],
            by=by,
            at=NOW,
        )
        record_event(
            family_id=family_id,
            kind="neonatal_admission",
            on=NOW.date(),
            words=MARKS["event"],
            baby=FamilyMember.objects.get(family=family_id, role="baby").person,
            by=by,
            at=NOW,
        )
        return amend.add_instruction(
            person=person, family_id=family_id, kind="safety", words=MARKS["instruction"], by=by, at=NOW
        )

    def _measures(self) -> tuple[Any, int, Any]:
        """A measure with a signal of danger, one of free words, and a link."""
        by, person_id, family_id = self.world.sunita, self.person.pk, self.family_id
        told = {"family_id": family_id, "person_id": person_id, "by": by, "team": None, "at": NOW}
        begun = taking.begin(plan=Plan("PHQ-9"), mode="interview", **told)
        raised = taking.save(measure_id=begun.pk, answers=Answers(ticked={"9": 1}), by=by, at=NOW).raised
        scored = taking.begin(plan=Plan("GAD-2"), mode="interview", **told)
        taking.save(measure_id=scored.pk, answers=Answers(ticked={"1": 3, "2": 3}), by=by, at=NOW)
        taking.finish(measure_id=scored.pk, by=by, at=NOW)
        MeasureAlert.objects.filter(measure=begun).update(answer_words=MARKS["measure"])
        link = links.send_link(
            plans=[Plan("PHQ-9")],
            contact_point_id=ContactPoint.objects.filter(person=person_id).exclude(kind="email").first().pk,
            **told,
        ).link
        OutboxMessage.objects.filter(family=family_id, person=person_id).update(
            body=f"{MARKS['message']}: a link for you.", subject=MARKS["message"]
        )
        return begun, raised[0].pk, link

    def _grounds(self) -> Any:
        """Why something is shared without asking, and on what ground a record is kept."""
        world = self.world
        told = {"family_id": self.family_id, "by": world.sunita, "at": NOW}
        record_basis(
            organisation=world.front_door.organisation,
            article_6="public_task",
            article_9="health_care",
            words=MARKS["basis"],
            **told,
        )
        return share_without(
            person=self.person,
            to=Receiver(organisation=world.outside.organisation),
            reason=f"{MARKS['without']}: a child may be hurt.",
            authority="child_safety",
            **told,
        )

    def _surroundings(self) -> dict[str, Any]:
        """What the other addresses are about: teams, the directory, links nobody holds."""
        world = self.world
        draft = drafting.begin(service=world.pairs, by=world.marcus, at=NOW)
        drafting.keep(draft=draft, part="who", said={"audience": ["mother"]}, at=NOW)
        version = drafting.send(draft=draft, why="Only mothers.", by=world.marcus, at=NOW)
        draft = drafting.begin(service=world.pairs, by=world.marcus, at=NOW)
        report = stewardship.report_wrong(
            service=world.pairs,
            about="times",
            words="Wrong.",
            token="00000000-0000-4000-8000-000000000001",
            by=CLOCK,
            at=NOW,
        )
        unsent = drafts.begin(
            kind="unsent",
            user=world.sunita,
            data={"path": "/desk/new/write", "typed": {"story": [MARKS["story"]]}},
            at=NOW,
        )
        return {
            "code": unsent.key,
            "draft_id": draft.pk,
            "entry": "pairs",
            "name": "words",
            "number": 1,
            "pk": 1,
            "place": 1,
            "provider_id": "own",
            "report_id": report.pk,
            "rest": "nothing",
            "secret": "a-link-that-nobody-was-sent",
            "slug": "norfolk",
            "team_id": world.front_door.pk,
            "token": "no-such-token",
            "turn_id": world.front_door.duty_turns.first().pk,
            "uid": world.pairs.uid,
            "uidb36": "1",
            "user_id": world.sunita.pk,
            "version_id": version.pk,
        }

    def values(self, name: str, taken: tuple[str, ...]) -> dict[str, Any]:
        """What an address is about. A part that `ids` does not know makes one test fail, and is 1 here."""
        found = {part: self.ids.get(part, 1) for part in taken}
        if name == "desk:service" or (name.startswith("desk:entry_") and "slug" in taken):
            found["slug"] = "therapies"
        if name == "public:refer_part":
            found["key"] = "story"
        return found


def viewers(world: World) -> list[Viewer]:
    """Somebody of every role, and somebody of none, in five teams of three organisations."""
    away = Organisation.objects.create(slug="away", name="Another County", kind="council")
    door = Team.objects.create(
        organisation=away, slug="away-door", name="Away door", kind="front_door", fallback=world.tom
    )
    area = Area.objects.create(
        slug="cornwall", name="Cornwall", door_name="Hubs there", reference_prefix="CWL", front_door=door
    )
    district = District.objects.create(code="E06000052", name="Cornwall")
    area.districts.add(district)
    service("away-hub", "Hub there", area, away, door).footprint.set([district])
    teams = {
        "holder": world.front_door,
        "asked": world.therapies_team,
        "beside": world.pairs_team,
        "neighbour": Team.objects.get(slug="groups"),
        "elsewhere": door,
    }
    found = []
    for place, role in product(PLACES, ROLES):
        label = role.value if role else "none"
        user = User.objects.create(
            email=f"{label}.{place}@staff.example", name=f"Vi {label} {place}", password="!"
        )
        held = Membership.objects.create(
            user=user, team=teams[place], role=Role.PRACTITIONER.value, started_on=BEFORE
        )
        # A key outlives the work it was made for: those whose role makes none had one before.
        token = receipts.make_token(name=label, team=teams[place], user=user, by=CLOCK, at=NOW)
        held.role = (role or Role.PRACTITIONER).value
        held.ended_on = None if role else NOW.date() - timedelta(days=1)
        held.save()
        found.append(Viewer(place, role, User.objects.get(pk=user.pk), teams[place], token))
    return found
