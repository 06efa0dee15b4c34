"""Pages: what somebody says is not right, written down, answered, and shown beside the thing itself."""

from __future__ import annotations

import pytest
from django.test import Client
from tests.care.test_rights import both_parents, leads, told
from tests.web.scenes import STORY, client_of, day
from tests.world import NOW, World

from anydoor.care.consenting import Receiver, share_without
from anydoor.care.models import Objection, Story, Wait
from anydoor.people.models import Person, SharedWithout

pytestmark = pytest.mark.django_db
SAID = {
    "kind": "wrong",
    "words": "I never said <b>that</b>.",
    "should_be": "Tired.",
    "said_by": "Rosie",
    "how": "phone",
}


def text(client: Client, where: str) -> str:
    answer = client.get(where)
    assert answer.status_code == 200, where
    return answer.content.decode()


def mother_of(family_id: int) -> Person:
    return Person.objects.get(memberships__family=family_id, memberships__role="mother")


def test_from_the_telephone_to_the_answer_and_beside_the_story(world: World) -> None:
    ivy, _ = leads(world)
    family_id = told(world)
    mother, story = mother_of(family_id), Story.objects.get(words=STORY)
    grace, lead = client_of(world.grace), client_of(ivy)
    person_page = f"/desk/family/{family_id}/person/{mother.pk}/"
    where = f"{person_page}not-right/story:{story.pk}/"
    assert where in text(grace, f"{person_page}not-right/")
    wrong = grace.post(where, SAID | {"how": ""})
    assert wrong.status_code == 422
    assert "I never said &lt;b&gt;that&lt;/b&gt;." in wrong.content.decode()
    assert grace.post(where, SAID)["Location"] == person_page
    row = Objection.objects.get()
    for shown in (person_page, f"/desk/family/{family_id}/"):
        page = text(grace, shown)
        assert "says this is not right" in page
        assert "I never said &lt;b&gt;that&lt;/b&gt;." in page
        assert "Do not rely on it" in page
    said = f"/desk/rights/said/{row.pk}/"
    assert "The governance lead answers" in text(grace, said)
    assert grace.post(said, {"outcome": "kept", "words": "No."}).status_code == 404
    home = text(lead, "/desk/")
    assert "1 answer to give" in home
    assert "Answer what they say is not right" in home
    assert said in text(lead, "/desk/rights/")
    assert "by <b>10 April 2026</b>" in text(lead, said)
    bad = lead.post(said, {"outcome": "corrected", "now": "", "words": "You are right."})
    assert bad.status_code == 422
    assert "You are right." in bad.content.decode()
    done = lead.post(said, {"outcome": "corrected", "now": "I was tired.", "words": "You are right."})
    assert done["Location"] == said
    assert lead.post(said, {"outcome": "kept", "words": "Again."}).status_code == 409
    page = text(grace, person_page)
    assert "I was tired." in page
    assert "It said: “" in page.replace("&ldquo;", "“")
    assert not Wait.objects.open().filter(kind="objection").exists()


def test_strangers_find_no_page_of_it(world: World) -> None:
    leads(world)
    family_id = told(world)
    mother = mother_of(family_id)
    person_page = f"/desk/family/{family_id}/person/{mother.pk}/not-right/"
    client_of(world.grace).post(f"{person_page}person:{mother.pk}:name/", SAID)
    row = Objection.objects.get()
    for user in (world.marcus,):
        client = client_of(user)
        for where in (
            person_page, f"{person_page}other/", f"/desk/rights/said/{row.pk}/", "/desk/rights/sharing/",
            f"/desk/rights/said/{row.pk}/longer/", "/desk/rights/said/999/",
        ):  # fmt: skip
            assert client.get(where).status_code == 404, where
            assert client.post(where, SAID).status_code in {404, 405}, where


def test_a_partner_is_shown_none_of_it(world: World) -> None:
    leads(world)
    family_id, rosie_, sam = both_parents(world)
    client = client_of(world.grace)
    hers = f"/desk/family/{family_id}/person/{rosie_.pk}/not-right/person:{rosie_.pk}:name/"
    client.post(hers, SAID)
    assert "I never said" not in text(client, f"/desk/family/{family_id}/person/{sam.pk}/")
    garage = Story.objects.get(words="I cry in the garage.")
    where = f"/desk/family/{family_id}/person/{rosie_.pk}/not-right/story:{garage.pk}/"
    assert client.get(where).status_code == 404


def test_what_is_shared_without_asking_is_looked_at_by_the_lead(world: World) -> None:
    ivy, _ = leads(world)
    family_id = told(world)
    row = share_without(
        person=mother_of(family_id), family_id=family_id, to=Receiver(service=world.pairs),
        reason="A child may be hurt.", authority="child_safety", by=world.grace, at=NOW,
    )  # fmt: skip
    lead = client_of(ivy)
    assert "A child may be hurt." in text(lead, "/desk/rights/sharing/")
    where = f"/desk/rights/sharing/{row.pk}/"
    bad = lead.post(where, {"answer": "goes_on", "authority": "child_safety", "decided_with": ""})
    assert bad.status_code == 422
    sent = {"answer": "goes_on", "authority": "child_safety", "decided_with": "Ola <b>", **day("until", NOW)}
    assert lead.post(where, sent).status_code == 422  # today is no day still to come
    sent |= day("until", NOW.replace(year=2027))
    assert lead.post(where, sent)["Location"] == "/desk/rights/sharing/"
    row.refresh_from_db()
    assert row.decided_with == "Ola <b>"
    assert "Nothing waits to be looked at" in text(lead, "/desk/rights/sharing/")
    SharedWithout.objects.filter(pk=row.pk).update(decided_with="")
    assert lead.post(where, {"answer": "over", "words": "It is over."}).status_code == 302
    row.refresh_from_db()
    assert row.ended_at == NOW
