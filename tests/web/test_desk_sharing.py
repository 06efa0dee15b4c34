"""The pages of sharing, seals, people near and emergencies: what they show, take and refuse."""

from __future__ import annotations

import pytest
from django.test import Client
from tests.web.scenes import STORY, client_of, held_by_grace, proposed, rosie
from tests.world import World, person

from anydoor.access.models import AuditEntry, Declaration, User
from anydoor.access.roles import Role
from anydoor.care.models import BreakGlass, Seal, Sight
from anydoor.people.models import Consent, LawfulBasis, SharedWithout

pytestmark = pytest.mark.django_db
PASSWORD = "correct-horse-battery-9"
WHY = "The school rang. She is not reached, and he is alone there."


def says(world: World, person_id: int, **more: object) -> dict[str, object]:
    return {
        "person": str(person_id), "receiver": f"service-{world.therapies.pk}", "answer": "yes",
        "slices": ["story", "contact"], "purpose": "help", "words": "Yes, that is fine.",
        "given_by": "Rosie", "given_as": "self", "how": "phone", **more,
    }  # fmt: skip


def text(client: Client, where: str) -> str:
    return client.get(where).content.decode()


def test_a_yes_is_recorded_and_shown_in_one_paragraph(world: World) -> None:
    referral = rosie(world)
    client = client_of(world.sunita)
    page = f"/desk/family/{referral.family_id}/"
    assert "Rosie has not agreed to share with anybody else." in text(client, page)
    answer = client.post(f"{page}sharing/say/", says(world, referral.person_id))
    assert answer.status_code == 302
    row = Consent.objects.get()
    assert (row.state, row.slices, row.service_id) == ("given", ["contact", "story"], world.therapies.pk)
    assert "Rosie agreed to share with NHS Talking Therapies." in text(client, page)
    shown = text(client, f"{page}sharing/")
    assert "Yes, that is fine." in shown
    assert "You said we may share with NHS Talking Therapies." in shown
    assert "It is our public task" in shown
    # The same form again (a double click) is one word.
    client.post(f"{page}sharing/say/", says(world, referral.person_id))
    assert Consent.objects.count() == 1
    # A newer word takes its place: nobody changed their mind.
    client.post(f"{page}sharing/say/", says(world, referral.person_id, words="Only this.", form_key="a" * 22))
    listed = text(client, f"{page}sharing/")
    assert "Said anew" in listed
    assert "Ended" not in listed


@pytest.mark.parametrize(
    ("field", "value"),
    [("words", ""), ("given_by", " "), ("how", "smoke"), ("receiver", "service-0"), ("person", "0"),
     ("answer", ""), ("slices", []), ("until-year", "1999"), ("words", "x" * 600)],
)  # fmt: skip
def test_what_is_missing_is_asked_for_and_what_was_typed_is_kept(
    world: World, field: str, value: object
) -> None:
    referral = rosie(world)
    sent = says(world, referral.person_id, given_by="Rosie <b>T</b>")
    if field == "until-year":
        sent |= {"until-day": "1", "until-month": "1"}
    answer = client_of(world.sunita).post(
        f"/desk/family/{referral.family_id}/sharing/say/", {**sent, field: value}
    )
    assert answer.status_code == 422
    shown = answer.content.decode()
    assert "<b>T</b>" not in shown
    assert "&lt;b&gt;T" in shown or field == "given_by"
    assert Consent.objects.count() == 0


def test_changing_ones_mind_closes_it_to_the_receiver_and_leaves_their_own_work(world: World) -> None:
    episode = held_by_grace(world)
    grace, jo = client_of(world.grace), client_of(world.jo)
    page = f"/desk/family/{episode.family_id}/"
    assert STORY in text(grace, page)
    # Who recorded it keeps no more than her own work since; Grace records the change of mind herself.
    row = Consent.objects.get()
    sent = {"given_by": "Rosie", "words": "I would rather not."}
    assert grace.post(f"{page}sharing/{row.pk}/stop/", sent).status_code == 302
    for client in (grace, jo):
        shown = text(client, page)
        assert STORY not in shown
        assert "We spoke about sleep." in shown
        assert client.get(f"{page}everything/").status_code == 404
        assert client.get(f"{page}person/{episode.person_id}/").status_code == 404
    assert grace.get(f"/desk/work/episode/{episode.pk}/").status_code == 200
    contact = {"mode": "phone", "outcome": "attended", "words": "We spoke again.", "purpose": "support"}
    assert grace.post(f"/desk/work/episode/{episode.pk}/contact/", contact).status_code in {302, 422}
    assert AuditEntry.objects.filter(action="see_own_work").exists()


def test_going_without_and_the_lawful_basis_are_written_down(world: World) -> None:
    referral = rosie(world)
    client = client_of(world.sunita)
    page = f"/desk/family/{referral.family_id}/sharing/"
    sent = {
        "person": str(referral.person_id), "receiver": f"service-{world.pairs.pk}", "reason": "Too short",
        "authority": "child_safety",
    }  # fmt: skip
    assert client.post(f"{page}without/", sent).status_code == 422
    sent["reason"] = "The baby may be hurt, and she cannot be reached."
    assert client.post(f"{page}without/", sent).status_code == 302
    row = SharedWithout.objects.get()
    assert "To keep a child safe" in text(client, page)
    assert client.post(f"{page}without/{row.pk}/end/", {"words": "They are safe."}).status_code == 302
    basis = {
        "organisation": str(world.front_door.organisation_id), "article_6": "public_task",
        "article_9": "health_care",
    }  # fmt: skip
    assert client.post(f"{page}ground/", basis).status_code == 302
    assert LawfulBasis.objects.get().article_9 == "health_care"


