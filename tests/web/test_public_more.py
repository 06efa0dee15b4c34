"""What a person adds after asking: how it is safe to reach them, what they need, who they are, more words."""

from __future__ import annotations

import pytest
from django.test import Client
from tests.web.test_public_ask import STORY, send
from tests.world import NOW, World

from anydoor.care import own_words
from anydoor.care.models import Happening, PossibleMatch, Referral, Story, Wait
from anydoor.messages.models import OutboxMessage
from anydoor.people.models import ContactPoint, FamilyMember, Instruction, Person


@pytest.fixture
def asked(client: Client, world: World) -> str:
    """The address of the page after asking, in this client's browser."""
    return send(client)["Location"]


def test_safe_ways_are_kept_as_they_are_said(client: Client, asked: str) -> None:
    page = client.get(asked + "safe/").content.decode()
    assert "ending 142" in page
    answer = client.post(asked + "safe/", {"safe": "yes", "uses": ["call", "text"], "hours": "before 3pm"})
    assert answer["Location"] == asked
    point = ContactPoint.objects.get()
    assert (point.safe, point.uses, point.hours) == ("yes", ["call", "text"], "before 3pm")
    assert "(told)" in client.get(asked).content.decode()
    assert OutboxMessage.objects.filter(template="family_added", channel="staff").count() == 1


def test_a_number_that_is_not_safe_and_one_that_is(client: Client, asked: str) -> None:
    client.post(asked + "safe/", {"safe": "no", "another": "07700 900555", "uses": ["call"], "hours": ""})
    points = {point.value[-3:]: (point.safe, point.uses) for point in ContactPoint.objects.all()}
    assert points == {"142": ("no", []), "555": ("yes", ["call"])}


@pytest.mark.parametrize(
    "said",
    [
        {},
        {"safe": "yes"},
        {"safe": "no", "another": "my friend"},
        {"safe": "perhaps"},
        {"safe": "yes", "uses": ["fly"]},
    ],
)
def test_what_cannot_be_used_says_why(client: Client, asked: str, said: dict[str, object]) -> None:
    answer = client.post(asked + "safe/", said)
    assert answer.status_code == 422
    assert "There is a problem" in answer.content.decode()
    assert ContactPoint.objects.get().safe == "not_asked"


def test_language_and_needs_become_instructions(client: Client, asked: str) -> None:
    said = {
        "language": "Polish",
        "interpreter": "yes",
        "communication": ["easy_read", "more_time"],
        "other": "I am deaf in one ear.",
    }
    for _ in range(2):  # told twice is told once
        assert client.post(asked + "needs/", said).status_code == 302
    person = Referral.objects.get().person
    assert (person.language, person.interpreter) == ("Polish", "yes")
    assert Instruction.objects.filter(person=person, kind="need").count() == 3
    assert "interpreter" in Referral.objects.get().about


def test_a_father_says_who_he_is(client: Client, asked: str) -> None:
    answer = client.post(
        asked + "about/",
        {
            "name": "Danny O’Brien",
            "role": "father",
            "where": "born",
            "baby_born_on-day": "17",
            "baby_born_on-month": "February",
            "baby_born_on-year": "2026",
        },
    )
    assert answer.status_code == 302
    referral = Referral.objects.get()
    assert (referral.title, referral.who_words, referral.about) == (
        "Danny O’Brien",
        "father, baby born 17 February",
        ["father"],
    )
    assert [member.role for member in FamilyMember.objects.order_by("pk")] == ["father", "baby"]
    again = {
        "where": "born",
        "baby_born_on-day": "18",
        "baby_born_on-month": "2",
        "baby_born_on-year": "2026",
    }
    client.post(asked + "about/", again)
    baby = Person.objects.get(memberships__role="baby")
    assert baby.born_on is not None
    assert baby.born_on.day == 18
    lines = Happening.objects.filter(kind="amended", facts__person=baby.pk).get().facts["lines"]
    assert (lines[0]["old"], lines[0]["new"]) == ("17 February 2026", "18 February 2026")


