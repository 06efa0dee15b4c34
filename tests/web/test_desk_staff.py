"""Who has access: the list and its file, one person, roles given and ended, reviews, and sign-ins."""

from __future__ import annotations

import csv
import io
import re
from datetime import timedelta

import pytest
from django.contrib.sessions.models import Session
from django.core.management import CommandError, call_command
from django.test import Client
from tests.web.scenes import client_of, day, held_by_grace, rosie
from tests.web.signing import PASSWORD, sign_in
from tests.world import NOW, World, person

from anydoor.access import sessions
from anydoor.access.models import AccessReview, AuditEntry, Membership, PersonalSight, User
from anydoor.access.roles import Role
from anydoor.care import receipts, staffing
from anydoor.care.staffing import Newcomer, Period
from anydoor.messages.models import OutboxMessage

pytestmark = pytest.mark.django_db(transaction=True)
TODAY = NOW.date()
ADD = {"name": "Asha Birch", "email": "asha.birch@county.gov.uk", "job_title": "Worker", "role": "front_door"}


@pytest.fixture
def admin(world: World) -> User:
    return person("Ada Admin", world.front_door, Role.ADMIN)


def added(world: World, **more: object) -> dict[str, object]:
    return {**ADD, "team": str(world.front_door.pk), **day("first", NOW), **more}


def asha(world: World, *, by: User | None = None, last: int | None = None) -> User:
    ends = TODAY + timedelta(days=last) if last is not None else None
    return staffing.add_colleague(
        team=world.front_door,
        who=Newcomer("Asha Birch", "asha.birch@county.gov.uk"),
        role=Role.FRONT_DOOR,
        period=Period(TODAY, ends),
        by=by or world.lead,
        at=NOW,
    ).user


def text_of(client: Client, path: str) -> str:
    answer = client.get(path)
    assert answer.status_code == 200, answer.status_code
    return " ".join(re.sub(r"<[^>]+>", " ", answer.content.decode()).split())


# ---- the list


def test_a_lead_sees_their_team_and_nobody_else(world: World) -> None:
    text = text_of(client_of(world.lead), "/desk/staff/")
    for words in ("Sunita Rao", "Tom Ardley", "Priya Sandhu", "Helen Lusher", "Never signed in"):
        assert words in text, words
    for words in ("Grace Adeyemi", "Ola Hart", "Marcus Bell"):
        assert words not in text, words
    assert AuditEntry.objects.filter(action="see_register", user=world.lead).count() == 1


def test_administrators_and_governance_leads_see_their_organisation(world: World, admin: User) -> None:
    ines = person("Ines Lead", world.front_door, Role.IG_LEAD)
    for user in (admin, ines):
        text = text_of(client_of(user), "/desk/staff/")
        assert "Ola Hart" in text
        assert "Grace Adeyemi" not in text
    narrowed = text_of(client_of(admin), f"/desk/staff/?team={world.front_door.pk}")
    assert "Ola Hart" not in narrowed
    manager = person("Mia Manager", world.therapies_team, Role.SERVICE_MANAGER)
    text = text_of(client_of(manager), "/desk/staff/")
    assert "Jo Lane" in text
    assert "Marcus Bell" not in text


@pytest.mark.parametrize("role", [Role.PRACTITIONER, Role.COORDINATOR, Role.COMMISSIONER, Role.REFERRER])
def test_others_see_no_list(world: World, role: Role) -> None:
    client = client_of(person("Nobody Here", world.front_door, role))
    for path in ("staff/", "staff.csv", "staff/add/"):
        assert client.get(f"/desk/{path}").status_code == 403
    row = Membership.objects.get(user=world.sunita)
    for path in (
        *(f"staff/{world.sunita.pk}/", f"staff/{world.sunita.pk}/right/", f"staff/{world.sunita.pk}/link/"),
        *(f"staff/{world.sunita.pk}/role/", f"staff/role/{row.pk}/end/", f"staff/role/{row.pk}/change/"),
        *(f"staff/{world.sunita.pk}/sign-ins/end/", f"staff/{world.sunita.pk}/keys/1/end/"),
    ):
        assert client.post(f"/desk/{path}").status_code in {404, 405}, path
    for path in (f"staff/{world.sunita.pk}/", f"staff/role/{row.pk}/end/"):
        assert client.get(f"/desk/{path}").status_code == 404, path
    assert "Who has access" not in client.get("/desk/").content.decode()


