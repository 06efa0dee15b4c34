"""Every page of the desk against everybody who may not see it: its table of addresses is the list."""

from __future__ import annotations

import re
from datetime import date, timedelta

import pytest
from django.test import Client
from tests.web.scenes import client_of, rosie
from tests.world import AGREED, NOW, World, person, service

from anydoor.access.models import Membership, Organisation, Team, User
from anydoor.access.roles import Role
from anydoor.care import amend, events, handover, holding
from anydoor.care.break_glass import break_glass
from anydoor.care.consenting import Receiver, share_without
from anydoor.care.episode import record_contact
from anydoor.care.measures import links, taking
from anydoor.care.measures.goals import set_goal
from anydoor.care.measures.taking import Answers, Plan
from anydoor.care.models import (
    Decision,
    Erasure,
    FamilyCare,
    Handover,
    Happening,
    Offer,
    ScheduledContact,
    Story,
    Wait,
)
from anydoor.care.rights import asking, holds, objecting
from anydoor.directory.models import Area, District
from anydoor.people.models import Consent, ContactPoint
from anydoor.web.desk.urls import urlpatterns

pytestmark = pytest.mark.django_db
PART = re.compile(r"<(?:\w+:)?(\w+)>")
SECRETS = ("Thackeray", "scared", "900123", "DoNotRing", "Elm Road")
# What a team that is only asked may open, and what it may send before it says yes.
PREVIEW_READS = {"family", "handover", "decline", "wait", "first_contact"}
PREVIEW_SENDS = {"family", "handover", "accept", "decline", "wait", "first_contact"}
STRANGERS = ("marcus", "commissioner", "ig_lead", "admin", "referrer", "left", "nowhere")


@pytest.fixture
def ids(world: World) -> dict[str, object]:
    """Rosie's family with something of everything, asked of Talking Therapies, who have not answered."""
    referral = rosie(world)
    rosie_id, family_id = referral.person_id, referral.family_id
    rule = amend.add_instruction(
        person=referral.person,
        family_id=family_id,
        kind="safety",
        words="DoNotRing.",
        by=world.sunita,
        at=NOW,
    )
    row = handover.propose(
        thing=referral,
        service=world.therapies,
        agreement=AGREED,
        words="Please ring.",
        by=world.sunita,
        at=NOW,
    ).handover
    contact = record_contact(
        thing=referral,
        mode="phone",
        outcome="planned",
        happens_at=NOW + timedelta(days=1),
        place="Elm Road",
        by=world.sunita,
        at=NOW,
    )
    ContactPoint.objects.filter(person_id=rosie_id).update(safe="yes", uses=["text", "call"])
    sent = links.send_link(
        family_id=family_id, person_id=rosie_id, plans=[Plan("PHQ-9")], at=NOW, by=world.sunita, team=None,
        contact_point_id=ContactPoint.objects.get(person_id=rosie_id).pk,
    )  # fmt: skip
    begun = taking.begin(
        family_id=family_id, person_id=rosie_id, plan=Plan("PHQ-9"), mode="interview", at=NOW,
        by=world.sunita, team=None,
    )  # fmt: skip
    raised = taking.save(
        measure_id=begun.pk, answers=Answers(ticked={"9": 1}), by=world.sunita, at=NOW
    ).raised
    unasked = share_without(
        person=referral.person, family_id=family_id, to=Receiver(organisation=world.outside.organisation),
        reason="A child may be hurt.", authority="child_safety", by=world.sunita, at=NOW,
    )  # fmt: skip
    glass = break_glass(
        family_id=family_id, kind="child", reason="The school rang and nobody answers.",
        by=User.objects.get(name="Ola Hart"), at=NOW,
    )  # fmt: skip
    scheduled = ScheduledContact.objects.filter(family=family_id).order_by("pk").first()
    goal = set_goal(
        person=referral.person, family_id=family_id, words="DoNotRing.", rating=3, by=world.sunita, at=NOW
    )
    asked = asking.open_request(
        person_id=rosie_id, family_id=family_id, asked_by="Rosie", asked_as="self", proof="Passport seen",
        asked_on=NOW.date(), by=world.lead, at=NOW,
    )  # fmt: skip
    said = objecting.say(
        person_id=rosie_id, family_id=family_id, kind="wrong", of=f"person:{rosie_id}:name",
        words="I never said DoNotRing.", said_by="Rosie", how="phone", by=world.sunita, at=NOW,
    )  # fmt: skip
    held = holds.hold(
        family_id=family_id, reason="claim", words="A claim.", until=None, by=world.lead, at=NOW
    )
    wiped = Erasure.objects.create(
        family_id=family_id, basis="asked", why="Asked.", asked_by=world.lead, asked_at=NOW
    )
    return {
        "asked_id": asked.pk,
        "entry": f"person:{rosie_id}",
        "objection_id": said.pk,
        "stated": f"person:{rosie_id}:name",
        "hold_id": held.pk,
        "erasure_id": wiped.pk,
        "child_id": scheduled.child_id,
        "key": scheduled.key,
        "goal_id": goal.pk,
        "episode_id": 999_999,  # a service has not taken her on yet
        "decision_id": Decision.objects.get(referral=referral).pk,
        "consent_id": Consent.objects.get(family_id=family_id).pk,
        "row_id": unasked.pk,
        "glass_id": glass.pk,
        "choice": "gad-2",
        "measure_id": begun.pk,
        "alert_id": raised[0].pk,
        "link_id": sent.link.pk,
        "family_id": family_id,
        "person_id": rosie_id,
        "referral_id": referral.pk,
        "thing_id": referral.pk,
        "kind": "referral",
        "handover_id": row.pk,
        "contact_id": contact.pk,
        "story_id": Story.objects.get(family_id=family_id).pk,
        "offer_id": Offer.objects.get(referral=referral).pk,
        "way_id": ContactPoint.objects.get(person_id=rosie_id).pk,
        "rule_id": rule.pk,
        "wait_id": Wait.objects.get(handover=row, kind="answer").pk,
        "said": "yes",
        "team_id": world.front_door.pk,
        "role_id": Membership.objects.get(user=world.sunita).pk,
        "key_id": 1,
        "user_id": world.sunita.pk,
        "turn_id": world.front_door.duty_turns.first().pk,
        "slug": "therapies",
    }


