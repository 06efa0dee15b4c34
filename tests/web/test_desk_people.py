"""One person: facts, ways to reach them, instructions; adding somebody; events and story."""

from __future__ import annotations

from datetime import date

import pytest
from tests.web.scenes import accepted, client_of, key_of, proposed, rosie, someone
from tests.world import World

from anydoor.care.models import FamilyCare, Happening, Referral, Story, Wait
from anydoor.people.models import ContactPoint, FamilyMember, Instruction, Person

pytestmark = pytest.mark.django_db(transaction=True)
ODD = ["<img src=x onerror=alert(1)>", "\u202eevil", "😀" * 50, "=1+1", "O’Ōlañ ’t Łęcka", "x" * 60]


def of(referral: Referral, path: str = "") -> str:
    return f"/desk/family/{referral.family_id}/person/{referral.person_id}/{path}"


def facts(person: Person, **changed: object) -> dict[str, object]:
    """The form of facts as the page showed it, with what was typed over it."""
    return {
        "version": person.version,
        "name": person.name,
        "known_as": "",
        "nhs_number": "",
        "language": "",
        "interpreter": "not_asked",
        "care_leaver": "not_asked",
        "gp_practice": "",
        "address_kind": "not_asked",
        "address": "",
        "postcode": "",
        "why": "",
        **changed,
    }


def test_a_correction_shows_old_new_who_and_why_on_the_timeline(world: World) -> None:
    referral = rosie(world)
    client = client_of(world.sunita)
    answer = client.post(
        of(referral, "change/"), facts(referral.person, name="Rosalind Thackeray", why="She spelled it.")
    )
    assert answer.status_code == 302
    text = client.get(f"/desk/family/{referral.family_id}/").content.decode()
    assert "Name: Rosalind Thackeray, was Rosie Thackeray." in text
    assert "She spelled it." in text


def test_a_change_without_a_reason_comes_back_with_what_was_typed(world: World) -> None:
    referral = rosie(world)
    answer = client_of(world.sunita).post(of(referral, "change/"), facts(referral.person, name="Rosalind"))
    assert answer.status_code == 422
    assert 'value="Rosalind"' in answer.content.decode()
    assert "Say why it changes." in answer.content.decode()


def test_somebody_who_changed_it_first_is_told_and_nothing_typed_is_lost(world: World) -> None:
    referral = rosie(world)
    old = facts(referral.person)
    client_of(world.tom).post(of(referral, "change/"), {**old, "known_as": "Ro", "why": "She said so."})
    late = client_of(world.sunita).post(
        of(referral, "change/"), {**old, "language": "Polish", "why": "Heard it."}
    )
    text = late.content.decode()
    assert late.status_code == 409
    assert "Somebody else changed this record" in text
    assert 'value="Polish"' in text
    version = text.split('name="version" value="')[1].split('"')[0]
    again = client_of(world.sunita).post(
        of(referral, "change/"),
        {**old, "version": version, "known_as": "Ro", "language": "Polish", "why": "Heard it."},
    )
    assert again.status_code == 302
    referral.person.refresh_from_db()
    assert (referral.person.known_as, referral.person.language) == ("Ro", "Polish")


@pytest.mark.parametrize(
    ("name", "typed", "said"),
    [
        ("nhs_number", "999 412 0736", "NHS number"),
        ("postcode", "NR1", "first half of a postcode"),
        ("born_on", ("31", "2", "1990"), "There is no such day"),
        ("born_on", ("1", "1", "2024"), "date of birth of a child"),
        ("name", "a\x00b", "hidden character"),
        ("name", "x" * 300, "at most 200"),
        ("version", "nonsense", "Somebody else changed this record"),
    ],
)
def test_what_cannot_be_is_said_at_its_field(world: World, name: str, typed: object, said: str) -> None:
    referral = rosie(world)
    data = facts(referral.person, why="Because.")
    if isinstance(typed, tuple):
        data |= {f"{name}-{part}": value for part, value in zip(("day", "month", "year"), typed, strict=True)}
    else:
        data[name] = typed
    answer = client_of(world.sunita).post(of(referral, "change/"), data)
    assert answer.status_code in {409, 422}
    assert said in answer.content.decode()


@pytest.mark.parametrize("name", ODD)
def test_odd_names_are_kept_exactly_and_never_run(world: World, name: str) -> None:
    referral = rosie(world)
    client_of(world.sunita).post(of(referral, "change/"), facts(referral.person, name=name, why="Typed so."))
    referral.person.refresh_from_db()
    assert referral.person.name == name
    assert "<img src=x" not in client_of(world.sunita).get(of(referral)).content.decode()


