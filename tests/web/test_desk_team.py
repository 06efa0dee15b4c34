"""My team: who is there, the rota, leave, closing an account, and what moved."""

from __future__ import annotations

from datetime import timedelta

import pytest
from tests.web.scenes import client_of, day, held_by_grace, rosie
from tests.world import NOW, World, person

from anydoor.access.models import AuditEntry, DutyTurn, Leave, Membership, Team, User
from anydoor.access.roles import Role
from anydoor.care import staffing
from anydoor.care.staffing import Period

pytestmark = pytest.mark.django_db(transaction=True)


def test_the_page_says_who_is_there_and_who_is_on_duty(world: World) -> None:
    text = client_of(world.sunita).get("/desk/team").content.decode()
    for words in (
        "Norfolk front door",
        "Sunita Rao is on duty now.",
        "Tom Ardley",
        "08:00 to 18:00",
        "Coordinator",
    ):
        assert words in text, words
    assert "Close account" not in text
    assert "Talking Therapies" not in text


def test_only_the_lead_changes_the_rota(world: World) -> None:
    turn = DutyTurn.objects.first()
    for path in (f"turn/{turn.pk}/off/", "turn/", "fall-back/", f"close/{world.sunita.pk}/"):
        page = f"/desk/team/{world.front_door.pk}/{path}"
        assert client_of(world.sunita).post(page).status_code == 403
        assert client_of(world.marcus).post(page).status_code == 404
    assert client_of(world.grace).post(f"/desk/team/{world.front_door.pk}/turn/").status_code == 404


def test_a_turn_is_added_once_and_taken_off_once(world: World) -> None:
    lead = client_of(world.lead)
    page = f"/desk/team/{world.front_door.pk}/turn/"
    data = {"user": str(world.tom.pk), "weekday": "5", "starts": "9am", "ends": "12:30"}
    assert lead.post(page, data).status_code == 302
    again = lead.post(page, data)
    assert again.status_code == 409
    assert "on duty then already" in again.content.decode()
    turn = DutyTurn.objects.get(user=world.tom)
    off = f"/desk/team/{world.front_door.pk}/turn/{turn.pk}/off/"
    assert "taken off" in lead.post(off, follow=True).content.decode()
    assert "not on the rota any more" in lead.post(off, follow=True).content.decode()
    assert AuditEntry.objects.filter(action="duty_turn_removed", user=world.lead).count() == 1


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"user": "", "weekday": "1", "starts": "9", "ends": "10"}, "Choose who is on duty."),
        ({"weekday": "9", "starts": "9", "ends": "10"}, "Choose from the answers"),
        ({"weekday": "1", "starts": "10", "ends": "9"}, "It ends before it starts."),
        ({"weekday": "1", "starts": "25", "ends": "9"}, "like 10:30 or 2pm"),
    ],
)
def test_an_impossible_turn_is_refused(world: World, typed: dict[str, str], said: str) -> None:
    data = {"user": str(world.tom.pk), **typed}
    answer = client_of(world.lead).post(f"/desk/team/{world.front_door.pk}/turn/", data)
    assert answer.status_code == 422
    assert said in answer.content.decode()


def test_the_fallback_is_replaced_and_never_taken_away(world: World) -> None:
    lead = client_of(world.lead)
    page = f"/desk/team/{world.front_door.pk}/fall-back/"
    assert lead.post(page, {"user": ""}).status_code == 422
    assert lead.post(page, {"user": str(world.grace.pk)}).status_code == 422
    assert lead.post(page, {"user": str(world.sunita.pk)}).status_code == 302
    assert Team.objects.get(pk=world.front_door.pk).fallback == world.sunita
    assert lead.get(f"/desk/team/{world.therapies_team.pk}/fall-back/").status_code == 404


# ---- leave


def test_leave_names_a_cover_who_then_holds(world: World) -> None:
    referral = rosie(world)
    client = client_of(world.sunita)
    data = {**day("starts_on", NOW), **day("ends_on", NOW + timedelta(days=4))}
    assert "You hold families, so name who covers." in client.post("/desk/team/leave/", data).content.decode()
    assert client.post("/desk/team/leave/", {**data, "cover": str(world.tom.pk)}).status_code == 302
    referral.refresh_from_db()
    assert referral.holder == world.tom
    again = client.post("/desk/team/leave/", {**data, "cover": str(world.tom.pk)})
    assert again.status_code == 409
    assert "already has leave in these days" in again.content.decode()
    assert "Tom Ardley covers you" in client.get("/desk/team").content.decode()
    moved = client_of(world.lead).get("/desk/team").content.decode()
    assert "Rosie Thackeray" in moved
    assert "Sunita Rao is away until 14 March." in moved