def test_each_mark_is_found_by_the_rows(world: World) -> None:
    day_of = TODAY - timedelta(days=100)
    User.objects.filter(pk=world.sunita.pk).update(last_login=NOW - timedelta(days=91))
    User.objects.filter(pk=world.tom.pk).update(last_login=NOW - timedelta(days=1))
    Membership.objects.create(
        user=world.tom, team=world.therapies_team, role="practitioner", started_on=day_of
    )
    receipts.make_token(name="Surgery", team=world.front_door, user=world.priya, by=world.lead, at=NOW)
    episode = held_by_grace(world)
    PersonalSight.objects.create(user=world.priya, family_id=episode.family_id, level="full", why="named")
    asha(world, last=20)
    row = Membership.objects.create(
        user=world.priya, team=world.front_door, role="practitioner", started_on=day_of,
        ended_on=TODAY - timedelta(days=3),
    )  # fmt: skip
    leaver = person("Leo Left", world.front_door, Role.FRONT_DOOR)
    Membership.objects.filter(user=leaver).update(ended_on=TODAY - timedelta(days=5))
    client = client_of(world.lead)
    for mark, here, not_here in (
        ("unused", "Sunita Rao", "Tom Ardley"),
        ("never", "Priya Sandhu", "Sunita Rao"),
        ("elsewhere", "Tom Ardley", "Sunita Rao"),
        ("keys", "Priya Sandhu", "Tom Ardley"),
        ("soon", "Asha Birch", "Tom Ardley"),
        ("joined", "Asha Birch", "Priya Sandhu"),
        ("moved", "Priya Sandhu", "Asha Birch"),
        ("left", "Leo Left", "Sunita Rao"),
        ("due", "Sunita Rao", "Asha Birch"),
    ):
        table = client.get(f"/desk/staff/?show={mark}").content.decode().split("People with access")[1]
        assert here in table, mark
        assert not_here not in table, mark
    # A number would tell a team that there is a sealed record: only who governs information is told.
    assert "Sees 1 record" not in text_of(client, f"/desk/staff/{world.priya.pk}/")
    ines = client_of(person("Ines Lead", world.front_door, Role.IG_LEAD))
    assert "Sees 1 record beyond their teams" in text_of(ines, f"/desk/staff/{world.priya.pk}/")
    assert "Priya Sandhu" in ines.get("/desk/staff/?show=named").content.decode().split("People with")[1]
    assert "Rosie" not in text_of(client, "/desk/staff/") + text_of(ines, f"/desk/staff/{world.priya.pk}/")
    assert "works for 1 other organisation too" in text_of(client, "/desk/staff/").lower()
    assert "NHS Trust" not in text_of(client, "/desk/staff/")
    assert row.pk


def test_a_second_step_is_missed_where_it_is_asked_for(world: World, settings: object) -> None:
    settings.SECOND_STEP = "required"  # type: ignore[attr-defined]  # a fixture of pytest-django
    client = Client()
    client.force_login(world.lead)
    session = client.session
    session["second_step"] = True
    session.save()
    assert "Sunita Rao" in client.get("/desk/staff/?show=no_step").content.decode()


def test_the_list_has_pages_and_few_queries(world: World, django_assert_max_num_queries: object) -> None:
    for number in range(60):
        person(f"Worker {number:03d}", world.front_door, Role.FRONT_DOOR)
    client = client_of(world.lead)
    with django_assert_max_num_queries(24):  # type: ignore[operator]  # a fixture of pytest-django
        first = text_of(client, "/desk/staff/")
    assert "Page 1 of 3, by name" in first
    assert "Worker 059" not in first
    assert "Worker 059" in text_of(client, "/desk/staff/?page=3")
    for odd in ("0", "-1", "99999999999", "٣", "x", "3'"):
        assert client.get("/desk/staff/", {"page": odd}).status_code == 200
    found = text_of(client, "/desk/staff/?find=worker%20059")
    assert "Worker 059" in found
    assert "Worker 001" not in found


@pytest.mark.parametrize(
    "query",
    ["show=nothing", "team=x", "team=999999999999999999999", "period=5", "find=%00%E2%80%AE<b>", "page="],
)
def test_odd_questions_are_answered(world: World, query: str) -> None:
    assert client_of(world.lead).get(f"/desk/staff/?{query}").status_code == 200
    assert client_of(world.lead).get(f"/desk/staff.csv?{query}").status_code == 200


