"""Measures on the desk: choosing, asking, finishing, paper, and the page of a result."""

from __future__ import annotations

from datetime import date

import pytest
from django.test import Client
from tests.care.measures.given import family_of_two
from tests.web.scenes import client_of, key_of
from tests.world import NOW, World

from anydoor.access.models import AuditEntry
from anydoor.care import events
from anydoor.care.models import Measure, MeasureAlert, MeasureLink
from anydoor.messages.models import OutboxMessage
from anydoor.people.models import ContactPoint, Person

pytestmark = pytest.mark.django_db(transaction=True)


def begin(
    client: Client, family: int, choice: str, person: Person, mode: str = "interview", **more: str
) -> list[Measure]:
    """Through the plain page; the drafts it made."""
    where = f"/desk/family/{family}/measures/take/{choice}/"
    shown = client.get(where)
    assert shown.status_code == 200, shown.content.decode()
    sent = client.post(
        where,
        {
            "form_key": key_of(shown.content.decode()),
            "person": str(person.pk),
            "mode": mode,
            "why": "routine",
            **more,
        },
    )
    assert sent.status_code == 302, sent.content.decode()
    return list(Measure.objects.filter(person=person, state="draft").order_by("pk"))


def answers(measure: Measure, **ticked: object) -> dict[str, str]:
    """The fields of one measure: `answers(phq, **{"9": 1})`."""
    measure.refresh_from_db()
    return {
        f"m{measure.pk}-seen": str(measure.version),
        **{f"m{measure.pk}-{key.replace('.', '-')}": str(value) for key, value in ticked.items()},
    }


def questions(measure: Measure) -> str:
    return f"/desk/measure/{measure.pk}/questions/"


def every(count: int, value: object) -> dict[str, object]:
    return {str(item): value for item in range(1, count + 1)}


def test_the_first_page_says_why_who_sees_it_and_that_danger_is_told_at_once(world: World) -> None:
    family, _, _ = family_of_two(world)
    text = client_of(world.sunita).get(f"/desk/family/{family}/measures/take/phq-9/").content.decode()
    for words in (
        "Why",
        "Who sees them",
        "What happens",
        "told to a worker at once, even if you do not finish",
        "on weekdays from 8am to 6pm",
        "999",
    ):
        assert words in text, words


def test_nothing_is_chosen_beforehand(world: World) -> None:
    family, mother, _ = family_of_two(world)
    client = client_of(world.sunita)
    (phq,) = begin(client, family, "phq-9", mother)
    text = client.get(questions(phq)).content.decode()
    assert "Over the last 2 weeks, how often have you been bothered" in text
    assert text.count('type="radio"') == 9 * 4 + 4
    assert " checked>" not in text


def test_whooley_and_gad_2_stand_on_one_page_and_what_they_ask_next_is_offered_at_once(world: World) -> None:
    family, mother, _ = family_of_two(world)
    client = client_of(world.sunita)
    whooley, gad = begin(client, family, "whooley-and-gad-2", mother, contact="HV2")
    assert (whooley.instrument, gad.instrument) == ("Whooley", "GAD-2")
    assert {whooley.schedule_key, gad.schedule_key} == {"HV2"}
    text = client.get(questions(gad)).content.decode()
    assert "feeling down, depressed or hopeless" in text
    assert "Feeling nervous, anxious or on edge" in text
    sent = client.post(
        questions(whooley),
        {**answers(whooley, **{"1": 1, "2": 1}), **answers(gad, **{"1": 2, "2": 2}), "do": "finish"},
        follow=True,
    )
    text = sent.content.decode()
    assert "Whooley: negative, 0 of 2" in text
    assert "GAD-2: positive, 4 of 6" in text
    assert "Ask GAD-7 now" in text
    assert "Ask PHQ-9 now" not in text
    assert "A low score never overrides concern" in text
    followed = client.post(f"/desk/measure/{gad.pk}/follow", {"instrument": "GAD-7"}, follow=True)
    assert "Worrying too much about different things" in followed.content.decode()
    longer = Measure.objects.get(instrument="GAD-7")
    assert longer.follow_up_of == gad
    assert longer.schedule_key == "HV2"
    # A second click begins no second one, and the offer is gone from the page.
    client.post(f"/desk/measure/{gad.pk}/follow", {"instrument": "GAD-7"})
    assert Measure.objects.filter(instrument="GAD-7").count() == 1
    assert "Ask GAD-7 now" not in client.get(f"/desk/measure/{gad.pk}/").content.decode()


