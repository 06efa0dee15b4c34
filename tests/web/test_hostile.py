"""Every address that is sent something, from the table of addresses: hostile and odd answers to all of them.

Never a page that breaks, never an answer shown raw, never typed words lost: a page that asks again holds
what was typed.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.db import transaction
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from tests.web import scenes
from tests.web.hostile import (
    BAD_DAYS,
    BAD_NUMBERS,
    GOOD_DAYS,
    GOOD_NUMBERS,
    KEPT,
    LONG,
    REFUSED,
    Form,
    Reader,
)
from tests.web.things import Things
from tests.world import BEFORE, NOW, World

from anydoor.access.audit import VISITOR
from anydoor.access.models import Membership, User
from anydoor.access.roles import Role
from anydoor.care import amend, episode, handover
from anydoor.care.models import Handover, Offer, Referral, Story, Wait
from anydoor.directory import drafting, stewardship
from anydoor.people.models import ContactPoint, FamilyMember, Instruction
from anydoor.ui.fields import CONTROLS

SIGNED_OUT = ("account_login", "account_reset")
# Forms that take the kept words, so that the verbs behind them meet these too.
DONE = {
    "account_reset_password",
    *(f"desk:{name}" for name in ("add_instruction", "add_member", "add_story", "add_way", "amend_story")),
    *(f"desk:{name}" for name in ("decline", "first_contact", "hand_over", "introduced", "match", "wait")),
    *(f"desk:{name}" for name in ("record_contact", "record_event", "say_contact", "second_look", "triage")),
    *(f"desk:{name}" for name in ("plan_introduction", "reopen", "write_request", "withdraw")),
    *(f"public:{name}" for name in ("about_you", "ask", "correct", "needs", "outside", "refer_part", "safe")),
}
TIME = {"place": "", "on_date": None, "starts": "10:00", "ends": "11:00", "online": False, "every_weeks": 1}
TIME |= {"from_on": None, "until_on": None, "note": "", "source": "", "invented": False}
STATUSES = {200, 201, 302, 303, 400, 401, 403, 404, 405, 409, 413, 415, 422, 429}


def addresses(
    resolver: URLResolver, room: str = "", before: tuple[str, ...] = ()
) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Every named address and what it takes."""
    for one in resolver.url_patterns:
        taken = (*before, *one.pattern.converters, *getattr(one.pattern.regex, "groupindex", {}))
        if isinstance(one, URLResolver):
            yield from addresses(one, f"{room}{one.namespace}:" if one.namespace else room, taken)
        elif isinstance(one, URLPattern) and one.name:
            yield f"{room}{one.name}", tuple(dict.fromkeys(taken))


# A machine's question of how the house is; it takes no answers, and says 503 while the worker is away.
TABLE = sorted(one for one in set(addresses(get_resolver())) if one[0] != "readyz")
SHARES = [TABLE[start : start + 12] for start in range(0, len(TABLE), 12)]


@pytest.fixture
def everywhere(world: World) -> User:
    """Somebody who may do everything, so that no answer stops at the door."""
    user = User.objects.create(email="val@staff.example", name="Val Every", password="!")
    for team in (world.front_door, world.therapies_team, world.pairs_team):
        for role in (Role.FRONT_DOOR, Role.COORDINATOR, Role.TEAM_LEAD, Role.PRACTITIONER, Role.ADMIN):
            Membership.objects.create(user=user, team=team, role=role.value, started_on=BEFORE)
    return user