def test_the_file_holds_the_same_and_runs_nothing(world: World) -> None:
    User.objects.filter(pk=world.sunita.pk).update(name='=HYPERLINK("http://evil.example")', job_title="+44")
    answer = client_of(world.lead).get("/desk/staff.csv")
    assert answer["Content-Type"].startswith("text/csv")
    rows = list(csv.DictReader(io.StringIO(answer.content.decode())))
    assert {row["email"] for row in rows} == {
        f"{name}@staff.example" for name in ("sunita.rao", "tom.ardley", "priya.sandhu", "helen.lusher")
    }
    assert not [cell for row in rows for cell in row.values() if cell[:1] in "=+-@\t\r" and cell]
    one = next(row for row in rows if row["email"].startswith("sunita"))
    assert (one["name"][0], one["job_title"], one["role"]) == ("'", "'+44", "front_door")
    entry = AuditEntry.objects.get(action="export_register")
    assert (entry.user, entry.why) == (world.lead, "everybody, 4 people")


# ---- joiners


def test_a_colleague_is_added_and_sets_a_password_by_the_link(world: World) -> None:
    lead = client_of(world.lead)
    assert "front door worker" in lead.get("/desk/staff/add/").content.decode().lower()
    answer = lead.post("/desk/staff/add/", added(world), follow=True)
    assert "Asha Birch joins Norfolk front door on 10 March 2026." in answer.content.decode()
    message = OutboxMessage.objects.get(template="first_password")
    link = re.search(r"http://[^/]+(/sign-in/first/\S+)", message.body)
    assert link is not None

    newcomer = Client()
    opened = newcomer.get(link[1])
    assert (opened.status_code, opened["Location"]) == (302, "/sign-in/first/")
    form = newcomer.get("/sign-in/first/")
    assert "asha.birch@county.gov.uk" in form.content.decode()
    assert form["Cache-Control"] == "no-store, private"
    for weak in ("short", "asha.birch@county.gov.uk", "1234567890123"):
        again = newcomer.post("/sign-in/first/", {"password1": weak, "password2": weak})
        assert again.status_code == 422, weak
    unlike = newcomer.post("/sign-in/first/", {"password1": PASSWORD, "password2": "others"})
    assert unlike.status_code == 422
    done = newcomer.post("/sign-in/first/", {"password1": PASSWORD, "password2": PASSWORD})
    assert done["Location"] == "/sign-in/"
    assert newcomer.get("/desk/").status_code == 302, "the link signs nobody in"
    assert sign_in(newcomer, "asha.birch@county.gov.uk")["Location"] == "/desk/"
    assert newcomer.get("/desk/inbox").status_code == 200
    late = Client()
    late.get(link[1])
    assert late.get("/sign-in/first/").status_code == 404
    assert "Never signed in" not in text_of(lead, f"/desk/staff/{User.objects.get(name='Asha Birch').pk}/")


def test_the_answer_is_the_same_whether_there_was_an_account_or_not(world: World) -> None:
    User.objects.filter(pk=world.grace.pk).update(email="grace@trust.nhs.uk")
    lead = client_of(world.lead)
    pages = []
    for email in ("grace@trust.nhs.uk", "nobody.known@trust.nhs.uk"):
        answer = lead.post("/desk/staff/add/", added(world, name="New Colleague", email=email))
        assert (answer.status_code, answer["Location"]) == (302, "/desk/staff/")
        page = lead.get("/desk/staff/?show=elsewhere").content.decode()
        pages.append(re.search(r"New Colleague joins[^<]*", page)[0].replace(email, ""))
    assert pages[0] == pages[1]


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"name": ""}, "Write their name."),
        ({"email": "asha@gmail.com"}, "this is not one of them yet"),
        ({"email": "x"}, "email"),
        ({"role": "admin"}, "Choose from the answers"),
        ({"team": "99999"}, "Choose from the answers"),
        ({"first-year": "1999"}, "That day is past"),
        ({"first-day": "31", "first-month": "2"}, "problem"),
        ({"name": "A\x00\u202eB" * 50}, "problem"),
    ],
)
def test_what_cannot_be_is_asked_again_and_kept(world: World, typed: dict[str, str], said: str) -> None:
    answer = client_of(world.lead).post("/desk/staff/add/", added(world, **typed))
    page = answer.content.decode()
    assert answer.status_code == 422, said
    assert said in page
    if "email" not in typed:
        assert "asha.birch@county.gov.uk" in page
    assert not User.objects.filter(email__startswith="asha").exists()


