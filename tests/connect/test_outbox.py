"""Messages go out once, safely, at decent hours; and what cannot go out becomes somebody's to deal with."""

from __future__ import annotations

import stat
import threading
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from pytest_django.fixtures import Settings
from tests.connect.conftest import Folder
from tests.world import NOW, World

from anydoor.care import episode
from anydoor.care.models import Happening, Wait
from anydoor.config import environ
from anydoor.connect import carriers
from anydoor.connect import outbox as sending
from anydoor.connect.outbox import GIVE_UP_AFTER, LEASE, Drained, drain
from anydoor.messages import outbox
from anydoor.messages.models import OutboxMessage
from anydoor.people import register
from anydoor.people.models import ContactPoint, Person
from anydoor.rules.errors import OutsideFailed

SAFE = {"safe": "yes", "uses": ("text", "call")}


def minutes(number: float) -> datetime:
    return NOW + timedelta(minutes=number)


def texted(world: World, at: datetime = NOW, **facts: Any) -> OutboxMessage:
    """A family with a safe number, and the one text about it."""
    referral = world.refer(name="Ann", **SAFE)
    OutboxMessage.objects.all().delete()
    return outbox.to_person(
        person=referral.person,
        family=referral.family,
        template="hello",
        body="Norfolk Family Hubs: hello.",
        key="k",
        at=at,
        area_id=world.area.pk,
        **facts,
    )


def state() -> tuple[str, str]:
    row = OutboxMessage.objects.get()
    return row.state, row.reason


# ---------------------------------------------------------------- what goes out


def test_each_message_becomes_one_whole_file(world: World, folder: Folder) -> None:
    world.refer(name="Ann", **SAFE)
    assert drain(at=NOW) == Drained(sent=2)
    sent = {message["template"]: message for message in folder.messages()}
    assert set(sent) == {"request_for_duty_worker", "request_received"}
    assert sent["request_received"]["to"] == "+447700900123"
    assert not [name for name in folder.names() if name.startswith(".")]
    for path in folder.path.iterdir():
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert {row.state for row in OutboxMessage.objects.all()} == {"sent"}
    assert all(NOW <= row.sent_at < minutes(1) for row in OutboxMessage.objects.all() if row.sent_at)
    assert drain(at=minutes(5)) == Drained()


def test_what_is_not_due_waits_and_a_limit_is_kept(world: World, folder: Folder) -> None:
    world.refer(name="Ann", **SAFE)
    assert drain(at=NOW - timedelta(seconds=1)) == Drained()
    assert drain(at=NOW, limit=1) == Drained(sent=1)
    assert drain(at=NOW, limit=1) == Drained(sent=1)


