"""Keeping entries true: checks, what is so today, reports of visitors, and the sweep that asks people."""

from __future__ import annotations

import uuid
from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import IntegrityError, transaction
from tests.world import NOW, World

from anydoor.access.audit import VISITOR
from anydoor.access.models import AuditEntry
from anydoor.directory import drafting, stewardship, versions
from anydoor.directory.matching import help_for
from anydoor.directory.models import EntryReminder, Service, Session, WrongReport
from anydoor.messages import entries
from anydoor.messages.models import OutboxMessage
from anydoor.rules.errors import BadInput, NotAllowed, WrongMoment
from anydoor.rules.matching import Profile

pytestmark = pytest.mark.django_db
TODAY = date(2026, 3, 10)


def report(world: World, token: uuid.UUID | None = None, **told: str) -> WrongReport:
    return stewardship.report_wrong(
        **{
            "service": world.pairs,
            "about": "contact",
            "words": "Nobody answers this number.",
            "token": token or uuid.uuid4(),
            "by": VISITOR,
            "at": NOW,
            **told,
        }
    )


def sent(template: str) -> list[OutboxMessage]:
    return list(OutboxMessage.objects.filter(template=template).order_by("pk"))


# ---------------------------------------------------------------- owners and checks


def test_an_entry_always_has_somebody_who_answers_for_it(world: World) -> None:
    assert stewardship.owner_of(world.outside) == world.lead
    world.pairs_team.lead = world.marcus
    world.pairs_team.save()
    pairs = Service.objects.get(pk=world.pairs.pk)
    assert stewardship.owner_of(pairs) == world.marcus
    pairs.lead = world.grace
    assert stewardship.owner_of(pairs) == world.grace
    world.grace.is_active, world.grace.closed_at = False, NOW
    assert stewardship.owner_of(pairs) == world.marcus


def test_still_right_is_said_by_those_who_keep_it(world: World) -> None:
    with pytest.raises(NotAllowed):
        stewardship.still_right(service=world.pairs, by=world.grace, at=NOW)
    row = stewardship.still_right(service=world.pairs, by=world.marcus, at=NOW)
    assert (row.last_checked, row.checked_by) == (TODAY, world.marcus)
    assert AuditEntry.objects.filter(action="entry_checked", subject_id=row.pk).exists()


def test_what_is_so_today_is_seen_at_once_and_kept_as_a_version(world: World) -> None:
    told = {"wait_days": 21, "closed_from": "2026-03-09", "closed_note": "The roof."}
    row = stewardship.say_today(service=world.pairs, told=told, by=world.marcus, at=NOW)
    assert row.is_closed_for_now(TODAY)
    assert versions.content_at(row, 2)["wait_days"] == 21
    stewardship.say_today(service=world.pairs, told=told, by=world.marcus, at=NOW)
    assert versions.newest_number(row) == 2
    row = stewardship.say_today(service=world.pairs, told={}, by=world.marcus, at=NOW)
    assert (row.wait_days, row.closed_from) == (None, None)


@pytest.mark.parametrize(
    ("told", "field"),
    [
        ({"wait_days": -1}, "wait_days"),
        ({"wait_days": "soon"}, "wait_days"),
        ({"free_places": 10**9}, "free_places"),
        ({"free_places": 9}, "free_places"),
        ({"closed_until": "2026-04-01"}, "closed_from"),
        ({"closed_from": "2026-04-01", "closed_until": "2026-03-01"}, "closed_until"),
        ({"closed_note": "Why."}, "closed_from"),
        ({"closed_from": "soon"}, "closed_from"),
        ({"closed_from": "2026-03-01", "closed_note": "a\x00"}, "closed_note"),
    ],
)
def test_what_cannot_be_so_is_refused_at_its_field(world: World, told: dict[str, object], field: str) -> None:
    Service.objects.filter(pk=world.pairs.pk).update(capacity=8)
    with pytest.raises(BadInput) as caught:
        stewardship.say_today(service=world.pairs, told=told, by=world.marcus, at=NOW)
    assert caught.value.field == field


