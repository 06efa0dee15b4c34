"""Who was not let in is a row of the audit: who, what, of which family, by which rule, for what."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import DatabaseError, IntegrityError, transaction
from django.http import HttpResponse
from django.test import Client
from django.urls import resolve, reverse
from tests.web.marked import Marked, State, viewers
from tests.web.scenes import client_of, held_by_grace, proposed, rosie
from tests.web.test_hostile import TABLE
from tests.web.test_matrix import OF_A_FAMILY
from tests.world import NOW, World, person

from anydoor.access import audit
from anydoor.access.models import AuditEntry
from anydoor.access.roles import Role
from anydoor.care import break_glass, refusals
from anydoor.care.conflict import Near, declare
from anydoor.care.sealing import seal
from anydoor.web.desk.looks import look_rows
from anydoor.web.shell import Refusals

pytestmark = pytest.mark.django_db


def refused() -> list[AuditEntry]:
    return list(AuditEntry.objects.filter(allowed=False).order_by("pk"))


def told(row: AuditEntry) -> tuple[Any, ...]:
    return row.user_id, row.action, row.subject, row.subject_id, row.family_id, row.why


def test_a_family_that_is_not_theirs(world: World) -> None:
    referral = rosie(world)
    family = referral.family_id
    answer = client_of(world.marcus).get(f"/desk/family/{family}/")
    assert answer.status_code == 404
    (row,) = refused()
    assert told(row) == (
        world.marcus.pk, "see_family", "family", family, family, "sees_family, at desk:family",
    )  # fmt: skip
    assert (row.actor, row.purpose, row.at) == (world.marcus.name, "direct_care", NOW)
    assert "sees_family" not in answer.content.decode()


def test_what_never_was_is_noted_by_its_number_and_says_no_family(world: World) -> None:
    client = client_of(world.marcus)
    huge = 2**64
    for number in (987654, 987655, huge):
        assert client.get(f"/desk/family/{number}/").status_code == 404
    first, second, third = refused()
    assert told(first) == (
        world.marcus.pk, "see_family", "family", 987654, None, "not_there, at desk:family",
    )  # fmt: skip
    assert second.subject_id == 987655
    assert (third.subject_id, third.family_id) == (None, None)


def test_the_rule_is_the_one_that_said_no(world: World) -> None:
    """Sealed, kept from them by a conflict, only asked, not the front door: each by its name."""
    sealed = rosie(world)
    seal(family_id=sealed.family_id, kind="abuse", words="He works near.", names=[], by=world.sunita, at=NOW)
    client_of(world.priya).get(f"/desk/family/{sealed.family_id}/")
    near = world.refer(name="Ada Fenn", nhs_number="9990000204")
    declare(near=Near(kind="relative", nhs_number="9990000204"), by=world.tom, at=NOW)
    client_of(world.tom).get(f"/desk/family/{near.family_id}/")
    handover = proposed(world, name="Ivy Marsh", contact="07700 900321", nhs_number="")
    client_of(world.grace).get(f"/desk/family/{handover.family_id}/everything/")
    client_of(world.grace).get("/desk/inbox")
    client_of(world.marcus).post(f"/desk/handover/{handover.pk}/accept", {})
    assert [(row.user.name, audit.rule_of(row), row.family_id) for row in refused()][:4] == [
        ("Priya Sandhu", "sealed", sealed.family_id),
        ("Tom Ardley", "conflict_of_interest", near.family_id),
        (world.grace.name, "sees_family", handover.family_id),
        (world.grace.name, "front_door", None),
    ]


@pytest.mark.parametrize("part", ["person", "measures", "looks"])
def test_something_of_another_family_under_ones_own_is_noted_with_theirs(world: World, part: str) -> None:
    mine = held_by_grace(world)
    other = world.refer(name="Ada Fenn", contact="07700 900321")
    client = client_of(world.grace)
    where = {
        "person": f"/desk/family/{mine.family_id}/person/{other.person_id}/",
        "measures": f"/desk/family/{other.family_id}/measures/",
        "looks": f"/desk/family/{other.family_id}/looks/",
    }[part]
    assert client.get(where).status_code == 404
    (row,) = refused()
    assert row.family_id == other.family_id
    assert audit.rule_of(row) == "sees_family"


def test_a_form_that_is_refused_is_noted_after_it_was_undone(world: World) -> None:
    referral = rosie(world)
    count = AuditEntry.objects.count()
    answer = client_of(world.marcus).post(
        f"/desk/family/{referral.family_id}/story/", {"words": "I should not write here."}
    )
    assert answer.status_code == 404
    (row,) = refused()
    assert row.why.endswith("at desk:add_story (sent)")
    assert AuditEntry.objects.count() == count + 1


def test_the_same_again_within_a_minute_is_one_row(world: World, at: Any) -> None:
    referral = rosie(world)
    client, family = client_of(world.marcus), f"/desk/family/{referral.family_id}/"
    for _ in range(30):
        client.get(family)
    assert len(refused()) == 1
    # Another thing, another address, another person and another minute are rows of their own.
    client.get(f"{family}everything/")
    client.get("/desk/family/987654/")
    client_of(person("Vi Other", world.pairs_team, Role.PRACTITIONER)).get(family)
    assert len(refused()) == 4
    at(NOW + timedelta(seconds=59))
    client.get(family)
    assert len(refused()) == 4
    at(NOW + timedelta(seconds=61))
    client.get(family)
    assert len(refused()) == 5


def test_who_asks_learns_nothing_and_waits_for_no_more(world: World, django_assert_num_queries: Any) -> None:
    """As many reads for a family that is not theirs as for one that is not there; and nothing for who is let
    in."""
    family = rosie(world).family_id
    client = client_of(world.marcus)
    client.get("/desk/family/987000/")
    pages = []
    for where in (f"/desk/family/{family}/", "/desk/family/987654/"):
        with django_assert_num_queries(11):
            pages.append(client.get(where).content.decode())
    assert pages[0] == pages[1]
    client_of(world.sunita).get(f"/desk/family/{family}/")
    assert not [row for row in refused() if row.user == world.sunita]


def test_a_wrong_link_a_form_of_nobody_and_too_many_tries_are_rows_without_who(world: World) -> None:
    visitor = Client(enforce_csrf_checks=True)
    for secret in ("nothing-we-sent", "nor-this"):
        visitor.get(f"/h/{secret}")
        visitor.get(f"/q/{secret}")
    visitor.post("/sign-in/", {"login": "a", "password": "b"})
    visitor.get("/no-such-page")
    visitor.get("/norfolk/find/no-such-entry/")
    rows = [(row.user_id, row.actor, row.action, row.why) for row in refused()]
    assert {row[:2] for row in rows} == {(None, "A visitor")}
    assert sorted({row[2] for row in rows}) == ["open_link", "send_form"]
    assert all("nothing-we-sent" not in row[3] for row in rows)
    links = [row[3] for row in rows if row[2] == "open_link"]
    assert len(links) == len(set(links)) == 2
    assert all(one.startswith("no_such_link, at public:") for one in links)


@pytest.mark.parametrize(("path", "address"), [("/desk/", "desk:home"), ("/api/v1/referrals", "api-v1")])
def test_who_goes_too_fast_is_noted_before_a_page_is_reached(
    world: World, rf: Any, path: str, address: str
) -> None:
    request = rf.get(path)
    request.user, request.at, request.resolver_match = world.marcus, NOW, resolve(path)
    for _ in range(3):
        Refusals(lambda asked: HttpResponse(status=429))(request)
    (row,) = refused()
    assert (row.user, row.action, row.subject) == (world.marcus, "open_page", "page")
    assert row.why.startswith(f"too_often, at {address}")


def test_an_answer_is_given_even_when_it_cannot_be_written_down(
    world: World, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(*args: object, **more: object) -> bool:
        raise DatabaseError("disk full")

    monkeypatch.setattr(refusals.audit, "refused", broken)
    answer = client_of(world.marcus).get(f"/desk/family/{rosie(world).family_id}/")
    assert answer.status_code == 404
    assert "could not be written to the audit" in caplog.text


def test_what_was_typed_wrongly_or_too_late_is_no_refusal(world: World) -> None:
    episode = held_by_grace(world)
    client = client_of(world.grace)
    client.post(f"/desk/family/{episode.family_id}/story/", {"words": ""})
    client.post("/desk/families", {"q": "x"})
    client.get("/desk/no-such-page")
    client.get("/desk/service/no-such-service")
    assert refused() == []


def test_the_lead_sees_who_was_not_let_in_and_the_family_does_not(world: World) -> None:
    from anydoor.care import own_page

    referral = rosie(world)
    family = referral.family_id
    client_of(world.marcus).get(f"/desk/family/{family}/person/{referral.person_id}/")
    page = client_of(world.sunita).get(f"/desk/family/{family}/looks/").content.decode()
    assert "Tried to look at the family" in page
    assert "Not let in" in page
    assert "Their team does not work with this family" in page
    assert world.marcus.name in page
    seen = own_page.who_looked(family_id=family, person_id=referral.person_id)
    assert [look for look in seen if look.who.startswith("Marcus")] == []
    # Nor does it count among those who looked.
    whole = client_of(world.sunita).get(f"/desk/family/{family}/").content.decode()
    assert "Marcus" not in whole


def test_a_conflict_and_a_seal_are_not_given_away_beside_the_name(world: World) -> None:
    row = AuditEntry(at=NOW, actor="Tom", action="see_family", allowed=False, why="")
    said = set()
    for rule in ("conflict_of_interest", "sealed", "governs", "anything"):
        row.why = f"{rule}, at desk:family"
        said.add(look_rows([row], NOW)[0]["why"])
    assert said == {"This was not theirs to do"}


def test_every_address_of_a_family_notes_who_was_not_let_in(world: World) -> None:
    """A new page is covered by being there: each that names something of a family, by somebody of no team of
    theirs, is a row with that family, or with the number that was asked for."""
    marked = Marked(world, State(sealed=False, agreed=True, accepted=True))
    stranger = next(one for one in viewers(world) if one.key == ("elsewhere", Role.PRACTITIONER))
    client = client_of(stranger.user)
    wrong = []
    for name, taken in TABLE:
        if not OF_A_FAMILY & set(taken) or not name.startswith("desk:"):
            continue
        last = AuditEntry.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
        kwargs = marked.values(name, taken)
        answer = client.get(reverse(name, kwargs=kwargs))
        if answer.status_code == 405:
            with transaction.atomic():
                answer = client.post(reverse(name, kwargs=kwargs), {"words": "x"})
        rows = AuditEntry.objects.filter(pk__gt=last, allowed=False, user=stranger.user)
        row = rows.first()
        if answer.status_code not in {403, 404}:
            wrong.append(f"{name} answers {answer.status_code}")
        elif row is None or len(rows) != 1:
            wrong.append(f"{name}: {len(rows)} rows")
        elif row.family_id != marked.family_id and "episode_id" not in taken:
            wrong.append(f"{name}: family {row.family_id}, {row.why}")
        elif not row.why.endswith(f"at {name}") and not row.why.endswith(f"at {name} (sent)"):
            wrong.append(f"{name}: {row.why}")
    assert wrong == []


def test_each_kind_that_an_address_names_is_known(world: World) -> None:
    parts = {part for _, taken in TABLE for part in taken if part in OF_A_FAMILY and part.endswith("_id")}
    known = {f"{kind}_id" for kind in refusals.THINGS} | {"thing_id"}
    assert parts - known == set(), "say in care/refusals.py whose these are"


def test_a_row_of_a_refusal_is_kept_like_every_other(world: World) -> None:
    client_of(world.marcus).get("/desk/family/987654/")
    (row,) = refused()
    with pytest.raises((IntegrityError, DatabaseError)), transaction.atomic():
        AuditEntry.objects.filter(pk=row.pk).update(allowed=True)


def test_who_looks_again_at_an_emergency_is_recorded_as_having_looked(world: World) -> None:
    family_id = world.refer().family_id
    row = break_glass.break_glass(
        family_id=family_id, kind="child", reason="She rang, he is at the door now.", by=world.grace, at=NOW
    )
    assert client_of(world.lead).get(f"/desk/emergency/reviews/{row.pk}/").status_code == 200
    look = AuditEntry.objects.get(action="see_emergency")
    assert (look.user, look.family_id, look.subject_id) == (world.lead, family_id, row.pk)
