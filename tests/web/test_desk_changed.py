"""Pages: what was changed, from what to what, by whom and why; and who never sees them."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.test import Client
from tests.care.test_rights import LATER, ended, leads, told
from tests.web.scenes import client_of
from tests.world import NOW, World, build, person

from anydoor.access.models import AuditEntry, Membership, Organisation, PersonalSight, Team
from anydoor.access.roles import Role
from anydoor.care import amend
from anydoor.care.change_words import FIELD_WORDS, THINGS
from anydoor.care.rights import erasing
from anydoor.care.sealing import seal
from anydoor.care.staffing import end_role
from anydoor.people.models import ContactPoint, FamilyMember, Person

pytestmark = pytest.mark.django_db


def changes_of(family_id: int) -> str:
    return f"/desk/rights/record/{family_id}/changes/"


def shown(client: Client, where: str, status: int = 200) -> str:
    answer = client.get(where)
    assert answer.status_code == status, (where, answer.status_code)
    return " ".join(answer.content.decode().split())


def lines_of(page: str) -> list[str]:
    """The changes on a page, one text each."""
    _, _, listed = page.partition('aria-label="Changes, newest first">')
    return listed.partition("</ol>")[0].split("<li>")[1:]


def rosie_of(family_id: int) -> Person:
    return FamilyMember.objects.filter(family=family_id).order_by("pk")[0].person


@pytest.mark.django_db(transaction=True)
def test_a_correction_is_told_from_what_to_what_by_whom_and_why() -> None:
    world = build()
    ivy, _ = leads(world)
    family_id = told(world)
    rosie = rosie_of(family_id)
    amend.amend_person(
        person=rosie, family_id=family_id, why="Her passport says so.", version=rosie.version,
        changes={"name": "Rosie <b>Thackeray", "born_on": date(1994, 3, 2)}, by=world.grace, at=LATER,
    )  # fmt: skip
    client = client_of(ivy)
    page = shown(client, changes_of(family_id))
    line = lines_of(page)[0]
    assert "Facts about Rosie &lt;b&gt;Thackeray" in line
    assert "by <bdi>Grace Adeyemi</bdi>" in line
    assert "Her passport says so." in line
    assert "2 March 1994" in line
    assert "<b>Thackeray" not in page
    # What was done is told by its headline; what somebody wrote of it stays where it is.
    assert "How the family stands" in page
    for words in ("We spoke about sleep", "We met.", "just feel scared"):
        assert words not in page
    assert AuditEntry.objects.filter(
        action="see_changes", family_id=family_id, purpose="audit", user=ivy
    ).exists()
    Person.objects.filter(pk=rosie.pk).update(name="Somebody Else")
    first = lines_of(shown(client, changes_of(family_id)))[0]
    assert "Somebody Else" in first
    assert "changed from outside" in first
    assert "Grace" not in first
    link = changes_of(family_id)
    assert link in shown(client, f"/desk/rights/record/{family_id}/")


def test_neither_strangers_nor_workers_nor_another_areas_lead_see_it(world: World) -> None:
    ivy, _ = leads(world)
    family_id = told(world)
    elsewhere = Team.objects.create(
        organisation=Organisation.objects.create(slug="far", name="Far Trust", kind="nhs_trust"),
        slug="far-team", name="Far team", kind="service",
    )  # fmt: skip
    far = person("Far Lead", elsewhere, Role.IG_LEAD)
    for somebody in (world.grace, world.sunita, world.marcus, far):
        shown(client_of(somebody), changes_of(family_id), 404)
    shown(client_of(ivy), changes_of(999_999), 404)
    PersonalSight.objects.create(user=ivy, family_id=family_id, level="none", why="conflict")
    shown(client_of(ivy), changes_of(family_id), 404)


def test_a_sealed_record_is_told_to_nobody_who_is_not_named(world: World) -> None:
    ivy, una = leads(world)
    family_id = told(world)
    seal(family_id=family_id, kind="abuse", words="He looks for her.", names=[ivy], by=world.grace, at=NOW)
    shown(client_of(una), changes_of(family_id), 404)
    page = shown(client_of(ivy), changes_of(family_id))
    assert "The seal" in page
    assert "Ivy Gale on the list of the sealed record" in page


def test_who_left_the_family_takes_what_is_written_of_them_along(world: World) -> None:
    """A partner who left lives elsewhere; where is not this family's to see."""
    ivy, _ = leads(world)
    family_id = told(world)
    sam = Person.objects.create(name="Sam Thackeray")
    member = FamilyMember.objects.create(family_id=family_id, person=sam, role="father", joined_at=NOW)
    FamilyMember.objects.filter(pk=member.pk).update(left_at=LATER)
    Person.objects.filter(pk=sam.pk).update(address="1 Hidden Lane")
    Person.objects.filter(pk=sam.pk).update(address="2 Hidden Lane")
    page = shown(client_of(ivy), changes_of(family_id))
    assert "Hidden Lane" not in page
    assert "in the family" in page


