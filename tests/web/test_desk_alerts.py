"""An answer of danger on the desk: home, inbox, family, the page where it is acted on."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from tests.care.measures.given import begun, family_of_two
from tests.web.scenes import client_of
from tests.world import NOW, World

from anydoor.care.measures import links, taking
from anydoor.care.measures.taking import Answers, Plan
from anydoor.care.models import Happening, Measure, MeasureAlert, Referral
from anydoor.people import register
from anydoor.people.models import ContactPoint
from anydoor.rules import identifiers

pytestmark = pytest.mark.django_db(transaction=True)
SAID = "Spoke with him for half an hour. He is safe, his sister is with him."


def by_link(world: World) -> tuple[Measure, str]:
    """A father's PHQ-9, sent to his own number; the secret of its link."""
    family, _, father = family_of_two(world)
    point = register.contact_point(
        person=father,
        contact=identifiers.contact("07700 900457"),
        typed="07700 900457",
        at=NOW,
        safe="yes",
        uses=["text", "call"],
        hours="",
    )
    point.save()
    sent = links.send_link(
        family_id=family, person_id=father.pk, plans=[Plan("PHQ-9")], contact_point_id=point.pk,
        by=world.sunita, team=world.front_door, at=NOW,
    )  # fmt: skip
    return sent.measures[0], sent.secret


def alarmed(world: World) -> MeasureAlert:
    """Before he has read the next page: he ticked more than nought for question 9, and nothing else."""
    measure, secret = by_link(world)
    links.save_answer(secret=secret, measure_id=measure.pk, answers=Answers(ticked={"9": 1}), at=NOW)
    return MeasureAlert.objects.get()


def test_it_is_on_the_duty_workers_next_page(world: World) -> None:
    client = client_of(world.sunita)
    assert "An answer that may mean danger" not in client.get("/desk/").content.decode()
    alert = alarmed(world)
    text = client.get("/desk/").content.decode()
    assert "An answer that may mean danger" in text
    assert "Callum: PHQ-9, question 9: several days" in text
    assert f"/desk/alert/{alert.pk}" in text


def test_the_inbox_and_the_family_show_it_first(world: World) -> None:
    other = world.refer(name="Somebody Before", contact="07700 900777", at=NOW - timedelta(days=2))
    alert = alarmed(world)
    client = client_of(world.sunita)
    text = client.get("/desk/inbox").content.decode()
    assert "An answer of danger" in text
    assert text.index("Shanelle Brooks") < text.index(other.title)
    family = client.get(f"/desk/family/{alert.family_id}/").content.decode()
    assert "Speak with Callum first" in family
    assert "07700 900 457" in family or "07700900457" in family
    referral = Referral.objects.get(family_id=alert.family_id)
    request = client.get(f"/desk/referral/{referral.pk}/")
    assert request.status_code == 200
    assert "Callum: PHQ-9, question 9" in request.content.decode()


def test_the_page_says_what_was_answered_whom_to_call_and_where_to_turn(world: World) -> None:
    world.area.crisis_name, world.area.crisis_phone = "Norfolk crisis team", "01632 960901"
    world.area.save()
    alert = alarmed(world)
    text = client_of(world.sunita).get(f"/desk/alert/{alert.pk}").content.decode()
    for words in (
        "Speak with Callum before anything else",
        "PHQ-9, question 9: several days",
        "tel:07700900457",
        "Norfolk crisis team: 01632 960901",
        "111, mental health option",
        "A low score never overrides concern",
        "Not finished yet",
    ):
        assert words in text, words