@pytest.mark.parametrize(
    ("starts", "ends", "said"),
    [(5, 1, "before the first"), (-9, -5, "These days are past."), (1, 500, "more than a year")],
)
def test_impossible_leave_is_refused(world: World, starts: int, ends: int, said: str) -> None:
    data = {**day("starts_on", NOW + timedelta(days=starts)), **day("ends_on", NOW + timedelta(days=ends))}
    answer = client_of(world.sunita).post("/desk/team/leave/", data)
    assert answer.status_code == 422
    assert said in answer.content.decode()


def test_the_lead_records_leave_for_others_and_others_do_not(world: World) -> None:
    data = {**day("starts_on", NOW + timedelta(days=9)), **day("ends_on", NOW + timedelta(days=12))}
    page = f"/desk/team/{world.front_door.pk}/leave/{world.sunita.pk}/"
    assert client_of(world.tom).post(page, data).status_code == 403
    assert client_of(world.marcus).post(page, data).status_code == 404
    assert client_of(world.lead).post(page, data).status_code == 302
    assert Leave.objects.get().user == world.sunita
    stranger = f"/desk/team/{world.front_door.pk}/leave/{world.grace.pk}/"
    assert client_of(world.lead).post(stranger, data).status_code == 404


# ---- closing an account


def test_closing_an_account_lists_what_moved_and_to_whom(world: World) -> None:
    referral = rosie(world)
    page = f"/desk/team/{world.front_door.pk}/close/{world.sunita.pk}/"
    lead = client_of(world.lead)
    assert "Sunita Rao holds 1 family." in lead.get(page).content.decode()
    assert lead.post(page, {"to": str(world.tom.pk)}).status_code == 422
    answer = lead.post(page, {"to": str(world.tom.pk), "sure": "yes"})
    assert answer.status_code == 200
    assert "Tom Ardley" in answer.content.decode()
    referral.refresh_from_db()
    assert referral.holder == world.tom
    assert lead.post(page, {"to": "", "sure": "yes"}).status_code in {404, 409}
    assert client_of(world.tom).get(f"/desk/family/{referral.family_id}/").status_code == 200


def test_the_fallback_and_oneself_cannot_be_closed(world: World) -> None:
    lead = client_of(world.lead)
    held = lead.post(f"/desk/team/{world.front_door.pk}/close/{world.tom.pk}/", {"to": "", "sure": "yes"})
    assert held.status_code == 409
    assert "Name another first." in held.content.decode()
    own = lead.post(f"/desk/team/{world.front_door.pk}/close/{world.lead.pk}/", {"to": "", "sure": "yes"})
    assert own.status_code == 403


def test_who_works_in_a_team_of_others_too_is_not_closed_by_a_lead_of_one(world: World) -> None:
    lead, page = client_of(world.lead), f"/desk/team/{world.front_door.pk}/close/{world.grace.pk}/"
    role = staffing.begin_role(
        user=world.grace,
        team=world.front_door,
        role=Role.PRACTITIONER,
        period=Period(NOW.date()),
        by=world.lead,
        at=NOW,
    )
    for answer in (lead.get(page), lead.post(page, {"to": "", "sure": "yes"})):
        assert answer.status_code == 403
        assert "has a role that is not yours to end" in answer.content.decode()
    for place in ("/desk/team", f"/desk/staff/{world.grace.pk}/"):
        assert page not in lead.get(place).content.decode()
    assert User.objects.get(pk=world.grace.pk).is_active
    assert Membership.objects.get(team=world.therapies_team, user=world.grace).ended_on is None
    Membership.objects.filter(user=world.grace).exclude(pk=role.pk).update(ended_on=NOW.date())
    assert page in lead.get("/desk/team").content.decode()
    assert lead.post(page, {"to": "", "sure": "yes"}).status_code == 200


@pytest.mark.parametrize("role", [Role.ADMIN, Role.IG_LEAD, Role.SERVICE_MANAGER])
def test_who_may_not_end_a_role_closes_no_account_that_has_it(world: World, role: Role) -> None:
    above = person("Ada Above", world.front_door, role)
    page = f"/desk/team/{world.front_door.pk}/close/{above.pk}/"
    for user in (world.priya, world.lead):
        assert client_of(user).post(page, {"to": "", "sure": "yes"}).status_code == 403
        assert page not in client_of(user).get("/desk/team").content.decode()
    assert User.objects.get(pk=above.pk).is_active
    admin = person("Abe Admin", world.front_door, Role.ADMIN)
    assert client_of(admin).post(page, {"to": "", "sure": "yes"}).status_code == 200


def test_a_first_contact_is_no_move_of_the_lists(world: World) -> None:
    held_by_grace(world)
    assert "No family changed hands" in client_of(world.lead).get("/desk/team").content.decode()