def test_long_histories_page_and_a_strange_address_is_the_first_page(world: World) -> None:
    ivy, _ = leads(world)
    family_id = told(world)
    rosie = rosie_of(family_id)
    for number in range(30):
        Person.objects.filter(pk=rosie.pk).update(gp_practice=f"Practice {number:02}")
    client = client_of(ivy)
    page = shown(client, changes_of(family_id))
    assert "Practice 29" in page
    assert "Practice 03" not in page
    after = page.split('href="?before=')[1].split('"')[0]
    rest = shown(client, f"{changes_of(family_id)}?before={after}")
    assert "Practice 03" in rest
    assert "Practice 29" not in rest
    for strange in ("x", "-1", "9" * 30, "²", "%00"):
        assert "Practice 29" in shown(client, f"{changes_of(family_id)}?before={strange}")


def test_after_an_erasure_nothing_is_left_to_see_but_the_erasure(world: World) -> None:
    ivy, una = leads(world)
    family_id = ended(world)
    rosie = rosie_of(family_id)
    Person.objects.filter(pk=rosie.pk).update(name="Rosalind Quillfern")
    ContactPoint.objects.filter(person=rosie).update(hours="Quillfern evenings")
    assert "Rosalind" in shown(client_of(ivy), changes_of(family_id))
    row = erasing.ask(family_id=family_id, basis="asked", why="They asked us to.", by=ivy, at=LATER)
    done = erasing.erase(erasure_id=row.pk, words="Looked at.", by=una, at=LATER)
    assert done.counts["people_personchange"] >= 2
    page = shown(client_of(ivy), changes_of(family_id))
    for word in ("Rosalind", "Quillfern", "Thackeray", "Facts about"):
        assert word not in page
    assert lines_of(page)
    assert all("The erasure" in line for line in lines_of(page))


# ---- access of colleagues


def test_roles_of_a_colleague_are_told_to_who_looks_after_them(world: World) -> None:
    una = person("Una Dale", world.therapies_team, Role.TEAM_LEAD)
    row = world.grace.memberships.get()
    end_role(role_id=row.pk, on=LATER.date() + timedelta(days=1), by=una, at=LATER)
    page = shown(client_of(una), f"/desk/staff/{world.grace.pk}/changes/")
    assert "A role" in page
    assert "Practitioner" in page
    assert "Talking Therapies" in page
    assert "Una Dale" in page
    assert AuditEntry.objects.filter(action="see_role_changes", subject_id=world.grace.pk, user=una).exists()
    # Nothing of a way in to another team's records, nor of anybody there.
    assert "PAIRS" not in shown(client_of(una), f"/desk/staff/{una.pk}/changes/")
    shown(client_of(una), f"/desk/staff/{world.sunita.pk}/changes/", 404)
    shown(client_of(una), "/desk/staff/999999/changes/", 404)
    shown(client_of(world.grace), f"/desk/staff/{world.jo.pk}/changes/", 404)


def test_a_role_in_another_team_is_not_told(world: World) -> None:
    una = person("Una Dale", world.therapies_team, Role.TEAM_LEAD)
    Membership.objects.create(
        user=world.grace, team=world.front_door, role=Role.COORDINATOR.value, started_on=NOW.date()
    )
    page = shown(client_of(una), f"/desk/staff/{world.grace.pk}/changes/")
    assert "Coordinator" not in page
    assert "Practitioner" in page


# ---- words


@pytest.mark.parametrize("model", THINGS, ids=lambda model: model.__name__)
def test_every_field_that_is_told_has_words_of_its_own(model: type) -> None:
    from anydoor.access.history import KEPT
    from anydoor.care.change_words import HIDDEN

    plain = {
        "name",
        "language",
        "interpreter",
        "address",
        "postcode",
        "person",
        "role",
        "organisation",
        "team",
    }
    plain |= {"purpose", "authority", "reason", "phone", "job_title", "care_leaver", "trying_to_conceive"}
    plain |= {"assisted_conception", "area", "sealed", "answer"}
    missing = set(KEPT[model].fields) - HIDDEN - set(FIELD_WORDS) - plain
    assert not missing
