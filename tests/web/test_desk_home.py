"""My work: what waits on me, whom I hold, what is stuck, and the page where each waiting thing is done."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, time, timedelta
from urllib.parse import quote

import pytest
from django.test import Client
from django.urls import reverse
from tests.world import AGREED, NOW, World

from anydoor.access.models import AuditEntry, Leave, User
from anydoor.care import episode, events, handover, sweep, triage
from anydoor.care.models import Referral, Wait
from anydoor.care.triage import Shown
from anydoor.people.models import ContactPoint
from anydoor.rules.working_time import london

HOME = "/desk/"
DANGER = "Some nights I think they would be better off without me. She is asleep."


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def page(user: User, address: str = HOME) -> str:
    answer = signed_in(user).get(address)
    assert answer.status_code == 200
    return answer.content.decode()


def handed_over(world: World, at: datetime = NOW - timedelta(days=7)) -> Referral:
    referral = world.refer(at=at, name="Nadia Rahman", role="mother")
    triage.decide(
        referral=referral,
        level="targeted",
        words="You asked for one person.",
        answer="yes",
        shown=[Shown(world.therapies.pk, world.therapies.name, "suits", (), (), True)],
        by=world.sunita,
        at=at,
    )
    return referral


def test_home_asks_for_a_sign_in(client: Client, db: None) -> None:
    answer = client.get(HOME)
    assert answer.status_code == 302
    assert answer["Location"].startswith("/sign-in/")


def test_it_greets_and_counts_what_is_held_and_what_waits(world: World) -> None:
    world.refer(name="Rosie Thackeray", role="mother")
    html = page(world.sunita)
    assert "Good morning, Sunita" in html
    assert "Tuesday 10 March, 11:00. You hold 1 family. 1 thing waits on you." in html
    assert "Read a request: <bdi>Rosie Thackeray</bdi>" in html


def test_somebody_with_nothing_is_told_so_without_a_zero(world: World) -> None:
    html = page(world.marcus)
    assert "You hold no family. Nothing waits on you." in html
    assert "Nothing waits on you." in html


def test_danger_comes_first_and_alone_is_red(world: World) -> None:
    world.refer(at=NOW - timedelta(days=3), name="Rosie Thackeray")
    world.refer(at=NOW - timedelta(minutes=5), story=DANGER)
    html = page(world.sunita)
    rows = html.split('class="ad-work__row')[1:]
    assert "Words of danger" in rows[0]
    assert "10 min left" in rows[0]
    assert [row.startswith(" ad-work__row--danger") for row in rows] == [True] + [False] * (len(rows) - 1)


def test_what_waits_on_others_is_not_here(world: World) -> None:
    world.refer(name="Rosie Thackeray")
    assert "Rosie Thackeray" not in page(world.grace)
    assert "Rosie Thackeray" not in page(world.tom)


def test_no_next_contact_is_said_and_can_be_booked(world: World) -> None:
    referral = world.refer(name="Rosie Thackeray")
    html = page(world.sunita)
    assert "<b>No next contact</b>" in html
    assert reverse("desk:record_contact", args=["referral", referral.pk]) in html


def test_the_next_contact_and_today_are_shown(world: World) -> None:
    referral = world.refer(name="Rosie Thackeray")
    episode.record_contact(
        thing=referral,
        mode="home",
        outcome="planned",
        happens_at=london(date(2026, 3, 10), time(14, 45)),
        place="Norwich hub, room 3",
        by=world.sunita,
        at=NOW,
    )
    html = page(world.sunita)
    assert "Today, 14:45" in html
    assert "Home visit, Norwich hub, room 3" in html
    assert "<b>No next contact</b>" not in html


def test_an_appointment_that_is_past_is_no_next_contact(world: World) -> None:
    referral = world.refer(at=NOW - timedelta(days=3), name="Rosie Thackeray")
    episode.record_contact(
        thing=referral,
        mode="home",
        outcome="planned",
        happens_at=NOW - timedelta(days=1),
        by=world.sunita,
        at=NOW - timedelta(days=2),
    )
    html = page(world.sunita)
    assert "<b>No next contact</b>" in html
    assert "Home visit was Mon 9 Mar, 11:00" in html


def test_a_handover_without_answer_is_stuck_for_its_sender_and_the_coordinator(world: World) -> None:
    referral = handed_over(world, NOW - timedelta(days=20))
    handover.propose(
        thing=referral,
        service=world.therapies,
        agreement=replace(AGREED, at=NOW - timedelta(days=20)),
        words="",
        by=world.sunita,
        at=NOW - timedelta(days=20),
    )
    sweep.run(at=NOW - timedelta(days=5))
    for user in (world.sunita, world.priya):
        html = page(user)
        assert "has no answer. The limit is 5 working days." in html
        assert "Nadia Rahman" in page(user, reverse("desk:stuck"))
    assert "has no answer" not in page(world.marcus)
    assert "Nothing is stuck." in page(world.marcus, reverse("desk:stuck"))


def test_good_news_has_a_card(world: World) -> None:
    row = handover.propose(
        thing=handed_over(world),
        service=world.therapies,
        agreement=replace(AGREED, at=NOW - timedelta(days=7)),
        words="",
        by=world.sunita,
        at=NOW - timedelta(days=6),
    ).handover
    handover.accept(handover=row, by=world.grace, at=NOW - timedelta(days=5))
    handover.first_contact(
        handover=row, mode="phone", words="We spoke.", by=world.grace, at=NOW - timedelta(days=4)
    )
    assert "Nadia Rahman met Grace Adeyemi on 6 March. Grace holds them now." in page(world.sunita)


def test_leave_and_cover_are_said(world: World) -> None:
    assert "Say when, and who covers you" in page(world.sunita)
    Leave.objects.create(
        user=world.sunita, starts_on=date(2026, 4, 16), ends_on=date(2026, 4, 20), cover=world.lead
    )
    html = page(world.sunita)
    assert "On leave 16 April to 20 April?" in html
    assert "Helen Lusher" in html


def test_home_costs_the_same_however_many_things_wait(
    world: World, django_assert_max_num_queries: object
) -> None:
    for number in range(14):
        world.refer(name=f"Rosie {number}", contact=f"07700 9001{number:02d}")
    client = signed_in(world.sunita)
    client.get(HOME)
    with django_assert_max_num_queries(20):  # type: ignore[operator]  # a fixture of pytest-django
        html = client.get(HOME).content.decode()
    assert "All 14 things that wait on me" in html
    assert html.count('class="ad-work__row') == 10
    assert client.get(HOME, {"waits": "all"}).content.decode().count('class="ad-work__row') == 14


# ---------------------------------------------------------------- where each thing is done


def open_wait(kind: str) -> Wait:
    return Wait.objects.open().get(kind=kind)


def test_danger_shows_the_very_words_and_whom_to_ring(world: World) -> None:
    world.refer(at=NOW - timedelta(minutes=5), story=DANGER, contact="07700 900457")
    html = page(world.sunita, reverse("desk:wait", args=[open_wait("danger").pk]))
    assert '<mark class="ad-marked">better off without me</mark>' in html
    assert 'href="tel:07700900457"' in html
    assert "999" in html
    assert "111, mental health option" in html


def test_an_unsafe_number_is_not_offered_to_ring(world: World) -> None:
    world.refer(story=DANGER, contact="07700 900457")
    ContactPoint.objects.update(safe="no")
    html = page(world.sunita, reverse("desk:wait", args=[open_wait("danger").pk]))
    assert "tel:" not in html
    assert "Their number is marked as not safe." in html


def test_danger_ends_when_somebody_says_what_they_did_and_only_then(world: World) -> None:
    referral = world.refer(story=DANGER)
    wait = open_wait("danger")
    client, address = signed_in(world.sunita), reverse("desk:wait", args=[wait.pk])
    short = client.post(address, {"words": "ok"})
    assert short.status_code == 422
    assert "whom you spoke with" in short.content.decode()
    assert open_wait("danger")
    done = client.post(address, {"words": "I rang. He is with his sister tonight."})
    assert done["Location"] == reverse("desk:triage", args=[referral.pk])
    wait.refresh_from_db()
    assert wait.done_words == "I rang. He is with his sister tonight."


def test_the_second_of_two_is_told_who_was_first_and_keeps_the_words(world: World) -> None:
    world.refer(story=DANGER)
    wait = open_wait("danger")
    address = reverse("desk:wait", args=[wait.pk])
    signed_in(world.sunita).post(address, {"words": "I rang. He is with his sister."})
    late = signed_in(world.tom).post(address, {"words": "I rang too, nobody answered."})
    assert late.status_code == 409
    html = late.content.decode()
    assert "Sunita Rao did this today, 11:00." in html
    assert "I rang too, nobody answered." in html
    wait.refresh_from_db()
    assert wait.done_by == "Sunita Rao"


def test_not_reached_asks_for_another_way(world: World) -> None:
    referral = world.refer(name="Tomasz Wójcik")
    for hour in (3, 2, 1):
        episode.record_contact(
            thing=referral,
            mode="phone",
            outcome="not_reached",
            by=world.sunita,
            at=NOW - timedelta(hours=hour),
        )
    address = reverse("desk:wait", args=[open_wait("not_reached").pk])
    client = signed_in(world.sunita)
    assert client.post(address, {"words": "A letter."}).status_code == 422
    done = client.post(address, {"way": "another_way", "words": "A letter to the address she gave."})
    assert done["Location"] == HOME
    assert not Wait.objects.open().filter(kind="not_reached").exists()


def test_a_task_after_an_event_is_done_with_a_line(world: World) -> None:
    referral = world.refer(name="Rosie Thackeray", due_on=date(2026, 3, 20))
    events.record_event(
        family_id=referral.family_id, kind="birth", on=date(2026, 3, 9), by=world.sunita, at=NOW
    )
    wait = Wait.objects.open().filter(kind="after_event").first()
    assert wait is not None
    client, address = signed_in(world.sunita), reverse("desk:wait", args=[wait.pk])
    assert wait.why in client.get(address).content.decode()
    client.post(address, {"words": "Both are well."})
    wait.refresh_from_db()
    assert wait.done_by == "Sunita Rao"


def test_reading_deciding_and_answering_are_done_on_their_own_pages(world: World) -> None:
    referral = handed_over(world)
    row = handover.propose(
        thing=referral, service=world.therapies, agreement=AGREED, words="", by=world.sunita, at=NOW
    ).handover
    answer = signed_in(world.grace).get(reverse("desk:wait", args=[open_wait("answer").pk]))
    assert answer["Location"] == reverse("desk:handover", args=[row.pk])
    other = world.refer(name="Rosie Thackeray", contact="07700 900999")
    read = Wait.objects.open().get(kind="read", referral=other)
    answer = signed_in(world.sunita).get(reverse("desk:wait", args=[read.pk]))
    assert answer["Location"] == reverse("desk:triage", args=[other.pk])


def test_another_organisation_finds_nothing(world: World) -> None:
    world.refer(story=DANGER)
    address = reverse("desk:wait", args=[open_wait("danger").pk])
    for method in ("get", "post"):
        answer = getattr(signed_in(world.marcus), method)(address, {"words": "I rang. All is well."})
        assert answer.status_code == 404
    assert open_wait("danger")


def test_a_look_is_recorded(world: World) -> None:
    world.refer(story=DANGER)
    page(world.sunita, reverse("desk:wait", args=[open_wait("danger").pk]))
    assert AuditEntry.objects.filter(action="see_wait", user=world.sunita).count() == 1


@pytest.mark.parametrize("words", ["\x00", "a" * 2_000, "\ud83d", "<script>alert(1)</script>\u202e" * 2])
def test_odd_words_never_break_the_page(world: World, words: str) -> None:
    world.refer(story=DANGER)
    address = reverse("desk:wait", args=[open_wait("danger").pk])
    answer = signed_in(world.sunita).post(
        address,
        f"words={quote(words, errors='surrogatepass')}",
        content_type="application/x-www-form-urlencoded",
    )
    assert answer.status_code in {302, 422}
    assert "<script>alert(1)" not in answer.content.decode()