def test_adding_twice_adds_once(world: World) -> None:
    lead = client_of(world.lead)
    assert lead.post("/desk/staff/add/", added(world)).status_code == 302
    again = lead.post("/desk/staff/add/", added(world))
    assert again.status_code == 409
    assert "has this role in Norfolk front door in these days already" in again.content.decode()
    assert OutboxMessage.objects.filter(template="first_password").count() == 1


def test_a_link_that_ended_is_sent_again(world: World, at: object) -> None:
    user = asha(world)
    lead = client_of(world.lead)
    page = f"/desk/staff/{user.pk}/"
    assert "No password is set yet. The link to set one works until" in text_of(lead, page)
    at(NOW + timedelta(hours=73))  # type: ignore[operator]  # a fixture of ours
    lead = client_of(world.lead)
    assert "the link to set one has ended" in text_of(lead, page)
    assert "A link is on its way" in lead.post(f"{page}link/", follow=True).content.decode()
    assert OutboxMessage.objects.filter(template="first_password").count() == 2
    user.set_password(PASSWORD)
    user.save()
    assert "Nothing was sent" in lead.post(f"{page}link/", follow=True).content.decode()


# ---- movers


def test_a_role_is_given_changed_and_ended(world: World) -> None:
    rosie(world)
    lead = client_of(world.lead)
    row = Membership.objects.get(user=world.sunita)
    began = {"team": str(world.front_door.pk), "role": "practitioner", **day("first", NOW)}
    assert lead.post(f"/desk/staff/{world.sunita.pk}/role/", began).status_code == 302
    assert lead.post(f"/desk/staff/{world.sunita.pk}/role/", began).status_code == 409
    change = {"role": "coordinator", **day("first", NOW)}
    assert lead.post(f"/desk/staff/role/{row.pk}/change/", change).status_code == 302
    now = Membership.objects.current(TODAY).filter(user=world.sunita).values_list("role", flat=True)
    assert set(now) == {"practitioner", "coordinator"}
    for role in ("practitioner", "coordinator"):
        one = Membership.objects.get(user=world.sunita, role=role)
        page = f"/desk/staff/role/{one.pk}/end/"
        assert "Sunita Rao holds 1 family in Norfolk front door." in text_of(lead, page)
        assert lead.post(page, {"when": "day"}).status_code == 422
        done = lead.post(page, {"when": "now", "to": str(world.tom.pk)}, follow=True).content.decode()
    assert "1 thing they held went to colleagues: Tom Ardley 1." in done
    assert lead.get(f"/desk/staff/{world.sunita.pk}/").status_code == 200
    assert lead.post(page, {"when": "now"}).status_code == 409


def test_a_role_ends_after_its_last_day(world: World) -> None:
    lead = client_of(world.lead)
    row = Membership.objects.get(user=world.sunita)
    sent = {"when": "day", **day("last", NOW + timedelta(days=4))}
    done = lead.post(f"/desk/staff/role/{row.pk}/end/", sent, follow=True).content.decode()
    assert "The role ends after 14 March 2026." in done
    row.refresh_from_db()
    assert row.ended_on == TODAY + timedelta(days=5)
    assert "until 14 March 2026" in text_of(lead, "/desk/staff/?show=soon")


def test_nobody_changes_their_own_or_what_is_above_them(world: World, admin: User) -> None:
    lead, ada = client_of(world.lead), client_of(admin)
    own, hers = Membership.objects.get(user=world.lead), Membership.objects.get(user=admin)
    assert lead.get(f"/desk/staff/role/{own.pk}/end/").status_code == 403
    assert lead.get(f"/desk/staff/role/{hers.pk}/end/").status_code == 403
    assert lead.post(f"/desk/staff/{world.lead.pk}/right/", {"roles": str(own.pk)}).status_code == 403
    assert lead.post(f"/desk/staff/{world.lead.pk}/sign-ins/end/", {"session": "all"}).status_code == 403
    assert "This is you." in text_of(lead, f"/desk/staff/{world.lead.pk}/")
    options = lead.get("/desk/staff/add/").content.decode()
    for role in ("admin", "ig_lead", "commissioner", "service_manager"):
        assert f'value="{role}"' not in options
        assert f'value="{role}"' in ada.get("/desk/staff/add/").content.decode()
    grace = Membership.objects.get(user=world.grace)
    for path in (f"staff/{world.grace.pk}/", f"staff/role/{grace.pk}/end/", f"staff/{world.grace.pk}/role/"):
        assert ada.get(f"/desk/{path}").status_code == 404


