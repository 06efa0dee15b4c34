"""A request at the front door: the words, what could help and why, the decision with its reasons, a draft."""

from __future__ import annotations

import re
from datetime import date, timedelta

import pytest
from django.test import Client
from django.urls import reverse
from tests.world import NOW, World

from anydoor.access.models import AuditEntry, User
from anydoor.care import deciding, episode, triage
from anydoor.care.models import Decision, Draft, FamilyCare, Happening, Offer, Referral, Wait
from anydoor.directory.models import Service

DANGER = "Some nights I think they would be better off without me. She is asleep."
WHY = "You asked for one person to talk to. This team sees fathers in the evening."


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def address(referral: Referral, name: str = "triage") -> str:
    return reverse(f"desk:{name}", args=[referral.pk])


def page(referral: Referral, user: User) -> str:
    answer = signed_in(user).get(address(referral))
    assert answer.status_code == 200
    return answer.content.decode()


@pytest.fixture
def callum(world: World) -> Referral:
    Service.objects.filter(pk=world.therapies.pk).update(
        needs=["mood", "anxiety"], wait_days=16, lead_name="Grace Adeyemi", lead_title="named clinician"
    )
    Service.objects.filter(pk=world.pairs.pk).update(needs=["bond"], audience=["mother"])
    return world.refer(
        at=NOW - timedelta(hours=18),
        name="Callum Reeve",
        role="father",
        born_on=date(1994, 6, 2),
        baby_name="Jack",
        baby_born_on=date(2025, 11, 1),
        place="Norwich",
        story="I shout, then I go and sit in the van. I love him.",
        asks_for="Someone to talk to, not a group at first",
        needs=("mood",),
    )


def sent(client: Client, referral: Referral, **typed: object) -> object:
    html = client.get(address(referral)).content.decode()
    seal = re.search(r'name="seal" value="([^"]+)"', html)
    assert seal is not None
    given = {
        "seal": seal[1],
        "offers": ["therapies"],
        "level": "targeted",
        "answer": "not_asked",
        "words": WHY,
        **typed,
    }
    return client.post(address(referral), given)


# ---------------------------------------------------------------- the page


def test_who_it_is_what_they_said_and_who_holds(world: World, callum: Referral) -> None:
    html = page(callum, world.sunita)
    assert "<bdi>Callum Reeve, 31, father</bdi>" in html
    assert "4 months (Jack)" in html
    assert '“<span dir="auto">I shout, then I go and sit in the van. I love him.</span>”' in html
    assert "<bdi>Sunita Rao</bdi> holds" in html
    assert "“Someone to talk to, not a group at first”" in html
    assert "language and interpreter" in html, "what nobody asked is said"


def test_offers_come_with_for_and_against_and_the_rest_with_why(world: World, callum: Referral) -> None:
    html = page(callum, world.sunita)
    offers, rest = html.split("that do not fit, with why")
    assert "NHS Talking Therapies" in offers
    assert "16 days" in offers
    assert 'aria-label="For"' in offers
    assert "PAIRS" not in offers.split('id="could-help"')[1]
    assert "PAIRS" in rest
    assert "Ask Grace Adeyemi" in rest
    assert "named clinician" in rest


def test_a_level_is_proposed_with_its_cause_and_no_offer_is_ticked(world: World, callum: Referral) -> None:
    html = page(callum, world.sunita)
    assert "proposed: how hard things are was not asked yet" in html
    assert re.search(r'value="targeted"[^>]*checked', html)
    assert not re.search(r'name="offers"[^>]*checked', html)


def test_with_danger_open_the_banner_spans_blocks_nothing_and_nothing_is_preselected(world: World) -> None:
    referral = world.refer(story=DANGER, contact="07700 900457", needs=("mood",))
    html = page(referral, world.sunita)
    assert '<mark class="ad-marked">better off without me</mark>' in html
    assert 'href="tel:07700900457"' in html
    wait = Wait.objects.get(kind="danger")
    assert reverse("desk:wait", args=[wait.pk]) in html
    assert "Record decision" in html
    assert not re.search(r'name="level"[^>]*checked', html)
    triage.acknowledge_danger(wait=wait, words="I rang. He is with his sister.", by=world.sunita, at=NOW)
    html = page(referral, world.sunita)
    assert "ad-emergency" not in html
    assert '<mark class="ad-marked">better off without me</mark>' in html, "the words stay as they are"


def test_looking_is_recorded_and_stops_no_clock(world: World, callum: Referral) -> None:
    assert "Nobody has said yet that they read this" in page(callum, world.sunita)
    callum.refresh_from_db()
    assert callum.stage == "received"
    assert AuditEntry.objects.filter(action="see_request", subject_id=callum.pk).count() == 1
    signed_in(world.sunita).post(address(callum, "read_request"))
    callum.refresh_from_db()
    assert callum.stage == "read"
    assert "Nobody has said yet" not in page(callum, world.sunita)


