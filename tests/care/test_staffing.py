"""Joiners, movers and leavers: who may give what, what a role ends with, and the sweep that sees to it."""

from __future__ import annotations

import re
from datetime import date, timedelta

import pytest
from django.core.management import CommandError, call_command
from django.db import IntegrityError, connection, transaction
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.web.scenes import held_by_grace, rosie
from tests.world import BEFORE, NOW, World, person

from anydoor.access.models import (
    AccessReview,
    ApiToken,
    AuditEntry,
    DutyTurn,
    FirstLink,
    Membership,
    Organisation,
    Team,
    User,
)
from anydoor.access.policy import may, standing_of
from anydoor.access.policy_staff import STAFF_RULES
from anydoor.access.reviewing import confirm, due_after, how_many_due
from anydoor.access.roles import GIVES, WORKS_WITH_FAMILIES, Role
from anydoor.access.standing import Facts, Standing
from anydoor.care import first_password, holding, receipts, referrer_door, sealing, staffing, sweep
from anydoor.care.models import Holding, SealName
from anydoor.care.role_over import role_over
from anydoor.care.staffing import Newcomer, Period
from anydoor.messages.models import OutboxMessage
from anydoor.rules.errors import AnydoorError, BadInput, NotAllowed, NotFound, WrongMoment

pytestmark = pytest.mark.django_db(transaction=True)
TODAY = NOW.date()
TOMORROW = TODAY + timedelta(days=1)
ASHA = Newcomer("Asha Birch", "asha.birch@county.gov.uk", "Front door worker")


@pytest.fixture
def admin(world: World) -> User:
    return person("Ada Admin", world.front_door, Role.ADMIN)


def joins(world: World, who: Newcomer = ASHA, *, by: User | None = None, **more: object) -> Membership:
    facts = {"team": world.front_door, "role": Role.FRONT_DOOR, "period": Period(TODAY), **more}
    return staffing.add_colleague(who=who, by=by or world.lead, at=NOW, **facts)


def secret_in(message: OutboxMessage) -> str:
    found = re.search(r"/sign-in/first/([\w-]+)/", message.body)
    assert found is not None
    return found[1]


# ---- joiners


def test_a_colleague_joins_without_a_password_and_sets_one_by_a_link(world: World) -> None:
    row = joins(world)
    user = row.user
    assert (user.email, user.name, user.has_usable_password()) == (ASHA.email, "Asha Birch", False)
    assert (row.given_by, row.started_on, row.ended_on) == (world.lead, TODAY, None)
    link = FirstLink.objects.get(user=user)
    assert link.expires_at - link.sent_at <= timedelta(hours=72)
    message = OutboxMessage.objects.get(template="first_password")
    assert (message.address, message.channel) == (ASHA.email, "staff")
    secret = secret_in(message)
    assert secret not in link.digest
    first_password.set_first(secret=secret, password="four plain words here", at=NOW + timedelta(hours=71))
    user.refresh_from_db()
    assert user.check_password("four plain words here")
    for again in (secret, "no-such-link", "", "x" * 5000):
        with pytest.raises(NotFound, match="does not open anything"):
            first_password.set_first(secret=again, password="another four words", at=NOW)
    assert [one.action for one in AuditEntry.objects.filter(subject_id=user.pk).order_by("pk")] == [
        *("account_made", "role_given", "first_link_sent", "first_password_set"),
    ]


def test_a_link_ends_after_three_days_and_when_another_is_sent(world: World) -> None:
    user = joins(world).user
    first = secret_in(OutboxMessage.objects.get(template="first_password"))
    with pytest.raises(NotFound):
        first_password.find_link(first, at=NOW + timedelta(hours=72))
    first_password.send_link(user=user, words="Again.", by=world.lead, at=NOW)
    with pytest.raises(NotFound):
        first_password.find_link(first, at=NOW)
    second = secret_in(OutboxMessage.objects.filter(template="first_password").latest("pk"))
    assert first_password.find_link(second, at=NOW).user == user
    holding.close_account(user=user, by=world.lead, at=NOW)
    with pytest.raises(NotFound):
        first_password.find_link(second, at=NOW)
    with pytest.raises(WrongMoment):
        first_password.send_link(user=user, words="Again.", by=world.lead, at=NOW)