def addresses(ids: dict[str, object]) -> list[tuple[str, str]]:
    """Each page of the desk that is about somebody or something, with its name."""
    found = []
    for one in urlpatterns:
        route = str(one.pattern)
        if route.startswith(("directory/", "entries/")):
            continue  # the directory holds no family; who may change it is in test_desk_entries
        if PART.search(route):
            found.append((str(one.name), "/desk/" + PART.sub(lambda m: str(ids[m.group(1)]), route)))
    assert len(found) > 40
    return found


def somebody(world: World, who: str) -> User:
    if who == "marcus":
        return world.marcus
    if who == "nowhere":
        return person("Nobody Anywhere", world.pairs_team)
    if who == "left":
        user = person("Lena Left", world.front_door, Role.TEAM_LEAD)
        Membership.objects.filter(user=user).update(ended_on=NOW.date())
        return user
    return person(f"Some {who}", world.front_door if who != "referrer" else world.pairs_team, Role(who))


@pytest.mark.parametrize("who", STRANGERS)
def test_strangers_find_nothing_and_change_nothing(world: World, ids: dict[str, object], who: str) -> None:
    client = client_of(somebody(world, who))
    before = Happening.objects.count()
    for name, address in addresses(ids):
        team_page = "/team/" in address
        # Somebody of the team, or an administrator, is told why not; everybody else finds nothing.
        fine = {404, 403} if team_page else {404}
        if team_page and who == "admin":
            continue
        if name == "review" and who == "ig_lead":
            continue  # theirs to review: what was done, and nothing of the family
        if "/rights/" in address and who == "ig_lead":
            continue  # theirs to answer, for whom is in test_desk_rights
        if address.startswith("/desk/staff/") and who in {"admin", "ig_lead"}:
            continue  # whose access they look after, in test_desk_staff
        got = client.get(address)
        assert got.status_code in fine | {405}, (name, "GET", got.status_code)
        sent = client.post(address, {"words": "Hello, this is long enough.", "why": "Because", "end": "yes"})
        assert sent.status_code in fine | {405}, (name, "POST", sent.status_code)
        for secret in SECRETS:
            assert secret not in got.content.decode() + sent.content.decode(), (name, secret)
    assert Happening.objects.count() == before