def test_an_entry_is_seen_only_between_its_days(world: World) -> None:
    def seen() -> bool:
        return any(
            offer.service_slug == "pairs"
            for offer in help_for(area=world.area, profile=Profile(as_of=TODAY)).offers
        )

    assert seen()
    Service.objects.filter(pk=world.pairs.pk).update(visible_from=TODAY + timedelta(days=1))
    assert not seen()
    Service.objects.filter(pk=world.pairs.pk).update(visible_from=None, visible_until=TODAY)
    assert seen()
    Service.objects.filter(pk=world.pairs.pk).update(visible_until=TODAY - timedelta(days=1))
    assert not seen()


@pytest.mark.parametrize(
    "said",
    [
        {"closed_until": TODAY},
        {"closed_from": TODAY, "closed_until": TODAY - timedelta(days=1)},
        {"visible_from": TODAY, "visible_until": TODAY - timedelta(days=1)},
        {"check_every_days": 0},
    ],
)
def test_the_database_knows_too(world: World, said: dict[str, object]) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        Service.objects.filter(pk=world.pairs.pk).update(**said)


@pytest.mark.parametrize(
    "said",
    [
        {"weekday": None},
        {"weekday": 7},
        {"weekday": 1, "on_date": TODAY},
        {"ends": "09:00"},
        {"every_weeks": 2},
        {"every_weeks": 0},
        {"from_on": TODAY, "until_on": TODAY - timedelta(days=1)},
    ],
)
def test_a_session_is_whole_or_not_there(world: World, said: dict[str, object]) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        Session.objects.create(
            service=world.pairs, **{"weekday": 1, "starts": "10:00", "ends": "11:00", **said}
        )


def test_the_days_of_a_session() -> None:
    weekly = Session(weekday=5)
    assert weekly.days(date(2026, 3, 9), date(2026, 3, 22)) == [date(2026, 3, 14), date(2026, 3, 21)]
    other = Session(weekday=5, every_weeks=2, from_on=date(2026, 3, 7), until_on=date(2026, 4, 4))
    assert other.days(date(2026, 3, 9), date(2026, 5, 1)) == [date(2026, 3, 21), date(2026, 4, 4)]
    once = Session(on_date=date(2026, 3, 14))
    assert once.days(date(2026, 3, 9), date(2026, 3, 14)) == [date(2026, 3, 14)]
    assert once.days(date(2026, 3, 15), date(2026, 3, 20)) == []


# ---------------------------------------------------------------- "this is wrong"


def test_a_report_reaches_the_owner_and_its_answer_the_reporter(world: World) -> None:
    one = report(world, reply_to="parent@home.example")
    assert one.owner == world.lead
    assert one.due_at == datetime(2026, 3, 17, 17, tzinfo=UTC)
    entries.run(at=NOW)
    (told,) = sent("entry_wrong_new")
    assert told.address == world.lead.email
    assert one.words not in told.body
    assert f"/desk/entries/reports/{one.pk}/" in told.body
    stewardship.answer(report=one, answer="changed", words="A new number.", by=world.lead, at=NOW)
    entries.run(at=NOW)
    (told,) = sent("entry_wrong_answered")
    assert told.address == "parent@home.example"
    assert "A new number." in told.body
    assert "PAIRS" not in told.body


def test_sent_twice_it_is_one_report(world: World) -> None:
    token = uuid.uuid4()
    assert report(world, token).pk == report(world, token).pk
    assert WrongReport.objects.count() == 1


@pytest.mark.parametrize(
    ("told", "field"),
    [
        ({"about": "everything"}, "about"),
        ({"words": "  \n"}, "words"),
        ({"words": "a\x00b"}, "words"),
        ({"words": "x" * 2001}, "words"),
        ({"reply_to": "not an address"}, "reply_to"),
    ],
)
def test_a_report_that_cannot_be_kept_names_its_field(world: World, told: dict[str, str], field: str) -> None:
    with pytest.raises(BadInput) as caught:
        report(world, **told)
    assert caught.value.field == field
    assert not WrongReport.objects.exists()


def test_an_answer_is_given_once_by_those_who_keep_it(world: World) -> None:
    one = report(world)
    with pytest.raises(NotAllowed):
        stewardship.answer(report=one, answer="other", words="No.", by=world.grace, at=NOW)
    with pytest.raises(BadInput):
        stewardship.answer(report=one, answer="", words="No.", by=world.marcus, at=NOW)
    with pytest.raises(BadInput):
        stewardship.answer(report=one, answer="other", words=" ", by=world.marcus, at=NOW)
    stewardship.answer(report=one, answer="was_right", words="It is so.", by=world.marcus, at=NOW)
    with pytest.raises(WrongMoment):
        stewardship.answer(report=one, answer="other", words="Me too.", by=world.lead, at=NOW)