@pytest.mark.parametrize(
    ("name", "email", "field"),
    [
        ("", "a@county.gov.uk", "name"),
        ("x" * 121, "a@county.gov.uk", "name"),
        ("Asha", "not an address", "email"),
        ("Asha", "asha@gmail.com", "email"),
        ("Asha", "asha@county.gov.uk.example", "email"),
        ("Asha", "asha@ｎｈｓ.net.example", "email"),
        ("Asha", "asha@staff.example", "email"),
    ],
)
def test_what_is_wrong_with_a_newcomer_is_said_at_its_field(
    world: World, name: str, email: str, field: str
) -> None:
    with pytest.raises(BadInput) as refused:
        joins(world, Newcomer(name, email))
    assert refused.value.field == field
    assert not User.objects.filter(name="Asha").exists()


def test_an_address_that_somebody_vouched_for_is_known(world: World) -> None:
    referrer_door.vouch(
        area=world.area, domain="charity.example", who_they_are="A charity", by=world.lead, at=NOW
    )
    assert joins(world, Newcomer("Asha", "asha@charity.example")).user.email == "asha@charity.example"


@pytest.mark.parametrize(
    ("first", "last", "field"), [(-1, None, "first"), (400, None, "first"), (5, 4, "last"), (0, 2000, "last")]
)
def test_impossible_days_are_refused(world: World, first: int, last: int | None, field: str) -> None:
    ends = TODAY + timedelta(days=last) if last is not None else None
    with pytest.raises(BadInput) as refused:
        joins(world, period=Period(TODAY + timedelta(days=first), ends))
    assert refused.value.field == field


def test_somebody_with_an_account_elsewhere_gets_the_role_there_and_is_told(world: World) -> None:
    User.objects.filter(pk=world.grace.pk).update(email="grace@trust.nhs.uk", password="md5$a$b")
    before = User.objects.count()
    row = joins(world, Newcomer("Grace A", "GRACE@trust.nhs.uk"), period=Period(TOMORROW, TOMORROW))
    assert (row.user, User.objects.count()) == (world.grace, before)
    assert row.user.name == "Grace Adeyemi"
    message = OutboxMessage.objects.get(address="grace@trust.nhs.uk")
    assert "Helen Lusher added you to Norfolk front door as front door worker" in message.body
    assert not FirstLink.objects.exists()
    assert Membership.objects.current(TODAY).filter(user=world.grace).count() == 1
    with pytest.raises(WrongMoment, match="in these days already"):
        joins(world, Newcomer("Grace A", "grace@trust.nhs.uk"))


def test_somebody_who_comes_back_begins_anew(world: World) -> None:
    User.objects.filter(pk=world.jo.pk).update(email="jo@trust.nhs.uk")
    world.jo.refresh_from_db()
    world.jo.set_password("the words of before")
    world.jo.save()
    holding.close_account(user=world.jo, by=world.marcus, at=NOW)
    row = joins(world, Newcomer("Jo Lane", "jo@trust.nhs.uk", "Worker"))
    row.user.refresh_from_db()
    assert row.user == world.jo
    assert (row.user.is_active, row.user.closed_at, row.user.has_usable_password()) == (True, None, False)
    assert [one.team for one in Membership.objects.current(TODAY).filter(user=world.jo)] == [world.front_door]
    assert FirstLink.objects.filter(user=world.jo, ended_at__isnull=True).count() == 1


# ---- who may give what


