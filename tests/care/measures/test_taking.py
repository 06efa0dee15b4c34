"""Taking a measure: drafts, finishing, paper, and what is for ever kept with it."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction
from tests.care.measures.given import begun, family_of_two, ticked
from tests.world import NOW, World

from anydoor.access.models import AuditEntry
from anydoor.care.measures import taking
from anydoor.care.measures.taking import Answers, Plan
from anydoor.care.models import Happening, Measure
from anydoor.rules.errors import BadInput, NotFound, WrongMoment
from anydoor.rules.instruments.values import DEFAULTS
from anydoor.rules.instruments.wording import wording_of

pytestmark = pytest.mark.django_db(transaction=True)
SOON = NOW + timedelta(minutes=5)


def test_a_draft_has_nothing_answered_and_names_rule_values_and_words(world: World) -> None:
    measure = begun(world, "PHQ-9")
    words = wording_of("PHQ-9@1")
    assert words is not None
    assert (measure.answers, measure.shown, measure.words, measure.difficulty) == ({}, {}, {}, None)
    assert measure.rule == "PHQ-9@1"
    assert measure.value_set == DEFAULTS.name
    assert measure.wording == words.checksum()
    assert measure.state == "draft"
    assert measure.result["status"] == "incomplete"
    assert measure.risk == "not_answered"


def test_what_was_answered_is_kept_and_gone_on_with(world: World) -> None:
    measure = begun(world, "PHQ-9")
    taking.save(measure_id=measure.pk, answers=Answers(ticked={"1": 2, "2": 0}), by=world.sunita, at=NOW)
    taking.save(measure_id=measure.pk, answers=Answers(ticked={"2": None, "3": 1}), by=world.sunita, at=SOON)
    measure.refresh_from_db()
    assert measure.answers == {"1": 2, "3": 1}
    assert measure.shown == {"1": 2, "3": 1}
    assert measure.saved_at == SOON
    assert measure.result["total"] is None


def test_a_whole_answer_is_scored_on_the_server(world: World) -> None:
    measure = begun(world, "PHQ-9")
    saved = taking.finish(
        measure_id=measure.pk, answers=Answers(ticked=ticked(9, 1), difficulty=2), by=world.sunita, at=SOON
    )
    result = saved.measure.result
    assert (result["total"], result["band"], result["tt_caseness"]) == (9, "mild", False)
    assert (saved.measure.state, saved.measure.finished_at, saved.measure.difficulty) == ("finished", SOON, 2)
    row = Happening.objects.get(kind="measure_taken")
    assert row.words == "PHQ-9 9, mild."
    assert row.facts["person"] == measure.person_id


def test_a_partial_answer_may_be_finished_and_is_not_scored(world: World) -> None:
    measure = begun(world, "GAD-7")
    saved = taking.finish(
        measure_id=measure.pk, answers=Answers(ticked={"1": 3, "2": 3}), by=world.sunita, at=SOON
    )
    assert saved.measure.result["total"] is None
    assert saved.measure.result["missing"] == [3, 4, 5, 6, 7]


def test_nothing_answered_cannot_be_finished(world: World) -> None:
    measure = begun(world, "GAD-7")
    with pytest.raises(BadInput, match="Nothing is answered"):
        taking.finish(measure_id=measure.pk, by=world.sunita, at=SOON)


def test_what_is_finished_stays_as_it_is(world: World) -> None:
    measure = begun(world, "GAD-2")
    taking.finish(measure_id=measure.pk, answers=Answers(ticked=ticked(2, 1)), by=world.sunita, at=SOON)
    for late in (
        lambda: taking.save(
            measure_id=measure.pk, answers=Answers(ticked={"1": 3}), by=world.sunita, at=SOON
        ),
        lambda: taking.finish(measure_id=measure.pk, by=world.sunita, at=SOON),
    ):
        with pytest.raises(WrongMoment, match="finished already"):
            late()
    measure.refresh_from_db()
    assert measure.answers == {"1": 1, "2": 1}


def test_a_page_older_than_a_colleagues_saving_is_stale(world: World) -> None:
    measure = begun(world, "GAD-2")
    taking.save(measure_id=measure.pk, answers=Answers(ticked={"1": 1}), by=world.tom, at=NOW)
    with pytest.raises(WrongMoment, match="Somebody else"):
        taking.save(
            measure_id=measure.pk,
            answers=Answers(ticked={"1": 0}),
            by=world.sunita,
            at=SOON,
            seen=measure.version,
        )


def test_the_same_form_begins_one_measure(world: World) -> None:
    first, second = begun(world, "GAD-2", form_key="k" * 22), begun(world, "GAD-2", form_key="k" * 22)
    assert first.pk == second.pk


@pytest.mark.parametrize("answers", [{"10": 0}, {"1": 4}, {"1": -1}, {"x": 0}, {"1": True}])
def test_an_answer_that_cannot_be_is_not_kept(world: World, answers: dict[str, int]) -> None:
    measure = begun(world, "PHQ-9")
    with pytest.raises(BadInput):
        taking.save(measure_id=measure.pk, answers=Answers(ticked=answers), by=world.sunita, at=NOW)
    measure.refresh_from_db()
    assert measure.answers == {}


def test_item_scores_from_paper_need_no_words(world: World) -> None:
    measure = begun(world, "EPDS", mode="paper")
    typed = {str(item): "1" for item in range(1, 11)}
    saved = taking.finish(
        measure_id=measure.pk,
        answers=Answers(typed=typed),
        taken_on=date(2026, 3, 6),
        by=world.sunita,
        at=SOON,
    )
    assert (saved.measure.result["total"], saved.measure.result["band"]) == (10, "10_12")
    assert saved.measure.wording == ""
    assert saved.measure.shown == {}
    assert saved.measure.taken_at.date() == date(2026, 3, 6)
    assert len(saved.raised) == 1  # item 10


def test_without_words_there_is_paper_and_no_page(world: World) -> None:
    with pytest.raises(BadInput, match="from paper"):
        begun(world, "EPDS")


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("4", "0 to 3"),
        ("-1", "0 to 3"),
        ("1.0", "0 to 3"),
        ("two", "0 to 3"),
        ("٣", "0 to 3"),
        ("9" * 400, "0 to 3"),
    ],
)
def test_a_score_that_cannot_be_names_its_item(world: World, typed: str, said: str) -> None:
    measure = begun(world, "EPDS", mode="paper")
    with pytest.raises(BadInput, match=f"Item 3: .*{said}") as refusal:
        taking.save(measure_id=measure.pk, answers=Answers(typed={"3": typed}), by=world.sunita, at=NOW)
    assert refusal.value.field == "3"


@pytest.mark.parametrize(
    ("day", "said"), [(date(2026, 3, 11), "still to come"), (date(2024, 3, 1), "more than a year")]
)
def test_a_paper_form_has_a_day_that_can_be(world: World, day: date, said: str) -> None:
    measure = begun(world, "EPDS", mode="paper")
    with pytest.raises(BadInput, match=said):
        taking.finish(
            measure_id=measure.pk, answers=Answers(typed={"1": "1"}), taken_on=day, by=world.sunita, at=NOW
        )


def test_a_father_has_a_cut_off_of_his_own(world: World) -> None:
    family, mother, father = family_of_two(world)
    bands = {}
    for who in (mother, father):
        measure = taking.begin(
            family_id=family, person_id=who.pk, plan=Plan("EPDS"), mode="paper", by=world.sunita,
            team=world.front_door, at=NOW,
        )  # fmt: skip
        typed = {str(item): "1" for item in range(1, 11)}
        done = taking.finish(measure_id=measure.pk, answers=Answers(typed=typed), by=world.sunita, at=NOW)
        bands[done.measure.respondent_role] = done.measure.result["band"]
    assert bands == {"mother": "10_12", "father": "lt11"}


def test_scales_that_stand_apart_are_never_added(world: World) -> None:
    measure = begun(world, "MORS-SF", mode="paper")
    typed = {f"{scale}.{at}": "2" for scale in ("warmth", "invasion") for at in range(1, 8)}
    done = taking.finish(measure_id=measure.pk, answers=Answers(typed=typed), by=world.sunita, at=NOW)
    assert done.measure.result["total"] is None
    assert done.measure.result["subscales"] == {"warmth": 14, "invasion": 14}
    assert done.measure.result["band"] is None


def test_free_words_are_kept_and_never_scored(world: World) -> None:
    measure = begun(world, "PIR prompts")
    words = {"three_words": "Tired, soft, new", "most_joy": "", "biggest_fear": "  That I let her down  "}
    done = taking.finish(measure_id=measure.pk, answers=Answers(words=words), by=world.sunita, at=NOW)
    assert done.measure.words == {"three_words": "Tired, soft, new", "biggest_fear": "That I let her down"}
    assert done.measure.result == {"rule": "PIR prompts@1", "status": "words", "local": []}


def test_a_measure_follows_another_of_the_same_person_only(world: World) -> None:
    family, mother, father = family_of_two(world)
    first = taking.begin(
        family_id=family, person_id=mother.pk, plan=Plan("GAD-2", schedule_key="HV2"), mode="interview",
        by=world.sunita, team=world.front_door, at=NOW,
    )  # fmt: skip
    plan = Plan("GAD-7", why="follow_up", follow_up_of=first)
    with pytest.raises(BadInput, match="same person"):
        taking.begin(
            family_id=family, person_id=father.pk, plan=plan, mode="interview", by=world.sunita,
            team=world.front_door, at=NOW,
        )  # fmt: skip
    then = taking.begin(
        family_id=family, person_id=mother.pk, plan=plan, mode="interview", by=world.sunita,
        team=world.front_door, at=NOW,
    )  # fmt: skip
    assert list(first.follow_ups.all()) == [then]


def test_a_baby_and_a_stranger_answer_nothing(world: World) -> None:
    family, mother, _ = family_of_two(world)
    other = world.refer(name="Somebody Else", contact="07700 900777").person
    for who in (other, mother.families.get(pk=family).members.get(role="baby").person):
        with pytest.raises(BadInput, match="adult of this family"):
            taking.begin(
                family_id=family, person_id=who.pk, plan=Plan("GAD-2"), mode="interview", by=world.sunita,
                team=None, at=NOW,
            )  # fmt: skip


def test_taking_back_keeps_the_answers_and_says_why(world: World) -> None:
    measure = begun(world, "GAD-2")
    taking.finish(measure_id=measure.pk, answers=Answers(ticked=ticked(2, 3)), by=world.sunita, at=NOW)
    with pytest.raises(BadInput, match="Say why"):
        taking.withdraw(measure_id=measure.pk, why=" ", by=world.sunita, at=SOON)
    back = taking.withdraw(measure_id=measure.pk, why="It was his sister's.", by=world.sunita, at=SOON)
    assert (back.state, back.answers) == ("withdrawn", {"1": 3, "2": 3})
    assert not Measure.objects.finished().exists()
    with pytest.raises(WrongMoment):
        taking.withdraw(measure_id=measure.pk, why="Again.", by=world.sunita, at=SOON)


def test_what_does_not_exist_is_not_found(world: World) -> None:
    with pytest.raises(NotFound):
        taking.save(measure_id=999_999, answers=Answers(), by=world.sunita, at=NOW)
    with pytest.raises(BadInput, match="no such instrument"):
        begun(world, "PHQ-99")


def test_the_database_knows_a_finished_measure_has_its_result_and_time(world: World) -> None:
    measure = begun(world, "GAD-2")
    for wrong in (
        {"state": "finished"},
        {"state": "finished", "finished_at": NOW, "result": {}},
        {"risk": "low"},
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            Measure.objects.filter(pk=measure.pk).update(**wrong)


def test_beginning_is_in_the_audit(world: World) -> None:
    measure = begun(world, "GAD-2")
    assert AuditEntry.objects.filter(
        action="measure_begun", subject_id=measure.pk, user=world.sunita
    ).exists()