def test_one_of_two_left_empty_is_kept_and_nothing_untrue_is_said_of_it(world: World) -> None:
    family, mother, _ = family_of_two(world)
    client = client_of(world.sunita)
    whooley, gad = begin(client, family, "whooley-and-gad-2", mother)
    sent = client.post(
        questions(whooley), {**answers(whooley), **answers(gad, **{"1": 3}), "do": "finish"}, follow=True
    )
    text = sent.content.decode()
    assert "GAD-2: positive" in text
    assert f'<a href="{questions(whooley)}">Go on with Whooley</a>' in text
    assert "sent by link" not in text


def test_a_yes_to_whooley_offers_the_questions_on_mood(world: World) -> None:
    family, mother, _ = family_of_two(world)
    client = client_of(world.sunita)
    (whooley,) = begin(client, family, "whooley", mother)
    sent = client.post(questions(whooley), {**answers(whooley, **{"1": 0}), "do": "finish"}, follow=True)
    text = sent.content.decode()
    assert "Whooley: positive" in text
    assert "Ask PHQ-9 now" in text
    assert "What was answered is enough" in text or "1 question not answered" in text


def test_only_what_the_screen_asks_for_can_follow_it(world: World) -> None:
    family, mother, _ = family_of_two(world)
    client = client_of(world.sunita)
    (gad,) = begin(client, family, "gad-2", mother)
    client.post(questions(gad), {**answers(gad, **{"1": 0, "2": 0}), "do": "finish"})
    client.post(f"/desk/measure/{gad.pk}/follow", {"instrument": "GAD-7"})
    client.post(f"/desk/measure/{gad.pk}/follow", {"instrument": "EPDS"})
    assert Measure.objects.count() == 1


def test_what_is_begun_is_kept_and_gone_on_with(world: World) -> None:
    family, mother, _ = family_of_two(world)
    client = client_of(world.sunita)
    (phq,) = begin(client, family, "phq-9", mother)
    client.post(questions(phq), {**answers(phq, **{"1": 2, "4": 3}), "do": "keep"})
    phq.refresh_from_db()
    assert phq.answers == {"1": 2, "4": 3}
    text = client.get(questions(phq)).content.decode()
    assert text.count(" checked>") == 2
    assert "2 answered" in client.get(f"/desk/family/{family}/measures/").content.decode()
    client.post(questions(phq), {**answers(phq, **{"4": "none"}), "do": "keep"})
    phq.refresh_from_db()
    assert phq.answers == {"1": 2}


def test_a_partial_answer_can_be_finished_and_says_what_is_missing(world: World) -> None:
    family, mother, _ = family_of_two(world)
    client = client_of(world.sunita)
    (phq,) = begin(client, family, "phq-9", mother)
    text = client.post(
        questions(phq), {**answers(phq, **every(8, 1)), "do": "finish"}, follow=True
    ).content.decode()
    assert "PHQ-9: not scored" in text
    assert "1 question not answered: 9" in text
    assert "An estimate from what was answered: 9.0" in text
    assert "about question 9" in text
    assert "That does not mean that there is no risk" in text


def test_nothing_answered_is_not_finished(world: World) -> None:
    family, mother, _ = family_of_two(world)
    client = client_of(world.sunita)
    (phq,) = begin(client, family, "phq-9", mother)
    sent = client.post(questions(phq), {**answers(phq), "do": "finish"})
    assert sent.status_code == 422
    assert "Nothing is answered yet" in sent.content.decode()


def test_a_stale_page_says_so_and_keeps_what_was_ticked(world: World) -> None:
    family, mother, _ = family_of_two(world)
    mine, colleague = client_of(world.sunita), client_of(world.tom)
    (gad,) = begin(mine, family, "gad-2", mother)
    old = answers(gad, **{"1": 1})
    colleague.post(questions(gad), {**answers(gad, **{"1": 3}), "do": "keep"})
    sent = mine.post(questions(gad), {**old, "do": "keep"})
    assert sent.status_code == 409
    text = sent.content.decode()
    assert "Somebody else has added answers" in text
    assert f'name="m{gad.pk}-1" type="radio" value="1" checked' in text
    gad.refresh_from_db()
    assert gad.answers == {"1": 3}