def test_an_administrator_of_another_organisation_does_nothing_here(world: World) -> None:
    other = client_of(person("Otto Other", world.pairs_team, Role.ADMIN))
    turn = world.front_door.duty_turns.first()
    for path in (
        *(f"team/{world.front_door.pk}/close/{world.sunita.pk}/", f"team/{world.front_door.pk}/turn/"),
        *(f"team/{world.front_door.pk}/turn/{turn.pk}/off/", f"staff/{world.sunita.pk}/"),
    ):
        assert other.post(f"/desk/{path}", {"sure": "yes"}).status_code in {404, 405}, path
    assert User.objects.get(pk=world.sunita.pk).is_active


# ---- reviews


def test_what_is_due_is_confirmed_once_with_the_roles_that_were_shown(world: World) -> None:
    lead = client_of(world.lead)
    assert "3 colleagues" in text_of(lead, "/desk/")
    page = f"/desk/staff/{world.sunita.pk}/"
    shown = re.search(r'name="roles" value="([\d ]+)"', lead.get(page).content.decode())[1]
    assert "Confirmed. Look at Sunita Rao again by 10 June 2026." in (
        lead.post(f"{page}right/", {"roles": shown}, follow=True).content.decode()
    )
    assert "today already" in lead.post(f"{page}right/", {"roles": shown}, follow=True).content.decode()
    Membership.objects.create(
        user=world.tom, team=world.front_door, role="referrer", started_on=TODAY - timedelta(days=1)
    )
    stale = str(Membership.objects.get(user=world.tom, role="front_door").pk)
    for roles in (stale, "", "x y", "9" * 400):
        answer = lead.post(f"/desk/staff/{world.tom.pk}/right/", {"roles": roles}, follow=True)
        assert "changed meanwhile" in answer.content.decode()
    row = AccessReview.objects.get()
    assert (row.user, row.by, row.verdict, row.next_due_on.isoformat()) == (
        *(world.sunita, world.lead, "right", "2026-06-10"),
    )
    assert "2 colleagues" in text_of(lead, "/desk/")
    assert "Still right" in text_of(lead, page)


# ---- where they are signed in


@pytest.fixture
def sunita(world: World) -> User:
    world.sunita.set_password(PASSWORD)
    world.sunita.save()
    return world.sunita


def test_a_lead_ends_one_sign_in_or_all(world: World, sunita: User) -> None:
    places = [Client(HTTP_USER_AGENT="Mozilla/5.0 (Windows NT 10.0) Firefox/140.0") for _ in range(3)]
    for client in places:
        sign_in(client, sunita.email)
        assert client.get("/desk/").status_code == 200
    lead = client_of(world.lead)
    page = f"/desk/staff/{sunita.pk}/"
    assert text_of(lead, page).count("Firefox on Windows") >= 3
    assert "Signed in now in 3 places" in text_of(lead, "/desk/staff/")
    ids = re.findall(r'name="session" value="(\d+)"', lead.get(page).content.decode())
    assert len(ids) == 3
    assert "ended" in lead.post(f"{page}sign-ins/end/", {"session": ids[0]}, follow=True).content.decode()
    assert [client.get("/desk/").status_code for client in places].count(302) == 1
    again = lead.post(f"{page}sign-ins/end/", {"session": ids[0]}, follow=True).content.decode()
    assert "over already" in again
    assert lead.post(f"/desk/staff/{world.tom.pk}/sign-ins/end/", {"session": ids[1]}).status_code == 302
    assert [client.get("/desk/").status_code for client in places].count(200) == 2, "not by another's page"
    assert "2 sign-ins ended" in lead.post(f"{page}sign-ins/end/", follow=True).content.decode()
    assert [client.get("/desk/").status_code for client in places] == [302, 302, 302]
    assert (
        AuditEntry.objects.filter(action="sessions_ended", subject_id=sunita.pk, user=world.lead).count() == 2
    )
    assert lead.get("/desk/").status_code == 200


