"""The list of families, finding one, and a family's page."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.test import Client
from tests.web.scenes import STORY, accepted, client_of, held_by_grace, proposed, rosie, someone
from tests.world import NOW, World

from anydoor.access.models import AuditEntry
from anydoor.care import amend, episode, events, triage
from anydoor.care.models import FamilyCare, Happening

pytestmark = pytest.mark.django_db(transaction=True)


def page_of(world: World, family_id: int, user: object = None) -> str:
    answer = client_of(user or world.sunita).get(f"/desk/family/{family_id}/")
    assert answer.status_code == 200
    return answer.content.decode()


def test_the_page_says_who_holds_what_keeps_her_safe_and_her_own_words(world: World) -> None:
    text = page_of(world, rosie(world).family_id)
    for words in (
        "Rosie Thackeray",
        "31 weeks, due 12 May",
        "Norwich",
        "Holding this family now",
        "Sunita Rao",
        "(you)",
        "Speak to Rosie only. Leave no message.",
        STORY,
        "in their own words",
        "No next contact",
        "You see this because you hold the family",
    ):
        assert words in text, words


def test_the_holder_comes_before_safety_and_safety_before_the_story(world: World) -> None:
    text = page_of(world, rosie(world).family_id)
    assert text.index("Holding this family now") < text.index("Keep them safe") < text.index(STORY)


def test_another_organisation_finds_nothing_and_a_stranger_signs_in(world: World, client: Client) -> None:
    family = rosie(world).family_id
    for path in ("", "everything/", "looks/"):
        assert client_of(world.marcus).get(f"/desk/family/{family}/{path}").status_code == 404
        assert client.get(f"/desk/family/{family}/{path}").status_code == 302


def test_a_family_that_does_not_exist_looks_the_same(world: World) -> None:
    for number in (0, 99_999, 2**63, 10**30):
        assert client_of(world.sunita).get(f"/desk/family/{number}/").status_code == 404


def test_each_look_is_recorded_with_its_reason(world: World) -> None:
    family = rosie(world).family_id
    page_of(world, family)
    row = AuditEntry.objects.get(action="see_family", family_id=family)
    assert (row.user, row.why) == (world.sunita, "you hold the family")
    looks = client_of(world.tom).get(f"/desk/family/{family}/looks/").content.decode()
    assert "Looked at the family" in looks
    assert "Because they hold the family" in looks
    assert "1 person has looked" in page_of(world, family, world.tom)


def test_fourteen_queries_however_much_has_happened(
    world: World, django_assert_max_num_queries: object
) -> None:
    referral = rosie(world)
    amend.add_member(
        family_id=referral.family_id,
        name="Daniel Okafor",
        role="father",
        apart=False,
        by=world.sunita,
        at=NOW,
    )
    client = client_of(world.sunita)
    client.get("/desk/directory")  # the first page of a sign-in notes when it began
    with django_assert_max_num_queries(14):
        client.get(f"/desk/family/{referral.family_id}/")
    for n in range(30):
        triage.add_story(
            family_id=referral.family_id,
            person_id=referral.person_id,
            kind="worker",
            words=f"Line {n}",
            by=world.sunita,
            at=NOW,
        )
        episode.record_contact(
            thing=referral, mode="phone", outcome="attended", words="We spoke.", by=world.sunita, at=NOW
        )
    with django_assert_max_num_queries(14):
        answer = client.get(f"/desk/family/{referral.family_id}/")
    assert (
        f"Everything, {Happening.objects.filter(family=referral.family_id).count()}"
        in answer.content.decode()
    )


def test_the_father_keeps_his_own_story_on_his_own_page(world: World) -> None:
    referral = rosie(world)
    family = referral.family_id
    daniel = amend.add_member(
        family_id=family, name="Daniel Okafor", role="father", apart=True, by=world.sunita, at=NOW
    ).person
    secret = "I drink at night and she does not know."
    triage.add_story(family_id=family, person_id=daniel.pk, kind="own", words=secret, by=world.sunita, at=NOW)
    amend.add_instruction(
        person=daniel, family_id=family, kind="safety", words="Do not say he rang.", by=world.sunita, at=NOW
    )
    episode.record_contact(
        thing=referral,
        person_id=daniel.pk,
        mode="phone",
        outcome="attended",
        words="He told me of his debts.",
        by=world.sunita,
        at=NOW,
    )
    for path in ("", "everything/"):
        text = client_of(world.sunita).get(f"/desk/family/{family}/{path}").content.decode()
        assert "Daniel Okafor" in text
        for words in (secret, "Do not say he rang.", "He told me of his debts."):
            assert words not in text
    own = client_of(world.sunita).get(f"/desk/family/{family}/person/{daniel.pk}/").content.decode()
    for words in (secret, "Do not say he rang.", "He told me of his debts.", "lives apart"):
        assert words in own
    assert STORY not in own


def test_before_accepting_a_service_sees_the_least_and_no_story(world: World) -> None:
    row = proposed(world)
    text = page_of(world, row.family_id, world.grace)
    for words in ("Rosie", "31 weeks", "Low mood", "She would like one person to talk to.", "Accept"):
        assert words in text, words
    for words in ("Thackeray", STORY, "07700"):
        assert words not in text, words
    assert AuditEntry.objects.filter(action="see_preview", user=world.grace).exists()
    for path in ("everything/", "looks/", "happened/", "story/", f"person/{row.person_id}/"):
        assert client_of(world.grace).get(f"/desk/family/{row.family_id}/{path}").status_code == 404


def test_after_accepting_they_see_it_all(world: World) -> None:
    assert STORY in page_of(world, accepted(world).family_id, world.grace)


def test_after_a_loss_no_baby_is_expected_and_the_loss_is_said_gently(world: World) -> None:
    family = rosie(world).family_id
    events.record_event(
        family_id=family, kind="loss", loss_kind="stillbirth", on=date(2026, 3, 8), by=world.sunita, at=NOW
    )
    text = page_of(world, family)
    assert "since a loss" in text
    assert "Stillbirth, 8 March 2026" in text
    assert "Baby, due" not in text
    assert "due 12 May" not in text


def test_twins_have_a_row_each(world: World) -> None:
    text = page_of(world, rosie(world, babies=2).family_id)
    assert "Twins, 31 weeks" in text
    assert text.count("due 12 May 2026") == 2


def test_words_of_danger_stand_at_the_top_until_somebody_said_what_they_did(world: World) -> None:
    family = rosie(world, story="Some nights I think they would be better off without me.").family_id
    text = page_of(world, family)
    assert "Speak with Rosie first" in text
    assert "better off without me" in text
    assert "Say what you did" in text


def test_when_nothing_is_open_the_page_says_nobody_holds_and_how_to_open_again(world: World) -> None:
    referral = world.refer(name="Amina Yusuf")
    episode.end(thing=referral, reason="said_no", words="Not now.", by=world.sunita, at=NOW)
    text = page_of(world, referral.family_id)
    assert "Nobody holds this family now" in text
    assert f"/desk/work/referral/{referral.pk}/reopen/" in text
    assert "Said no to this" in text


def test_hostile_names_and_words_are_shown_as_typed_and_do_nothing(world: World) -> None:
    name, story = (
        "<script>alert(1)</script> O’Brien-Łęcka",
        "'; DROP TABLE people; -- <b>x</b>\u202e 😀 {{ 7*7 }}",
    )
    text = page_of(world, rosie(world, name=name, story=story).family_id)
    assert "<script>alert(1)" not in text
    assert "&lt;script&gt;alert(1)&lt;/script&gt; O’Brien-Łęcka" in text
    assert "&lt;b&gt;x&lt;/b&gt;\u202e 😀 {{ 7*7 }}" in text


# ---- lists and finding


def test_my_families_are_those_i_hold_and_my_teams_are_the_others(world: World) -> None:
    rosie(world)
    assert "Rosie Thackeray" in client_of(world.sunita).get("/desk/families").content.decode()
    tom = client_of(world.tom)
    assert "You hold no family just now" in tom.get("/desk/families").content.decode()
    assert "Rosie Thackeray" in tom.get("/desk/families?show=team").content.decode()
    assert "Rosie Thackeray" not in tom.get("/desk/families?show=ended").content.decode()


def test_a_family_only_offered_is_in_no_list(world: World) -> None:
    proposed(world)
    assert "Thackeray" not in client_of(world.grace).get("/desk/families?show=team").content.decode()


def test_a_long_list_is_walked_by_key_both_ways(world: World) -> None:
    names = [f"Family{n:02}" for n in range(30)]
    for name in names:
        world.refer(name=name)
    client = client_of(world.sunita)
    first = client.get("/desk/families").content.decode()
    assert [name for name in names if name in first] == names[:25]
    key = FamilyCare.objects.in_order()[24].sort_key
    second = client.get("/desk/families", {"after": key}).content.decode()
    assert [name for name in names if name in second] == names[25:]
    back = client.get(
        "/desk/families", {"before": FamilyCare.objects.in_order()[25].sort_key}
    ).content.decode()
    assert [name for name in names if name in back] == names[:25]


@pytest.mark.parametrize("key", ["", "x", "'; --", "1|2026", "\x00", "9" * 500])
def test_a_nonsense_key_shows_the_first_page(world: World, key: str) -> None:
    rosie(world)
    answer = client_of(world.sunita).get("/desk/families", {"after": key, "before": key, "show": key})
    assert "Rosie Thackeray" in answer.content.decode()


@pytest.mark.parametrize("typed", ["ros", "thack ros", "ROSIE", "999 412 0735", "9994120735"])
def test_somebody_is_found_by_beginnings_and_number(world: World, typed: str) -> None:
    rosie(world, nhs_number="9994120735", born_on=date(1998, 4, 2))
    text = client_of(world.sunita).post("/desk/families", {"q": typed}).content.decode()
    assert "Rosie Thackeray" in text
    assert "born 2 April 1998" in text


def test_a_search_is_recorded_without_what_was_typed(world: World) -> None:
    rosie(world)
    client_of(world.sunita).post("/desk/families", {"q": "rosie"})
    row = AuditEntry.objects.get(action="searched")
    assert (row.user, row.why) == (world.sunita, "1 people found")


def test_search_is_scoped_and_kind_when_nobody_is_found(world: World) -> None:
    rosie(world)
    answer = client_of(world.marcus).post("/desk/families", {"q": "rosie"})
    assert answer.status_code == 200
    assert "Nobody found" in answer.content.decode()


@pytest.mark.parametrize("typed", ["", "r", "12345", "999 412 0736", "%%%", "\x00ro", "x" * 5000])
def test_what_cannot_be_searched_by_is_said(world: World, typed: str) -> None:
    answer = client_of(world.sunita).post("/desk/families", {"q": typed})
    assert answer.status_code in {200, 422}
    assert "Traceback" not in answer.content.decode()


def test_the_whole_timeline_is_walked(world: World) -> None:
    referral = rosie(world)
    for n in range(60):
        triage.add_story(
            family_id=referral.family_id,
            person_id=referral.person_id,
            kind="worker",
            words=f"Line {n}",
            by=world.sunita,
            at=NOW + timedelta(minutes=n),
        )
    client = client_of(world.sunita)
    first = client.get(f"/desk/family/{referral.family_id}/everything/")
    assert "Rosie Thackeray asked for help" not in first.content.decode()
    last = Happening.objects.filter(family=referral.family_id).order_by("-at", "-pk")[49]
    rest = client.get(f"/desk/family/{referral.family_id}/everything/", {"before": last.pk})
    assert "Rosie Thackeray asked for help" in rest.content.decode()


def test_the_page_of_an_episode_shows_contacts_and_what_can_be_done(world: World) -> None:
    row = held_by_grace(world)
    text = client_of(world.grace).get(f"/desk/work/episode/{row.pk}/").content.decode()
    for words in (
        "NHS Talking Therapies",
        "We spoke about sleep.",
        "Step up",
        "Give it to a colleague",
        "End it",
    ):
        assert words in text, words
    assert client_of(world.marcus).get(f"/desk/work/episode/{row.pk}/").status_code == 404
    assert client_of(world.grace).get(f"/desk/work/nonsense/{row.pk}/").status_code == 404


def test_the_baby_of_the_family_has_a_page_with_its_due_date(world: World) -> None:
    referral = rosie(world)
    baby = someone(referral.family_id, "baby")
    text = (
        client_of(world.sunita).get(f"/desk/family/{referral.family_id}/person/{baby.pk}/").content.decode()
    )
    assert "12 May 2026" in text
    assert "How to reach" not in text