def test_it_ends_only_when_somebody_says_what_they_did(world: World) -> None:
    alert = alarmed(world)
    client = client_of(world.sunita)
    where = f"/desk/alert/{alert.pk}"
    empty = client.post(where, {"action": "", "words": ""})
    assert empty.status_code == 422
    assert "Choose what you did" in empty.content.decode()
    tried = client.post(where, {"action": "tried", "words": "Rang him twice, no answer."}, follow=True)
    assert "The clock goes on" in tried.content.decode()
    done = client.post(where, {"action": "safe_plan", "words": SAID}, follow=True)
    assert "Recorded. The clock has ended." in done.content.decode()
    assert "An answer that may mean danger" not in done.content.decode()
    assert SAID in Happening.objects.get(kind="alert_acknowledged").words
    again = client.get(where).content.decode()
    assert "Sunita Rao acted on this" in again
    assert SAID in again


def test_who_comes_second_reads_what_was_done_and_keeps_what_they_typed(world: World) -> None:
    alert = alarmed(world)
    where = f"/desk/alert/{alert.pk}"
    client_of(world.sunita).post(where, {"action": "safe_plan", "words": SAID})
    second = client_of(world.tom).post(where, {"action": "emergency", "words": "I rang 999 for him."})
    assert second.status_code == 409
    text = second.content.decode()
    assert "Sunita Rao acted on this" in text
    assert "I rang 999 for him." in text


def test_the_waiting_thing_leads_to_it(world: World) -> None:
    alert = alarmed(world)
    answer = client_of(world.sunita).get(f"/desk/wait/{alert.waits.get().pk}")
    assert answer.status_code == 302
    assert answer["Location"].endswith(f"/desk/alert/{alert.pk}")


def test_nobody_else_sees_it(world: World, client: Client) -> None:
    alert = alarmed(world)
    assert client_of(world.marcus).get(f"/desk/alert/{alert.pk}").status_code == 404
    assert client.get(f"/desk/alert/{alert.pk}").status_code == 302
    assert client_of(world.sunita).get("/desk/alert/99999999").status_code == 404


def test_on_the_timeline_a_fathers_answer_stays_on_his_own_page(world: World) -> None:
    alert = alarmed(world)
    text = client_of(world.sunita).get(f"/desk/family/{alert.family_id}/everything/").content.decode()
    assert "What was said is on the page of Callum Reeve" in text


def test_the_form_shows_it_too_while_it_is_filled_in(world: World) -> None:
    measure = begun(world, "PHQ-9")
    taking.save(measure_id=measure.pk, answers=Answers(ticked={"9": 2}), by=world.sunita, at=NOW)
    text = client_of(world.sunita).get(f"/desk/measure/{measure.pk}/questions/").content.decode()
    assert "Speak with Shanelle before anything else" in text
    assert "more than half the days" in text


def test_the_family_page_shows_the_newest_answers_at_the_side(world: World) -> None:
    measure = begun(world, "PHQ-9")
    ticked = {str(item): 1 for item in range(1, 9)} | {"9": 0}
    taking.finish(measure_id=measure.pk, answers=Answers(ticked=ticked), by=world.sunita, at=NOW)
    text = client_of(world.sunita).get(f"/desk/family/{measure.family_id}/").content.decode()
    assert "PHQ-9, 10 March" in text
    assert "8, mild" in text
    assert "Question 9, PHQ-9" in text
    assert "Not at all" in text


def test_a_number_marked_unsafe_is_not_offered_to_call(world: World) -> None:
    alert = alarmed(world)
    ContactPoint.objects.filter(person=alert.person).update(safe="no")
    text = client_of(world.sunita).get(f"/desk/alert/{alert.pk}").content.decode()
    assert "tel:" not in text.partition("ad-emergency")[2].partition("</section>")[0]
    assert "marked as not safe" in text


def test_the_request_shows_what_he_answered_among_what_is_known(world: World) -> None:
    measure = begun(world, "PHQ-9")
    ticked = {str(item): 1 for item in range(1, 9)} | {"9": 0}
    taking.finish(measure_id=measure.pk, answers=Answers(ticked=ticked), by=world.sunita, at=NOW)
    referral = Referral.objects.get(family_id=measure.family_id)
    text = client_of(world.sunita).get(f"/desk/referral/{referral.pk}/").content.decode()
    assert "8, mild." in text
    assert "Question 9: not at all" in text