def test_finished_twice_is_finished_once(world: World) -> None:
    family, mother, _ = family_of_two(world)
    client = client_of(world.sunita)
    (gad,) = begin(client, family, "gad-2", mother)
    form = {**answers(gad, **{"1": 1, "2": 0}), "do": "finish"}
    assert client.post(questions(gad), form).status_code == 302
    assert client.post(questions(gad), form).status_code == 302
    gad.refresh_from_db()
    assert (gad.state, gad.answers) == ("finished", {"1": 1, "2": 0})


def test_scores_from_paper_where_there_are_no_words(world: World) -> None:
    family, mother, _ = family_of_two(world)
    client = client_of(world.sunita)
    (epds,) = begin(client, family, "epds", mother, mode="paper")
    text = client.get(questions(epds)).content.decode()
    assert 'type="radio"' not in text
    wrong = client.post(
        questions(epds), {**answers(epds, **{**every(10, "1"), "3": "7", "10": "2"}), "do": "finish"}
    )
    assert wrong.status_code == 422
    assert "Item 3: write a whole number from 0 to 3" in wrong.content.decode()
    assert 'value="7"' in wrong.content.decode()
    # What is right is kept meanwhile, and the answer of danger among it is told already.
    assert MeasureAlert.objects.get().item == "10"
    epds.refresh_from_db()
    assert epds.state == "draft"
    sent = client.post(
        questions(epds),
        {
            **answers(epds, **{**every(10, "1"), "10": "2"}),
            "taken_on-day": "6",
            "taken_on-month": "3",
            "taken_on-year": "2026",
            "do": "finish",
        },
        follow=True,
    )
    text = sent.content.decode()
    assert "EPDS: 11, 10 to 12" in text
    assert "for a mother" in text
    epds.refresh_from_db()
    assert epds.taken_at.date() == date(2026, 3, 6)
    assert MeasureAlert.objects.count() == 1


def test_a_fathers_score_is_read_by_his_own_cut_off(world: World) -> None:
    family, _, father = family_of_two(world)
    client = client_of(world.sunita)
    (epds,) = begin(client, family, "epds", father, mode="paper")
    text = client.post(
        questions(epds), {**answers(epds, **{**every(10, "1"), "10": "0"}), "do": "finish"}, follow=True
    ).content.decode()
    assert "9 of 30: under 11 for a father or partner" in text
    assert "Edmondson" in text
    assert "not by a mother" in text


def test_a_result_shows_rule_source_and_how_well_it_is_known(world: World) -> None:
    family, mother, _ = family_of_two(world)
    client = client_of(world.sunita)
    (phq,) = begin(client, family, "phq-9", mother)
    text = client.post(
        questions(phq), {**answers(phq, **{**every(9, 1), "9": 0}), "do": "finish"}, follow=True
    ).content.decode()
    for words in (
        "8 of 27: mild (5 to 9).",
        "Kroenke, Spitzer and Williams 2001",
        "; read in the source.",
        "Not at caseness: below 10",
        "a change of 6 or more is reliable",
        "Scored by PHQ-9, version 1, with the thresholds anydoor-2026-11",
        "No permission required to reproduce",
    ):
        assert words in text, words


def test_three_prompts_are_kept_in_their_words(world: World) -> None:
    family, mother, _ = family_of_two(world)
    client = client_of(world.sunita)
    (prompts,) = begin(client, family, "pir-prompts", mother)
    text = client.get(questions(prompts)).content.decode()
    assert "What 3 words or phrases would you use" in text
    done = client.post(
        questions(prompts),
        {**answers(prompts, three_words="Tired, soft, new", action="HV calls on Friday"), "do": "finish"},
        follow=True,
    ).content.decode()
    assert "Tired, soft, new" in done
    assert "in their words" in done


def test_leao_is_written_down_without_a_pack_and_never_scored(world: World) -> None:
    family, mother, _ = family_of_two(world)
    client = client_of(world.sunita)
    (leao,) = begin(client, family, "leao", mother)
    done = client.post(
        questions(leao),
        {**answers(leao, observation="She follows his eyes.", strengths="Warm"), "do": "finish"},
        follow=True,
    ).content.decode()
    assert "She follows his eyes." in done
    assert "LEAO: in their words" in done