def test_a_refuge_is_on_her_page_alone_and_nowhere_in_a_list(world: World) -> None:
    referral = rosie(world)
    client = client_of(world.sunita)
    client.post(
        of(referral, "change/"),
        facts(
            referral.person,
            address_kind="refuge",
            address="Rose House, 3 Hidden Lane",
            postcode="NR1 3DD",
            why="Moved.",
        ),
    )
    assert "3 Hidden Lane" in client.get(of(referral)).content.decode()
    for path in (
        f"/desk/family/{referral.family_id}/",
        f"/desk/family/{referral.family_id}/everything/",
        f"/desk/family/{referral.family_id}/looks/",
        "/desk/families",
    ):
        text = client.get(path).content.decode()
        assert "Hidden Lane" not in text
        assert "NR1 3DD" not in text
    found = client.post("/desk/families", {"q": "rosie"}).content.decode()
    assert "Hidden Lane" not in found


def test_no_fixed_address_is_said(world: World) -> None:
    referral = rosie(world)
    client = client_of(world.sunita)
    client.post(
        of(referral, "change/"), facts(referral.person, address_kind="no_fixed_abode", why="He said.")
    )
    assert "No fixed address." in client.get(of(referral)).content.decode()


def test_asking_what_is_safe_changes_the_banner(world: World) -> None:
    referral = rosie(world)
    client = client_of(world.sunita)
    point = ContactPoint.objects.get(person=referral.person)
    way = of(referral, f"ways/{point.pk}/")
    nothing = client.post(way, {"safe": "yes", "hours": ""})
    assert "Say what it is safe for." in nothing.content.decode()
    client.post(way, {"safe": "yes", "uses": ["call", "text"], "hours": "after 3pm"})
    text = client.get(f"/desk/family/{referral.family_id}/").content.decode()
    assert "Call or text 07700 900 123." in text
    assert "Leave no message. after 3pm." in text
    client.post(way, {"safe": "no", "hours": "He reads it"})
    assert "Do not use 07700 900 123." in client.get(of(referral)).content.decode()
    client.post(way, {"end": "yes"})
    assert "No way to reach Rosie is known." in client.get(of(referral)).content.decode()
    assert client.get(way).status_code == 404


def test_a_number_can_be_added_once_and_nonsense_is_refused(world: World) -> None:
    referral = rosie(world)
    client = client_of(world.sunita)
    data = {"typed": "01632 960 377", "safe": "not_asked", "hours": ""}
    for _ in range(2):
        assert client.post(of(referral, "ways/"), data).status_code == 302
    assert ContactPoint.objects.filter(person=referral.person).count() == 2
    for typed in ("", "12", "not a number", "+1"):
        assert client.post(of(referral, "ways/"), {**data, "typed": typed}).status_code == 422


def test_an_instruction_sent_twice_stands_once_and_can_be_ended_with_a_reason(world: World) -> None:
    referral = rosie(world)
    client = client_of(world.sunita)
    page = client.get(of(referral, "instructions/")).content.decode()
    data = {"form_key": key_of(page), "kind": "safety", "words": "Do not ring the home number."}
    for _ in range(2):
        assert client.post(of(referral, "instructions/"), data).status_code == 302
    rule = Instruction.objects.get(person=referral.person)
    assert (
        "Do not ring the home number." in client.get(f"/desk/family/{referral.family_id}/").content.decode()
    )
    ending = of(referral, f"instructions/{rule.pk}/end/")
    assert client.post(ending, {"why": ""}).status_code == 422
    assert client.post(ending, {"why": "The phone is gone."}).status_code == 302
    assert client.get(ending).status_code == 404


def test_adding_the_father_twice_adds_him_once(world: World) -> None:
    referral = rosie(world)
    client = client_of(world.sunita)
    page = f"/desk/family/{referral.family_id}/add/"
    data = {
        "form_key": key_of(client.get(page).content.decode()),
        "role": "father",
        "name": "Daniel Okafor",
        "born_on-day": "3",
        "born_on-month": "4",
        "born_on-year": "1996",
    }
    for _ in range(2):
        assert client.post(page, data).status_code == 302
    daniel = Person.objects.get(name="Daniel Okafor")
    assert daniel.born_on == date(1996, 4, 3)
    apart = f"/desk/family/{referral.family_id}/person/{daniel.pk}/apart/"
    client.post(apart, {"apart": "yes"})
    assert FamilyMember.objects.get(person=daniel).apart
    assert "Lives apart" in client.get(f"/desk/family/{referral.family_id}/").content.decode()
    assert client.post(page, {"form_key": "", "role": "father", "name": ""}).status_code == 422
    assert client.post(page, {"form_key": "", "role": "king", "name": "X"}).status_code == 422


@pytest.mark.parametrize(
    "path", ["", "change/", "ways/", "instructions/", "apart/", "ways/1/", "instructions/1/end/"]
)
def test_another_organisation_finds_no_person_page(world: World, path: str) -> None:
    referral = rosie(world)
    stranger = client_of(world.marcus)
    assert stranger.post(of(referral, path), {"apart": "yes"}).status_code == 404
    if path != "apart/":
        assert stranger.get(of(referral, path)).status_code == 404


def test_a_person_of_another_family_is_not_found_under_this_one(world: World) -> None:
    one, other = rosie(world), world.refer(name="Amina Yusuf", contact="07700 900456")
    client = client_of(world.sunita)
    assert client.get(f"/desk/family/{one.family_id}/person/{other.person_id}/").status_code == 404