@settings(max_examples=300, deadline=None)
@given(
    mine=st.sampled_from(list(Role)),
    wanted=st.sampled_from(list(Role)),
    same_team=st.booleans(),
    same_organisation=st.booleans(),
    own=st.booleans(),
)
def test_nobody_gives_what_they_have_not(
    mine: Role, wanted: Role, same_team: bool, same_organisation: bool, own: bool
) -> None:
    """From the sentences: nobody their own; an administrator in their organisation; a lead in the team."""
    who = Standing(
        user_id=9, name="A", active=True, roles={1: frozenset({mine})}, organisation_of={1: 7},
        front_doors=frozenset(),
    )  # fmt: skip
    team = 1 if same_team else 2
    facts = Facts(
        team_id=team,
        organisation_id=7 if same_team or same_organisation else 8,
        holder_id=9 if own else 5,
        role=wanted,
    )
    here = same_team or same_organisation
    lead_may = mine == Role.TEAM_LEAD and same_team and wanted in {*WORKS_WITH_FAMILIES, Role.REFERRER}
    manager_may = (
        mine == Role.SERVICE_MANAGER and same_team and wanted in {Role.SERVICE_MANAGER, Role.REFERRER}
    )
    expected = not own and ((mine == Role.ADMIN and here) or lead_may or manager_may)
    assert may(who, "give_role", facts) is expected
    if wanted == Role.ADMIN and mine != Role.ADMIN:
        assert not may(who, "give_role", facts)
    ends = expected or (not own and mine == Role.IG_LEAD and here)
    assert may(who, "end_role", facts) is ends
    sees = (mine in {Role.TEAM_LEAD, Role.SERVICE_MANAGER} and same_team) or (
        mine in {Role.ADMIN, Role.IG_LEAD} and here
    )
    assert may(who, "see_access", facts) is sees
    for action in ("review_access", "end_sessions"):
        assert may(who, action, facts) is (sees and not own)


def test_the_rules_are_in_the_one_table() -> None:
    from anydoor.access.policy import RULES

    assert set(STAFF_RULES) <= set(RULES)
    assert set(GIVES) == {Role.TEAM_LEAD, Role.SERVICE_MANAGER, Role.ADMIN}


def test_the_verbs_ask_the_policy_themselves(world: World, admin: User) -> None:
    def begin(user: User, role: Role, by: User, team: Team = world.front_door) -> Membership:
        return staffing.begin_role(user=user, team=team, role=role, period=Period(TODAY), by=by, at=NOW)

    refused = [
        (world.tom, Role.FRONT_DOOR, world.sunita, world.front_door),  # no lead
        (world.lead, Role.COORDINATOR, world.lead, world.front_door),  # oneself
        (admin, Role.TEAM_LEAD, admin, world.front_door),
        (world.tom, Role.ADMIN, world.lead, world.front_door),  # only an administrator
        (world.tom, Role.IG_LEAD, world.lead, world.front_door),  # what a lead has not
        (world.tom, Role.PRACTITIONER, world.lead, world.therapies_team),  # another team
        (world.tom, Role.PRACTITIONER, admin, world.therapies_team),  # another organisation
    ]
    for user, role, by, team in refused:
        with pytest.raises(NotAllowed):
            begin(user, role, by, team)
    User.objects.filter(pk=world.lead.pk).update(email="helen@county.gov.uk")
    with pytest.raises(NotAllowed):
        joins(world, Newcomer("Helen Lusher", "helen@county.gov.uk"))
    with pytest.raises(BadInput, match="Only a front door"):
        begin(world.tom, Role.FRONT_DOOR, admin, Team.objects.get(slug="groups"))
    assert begin(world.tom, Role.ADMIN, admin).role == "admin"
    row = Membership.objects.get(user=world.lead)
    for by in (world.lead, world.sunita, world.marcus):
        with pytest.raises(NotAllowed):
            staffing.end_role(role_id=row.pk, on=TODAY, by=by, at=NOW)