def test_a_key_that_acts_as_somebody_is_ended(world: World) -> None:
    secret = receipts.make_token(
        name="Surgery", team=world.front_door, user=world.sunita, by=world.lead, at=NOW
    )
    lead = client_of(world.lead)
    page = f"/desk/staff/{world.sunita.pk}/"
    key = re.search(rf"{page}keys/(\d+)/end/", lead.get(page).content.decode())[1]
    assert lead.post(f"/desk/staff/{world.tom.pk}/keys/{key}/end/").status_code == 404
    assert "The key is ended." in lead.post(f"{page}keys/{key}/end/", follow=True).content.decode()
    assert receipts.token_for(secret) is None
    assert "ended already" in lead.post(f"{page}keys/{key}/end/", follow=True).content.decode()


def test_everybody_is_signed_out_at_once_and_the_key_stays(
    world: World, sunita: User, capsys: pytest.CaptureFixture[str]
) -> None:
    staff, visitor = Client(), Client()
    sign_in(staff, sunita.email)
    session = visitor.session
    session["own_page"] = {"person": 1}
    session.save()
    with pytest.raises(CommandError, match="Say why"):
        call_command("sessions", "end", "--everybody")
    assert Session.objects.count() == 2
    call_command("sessions", "end", "--everybody", "--why", "A laptop was stolen.")
    assert "Ended: 2 sessions of everybody." in capsys.readouterr().out
    assert staff.get("/desk/").status_code == 302
    assert not Session.objects.exists()
    entry = AuditEntry.objects.get(action="sessions_ended")
    assert (entry.actor, entry.why) == ("the command line", "2 sessions: A laptop was stolen.")
    sign_in(staff, sunita.email)
    call_command("sessions", "list", "--user", sunita.email.upper())
    call_command("sessions", "list")
    call_command("sessions", "end", "--user", sunita.email)
    assert staff.get("/desk/").status_code == 302
    with pytest.raises(CommandError, match="no account"):
        call_command("sessions", "end", "--user", "nobody@staff.example")


def test_a_session_without_a_row_of_the_library_ends_too(world: World, sunita: User) -> None:
    client = client_of(sunita)
    assert client.get("/desk/").status_code == 200
    assert sessions.end_all(user=sunita, by=world.lead, at=NOW) == 1
    assert client.get("/desk/").status_code == 302


def test_who_works_for_others_too_is_signed_out_by_nobody_here_alone(world: World, sunita: User) -> None:
    Membership.objects.create(
        user=sunita, team=world.therapies_team, role="practitioner", started_on="2026-01-05"
    )
    there = Client(HTTP_USER_AGENT="Mozilla/5.0 (Windows NT 10.0) Firefox/140.0")
    sign_in(there, sunita.email)
    page = f"/desk/staff/{sunita.pk}/"
    lead = client_of(world.lead)
    assert "Firefox on Windows" not in text_of(lead, page)
    assert "work for others too" in lead.post(f"{page}sign-ins/end/", follow=True).content.decode()
    assert there.get("/desk/").status_code == 200


def test_ones_own_sign_ins_are_ended_after_proving_oneself_anew(sunita: User) -> None:
    here, there, third = Client(), Client(), Client()
    for client in (here, there, third):
        sign_in(client, sunita.email)
    page = here.get("/account/sessions/").content.decode()
    ids = re.findall(r'name="session" value="(\d+)"', page)
    assert len(ids) == 2
    asked = here.post("/account/sessions/", {"session": ids[0]})
    assert asked["Location"].startswith("/sign-in/again/")
    assert [one.get("/account/").status_code for one in (there, third)] == [200, 200], "nothing ended yet"
    assert here.post(asked["Location"], {"password": "wrong"}).status_code == 200
    assert [one.get("/account/").status_code for one in (there, third)] == [200, 200]
    assert here.post(asked["Location"], {"password": PASSWORD})["Location"] == "/account/sessions/"
    assert sorted(one.get("/account/").status_code for one in (there, third)) == [200, 302]
    assert here.post("/account/sessions/", {"session": "all"})["Location"] == "/account/sessions/"
    assert [one.get("/account/").status_code for one in (there, third)] == [302, 302]
    assert here.get("/account/").status_code == 200
    for odd in ("x", "999999", "\x00", ids[0]):
        assert here.post("/account/sessions/", {"session": odd}).status_code == 302
    assert here.get("/account/").status_code == 200
