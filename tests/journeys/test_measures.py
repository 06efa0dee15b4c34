"""The new baby review: two questions lead to more, a father answers from his link, somebody acts at once."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date, time, timedelta
from typing import NamedTuple

import pytest
from tests.journeys.conftest import Clock
from tests.journeys.people import Worker, parent, worker
from tests.journeys.visitor import Stage
from tests.world import AGREED, NOW, World, person, service

from anydoor.access.models import Team, User
from anydoor.access.roles import Role
from anydoor.care import handover as handovers
from anydoor.care import triage
from anydoor.care.amend import add_contact_point
from anydoor.care.models import Measure, MeasureAlert, Wait
from anydoor.care.triage import Shown
from anydoor.messages.models import OutboxMessage
from anydoor.people import register
from anydoor.people.models import Family, FamilyMember, Person

pytestmark = pytest.mark.journey
BORN = date(2026, 2, 20)  # eighteen days old: the time of the new baby review is over
CAME = NOW - timedelta(days=8)
DARK = "Thoughts that you would be better off dead"


class Home(NamedTuple):
    """A family in the hands of a health visitor."""

    family_id: int
    mother: Person
    father: Person
    visitor: User


def at_home(world: World) -> Home:
    """Ewa, whose baby is here, and Adam, each with a record; Hana, the health visitor, holds them."""
    team = Team.objects.create(
        organisation=world.therapies_team.organisation,
        slug="health-visiting",
        name="Health visiting",
        kind="service",
        opens=time(8),
        closes=time(18),
    )
    hana = person("Hana Mir", team, Role.PRACTITIONER, Role.TEAM_LEAD)
    visiting = service(
        "health-visiting",
        "Health visiting",
        world.area,
        team.organisation,
        team,
        level="universal",
        strand="",
    )
    referral = world.refer(
        at=CAME,
        name="Ewa Nowak",
        role="mother",
        baby_name="Iga",
        baby_born_on=BORN,
        contact="07700 900611",
        place="Norwich",
    )
    triage.decide(
        referral=referral,
        level="universal",
        words="You asked for somebody who comes to you.",
        answer="yes",
        shown=[Shown(visiting.pk, visiting.name, "suits", ("Near you",), (), True)],
        by=world.sunita,
        at=CAME,
    )
    referral.refresh_from_db()
    row = handovers.propose(
        thing=referral,
        service=visiting,
        agreement=replace(AGREED, at=CAME),
        words="All new here.",
        by=world.sunita,
        at=CAME,
    ).handover
    handovers.accept(handover=row, by=hana, at=CAME)
    handovers.first_contact(handover=row, mode="phone", words="We spoke of the visit.", by=hana, at=CAME)
    adam = register.add_person(at=NOW, name="Adam Nowak")
    register.add_to_family(family=Family.objects.get(pk=row.family_id), person=adam, role="father", at=NOW)
    add_contact_point(
        person=adam,
        family_id=row.family_id,
        typed="07700 900612",
        safe="yes",
        uses=["text"],
        hours="",
        by=hana,
        at=NOW,
    )
    mother = FamilyMember.objects.get(family_id=row.family_id, role="mother").person
    return Home(row.family_id, mother, adam, hana)


def answers(one: Worker, question: str, option: str) -> None:
    """Choose an answer of the question that begins so."""
    asked = one.page.get_by_role("group", name=re.compile(re.escape(question)))
    asked.get_by_role("radio", name=option, exact=True).check()


def whooley_and_gad_2(hana: Worker, home: Home) -> None:
    hana.opens(f"/desk/family/{home.family_id}/measures/take/?contact=HV2&person={home.mother.pk}")
    hana.follows("Whooley and GAD-2")
    hana.reads("leave out any question", "Only people who work with you")
    hana.chooses("Ewa Nowak", "Asked aloud")
    hana.presses("Begin")
    assert hana.page.locator("input[type=radio]:checked").count() == 0
    answers(hana, "feeling down, depressed or hopeless", "No")
    answers(hana, "little interest or pleasure", "No")
    answers(hana, "Feeling nervous, anxious or on edge", "More than half the days")
    answers(hana, "Not being able to stop or control worrying", "Several days")
    hana.presses("Finish")


def gad_7_follows(hana: Worker) -> None:
    hana.reads("GAD-2: positive, 3 of 6", "A score of 3 or more asks for a full look at worry.")
    hana.presses("Ask GAD-7 now")
    for fieldset in hana.page.locator("form fieldset").all():
        fieldset.get_by_role("radio", name="Several days", exact=True).check()
    hana.presses("Finish")
    hana.reads("GAD-7: 7, mild")


def reviews(stage: Stage, world: World) -> str:
    """The line of new baby reviews in the coverage of the area, as its lead reads it."""
    lead = worker(stage, world.lead)
    lead.opens("/desk/coverage/")
    return " ".join(lead.page.locator("tr", has_text="New baby review").first.inner_text().split())


def test_a_new_baby_review_and_a_fathers_answer(stage: Stage, world: World, clock: Clock) -> None:
    # given a review whose time is over, in the list of what is overdue and in no coverage
    home = at_home(world)
    hana = worker(stage, home.visitor)
    hana.opens("/desk/contacts-due/")
    hana.reads("Ewa Nowak", "New baby review")
    assert reviews(stage, world) == "New baby review 1 0.0% 0 0 0 1 –"

    # when she asks the mother, and a positive answer leads to the longer form
    clock.later(minutes=5)
    whooley_and_gad_2(hana, home)
    gad_7_follows(hana)
    taken = Measure.objects.get(instrument="GAD-7")
    assert (taken.schedule_key, taken.follow_up_of.instrument) == ("HV2", "GAD-2")  # type: ignore[union-attr]  # it has one

    # and sends the father a link of his own
    hana.opens(f"/desk/family/{home.family_id}/person/{home.father.pk}/send-questions/")
    hana.chooses("Patient health questionnaire, depression", "07700 900 612", "Somebody is concerned")
    hana.presses("Send the link")
    hana.is_told("on its way")
    text = OutboxMessage.objects.get(template="measure_link").body
    link = re.search(r"/q/\S+", text)
    assert link

    # then he reads first what it is for, and answers one question at a time
    clock.later(minutes=30)
    adam = parent(stage)
    adam.opens(link[0])
    adam.reads("Why we ask", "Hana", "even if you do not finish", "Nobody reads at night")
    adam.does_not_read("Adam", "Iga", "baby", "depression")
    adam.follows("Start")
    for _ in range(8):
        assert adam.page.locator("input[type=radio]:checked").count() == 0
        adam.chooses("Several days")
        adam.presses("Continue")
    assert DARK in adam.heading()
    adam.chooses("Several days")
    adam.presses("Continue")

    # and before he has read the next page, the duty worker has it
    sunita = worker(stage, world.sunita)
    sunita.opens("/desk/")
    assert "Adam" in sunita.page.locator(".ad-work__row--danger").first.inner_text()
    assert Measure.objects.get(person=home.father).state == "draft"
    assert Wait.objects.open().filter(kind="danger_answer", user=home.visitor).exists()
    help_now = adam.page.locator("#help-now").bounding_box()
    known = adam.page.get_by_role("heading", name="Who knows of it").bounding_box()
    assert help_now
    assert known
    assert help_now["y"] < known["y"]
    adam.reads("We have told Sunita and Hana now", "999", "116 123")
    adam.does_not_read("risk assessment", "suicid", "score")

    # he goes on, changes an answer, and sends it
    adam.follows("Go on with the questions")
    adam.presses("Leave this one out")
    adam.reads("Look at your answers", "You left out 1 question")
    adam.page.get_by_role("link", name=re.compile("Change Poor appetite")).click()
    adam.arrived()
    adam.chooses("Not at all")
    adam.presses("Save this answer")
    adam.presses("Send my answers")
    adam.reads("We have your answers", "Hana Mir", "Call 999")
    adam.opens(link[0])
    assert adam.status == 404
    adam.does_not_read("Hana", "Norfolk Family Hubs uses")

    # when somebody says what she did, and only then, the clock ends
    clock.later(minutes=10)
    sunita.opens("/desk/")
    sunita.follows("Acknowledge", within=sunita.page.locator(".ad-work__row--danger").first)
    sunita.reads("PHQ-9, question 9")
    sunita.presses("Record what you did")
    sunita.is_asked_again()
    assert MeasureAlert.objects.open().exists()
    sunita.chooses("Spoke with them. Safe for now")
    sunita.writes(In_your_words="I rang Adam. Thoughts at night, no plan. His brother stays with him.")
    sunita.presses("Record what you did")
    sunita.is_told("The clock has ended")
    assert not Wait.objects.open().filter(kind="danger_answer").exists()

    # and it stands on his page and on the timeline, not in the mother's
    hana.opens(f"/desk/family/{home.family_id}/person/{home.father.pk}/")
    hana.reads("His brother stays with him", "Sunita Rao acted")
    hana.opens(f"/desk/family/{home.family_id}/person/{home.father.pk}/trend/")
    hana.reads("one score so far, 8", "1, several days", "Sunita spoke with them, same day")
    hana.opens(f"/desk/family/{home.family_id}/person/{home.mother.pk}/trend/")
    hana.does_not_read("PHQ-9")

    # when the review is recorded, it is overdue no more, and coverage has it
    hana.opens("/desk/contacts-due/")
    hana.follows("Took place", within=hana.page.locator("tbody tr", has_text="New baby review"))
    hana.writes(Day="10", Month="3", Year="2026")
    hana.chooses("Yes")
    hana.picks("After a positive answer", "A longer form was taken")
    hana.presses("Save")
    hana.is_told("recorded as done")
    hana.opens("/desk/contacts-due/")
    assert hana.page.locator("tbody tr", has_text="New baby review").count() == 0
    assert reviews(stage, world) == "New baby review 1 0.0% 0 1 0 0 –"
