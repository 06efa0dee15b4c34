"""Nobody holds, covers or is asked by name for a family that is kept from them, in whatever order."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.web.scenes import client_of, held_by_grace, proposed, rosie
from tests.world import NOW, World, person

from anydoor.access.models import AuditEntry, PersonalSight, User
from anydoor.access.roles import Role
from anydoor.care import amend, apart, conflict, episode, handover, holding, triage
from anydoor.care.conflict import Near
from anydoor.care.holders import count_holders
from anydoor.care.models import (
    Contact,
    Episode,
    FamilyCare,
    Handover,
    Happening,
    Holding,
    MeasureAlert,
    Referral,
    SealName,
    Wait,
)
from anydoor.directory.models import Area
from anydoor.messages.models import OutboxMessage
from anydoor.rules.errors import AnydoorError, BadInput, NotAllowed

pytestmark = pytest.mark.django_db
HERS = Near("relative", contact="07700 900123")


def nothing_of_theirs() -> list[str]:
    """Where somebody's name stands for a family that is kept from them; empty is right."""
    found = []
    for row in PersonalSight.objects.filter(why="conflict").select_related("user"):
        of = {"family_id": row.family_id}
        named = {
            "holds": Holding.objects.filter(**of, user=row.user, to_at__isnull=True),
            "holds a request": Referral.objects.filter(**of, holder=row.user),
            "holds an episode": Episode.objects.filter(**of, holder=row.user),
            "leads": FamilyCare.objects.filter(**of, lead=row.user),
            "is waited on": Wait.objects.open().filter(**of, user=row.user),
            "is asked": Handover.objects.open().filter(**of, to_user=row.user),
            "hands over": Handover.objects.open().filter(**of, from_user=row.user),
            "answers an alert": MeasureAlert.objects.open().filter(**of, holder=row.user)
            | MeasureAlert.objects.open().filter(**of, duty=row.user),
            "has an appointment": Contact.objects.planned().filter(**of, by=row.user),
            "is named on a seal": SealName.objects.filter(
                seal__family=row.family_id, user=row.user, ended_at__isnull=True
            ),
        }
        found += [f"{row.user.name} {what}" for what, rows in named.items() if rows.exists()]
    holders = count_holders()
    return found if holders.all_well else [*found, str(holders)]


def test_what_they_held_goes_to_a_colleague_at_once_and_nobody_is_told_why(world: World) -> None:
    ivy = person("Ivy Gale", world.front_door, Role.IG_LEAD)
    referral = rosie(world)
    assert referral.holder == world.sunita
    conflict.declare(near=Near("relative", "my sister", contact="07700 900123"), by=world.sunita, at=NOW)
    referral.refresh_from_db()
    care = FamilyCare.objects.get(pk=referral.family_id)
    assert referral.holder not in {None, world.sunita}
    assert care.lead == referral.holder
    assert nothing_of_theirs() == []
    # The new holder and the lead hear that it moved; the governance lead that there is a conflict.
    told = OutboxMessage.objects.filter(template="family_came")
    assert [one.address for one in told] == [referral.holder.email]
    alert = OutboxMessage.objects.get(template="conflict_found")
    assert (alert.address, alert.family_id) == (ivy.email, None)
    words = " ".join(
        [
            *OutboxMessage.objects.values_list("body", flat=True),
            *OutboxMessage.objects.values_list("subject", flat=True),
            *Happening.objects.values_list("words", flat=True),
            *Happening.objects.values_list("headline", flat=True),
            *Wait.objects.values_list("why", flat=True),
            *AuditEntry.objects.exclude(action="declared").values_list("why", flat=True),
        ]
    ).lower()
    for secret in ("sister", "relative", "declared"):
        assert secret not in words
    assert "Rosie" not in alert.body
    page = client_of(referral.holder).get(f"/desk/family/{referral.family_id}/").content.decode()
    assert f"{referral.holder.name} holds now, from Sunita Rao" in page
    assert client_of(world.sunita).get(f"/desk/family/{referral.family_id}/").status_code == 404


