"""Pages of rights over records: asking, looking through, giving out, holding, erasing by two."""

from __future__ import annotations

import pytest
from django.test import Client
from tests.care.test_rights import asked, both_parents, ended, leads
from tests.web.scenes import client_of, day
from tests.world import NOW, World, person

from anydoor.access.models import AuditEntry, User
from anydoor.access.roles import Role
from anydoor.care.models import AccessRequest, Erasure, LegalHold
from anydoor.care.sealing import seal
from anydoor.people.models import Person

pytestmark = pytest.mark.django_db


def text(client: Client, where: str) -> str:
    answer = client.get(where)
    assert answer.status_code == 200, where
    return answer.content.decode()


def test_a_request_goes_from_asking_to_given(world: World) -> None:
    ivy, _ = leads(world)
    family_id, rosie_, _ = both_parents(world)
    client = client_of(ivy)
    found = client.post("/desk/rights/find/", {"code": rosie_.referrals.get().reference})
    assert found["Location"] == f"/desk/rights/record/{family_id}/"
    assert "scared" not in text(client, found["Location"])
    sent = {
        "person": str(rosie_.pk), "asked_by": "Rosie <b>", "asked_as": "self", "proof": "Passport seen",
        **day("asked_on", NOW),
    }  # fmt: skip
    wrong = client.post(f"/desk/rights/record/{family_id}/ask/", sent | {"proof": ""})
    assert wrong.status_code == 422
    assert "Rosie &lt;b&gt;" in wrong.content.decode()
    answer = client.post(f"/desk/rights/record/{family_id}/ask/", sent)
    row = AccessRequest.objects.get()
    page = f"/desk/rights/asked/{row.pk}/"
    assert answer["Location"] == page
    shown = text(client, page)
    assert "I cry in the garage" not in shown
    assert client.post(page, {"how": "By hand"}).status_code == 409
    left = 0
    while "Look at it" in shown:
        href = shown.split("Look at it")[0].rsplit('href="', 1)[1].split('"')[0]
        entry = text(client, href)
        of = entry.split('name="of" value="')[1].split('"')[0]
        bad = client.post(href, {"of": of, "choice": "out", "words": "No."})
        assert bad.status_code == 422
        good = {"of": of, "choice": "out", "reason": "third_party", "words": "About Sam."}
        assert client.post(href, good).status_code == 302
        shown, left = text(client, page), left + 1
    assert left
    assert "It is about somebody else" in shown
    assert client.post(page, {"how": "By hand at the hub"}).status_code == 302
    bundle = text(client, f"{page}bundle/")
    assert "just feel scared" in bundle
    assert "Left out: It is about somebody else." in bundle
    for secret in ("garage", "900555", "shouts", "About Sam"):
        assert secret not in bundle
    paper = client.get(f"{page}bundle/?file")
    assert paper.content.startswith(b"%PDF")
    assert "attachment" in paper["Content-Disposition"]
    assert AuditEntry.objects.filter(action="access_sent", purpose="subject_access").count() == 1


def test_strangers_other_areas_and_unnamed_leads_find_nothing(world: World) -> None:
    ivy, _ = leads(world)
    family_id, rosie_, _ = both_parents(world)
    row = asked(family_id, rosie_, ivy)
    pages = [
        f"/desk/rights/record/{family_id}/", f"/desk/rights/record/{family_id}/ask/",
        f"/desk/rights/record/{family_id}/hold/", f"/desk/rights/record/{family_id}/erase/",
        f"/desk/rights/asked/{row.pk}/", f"/desk/rights/asked/{row.pk}/bundle/",
        f"/desk/rights/asked/{row.pk}/entry/person:{rosie_.pk}/", f"/desk/rights/asked/{row.pk}/longer/",
        f"/desk/rights/asked/{row.pk}/close/",
    ]  # fmt: skip
    other = person("Odd Lead", world.pairs_team, Role.IG_LEAD)
    for user in (other, world.grace, world.sunita, world.lead):
        client = client_of(user)
        for where in pages:
            assert client.get(where).status_code == 404, (user.name, where)
    own = client_of(ivy)
    assert [own.get(where).status_code for where in pages] == [200] * len(pages)
    seal(family_id=family_id, kind="abuse", words="He works near.", names=[], by=world.grace, at=NOW)
    assert [own.get(where).status_code for where in pages] == [404] * len(pages)
    assert rosie_.called not in text(own, "/desk/rights/")


@pytest.mark.django_db(
    transaction=True
)  # a verb brings its own transaction: a test's would hide that it did not
def test_a_record_is_held_let_go_and_erased_by_two(world: World, at: object) -> None:
    ivy, una = leads(world)
    family_id = ended(world)
    first, second = client_of(ivy), client_of(una)
    page = f"/desk/rights/record/{family_id}/"
    assert first.post(f"{page}hold/", {"reason": "claim", "words": "A claim."}).status_code == 302
    assert first.post(f"{page}erase/", {"basis": "asked", "why": "They asked."}).status_code == 409
    hold = LegalHold.objects.get()
    assert first.post(f"/desk/rights/hold/{hold.pk}/lift/", {"words": "Settled."}).status_code == 302
    assert first.post(f"{page}erase/", {"basis": "asked", "why": ""}).status_code == 422
    assert first.post(f"{page}erase/", {"basis": "asked", "why": "They asked."}).status_code == 302
    row = Erasure.objects.get()
    where = f"/desk/rights/erasure/{row.pk}/"
    assert first.post(where, {"decision": "erase", "words": "Yes."}).status_code == 403
    assert Person.objects.filter(name="Rosie Thackeray").exists()
    assert second.post(where, {"decision": "erase", "words": "Yes."}).status_code == 302
    assert not Person.objects.filter(name="Rosie Thackeray").exists()
    shown = text(second, where)
    assert "Certificate of erasure" in shown
    assert "care_happening" in shown
    assert second.post(where, {"decision": "erase", "words": "Yes."}).status_code == 409


@pytest.mark.parametrize("who", ["ivy", "lead"])
def test_the_second_person_may_lead_the_door(world: World, who: str) -> None:
    ivy, _ = leads(world)
    family_id = ended(world)
    client_of(ivy).post(f"/desk/rights/record/{family_id}/erase/", {"basis": "asked", "why": "They asked."})
    user: User = ivy if who == "ivy" else world.lead
    shown = text(client_of(user), "/desk/rights/")
    assert f"Record {family_id}" in shown
    where = f"/desk/rights/erasure/{Erasure.objects.get().pk}/"
    assert "Erase it now" in text(client_of(user), where)
    assert client_of(user).post(where, {"decision": "keep", "words": "Not yet."}).status_code == 302
    assert Erasure.objects.get().state == "turned_down"


def test_what_is_due_is_listed_for_a_person_to_decide(world: World, at: object) -> None:
    ivy, _ = leads(world)
    family_id = ended(world)
    assert f"Record {family_id}" not in text(client_of(ivy), "/desk/rights/retention/")
    at(NOW.replace(year=2060))
    shown = text(client_of(ivy), "/desk/rights/retention/")
    assert f"Record {family_id}" in shown
    assert "Unverified" in shown
    assert client_of(world.sunita).get("/desk/rights/retention/").status_code == 404