def test_the_database_knows_too(world: World, admin: User) -> None:
    told = {"team": world.front_door, "started_on": TODAY}
    broken = [
        lambda: Membership.objects.create(user=world.tom, role="practitioner", given_by=world.tom, **told),
        lambda: Membership.objects.create(user=world.tom, role="admin", given_by=world.lead, **told),
        lambda: Membership.objects.create(user=world.tom, role="front_door", ended_on=TOMORROW, **told),
        lambda: AccessReview.objects.create(
            membership=Membership.objects.get(user=admin), user=admin, by=admin, verdict="right", at=NOW,
            next_due_on=TOMORROW,
        ),
        lambda: FirstLink.objects.create(
            user=world.tom, digest="x", sent_by=admin, sent_at=NOW, expires_at=NOW + timedelta(hours=73)
        ),
    ]  # fmt: skip
    for write in broken:
        with pytest.raises(IntegrityError), transaction.atomic():
            write()
    confirm(user=world.tom, role_ids={Membership.objects.get(user=world.tom).pk}, by=admin, at=NOW)
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("UPDATE access_accessreview SET verdict = 'ended', next_due_on = NULL")


# ---- movers


def test_a_role_ends_and_what_is_held_in_it_goes_to_colleagues(world: World) -> None:
    referral = rosie(world)
    assert referral.holder == world.sunita
    secret = receipts.make_token(
        name="Practice", team=world.front_door, user=world.sunita, by=world.lead, at=NOW
    )
    row = Membership.objects.get(user=world.sunita)
    moved = staffing.end_role(role_id=row.pk, on=TODAY, by=world.lead, at=NOW, to=world.tom)
    assert [(one.to_name, one.to_team) for one in moved] == [("Tom Ardley", "Norfolk front door")]
    referral.refresh_from_db()
    assert referral.holder == world.tom
    row.refresh_from_db()
    assert (row.ended_on, row.ended_by) == (TODAY, world.lead)
    assert not DutyTurn.objects.filter(user=world.sunita).exists()
    assert ApiToken.objects.get().ended_at == NOW
    assert receipts.token_for(secret) is None
    assert User.objects.get(pk=world.sunita.pk).is_active
    assert AccessReview.objects.get().verdict == "ended"
    with pytest.raises(WrongMoment, match="ended already"):
        staffing.end_role(role_id=row.pk, on=TODAY, by=world.lead, at=NOW)


def test_a_role_does_not_end_where_nobody_takes_over(world: World) -> None:
    held_by_grace(world)
    world.marcus.memberships.all().delete()
    lead = person("Lena Lead", world.therapies_team, Role.TEAM_LEAD)
    for user in (world.jo,):
        Membership.objects.filter(user=user).update(ended_on=TODAY)
    Membership.objects.filter(team=world.front_door).update(ended_on=TODAY)
    Membership.objects.filter(user=lead).update(ended_on=TODAY + timedelta(days=3))
    fallback = world.front_door.fallback
    assert fallback is not None
    row = Membership.objects.get(user=world.grace)
    moved = staffing.end_role(role_id=row.pk, on=TODAY, by=lead, at=NOW)
    assert moved, "the lead takes what nobody else can"
    assert not Holding.objects.filter(user=world.grace, to_at__isnull=True).exists()


def test_who_stays_in_the_team_by_another_role_keeps_what_they_hold(world: World) -> None:
    referral = rosie(world)
    row = Membership.objects.get(user=world.sunita)
    begun, moved = staffing.change_role(
        role_id=row.pk, role=Role.COORDINATOR, on=TODAY, by=world.lead, at=NOW
    )
    assert (begun.role, begun.started_on, moved) == ("coordinator", TODAY, [])
    referral.refresh_from_db()
    assert referral.holder == world.sunita
    assert DutyTurn.objects.filter(user=world.sunita).count() == 5
    with pytest.raises(BadInput, match="already"):
        staffing.change_role(role_id=begun.pk, role=Role.COORDINATOR, on=TODAY, by=world.lead, at=NOW)


def test_the_fallback_and_the_only_administrator_keep_their_roles(world: World, admin: User) -> None:
    row = Membership.objects.get(user=world.tom)
    with pytest.raises(WrongMoment, match="fall-back"):
        staffing.end_role(role_id=row.pk, on=TOMORROW, by=world.lead, at=NOW)
    ines = person("Ines Lead", world.front_door, Role.IG_LEAD)
    only = Membership.objects.get(user=admin)
    with pytest.raises(WrongMoment, match="only administrator"):
        staffing.end_role(role_id=only.pk, on=TODAY, by=ines, at=NOW)
    second = person("Bo Second", world.front_door, Role.ADMIN)
    staffing.end_role(role_id=only.pk, on=TODAY, by=second, at=NOW)
    with pytest.raises(AnydoorError):
        staffing.end_role(role_id=only.pk, on=TODAY, by=second, at=NOW)