@pytest.mark.parametrize("who", [*STRANGERS, "grace", "sunita"])
def test_no_list_or_search_names_them(world: World, ids: dict[str, object], who: str) -> None:
    """Neither strangers, nor those only asked, nor the holder once she works in no team any more."""
    user = {"grace": world.grace, "sunita": world.sunita}.get(who) or somebody(world, who)
    if who == "sunita":
        Membership.objects.filter(user=user).update(ended_on=NOW.date())
    client = client_of(user)
    pages = ["", "?waits=all", "inbox", "families", "families?show=team", "messages", "stuck", "team"]
    shown = [(where, client.get(f"/desk/{where}")) for where in [*pages, "directory", "new/", "new/write"]]
    for text in ("Rosie", "Thackeray"):
        shown += [("search", client.post("/desk/families", {"q": text}))]
        shown += [("find", client.post("/desk/new/", {"q": text}))]
    shown += [("known", client.get(f"/desk/new/write?person={ids['person_id']}"))]
    shown += [("messages of", client.get(f"/desk/messages?family={ids['family_id']}"))]
    for where, response in shown:
        page = re.sub(r'value="[^"]*"', "", response.content.decode())
        assert response.status_code < 500
        for secret in SECRETS:
            assert secret not in page, (where, secret)


def test_a_team_that_is_asked_sees_the_least_that_lets_it_answer(
    world: World, ids: dict[str, object]
) -> None:
    client = client_of(world.grace)
    for name, address in addresses(ids):
        if "/team/" in address:
            continue
        got = client.get(address, follow=True)
        assert got.status_code == (
            200 if name in PREVIEW_READS else 405 if name == "accept" else got.status_code
        )
        if name not in PREVIEW_READS:
            assert got.status_code in {403, 404, 405}, (name, got.status_code)
        for secret in SECRETS:
            assert secret not in got.content.decode(), (name, secret)
        if name not in PREVIEW_SENDS:
            assert client.post(address, {"words": "Long enough words."}).status_code in {403, 404, 405}, name


def test_a_closed_account_with_a_live_session_is_signed_out(world: World, ids: dict[str, object]) -> None:
    client = client_of(world.sunita)
    assert client.get(f"/desk/family/{ids['family_id']}/").status_code == 200
    holding.close_account(user=world.sunita, by=world.lead, at=NOW)
    for name, address in addresses(ids):
        for response in (client.get(address), client.post(address, {"words": "x"})):
            assert response.status_code in {302, 405}, name
            assert "/desk/" not in response.headers.get("Location", "").split("?")[0]


def test_what_belongs_to_another_family_is_not_reached_through_ones_own(
    world: World, ids: dict[str, object]
) -> None:
    """Sunita sees both families: an id of one under the other finds nothing, and changes nothing."""
    own = world.refer(name="Ben Cole", contact="07700 900124")
    client: Client = client_of(world.sunita)
    before = Happening.objects.count()
    for name, address in addresses(ids | {"family_id": own.family_id}):
        if "/person/" in address or name == "amend_story":
            sent = client.post(address, {"words": "Other words.", "why": "x", "end": "yes", "safe": "no"})
            assert sent.status_code == 404, name
    for name, address in addresses(ids | {"family_id": own.family_id, "person_id": own.person_id}):
        if name in {"way", "end_instruction"}:
            assert client.post(address, {"why": "x", "end": "yes", "safe": "no"}).status_code == 404, name
    # A person of the other family in one's own forms is no choice at all.
    contact = {"person": str(ids["person_id"]), "outcome": "attended", "mode": "phone", "words": "We spoke."}
    assert client.post(f"/desk/work/referral/{own.pk}/contact/", contact).status_code == 422
    story = {"person": str(ids["person_id"]), "kind": "own", "words": "Not hers."}
    assert client.post(f"/desk/family/{own.family_id}/story/", story).status_code == 422
    lead = {"lead": str(world.grace.pk)}
    assert client.post(f"/desk/family/{own.family_id}/lead/", lead).status_code == 422
    assert Happening.objects.count() == before