# ---- events and story


def happen(world: World, referral: Referral, **typed: object) -> object:
    client = client_of(world.sunita)
    page = f"/desk/family/{referral.family_id}/happened/"
    key = key_of(client.get(page).content.decode())
    data = {"form_key": key, "day-day": "9", "day-month": "3", "day-year": "2026", "words": "", **typed}
    first = client.post(page, data)
    again = client.post(page, data)
    assert again.status_code == first.status_code
    return first


def test_a_birth_is_recorded_once_and_opens_its_tasks(world: World) -> None:
    referral = rosie(world)
    happen(world, referral, kind="birth", baby_name="Wren")
    baby = someone(referral.family_id, "baby")
    assert (baby.name, baby.born_on) == ("Wren", date(2026, 3, 9))
    assert Happening.objects.filter(family=referral.family_id, kind="birth").count() == 1
    assert Wait.objects.open().filter(family=referral.family_id, kind="after_event").count() == 2
    assert (
        "Born 9 March 2026"
        in client_of(world.sunita).get(f"/desk/family/{referral.family_id}/").content.decode()
    )


def test_with_twins_the_page_asks_which(world: World) -> None:
    referral = rosie(world, babies=2)
    without = happen(world, referral, kind="birth")
    assert without.status_code == 422
    assert "Say which baby. Record twins one by one." in without.content.decode()
    baby = someone(referral.family_id, "baby")
    assert happen(world, referral, kind="birth", baby=str(baby.pk)).status_code == 302


def test_a_loss_needs_its_kind_and_afterwards_the_page_offers_nothing_about_a_baby(world: World) -> None:
    referral = rosie(world)
    assert happen(world, referral, kind="loss").status_code == 422
    assert happen(world, referral, kind="loss", loss_kind="miscarriage").status_code == 302
    text = client_of(world.sunita).get(f"/desk/family/{referral.family_id}/happened/").content.decode()
    assert "Another loss" in text
    main = text[text.index("<main") :]
    assert "baby" not in main.lower().replace("mother and baby unit", "").replace("newborn baby", "").replace(
        "death of a baby", ""
    )


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"kind": ""}, "Choose an answer"),
        ({"kind": "birth", "day-year": "2027"}, "still to come"),
        ({"kind": "birth", "day-day": "32"}, "There is no such day"),
        ({"kind": "birth", "day-year": "1950"}, "date of birth of an adult"),
        ({"kind": "moved_away"}, "Choose the area they move to."),
        ({"kind": "party"}, "Choose from the answers"),
    ],
)
def test_impossible_events_are_refused_kindly(world: World, typed: dict[str, str], said: str) -> None:
    answer = happen(world, rosie(world), **typed)
    assert answer.status_code == 422
    assert said in answer.content.decode()


def test_the_story_grows_once_however_often_it_is_sent(world: World) -> None:
    referral = rosie(world)
    client = client_of(world.sunita)
    page = f"/desk/family/{referral.family_id}/story/"
    data = {
        "form_key": key_of(client.get(page).content.decode()),
        "person": referral.person_id,
        "kind": "own",
        "words": "  I sing to her.\nSometimes.",
        "how": "on a visit",
    }
    for _ in range(2):
        assert client.post(page, data).status_code == 302
    story = Story.objects.get(how="on a visit")
    correct = f"/desk/family/{referral.family_id}/story/{story.pk}/"
    assert client.post(correct, {"words": "I sing to her.", "why": ""}).status_code == 422
    assert client.post(correct, {"words": "I sing to him.", "why": "A slip of mine."}).status_code == 302
    late = client.post(correct, {"words": "I sing.", "why": "Me too."})
    assert late.status_code == 409
    assert "I sing." in late.content.decode()
    history = client.get(of(referral)).content.decode()
    assert "I sing to him." in history


def test_events_and_story_are_not_for_others(world: World) -> None:
    row = proposed(world)
    for path in ("happened/", "story/", "trying/", "add/", "lead/"):
        for user in (world.marcus, world.grace):
            assert client_of(user).get(f"/desk/family/{row.family_id}/{path}").status_code == 404


def test_trying_for_a_baby_is_the_first_stage(world: World) -> None:
    referral = world.refer(name="Amina Yusuf", role="mother")
    client_of(world.sunita).post(f"/desk/family/{referral.family_id}/trying/", {"assisted": "yes"})
    text = client_of(world.sunita).get(f"/desk/family/{referral.family_id}/").content.decode()
    assert "Trying to conceive, with assisted conception" in text


def test_the_family_may_choose_who_is_shown_first(world: World) -> None:
    row = accepted(world)
    client = client_of(world.sunita)
    page = f"/desk/family/{row.family_id}/lead/"
    assert client.post(page, {"lead": str(world.grace.pk), "words": ""}).status_code == 422
    assert client.post(page, {"lead": str(world.sunita.pk), "words": "I know her."}).status_code == 302
    assert FamilyCare.objects.get(pk=row.family_id).lead_why == "chosen by the family"
