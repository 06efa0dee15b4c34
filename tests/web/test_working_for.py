"""What somebody works for in this session: chosen on a page, followed by the policy, printed in every row."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from tests.web.marked import MARKS, Marked, State, marks_in
from tests.web.scenes import STORY, client_of, held_by_grace, rosie
from tests.web.signing import PASSWORD, sign_in
from tests.web.test_hostile import TABLE
from tests.web.test_matrix import OF_A_FAMILY, RIGHTS, text_of
from tests.world import BEFORE, NOW, World, person

from anydoor.access.models import AuditEntry, Membership, User
from anydoor.access.purposes import CARE, PURPOSES
from anydoor.access.roles import Role
from anydoor.care.break_glass import break_glass

pytestmark = pytest.mark.django_db
PAGE = "/desk/working-for/"
OTHERS = sorted(set(PURPOSES) - CARE)


def says(client: Client, purpose: str, **more: str) -> Any:
    return client.post(PAGE, {"purpose": purpose, **more})


def shown(client: Client, where: str, status: int = 200) -> str:
    answer = client.get(where)
    assert answer.status_code == status, where
    return str(answer.content.decode())


def test_it_is_said_on_a_page_shown_in_the_bar_and_gone_with_a_new_sign_in(
    client: Client, world: World
) -> None:
    world.lead.set_password(PASSWORD)
    world.lead.save()
    sign_in(client, world.lead.email)
    assert "You work for" not in shown(client, "/desk/")
    assert "To run the service" in shown(client, PAGE)
    answer = says(client, "service_management", back="/desk/team/")
    assert answer["Location"] == "/desk/team/"
    for where in ("/desk/", "/desk/team", "/desk/directory"):
        page = shown(client, where)
        assert "<strong>To run the service</strong>" in page
        assert "Records of families are shut." in page
    said = AuditEntry.objects.get(action="purpose_said")
    assert (said.user, said.purpose, said.why) == (
        world.lead, "service_management", "Before: To help the family",
    )  # fmt: skip
    # Said again it is no second row; and who signs in anew begins with families, in the same browser too.
    says(client, "service_management")
    assert AuditEntry.objects.filter(action="purpose_said").count() == 1
    client.post("/sign-out/")
    sign_in(client, world.lead.email)
    assert "You work for" not in shown(client, "/desk/")
    assert sign_in(Client(), world.lead.email)["Location"] == "/desk/"


def test_signing_in_over_a_session_that_is_open_begins_with_families(client: Client, world: World) -> None:
    """The same browser, never signed out: the library lets a link of a forgotten password do so."""
    from allauth.account.adapter import get_adapter
    from django.test import RequestFactory

    client.force_login(world.lead)
    says(client, "audit")
    request = RequestFactory().get("/")
    request.session = client.session
    request.user = world.lead
    world.lead.backend = "anydoor.web.account.backend.SignedIn"
    get_adapter().login(request, world.lead)
    assert "works_for" not in request.session


@pytest.mark.parametrize(
    ("role", "may"),
    [(Role.PRACTITIONER, {"safeguarding"}), (Role.COMMISSIONER, {"service_management"}),
     (Role.IG_LEAD, {"audit", "subject_access"}), (Role.REFERRER, set()), (None, set())],
)  # fmt: skip
def test_only_what_the_roles_allow_is_offered_and_taken(
    world: World, role: Role | None, may: set[str]
) -> None:
    client = client_of(person("Vi Other", world.front_door, *([role] if role else [])))
    page = shown(client, PAGE)
    for purpose in [*PURPOSES, "curiosity", "", "\x00", "x" * 5000]:
        offered = f'value="{purpose}"' in page and purpose in PURPOSES
        assert offered == (purpose in may | {"direct_care"}), purpose
        answer = says(client, purpose)
        assert answer.status_code == (302 if offered else 422), purpose
        says(client, "direct_care")
    assert ("What I work for now" in shown(client, "/desk/")) == bool(may)


@pytest.mark.parametrize(
    "back",
    ["https://evil.example/desk/", "//evil.example", "/desk/../../evil", "/\\evil.example",
     "javascript:alert(1)", "/sign-out/", "desk/", "/desk/\r\nLocation: //evil.example",
     "/desk/" + "x" * 400, "\x00", ""],
)  # fmt: skip
def test_the_way_back_is_a_page_of_the_desk(world: World, back: str) -> None:
    client = client_of(world.lead)
    assert says(client, "audit", back=back)["Location"] == "/desk/"
    assert "evil" not in shown(client, f"{PAGE}?back=//evil.example")


def test_a_role_that_ends_takes_its_purpose_along(world: World) -> None:
    client = client_of(world.lead)
    says(client, "audit")
    assert "To see that looks were right" in shown(client, "/desk/")
    Membership.objects.filter(user=world.lead).update(role=Role.PRACTITIONER.value)
    page = shown(client, f"/desk/family/{rosie(world).family_id}/")
    assert "You work for" not in page
    assert AuditEntry.objects.filter(action="see_family").latest("pk").purpose == "direct_care"


def test_a_family_is_shut_and_the_page_says_kindly_how_to_open_it(world: World) -> None:
    episode = held_by_grace(world)
    Membership.objects.create(
        user=world.grace, team=world.therapies_team, role=Role.TEAM_LEAD.value, started_on=BEFORE
    )
    client = client_of(User.objects.get(pk=world.grace.pk))
    family = f"/desk/family/{episode.family_id}/"
    assert STORY in shown(client, family)
    for purpose in ("audit", "service_management", "subject_access"):
        says(client, purpose)
        pages = [shown(client, where, 403) for where in (family, "/desk/family/987654/")]
        page = pages[0]
        assert PURPOSES[purpose] in page
        assert STORY not in page
        assert f"{PAGE}?back=%2Fdesk%2Ffamily%2F{episode.family_id}%2F" in page
        # The same page for one that is there and for one that is not.
        there, missing = f"family%2F{episode.family_id}%2F", "family%2F987654%2F"
        assert page.replace(there, "") == pages[1].replace(missing, "")
        assert client.post(f"{family}story/", {"words": "x"}).status_code in {403, 404}
    refused = AuditEntry.objects.filter(family_id=episode.family_id, allowed=False)
    assert {row.purpose for row in refused} == {"audit", "service_management", "subject_access"}
    assert {row.why.partition(",")[0] for row in refused} == {"wrong_purpose"}
    # What each is for is open: who looked, for an audit; what was agreed, for both.
    says(client, "audit")
    assert "Looked at the family" in shown(client, f"{family}looks/")
    assert AuditEntry.objects.filter(action="see_looks").latest("pk").purpose == "audit"
    assert "Yes, that is fine." in shown(client, f"{family}sharing/")
    says(client, "service_management")
    shown(client, f"{family}looks/", 403)
    says(client, "direct_care", back=family)
    assert STORY in shown(client, family)


def test_my_work_says_that_families_are_shut_and_what_waits(world: World) -> None:
    """Never "nothing waits on you" while something does."""
    rosie(world)
    client = client_of(world.sunita)
    waiting = shown(client, "/desk/").count('class="ad-work__row')
    assert waiting
    Membership.objects.create(
        user=world.sunita, team=world.front_door, role=Role.TEAM_LEAD.value, started_on=BEFORE
    )
    says(client, "service_management")
    page = shown(client, "/desk/")
    assert "Your families are shut now" in page
    assert f"{waiting} thing{'' if waiting == 1 else 's'} wait" in page
    assert "Nothing waits on you" not in page
    assert "Rosie" not in page
    assert client.post(PAGE, {"purpose": "direct_care"})["Location"] == "/desk/"
    assert "Rosie" in shown(client, "/desk/")


def test_every_row_of_the_session_says_it(world: World) -> None:
    """Looks, searches, verbs, lists and refusals."""
    referral = rosie(world)
    client = client_of(world.sunita)
    says(client, "safeguarding")
    last = AuditEntry.objects.latest("pk").pk
    family = f"/desk/family/{referral.family_id}/"
    shown(client, family)
    shown(client, f"{family}person/{referral.person_id}/")
    shown(client, f"/desk/work/referral/{referral.pk}/")
    shown(client, "/desk/messages")
    client.post("/desk/families", {"q": "Rosie"})
    assert client.post(f"{family}story/", {"words": ""}).status_code == 422
    client.get("/desk/family/987654/")
    client.get("/desk/rights/")
    rows = AuditEntry.objects.filter(pk__gt=last)
    assert {row.purpose for row in rows} == {"safeguarding"}
    assert {"see_family", "see_person", "see_work", "searched"} <= {row.action for row in rows}
    assert {True, False} == {row.allowed for row in rows}


def test_a_verb_of_the_session_says_it_too(world: World) -> None:
    referral = rosie(world)
    client = client_of(world.sunita)
    says(client, "safeguarding")
    answer = client.post(
        f"/desk/family/{referral.family_id}/person/{referral.person_id}/instructions/",
        {"kind": "safety", "words": "Never ring after five."},
    )
    assert answer.status_code == 302
    row = AuditEntry.objects.filter(action="instruction_added").latest("pk")
    assert (row.purpose, row.allowed, row.user) == ("safeguarding", True, world.sunita)


def test_an_emergency_is_said_by_opening_one_whatever_the_session_is_for(world: World) -> None:
    referral = rosie(world)
    ola = person("Ola Reed", world.pairs_team, Role.PRACTITIONER)
    break_glass(
        family_id=referral.family_id, kind="child", reason="The school rang, nobody answers.", by=ola, at=NOW
    )
    client = client_of(ola)
    says(client, "safeguarding")
    shown(client, f"/desk/family/{referral.family_id}/")
    looked = AuditEntry.objects.filter(user=ola, action="see_family").get()
    assert looked.purpose == "break_glass"
    client.post("/desk/families", {"q": "Rosie"})
    assert AuditEntry.objects.filter(user=ola, action="searched").get().purpose == "safeguarding"


def test_the_api_acts_for_direct_care(world: World) -> None:
    from anydoor.access.audit import CLOCK
    from anydoor.care import receipts

    secret = receipts.make_token(
        name="A system", team=world.front_door, user=world.lead, by=CLOCK, at=NOW - timedelta(days=1)
    )
    says(client_of(world.lead), "audit")
    body = {"area": "norfolk", "story": "I feel low.", "contact": {"value": "07700 900123"}}
    answer = Client(headers={"Authorization": f"Bearer {secret}", "Idempotency-Key": "k"}).post(
        "/api/v1/referrals", body, content_type="application/json"
    )
    assert answer.status_code == 201
    assert AuditEntry.objects.filter(action="received").latest("pk").purpose == "direct_care"


@pytest.mark.parametrize("purpose", OTHERS)
def test_no_page_shows_anything_of_a_family_for_another_purpose(world: World, purpose: str) -> None:
    """Every address of the house, by somebody with every role in the team that works with them."""
    marked = Marked(world, State(sealed=False, agreed=True, accepted=True))
    everything = person("Vi Everything", world.front_door, *Role)
    client = client_of(everything)
    says(client, purpose)
    session = dict(client.cookies)
    wrong = []
    for name, taken in TABLE:
        if name == "account_logout" or name in RIGHTS:
            continue
        address = reverse(name, kwargs=marked.values(name, taken))
        client.cookies.update(session)
        answer = client.get(address)
        leaked = marks_in(text_of(answer), MARKS)
        open_for = {"desk:consent", "desk:looks"} if purpose != "service_management" else set()
        if leaked and name not in open_for:
            wrong.append(f"{name} shows {leaked}")
        if leaked and name in open_for and not set(leaked) <= {
            "first name", "surname", "consent", "without", "basis", "other parent", "baby",
        }:  # fmt: skip
            wrong.append(f"{name} shows {leaked}")
        if answer.status_code >= 500 and name != "readyz":
            wrong.append(f"{name} answers {answer.status_code}")
        if OF_A_FAMILY & set(taken) and name not in open_for and answer.status_code == 200:
            wrong.append(f"{name} opens")
    assert wrong == []
