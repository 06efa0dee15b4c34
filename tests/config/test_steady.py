"""Nobody reads or calls at a machine's pace or takes all threads, and what was typed is not lost by it."""

from __future__ import annotations

from threading import BoundedSemaphore

import pytest
from django.test import Client
from tests.web.test_hostile import TABLE
from tests.world import NOW, World, build

from anydoor.access.models import AuditEntry
from anydoor.care import receipts
from anydoor.care.models import Contact
from anydoor.config import steady


@pytest.fixture
def world(db: None) -> World:
    return build()


@pytest.fixture
def hurried(world: World, settings: object) -> Client:
    settings.PAGES_A_MINUTE = 8
    client = Client()
    client.force_login(world.sunita)
    return client


def test_a_machines_pace_is_slowed_kindly_and_kept_once(hurried: Client, world: World) -> None:
    answers = [hurried.get("/desk/") for _ in range(12)]
    assert [one.status_code for one in answers] == [200] * 8 + [429] * 4
    last = answers[-1]
    assert 1 <= int(last["Retry-After"]) <= 60
    page = last.content.decode()
    assert "That was very fast" in page
    assert "the person who looks after sign-ins" in page
    assert 'href="/desk/"' in page
    row = AuditEntry.objects.get(action="read_too_fast")
    assert (row.user_id, row.allowed) == (world.sunita.pk, False)
    # A colleague goes on, and leaving and help are never slowed.
    hurried.get("/desk/")
    assert hurried.get("/crisis").status_code == 200
    assert hurried.post("/sign-out/").status_code == 302


def test_what_was_typed_too_fast_is_kept_and_shown(hurried: Client, world: World) -> None:
    referral = world.refer()
    while hurried.get("/desk/").status_code == 200:
        pass
    path = f"/desk/work/referral/{referral.pk}/contact/"
    answer = hurried.post(path, {"outcome": "attended", "words": "He slept well last night."})
    assert (answer.status_code, Contact.objects.count()) == (429, 0)
    page = answer.content.decode()
    assert "It is kept for you." in page
    kept = page.split('href="/account/unsent/')[1].split('"')[0]
    later = Client()
    later.force_login(world.sunita)
    assert "He slept well last night." in later.get(f"/account/unsent/{kept}").content.decode()


def test_reading_costs_no_query_more(
    hurried: Client, world: World, django_assert_max_num_queries: object
) -> None:
    hurried.get("/desk/")
    with django_assert_max_num_queries(12) as counted:
        hurried.get("/desk/")
    with_limit = len(counted)
    unhurried = Client()
    unhurried.force_login(world.sunita)
    unhurried.get("/desk/")
    with django_assert_max_num_queries(12) as counted:
        unhurried.get("/desk/")
    assert len(counted) == with_limit


def test_a_key_is_slowed_by_itself(world: World, settings: object) -> None:
    settings.CALLS_A_MINUTE = 5
    made = [
        receipts.make_token(name=name, team=world.front_door, user=world.sunita, by=world.lead, at=NOW)
        for name in ("GP one", "GP two")
    ]
    address = f"/api/v1/referrals/{world.refer().reference}"
    client = Client()
    answers = [client.get(address, headers={"Authorization": f"Bearer {made[0]}"}) for _ in range(7)]
    assert [one.status_code for one in answers] == [404] * 5 + [429] * 2
    last = answers[-1]
    assert last["Content-Type"] == "application/problem+json"
    assert last.json()["status"] == 429
    assert int(last["Retry-After"]) > 0
    other = client.get(address, headers={"Authorization": f"Bearer {made[1]}"})
    assert other.status_code == 404


def test_heavy_pages_leave_threads_for_the_others(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    slots = BoundedSemaphore(steady.HEAVY_AT_ONCE)
    monkeypatch.setattr(steady, "BoundedSemaphore", lambda number: slots)
    client = Client()
    client.force_login(world.lead)
    assert client.get("/desk/outcomes/").status_code == 200
    for _ in range(steady.HEAVY_AT_ONCE):
        assert slots.acquire(blocking=False), "each gives its place back"
    busy = client.get("/desk/outcomes/")
    assert (busy.status_code, busy["Retry-After"]) == (503, "5")
    assert "Try again" in busy.content.decode()
    assert client.get("/desk/").status_code == 200
    slots.release()
    assert client.get("/desk/outcomes/").status_code == 200


def test_every_heavy_page_is_there() -> None:
    assert {name for name, _ in TABLE} >= steady.HEAVY | steady.ALWAYS