def test_a_link_goes_to_a_safe_number_and_no_other(world: World) -> None:
    family, mother, _ = family_of_two(world)
    client = client_of(world.sunita)
    where = f"/desk/family/{family}/measures/take/phq-9/"
    point = ContactPoint.objects.get(person=mother)
    form = {
        "form_key": key_of(client.get(where).content.decode()),
        "person": str(mother.pk),
        "mode": "self_link",
        "contact_point": str(point.pk),
        "why": "review",
    }
    refused = client.post(where, form)
    assert refused.status_code == 422
    assert "It was not sent. Nobody has asked yet if this is safe" in refused.content.decode()
    assert not MeasureLink.objects.exists()
    assert not Measure.objects.exists()
    ContactPoint.objects.filter(pk=point.pk).update(safe="yes", uses=["text"])
    sent = client.post(where, form, follow=True)
    assert "not opened yet" in sent.content.decode().lower()
    message = OutboxMessage.objects.get(template="measure_link")
    for word in ("PHQ", "depress", "Shanelle", "baby", "mood"):
        assert word.casefold() not in message.body.casefold()
    link = MeasureLink.objects.get()
    ended = client.post(f"/desk/measure-link/{link.pk}/end", {"why": "An old number."}, follow=True)
    assert "The link no longer works" in ended.content.decode()
    message.refresh_from_db()
    assert message.state == "cancelled"


def test_after_a_loss_nothing_about_a_baby_is_offered(world: World) -> None:
    family, _, _ = family_of_two(world)
    client = client_of(world.sunita)
    where = f"/desk/family/{family}/measures/take/"
    assert "MORS-SF" in client.get(where).content.decode()
    events.record_event(
        family_id=family, kind="loss", on=date(2026, 3, 9), loss_kind="neonatal_death", by=world.sunita,
        at=NOW,
    )  # fmt: skip
    text = client.get(where).content.decode()
    for word in ("MORS-SF", "PIR prompts", "KPCS", "aby"):
        assert word not in text.partition("<main")[2], word


def test_another_team_finds_nothing_and_a_stranger_signs_in(world: World, client: Client) -> None:
    family, mother, _ = family_of_two(world)
    (gad,) = begin(client_of(world.sunita), family, "gad-2", mother)
    for path in (
        f"/desk/family/{family}/measures/",
        f"/desk/family/{family}/measures/take/",
        f"/desk/family/{family}/measures/take/gad-2/",
        f"/desk/measure/{gad.pk}/",
        f"/desk/measure/{gad.pk}/questions/",
        f"/desk/measure/{gad.pk}/withdraw",
    ):
        assert client_of(world.marcus).get(path).status_code == 404, path
        assert client.get(path).status_code == 302, path


def test_each_look_is_recorded(world: World) -> None:
    family, mother, _ = family_of_two(world)
    client = client_of(world.sunita)
    (gad,) = begin(client, family, "gad-2", mother)
    client.get(f"/desk/family/{family}/measures/")
    client.get(questions(gad))
    seen = set(
        AuditEntry.objects.filter(family_id=family, user=world.sunita).values_list("action", flat=True)
    )
    assert {"see_measures", "see_measure", "measure_begun"} <= seen


def test_taken_back_it_counts_nowhere_and_says_why(world: World) -> None:
    family, mother, _ = family_of_two(world)
    client = client_of(world.sunita)
    (gad,) = begin(client, family, "gad-2", mother)
    client.post(questions(gad), {**answers(gad, **{"1": 1, "2": 0}), "do": "finish"})
    assert client.post(f"/desk/measure/{gad.pk}/withdraw", {"why": ""}).status_code == 422
    client.post(f"/desk/measure/{gad.pk}/withdraw", {"why": "It was his sister who answered."})
    text = client.get(f"/desk/measure/{gad.pk}/").content.decode()
    assert "It was his sister who answered." in text
    assert "Taken back" in client.get(f"/desk/family/{family}/measures/").content.decode()


@pytest.mark.parametrize("choice", ["nothing-such", "phq-99", "x" * 300])
def test_an_instrument_that_is_not_there_is_not_found(world: World, choice: str) -> None:
    family, _, _ = family_of_two(world)
    answer = client_of(world.sunita).get(f"/desk/family/{family}/measures/take/{choice}/")
    assert answer.status_code == 404
