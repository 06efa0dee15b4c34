"""A possible match: side by side, and a person decides with a reason."""

from __future__ import annotations

from datetime import date

import pytest
from django.test import Client
from django.urls import reverse
from tests.world import NOW, World

from anydoor.access.models import AuditEntry, User
from anydoor.care.conflict import Near, declare
from anydoor.care.holding import move_holding
from anydoor.care.joining import decide_match
from anydoor.care.models import Happening, PossibleMatch, Referral, Story, Wait
from anydoor.care.sealing import seal

WHY = "She told me her birth date and the name of the street."


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


@pytest.fixture
def pair(world: World) -> tuple[Referral, Referral]:
    """Somebody we know, and a new request from the same number."""
    known = world.refer(
        name="Kayleigh Brundle", born_on=date(1997, 5, 4), place="Norwich", story="What I told in confidence."
    )
    return known, world.refer(name="Kayleigh Brundel", place="Norwich", story="My baby cries all day.")


def address(referral: Referral) -> str:
    return reverse("desk:match", args=[referral.pk])


def the_match(referral: Referral) -> PossibleMatch:
    return PossibleMatch.objects.get(referral=referral)


def test_facts_stand_side_by_side_and_no_story_of_the_other(
    world: World, pair: tuple[Referral, Referral]
) -> None:
    known, new = pair
    html = signed_in(world.sunita).get(address(new)).content.decode()
    assert "Is this Kayleigh Brundle?" in html
    assert "Same phone or email" in html
    assert "Nearly the same" in html
    assert "4 May 1997" in html
    assert "Not said" in html
    assert "Held by Sunita Rao, Norfolk front door." in html
    assert reverse("desk:family", args=[known.family_id]) in html
    assert "What I told in confidence." not in html
    assert AuditEntry.objects.filter(action="see_possible_match", subject_id=known.person_id).exists()


def test_the_same_person_brings_the_request_with_words_and_holder(
    world: World, pair: tuple[Referral, Referral]
) -> None:
    known, new = pair
    answer = signed_in(world.sunita).post(
        address(new), {"match": the_match(new).pk, "same": "yes", "why": WHY}
    )
    assert answer["Location"] == reverse("desk:triage", args=[new.pk])
    new.refresh_from_db()
    assert (new.family_id, new.person_id, new.holder) == (known.family_id, known.person_id, world.sunita)
    assert set(Story.objects.filter(family=known.family).values_list("words", flat=True)) == {
        "What I told in confidence.",
        "My baby cries all day.",
    }
    assert Happening.objects.filter(kind="match_decided", words=WHY).exists()
    assert signed_in(world.sunita).get(answer["Location"]).status_code == 200


def test_not_the_same_keeps_both_apart(world: World, pair: tuple[Referral, Referral]) -> None:
    known, new = pair
    signed_in(world.sunita).post(address(new), {"match": the_match(new).pk, "same": "no", "why": WHY})
    new.refresh_from_db()
    assert new.family_id != known.family_id
    assert the_match(new).state == "not_same"
    assert not Wait.objects.open().filter(kind="match").exists()
    html = signed_in(world.sunita).get(address(new)).content.decode()
    assert "No match is open." in html


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"why": WHY}, "Decide whether they are the same person"),
        ({"same": "yes", "why": " "}, "Say how you know"),
        ({"same": "perhaps", "why": WHY}, "Choose from the answers that are listed"),
        ({"same": "yes", "why": "a\x00"}, "hidden character"),
    ],
)
def test_a_decision_needs_an_answer_and_a_reason(
    world: World, pair: tuple[Referral, Referral], typed: dict[str, str], said: str
) -> None:
    _, new = pair
    answer = signed_in(world.sunita).post(address(new), {"match": the_match(new).pk, **typed})
    assert answer.status_code == 422
    assert said in answer.content.decode()
    assert the_match(new).state == "open"


def test_the_second_of_two_is_told_and_keeps_the_reason(
    world: World, pair: tuple[Referral, Referral]
) -> None:
    _, new = pair
    match = the_match(new)
    decide_match(match=match, same=False, by=world.tom, at=NOW, why="Two streets.")
    answer = signed_in(world.sunita).post(address(new), {"match": match.pk, "same": "yes", "why": WHY})
    assert answer.status_code == 409
    html = answer.content.decode()
    assert "Somebody already decided this match." in html
    assert WHY in html
    assert the_match(new).state == "not_same"


@pytest.mark.parametrize("how", ["sealed", "kept from her"])
def test_whom_she_may_not_see_by_now_is_compared_with_nobody(
    world: World, pair: tuple[Referral, Referral], how: str
) -> None:
    known, new = pair
    if how == "sealed":
        seal(family_id=known.family_id, kind="abuse", words="He works near.", names=[], by=world.tom, at=NOW)
        move_holding(thing=known, to=world.tom, team=world.front_door, why="His.", by=world.tom, at=NOW)
    else:
        near = Near("relative", name="Kayleigh Brundle", born_on=date(1997, 5, 4))
        declare(near=near, by=world.sunita, at=NOW)
    client = signed_in(world.sunita)
    assert "Kayleigh Brundle" not in client.get(address(new)).content.decode()
    sent = {"match": the_match(new).pk, "same": "yes", "why": WHY}
    assert client.post(address(new), sent).status_code == 404
    assert address(new) not in client.get(reverse("desk:triage", args=[new.pk])).content.decode()
    assert "Kayleigh Brundle" in signed_in(world.tom).get(address(new)).content.decode()
    new.refresh_from_db()
    assert new.family_id != known.family_id


def test_only_the_front_door_decides_and_only_of_this_request(
    world: World, pair: tuple[Referral, Referral]
) -> None:
    known, new = pair
    typed = {"match": the_match(new).pk, "same": "yes", "why": WHY}
    assert signed_in(world.marcus).get(address(new)).status_code == 404
    assert signed_in(world.marcus).post(address(new), typed).status_code == 404
    assert signed_in(world.sunita).post(address(known), typed).status_code == 404
    for odd in ("", "x", "-1", "9" * 40, "१"):
        answer = signed_in(world.sunita).post(address(new), {**typed, "match": odd})
        assert answer.status_code == 404
    assert the_match(new).state == "open"