def test_a_report_nobody_answers_climbs(world: World) -> None:
    world.pairs_team.lead = world.marcus
    world.pairs_team.save()
    one = report(world)
    days = [NOW, NOW, one.due_at, one.due_at, one.due_at + timedelta(days=1), one.due_at + timedelta(days=3)]
    for at in days:
        entries.run(at=at)
    assert [m.address for m in sent("entry_wrong_new")] == [world.marcus.email]
    assert [m.address for m in sent("entry_wrong_late")] == [world.marcus.email]
    assert [m.address for m in sent("entry_wrong_raised")] == [world.lead.email]


# ---------------------------------------------------------------- reminders


def test_reminders_go_to_the_owner_again_and_then_to_the_lead(world: World) -> None:
    Service.objects.update(last_checked=TODAY)
    Service.objects.filter(pk=world.pairs.pk).update(
        last_checked=TODAY - timedelta(days=90), check_every_days=90, lead=world.marcus
    )
    moment = NOW
    for _ in range(20):
        entries.run(at=moment)
        entries.run(at=moment)
        moment += timedelta(days=1)
    (first,), (again,), (lead,) = (sent(f"entry_check_{step}") for step in ("due", "again", "lead"))
    assert (first.created_at.date(), again.created_at.date()) == (TODAY, date(2026, 3, 17))
    assert lead.created_at.date() == date(2026, 3, 24)
    assert (first.address, again.address, lead.address) == (
        world.marcus.email,
        world.marcus.email,
        world.lead.email,
    )
    assert "- PAIRS" in first.body
    assert "Stay and play" not in first.body
    assert EntryReminder.objects.count() == 3


def test_no_reminder_out_of_hours_or_once_it_was_checked(world: World) -> None:
    for at in (datetime(2026, 3, 14, 11, tzinfo=UTC), datetime(2026, 3, 10, 22, tzinfo=UTC)):
        assert entries.run(at=at).reminded == 0
    assert entries.run(at=NOW).reminded == 4
    assert len(sent("entry_check_due")) == 1  # one message names them all
    Service.objects.update(last_checked=TODAY)
    assert entries.run(at=NOW + timedelta(days=14)).reminded == 0


def test_a_new_due_day_is_reminded_of_anew(world: World) -> None:
    Service.objects.update(last_checked=TODAY, check_every_days=30)
    first = datetime(2026, 4, 10, 10, tzinfo=UTC)
    assert entries.run(at=first).reminded == 4
    Service.objects.update(last_checked=first.date())
    assert entries.run(at=first).reminded == 0
    assert entries.run(at=datetime(2026, 5, 12, 10, tzinfo=UTC)).reminded == 4


# ---------------------------------------------------------------- proposals


def test_deciders_are_asked_and_the_proposer_is_told(world: World) -> None:
    draft = drafting.begin(service=world.pairs, by=world.priya, at=NOW)
    drafting.keep(draft=draft, part="who", said={"audience": ["mother"]}, at=NOW)
    version = drafting.send(draft=draft, why="Only mothers.", by=world.priya, at=NOW)
    entries.run(at=NOW)
    entries.run(at=NOW)
    assert [m.address for m in sent("entry_proposed")] == [world.lead.email]
    versions.decline(version=version, why="Fathers come.", by=world.lead, at=NOW)
    entries.run(at=NOW)
    entries.run(at=NOW)
    (told,) = sent("entry_decided")
    assert told.address == world.priya.email
    assert "Fathers come." in told.body


# ---------------------------------------------------------------- what needs care


def test_the_counts_of_what_needs_care(world: World) -> None:
    Service.objects.filter(pk=world.pairs.pk).update(last_checked=TODAY)
    Service.objects.filter(pk=world.group.pk).update(last_checked=TODAY - timedelta(days=181))
    report(world)
    counts = stewardship.care_of(Service.objects.all(), TODAY)
    assert (counts.entries, counts.in_time, counts.past, counts.never, counts.reports) == (4, 1, 1, 2, 1)
    rows = stewardship.needing(stewardship.by_care(Service.objects.all()), TODAY)
    assert [row.slug for row in rows] == ["therapies", "time", "hub-group", "pairs"]
