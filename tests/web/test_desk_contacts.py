"""Recording a contact, planning and moving one; ending, opening again, pausing, giving to a colleague."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from tests.web.scenes import client_of, day, held_by_grace, key_of, proposed, rosie
from tests.world import NOW, World

from anydoor.care import episode
from anydoor.care.models import Contact, Referral

pytestmark = pytest.mark.django_db(transaction=True)


def page_for(referral: Referral) -> str:
    return f"/desk/work/referral/{referral.pk}/contact/"


def typed(world: World, referral: Referral, **more: object) -> dict[str, object]:
    page = client_of(world.sunita).get(page_for(referral)).content.decode()
    return {
        "form_key": key_of(page),
        "person": referral.person_id,
        "mode": "phone",
        "outcome": "attended",
        "words": "We spoke about sleep.",
        **more,
    }


def test_a_contact_sent_twice_is_recorded_once(world: World) -> None:
    referral = rosie(world)
    data = typed(world, referral)
    for _ in range(2):
        assert client_of(world.sunita).post(page_for(referral), data).status_code == 302
    contact = Contact.objects.get()
    assert (contact.outcome, contact.words, contact.happens_at) == ("attended", "We spoke about sleep.", NOW)


def test_the_page_says_first_how_she_may_be_reached(world: World) -> None:
    text = client_of(world.sunita).get(page_for(rosie(world))).content.decode()
    assert "Speak to Rosie only. Leave no message." in text


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ({"words": ""}, "Say in a line what you talked about."),
        ({"outcome": "planned"}, "Say on which day."),
        ({"outcome": "planned", **day("day", NOW)}, "Say at what time."),
        (
            {"outcome": "planned", **day("day", NOW - timedelta(days=3)), "clock": "10:00"},
            "Choose a time in the future.",
        ),
        (day("day", NOW + timedelta(days=3)), "That time is still to come."),
        ({"outcome": ""}, "Choose an answer"),
        ({"mode": "pigeon"}, "Choose from the answers"),
        ({"person": "999999"}, "Choose from the answers"),
        ({"minutes": "many"}, "Use numbers only"),
        ({"minutes": "99999"}, "less than or equal to 720"),
        ({"clock": "25:00"}, "like 10:30 or 2pm"),
        ({"words": "x\x00y"}, "hidden character"),
        ({"words": "x" * 6000}, "at most 5,000"),
    ],
)
def test_what_does_not_fit_comes_back_with_what_was_typed(
    world: World, more: dict[str, str], said: str
) -> None:
    referral = rosie(world)
    answer = client_of(world.sunita).post(page_for(referral), typed(world, referral, **more))
    assert answer.status_code == 422
    assert said in answer.content.decode()
    assert not Contact.objects.exists()


def test_a_planned_contact_is_next_then_moved_then_said(world: World) -> None:
    referral = rosie(world)
    client = client_of(world.sunita)
    soon = datetime(2026, 3, 12, 10, 30, tzinfo=UTC)
    client.post(
        page_for(referral), typed(world, referral, outcome="planned", clock="10:30", **day("day", soon))
    )
    contact = Contact.objects.get()
    assert contact.happens_at == soon
    text = client.get(f"/desk/family/{referral.family_id}/").content.decode()
    assert "10:30, phone" in text
    late = soon + timedelta(days=1)
    assert (
        client.post(f"/desk/contact/{contact.pk}/move/", {**day("day", NOW), "clock": "09:00"}).status_code
        == 422
    )
    assert (
        client.post(f"/desk/contact/{contact.pk}/move/", {**day("day", late), "clock": "10:30"}).status_code
        == 302
    )
    assert (
        client.post(f"/desk/contact/{contact.pk}/move/", {**day("day", late), "clock": "10:30"}).status_code
        == 409
    )
    new = Contact.objects.planned().get()
    assert client.get(f"/desk/contact/{contact.pk}/")["Location"] == f"/desk/contact/{new.pk}/"
    page = client.get(f"/desk/contact/{new.pk}/").content.decode()
    data = {
        "form_key": key_of(page),
        "person": referral.person_id,
        "mode": "phone",
        "outcome": "could_not_come",
    }
    data |= day("day", NOW - timedelta(days=1))
    assert client.post(f"/desk/contact/{new.pk}/", data).status_code == 302
    again = client.post(f"/desk/contact/{new.pk}/", {**data, "form_key": "", "words": "She rang."})
    assert again.status_code == 409
    assert "She rang." in again.content.decode()
    assert client.get(f"/desk/contact/{new.pk}/").status_code == 302


def test_an_appointment_can_be_kept_early(world: World) -> None:
    referral = rosie(world)
    contact = episode.record_contact(
        thing=referral,
        mode="phone",
        outcome="planned",
        happens_at=NOW + timedelta(hours=2),
        by=world.sunita,
        at=NOW,
    )
    data = {
        "form_key": "",
        "person": referral.person_id,
        "mode": "phone",
        "outcome": "attended",
        "words": "Early.",
    }
    local = NOW + timedelta(hours=2)
    data |= {**day("day", local), "clock": f"{local:%H:%M}"}
    assert client_of(world.sunita).post(f"/desk/contact/{contact.pk}/", data).status_code == 302
    contact.refresh_from_db()
    assert (contact.outcome, contact.happens_at) == ("attended", NOW)


def test_ten_million_characters_are_turned_away(world: World) -> None:
    referral = rosie(world)
    answer = client_of(world.sunita).post(page_for(referral), {"words": "x" * 10_000_000})
    assert answer.status_code in {400, 413, 422}
    assert not Contact.objects.exists()


def test_an_ended_episode_leads_back_to_its_request(world: World) -> None:
    row = held_by_grace(world)
    episode.end(thing=row, reason="enough", words="She is well.", by=world.grace, at=NOW)
    text = client_of(world.grace).get(f"/desk/work/episode/{row.pk}/").content.decode()
    assert f"/desk/work/referral/{row.referral_id}/reopen/" in text
    assert "This has ended" in text


def test_others_cannot_record_and_find_nothing(world: World) -> None:
    row = proposed(world)
    contact = episode.record_contact(
        thing=row.referral,
        mode="phone",
        outcome="planned",
        happens_at=NOW + timedelta(hours=2),
        by=world.sunita,
        at=NOW,
    )
    for user in (world.marcus, world.grace):
        for path in (
            page_for(row.referral),
            f"/desk/contact/{contact.pk}/",
            f"/desk/contact/{contact.pk}/move/",
            f"/desk/work/referral/{row.referral_id}/end/",
            f"/desk/work/referral/{row.referral_id}/move/",
            f"/desk/work/referral/{row.referral_id}/reopen/",
            f"/desk/work/referral/{row.referral_id}/pause/",
        ):
            assert client_of(user).get(path).status_code == 404
            assert client_of(user).post(path, {}).status_code == 404


def test_nothing_is_recorded_on_what_has_ended_and_the_words_are_kept(world: World) -> None:
    referral = world.refer(name="Amina Yusuf")
    data = typed(world, referral)
    episode.end(thing=referral, reason="said_no", words="Not now.", by=world.sunita, at=NOW)
    answer = client_of(world.sunita).post(page_for(referral), data)
    assert answer.status_code == 409
    assert "We spoke about sleep." in answer.content.decode()


# ---- ending and opening again


def test_an_end_needs_facts_and_is_opened_again_by_whoever_holds_then(world: World) -> None:
    referral = world.refer(name="Amina Yusuf")
    client = client_of(world.sunita)
    page = f"/desk/work/referral/{referral.pk}/end/"
    assert "Nobody has met or spoken with them yet" in client.get(page).content.decode()
    refused = client.post(page, {"reason": "finished", "words": "Done."})
    assert refused.status_code == 422
    assert "Done." in refused.content.decode()
    assert client.post(page, {"reason": "said_no", "words": "She would rather wait."}).status_code == 302
    assert client.post(page, {"reason": "said_no", "words": "Again."}).status_code in {403, 409}
    again = f"/desk/work/referral/{referral.pk}/reopen/"
    data = {"why": "She rang.", "team": str(world.front_door.pk)}
    assert client_of(world.tom).post(again, {**data, "why": ""}).status_code == 422
    assert client_of(world.tom).post(again, data).status_code == 302
    referral.refresh_from_db()
    assert referral.holder == world.tom
    assert client_of(world.tom).post(again, data).status_code == 409


def test_an_open_handover_keeps_it_from_ending(world: World) -> None:
    row = proposed(world)
    answer = client_of(world.sunita).post(
        f"/desk/work/referral/{row.referral_id}/end/", {"reason": "said_no", "words": "Stop."}
    )
    assert answer.status_code == 409
    assert "A handover of this is still open" in answer.content.decode()


def test_a_pause_has_a_day_within_half_a_year(world: World) -> None:
    referral = rosie(world)
    client = client_of(world.sunita)
    page = f"/desk/work/referral/{referral.pk}/pause/"
    for moment in (NOW, NOW + timedelta(days=400)):
        assert client.post(page, day("until", moment)).status_code == 422
    assert client.post(page, day("until", NOW + timedelta(days=10))).status_code == 302
    assert "Paused until 20 March" in client.get(f"/desk/family/{referral.family_id}/").content.decode()


def test_a_colleague_takes_over_inside_the_team(world: World) -> None:
    row = held_by_grace(world)
    client = client_of(world.grace)
    page = f"/desk/work/episode/{row.pk}/move/"
    text = client.get(page).content.decode()
    assert "Jo Lane" in text
    assert "Marcus Bell" not in text
    assert client.post(page, {"to": str(world.marcus.pk), "why": "He asked."}).status_code == 422
    assert client.post(page, {"to": str(world.jo.pk), "why": "I am away."}).status_code == 302
    row.refresh_from_db()
    assert row.holder == world.jo
    assert client.post(page, {"to": str(world.grace.pk), "why": "I am back."}).status_code == 302


def test_the_answer_to_an_offer_is_recorded(world: World) -> None:
    referral = rosie(world)
    offer = referral.offers.get()
    client = client_of(world.sunita)
    assert client.post(f"/desk/offer/{offer.pk}/", {"answer": "thinking"}).status_code == 302
    assert "They are thinking about it" in client.get(f"/desk/family/{referral.family_id}/").content.decode()
    assert client_of(world.marcus).post(f"/desk/offer/{offer.pk}/", {"answer": "no"}).status_code == 404
