"""A parent answers from a one-time link: nothing preselected, everything kept, danger told at once."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client
from tests.web.hostile import BAD_NUMBERS, KEPT, REFUSED
from tests.world import NOW, World

from anydoor.care.measures import links
from anydoor.care.measures.links import Sent
from anydoor.care.measures.taking import Plan
from anydoor.care.models import Happening, Measure, MeasureAlert, MeasureLink, Referral, Wait
from anydoor.messages.models import OutboxMessage
from anydoor.people.models import ContactPoint, FamilyMember

NIGHT = datetime(2026, 3, 10, 23, 30, tzinfo=UTC)


def sent_to(world: World, *instruments: str, at: datetime = NOW, **told: object) -> Sent:
    referral = world.refer(name="Callum Reid", role="father", **told)
    point = ContactPoint.objects.get(person=referral.person)
    point.safe, point.uses = "yes", ["text", "call"]
    point.save()
    FamilyMember.objects.filter(person=referral.person).update(role="father")
    return links.send_link(
        family_id=referral.family_id,
        person_id=referral.person_id,
        plans=links.plans(instruments or ("PHQ-9",), Plan("PHQ-9")),
        contact_point_id=point.pk,
        by=world.sunita,
        team=world.front_door,
        at=at,
    )


@pytest.fixture
def sent(world: World) -> Sent:
    return sent_to(world)


def tick(client: Client, sent: Sent, place: int, index: int) -> object:
    return client.post(f"/q/{sent.secret}/{place}", {"answer": str(index), "act": "answer"})


def test_the_text_that_brings_it_says_nothing_of_a_story(sent: Sent) -> None:
    message = OutboxMessage.objects.get(template="measure_link")
    assert f"/q/{sent.secret}" in message.body
    for word in ("PHQ", "mood", "depress", "Callum", "baby", "mental"):
        assert word.lower() not in message.body.lower()


def test_the_first_page_says_why_who_and_that_danger_is_told_at_once(client: Client, sent: Sent) -> None:
    answer = client.get(f"/q/{sent.secret}")
    page = answer.content.decode()
    assert answer["Cache-Control"] == "no-store, private"
    for words in ("Why we ask", "Who sees your answers", "What happens to them", "even if you do not finish"):
        assert words in page
    assert "Nobody reads at night" in page
    assert "Callum" not in page
    assert MeasureLink.objects.get().opened_at == NOW


def test_nothing_is_chosen_beforehand_and_nothing_is_taken_for_an_answer(client: Client, sent: Sent) -> None:
    page = client.get(f"/q/{sent.secret}/1").content.decode()
    assert "checked" not in page
    assert "Little interest or pleasure in doing things" in page
    assert page.index("Not at all") < page.index("Several days") < page.index("Nearly every day")
    answer = client.post(f"/q/{sent.secret}/1", {"act": "answer"})
    assert answer.status_code == 422
    assert "leave this question out" in answer.content.decode()
    assert Measure.objects.get().answers == {}


def test_each_answer_is_kept_and_the_same_link_goes_on_where_they_stopped(client: Client, sent: Sent) -> None:
    assert tick(client, sent, 1, 2)["Location"] == f"/q/{sent.secret}/2"  # type: ignore[index]
    client.post(f"/q/{sent.secret}/2", {"act": "leave_out"})
    tick(client, sent, 3, 1)
    assert Measure.objects.get().answers == {"1": 2, "3": 1}
    later = Client().get(f"/q/{sent.secret}").content.decode()
    assert "Go on where you stopped" in later
    assert f"/q/{sent.secret}/4" in later
    assert re.search(r'value="2"\s+checked', client.get(f"/q/{sent.secret}/1").content.decode())


def test_an_answer_of_danger_is_told_before_the_next_page_is_read(
    client: Client, sent: Sent, world: World
) -> None:
    answer = tick(client, sent, 9, 1)
    assert answer["Location"] == f"/q/{sent.secret}/9/help"  # type: ignore[index]
    alert = MeasureAlert.objects.get()
    assert (alert.item, alert.score, alert.duty, alert.answer_words) == ("9", 1, world.sunita, "Several days")
    assert Wait.objects.filter(kind="danger_answer", done_at=None, user=world.sunita).exists()
    page = client.get(f"/q/{sent.secret}/9/help").content.decode()
    assert page.index("help-now-heading") < page.index("Who knows of it")
    assert "We have told Sunita now" in page
    assert "by " in page
    assert "today" in page
    assert Measure.objects.get().state == "draft"
    tick(client, sent, 9, 0)
    assert MeasureAlert.objects.count() == 1, "it was said, so it stands"


def test_at_night_nobody_pretends_to_read(client: Client, sent: Sent, at: Callable[[datetime], None]) -> None:
    at(NIGHT)
    tick(client, sent, 9, 3)
    page = client.get(f"/q/{sent.secret}/9/help").content.decode()
    assert "Nobody here reads messages at night" in page
    assert "Wednesday 11 March" in page
    assert "We have told" not in page


def test_all_answers_can_be_looked_at_changed_and_sent_in_part(client: Client, sent: Sent) -> None:
    tick(client, sent, 1, 3)
    tick(client, sent, 9, 2)
    page = client.get(f"/q/{sent.secret}/check").content.decode()
    assert "You left out 8 questions" in page
    assert "Nearly every day" in page
    changed = client.post(f"/q/{sent.secret}/1?from=check", {"answer": "0", "act": "answer"})
    assert changed["Location"] == f"/q/{sent.secret}/check"
    done = client.post(f"/q/{sent.secret}/check", follow=True)
    words = done.content.decode()
    assert "We have your answers" in words
    assert "Sunita Rao" in words
    assert "help-now-heading" in words
    for score in ("moderate", "severe", "out of 27", "score of"):
        assert score not in words
    measure = Measure.objects.get()
    assert (measure.state, measure.answers) == ("finished", {"1": 0, "9": 2})
    assert (measure.result["status"], measure.result["total"]) == ("incomplete", None)
    assert Happening.objects.filter(kind="measure_taken").exists()


def test_nothing_answered_is_not_sent(client: Client, sent: Sent) -> None:
    answer = client.post(f"/q/{sent.secret}/check")
    assert answer.status_code == 422
    assert "nothing to send yet" in answer.content.decode()
    assert MeasureLink.objects.get().ended_at is None


@pytest.mark.parametrize("how", ["used", "old", "ended", "wrong"])
def test_a_link_that_is_over_is_kind_and_tells_nothing(
    client: Client, sent: Sent, world: World, at: Callable[[datetime], None], how: str
) -> None:
    secret = sent.secret
    tick(client, sent, 1, 1)
    if how == "used":
        client.post(f"/q/{secret}/check")
    elif how == "old":
        at(NOW + timedelta(days=15))
    elif how == "ended":
        links.end_link(link_id=sent.link.pk, why="Another number", by=world.sunita, at=NOW)
    else:
        secret = secret[:-1] + ("a" if secret[-1] != "a" else "b")
    for path in ("", "/1", "/check", "/9/help"):
        answer = Client().get(f"/q/{secret}{path}")
        assert answer.status_code == 404
        page = answer.content.decode()
        assert "no longer in use" in page
        assert "Norfolk" not in page
        assert "Sunita" not in page
        assert "Callum" not in page
    assert Client().post(f"/q/{secret}/1", {"answer": "1", "act": "answer"}).status_code == 404
    assert Client().post(f"/q/{secret}/check").status_code == 404


def test_sent_twice_is_sent_once(client: Client, sent: Sent) -> None:
    tick(client, sent, 1, 1)
    assert client.post(f"/q/{sent.secret}/check").status_code == 302
    again = client.post(f"/q/{sent.secret}/check")
    assert again.status_code == 404
    assert "they have arrived" in again.content.decode()
    assert Measure.objects.filter(state="finished").count() == 1


def test_many_wrong_links_from_one_place_are_slowed_and_a_right_one_still_opens(
    client: Client, sent: Sent
) -> None:
    seen = {client.get(f"/q/{number:043}").status_code for number in range(40)}
    assert seen == {404, 429}
    assert client.get(f"/q/{sent.secret}").status_code == 200


@pytest.mark.parametrize(
    "text", [*KEPT.values(), *REFUSED.values(), "4", *(one for one in BAD_NUMBERS if one != "0")]
)
def test_odd_answers_change_nothing(client: Client, sent: Sent, text: str) -> None:
    answer = client.post(f"/q/{sent.secret}/9", {"answer": text, "act": "answer"})
    assert answer.status_code in {400, 422}
    assert Measure.objects.get().answers == {}
    assert not MeasureAlert.objects.exists()


def test_words_of_danger_in_a_free_answer_are_told_too(client: Client, world: World) -> None:
    sent = sent_to(world, "PIR prompts")
    answer = client.post(
        f"/q/{sent.secret}/3", {"answer": "That I want to kill myself one day.", "act": "answer"}
    )
    assert answer["Location"] == f"/q/{sent.secret}/3/help"
    assert MeasureAlert.objects.get().item == "words.biggest_fear"


def test_several_questionnaires_follow_each_other(client: Client, world: World) -> None:
    sent = sent_to(world, "PHQ-9", "GAD-7")
    assert "17 short questions" in client.get(f"/q/{sent.secret}").content.decode()
    assert "Feeling nervous, anxious or on edge" in client.get(f"/q/{sent.secret}/11").content.decode()
    tick(client, sent, 11, 3)
    client.post(f"/q/{sent.secret}/check")
    assert Measure.objects.get(instrument="GAD-7").state == "finished"
    assert Measure.objects.get(instrument="PHQ-9").state == "withdrawn"
    assert Referral.objects.get().person == Measure.objects.get(instrument="GAD-7").person


def test_exit_drops_what_the_browser_held(client: Client, sent: Sent) -> None:
    tick(client, sent, 1, 1)
    client.post(f"/q/{sent.secret}/check")
    assert "Sunita" in client.get("/q/done").content.decode()
    client.get("/exit")
    assert "Sunita" not in client.get("/q/done").content.decode()