def test_after_a_loss_nothing_more_is_asked(client: Client, asked: str) -> None:
    client.post(asked + "about/", {"where": "loss"})
    assert Person.objects.get(memberships__role="baby").loss_kind == "not_said"
    client.post(
        asked + "about/",
        {"where": "expecting", "due_on-day": "1", "due_on-month": "9", "due_on-year": "2026"},
    )
    baby = Person.objects.get(memberships__role="baby")
    assert (baby.loss_kind, baby.due_on) == ("not_said", None)
    assert Story.objects.filter(words="due 1 September").exists()


def test_dates_that_cannot_be_say_so(client: Client, asked: str) -> None:
    for year in ("2026", "2019"):
        answer = client.post(
            asked + "about/",
            {
                "where": "expecting",
                "due_on-day": "31",
                "due_on-month": "2" if year == "2026" else "1",
                "due_on-year": year,
            },
        )
        assert answer.status_code == 422
    assert not Person.objects.filter(memberships__role="baby").exists()


def test_more_words_are_added_once_and_read_back(client: Client, asked: str) -> None:
    for _ in range(2):
        client.post(asked + "words/", {"words": "He helps at night."})
    page = client.get(asked + "words/").content.decode()
    assert STORY in page
    assert page.count("He helps at night.") == 1
    assert Story.objects.count() == 2


def test_a_correction_keeps_the_first_version(client: Client, asked: str) -> None:
    story = Story.objects.get()
    client.post(f"{asked}words/{story.pk}/", {"words": "I have a four week old."})
    story.refresh_from_db()
    assert story.replaced_by is not None
    assert story.replaced_by.words == "I have a four week old."
    assert story.words == STORY
    assert Referral.objects.get().excerpt == "I have a four week old."
    stale = client.post(f"{asked}words/{story.pk}/", {"words": "Something else."})
    assert stale.status_code == 403


def test_danger_in_words_added_later_counts_as_much(client: Client, asked: str) -> None:
    client.post(asked + "words/", {"words": "Sometimes I want to kill myself."})
    referral = Referral.objects.get()
    assert "danger" in referral.tags
    assert referral.sort_key.startswith("0")
    assert Wait.objects.open().filter(kind="danger").count() == 1
    page = client.get(asked + "words/").content.decode()
    assert page.count('id="help-now"') == 1
    assert page.index('id="help-now"') < page.index("kill myself")


def test_a_strangers_story_opens_for_nobody_else(client: Client, asked: str) -> None:
    mine = Story.objects.get()
    other = Client()
    theirs = send(other, story="Not yours to read.")["Location"]
    answer = other.get(f"{theirs}words/{mine.pk}/")
    assert answer.status_code == 403
    assert STORY not in answer.content.decode()


def test_the_record_of_somebody_known_before_is_not_changed_from_here(
    client: Client, asked: str, world: World
) -> None:
    from anydoor.care import joining

    known = world.refer(name="Rosie Thackeray", contact="01632 960003").person
    referral = Referral.objects.exclude(person=known).get()
    match = PossibleMatch.objects.create(referral=referral, candidate=known, reasons=["Same name"])
    joining.decide_match(match=match, same=True, by=world.sunita, at=NOW)
    page = client.get(asked).content.decode()
    assert "Thackeray" not in page
    client.post(asked + "about/", {"name": "Somebody Else", "role": "father"})
    client.post(asked + "needs/", {"language": "Polish"})
    known.refresh_from_db()
    assert (known.name, known.language) == ("Rosie Thackeray", "")
    referral.refresh_from_db()
    said = {story.words for story in Story.objects.filter(referral=referral, how=own_words.ANSWERS)}
    assert {"Name: Somebody Else", "father", "Language: Polish"} <= said
    # Nobody else's form shows its answers there: to see them would tell that two records were joined.
    assert "Somebody Else" not in client.get(asked + "words/").content.decode()