def test_what_is_ticked_as_told_decides_what_could_help(world: World) -> None:
    Service.objects.filter(pk=world.therapies.pk).update(needs=["mood"])
    referral = world.refer(
        name="Rosie Thackeray", role="mother", baby_born_on=date(2026, 1, 6), place="Norwich"
    )
    client = signed_in(world.sunita)
    assert "Nobody has written down yet what it is about." in client.get(address(referral)).content.decode()
    answer = client.post(
        address(referral, "heard"),
        {"heard-needs": ["mood", "isolation"], "heard-severity": "moderate", "heard-mode": "phone"},
    )
    assert answer.status_code == 302
    referral.refresh_from_db()
    assert (referral.needs, referral.heard) == (
        ["mood", "isolation"],
        {"severity": "moderate", "mode": "phone"},
    )
    assert (referral.stage, referral.tags) == ("read", ["mood", "isolation"])
    html = client.get(address(referral)).content.decode()
    assert "proposed: the need told is moderate" in html
    assert Happening.objects.filter(kind="needs_heard", referral=referral).count() == 1
    client.post(
        address(referral, "heard"),
        {"heard-needs": ["mood", "isolation"], "heard-severity": "moderate", "heard-mode": "phone"},
    )
    assert Happening.objects.filter(kind="needs_heard", referral=referral).count() == 1


@pytest.mark.parametrize(
    "typed",
    [
        {"heard-needs": ["mood", "hacking"], "heard-severity": "mild"},
        {"heard-needs": ["mood"], "heard-severity": "dreadful"},
        {"heard-needs": ["mood"], "heard-severity": "mild", "heard-mode": "pigeon"},
    ],
)
def test_what_is_not_on_the_list_is_not_heard(
    world: World, callum: Referral, typed: dict[str, object]
) -> None:
    answer = signed_in(world.sunita).post(address(callum, "heard"), typed)
    assert answer.status_code == 422
    callum.refresh_from_db()
    assert callum.heard == {}


# ---------------------------------------------------------------- deciding


def test_a_decision_keeps_everything_that_was_shown(world: World, callum: Referral) -> None:
    answer = sent(signed_in(world.sunita), callum)
    assert answer["Location"] == address(callum)
    decision = Decision.objects.get(referral=callum)
    assert (decision.level, decision.words, decision.answer) == ("targeted", WHY, "not_asked")
    shown = {row["name"]: row for row in decision.shown}
    assert set(shown) >= {"NHS Talking Therapies", "PAIRS", "Stay and play"}
    assert shown["NHS Talking Therapies"]["chosen"]
    assert shown["NHS Talking Therapies"]["reasons_for"]
    assert not shown["PAIRS"]["chosen"]
    assert shown["PAIRS"]["verdict"] in {"near", "not"}
    offer = Offer.objects.get(decision=decision)
    assert (offer.service, offer.answer) == (world.therapies, "not_asked")
    callum.refresh_from_db()
    assert callum.holder == world.sunita
    html = page(callum, world.sunita)
    assert "Decided" in html
    assert WHY in html
    assert reverse("desk:answer_offer", args=[offer.pk]) in html


def test_after_a_yes_the_way_goes_on_to_the_handover(world: World, callum: Referral) -> None:
    answer = sent(signed_in(world.sunita), callum, answer="yes")
    assert answer["Location"].startswith(reverse("desk:hand_over", args=["referral", callum.pk]))
    callum.refresh_from_db()
    assert (callum.stage, callum.holder) == ("decided", world.sunita)


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"level": ""}, "Choose a level"),
        ({"answer": ""}, "Say what they say, or that you have not asked yet"),
        ({"words": " "}, "Say why, in words they could read"),
        ({"answer": "yes", "offers": []}, "Choose at least one offer the family said yes to."),
        ({"offers": ["no-such-service"]}, "Choose from the answers that are listed"),
        ({"words": "a\x00b"}, "hidden character"),
        ({"words": "x" * 5000}, "Make"),
    ],
)
def test_what_is_missing_is_said_and_nothing_typed_is_lost(
    world: World, callum: Referral, typed: dict[str, object], said: str
) -> None:
    answer = sent(signed_in(world.sunita), callum, **typed)
    assert answer.status_code == 422
    html = answer.content.decode()
    assert said in html
    assert "<title>Error: " in html
    if "words" not in typed:
        assert WHY in html
    if "offers" not in typed:
        assert re.search(r'id="offers-therapies"[^>]*checked', html)
    assert not Decision.objects.exists()