def test_the_terminal_prints_what_it_is_given(
    world: World, settings: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    settings.OUTBOX = "console"
    texted(world)
    assert drain(at=NOW).sent == 1
    assert "[Text to +447700900123]" in capsys.readouterr().out


# ---------------------------------------------------------------- killed, and two at once


class Killed(BaseException):
    """As a process ends by kill -9: nothing after this line runs."""


def test_killed_between_sending_and_saying_so_sends_the_same_file_again(
    world: World, folder: Folder, monkeypatch: pytest.MonkeyPatch
) -> None:
    texted(world)

    def die(*_: object, **__: object) -> None:
        raise Killed

    with monkeypatch.context() as planted:
        planted.setattr(sending, "_mark", die)
        with pytest.raises(Killed):
            drain(at=NOW)
    [name] = folder.names()
    written = (folder.path / name).read_bytes()
    assert state() == ("sending", "")
    assert drain(at=NOW + LEASE - timedelta(seconds=5)) == Drained()
    assert drain(at=NOW + LEASE + timedelta(seconds=5)) == Drained(sent=1)
    assert folder.names() == [name]
    assert (folder.path / name).read_bytes() == written
    assert OutboxMessage.objects.get().tries == 2


def test_killed_before_sending_sends_it_later(
    world: World, folder: Folder, monkeypatch: pytest.MonkeyPatch
) -> None:
    texted(world)

    def die(self: object, message: OutboxMessage) -> None:
        raise Killed

    with monkeypatch.context() as planted:
        planted.setattr(carriers.Folder, "carry", die)
        with pytest.raises(Killed):
            drain(at=NOW)
    assert folder.names() == []
    assert drain(at=NOW + 2 * LEASE).sent == 1


def test_a_worker_that_wakes_after_its_lease_does_not_speak_over_the_next(
    world: World, folder: Folder
) -> None:
    texted(world)
    late = sending._take(NOW)
    assert late is not None
    assert drain(at=NOW + 2 * LEASE).sent == 1
    sending._mark(late, state="queued")
    assert state()[0] == "sent"


@pytest.mark.django_db(transaction=True)
def test_two_workers_share_the_work_and_send_nothing_twice(
    world: World, folder: Folder, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(12):
        world.refer(name=f"Ann {number}", contact=f"07700 9002{number:02d}")
    carried: list[int] = []
    both = threading.Barrier(2, timeout=20)
    real = carriers.Folder.carry
    first = threading.local()

    def carry(self: carriers.Folder, message: OutboxMessage) -> None:
        if not getattr(first, "met", False):
            first.met = True
            both.wait()  # each holds a message of its own before either goes on
        carried.append(message.pk)
        real(self, message)

    monkeypatch.setattr(carriers.Folder, "carry", carry)
    done: list[Drained] = []

    def work() -> None:
        try:
            done.append(drain(at=NOW))
        finally:
            connection.close()

    workers = [threading.Thread(target=work) for _ in range(2)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join(timeout=60)
    assert sum(each.sent for each in done) == 12
    assert all(each.sent for each in done)
    assert len(carried) == len(set(carried)) == 12


# ---------------------------------------------------------------- another look just before


def test_a_number_that_became_unsafe_is_held_back(world: World, folder: Folder) -> None:
    texted(world)
    ContactPoint.objects.update(safe="no")
    assert drain(at=NOW) == Drained(held_back=1)
    assert state() == ("held_back", "This is marked as not safe to use. Find another way to reach them.")
    assert folder.names() == []


def test_a_number_that_was_taken_away_is_held_back(world: World, folder: Folder) -> None:
    texted(world)
    ContactPoint.objects.update(ended_at=NOW)
    assert drain(at=NOW) == Drained(held_back=1)
    ContactPoint.objects.all().delete()
    OutboxMessage.objects.update(state="queued", reason="")
    assert drain(at=NOW) == Drained(held_back=1)


def test_nothing_about_a_baby_goes_out_after_a_loss(world: World, folder: Folder) -> None:
    message = texted(world, about_baby=True)
    assert message.state == "queued"
    baby = register.add_person(at=NOW, due_on=date(2026, 8, 1))
    register.add_to_family(family=message.family, person=baby, role="baby", at=NOW)
    Person.objects.filter(pk=baby.pk).update(lost_on=date(2026, 3, 9), loss_kind="miscarriage")
    assert drain(at=NOW) == Drained(held_back=1)
    assert "loss" in state()[1]
    OutboxMessage.objects.update(state="queued", reason="", about_baby=False)
    assert drain(at=NOW) == Drained(sent=1)


@pytest.mark.parametrize(
    ("hour", "sent"),
    [
        (20, "2026-03-10T20"),
        (21, "2026-03-11T08"),
        (23, "2026-03-11T08"),
        (3, "2026-03-10T08"),
        (8, "2026-03-10T08"),
    ],
)
def test_families_are_left_in_peace_at_night(world: World, folder: Folder, hour: int, sent: str) -> None:
    at = NOW.replace(hour=hour)
    message = texted(world, at=at)
    assert message.not_before.isoformat().startswith(sent)


def test_a_message_delayed_into_the_night_waits_for_the_morning(world: World, folder: Folder) -> None:
    texted(world, at=NOW.replace(hour=20, minute=59))
    night = NOW.replace(hour=21, minute=5)
    assert drain(at=night) == Drained(put_off=1)
    assert drain(at=night) == Drained()
    morning = NOW.replace(day=11, hour=8)
    row = OutboxMessage.objects.get()
    assert (row.not_before, row.tries) == (morning, 0)
    assert drain(at=morning).sent == 1


def test_a_colleague_is_told_at_any_hour(world: World, folder: Folder) -> None:
    world.refer(at=NOW.replace(hour=23))
    assert drain(at=NOW.replace(hour=23)).sent == 1


# ---------------------------------------------------------------- tried again, and given up


class Broken:
    """A carrier that does not answer."""

    def carry(self, message: OutboxMessage) -> None:
        raise OutsideFailed("It does not answer.")


def test_a_message_is_tried_again_later_and_later(
    world: World, folder: Folder, monkeypatch: pytest.MonkeyPatch
) -> None:
    texted(world)
    monkeypatch.setattr(sending, "carrier", Broken)
    moment, waited = NOW, []
    for _ in range(6):
        assert drain(at=moment) == Drained(put_off=1)
        assert drain(at=moment) == Drained()
        row = OutboxMessage.objects.get()
        assert (row.state, row.leased_until) == ("queued", None)
        waited.append(round((row.not_before - moment).total_seconds() / 60))
        moment = row.not_before
    assert waited == [1, 5, 15, 60, 60, 60]


def test_after_three_days_its_holder_is_asked_to_find_another_way(
    world: World, folder: Folder, monkeypatch: pytest.MonkeyPatch
) -> None:
    message = texted(world)
    monkeypatch.setattr(sending, "carrier", Broken)
    drain(at=NOW)
    last = NOW + GIVE_UP_AFTER
    assert drain(at=last) == Drained(given_up=1)
    assert state() == ("failed", "It could not be delivered in three days.")
    wait = Wait.objects.open().get(kind="message_not_delivered")
    assert (wait.user, wait.family, wait.urgent) == (world.sunita, message.family, False)
    assert Happening.objects.filter(kind="message_not_delivered").count() == 1
    assert drain(at=last + timedelta(days=1)) == Drained()
    assert Wait.objects.open().filter(kind="message_not_delivered").count() == 1


def test_two_messages_that_failed_wait_once(
    world: World, folder: Folder, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = texted(world)
    outbox.to_person(
        person=first.person,
        family=first.family,
        template="b",
        body="b",
        key="k2",
        at=NOW,
        area_id=world.area.pk,
    )
    monkeypatch.setattr(sending, "carrier", Broken)
    drain(at=NOW)
    assert drain(at=NOW + GIVE_UP_AFTER) == Drained(given_up=2)
    assert Wait.objects.open().filter(kind="message_not_delivered").count() == 1


def test_of_a_closed_family_it_is_only_written_down(
    world: World, folder: Folder, monkeypatch: pytest.MonkeyPatch
) -> None:
    message = texted(world)
    referral = message.family.referrals.get()
    episode.end(thing=referral, reason="said_no", words="They changed their mind.", by=world.sunita, at=NOW)
    monkeypatch.setattr(sending, "carrier", Broken)
    drain(at=NOW)
    drain(at=NOW + GIVE_UP_AFTER)
    assert state()[0] == "failed"
    assert not Wait.objects.open().filter(kind="message_not_delivered").exists()


def test_a_message_of_no_family_is_marked_and_nothing_else(
    world: World, folder: Folder, monkeypatch: pytest.MonkeyPatch
) -> None:
    outbox.to_staff(user=world.lead, subject="s", body="b", template="t", key="k", at=NOW)
    monkeypatch.setattr(sending, "carrier", Broken)
    drain(at=NOW)
    assert drain(at=NOW + GIVE_UP_AFTER).given_up == 1
    assert state()[0] == "failed"


def test_a_folder_that_cannot_be_written_is_tried_again(world: World, folder: Folder) -> None:
    texted(world)
    folder.path.parent.joinpath("outbox").write_text("in the way")
    assert drain(at=NOW) == Drained(put_off=1)
    assert "cannot be written" in state()[1]
    folder.path.unlink()
    assert drain(at=minutes(2)).sent == 1
    assert state() == ("sent", "")


def test_the_schedule_finds_the_drain() -> None:
    from anydoor.config.jobs import SCHEDULE

    job = next(job for job in SCHEDULE if job.name == "outbox")
    assert job.is_built()
    assert (job.module, job.function) == (drain.__module__, drain.__name__)


def test_another_word_than_file_or_console_is_refused_at_the_start(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ANYDOOR_OUTBOX", "Console")
    assert environ.choice("ANYDOOR_OUTBOX", "file", "console") == "console"
    monkeypatch.setenv("ANYDOOR_OUTBOX", "pigeon")
    with pytest.raises(environ.SettingMissing, match="file or console"):
        environ.choice("ANYDOOR_OUTBOX", "file", "console")
