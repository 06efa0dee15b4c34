"""The demo: a small one is loaded once and looked at from all sides; its guards are tried alone."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from io import StringIO
from random import Random

import pytest
from django.contrib.auth import authenticate
from django.core.management import CommandError, call_command
from django.db import connections, transaction
from django.utils import timezone
from pytest_django.plugin import DjangoDbBlocker

from anydoor.access.models import Leave, User
from anydoor.care.models import Contact, Episode, FamilyCare, Handover, Happening, Holding, Referral, Wait
from anydoor.config.demo import checking, marking, signins
from anydoor.config.demo.clock import Clock, Course, Queue, ahead, back, begins, sweep_moments
from anydoor.config.demo.drawn_families import HELD, NOT_NAMED, TOLD
from anydoor.config.demo.families import STORIES
from anydoor.config.demo.people import Numbers, draw
from anydoor.config.management.commands.demo import PASSWORD
from anydoor.config.models import DemoLoad
from anydoor.directory.models import Area
from anydoor.messages.models import OutboxMessage
from anydoor.people.models import ContactPoint, Family, Person
from anydoor.rules import danger, identifiers, working_time
from anydoor.rules.profile import NEEDS

AREA = "north-lincolnshire"


def demo(**options: object) -> str:
    said = StringIO()
    call_command("demo", families=12, area=[AREA], processes=1, stdout=said, **options)
    return said.getvalue()


@pytest.fixture(scope="module")
def said(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[str]:
    """A small demo in the database, and what the command said while it was loaded."""
    with django_db_blocker.unblock():
        marking.empty()
        yield demo()
        marking.empty()


@pytest.fixture
def nobody(db: None) -> None:
    marking.empty()


# ---------------------------------------------------------------- what is told


def test_there_are_many_stories_and_words_of_danger_stand_only_where_they_are_meant() -> None:
    assert len({story.words for story in STORIES}) >= 120
    for story in STORIES:
        assert set(story.needs) <= NEEDS, story.words
        assert bool(danger.find(story.words)) == story.in_danger, story.words
    for drawn in (*HELD, *TOLD):
        assert not danger.find(drawn.said), drawn.name
    assert danger.find(NOT_NAMED.said)


def test_the_stories_are_of_all_kinds_of_parents() -> None:
    roles = Counter(story.role for story in STORIES if not story.teller)
    assert roles.keys() == {"mother", "father", "co_parent", "carer"}
    assert roles["father"] >= 15
    assert {story.when for story in STORIES} >= {
        "ivf",
        "early",
        "late",
        "newborn",
        "neonatal",
        "older",
        "loss",
    }
    marks = {mark for story in STORIES for mark in story.marks}
    assert marks >= {"twins", "apart", "refuge", "no_fixed_abode", "removed", "under_20", "grandparent"}
    assert len({story.language for story in STORIES if story.language}) >= 8


def test_the_same_seed_draws_the_same_people() -> None:
    def people() -> list[object]:
        numbers = Numbers(range(5), 21, frozenset(), 3)
        today = datetime(2026, 3, 10, tzinfo=UTC).date()
        return [
            draw(story, area=AREA, today=today, places=["Brigg"], numbers=numbers, rng=Random(f"1/{index}"))
            for index, story in enumerate(STORIES)
        ]

    assert people() == people()


# ---------------------------------------------------------------- simulated time


def test_the_queue_goes_by_time_and_stops_at_the_end() -> None:
    now = datetime(2026, 3, 10, 11, tzinfo=UTC)
    seen: list[tuple[str, datetime]] = []

    def course(clock: Clock, name: str, hours: int) -> Course:
        while True:
            seen.append((name, clock.at))
            yield clock.at + timedelta(hours=hours)

    queue = Queue(until=now)
    for name, hours in (("slow", 3), ("quick", 2)):
        clock = Clock(now - timedelta(hours=4))
        queue.start(clock.at, clock, course(clock, name, hours))
    queue.run([now - timedelta(hours=1)], lambda at: seen.append(("sweep", at)))
    assert [(name, (now - at) // timedelta(hours=1)) for name, at in seen] == [
        *(("slow", 4), ("quick", 4), ("quick", 2), ("slow", 1), ("sweep", 1), ("quick", 0)),
    ]


def test_sweeps_run_on_working_days_and_hours_are_found_on_any_day() -> None:
    sunday = datetime(2026, 3, 8, 3, 30, tzinfo=UTC)
    start = begins(sunday)
    moments = sweep_moments(start, sunday)
    assert all(working_time.is_open(moment, working_time.OPENS.replace(hour=8)) for moment in moments)
    assert 240 < len(moments) < 265
    assert back(sunday, 0, 10) == datetime(2026, 3, 6, 10, tzinfo=UTC)
    assert back(sunday, 1, 10) == datetime(2026, 3, 6, 10, tzinfo=UTC)
    assert ahead(sunday, 0, 10) == datetime(2026, 3, 9, 10, tzinfo=UTC)
    assert ahead(sunday, 2, 10) == datetime(2026, 3, 10, 10, tzinfo=UTC)


# ---------------------------------------------------------------- what stands after a load


@pytest.mark.django_db
def test_everything_open_is_held_and_every_standing_is_what_its_rows_say(said: str) -> None:
    assert checking.check() == []
    assert Referral.objects.open().count() > 15
    assert Episode.objects.open().exists()
    assert DemoLoad.objects.get().finished_at is not None


@pytest.mark.django_db
def test_what_is_not_right_would_be_found(said: str) -> None:
    care = FamilyCare.objects.filter(is_open=True).order_by("pk")[0]
    with transaction.atomic():
        FamilyCare.objects.filter(pk=care.pk).update(next_contact_at=datetime(2020, 1, 1, tzinfo=UTC))
        assert any(f"family {care.pk}" in fault for fault in checking.check())
        User.objects.filter(pk=care.lead_id).update(is_active=False, closed_at=timezone.now())
        assert any("closed account" in fault for fault in checking.holding_faults())
        transaction.set_rollback(True)
    assert checking.check() == []


@pytest.mark.django_db
def test_every_desk_has_something_of_each_kind_today(said: str) -> None:
    waits = set(Wait.objects.open().values_list("kind", flat=True))
    assert waits >= {
        *("read", "decide", "danger", "match", "not_reached", "answer", "introduce", "first_contact"),
        *("second_look", "meeting", "say_what_happened"),
    }
    assert Referral.objects.open().filter(paused_until__isnull=False).exists()
    assert Wait.objects.stuck().filter(kind="answer", escalated_at__isnull=False).exists()
    assert Contact.objects.planned().filter(happens_at__gt=timezone.now()).exists()
    assert Leave.objects.filter(
        starts_on__lte=timezone.now().date(), ends_on__gte=timezone.now().date()
    ).exists()
    assert "NHS number" in set(Referral.objects.values_list("joined_by", flat=True))


@pytest.mark.django_db
def test_the_past_has_many_doors_stages_and_ends(said: str) -> None:
    assert len(set(Referral.objects.values_list("door", flat=True))) >= 6
    assert set(Referral.objects.values_list("stage", flat=True)) >= {
        "received",
        "read",
        "handing_over",
        "taken_up",
        "ended",
    }
    assert {"completed", "proposed", "declined", "at_meeting"} <= set(
        Handover.objects.values_list("stage", flat=True)
    )
    kinds = set(Happening.objects.values_list("kind", flat=True))
    assert kinds >= {"nudged", "escalated", "paused", "contact_not_reached", "declined", "ended"}
    first = Happening.objects.order_by("at")[0].at
    assert timezone.now() - first > timedelta(weeks=20)
    assert not Happening.objects.filter(at__gt=timezone.now()).exists()


@pytest.mark.django_db
def test_nobody_in_it_could_be_reached_or_be_real(said: str) -> None:
    for point in ContactPoint.objects.all():
        drama = re.fullmatch(r"\+447700900\d{3}|\+441632960\d{3}", point.value)
        assert drama or point.value.endswith(".example"), point.typed
    for number in Person.objects.filter(nhs_number__isnull=False).values_list("nhs_number", flat=True):
        assert number.startswith("999")
        assert identifiers.is_nhs_number(number)
    assert all(email.endswith(".example") for email in User.objects.values_list("email", flat=True))
    late = timezone.now() - timedelta(days=1)
    assert not OutboxMessage.objects.filter(state="queued", not_before__lt=late).exists()


@pytest.mark.django_db
def test_whoever_is_named_can_sign_in_and_has_something_to_do(said: str) -> None:
    rows = signins.sign_ins(Area.objects.get(), timezone.now())
    working = [row for row in rows if "Front door" in row.what or row.what == "Coordinator"]
    assert len(working) >= 4
    assert {"Refers families", "Commissioner", "Information governance lead"} <= {row.what for row in rows}
    for row in rows:
        assert row.email in said
    assert authenticate(email=rows[0].email, password=PASSWORD) is not None
    assert authenticate(email=rows[0].email, password="something else") is None
    for what in ("Front door, on duty", "Coordinator"):
        user = User.objects.get(email=next(row.email for row in rows if row.what == what))
        assert Wait.objects.open().filter(user=user).exists(), what
    for user in signins.busiest(Area.objects.get()):
        assert (
            Wait.objects.open().filter(user=user).exists()
            or Holding.objects.filter(user=user, to_at=None).exists()
        )


@pytest.mark.django_db
def test_again_it_only_says_whom_to_sign_in_as(said: str) -> None:
    before = (Family.objects.count(), Happening.objects.count(), DemoLoad.objects.get().pk)
    again = demo()
    assert (Family.objects.count(), Happening.objects.count(), DemoLoad.objects.get().pk) == before
    assert "Loading" not in again
    for words in (PASSWORD, "invented", "no official site", "/sign-in/"):
        assert words in again


@pytest.mark.django_db
def test_a_password_of_ones_own_is_told_only_when_it_is_right(
    said: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ANYDOOR_DEMO_PASSWORD", "not the one it was loaded with")
    again = demo()
    assert "not the one it was loaded with" not in again
    assert "given when the demo was loaded" in again


# ---------------------------------------------------------------- what guards a database


def test_never_in_production(settings: object, nobody: None) -> None:
    settings.PRODUCTION = True  # type: ignore[attr-defined]  # pytest-django's settings take any name
    with pytest.raises(CommandError, match="not run in production"):
        demo(reset=True)
    assert marking.is_empty()


@pytest.mark.parametrize("reset", [False, True])
def test_a_database_with_people_of_its_own_is_left_alone(nobody: None, reset: bool) -> None:
    User.objects.create(email="somebody@real.example", name="Somebody", password="!")
    with pytest.raises(CommandError, match="not the demo's"):
        demo(reset=reset)
    assert User.objects.count() == 1


def test_a_load_that_was_interrupted_is_seen_and_may_be_begun_anew(nobody: None) -> None:
    DemoLoad.objects.create(seed=1, families=1, started_at=timezone.now())
    User.objects.create(email="half@norfolk.example", name="Half", password="!")
    assert marking.loaded() is None
    marking.refuse_what_is_not_ours()
    marking.empty()
    assert marking.is_empty()


def test_two_loads_do_not_run_beside_each_other(nobody: None) -> None:
    other = connections["default"].copy()
    try:
        with other.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_lock(%s)", [marking.LOCK])
        with pytest.raises(CommandError, match="by another process"):
            demo()
    finally:
        other.close()