class Scene(Things):
    """Something for every address to be about, and one browser that has everything open."""

    def __init__(self, world: World, user: User) -> None:
        self.world, self.user = world, user
        self.client = Client(raise_request_exception=True)
        self.token = self._asked()
        self.client.get("/refer/?area=norfolk")
        self.client.post("/refer/")
        self.client.force_login(user)
        self.cookies = dict(self.client.cookies)
        self.plain: dict[str, Any] = {"slug": "norfolk", "token": self.token, "key": "story", "said": "no"}
        self.plain |= {"kind": "referral", "uidb36": "1", "reference": "NFK 234 567"}

    def sits_down(self, name: str) -> None:
        """In front of the browser as it was at first; for pages of signing in, signed out."""
        self.client.cookies.clear()
        if not name.startswith(SIGNED_OUT):
            self.client.cookies.update(self.cookies)

    def _asked(self) -> str:
        answer = self.client.post(
            "/norfolk/", {"story": "I think they would be better off without me.", "contact": "07700 900123"}
        )
        return str(answer["Location"]).split("/")[-2]

    def handover(self, name: str) -> Handover:
        made = {
            "desk:plan_introduction": scenes.accepted,
            "desk:introduced": scenes.accepted,
            "desk:first_contact": scenes.accepted,
            "desk:second_look": scenes.declined,
        }.get(name)
        outside = name == "desk:heard"
        return (
            made(self.world) if made else scenes.proposed(self.world, self.world.outside if outside else None)
        )

    def values(self, name: str, taken: tuple[str, ...]) -> dict[str, Any]:
        """What the address is about. A new name here must be given something to be about."""
        found = {key: self.plain[key] for key in taken if key in self.plain}
        for key in set(taken) - set(found):
            found[key] = getattr(self, f"_{key}")(name)
        if "person_id" in found:
            found["person_id"] = FamilyMember.objects.filter(family=found["family_id"]).first().person_id
        found = self.fitted(name, found)
        if "way_id" in found:
            found["way_id"] = ContactPoint.objects.filter(person=found["person_id"]).first().pk
        if "rule_id" in found:
            found["rule_id"] = self._rule(found)
        if name == "desk:service" or (name.startswith("desk:entry_") and "slug" in taken):
            found["slug"] = "therapies"
        if name == "public:correct":
            found["story_id"] = Story.objects.order_by("pk").first().pk
        if name == "desk:amend_story":
            found["family_id"] = Story.objects.get(pk=found["story_id"]).family_id
        return found

    def _referral_id(self, name: str) -> int:
        if name == "desk:reopen":
            row = self.world.refer()
            episode.end(thing=row, reason="said_no", words="Not now.", by=self.world.sunita, at=NOW)
            return row.pk
        if name == "desk:match":
            self.world.refer(name="Rosie Thackeray", role="mother", contact="07700 900777")
            return self.world.refer(name="Rosie Thackeray", role="mother", contact="07700 900777").pk
        return Referral.objects.order_by("pk").first().pk

    def _thing_id(self, name: str) -> int:
        return scenes.rosie(self.world).pk

    def _family_id(self, name: str) -> int:
        return Referral.objects.order_by("pk").first().family_id

    def _person_id(self, name: str) -> int:
        return 0

    def _way_id(self, name: str) -> int:
        return 0

    def _rule_id(self, name: str) -> int:
        return 0

    def _rule(self, found: dict[str, Any]) -> int:
        person = FamilyMember.objects.get(family=found["family_id"], person=found["person_id"]).person
        amend.add_instruction(
            person=person,
            family_id=found["family_id"],
            kind="safety",
            words="Use texts.",
            by=self.world.sunita,
            at=NOW,
        )
        return Instruction.objects.get(person=person).pk

    def _story_id(self, name: str) -> int:
        return Story.objects.order_by("pk").first().pk

    def _handover_id(self, name: str) -> int:
        return self.handover(name).pk

    def _offer_id(self, name: str) -> int:
        scenes.rosie(self.world)
        return Offer.objects.first().pk

    def _wait_id(self, name: str) -> int:
        return Wait.objects.get(kind="danger").pk

    def _contact_id(self, name: str) -> int:
        row = episode.record_contact(
            thing=Referral.objects.order_by("pk").first(),
            mode="phone",
            outcome="planned",
            happens_at=NOW + timedelta(hours=4),
            by=self.world.sunita,
            at=NOW,
        )
        return row.pk

    def _team_id(self, name: str) -> int:
        return self.world.front_door.pk

    def _user_id(self, name: str) -> int:
        return self.world.sunita.pk

    def _turn_id(self, name: str) -> int:
        return self.world.front_door.duty_turns.first().pk

    def _draft_id(self, name: str) -> int:
        draft = drafting.begin(service=self.world.pairs, by=self.user, at=NOW)
        sessions = [{**TIME, "weekday": 5}] if name == "desk:entry_time" else []
        return drafting.keep(
            draft=draft, part="who", said={"audience": ["mother"], "sessions": sessions}, at=NOW
        ).pk

    def _version_id(self, name: str) -> int:
        by = self.user if name == "desk:proposal_take_back" else self.world.marcus
        draft = drafting.begin(service=self.world.pairs, by=by, at=NOW)
        drafting.keep(draft=draft, part="who", said={"audience": ["mother"]}, at=NOW)
        return drafting.send(draft=draft, why="Only mothers.", by=by, at=NOW).pk

    def _number(self, name: str) -> int:
        drafting.begin(service=self.world.therapies, by=self.user, at=NOW)
        return 1

    def _name(self, name: str) -> str:
        return "words"

    def _entry(self, name: str) -> str:
        return "pairs"

    def _report_id(self, name: str) -> int:
        return stewardship.report_wrong(
            service=self.world.pairs, about="times", words="Wrong.", token=uuid.uuid4(), by=VISITOR, at=NOW
        ).pk

    def _secret(self, name: str) -> str:
        return (
            self.secret_for(name)
            or handover.propose(
                thing=scenes.rosie(self.world),
                service=self.world.outside,
                agreement=scenes.AGREED,
                words="",
                by=self.world.sunita,
                at=NOW,
            ).link
        )


