"""How somebody has been, their goals, a link sent to them, and what came of the help of a service."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta

import pytest
from django.test import Client
from tests.care.measures.given import family_of_two
from tests.web.scenes import client_of
from tests.world import NOW, World

from anydoor.access.models import AuditEntry, Membership, Team
from anydoor.access.roles import Role
from anydoor.care.measures import taking
from anydoor.care.measures.taking import Answers, Plan
from anydoor.care.models import Goal, GoalRating, Measure, MeasureLink
from anydoor.messages.models import OutboxMessage
from anydoor.people.models import ContactPoint, Person

Family = tuple[int, Person, Person]


@pytest.fixture
def family(world: World) -> Family:
    return family_of_two(world, at=NOW - timedelta(weeks=10), baby_born_on=date(2025, 12, 20))


@pytest.fixture
def desk(world: World) -> Client:
    return client_of(world.sunita)


def answer(
    world: World, family: Family, name: str, scores: list[int | None], weeks_ago: int, *, father: bool = False
) -> Measure:
    """One finished answer, item by item."""
    at = NOW - timedelta(weeks=weeks_ago)
    measure = taking.begin(
        family_id=family[0],
        person_id=family[2 if father else 1].pk,
        plan=Plan(name),
        mode="interview",
        by=world.sunita,
        team=world.front_door,
        at=at,
    )
    ticked = {str(item): score for item, score in enumerate(scores, 1) if score is not None}
    taking.finish(measure_id=measure.pk, answers=Answers(ticked=dict(ticked)), by=world.sunita, at=at)
    return measure


def trend(desk: Client, family: Family, *, father: bool = False) -> str:
    shown = desk.get(f"/desk/family/{family[0]}/person/{family[2 if father else 1].pk}/trend/")
    assert shown.status_code == 200
    return shown.content.decode()


def test_three_sentences_charts_and_the_same_numbers(world: World, desk: Client, family: Family) -> None:
    answer(world, family, "PHQ-9", [3, 3, 2, 2, 2, 2, 1, 1, 1], 9)
    answer(world, family, "GAD-7", [2, 2, 2, 2, 2, 2, 2], 9)
    answer(world, family, "GAD-7", [2, 2, 2, 2, None, 2, 2], 5)
    answer(world, family, "PHQ-9", [1, 1, 1, 1, 1, 1, 1, 1, 0], 1)
    answer(world, family, "GAD-7", [2, 2, 1, 1, 1, 1, 1], 1)
    page = trend(desk, family)
    for words in (
        "PHQ-9: improved reliably.",
        "17 to 8. A fall of 9; 6 or more is needed.",
        "GAD-7: improved reliably.",
        "14 to 9. A fall of 5; 4 or more is needed.",
        "no reliable change, 12 to 22",
        "caseness, 10 or more",
        "1 missing",
        "question 9",
        "question 5 left out",
        "not scored",
        "A low score never overrides concern",
    ):
        assert words in page, words
    assert 'role="img"' in page
    assert " style=" not in page
    looked = AuditEntry.objects.get(action="see_measures")
    assert (looked.subject_id, looked.family_id) == (family[1].pk, family[0])


@pytest.mark.parametrize(
    ("first", "last", "words"),
    [
        ([1] * 9, [2] * 6 + [1, 1, 1], "got reliably worse"),
        ([1] * 9, [2] * 5 + [1] * 4, "no reliable change"),
    ],
)
def test_change_since_the_first_in_words(
    world: World, desk: Client, family: Family, first: list[int], last: list[int], words: str
) -> None:
    answer(world, family, "PHQ-9", first, 6)
    answer(world, family, "PHQ-9", last, 1)
    assert f"PHQ-9: {words}." in trend(desk, family)


def test_a_fathers_answers_are_on_his_own_page_by_his_own_rules(
    world: World, desk: Client, family: Family
) -> None:
    answer(world, family, "PHQ-9", [2] * 9, 2, father=True)
    his, hers = trend(desk, family, father=True), trend(desk, family)
    assert "one score so far, 18" in his
    assert "No score yet" in hers
    assert "one score so far" not in hers


def test_an_answer_of_danger_stands_above_every_score_until_somebody_acted(
    world: World, desk: Client, family: Family
) -> None:
    answer(world, family, "PHQ-9", [2] * 8 + [0], 4)
    answer(world, family, "PHQ-9", [None] * 8 + [1], 0)
    shown = trend(desk, family)
    assert shown.index("before anything else") < shown.index("PHQ-9: one score so far")
    assert "Record what you did" in shown
    assert "before anything else" not in trend(desk, family, father=True)


def test_others_see_nothing(world: World, family: Family) -> None:
    where = f"/desk/family/{family[0]}/person/{family[1].pk}/trend/"
    assert client_of(world.marcus).get(where).status_code == 404
    assert client_of(world.sunita).get(f"/desk/family/{family[0]}/person/999999/trend/").status_code == 404


def test_a_goal_is_set_rated_and_ended(desk: Client, family: Family, at: Callable[[datetime], None]) -> None:
    where = f"/desk/family/{family[0]}/person/{family[1].pk}/goals/"
    words = "Go to the park <b>without</b> being scared"
    assert desk.post(where, {"words": words, "rating": "2"}).status_code == 302
    assert desk.post(where, {"words": words, "rating": "2"}).status_code == 302, "sent twice"
    goal = Goal.objects.get()
    assert desk.post(f"{where}{goal.pk}/", {"rating": "", "note": ""}).status_code == 422
    at(NOW + timedelta(minutes=1))
    assert desk.post(f"{where}{goal.pk}/", {"rating": "6", "note": "Went once"}).status_code == 302
    page = trend(desk, family)
    assert "Go to the park &lt;b&gt;without&lt;/b&gt; being scared" in page
    assert "4 points nearer than at the start" in page
    assert desk.post(f"{where}{goal.pk}/end/", {"why": "Reached"}).status_code == 302
    assert desk.post(f"{where}{goal.pk}/", {"rating": "7", "note": ""}).status_code == 409
    assert GoalRating.objects.count() == 2


def test_a_link_goes_only_where_it_is_safe(world: World, desk: Client, family: Family) -> None:
    where = f"/desk/family/{family[0]}/person/{family[1].pk}/send-questions/"
    shown = desk.get(where).content.decode()
    assert "No number or address is known to be safe" in shown
    point = ContactPoint.objects.get(person=family[1])
    form = {
        "instrument": ["PHQ-9", "GAD-7"],
        "contact_point": str(point.pk),
        "why": "review",
    }
    assert desk.post(where, form).status_code == 422
    point.safe, point.uses = "yes", ["text"]
    point.save()
    shown = desk.get(where).content.decode()
    assert "here are the questions we spoke about" in shown
    assert "EPDS" not in shown, "no words of it are loaded here"
    assert desk.post(where, form).status_code == 302
    assert desk.post(where, form).status_code == 302, "sent twice"
    assert MeasureLink.objects.count() == 1
    assert [row.instrument for row in Measure.objects.order_by("pk")] == ["PHQ-9", "GAD-7"]
    assert OutboxMessage.objects.get(template="measure_link").state == "queued"


def test_after_a_loss_nothing_about_a_baby_is_offered(world: World, desk: Client) -> None:
    referral = world.refer(name="Rosie Thackeray", loss_kind="stillbirth", contact="07700 900456")
    where = f"/desk/family/{referral.family_id}/person/{referral.person_id}/send-questions/"
    assert "PIR prompts" not in desk.get(where).content.decode()
    assert "PHQ-9" in desk.get(where).content.decode()


def test_outcomes_are_for_leads_and_hide_small_numbers_from_who_knows_nobody(
    world: World, family: Family
) -> None:
    assert client_of(world.grace).get("/desk/outcomes/").status_code == 403
    own = client_of(world.marcus).get("/desk/outcomes/").content.decode()
    assert "Counted the national way" in own
    assert "Counted the local way" in own
    assert "A count below 5 is a star" not in own
    area = client_of(world.lead).get("/desk/outcomes/").content.decode()
    assert "A count below 5 is a star" in area
    assert "All of Norfolk" in area
    team = Team.objects.create(
        organisation=world.front_door.organisation, slug="office", name="Office", kind="service"
    )
    Membership.objects.create(
        user=world.jo, team=team, role=Role.COMMISSIONER.value, started_on=date(2025, 1, 1)
    )
    commissioner = client_of(world.jo).get("/desk/outcomes/?of=nonsense&period=%00").content.decode()
    assert "All of Norfolk" in commissioner
    assert "A count below 5 is a star" in commissioner
    assert AuditEntry.objects.filter(action="see_outcomes", purpose="service_management").count() == 3
