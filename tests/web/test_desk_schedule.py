"""Pages of routine contacts, coverage and partners: what they show, what they record, and to whom."""

from __future__ import annotations

import csv
from datetime import date, timedelta
from io import StringIO

import pytest
from django.test import Client
from tests.world import NOW, World, person

from anydoor.access.models import AuditEntry, Organisation, Team, User
from anydoor.access.roles import Role
from anydoor.care.amend import add_member
from anydoor.care.events import record_event
from anydoor.care.measures import taking
from anydoor.care.measures.taking import Answers, Plan
from anydoor.care.models import Episode, Happening, PartnerAssessment, Referral, ScheduledContact
from anydoor.care.partners import agree_partner, decline_partner, row_for, take_partner
from anydoor.care.schedule.coverage import Period, coverage
from anydoor.care.schedule.recording import Told, decline, exclude, record_contact_done
from anydoor.people.models import Person
from anydoor.rules.errors import BadInput, WrongMoment

TODAY = date(2026, 3, 10)
ALL_TIME = Period(date(2026, 1, 1), date(2026, 3, 31), TODAY)


def client_of(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def page_of(user: User, address: str) -> str:
    return client_of(user).get(address).content.decode()


def born(world: World, days_ago: int, *, name: str = "Rosie Thackeray", known: int | None = None) -> Referral:
    known = days_ago - 1 if known is None else known
    phone = f"07700 900{(Referral.objects.count() + 1):03d}"
    return world.refer(
        at=NOW - timedelta(days=known),
        name=name,
        role="mother",
        contact=phone,
        baby_born_on=TODAY - timedelta(days=days_ago),
    )


def baby_of(referral: Referral) -> Person:
    return Person.objects.get(memberships__family=referral.family, memberships__role="baby")


def done(world: World, referral: Referral, key: str, day: int, **told: object) -> None:
    """`day` is days before today."""
    record_contact_done(
        family_id=referral.family_id,
        child_id=baby_of(referral).pk,
        key=key,
        on=TODAY - timedelta(days=day),
        told=Told(**told),
        by=world.sunita,
        at=NOW,
    )


def address(referral: Referral, key: str, step: str) -> str:
    return f"/desk/family/{referral.family_id}/schedule/{baby_of(referral).pk}/{key}/{step}/"


def day_fields(name: str, day: date) -> dict[str, str]:
    return {f"{name}-day": str(day.day), f"{name}-month": str(day.month), f"{name}-year": str(day.year)}


# ---------------------------------------------------------------- the list


def test_what_is_overdue_stands_first_and_only_families_one_works_with(world: World) -> None:
    born(world, 20, name="Ana Brook")
    born(world, 12, name="Bea Marsh")
    seen = page_of(world.sunita, "/desk/contacts-due/")
    assert "Ana Brook" in seen
    assert "6 days over" in seen
    assert "Bea Marsh" not in seen
    assert "Bea Marsh" in page_of(world.sunita, "/desk/contacts-due/?show=due")
    assert "Ana Brook" not in page_of(world.grace, "/desk/contacts-due/")
    assert "Nothing is overdue." in page_of(world.grace, "/desk/contacts-due/")


def test_a_list_is_a_handful_of_queries_and_pages(
    world: World, django_assert_max_num_queries: object
) -> None:
    for number in range(27):
        born(world, 20, name=f"Parent {number:02d}")
    client = client_of(world.sunita)
    with django_assert_max_num_queries(12):  # type: ignore[operator]  # a fixture of pytest-django
        first = client.get("/desk/contacts-due/?contact=HV2").content.decode()
    assert first.count("Took place") == 25
    following = first.split('rel="next" href="')[1].split('"')[0].replace("&amp;", "&")
    second = client.get("/desk/contacts-due/" + following).content.decode()
    assert second.count("Took place") == 2


@pytest.mark.parametrize(
    "query",
    [
        "?show=nothing&contact=HV99&team=x&area=-1&provider=doctor",
        "?after=2026-99-99.1",
        "?after=0.0&team=99999999999999999999999999",
        "?contact=%00&show=%F0%9F%98%80",
        "?after=" + "9" * 5000,
    ],
)
def test_an_odd_address_shows_the_plain_list(world: World, query: str) -> None:
    born(world, 20)
    answer = client_of(world.sunita).get("/desk/contacts-due/" + query)
    assert answer.status_code == 200


def test_the_list_shows_that_somebody_looked(world: World) -> None:
    referral = born(world, 20)
    page_of(world.sunita, "/desk/contacts-due/")
    assert AuditEntry.objects.filter(action="see_schedule_list", family_id=referral.family_id).exists()


# ---------------------------------------------------------------- one family


def test_a_family_shows_each_contact_with_its_window_and_where_it_is_from(world: World) -> None:
    referral = born(world, 12)
    seen = page_of(world.sunita, f"/desk/family/{referral.family_id}/schedule/")
    for words in (
        "New baby review",
        "5 March to 12 March",
        "GAD-2",
        "Healthy Child Programme",
        "Not verified",
        "Not yet due",
    ):
        assert words in seen, words
    assert "Routine contacts" in page_of(world.sunita, f"/desk/family/{referral.family_id}/")


def test_the_questions_of_a_contact_are_one_step_from_it(world: World) -> None:
    family = born(world, 18).family_id
    text = page_of(world.sunita, f"/desk/family/{family}/schedule/")
    where = f"/desk/family/{family}/measures/take/?contact=HV2"
    assert text.count(f'href="{where}"') == 1
    assert "?contact=HV4" not in text  # its time has not come
    chosen = page_of(world.sunita, where)
    assert f"{where.replace('?', 'whooley-and-gad-2/?')}" in chosen


def test_a_contact_is_recorded_from_the_page_once(world: World) -> None:
    referral = born(world, 12)
    client = client_of(world.sunita)
    told = {
        "on": "",
        **day_fields("on", TODAY - timedelta(days=1)),
        "by_whom": "Maya Lund, health visitor",
        "wellbeing": "yes",
        "asked-1": "declined",
        "words": "Åsa said: 💚 <b>well</b>",
    }
    form = client.get(address(referral, "HV2", "done")).content.decode()
    assert "GAD-2: no answers are kept here" in form
    answer = client.post(address(referral, "HV2", "done"), told)
    assert answer.status_code == 302, answer.content.decode()
    row = ScheduledContact.objects.get(key="HV2")
    assert (row.state, row.asked, row.wellbeing_asked) == ("done", {"GAD-2": "declined"}, "yes")
    seen = page_of(world.sunita, f"/desk/family/{referral.family_id}/schedule/")
    assert "Maya Lund, health visitor, 9 March, in time (C2, C3 met)" in seen
    assert "&lt;b&gt;well&lt;/b&gt;" in seen
    again = client.post(address(referral, "HV2", "done"), {**told, "words": "Another"})
    assert again.status_code == 409
    assert "Maya Lund" in again.content.decode()
    assert "Another" in again.content.decode()


def test_a_bad_day_keeps_what_was_typed(world: World) -> None:
    referral = born(world, 12)
    answer = client_of(world.sunita).post(
        address(referral, "HV2", "done"),
        {**day_fields("on", TODAY + timedelta(days=2)), "words": "Kept for later"},
    )
    assert answer.status_code == 422
    assert "still to come" in answer.content.decode()
    assert "Kept for later" in answer.content.decode()
    assert ScheduledContact.objects.get(key="HV2").state == "open"


def test_a_no_an_exclusion_and_open_again_from_their_pages(world: World) -> None:
    referral = born(world, 12)
    client = client_of(world.sunita)
    assert client.post(address(referral, "HV2", "declined"), {"reason": "not_now"}).status_code == 302
    assert client.post(address(referral, "HV2", "open"), {"why": "She rang."}).status_code == 302
    sent = {"reason": "elsewhere", **day_fields("since", TODAY), "all_open": "on"}
    assert client.post(address(referral, "HV2", "excluded"), sent).status_code == 302
    assert not ScheduledContact.objects.open().exists()
    assert client.post(address(referral, "HV2", "declined"), {"reason": "nonsense"}).status_code == 422


def test_another_organisation_finds_nothing(world: World) -> None:
    referral = born(world, 12)
    for user in (world.grace, world.marcus):
        for step in ("done", "declined", "excluded", "open"):
            for method in ("get", "post"):
                answer = getattr(client_of(user), method)(address(referral, "HV2", step))
                assert answer.status_code == 404, (user, step)
        assert client_of(user).get(f"/desk/family/{referral.family_id}/schedule/").status_code == 404
    assert ScheduledContact.objects.get(key="HV2").state == "open"


def test_after_a_loss_no_page_says_anything_of_a_baby(world: World) -> None:
    referral = born(world, 12)
    record_event(
        family_id=referral.family_id,
        kind="loss",
        loss_kind="neonatal_death",
        on=TODAY,
        baby=baby_of(referral),
        by=world.sunita,
        at=NOW,
    )
    assert "Rosie Thackeray" not in page_of(world.sunita, "/desk/contacts-due/?show=later")
    assert "Rosie Thackeray" not in page_of(world.sunita, "/desk/contacts-due/?show=due")
    seen = page_of(world.sunita, f"/desk/family/{referral.family_id}/schedule/")
    main = seen.split("<main")[1].split("</main>")[0]
    assert "baby" not in main.lower()
    assert "review" not in main.lower()
    assert "Mother" in main  # her own checks, to be opened by a person
    assert client_of(world.sunita).get(address(referral, "HV3", "done")).status_code == 404
    assert (
        "Routine contacts"
        not in page_of(world.sunita, f"/desk/family/{referral.family_id}/").split("Next contact")[1]
    )


# ---------------------------------------------------------------- coverage


def asked_gad2(world: World, referral: Referral, key: str, on_day: int, scores: tuple[int, int]) -> None:
    draft = taking.begin(
        family_id=referral.family_id,
        person_id=referral.person_id,
        plan=Plan("GAD-2", schedule_key=key),
        mode="interview",
        by=world.sunita,
        team=world.front_door,
        at=NOW - timedelta(days=on_day),
    )
    taking.finish(
        measure_id=draft.pk,
        by=world.sunita,
        at=NOW - timedelta(days=on_day),
        answers=Answers(ticked={"1": scores[0], "2": scores[1]}),
    )


def test_coverage_is_out_of_those_whose_window_closed_and_who_were_here(world: World) -> None:
    in_time, late, missed, said_no, apart, open_still, came_late = (
        born(world, 20),
        born(world, 35),
        born(world, 40),
        born(world, 21),
        born(world, 22),
        born(world, 10),
        born(world, 40, known=1),
    )
    done(world, in_time, "HV2", 8, wellbeing="yes")
    asked_gad2(world, in_time, "HV2", 8, (3, 2))
    done(world, late, "HV2", 5, asked={"GAD-2": "declined"})
    at_work = {"by": world.sunita, "at": NOW, "key": "HV2"}
    decline(family_id=said_no.family_id, child_id=baby_of(said_no).pk, reason="not_wanted", **at_work)
    exclude(
        family_id=apart.family_id,
        child_id=baby_of(apart).pk,
        reason="moved_out",
        since=TODAY - timedelta(days=15),
        **at_work,
    )
    done(world, open_still, "HV2", 1)
    done(world, came_late, "HV2", 28)
    (line,) = coverage(ALL_TIME, areas=[world.area.pk], key="HV2")
    assert (line.people, line.done, line.outside, line.declined, line.not_done) == (4, 1, 1, 1, 1)
    assert line.wellbeing == 1
    assert line.excluded == {"moved_out": 1, "before_us": 1}
    gad = line.asked["GAD-2"]
    assert (gad.offered, gad.completed, gad.declined, gad.positive, gad.acted) == (2, 1, 1, 1, 0)
    assert line.marks["C2"] == (1, 4)
    assert line.marks["C3"] == (1, 2)
    assert missed.family_id


def test_a_measure_outside_the_window_or_of_another_contact_does_not_count(world: World) -> None:
    referral = born(world, 30)
    asked_gad2(world, referral, "HV2", 2, (0, 0))
    asked_gad2(world, referral, "HV3", 18, (0, 0))
    (line,) = coverage(ALL_TIME, areas=[world.area.pk], key="HV2")
    assert "GAD-2" not in line.asked


def test_fathers_are_counted_apart(world: World) -> None:
    referral = born(world, 20)
    father = add_member(
        family_id=referral.family_id, name="Dan", role="father", apart=False, by=world.sunita, at=NOW
    )
    referral.person_id = father.person_id
    asked_gad2(world, referral, "HV2", 8, (1, 1))
    (line,) = coverage(ALL_TIME, areas=[world.area.pk], key="HV2")
    assert line.asked == {}
    assert line.families_with_partner == 1
    assert line.partners["GAD-2"].completed == 1


def test_coverage_by_team_and_a_period_that_cannot_be(world: World) -> None:
    born(world, 20)
    (line,) = coverage(ALL_TIME, areas=[world.area.pk], by="team", key="HV2")
    assert (line.label, line.people) == ("No team known", 1)
    with pytest.raises(BadInput):
        coverage(ALL_TIME, areas=[world.area.pk], by="team")
    with pytest.raises(BadInput):
        Period(TODAY, TODAY - timedelta(days=1), TODAY)


def test_the_page_and_the_file_say_the_same_with_the_denominator(world: World) -> None:
    for number in range(6):
        referral = born(world, 20 + number)
        if number < 3:
            done(world, referral, "HV2", 7 + number)
    world.front_door.organisation.save()
    seen = page_of(world.sunita, "/desk/coverage/?contact=HV2&period=quarter")
    assert "50.0%" in seen
    assert "those whose window for the contact closed" in seen
    answer = client_of(world.sunita).get("/desk/coverage.csv?contact=HV2&period=quarter")
    rows = list(csv.reader(StringIO(answer.content.decode())))
    assert rows[3][:5] == ["contact", "group", "people_whose_window_closed", "done_in_time", "rate"]
    assert rows[4][:5] == ["HV2", "New baby review", "6", "3", "50.0%"]


def test_who_does_not_know_the_people_sees_no_small_number(world: World) -> None:
    office = Team.objects.create(
        organisation=Organisation.objects.get(slug="county-council"),
        slug="office",
        name="Commissioning",
        kind="service",
    )
    buyer = person("Cora Buyer", office, Role.COMMISSIONER)
    for number in range(6):
        done(world, born(world, 20 + number), "HV2", 7 + number) if number < 3 else born(world, 20 + number)
    seen = page_of(buyer, "/desk/coverage/?contact=HV2&period=quarter")
    assert "50.0%" not in seen
    assert "below 5 is a star" in seen
    assert client_of(buyer).get("/desk/contacts-due/").status_code == 403
    text = client_of(buyer).get("/desk/coverage.csv?contact=HV2").content.decode()
    assert "HV2,New baby review,5,*,*" in text


def test_a_cell_that_a_spreadsheet_would_run_is_text(world: World) -> None:
    world.area.name = "=HYPERLINK(1)"
    world.area.save()
    born(world, 20)
    text = client_of(world.sunita).get("/desk/coverage.csv").content.decode()
    assert "'=HYPERLINK(1)" in text


# ---------------------------------------------------------------- partners


def in_specialist_care(world: World, *, partner: bool = True) -> Episode:
    """Rosie, held by Marcus in a specialist perinatal service open to mothers."""
    world.pairs.strand = "pmh"
    world.pairs.save()
    referral = world.refer(name="Rosie Thackeray", role="mother")
    if partner:
        add_member(
            family_id=referral.family_id, name="Dan Fisk", role="father", apart=False, by=world.sunita, at=NOW
        )
    from anydoor.care.record import writing

    with writing(referral.family_id, by=world.marcus, at=NOW) as pen:
        episode = Episode(
            family=pen.family,
            person=referral.person,
            area=world.area,
            service=world.pairs,
            level="specialist",
            opened_at=NOW,
        )
        pen.hold(episode, world.marcus, world.pairs_team, "first contact", new=True)
    return episode


def test_a_partner_stands_on_the_list_from_the_first_day(world: World) -> None:
    in_specialist_care(world)
    seen = page_of(world.marcus, "/desk/partners/")
    assert "Due: not offered yet" in seen
    assert "Dan Fisk" not in seen
    assert "Rosie" not in page_of(world.grace, "/desk/partners/")


def test_nobody_known_is_said_as_it_is(world: World) -> None:
    episode = in_specialist_care(world, partner=False)
    assert "Nobody has asked who there is" in page_of(world.marcus, "/desk/partners/")
    client = client_of(world.marcus)
    one = f"/desk/family/{episode.family_id}/partner/{episode.pk}/0/"
    assert client.post(one, {"step": "no_partner"}).status_code == 302
    assert PartnerAssessment.objects.get().state == "no_partner"


def test_nothing_is_taken_without_his_own_words(world: World) -> None:
    from anydoor.access.policy import standing_of

    episode = in_specialist_care(world)
    dan = Person.objects.get(name="Dan Fisk")
    row = row_for(standing_of(world.marcus, TODAY), episode.pk, dan.pk)
    at_work = {"row": row, "by": world.marcus, "at": NOW}
    with pytest.raises(WrongMoment, match="not said yes"):
        take_partner(on=TODAY, **at_work)
    with pytest.raises(BadInput):
        agree_partner(words="  ", **at_work)
    with pytest.raises(BadInput, match="where you told them"):
        decline_partner(signpost="", **at_work)
    agree_partner(words="Yes, if it is about me.", **at_work)
    assert take_partner(on=TODAY, **at_work).state == "taken"


def test_what_he_said_stands_on_his_page_and_not_on_hers(world: World) -> None:
    episode = in_specialist_care(world)
    dan = Person.objects.get(name="Dan Fisk")
    client = client_of(world.marcus)
    one = f"/desk/family/{episode.family_id}/partner/{episode.pk}/{dan.pk}/"
    sent = {"step": "agreed", "agreed_words": "I have not slept for weeks."}
    assert client.post(one, {"step": "agreed"}).status_code == 422
    assert client.post(one, sent).status_code == 302
    assert "not slept" in client.get(f"/desk/family/{episode.family_id}/person/{dan.pk}/").content.decode()
    assert "not slept" not in client.get(f"/desk/family/{episode.family_id}/").content.decode()
    assert client_of(world.grace).get(one).status_code == 404


def test_that_he_is_not_safe_to_ask_is_never_on_his_page(world: World) -> None:
    episode = in_specialist_care(world)
    dan = Person.objects.get(name="Dan Fisk")
    client = client_of(world.marcus)
    one = f"/desk/family/{episode.family_id}/partner/{episode.pk}/{dan.pk}/"
    assert client.post(one, {"step": "not_safe", "words": "She is afraid of him."}).status_code == 302
    assert "afraid" not in client.get(f"/desk/family/{episode.family_id}/person/{dan.pk}/").content.decode()
    assert Happening.objects.filter(kind="partner_not_asked").count() == 1