def send(scene: Scene, form: Form, address: str, answers: dict[str, object], told: str) -> int:
    """Post, look at what comes, and undo it: each sending meets the scene as it was."""
    with transaction.atomic():
        answer = scene.client.post(form.action or address, answers)
        transaction.set_rollback(True)
    where = f"{form.action or address} answered {answer.status_code} to {told}"
    assert answer.status_code in STATUSES, where
    page = answer.content.decode()
    for raw in ("<script>alert(1)", "<img src=x", "\x00", "\x1b"):
        assert raw not in page, f"{raw!r} stands raw: {where}"
    if answer.status_code in {409, 422}:
        again = [one for one in Reader(page).forms if set(form.texts()) & set(one.texts())]
        lost = [
            name
            for name in form.texts()
            if again and not CONTROLS.search(str(answers.get(name, "")))
            if not any(name in one.boxes and one.holds(name, str(answers[name])) for one in again)
        ]
        assert lost == [], f"{where}, and lost what was typed"
    return answer.status_code


def sendings(form: Form) -> Iterator[tuple[str, dict[str, object]]]:
    """What is sent to one form: words that can be kept, words that cannot, and what no page offers."""
    kept, refused = list(KEPT.values()), list(REFUSED.values())
    for turn in range(4):
        texts = kept[turn * 2 :] + kept[: turn * 2]
        day, number = GOOD_DAYS[turn % 2], GOOD_NUMBERS[turn % 2]
        offer = 0 if turn < 2 else -1
        yield f"kept words {turn}", form.answers(texts, day, number, shaped=True, offer=offer)
    for turn in range(4):
        mixed = [*refused[turn % 3 :], *kept[turn:], *refused]
        yield f"odd words {turn}", form.answers(mixed, BAD_DAYS[turn], BAD_NUMBERS[turn])
        yield f"odd days {turn}", form.answers(kept, BAD_DAYS[turn + 4], BAD_NUMBERS[turn + 3])
    yield "very long words", form.answers([LONG], GOOD_DAYS[0], "1")
    for told in ("markup", "control"):
        yield f"{told} as a choice", form.made_up({**KEPT, **REFUSED}[told])


def one_address(scene: Scene, name: str, taken: tuple[str, ...]) -> list[int]:
    """Everything to one address. Returns the answers' statuses."""
    address = reverse(name, kwargs=scene.values(name, taken))
    if name == "desk:hand_over":
        address += "?service=therapies"
    scene.sits_down(name)
    shown = scene.client.get(address)
    html = "html" in shown.get("Content-Type", "")
    forms = Reader(shown.content.decode()).forms if html else []
    assert shown.status_code == 200 or not forms
    statuses = [
        send(scene, form, address, answers, told)
        for form in forms or [Form("")]
        for told, answers in (sendings(form) if form.boxes else [("nothing", {})])
    ]
    for strange in ("\x00", "-1", "99999999999999999999", "x" * 5000):
        query = dict.fromkeys(("q", "after", "before", "person", "place", "tab"), strange)
        asked = scene.client.get(address, query)
        assert asked.status_code in STATUSES, f"{address} answered {asked.status_code} to a strange question"
    return statuses


@pytest.mark.parametrize("some", SHARES, ids=[share[0][0] for share in SHARES])
def test_hostile_and_odd_answers(
    world: World, everywhere: User, some: list[tuple[str, tuple[str, ...]]]
) -> None:
    scene = Scene(world, everywhere)
    for name, taken in some:
        with transaction.atomic():  # each address meets the same scene
            statuses = one_address(scene, name, taken)
            transaction.set_rollback(True)
        assert name not in DONE or {302, 200} & set(statuses), f"{name} took nothing: {sorted(statuses)}"


def test_ten_megabytes_come_back_in_words_from_each_kind_of_page(world: World, everywhere: User) -> None:
    scene = Scene(world, everywhere)
    referral = Referral.objects.get()
    story = "x" * 10_000_000
    for address in ("/norfolk/", "/refer/story/", f"/desk/family/{referral.family_id}/story/", "/sign-in/"):
        answer = scene.client.post(address, {"story": story, "words": story, "login": story})
        assert answer.status_code in {400, 413}, address
        assert "Go back" in answer.content.decode()
        assert len(answer.content) < 100_000


def test_bytes_that_are_no_text(world: World, everywhere: User) -> None:
    scene = Scene(world, everywhere)
    body = b"story=half a pair %ED%A0%BD%ED&contact=%FF%FE&place=%C0%80&words=%F8&person=%ED%A0%BD"
    for address in ("/norfolk/", "/refer/story/", f"/desk/family/{Referral.objects.get().family_id}/story/"):
        answer = scene.client.post(address, body, content_type="application/x-www-form-urlencoded")
        assert answer.status_code in {302, 422}, address


def test_the_table_is_the_whole_house() -> None:
    names = {name for name, _ in TABLE}
    assert {"public:ask", "desk:accept", "desk:second_look", "account_login", "api-v1:send_referral"} <= names
    assert len(names) > 80
    assert len(LONG) < 1_000_000
