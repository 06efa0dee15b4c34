"""An answer that may mean danger: at once, in a draft too, once an item, acknowledged by one named person."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from django.db import IntegrityError, transaction
from tests.care.measures.given import begun, family_of_two, ticked
from tests.world import AGREED, NOW, World

from anydoor.access.models import AuditEntry
from anydoor.care import episode, handover, standing, sweep, triage
from anydoor.care.measures import alerts, taking
from anydoor.care.measures.taking import Answers
from anydoor.care.models import FamilyCare, Happening, Measure, MeasureAlert, Referral, Wait
from anydoor.messages.models import OutboxMessage
from anydoor.people.models import Family
from anydoor.rules.errors import BadInput, WrongMoment

pytestmark = pytest.mark.django_db(transaction=True)
SOON = NOW + timedelta(minutes=5)
SAID = "Spoke with him for half an hour. He is safe, his sister is with him."


def answer(measure: Measure, at: datetime = NOW, **answers: int | None) -> taking.Saved:
    return taking.save(
        measure_id=measure.pk,
        answers=Answers(ticked={key.removeprefix("i"): value for key, value in answers.items()}),
        by=measure.practitioner,
        at=at,
    )


def to_grace(world: World) -> Measure:
    """A family that Grace holds since she met them; a PHQ-9 begun there by her."""
    family, mother, _ = family_of_two(world)
    referral = Referral.objects.get(family_id=family)
    decided = {"level": "targeted", "words": "One person.", "answer": "not_asked", "shown": []}
    triage.decide(referral=referral, by=world.sunita, at=NOW, **decided)
    proposed = handover.propose(
        thing=referral, service=world.therapies, agreement=AGREED, words="Please.", by=world.sunita, at=NOW
    ).handover
    taken = handover.accept(handover=proposed, by=world.grace, at=NOW)
    thing = handover.first_contact(handover=taken, mode="phone", words="We spoke.", by=world.grace, at=NOW)
    return taking.begin(
        family_id=family,
        person_id=mother.pk,
        plan=taking.Plan("PHQ-9", thing=thing),
        mode="interview",
        by=world.grace,
        team=world.therapies_team,
        at=NOW,
    )


def test_one_answer_in_a_draft_is_enough_whatever_else_is_there(world: World) -> None:
    measure = begun(world, "PHQ-9")
    saved = answer(measure, i9=1)
    (alert,) = saved.raised
    assert (alert.item, alert.score, alert.answer_words) == ("9", 1, "Several days")
    measure.refresh_from_db()
    assert (measure.state, measure.risk) == ("draft", "raised")
    row = Happening.objects.get(kind="danger_answer")
    assert row.facts["person"] == measure.person_id
    assert "several days" in row.words


def test_the_holder_and_the_duty_worker_are_both_asked_by_name(world: World) -> None:
    measure = to_grace(world)
    (alert,) = answer(measure, i9=2).raised
    waits = Wait.objects.open().filter(alert=alert)
    assert {(wait.user, wait.urgent, wait.kind) for wait in waits} == {
        (world.grace, True, "danger_answer"),
        (world.sunita, True, "danger_answer"),
    }
    assert all(wait.due_at == NOW + timedelta(minutes=world.area.danger_minutes) for wait in waits)
    told = OutboxMessage.objects.filter(template="danger_answer")
    assert {message.address for message in told} == {world.grace.email, world.sunita.email}
    for message in told:
        assert f"/desk/alert/{alert.pk}" in message.body
        assert "PHQ" not in message.body
        assert "Shanelle" not in message.body


def test_a_holder_who_is_on_duty_is_asked_once(world: World) -> None:
    (alert,) = answer(begun(world, "PHQ-9"), i9=3).raised
    assert [wait.user for wait in Wait.objects.open().filter(alert=alert)] == [world.sunita]


def test_the_same_item_raises_once_and_a_change_of_mind_keeps_it(world: World) -> None:
    measure = begun(world, "PHQ-9")
    assert len(answer(measure, i9=1).raised) == 1
    assert answer(measure, i9=3).raised == []
    assert answer(measure, i9=0).raised == []
    assert answer(measure, i9=None).raised == []
    answer(measure, i1=1)
    done = taking.finish(measure_id=measure.pk, by=world.sunita, at=SOON)
    assert done.raised == []
    assert done.measure.risk == "not_answered"
    assert MeasureAlert.objects.open().count() == 1


@pytest.mark.parametrize(
    ("name", "item"), [("PHQ-9", "9"), ("EPDS", "10"), ("CORE-10", "6"), ("PBQ", "18"), ("PBQ", "24")]
)
def test_every_risk_item_raises_from_paper_too(world: World, name: str, item: str) -> None:
    measure = begun(world, name, mode="paper")
    saved = taking.save(measure_id=measure.pk, answers=Answers(typed={item: "1"}), by=world.sunita, at=NOW)
    assert [(alert.item, alert.score) for alert in saved.raised] == [(item, 1)]


def test_an_answer_of_nought_and_an_empty_one_raise_nothing(world: World) -> None:
    measure = begun(world, "PHQ-9")
    assert answer(measure, **{f"i{n}": 3 for n in range(1, 9)}).raised == []
    assert answer(measure, i9=0).raised == []
    assert not MeasureAlert.objects.exists()


def test_words_of_danger_among_free_answers_raise_too(world: World) -> None:
    measure = begun(world, "PIR prompts")
    saved = taking.save(
        measure_id=measure.pk,
        answers=Answers(words={"biggest_fear": "That I want to kill myself"}),
        by=world.sunita,
        at=NOW,
    )
    (alert,) = saved.raised
    assert alert.item == "words.biggest_fear"
    assert "in their own words" in alerts.said(alert)


def test_at_night_the_clock_says_when_somebody_reads(world: World) -> None:
    night = datetime(2026, 3, 10, 23, 30, tzinfo=UTC)
    (alert,) = answer(begun(world, "PHQ-9", at=NOW), at=night, i9=1).raised
    assert alert.reads_at == datetime(2026, 3, 11, 8, 0, tzinfo=UTC)
    wait = Wait.objects.open().get(alert=alert)
    assert wait.due_at == datetime(2026, 3, 11, 8, 15, tzinfo=UTC)


def test_what_was_answered_and_the_alert_are_one_transaction(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    measure = begun(world, "PHQ-9")

    def breaks(*args: object, **kwargs: object) -> None:
        raise RuntimeError("the outbox is gone")

    monkeypatch.setattr(alerts.outbox, "to_staff", breaks)
    with pytest.raises(RuntimeError):
        answer(measure, i9=1)
    measure.refresh_from_db()
    assert measure.answers == {}
    assert not MeasureAlert.objects.exists()


def test_one_named_person_says_what_they_did(world: World) -> None:
    measure = to_grace(world)
    (alert,) = answer(measure, i9=1).raised
    done = alerts.acknowledge(alert_id=alert.pk, action="safe_plan", words=SAID, by=world.tom, at=SOON)
    assert (done.acknowledged_by, done.acknowledged_at, done.action) == (world.tom, SOON, "safe_plan")
    assert not Wait.objects.open().filter(alert=alert).exists()
    row = Happening.objects.get(kind="alert_acknowledged")
    assert SAID in row.words
    assert row.by == world.tom
    assert AuditEntry.objects.filter(action="alert_acknowledged", user=world.tom).exists()
    with pytest.raises(WrongMoment, match="Tom Ardley already said"):
        alerts.acknowledge(alert_id=alert.pk, action="emergency", words=SAID, by=world.grace, at=SOON)


def test_a_try_is_kept_and_ends_nothing(world: World) -> None:
    (alert,) = answer(begun(world, "PHQ-9"), i9=1).raised
    alerts.acknowledge(
        alert_id=alert.pk, action="tried", words="Rang twice, no answer.", by=world.sunita, at=SOON
    )
    alert.refresh_from_db()
    assert alert.acknowledged_at is None
    assert Wait.objects.open().filter(alert=alert).exists()
    assert Happening.objects.filter(kind="alert_tried").exists()


@pytest.mark.parametrize(
    ("action", "words"), [("", SAID), ("nothing", SAID), ("safe_plan", "ok"), ("safe_plan", "x" * 2001)]
)
def test_an_acknowledgement_says_something(world: World, action: str, words: str) -> None:
    (alert,) = answer(begun(world, "PHQ-9"), i9=1).raised
    with pytest.raises(BadInput):
        alerts.acknowledge(alert_id=alert.pk, action=action, words=words, by=world.sunita, at=SOON)


def test_unacknowledged_it_climbs_to_the_coordinator_as_words_of_danger_do(world: World) -> None:
    (alert,) = answer(begun(world, "PHQ-9"), i9=1).raised
    assert sweep.run(at=NOW + timedelta(minutes=14)).escalated == 0
    late = NOW + timedelta(minutes=16)
    assert sweep.run(at=late).escalated == 1
    wait = Wait.objects.open().get(alert=alert)
    assert wait.escalated_to == world.priya
    assert sweep.run(at=late + timedelta(hours=1)).escalated == 0


def test_two_clocks_of_one_answer_ask_the_coordinator_once(world: World) -> None:
    answer(to_grace(world), i9=1)
    assert sweep.run(at=NOW + timedelta(minutes=16)).escalated == 2
    assert OutboxMessage.objects.filter(template="escalation", address=world.priya.email).count() == 1
    assert Happening.objects.filter(kind="escalated").count() == 1


def test_the_request_stands_first_and_is_marked_until_it_is_acted_on(world: World) -> None:
    measure = begun(world, "PHQ-9")
    referral = Referral.objects.get(family_id=measure.family_id)
    assert referral.sort_key.startswith("1|")
    (alert,) = answer(measure, i9=1).raised
    referral.refresh_from_db()
    assert referral.sort_key.startswith("0|")
    assert "danger_answer" in referral.tags
    assert FamilyCare.objects.get(family_id=measure.family_id).clock_urgent
    alerts.acknowledge(alert_id=alert.pk, action="safe_plan", words=SAID, by=world.sunita, at=SOON)
    referral.refresh_from_db()
    assert referral.sort_key.startswith("1|")
    assert "danger_answer" not in referral.tags
    assert standing.compare(Family.objects.get(pk=measure.family_id), at=SOON) == []


def test_nothing_with_an_open_alert_is_ended(world: World) -> None:
    measure = to_grace(world)
    (alert,) = answer(measure, i9=1).raised
    assert measure.episode is not None
    with pytest.raises(WrongMoment, match="danger"):
        episode.end(thing=measure.episode, reason="finished", words="All done.", by=world.grace, at=SOON)
    alerts.acknowledge(alert_id=alert.pk, action="safe_plan", words=SAID, by=world.grace, at=SOON)


def test_taking_a_measure_back_leaves_its_alert(world: World) -> None:
    measure = begun(world, "PHQ-9")
    (alert,) = answer(measure, i9=1).raised
    taking.withdraw(measure_id=measure.pk, why="Wrong person.", by=world.sunita, at=SOON)
    assert MeasureAlert.objects.open().get() == alert
    assert Wait.objects.open().filter(alert=alert).exists()


def test_a_family_with_nothing_open_still_has_somebody_who_is_asked(world: World) -> None:
    measure = begun(world, "PHQ-9")
    referral = Referral.objects.get(family_id=measure.family_id)
    episode.end(thing=referral, reason="said_no", words="They want to wait.", by=world.sunita, at=NOW)
    (alert,) = answer(measure, i9=1).raised
    assert alert.holder is None
    assert [wait.user for wait in Wait.objects.open().filter(alert=alert)] == [world.sunita]


def test_the_database_keeps_one_alert_an_item_and_a_name_behind_each_end(world: World) -> None:
    measure = begun(world, "PHQ-9")
    (alert,) = answer(measure, i9=1).raised
    with pytest.raises(IntegrityError), transaction.atomic():
        MeasureAlert.objects.filter(pk=alert.pk).update(acknowledged_at=NOW)
    alert.pk = None
    with pytest.raises(IntegrityError), transaction.atomic():
        alert.save(force_insert=True)


def test_two_items_of_one_form_are_two_alerts(world: World) -> None:
    measure = begun(world, "PBQ", mode="paper")
    saved = taking.save(
        measure_id=measure.pk, answers=Answers(typed={"18": "1", "24": "2"}), by=world.sunita, at=NOW
    )
    assert len(saved.raised) == 2
    first, second = saved.raised
    alerts.acknowledge(alert_id=first.pk, action="safe_plan", words=SAID, by=world.sunita, at=SOON)
    assert "danger_answer" in Referral.objects.get(family_id=measure.family_id).tags
    alerts.acknowledge(alert_id=second.pk, action="safeguarding", words=SAID, by=world.sunita, at=SOON)
    assert "danger_answer" not in Referral.objects.get(family_id=measure.family_id).tags


def test_a_finished_form_raises_in_its_finishing(world: World) -> None:
    measure = begun(world, "PHQ-9")
    saved = taking.finish(
        measure_id=measure.pk, answers=Answers(ticked=ticked(9, 0, i9=1)), by=world.sunita, at=NOW
    )
    assert len(saved.raised) == 1
    assert saved.measure.result["total"] == 1