def test_a_seal_is_set_named_and_lifted_by_page(world: World) -> None:
    referral = rosie(world)
    client, lead = client_of(world.sunita), client_of(world.lead)
    page = f"/desk/family/{referral.family_id}/"
    assert client.post(f"{page}seal/", {"kind": "abuse", "words": ""}).status_code == 422
    assert client.post(f"{page}seal/", {"kind": "abuse", "words": "He works near."}).status_code == 302
    again = client.post(f"{page}seal/", {"kind": "abuse", "words": "From a second tab."}).content.decode()
    assert "It was sealed already" in again
    assert "There is a problem" not in again
    missing = lead.get("/desk/family/987654/")
    hidden = lead.get(page)
    assert (hidden.status_code, missing.status_code) == (404, 404)
    assert len(hidden.content) == len(missing.content), "a sealed record answers as a missing one does"
    assert "This record is sealed" in text(client, page)
    client.post(f"{page}seal/names/", {"user": str(world.lead.pk)})
    assert lead.get(page).status_code == 200
    client.post(f"{page}seal/names/", {"unname": str(world.lead.pk)})
    assert lead.get(page).status_code == 404
    assert client.post(f"{page}seal/lift/", {"words": "She is safe."}).status_code == 302
    assert lead.get(page).status_code == 200
    assert Seal.objects.get().lifted_by == world.sunita


def emergency(reference: str, **other: object) -> dict[str, object]:
    return {"code": reference, "kind": "child", "reason": WHY, "proof": PASSWORD, **other}


@pytest.fixture
def marcus(world: World) -> Client:
    user = User.objects.get(pk=world.marcus.pk)
    user.set_password(PASSWORD)
    user.save()
    return client_of(user)


def test_an_emergency_needs_proof_and_a_reason_and_says_the_same_of_nobody(
    world: World, marcus: Client
) -> None:
    referral = rosie(world)
    for wrong in (
        {"proof": "wrong"},
        {"reason": "short"},
        {"kind": ""},
        {"code": ""},
        {"code": "NFK ZZZ ZZZ"},
    ):
        assert marcus.post("/desk/emergency/", emergency(referral.reference, **wrong)).status_code == 422
    assert BreakGlass.objects.count() == 0
    assert AuditEntry.objects.filter(action="break_glass_tried", allowed=False).count() >= 1
    answer = marcus.post("/desk/emergency/", emergency(referral.reference))
    assert answer["Location"] == f"/desk/family/{referral.family_id}/"
    shown = text(marcus, answer["Location"])
    assert "You opened a record in an emergency" in shown
    assert STORY in shown
    assert "you opened it in an emergency" in shown
    assert AuditEntry.objects.get(action="see_family").purpose == "break_glass"
    assert marcus.get(f"/desk/family/{referral.family_id}/seal/").status_code == 403
    row = BreakGlass.objects.get()
    assert marcus.get(f"/desk/emergency/reviews/{row.pk}/").status_code == 404
    assert marcus.post(f"/desk/emergency/{row.pk}/close/").status_code == 302
    assert marcus.get(f"/desk/family/{referral.family_id}/").status_code == 404


def test_a_review_is_closed_once_by_somebody_else(world: World, marcus: Client) -> None:
    referral = rosie(world)
    marcus.post("/desk/emergency/", emergency(referral.reference))
    row = BreakGlass.objects.get()
    # Who holds the family reads who opened it, and why; nobody else does.
    assert "Marcus Bell, " in text(client_of(world.sunita), "/desk/")
    assert "families you hold" not in text(client_of(world.tom), "/desk/")
    ivy = client_of(person("Ivy Gale", world.front_door, Role.IG_LEAD))
    assert "1 record to review" in text(ivy, "/desk/")
    assert "Marcus Bell" in text(ivy, "/desk/emergency/reviews/")
    page = f"/desk/emergency/reviews/{row.pk}/"
    assert STORY not in text(ivy, page)
    assert ivy.post(page, {"outcome": "right", "words": ""}).status_code == 422
    assert ivy.post(page, {"outcome": "right", "words": "It was right."}).status_code == 302
    assert ivy.post(page, {"outcome": "not_right", "words": "Or not."}).status_code == 409
    assert "Close the review" not in text(ivy, page)
    assert "record to review" not in text(ivy, "/desk/")
    assert client_of(world.jo).get(page).status_code == 404


def test_whom_i_must_not_meet_is_declared_and_taken_back(world: World) -> None:
    referral = rosie(world)
    client = client_of(world.sunita)
    page = f"/desk/family/{referral.family_id}/"
    assert client.post("/desk/near/", {"kind": "relative"}).status_code == 422
    sent = {"kind": "relative", "words": "my sister", "contact": "07700 900123"}
    assert client.post("/desk/near/", sent).status_code == 302
    assert client.get(page).status_code == 404
    assert "my sister" in text(client, "/desk/near/")
    assert "900123" not in text(client, "/desk/near/")
    row = Declaration.objects.get()
    assert client_of(world.lead).post("/desk/near/", {"end": str(row.pk)}).status_code == 404
    assert client.post("/desk/near/", {"end": str(row.pk)}).status_code == 302
    assert client.get(page).status_code == 200


def test_two_organisations_find_nothing_of_each_other(world: World) -> None:
    row = proposed(world, world.therapies)
    marcus = client_of(world.marcus)
    for where in ("", "sharing/", "sharing/say/", "sharing/without/", "seal/", "looks/", "everything/"):
        assert marcus.get(f"/desk/family/{row.family_id}/{where}").status_code == 404
        assert marcus.post(f"/desk/family/{row.family_id}/{where}", {"words": "x"}).status_code in {404, 405}
    assert Sight.objects.filter(team=world.pairs_team).count() == 0