def test_when_the_offers_changed_meanwhile_somebody_looks_again(world: World, callum: Referral) -> None:
    client = signed_in(world.sunita)
    html = client.get(address(callum)).content.decode()
    seal = re.search(r'name="seal" value="([^"]+)"', html)
    assert seal is not None
    Service.objects.filter(pk=world.therapies.pk).update(wait_days=90)
    typed = {
        "seal": seal[1],
        "offers": ["therapies"],
        "level": "targeted",
        "answer": "not_asked",
        "words": WHY,
    }
    answer = client.post(address(callum), typed)
    assert answer.status_code == 409
    html = answer.content.decode()
    assert "What could help has changed since you opened this page." in html
    assert WHY in html
    assert not Decision.objects.exists()
    fresh = re.search(r'name="seal" value="([^"]+)"', html)
    assert fresh is not None
    assert client.post(address(callum), {**typed, "seal": fresh[1]}).status_code == 302
    assert Decision.objects.get().shown


def test_a_request_closed_meanwhile_says_so(world: World, callum: Referral) -> None:
    client = signed_in(world.sunita)
    html = client.get(address(callum)).content.decode()
    seal = re.search(r'name="seal" value="([^"]+)"', html)
    assert seal is not None
    episode.end(thing=callum, reason="said_no", words="They changed their mind.", by=world.tom, at=NOW)
    answer = client.post(
        address(callum),
        {"seal": seal[1], "offers": [], "level": "targeted", "answer": "no", "words": WHY},
    )
    assert answer.status_code == 409
    assert "This request is ended" in answer.content.decode()
    assert "This request is closed" in page(callum, world.sunita)


def test_half_a_decision_is_kept_for_whoever_goes_on(world: World, callum: Referral) -> None:
    answer = sent(signed_in(world.sunita), callum, later="1", level="", answer="", words="Ask about evenings")
    assert answer["Location"] == reverse("desk:inbox")
    assert not Decision.objects.exists()
    html = page(callum, world.tom)
    assert "Ask about evenings" in html
    assert "Sunita Rao began this and kept it today, 11:00." in html
    assert re.search(r'id="offers-therapies"[^>]*checked', html)
    callum.refresh_from_db()
    assert callum.stage == "read", "whoever began to decide has read it"
    sent(signed_in(world.tom), callum)
    assert not Draft.objects.filter(kind=deciding.DRAFT_KIND).exists()


def test_a_double_click_decides_twice_over_the_same_and_breaks_nothing(
    world: World, callum: Referral
) -> None:
    client = signed_in(world.sunita)
    first, second = sent(client, callum), sent(client, callum)
    assert (first.status_code, second.status_code) == (302, 302)
    care = FamilyCare.objects.get(family=callum.family)
    assert care.lead == world.sunita
    assert Wait.objects.open().filter(referral=callum, kind="decide").count() == 1


# ---------------------------------------------------------------- other steps, other people


def test_a_colleague_takes_it_over_and_holds(world: World, callum: Referral) -> None:
    assert "I take this over" not in page(callum, world.sunita)
    signed_in(world.tom).post(address(callum, "take_request"))
    callum.refresh_from_db()
    assert callum.holder == world.tom


def test_only_a_post_changes_something(world: World, callum: Referral) -> None:
    for name in ("read_request", "take_request", "heard"):
        assert signed_in(world.tom).get(address(callum, name)).status_code == 405


def test_another_organisation_finds_no_page(world: World, callum: Referral) -> None:
    for name in ("triage", "read_request", "take_request", "heard"):
        assert signed_in(world.marcus).post(address(callum, name), {}).status_code == 404
    callum.refresh_from_db()
    assert (callum.stage, callum.holder) == ("received", world.sunita)
    assert signed_in(world.sunita).get(reverse("desk:triage", args=[10**12])).status_code == 404


def test_the_rule_of_safe_contact_stands_above_everything(world: World) -> None:
    referral = world.refer(name="Rosie Thackeray", safety=("Do not ring the house.",), contact="07700 900457")
    html = page(referral, world.sunita)
    assert html.index("Do not ring the house.") < html.index("told us")


def test_after_a_loss_no_reason_speaks_of_a_baby(world: World) -> None:
    referral = world.refer(
        name="Chloe Barber",
        role="mother",
        lost_on=date(2026, 1, 24),
        loss_kind="miscarriage",
        needs=("loss",),
    )
    html = page(referral, world.sunita)
    assert "6 weeks since a loss" in html
    assert "baby" not in html.split('id="could-help"')[1].split("that do not fit")[0].lower()


def test_hostile_text_is_only_text(world: World) -> None:
    referral = world.refer(
        name="<script>alert(1)</script>", story="<img src=x onerror=alert(1)> \u202eevil", place="'; DROP"
    )
    html = page(referral, world.sunita)
    assert "<script>alert" not in html
    assert "<img src=x" not in html