@pytest.mark.parametrize(("days", "said"), [(-1, "past"), (500, "within a year")])
def test_a_role_ends_on_a_day_that_can_be(world: World, days: int, said: str) -> None:
    row = Membership.objects.get(user=world.sunita)
    with pytest.raises(BadInput, match=said):
        staffing.end_role(role_id=row.pk, on=TODAY + timedelta(days=days), by=world.lead, at=NOW)


def test_a_role_that_never_began_leaves_no_day(world: World) -> None:
    row = joins(world, period=Period(TODAY + timedelta(days=9)))
    staffing.end_role(role_id=row.pk, on=TODAY, by=world.lead, at=NOW)
    row.refresh_from_db()
    assert row.ended_on == row.started_on
    joins(world, period=Period(TODAY + timedelta(days=9)))


# ---- the sweep


def test_when_a_last_day_passes_the_sweep_moves_what_was_held(world: World) -> None:
    referral = rosie(world)
    row = Membership.objects.get(user=world.sunita)
    assert staffing.end_role(role_id=row.pk, on=TOMORROW, by=world.lead, at=NOW) == []
    assert sweep.run(at=NOW).roles_over == 0
    referral.refresh_from_db()
    assert referral.holder == world.sunita
    later = NOW + timedelta(days=1)
    assert sweep.run(at=later, areas=[world.area.pk]).roles_over == 1
    referral.refresh_from_db()
    assert referral.holder is not None
    assert referral.holder != world.sunita
    assert not DutyTurn.objects.filter(user=world.sunita).exists()
    assert sweep.run(at=later).roles_over == 0


def test_the_sweep_ends_leading_keys_and_names_too(world: World) -> None:
    episode = held_by_grace(world)
    sealing.seal(
        family_id=episode.family_id, kind="abuse", words="He works near.", names=[world.marcus],
        by=world.grace, at=NOW,
    )  # fmt: skip
    Team.objects.filter(pk=world.pairs_team.pk).update(lead=world.marcus)
    receipts.make_token(name="Key", team=world.pairs_team, user=world.marcus, by=world.lead, at=NOW)
    Membership.objects.filter(user=world.marcus).update(ended_on=TODAY)
    sweep.run(at=NOW)
    world.pairs_team.refresh_from_db()
    assert world.pairs_team.lead is None
    assert ApiToken.objects.get().ended_at == NOW
    assert not SealName.objects.filter(user=world.marcus, ended_at__isnull=True).exists()
    assert not standing_of(User.objects.get(pk=world.marcus.pk), TODAY, NOW).named


def test_settling_again_does_nothing_more(world: World) -> None:
    rosie(world)
    Membership.objects.filter(user=world.sunita).update(ended_on=TODAY)
    first = role_over(user=world.sunita, team=world.front_door, by=world.lead, at=NOW)
    assert len(first) == 1
    assert role_over(user=world.sunita, team=world.front_door, by=world.lead, at=NOW) == []


# ---- leavers


def test_closing_an_account_ends_roles_to_come_keys_and_links(world: World) -> None:
    joins(world)
    asha = User.objects.get(email=ASHA.email)
    staffing.begin_role(
        user=asha, team=world.front_door, role=Role.COORDINATOR, period=Period(TODAY + timedelta(days=30)),
        by=world.lead, at=NOW,
    )  # fmt: skip
    receipts.make_token(name="Key", team=world.front_door, user=asha, by=world.lead, at=NOW)
    holding.close_account(user=asha, by=world.lead, at=NOW)
    assert not Membership.objects.filter(user=asha, ended_on__isnull=True).exists()
    assert not Membership.objects.current(TODAY + timedelta(days=40)).filter(user=asha).exists()
    assert ApiToken.objects.get().ended_at == NOW
    assert FirstLink.objects.get().ended_at == NOW