def test_a_kind_and_an_id_that_do_not_belong_together_find_nothing(
    world: World, ids: dict[str, object]
) -> None:
    client = client_of(world.sunita)
    for kind in ("episode", "handover", "Referral", "family"):
        for step in ("", "end/", "move/", "contact/", "hand-over/"):
            assert client.get(f"/desk/work/{kind}/{ids['thing_id']}/{step}").status_code == 404, (kind, step)


@pytest.mark.parametrize("state", ["planned", "closed"])
def test_a_service_that_cannot_be_asked_is_not_asked(
    world: World, ids: dict[str, object], state: str
) -> None:
    world.pairs.state = state
    world.pairs.save()
    client = client_of(world.sunita)
    sent = {"service": "pairs", "agreement": "agreed", "agreed_by": "Rosie", "agreed_words": "Yes."}
    address = f"/desk/work/referral/{ids['thing_id']}/hand-over/"
    assert client.post(address, sent).status_code == 404
    assert client.post(address, {**sent, "service": "no-such\x00service"}).status_code == 404


def test_a_colleague_who_left_is_not_asked_by_name(world: World, ids: dict[str, object]) -> None:
    Membership.objects.filter(user=world.marcus).update(ended_on=date(2026, 3, 1))
    sent = {
        "service": "pairs",
        "agreement": "agreed",
        "agreed_by": "Rosie",
        "agreed_words": "Yes.",
        "to_user": str(world.marcus.pk),
    }
    response = client_of(world.sunita).post(f"/desk/work/referral/{ids['thing_id']}/hand-over/", sent)
    assert response.status_code == 422


def test_a_family_that_moves_is_handed_over_to_the_new_area_and_held_until_seen(
    world: World, ids: dict[str, object]
) -> None:
    there = Organisation.objects.create(slug="there", name="Hub There", kind="hub")
    team = Team.objects.create(
        organisation=there, slug="there-door", name="Door there", kind="front_door", fallback=world.tom
    )
    nora = person("Nora There", team, Role.FRONT_DOOR)
    area = Area.objects.create(
        slug="cornwall", name="Cornwall", door_name="Hubs there", reference_prefix="CWL", front_door=team
    )
    district = District.objects.create(code="E06000052", name="Cornwall")
    area.districts.add(district)
    hub = service("hub-there", "Hub there", area, there, team)
    hub.footprint.set([district])
    address = f"/desk/work/referral/{ids['thing_id']}/hand-over/"
    sunita = client_of(world.sunita)
    assert "Hub there" not in sunita.get(address).content.decode()
    assert sunita.get(f"{address}?service=hub-there").status_code == 404
    family_id = int(str(ids["family_id"]))
    events.record_event(
        family_id=family_id, kind="moved_away", on=NOW.date(), new_area=area, by=world.sunita, at=NOW
    )
    assert "Hub there" in sunita.get(address).content.decode()
    sent = {"service": "hub-there", "agreement": "agreed", "agreed_by": "Rosie", "agreed_words": "Yes."}
    assert sunita.post(address, sent).status_code == 302
    row = Handover.objects.get(service=hub)
    handover.withdraw(
        handover=Handover.objects.get(service=world.therapies), why="Moving.", by=world.sunita, at=NOW
    )
    family = FamilyCare.objects.get(pk=family_id)
    assert "Thackeray" not in client_of(nora).get(f"/desk/family/{family_id}/").content.decode()
    handover.accept(handover=row, by=nora, at=NOW)
    assert (family.lead, family.area) == (world.sunita, world.area), (
        "holder and story stay until they are seen"
    )
    assert "Thackeray" in client_of(nora).get(f"/desk/family/{family_id}/").content.decode()
    episode = handover.first_contact(handover=row, mode="phone", words="We spoke.", by=nora, at=NOW)
    family.refresh_from_db()
    assert (family.lead, family.area, episode.area) == (nora, area, area)