def test_an_address_that_comes_to_match_moves_it_too(world: World) -> None:
    referral = rosie(world)
    conflict.declare(
        near=Near("household", address="3 Elm Close", postcode="NR9 7XQ"), by=world.sunita, at=NOW
    )
    referral.refresh_from_db()
    assert referral.holder == world.sunita
    person_ = referral.person
    amend.amend_person(
        person=person_, family_id=referral.family_id, version=person_.version, why="She moved.",
        changes={"address": "3 Elm Close, Norwich", "postcode": "NR9 7XQ"}, by=world.lead, at=NOW,
    )  # fmt: skip
    referral.refresh_from_db()
    assert referral.holder != world.sunita
    assert nothing_of_theirs() == []
    assert client_of(world.sunita).get(f"/desk/family/{referral.family_id}/").status_code == 404


def test_a_new_request_never_comes_to_who_is_kept_from_it(world: World) -> None:
    conflict.declare(near=HERS, by=world.sunita, at=NOW)
    referral = world.refer(name="Rosie Thackeray", contact="07700 900123")
    assert referral.holder != world.sunita
    assert nothing_of_theirs() == []
    assert not OutboxMessage.objects.filter(address=world.sunita.email).exclude(state="cancelled").exists()


def test_who_is_asked_by_name_is_asked_no_more(world: World) -> None:
    row = proposed(world)
    Handover.objects.filter(pk=row.pk).update(to_user=world.grace)
    conflict.declare(near=HERS, by=world.grace, at=NOW)
    row.refresh_from_db()
    assert row.to_user is None
    assert nothing_of_theirs() == []
    with pytest.raises(NotAllowed):
        handover.accept(handover=row, by=world.grace, at=NOW)


def test_who_has_accepted_hands_on_to_a_colleague_in_the_team(world: World) -> None:
    row = handover.accept(handover=proposed(world), by=world.grace, at=NOW)
    conflict.declare(near=HERS, by=world.grace, at=NOW)
    row.refresh_from_db()
    assert row.to_user not in {None, world.grace}
    assert nothing_of_theirs() == []


def test_nobody_gives_it_to_them(world: World) -> None:
    referral = rosie(world)
    conflict.declare(near=HERS, by=world.tom, at=NOW)
    for work in (
        lambda: holding.move_holding(
            thing=referral, to=world.tom, team=world.front_door, why="Tom knows her.", by=world.sunita, at=NOW
        ),
    ):
        with pytest.raises(BadInput) as fault:
            work()
        assert fault.value.field == "to"
        assert "near" not in fault.value.message
    client = client_of(world.sunita)
    page = client.get(f"/desk/work/referral/{referral.pk}/move/")
    assert page.status_code == 200
    assert "Tom Ardley" not in page.content.decode()
    assert nothing_of_theirs() == []


def test_leave_and_closing_pass_them_over(world: World) -> None:
    row = held_by_grace(world)
    conflict.declare(near=HERS, by=world.jo, at=NOW)
    holding.move_all(user=world.grace, why="Grace is away.", by=world.lead, at=NOW, to=world.jo)
    row.refresh_from_db()
    assert row.holder != world.jo
    assert nothing_of_theirs() == []


def test_where_the_whole_team_is_kept_from_them_it_waits_on_the_front_door_by_name(world: World) -> None:
    row = held_by_grace(world)
    area = Area.objects.select_related("front_door").get(pk=row.area_id)
    for user in User.objects.filter(memberships__team=world.therapies_team).distinct():
        conflict.declare(near=HERS, by=user, at=NOW)
        assert nothing_of_theirs() == []
    row.refresh_from_db()
    assert row.holder_team == area.front_door
    assert row.holder is not None
    kept = frozenset(User.objects.values_list("pk", flat=True))
    assert apart.somebody_else(world.therapies_team, area, kept, NOW) is None