# ---- reviews


@pytest.mark.parametrize(
    ("day", "due"),
    [
        (date(2026, 3, 10), date(2026, 6, 10)),
        (date(2026, 11, 30), date(2027, 2, 28)),
        (date(2027, 11, 30), date(2028, 2, 29)),
        (date(2026, 12, 31), date(2027, 3, 31)),
    ],
)
def test_three_months_on(day: date, due: date) -> None:
    assert due_after(day) == due


def test_a_review_is_kept_and_due_again_in_three_months(world: World) -> None:
    row = Membership.objects.get(user=world.sunita)
    lead = standing_of(world.lead, TODAY)
    assert how_many_due(lead, TODAY) == 3, "Sunita, Tom and Priya; not the lead herself"
    assert confirm(user=world.sunita, role_ids={row.pk}, by=world.lead, at=NOW) == date(2026, 6, 10)
    assert how_many_due(lead, TODAY) == 2
    assert how_many_due(lead, date(2026, 6, 10)) == 3
    with pytest.raises(WrongMoment, match="today already"):
        confirm(user=world.sunita, role_ids={row.pk}, by=world.lead, at=NOW)
    assert AccessReview.objects.get().by == world.lead
    Membership.objects.create(user=world.sunita, team=world.front_door, role="referrer", started_on=BEFORE)
    with pytest.raises(WrongMoment, match="changed meanwhile"):
        confirm(user=world.sunita, role_ids={row.pk}, by=world.lead, at=NOW)


def test_nobody_gives_a_role_to_another_spelling_of_their_own_address(world: World) -> None:
    User.objects.filter(pk=world.lead.pk).update(email="lena@county.gov.uk")
    lead = User.objects.get(pk=world.lead.pk)
    for address in ("lena+2@county.gov.uk", "Lena@county.gov.uk"):
        with pytest.raises(BadInput, match="your own address"):
            joins(world, Newcomer("Lena", address, ""), by=lead)


def test_nobody_reviews_themself_or_what_they_do_not_see(world: World, admin: User) -> None:
    own = Membership.objects.get(user=world.lead)
    with pytest.raises(NotAllowed):
        confirm(user=world.lead, role_ids={own.pk}, by=world.lead, at=NOW)
    for by in (world.sunita, world.marcus):
        with pytest.raises(NotFound):
            confirm(user=world.tom, role_ids={1}, by=by, at=NOW)
    with pytest.raises(NotFound):
        confirm(user=world.grace, role_ids={1}, by=admin, at=NOW)
    confirm(user=world.lead, role_ids={own.pk}, by=admin, at=NOW)
    other = Organisation.objects.get(slug="nhs-trust")
    assert not AccessReview.objects.filter(membership__team__organisation=other).exists()


# ---- the first accounts of a place


def test_the_first_accounts_come_from_the_command_line(
    world: World, capsys: pytest.CaptureFixture[str]
) -> None:
    asked = ("account", "create", "ADA@county.gov.uk", "--name", "Ada Admin", "--team", "front-door")
    call_command(*asked)
    call_command(*asked)
    user = User.objects.get(email="ada@county.gov.uk")
    assert [row.role for row in Membership.objects.filter(user=user)] == ["admin"]
    links = re.findall(r"/sign-in/first/([\w-]+)/", capsys.readouterr().out)
    assert len(links) == 2
    when = FirstLink.objects.latest("pk").sent_at
    with pytest.raises(NotFound):
        first_password.find_link(links[0], at=when)
    first_password.set_first(secret=links[1], password="four plain words here", at=when)
    assert not OutboxMessage.objects.exists()
    for wrong, said in (
        (asked, "has set a password"),
        ((*asked[:-1], "no-such-team"), "There is no team"),
        (("account", "create", "not an address", "--name", "Ada"), "email address"),
        (("account", "create", "a@county.gov.uk", "--name", " "), "Write their name"),
    ):
        with pytest.raises(CommandError, match=said):
            call_command(*wrong)
    assert not User.objects.filter(email="a@county.gov.uk").exists()
