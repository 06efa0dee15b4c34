"""What lists show of a request: its excerpt, its clock while it is handed over, what is stuck for whom."""

from __future__ import annotations

from datetime import timedelta

import pytest
from tests.world import AGREED, NOW, World

from anydoor.access.duty import duty_line
from anydoor.access.models import DutyTurn
from anydoor.access.policy import standing_of
from anydoor.care import deciding, handover, standing, sweep, triage
from anydoor.care.inbox import TABS, Wanted, read_inbox, tab_of
from anydoor.care.listing import excerpt_of
from anydoor.care.models import Wait
from anydoor.care.my_work import stuck_for
from anydoor.care.triage import Shown
from anydoor.rules.errors import BadInput, WrongMoment

pytestmark = pytest.mark.django_db(transaction=True)


def test_an_excerpt_is_the_beginning_or_where_words_of_danger_stand() -> None:
    assert excerpt_of("I feel\n\nlow  and alone.") == "I feel low and alone."
    long = "It began in January. " * 20
    assert excerpt_of(long).startswith("It began")
    assert excerpt_of(long).endswith("…")
    assert len(excerpt_of(long)) <= 200
    moved = excerpt_of(long + "They would be better off without me.", ["better off without me"])
    assert moved.startswith("…")
    assert "better off without me" in moved[:130]
    near = excerpt_of("They would be better off without me.", ["better off without me"])
    assert near == "They would be better off without me."
    assert excerpt_of("Something else", ["not in it"]) == "Something else"


def test_while_it_is_handed_over_the_handovers_clock_is_the_requests(world: World) -> None:
    referral = world.refer(name="Hollie Cubitt")
    triage.decide(
        referral=referral,
        level="targeted",
        words="You asked.",
        answer="yes",
        shown=[Shown(world.therapies.pk, "Therapies", "suits", (), (), True)],
        by=world.sunita,
        at=NOW,
    )
    row = handover.propose(
        thing=referral, service=world.therapies, agreement=AGREED, words="", by=world.sunita, at=NOW
    ).handover
    referral.refresh_from_db()
    assert referral.due_at == row.answer_due_at
    assert standing.compare(referral.family, at=NOW) == []
    handover.accept(handover=row, by=world.grace, at=NOW + timedelta(hours=1))
    referral.refresh_from_db()
    assert referral.due_at == Wait.objects.open().filter(handover=row).order_by("due_at")[0].due_at


def test_every_tab_counts_what_it_lists(world: World) -> None:
    """The counts are their own SQL, so what they mean is compared with what the tab shows."""
    for number in range(6):
        referral = world.refer(
            at=NOW - timedelta(days=number), name=f"Rosie {number}", contact="07700 900001"
        )
        if number % 2:
            triage.read(referral=referral, by=world.sunita, at=NOW)
    sweep.run(at=NOW)
    who = standing_of(world.sunita, NOW.date())
    counted = read_inbox(who, Wanted(), at=NOW).tabs
    listed = {tab: tab_of(tab, [world.front_door.pk], NOW).count() for tab in TABS}
    assert dict(counted) == listed
    assert (listed["unread"], listed["decide"], listed["match"]) == (3, 3, 5)
    assert listed["stuck"] > 0


def test_stuck_is_seen_by_its_own_and_by_who_coordinates(world: World) -> None:
    world.refer(at=NOW - timedelta(days=6))
    sweep.run(at=NOW)

    def seen_by(user: object) -> int:
        return len(stuck_for(standing_of(user, NOW.date()), most=10))  # type: ignore[arg-type]  # a User

    assert [seen_by(u) for u in (world.sunita, world.priya, world.tom, world.grace)] == [1, 1, 0, 0]


def test_the_line_of_duty_says_until_when_and_who_then(world: World) -> None:
    line = duty_line(world.front_door, NOW)
    assert (line.worker.name, line.then) == ("Sunita Rao", None)
    DutyTurn.objects.filter(weekday=1).update(ends="15:00")
    line = duty_line(world.front_door, NOW)
    assert line.until is not None
    assert line.then is not None
    assert (line.worker.name, line.until.hour, line.then.name) == ("Sunita Rao", 15, "Tom Ardley")
    night = duty_line(world.front_door, NOW + timedelta(hours=12))
    assert night.until is None
    assert night.reads_at > NOW + timedelta(hours=12)


def test_hearing_needs_a_known_need_and_an_open_request(world: World) -> None:
    referral = world.refer()
    told = {"referral": referral, "severity": "mild", "mode": "", "by": world.sunita, "at": NOW}
    with pytest.raises(BadInput):
        deciding.hear(needs=["everything"], **told)
    heard = deciding.hear(needs=["housing", "mood"], **told)
    assert heard.needs == ["mood", "housing"], "in the order of the list"
    assert heard.stage == "read"
    from anydoor.care import episode

    episode.end(thing=referral, reason="said_no", words="They changed their mind.", by=world.sunita, at=NOW)
    with pytest.raises(WrongMoment):
        deciding.hear(needs=["mood"], **told)