ACTS = st.lists(
    st.tuples(
        st.sampled_from(
            [
                "declare",
                "take_back",
                "receive",
                "propose",
                "accept",
                "meet",
                "give",
                "move_house",
                "plan",
                "end",
            ]
        ),
        st.integers(0, 5),
    ),
    min_size=3,
    max_size=9,
)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(acts=ACTS)
def test_in_whatever_order_nobody_has_what_is_kept_from_them(
    world: World, acts: list[tuple[str, int]]
) -> None:
    from django.db import transaction

    with transaction.atomic():
        line = Line(world)
        for number, (act, choice) in enumerate(acts):
            try:
                with transaction.atomic():
                    getattr(line, act)(choice, NOW + timedelta(minutes=number))
            except AnydoorError:
                continue
            assert nothing_of_theirs() == [], acts[: number + 1]
        transaction.set_rollback(True)


class Line:
    """A family that anything may happen to, and five who may be near to it."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.people = [world.sunita, world.tom, world.lead, world.grace, world.jo, world.marcus]
        self.referral = rosie(world)
        self.declared: list[Any] = []

    def declare(self, choice: int, at: Any) -> None:
        near = HERS if choice % 2 else Near("household", address="3 Elm Close", postcode="NR9 7XQ")
        self.declared.append(
            (conflict.declare(near=near, by=self.people[choice], at=at), self.people[choice])
        )

    def take_back(self, choice: int, at: Any) -> None:
        if self.declared:
            row, user = self.declared.pop(choice % len(self.declared))
            conflict.take_back(declaration_id=row.pk, by=user, at=at)

    def receive(self, choice: int, at: Any) -> None:
        self.world.refer(at=at, name="Rosie Thackeray", contact="07700 900123")

    def propose(self, choice: int, at: Any) -> None:
        from tests.world import AGREED

        self.referral.refresh_from_db()
        to = [self.world.grace, self.world.jo, None][choice % 3]
        handover.propose(
            thing=self.referral, service=self.world.therapies, agreement=AGREED, words="One person.",
            to_user=to, by=self.world.lead, at=at,
        )  # fmt: skip

    def accept(self, choice: int, at: Any) -> None:
        row = Handover.objects.open().first()
        if row is not None:
            handover.accept(handover=row, by=[self.world.grace, self.world.jo][choice % 2], at=at)

    def meet(self, choice: int, at: Any) -> None:
        row = Handover.objects.open().first()
        if row is not None:
            by = [self.world.grace, self.world.jo][choice % 2]
            handover.first_contact(handover=row, mode="phone", words="We spoke.", by=by, at=at)

    def give(self, choice: int, at: Any) -> None:
        row = Holding.objects.filter(to_at__isnull=True).order_by("pk").last()
        thing: Any = row.referral or row.episode
        holding.move_holding(
            thing=thing, to=self.people[choice], team=row.team, why="Busy.", by=self.world.lead, at=at
        )

    def move_house(self, choice: int, at: Any) -> None:
        one = self.referral.person
        one.refresh_from_db()
        amend.amend_person(
            person=one, family_id=self.referral.family_id, version=one.version, why="She moved.",
            changes={"address": "3 Elm Close" if choice % 2 else "9 Oak Road", "postcode": "NR9 7XQ"},
            by=self.world.lead, at=at,
        )  # fmt: skip

    def plan(self, choice: int, at: Any) -> None:
        row = Holding.objects.filter(to_at__isnull=True).order_by("pk").last()
        thing: Any = row.referral or row.episode
        episode.record_contact(
            thing=thing, mode="phone", outcome="planned", happens_at=at + timedelta(days=1),
            by=self.people[choice], at=at,
        )  # fmt: skip

    def end(self, choice: int, at: Any) -> None:
        triage.take(referral=self.referral, by=self.people[choice], at=at)
